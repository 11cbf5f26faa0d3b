"""Requirement W48: a merger of teams changes their work; figures from before the merger are shown
beside the figures after it.
"""

from uuid import UUID

from commands.families import charity_support
from commands.kernel.item_references import UNNAMED
from commands.people_and_teams.team import merge_team
from domain.families.charity_support import ContactMade
from questions.people_and_teams import mergers
from tests.access.rights import Rights
from tests.commands.office import Office


def visited(office: Office, case: UUID, minutes: int) -> None:
    at = office.desk.clock()
    made = ContactMade(UNNAMED, "advocacy", "visit", "parent", at, minutes)
    charity_support.make_contact(office.desk, office.reader, made, case=str(case))


def test_the_load_before_a_merger_stands_beside_the_load_after_it(either: Office) -> None:
    desk, reader = either.desk, either.reader
    case = either.case("Holly Ashby")
    visited(either, case, 60)
    visited(either, case, 40)
    either.later(24 * 7)
    merge_team(desk, reader, "Deter", reader.team)
    either.later(24 * 7)
    either.case("Jade Stone")
    visited(either, case, 30)
    either.later(24 * 7)

    with either.system.reading() as db:
        before, after = mergers.list_mergers(db, reader, desk.clock())
        far = Rights(("manager",), ("Cherish",)).of(either.somebody("mgr.far"))
        worker = Rights(("psw",), (reader.team,)).of(either.somebody("psw.ellis"))
        assert mergers.list_mergers(db, far, desk.clock()) == []
        assert mergers.list_mergers(db, worker, desk.clock()) == []
    assert (before.team, before.into, before.when) == ("Deter", reader.team, "before")
    assert (before.contacts, before.minutes, before.cases, before.workers) == (2, 100, 1, 1)
    assert (after.when, after.contacts, after.minutes, after.cases) == ("after", 1, 30, 2)
    assert after.days == 14
    assert after.minutes_per_case == 7.5
