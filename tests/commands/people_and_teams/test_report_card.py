"""There are report cards only of years that have ended, and managers of the team set the targets of
a year.
"""

from datetime import date
from uuid import uuid4

import pytest
from msgspec import structs

from commands.people_and_teams import due as answering
from commands.people_and_teams import report_card
from domain.kernel.values import Denied, Refused, Role
from domain.people_and_teams.report_card import TargetSet
from projections import due
from tests.access.rights import Rights
from tests.commands.office import Office

AIM = TargetSet("Engage", "asked", 2011, 30, "Town A Children's Fund")


def test_no_card_tells_of_a_year_that_goes_on(office: Office) -> None:
    """There is no report card of the current year. A reader could open it every day, and would see
    from the differences what was recorded on each day.
    """
    now = office.desk.clock()
    assert report_card.read(office.desk, office.reader, now, None).year == 2010
    with pytest.raises(Refused, match="has ended: 2010") as refused:
        report_card.read(office.desk, office.reader, now, 2011)
    assert refused.value.field == "year"


def test_a_target_is_set_by_those_who_manage_the_team_and_recorded_once(office: Office) -> None:
    def somebody(role: Role, team: str) -> Rights:
        return Rights((role,), (team,))

    refused: tuple[tuple[Role, str, str], ...] = (
        ("manager", "Deter", "only a manager of the team"),
        ("psw", "Engage", "does not allow you to allocate workers"),
        ("evaluator", "Engage", "does not allow you to allocate workers"),
    )
    for role, team, error in refused:
        reader = somebody(role, team).of(office.reader)
        with pytest.raises(Denied, match=error):
            report_card.set_target(office.desk, reader, AIM)
    manager, once = somebody("manager", "Engage").of(office.reader), uuid4()
    first = report_card.set_target(office.desk, manager, AIM, command_id=once)
    again = report_card.set_target(office.desk, manager, AIM, command_id=once)
    assert again.id == first.id
    assert office.events(TargetSet) == [AIM]


def test_a_funder_is_informed_of_the_targets_of_a_year_once_it_has_ended(office: Office) -> None:
    """Requirement X14: a report to the funder on a year's targets is due once the year has ended.
    The funder gets one report for the year, however many targets it has; other teams get no
    reminder.
    """
    manager = Rights(("manager",), ("Engage",)).of(office.reader)
    for measure in ("asked", "answered"):
        report_card.set_target(office.desk, manager, structs.replace(AIM, measure=measure))

    def owed(role: Role, team: str) -> list[date]:
        reader = Rights((role,), (team,)).of(structs.replace(office.reader, name="somebody"))
        with office.system.reading() as db:
            asked = due.DueFilter(clock="target-told")
            return [one.due.date() for one in due.listed(db, reader, office.desk.clock(), asked)]

    assert owed("manager", "Engage") == [date(2012, 2, 1)], "until the end of 31 January"
    assert owed("manager", "Deter") == owed("evaluator", "Engage") == owed("psw", "Engage") == []
    with office.system.reading() as db:
        (one,) = due.listed(db, manager, office.desk.clock(), due.DueFilter(clock="target-told"))
    answering.answer(office.desk, manager, one.id, "done", "the card was sent to them")
    assert owed("manager", "Engage") == []
