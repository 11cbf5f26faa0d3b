"""What the child's worker holds passes to the next one; a suspect near a placement is known."""

from uuid import UUID

import pytest

from commands import alerting, casework, compartment, due, links, referral
from domain.values import Reader, Refused
from network.alerts import Alert, alerts
from projections import compartments
from projections.due import Asked
from tests.access.staff import Staff
from tests.commands.office import Office

FLAT = "Flat 4, Weir House, Town C"


def near(office: Office, who: Reader) -> list[Alert]:
    with office.system.reading() as db:
        return [one for one in alerts(db, who) if one.kind == "near-placement"]


def placed_at(office: Office, who: Reader) -> list[str]:
    with office.system.reading() as db:
        return [one.address for one in compartments.placements(db, who)]


@pytest.fixture
def staff(either: Office) -> Staff:
    """A placement that the child's worker holds, and a suspect seen there."""
    office = either
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
    return staff


def case_of(staff: Staff) -> UUID:
    return next(iter(staff.now("sw.birch").cases))


def allocate(staff: Staff, case: UUID, worker: str, whose: str) -> None:
    manager = staff.now("mgr.quill")
    casework.allocate(staff.office.desk, manager, str(case), worker, whose)  # type: ignore[arg-type]


def test_a_hold_passes_with_the_child_and_the_former_worker_loses_it(staff: Staff) -> None:
    """After `allocate C csw.tarn --for child` no role saw the alert."""
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


def test_the_detective_is_warned_and_not_told_where(staff: Staff) -> None:
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
    with pytest.raises(Refused, match="that you hold"):
        compartment.open_to(desk, manager, str(case), "placement", "csw.tarn", "she left")
    allocate(staff, case, "psw.ellis", "child")
    assert placed_at(staff.office, staff.now("psw.ellis")) == []
    (alert,) = near(staff.office, staff.now("ds.hale"))
    assert alert.holders == ("sw.birch",)
    with pytest.raises(Refused, match="nobody called"):
        compartment.open_to(desk, manager, str(case), "placement", "psw.ellis", "she left")
    compartment.open_to(desk, manager, str(case), "placement", "csw.tarn", "the worker changed")
    assert placed_at(staff.office, staff.now("mgr.quill")) == []
    (alert,) = near(staff.office, staff.now("ds.hale"))
    assert alert.holders == ("csw.tarn", "sw.birch")


def test_an_alert_near_a_placement_rings_for_those_who_are_warned(staff: Staff) -> None:
    desk = staff.office.desk
    alerting.ring(desk)

    def waits(name: str) -> int:
        asked = Asked(clock="alert")
        return len(due.listed(desk, staff.now(name), staff.office.system.clock(), asked))

    names = ("ds.hale", "sw.birch", "psw.ellis", "mgr.quill")
    assert [waits(name) for name in names] == [1, 1, 0, 0]
