"""An alert says that there is something; where, through what and on which link is told to those who
see that anyhow."""

from uuid import UUID

import msgspec
import pytest

from commands import entity, links, observation, referral
from domain.referral import Case, evolve
from domain.values import LinkKind, Reader
from network.alerts import SOMEBODY, Alert, alerts
from tests.access.staff import Staff
from tests.commands.office import Office

PLACED, HOME = "12 Canal Road, Town B", "3 Mill Lane, Town A"


@pytest.fixture
def staff(office: Office) -> Staff:
    """Deter's child is placed where Deter knows that Baz is often, and lives where Freedom alone
    knows that Zed lives."""
    desk = office.desk
    deter, freedom = (
        msgspec.structs.replace(office.reader, team=team) for team in ("Deter", "Freedom")
    )
    case = referral.receive(desk, deter, child="Kayleigh Marlow").id
    child = desk.fold(case, Case(), evolve)[0].child
    assert child
    suspect = (("suspect", "named"),)
    baz = entity.record_person(desk, deter, name="Baz Undercliff", categories=suspect).id
    zed = entity.record_person(desk, freedom, name="Zed Blank", categories=suspect).id

    def tie(team: Reader, one: UUID, place: str, kind: LinkKind) -> None:
        words = observation.record(desk, team, words=f"{kind} there").id
        links.assert_link(desk, team, words, str(one), f"place:{place}", kind)

    tie(deter, child, PLACED, "placed-at")
    tie(deter, baz, PLACED, "seen-at")
    tie(deter, child, HOME, "lives-at")
    tie(freedom, zed, HOME, "lives-at")
    staff = Staff(office)
    for name, role in (("dc.own", "detective"), ("psw.own", "psw"), ("m.own", "manager")):
        staff.hire(name, role, teams=["Deter"])  # type: ignore[arg-type]
    referral.allocate(desk, staff.now("m.own"), str(case), "psw.own", "parents")
    return staff


def told(staff: Staff, name: str) -> dict[str, Alert]:
    with staff.office.system.reading() as db:
        return {one.kind: one for one in alerts(db, staff.now(name))}


def test_a_family_is_warned_and_told_no_placement(staff: Staff) -> None:
    found = told(staff, "psw.own")
    assert set(found) == {"near-placement", "co-resident"}
    assert {one.subject_label for one in found.values()} == {SOMEBODY}
    assert all((one.subject, one.via, one.links) == (None, None, ()) for one in found.values())
    assert found["near-placement"].place is None
    assert found["co-resident"].place == HOME, "their own team knows where they live"


def test_a_link_that_is_hidden_warns_and_is_not_named(staff: Staff) -> None:
    found = told(staff, "dc.own")
    near, home = found["near-placement"], found["co-resident"]
    assert (near.subject_label, near.place, len(near.links)) == ("Baz Undercliff", PLACED, 1)
    assert (home.subject_label, home.place, home.links) == ("Zed Blank", HOME, ())
