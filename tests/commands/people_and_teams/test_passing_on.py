"""When a child gets another worker, open tasks and the alert about a suspect near the child's
placement pass to the new worker."""

from collections.abc import Iterator
from datetime import date
from uuid import UUID

import pytest

from commands.families import casework, compartment, family_contact, referral
from commands.intelligence import alerting, links
from commands.kernel import colleague
from commands.kernel.item_references import UNNAMED
from commands.people_and_teams import account, due
from domain.families.family_contact import PromiseMade
from domain.kernel.values import Reader, Refused
from network.people.alerts import Alert, alerts
from projections.due import DueFilter
from projections.families import compartments
from tests.access.staff import Staff
from tests.commands.office import Office, Place, prepared

FLAT = "Flat 4, Weir House, Town C"


def near(office: Office, who: Reader) -> list[Alert]:
    with office.system.reading() as db:
        return [alert for alert in alerts(db, who) if alert.kind == "near-placement"]


def placed_at(office: Office, who: Reader) -> list[str]:
    with office.system.reading() as db:
        return [placement.address for placement in compartments.placements(db, who)]


def _place(office: Office) -> None:
    """Add the worker of a child, record where the child is placed, and record that a suspect was
    seen there."""
    baz = office.person("Baz", categories=(("suspect", "seen"),))
    item = office.words("He rang every bell")
    links.assert_link(office.desk, office.reader, item, str(baz), f"place:{FLAT}", "seen-at")
    case = referral.receive(office.desk, office.reader, child="Chantelle Moss").id
    staff = Staff(office)
    staff.hire("mgr.quill", "manager")
    staff.hire("ds.hale", "detective")
    staff.hire("sw.birch", "social-worker")
    staff.hire("csw.tarn", "childrens-support-worker")
    staff.hire("psw.ellis", "psw")
    allocate(staff, case, "sw.birch", "child")
    compartment.place(office.desk, staff.now("sw.birch"), str(case), "residential", FLAT)


#: A store in which a child was placed near a suspect.
PLACED = prepared("placed_near_a_suspect", _place)


@pytest.fixture
def staff(place: Place) -> Iterator[Staff]:
    """Yield the users of a store in which a child was placed near a suspect."""
    with PLACED(*place) as (office, _):
        yield Staff(office)


def case_of(staff: Staff) -> UUID:
    return next(iter(staff.now("sw.birch").cases))


def allocate(staff: Staff, case: UUID, worker: str, whose: str) -> None:
    manager = staff.now("mgr.quill")
    casework.allocate(staff.office.desk, manager, str(case), worker, whose)  # type: ignore[arg-type]


def test_a_hold_passes_with_the_child_and_the_former_worker_loses_it(staff: Staff) -> None:
    """When a child gets another worker, the new worker may see where the child is placed, and the
    former worker no longer may. (A bug had hidden the alert from every role after `allocate`.)"""
    case = case_of(staff)
    allocate(staff, case, "csw.tarn", "child")
    (alert,) = near(staff.office, staff.now("csw.tarn"))
    assert (alert.place, alert.holders) == (FLAT, ())
    assert placed_at(staff.office, staff.now("csw.tarn")) == [FLAT]
    assert placed_at(staff.office, staff.now("sw.birch")) == []
    allocate(staff, case, "sw.birch", "child")
    assert placed_at(staff.office, staff.now("sw.birch")) == [FLAT]
    assert placed_at(staff.office, staff.now("csw.tarn")) == []


def test_an_allocation_for_the_parents_passes_nothing(staff: Staff) -> None:
    allocate(staff, case_of(staff), "csw.tarn", "parents")
    assert placed_at(staff.office, staff.now("csw.tarn")) == []
    assert placed_at(staff.office, staff.now("sw.birch")) == [FLAT]


@pytest.mark.usually_on("sqlite", "postgres")
def test_the_detective_is_warned_and_not_informed_where(staff: Staff) -> None:
    (alert,) = near(staff.office, staff.now("ds.hale"))
    assert (alert.subject_label, alert.holders) == ("Baz", ("sw.birch",))
    assert (alert.place, alert.via, alert.links) == (None, None, ())
    assert near(staff.office, staff.now("psw.ellis")) == []
    assert near(staff.office, staff.now("mgr.quill")) == []


