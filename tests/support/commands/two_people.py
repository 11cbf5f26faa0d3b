"""A team in which a second person confirms proposals."""

from dataclasses import dataclass
from typing import Any
from uuid import UUID

from commands.families import referral
from commands.people_and_teams import two_person
from domain.families.referral import (
    Case,
)
from domain.families.referral import evolve as evolve_case
from domain.kernel.codes import What
from domain.kernel.values import Reader, Role
from tests.access.staff import Staff
from tests.commands.office import Office, prepared

TEAM: dict[str, Role] = {
    "dc.reed": "detective",
    "dc.lowe": "detective",
    "sgt.vale": "supervisor",
    "dci.moss": "dci",
    "m.lund": "manager",
    "psw.ellis": "psw",
    "io.shaw": "intelligence-officer",
}


@dataclass
class Team:
    """A team with one case, and a user who belongs to another team."""

    office: Office
    staff: Staff
    case: UUID

    def now(self, name: str) -> Reader:
        return self.staff.now(name)

    def close(self, name: str = "dc.reed") -> None:
        receipt = two_person.close(self.office.desk, self.now(name), str(self.case), "quiet")
        assert receipt.proposed

    def confirm(self, name: str, what: What = "close", reason: str | None = None) -> Any:
        return two_person.confirm(self.office.desk, self.now(name), self.case, what, reason=reason)

    def state(self) -> Case:
        return self.office.desk.fold(self.case, Case(), evolve_case)[0]

    def keeper(self) -> Reader:
        served = self.office.system.serving(
            self.office.settings, self.office.system.clock.given_time
        )
        return served.reader

    def waiting(self, name: str) -> list[tuple[str, str]]:
        rows = two_person.list_waiting(self.office.desk, self.now(name))
        return [(row.what, row.by) for row in rows]


def _hire_team(office: Office) -> UUID:
    case = referral.receive(office.desk, office.reader, child="Kayleigh Marlow", age_words="14").id
    staff = Staff(office)
    for name, role in TEAM.items():
        staff.hire(name, role)
    staff.hire("dc.far", "detective", teams=["Deter"])
    staff.hire("a.min", "administrator", teams=[])
    return case


HIRED = prepared("two_people", _hire_team)
