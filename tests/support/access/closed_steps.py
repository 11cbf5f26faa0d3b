"""An arrest to which a log entry and a report led, and the roles that may see these steps."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any
from uuid import UUID

import msgspec
import pytest

from commands.families import referral
from commands.information import observation
from commands.intelligence import intelligence_report
from commands.justice import arrest_to_result
from domain.justice.arrest_to_result import ArrestMade
from domain.kernel.values import Grade, Handling, Role
from projections.kernel import trail
from projections.kernel.trail import Trail
from tests.access.staff import Staff
from tests.commands.office import Office, Place, prepared

#: Roles from which steps of a trail may be hidden, and to which the trail says so. (An intelligence
#: officer sees every step.)
MAY_HAVE: tuple[Role, ...] = ("detective", "auditor", "psw", "disclosure-officer", "manager")


@dataclass
class Arrest:
    """A mother's email, the report that was made from it, and the arrest to which both led."""

    office: Office
    staff: Staff
    case: UUID
    words: UUID
    report: UUID
    arrest: UUID

    def back(self, name: str, item: UUID | None = None) -> Trail:
        with self.office.system.reading() as db:
            return trail.back(db, self.staff.now(name), item or self.arrest)

    def forward(self, name: str, item: UUID) -> Trail:
        with self.office.system.reading() as db:
            return trail.forward(db, self.staff.now(name), item)


def _make(office: Office) -> tuple[UUID, UUID, UUID, UUID]:
    """Record a case, a log entry, a report and an arrest; return their four ids."""
    desk = office.desk
    engage = msgspec.structs.replace(office.reader, team="Engage")
    case = referral.receive(desk, engage, child="Paige Holt").id
    office.later()
    told: dict[str, Any] = {"case": str(case), "heard_from": "Dawn Holt"}
    words = observation.record(desk, engage, words="That red car again.", **told).id
    office.later()
    report = intelligence_report.assess(desk, engage, words, Grade("A", "1"), Handling("P")).id
    skez = office.person("Skez")
    office.later()
    arrest = arrest_to_result.record(
        desk, engage, ArrestMade(skez, case), because_of=(str(report), str(words))
    ).id
    staff = Staff(office)
    for role in (*MAY_HAVE, "intelligence-officer"):
        staff.hire(f"a.{role}", role)
    return case, words, report, arrest


ARREST = prepared("arrest", _make)


@pytest.fixture
def made(place: Place) -> Iterator[Arrest]:
    with ARREST(*place) as (office, ids):
        yield Arrest(office, Staff(office), *ids)
