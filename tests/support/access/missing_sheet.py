"""A missing girl, the people around her, and the facts about her that each role may read."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from uuid import UUID

import pytest

from commands.families import casework
from commands.information import observation
from commands.intelligence import intelligence_report, links
from commands.justice import arrest_to_result
from commands.kernel import entity
from domain.families.referral import Case, MissingReported, evolve
from domain.justice.arrest_to_result import ArrestMade, ResultRecorded
from domain.kernel.values import Grade, Handling, LinkKind, PoleCategory, Role
from network.people import missing as sheet
from network.people.missing import Missing, MissingLink
from tests.access.staff import Staff
from tests.commands.office import Office, Place, prepared

PLATE = "vehicle:PK95 ABC"
KNOWN = ("none-known",)
ROLES: dict[str, Role] = {
    "ds.own": "supervisor",
    "mfh.own": "missing-coordinator",
    "m.own": "manager",
    "a.own": "auditor",
    "sw.own": "social-worker",
    "sw.other": "social-worker",
    "ao.own": "administrator",
}


def _seen_in_a_car(office: Office) -> UUID:
    """Record a missing girl who was seen in a car that Baz drives and Nick owns; return the id of
    her case.
    """
    desk, reader = office.desk, office.reader
    case = office.case("Kayleigh Marlow")
    child = str(desk.fold(case, Case(), evolve)[0].child)

    def person(name: str, *categories: PoleCategory) -> str:
        why = [(category, "named by two parents") for category in categories]
        return str(entity.record_person(desk, reader, name=name, categories=why).id)

    def tie(one: str, other: str, kind: LinkKind, grade: str) -> None:
        words = observation.record(desk, reader, words=f"{one} {other}", case=str(case)).id
        graded = intelligence_report.assess(desk, reader, words, Grade.parse(grade), Handling("P"))
        links.assert_link(desk, reader, graded.id, one, other, kind)

    baz, gaz = person("Baz", "suspect"), person("Gaz", "suspect")
    tie(child, PLATE, "passenger-of", "2C")
    tie(baz, PLATE, "driver-of", "1A")
    tie(baz, "place:The Arcade, Town B", "frequents", "2C")
    tie(person("Nick"), PLATE, "owns", "2C")
    tie(person("Ellie Stone", "vulnerable-child"), PLATE, "passenger-of", "2C")
    tie(person("Rob", "suspect", "acquitted"), PLATE, "driver-of", "1A")
    tie(person("Jo"), PLATE, "passenger-of", "2C")
    tie(child, gaz, "association", "2C")
    arrest = ArrestMade(UUID(gaz), case, datetime(2009, 1, 3, tzinfo=UTC))
    arrest_to_result.record(desk, reader, arrest, because_of=KNOWN)
    for kind, months in (("convicted", None), ("sentenced", 60)):
        at = datetime(2010, 3, 12, tzinfo=UTC)
        told = ResultRecorded(kind, UUID(gaz), case, at, sentence_months=months)  # type: ignore[arg-type]
        arrest_to_result.record(desk, reader, told, because_of=KNOWN)
    casework.report_missing(desk, reader, str(case), MissingReported(risk="high"))
    staff = Staff(office)
    for name, role in ROLES.items():
        staff.hire(name, role)
    casework.allocate(desk, staff.now("m.own"), str(case), "sw.own", allocated_for="child")
    staff.hire("mfh.far", "missing-coordinator", teams=["Deter"])
    return case


SEEN = prepared("missing_in_a_car", _seen_in_a_car)


@dataclass
class Sheet:
    """A store with a missing child. `of` returns the missing children as a user sees them, and
    `people` the people around the child."""

    office: Office
    case: UUID

    def of(self, name: str) -> list[Missing]:
        with self.office.system.reading() as db:
            return sheet.now(db, Staff(self.office).now(name), self.office.desk.clock())

    def people(self, name: str) -> dict[str, MissingLink]:
        (row,) = self.of(name)
        return {person.label: person for person in row.people}


@pytest.fixture
def seen(place: Place) -> Iterator[Sheet]:
    with SEEN(*place) as (office, case):
        yield Sheet(office, case)
