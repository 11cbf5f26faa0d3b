"""The arrests that a reader may see are listed, the latest first. They can be searched by name or
offence."""

from collections.abc import Iterator
from datetime import datetime, timedelta
from uuid import UUID

import pytest

from commands.justice import arrest_to_result
from commands.kernel import entity
from domain.kernel.values import Reader
from questions.justice import arrests
from tests.commands.office import Office, opened

NOBODY = Reader("it.khan", "Team B", "police", roles=frozenset({"administrator"}), closed=True)


@pytest.fixture(scope="module")
def office(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Office]:
    """Yield a store with two arrests, of which the later arrest was recorded first."""
    made = opened(tmp_path_factory.mktemp("arrests") / "store")
    now = made.desk.clock()
    for name, offence, days in (("Ash Vale", "abduction", 1), ("Zoë Birch", "meeting a child", 3)):
        who = entity.add_person(made.desk, made.reader, name, ()).id
        _arrest(made, who, offence, days, now)
    yield made
    made.system.close()


def _arrest(made: Office, who: UUID, offence: str, days: int, now: datetime) -> None:
    arrest_to_result.record_against(
        made.desk,
        made.reader,
        "arrest",
        arrest_to_result.OutcomeSubject(person=str(who), case=None),
        happened=now - timedelta(days=days),
        offence=offence,
        because_of=("none-known",),
    )


def names(office: Office, words: str = "", reader: Reader | None = None) -> list[str | None]:
    with office.desk.asking() as db:
        return [row.label for row in arrests.list_arrests(db, reader or office.reader, words)]


def test_the_latest_stand_first(office: Office) -> None:
    assert names(office) == ["Ash Vale", "Zoë Birch"]


@pytest.mark.parametrize(
    ("words", "found"),
    [("zoe", ["Zoë Birch"]), ("abd ash", ["Ash Vale"]), ("child ash", []), ("…", [])],
)
def test_each_word_begins_one_of_the_name_or_the_offence(
    office: Office, words: str, found: list[str]
) -> None:
    assert names(office, words) == found


def test_who_sees_no_outcome_is_shown_none(office: Office) -> None:
    assert names(office, reader=NOBODY) == []
