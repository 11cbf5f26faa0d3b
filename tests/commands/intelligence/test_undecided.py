"""The program reminds a team of a due decision about a person; only links that the reader may see
cause the reminder.
"""

from collections.abc import Iterator
from uuid import UUID

import pytest
from msgspec import structs

from commands.information import observation
from commands.intelligence import identity, links
from commands.kernel import entity
from commands.people_and_teams import due
from domain.kernel.values import Reader
from projections.due import DueFilter
from tests.access.staff import Staff
from tests.commands.office import Office, Place, prepared

WAITS = DueFilter(clock="person-undecided")


def link_people(office: Office, reader: Reader, a: UUID, b: UUID) -> UUID:
    words = observation.record(office.desk, reader, words="they were together").id
    office.assessed(words, "2C")
    return links.assert_link(office.desk, reader, words, str(a), str(b), "association").id


def _record_people(office: Office) -> tuple[UUID, UUID]:
    man = office.person("Baz")
    entity.classify(office.desk, office.reader, str(man), "suspect", "seen with her")
    girl = office.person("Kay M", under_18=True)
    staff = Staff(office)
    staff.hire("ds.hale", "supervisor")
    staff.hire("ds.two", "supervisor", teams=["Engage", "Deter"])
    return man, girl


HIRED = prepared("undecided", _record_people)


@pytest.fixture
def team(place: Place) -> Iterator[tuple[Office, Staff, UUID, UUID]]:
    with HIRED(*place) as (office, both):
        yield office, Staff(office), *both


def due_decisions(office: Office, reader: Reader) -> list[tuple[UUID, str]]:
    rows = due.list_due(office.desk, reader, office.system.clock(), WAITS)
    return [(row.item, row.team) for row in rows]


@pytest.mark.usually_on("sqlite")
def test_a_link_that_a_reader_does_not_see_changes_nothing_for_them(
    team: tuple[Office, Staff, UUID, UUID],
) -> None:
    """The reminder about an undecided person does not change if an older link exists that the
    reader may not see.
    """
    office, staff, man, girl = team
    hale, two = staff.now("ds.hale"), staff.now("ds.two")
    deter = structs.replace(office.reader, team="Deter")
    child = entity.record_person(office.desk, deter, name="Abi", known=True, under_18=True).id
    link_people(office, deter, man, child)
    assert due_decisions(office, hale) == [], "an oracle otherwise"
    assert due_decisions(office, two) == [(man, "Deter")]
    link_people(office, office.reader, man, girl)
    link_people(office, office.reader, man, girl)
    assert due_decisions(office, hale) == [(man, "Engage")], "once, however many links there are"
    assert due_decisions(office, two) == [(man, "Deter"), (man, "Engage")]
    mine = due.list_due(office.desk, hale, office.system.clock(), DueFilter(mine=True))
    assert [row.item for row in mine if row.clock == "person-undecided"] == [man]


def test_a_judgement_that_a_reader_does_not_see_changes_nothing_for_them(
    team: tuple[Office, Staff, UUID, UUID],
) -> None:
    """A judgement that the reader may not see neither starts nor ends the reminder about an
    undecided person. In this test, the judgement says that the person is another team's child."""
    office, staff, man, girl = team
    hale, two = staff.now("ds.hale"), staff.now("ds.two")
    deter = structs.replace(office.reader, team="Deter")
    met = office.person("Olly")
    link_people(office, office.reader, man, girl)
    other = office.person("Vic")
    entity.classify(office.desk, office.reader, str(other), "suspect", "seen with her")
    link_people(office, office.reader, other, met)
    boy, abi = (
        entity.record_person(office.desk, deter, name=name, known=True, under_18=True).id
        for name in ("Barry", "Abi")
    )
    assert due_decisions(office, hale) == due_decisions(office, two) == [(man, "Engage")]
    for one, child in ((man, boy), (met, abi)):
        identity.judge(office.desk, two, str(one), str(child), "same", "one phone")
    office.agreed(man, "judge-identity")
    assert due_decisions(office, hale) == [(man, "Engage")]
    assert due_decisions(office, two) == due_decisions(office, office.reader) == [(other, "Engage")]
