"""Each controller must answer the complaints about its own data by a deadline."""

from datetime import timedelta

import pytest

from commands.data_protection import complaint
from commands.families import casework
from domain.data_protection.complaint import ComplaintStepTaken
from domain.kernel.values import Denied, Hidden, Reader, Refused
from projections import due
from projections.data_protection import complaints
from tests.access.staff import Staff
from tests.commands.office import Office


class Team:
    """A store with a family, its support worker, and two disclosure officers of the police, one in
    the family's team and one in another team.
    """

    def __init__(self, office: Office) -> None:
        staff = Staff(office)
        self.office, self.desk, self.staff = office, office.desk, staff
        case = office.case("Kayleigh Marlow")
        self.mother = str(office.person("Jo Marlow"))
        staff.hire("ad.min", "administrator")
        staff.hire("su.hale", "supervisor")
        staff.hire("dc.rowe", "detective")
        staff.hire("do.lane", "disclosure-officer")
        staff.hire("do.far", "disclosure-officer", teams=("Deter",))
        staff.hire("psw.ellis", "psw")
        casework.allocate(self.desk, staff.now("su.hale"), str(case), "psw.ellis", "parents")

    def __getitem__(self, name: str) -> Reader:
        return self.staff.now(name)

    def came(self, by: str) -> str:
        words = "you told the school"
        return str(complaint.receive(self.desk, self[by], "Jo Marlow, by letter", words).id)

    def told(self, by: str) -> list[complaints.ComplaintRow]:
        with self.desk.looked() as db:
            return complaints.list_complaints(db, self[by], include_all=True)

    def owed(self, by: str) -> set[str]:
        with self.desk.looked() as db:
            rows = due.listed(db, self[by], self.desk.clock(), due.DueFilter())
        return {row.clock for row in rows if row.clock.startswith("complaint")}


@pytest.fixture
def team(office: Office) -> Team:
    return Team(office)


def test_each_controller_answers_its_own(team: Team) -> None:
    ours, theirs = team.came("do.lane"), team.came("psw.ellis")
    assert [str(row.id) for row in team.told("do.lane")] == [ours]
    assert [str(row.id) for row in team.told("psw.ellis")] == [theirs]
    assert [row.controller for row in team.told("psw.ellis")] == ["charity"]
    for stranger, which in (("do.lane", theirs), ("psw.ellis", ours), ("do.far", ours)):
        with pytest.raises(Hidden):
            complaint.acknowledge(team.desk, team[stranger], which, None, None)
    assert team.told("do.far") == team.told("dc.rowe") == []
    with pytest.raises(Denied):
        team.came("dc.rowe")


def test_it_is_acknowledged_in_thirty_days_and_answered(team: Team) -> None:
    which = team.came("do.lane")
    both = {"complaint-acknowledged", "complaint-outcome"}
    assert team.owed("do.lane") == team.owed("su.hale") == both
    assert team.owed("psw.ellis") == team.owed("do.far") == team.owed("dc.rowe") == set()
    with team.desk.looked() as db:
        clock = due.DueFilter(clock="complaint-acknowledged")
        (row,) = due.listed(db, team["do.lane"], team.desk.clock(), clock)
    assert (row.due - row.since, row.tier, row.owner) == (timedelta(days=30), "law", "do.lane")
    complaint.acknowledge(team.desk, team["do.lane"], which[-8:], "by letter", None)
    assert team.owed("do.lane") == {"complaint-outcome"}
    asked = ComplaintStepTaken("the school was asked", told=True)
    complaint.take_step(team.desk, team["do.lane"], which, asked)
    words = "we should have asked you"
    complaint.tell_outcome(team.desk, team["do.lane"], which, "upheld", words, None)
    assert team.owed("do.lane") == set()
    (told,) = team.told("do.lane")
    assert (told.outcome, told.answer) == ("upheld", words)
    assert told.steps == ("the school was asked (they were told)",)
    with pytest.raises(Refused, match="the outcome was recorded already"):
        complaint.take_step(team.desk, team["do.lane"], which, asked)


def test_who_is_known_here_is_named_by_who_sees_them(team: Team) -> None:
    """A disclosure officer who may not see a case cannot name a person of the case as the person
    who complains. A user who may see the person can name them.
    """
    given = team.desk, team["do.lane"], "Jo Marlow", "you told the school"
    with pytest.raises(Refused):
        complaint.receive(*given, subject=team.mother)
    assert team.told("do.lane") == []
