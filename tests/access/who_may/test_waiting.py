"""While the tables that the access rules read are older than the log, an answer respects the newest
change of access or is refused."""

from collections.abc import Callable
from uuid import UUID

import pytest

from access.who_may import scope
from commands.families import referral
from commands.information import observation
from commands.people_and_teams import account
from domain.information.observation import Observation, evolve
from domain.kernel.envelope import LogUnavailable
from domain.kernel.values import Reader
from installation.system import System
from tests.access.staff import Staff
from tests.commands.office import Office

#: Tested on both databases, because a decision waits for other data on SQLite than on PostgreSQL.
pytestmark = pytest.mark.usually_on("sqlite", "postgres")


@pytest.fixture
def staff(office: Office) -> Staff:
    """Add a detective and a support worker in each of two teams, and a detective who belongs to
    both teams.
    """
    found = Staff(office)
    for team in ("Deter", "Freedom"):
        found.hire(f"dc.{team}", "detective", teams=[team])
        found.hire(f"psw.{team}", "psw", teams=[team])
    found.hire("dc.both", "detective", teams=["Deter", "Freedom"])
    return found


def case_of(staff: Staff, team: str, child: str) -> UUID:
    return referral.receive(staff.office.desk, staff.now(f"dc.{team}"), child=child).id


def is_visible(system: System, reader: Reader, item: UUID) -> bool:
    with system.reading() as db:
        return scope.is_item_visible(db, reader, item)


def test_what_was_moved_to_another_family_is_gone_at_once(
    staff: Staff, stuck: Callable[[], None]
) -> None:
    desk, both = staff.office.desk, staff.now("dc.both")
    here, there = case_of(staff, "Deter", "Ann Ash"), case_of(staff, "Freedom", "Bea Birch")
    deter, freedom = staff.now("dc.Deter"), staff.now("dc.Freedom")
    item, other = (
        observation.record(desk, deter, words=words, case=str(here)).id
        for words in ("he has a knife", "he has a car")
    )
    staff.office.system.keep_up()
    with staff.office.hasty() as system:
        assert is_visible(system, deter, item)
        observation.refile(desk, both, item, str(there), "told of her cousin")
        assert not is_visible(system, deter, item)
        assert is_visible(system, freedom, item)
        observation.refile(desk, both, other, str(there), "told of her cousin")
        stuck()
        with pytest.raises(LogUnavailable):
            is_visible(system, deter, other)


def test_a_role_that_was_taken_is_gone_at_once(staff: Staff, stuck: Callable[[], None]) -> None:
    office = staff.office
    office.system.keep_up()
    stuck()
    served = office.system.serving(office.settings, office.system.clock.given_time)
    account.take_role(office.desk, served.reader, "dc.Deter", "detective")
    named = office.settings.model_copy(update={"user": "dc.Deter"})
    assert office.system.serving(named, office.system.clock.given_time).reader.roles == frozenset()


def test_words_are_filed_by_the_log_while_the_views_do_not_follow(
    staff: Staff, stuck: Callable[[], None]
) -> None:
    """An entry is filed in its case even while no process updates the views. Readers who may not
    see the case see the entry as not filed."""
    desk, worker, other = staff.office.desk, staff.now("dc.Deter"), staff.now("dc.Freedom")
    case = case_of(staff, "Deter", "Ann Ash")
    stuck()
    theirs, others = (
        observation.record(desk, reader, words="he is here now", case=str(case)).id
        for reader in (worker, other)
    )
    filed = [desk.fold(one, Observation(), evolve)[0].case for one in (theirs, others)]
    assert filed == [case, None]
    (told,) = [f.event.case_told for f in desk.logs["evidence"].history(others)[:1]]  # type: ignore[attr-defined]
    assert told == str(case)
