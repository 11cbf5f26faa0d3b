"""Whatever is told is recorded alike, or refused alike, through the command line, the screens and
the API."""

from collections.abc import Callable
from pathlib import Path

import pytest

from tests.usecases.fronts import Front, Subject, as_id, filled, three
from tests.usecases.stories import SUBJECTS
from usecases.every import USE_CASES

DATABASES = ["sqlite", pytest.param("postgres", marks=pytest.mark.postgres)]


def fresh_of(request: pytest.FixtureRequest, database: str) -> Callable[[], str] | None:
    return request.getfixturevalue("fresh_database") if database == "postgres" else None


@pytest.mark.parametrize("subject", SUBJECTS.values(), ids=SUBJECTS)
@pytest.mark.parametrize("database", DATABASES)
def test_what_is_told_is_recorded_alike(
    request: pytest.FixtureRequest, tmp_path: Path, database: str, subject: Subject
) -> None:
    told_alike(tmp_path, fresh_of(request, database), subject)


def told_alike(where: Path, fresh: Callable[[], str] | None, subject: Subject) -> None:
    """Tell all stories of a subject through every front, what is refused first."""
    with three(where, fresh, subject) as fronts:
        for number, (command, story) in enumerate(subject.stories.items()):
            name = USE_CASES[command]
            for wrong, change in enumerate(story.refused):
                refused = [
                    _refused(front, command, filled({**story.told, **change}, names), number, wrong)
                    for front, names in fronts
                ]
                (program,) = [said for front, said in refused if front.name == "program"]
                assert program, (command, change)
                for front, said in refused:
                    for words in program.splitlines():
                        assert words.casefold() in said.casefold(), (
                            command,
                            change,
                            front.name,
                            said,
                        )
            recorded = []
            for front, names in fronts:
                before = front.heads()
                for _ in range(2):  # twice is once
                    said = front.tells(name, filled(story.told, names), as_id(number))
                    assert not said, (command, front.name, said)
                recorded.append(front.recorded(before))
            assert recorded[0], command
            for one in recorded[1:]:
                assert one == recorded[0], command


def _refused(
    front: Front, command: str, given: dict[str, object], number: int, wrong: int
) -> tuple[Front, str]:
    told = {name: value for name, value in given.items() if value is not None}
    before = front.heads()
    said = front.tells(USE_CASES[command], told, as_id(1_000 * (number + 1) + wrong))
    assert not front.recorded(before), (command, front.name, given)
    return front, said