def test_a_worker_who_may_not_hold_it_is_given_none_and_the_manager_names_one(
    staff: Staff,
) -> None:
    case, desk = case_of(staff), staff.office.desk
    manager = staff.now("mgr.quill")
    with pytest.raises(Refused, match="you have no access to the"):
        compartment.open_to(desk, manager, str(case), "placement", "csw.tarn", "she left")
    allocate(staff, case, "psw.ellis", "child")
    assert placed_at(staff.office, staff.now("psw.ellis")) == []
    (alert,) = near(staff.office, staff.now("ds.hale"))
    assert alert.holders == ("sw.birch",)
    with pytest.raises(Refused, match=r"^no single colleague called .* in this case or team: "):
        compartment.open_to(desk, manager, str(case), "placement", "psw.ellis", "she left")
    with pytest.raises(Refused, match="assign them to the case first"):
        compartment.open_to(desk, manager, str(case), "placement", "csw.tarn", "she left")
    account.assign(desk, manager, "csw.tarn", str(case))
    compartment.open_to(desk, manager, str(case), "placement", "csw.tarn", "the worker changed")
    assert placed_at(staff.office, staff.now("mgr.quill")) == []
    assert placed_at(staff.office, staff.now("csw.tarn")) == [FLAT]
    (alert,) = near(staff.office, staff.now("ds.hale"))
    assert alert.holders == ("csw.tarn", "sw.birch")


@pytest.mark.usually_on("sqlite")
def test_nobody_who_left_is_said_to_know_where_it_is(staff: Staff) -> None:
    case, desk = case_of(staff), staff.office.desk
    account.leave(desk, staff.office.reader, "sw.birch")
    (alert,) = near(staff.office, staff.now("ds.hale"))
    assert (alert.holders, alert.unheld) == ((), True)
    assert alert.held == "no worker: a manager names one"
    assert (alert.place, alert.via, alert.links) == (None, None, ())
    manager = staff.now("mgr.quill")
    account.assign(desk, manager, "csw.tarn", str(case))
    compartment.open_to(desk, manager, str(case), "placement", "csw.tarn", "she left")
    (alert,) = near(staff.office, staff.now("ds.hale"))
    assert (alert.holders, alert.unheld) == (("csw.tarn",), False)


def test_an_alert_near_a_placement_rings_for_those_who_are_warned(staff: Staff) -> None:
    desk = staff.office.desk
    alerting.start_deadlines(desk)

    def waits(name: str) -> int:
        asked = DueFilter(clock="alert")
        return len(due.list_due(desk, staff.now(name), staff.office.system.clock(), asked))

    names = ("ds.hale", "sw.birch", "psw.ellis", "mgr.quill")
    assert [waits(name) for name in names] == [1, 1, 0, 0]


# --- users who leave the team --------------------------------------------------------------------


def own_deadlines(staff: Staff, name: str) -> list[str]:
    asked = DueFilter(mine=True)
    now = staff.office.system.clock()
    return [row.clock for row in due.list_due(staff.office.desk, staff.now(name), now, asked)]


def promised(staff: Staff) -> UUID:
    """Record a case that belongs to psw.ellis alone, and a promise to the child's parents."""
    office = staff.office
    case = referral.receive(office.desk, office.reader, child="Abigail Rusk").id
    allocate(staff, case, "psw.ellis", "parents")
    day = date(2011, 3, 25)
    made = PromiseMade(UNNAMED, "parent", "a call", day)
    family_contact.promise(office.desk, staff.now("psw.ellis"), made, str(case))
    return case


@pytest.mark.usually_on("sqlite", "postgres")
def test_what_a_leaver_owed_is_in_the_list_of_those_who_may_end_it(staff: Staff) -> None:
    case = promised(staff)
    assert "promise" in own_deadlines(staff, "psw.ellis")
    assert "promise" not in own_deadlines(staff, "mgr.quill")
    staff.hire("psw.reed", "psw")
    keeper = staff.office.reader
    left = account.leave(staff.office.desk, keeper, "psw.ellis")
    assert [one.case for one in left.cases_without_owner] == [case]
    assert "family-silence" in own_deadlines(staff, "mgr.quill")
    with staff.office.system.reading() as db:
        found = colleague.unallocated(db, staff.now("mgr.quill"))
    assert case in {one.case for one in found}
    allocate(staff, case, "psw.reed", "parents")
    assert "promise" in own_deadlines(staff, "psw.reed")


def test_what_somebody_owed_in_a_role_that_they_lost_passes_too(staff: Staff) -> None:
    promised(staff)
    keeper, desk = staff.office.reader, staff.office.desk
    account.give_role(desk, keeper, "psw.ellis", "health-worker")
    account.take_role(desk, keeper, "psw.ellis", "psw")
    assert "family-silence" in own_deadlines(staff, "mgr.quill")


def test_parents_without_a_worker_are_listed_though_the_child_has_one(staff: Staff) -> None:
    case = case_of(staff)
    manager = staff.now("mgr.quill")

    def unallocated() -> set[UUID]:
        with staff.office.system.reading() as db:
            return {one.case for one in colleague.unallocated(db, manager)}

    assert case in unallocated()
    psw = staff.now("sw.birch")
    casework.record_engagement(staff.office.desk, psw, str(case), "parents", "declined", None)
    assert case not in unallocated()
