"""The same input is recorded or refused in the same way by the command line, the screens and the
API.
"""

from collections.abc import Callable, Mapping
from itertools import cycle
from pathlib import Path

import pytest

from domain.kernel.values import Refused
from tests.fuzz import TIMES
from tests.usecases.fronts import Front, Refusal, Subject, as_id, filled, three
from tests.usecases.stories import SUBJECTS
from usecases.kernel.fields import Declaration, Field
from usecases.kernel.registry import USE_CASES
from usecases.kernel.usecase import UseCase

#: The subjects that are tested on a server; `make changed` tests all subjects there. These few are
#: enough, because a front does not depend on the database, and `tests/kept` reads each event class
#: on a server.
ON_A_SERVER = frozenset({"accounts", "evidence", "links", "sources", "words"})
DATABASES = [
    ("sqlite", SUBJECTS),
    ("postgres", {name: SUBJECTS[name] for name in SUBJECTS if TIMES > 1 or name in ON_A_SERVER}),
]

#: Refusals that concern the user or existing records, and no field.
WHOLE = {
    "the person who had this access cannot review it",
    "an entry of the source register is opened by two people together: another person has to join",
    "ds.hart placed this legal hold: another person confirms it",
    "this record is not merged with another record, so no merge can be undone",
    (
        "the victim was not told of this request yet, and no reason is recorded: "
        "first record that the victim was told, or the reason (victim-request notice; s.44B)"
    ),
}


@pytest.fixture(autouse=True)
def _no_refusal_names_a_field_that_its_form_lacks(monkeypatch: pytest.MonkeyPatch) -> None:
    where = Declaration.where

    def checked(name: Declaration, use: UseCase, refused: Refused) -> Field | None:
        assert refused.field in {None, *(field.name for field in name.fields)}, name.named.command
        return where(name, use, refused)

    monkeypatch.setattr(Declaration, "where", checked)


@pytest.fixture(autouse=True)
def _in_the_exchange(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let every store take part in the exchange between forces, with a key service that answers."""
    monkeypatch.setenv("CONTINUUM_EXCHANGE_FORCE", "aldmere")
    monkeypatch.setattr(
        "installation.system.System._tokens",
        lambda _, things, bulk: (1, [b"t" * 32 for _ in things]),
    )


def fresh_of(request: pytest.FixtureRequest, database: str) -> Callable[[], str] | None:
    return request.getfixturevalue("named_database") if database == "postgres" else None


@pytest.mark.in_turn
@pytest.mark.parametrize(
    ("database", "subject"),
    [
        pytest.param(
            *(database, subject),
            marks=[pytest.mark.postgres] if database == "postgres" else [],
            id=f"{database}-{name}",
        )
        for database, subjects in DATABASES
        for name, subject in subjects.items()
    ],
)
def test_what_is_reported_is_recorded_alike(
    request: pytest.FixtureRequest, tmp_path: Path, database: str, subject: Subject
) -> None:
    run_alike(tmp_path, fresh_of(request, database), subject)


def run_alike(where: Path, fresh: Callable[[], str] | None, subject: Subject) -> None:
    """Run all test inputs of a subject through every front, and assert that the results are the
    same. Inputs that must be refused are sent to the API and to one other front (in `make
    changed`, to all fronts)."""
    with three(where, fresh, subject) as fronts:
        *others, program = fronts
        turns = cycle(others)
        for number, (command, story) in enumerate(subject.stories.items()):
            name = USE_CASES[command]
            for wrong, change in enumerate(story.refused):
                refused = [
                    _refused(front, command, filled({**story.told, **change}, names), number, wrong)
                    for front, names in (fronts if TIMES > 1 else [next(turns), program])
                ]
                answer = refused[-1][1]
                assert answer.words, (command, change)
                assert bool(answer.fields) != (answer.words in WHOLE), (command, answer)
                for front, said in refused:
                    told = (command, change, front.name, said)
                    assert len(said.fields) == len(answer.fields), told
                    if front.name != "line" or not _moves_up(name, change):
                        assert said.fields == answer.fields, told
                    for words in map(_alike, answer.words.splitlines()):
                        assert words.casefold() in said.words.casefold(), told
            recorded = []
            for turn, (front, names) in enumerate(fronts, number):
                before = front.heads()
                again = TIMES > 1 or turn % len(fronts) == 0
                # the fronts take turns, and each input is sent twice but recorded once
                for _ in range(1 + again):
                    said = front.tells(name, filled(story.told, names), as_id(number))
                    assert not said.words, (command, front.name, said)
                recorded.append(front.recorded(before))
            assert recorded[0], command
            for one in recorded[1:]:
                assert one == recorded[0], command
        assert {front.comes_back() for front, _ in fronts} == {200}


def _alike(words: str) -> str:
    """Return an answer without the advice after "not understood", so that the answers of different
    fronts can be compared."""
    return words.partition('". Write ')[0] if "not understood" in words else words


def _moves_up(name: Declaration, change: Mapping[str, object]) -> bool:
    """Return whether `change` leaves out a positional argument of the command line. The command
    line then reads the next argument in its place, and its refusal differs from the other
    fronts'."""
    return any(
        field.by_place and field.name in change and not change[field.name] for field in name.fields
    )


def _refused(
    front: Front, command: str, given: dict[str, object], number: int, wrong: int
) -> tuple[Front, Refusal]:
    told = {name: value for name, value in given.items() if value is not None}
    before = front.heads()
    said = front.tells(USE_CASES[command], told, as_id(1_000 * (number + 1) + wrong))
    assert not front.recorded(before), (command, front.name, given)
    return front, said
