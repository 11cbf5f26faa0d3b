"""In a store with accounts, a user is warned about a suspect near a child only if the user works to
protect this child."""

import msgspec
import pytest

from commands.families import charity_support, compartment, safe_contact
from commands.intelligence import links
from domain.kernel.values import Denied, Reader, Refused
from network.people import alerts, risk
from projections.families import compartments
from tests.commands.office import Office

FLAT = "Flat 4, Weir House, Town C"


def holder(office: Office, case: object, *roles: str, name: str = "sw.birch") -> Reader:
    """Return a reader with these roles to whom this case is assigned, as a reader on a store with
    accounts."""
    return msgspec.structs.replace(
        office.reader,
        name=name,
        closed=True,
        roles=frozenset(roles),
        teams=frozenset({office.reader.team}),
        cases=frozenset({case}),
    )


def traced(office: Office) -> Reader:
    """Record where a child is placed, and that a suspect was seen at this place; return the child's
    social worker as a reader.
    """
    case = office.case("Chantelle Moss")
    worker = holder(office, case, "social-worker")
    opener = msgspec.structs.replace(office.reader, name=worker.name)
    compartment.place(office.desk, opener, str(case), "residential", FLAT)
    baz = office.person("Baz", categories=(("suspect", "seen"),))
    item = office.words("He rang every bell")
    links.assert_link(office.desk, office.reader, item, str(baz), f"place:{FLAT}", "seen-at")
    return worker


def test_a_holder_who_sees_no_network_is_warned_all_the_same(either: Office) -> None:
    worker = traced(either)
    with either.system.reading() as db:
        (alert,) = alerts.alerts(db, worker)
        (named,) = alerts.alerts(db, msgspec.structs.replace(worker, closed=False))
    assert (alert.kind, alert.place) == ("near-placement", FLAT)
    assert (alert.subject, alert.via, alert.links) == (None, None, ())
    assert "Baz" not in str(alert)
    assert named.subject_label == "Baz"
    assert alert.id == named.id


@pytest.mark.parametrize("roles", [("manager",), ("administrator",), ("auditor",), ("psw",)])
def test_holding_is_not_enough_without_the_role(office: Office, roles: tuple[str, ...]) -> None:
    worker = traced(office)
    other = msgspec.structs.replace(worker, roles=frozenset(roles))
    with office.system.reading() as db:
        assert compartments.placements(db, other) == []
        assert not [alert for alert in alerts.alerts(db, other) if alert.kind == "near-placement"]


def test_the_role_is_not_enough_without_holding(office: Office) -> None:
    worker = traced(office)
    other = msgspec.structs.replace(worker, name="sw.other")
    with office.system.reading() as db:
        assert compartments.placements(db, worker)
        assert compartments.placements(db, other) == []


def test_a_check_misses_nothing_that_its_reader_may_not_see(office: Office) -> None:
    case = office.case()
    baz = office.person("Baz", categories=(("suspect", "seen"),))
    item = office.words("his number")
    links.assert_link(office.desk, office.reader, item, str(baz), "phone:07700 900123", "uses")
    psw = holder(office, case, "psw", name="psw.ellis")
    found = charity_support.channel(office.desk, "phone:07700 900 123")
    assert found
    with office.system.reading() as db:
        checked = safe_contact.check(db, psw, found)
    assert checked.verdict == "unsafe"
    assert "Baz" not in checked.why


def test_a_contact_method_is_named_by_its_kind(office: Office) -> None:
    assert charity_support.channel(office.desk, "phone:07700 900124") is None
    for told in ("07700 900124", "phone:", "person:Baz", "vehicle:PK95ABC", ""):
        with pytest.raises(Refused, match="phone:NUMBER"):
            charity_support.channel(office.desk, told)


@pytest.mark.parametrize(
    ("role", "sees"),
    [("detective", True), ("social-worker", True), ("psw", False), ("administrator", False)],
)
def test_children_to_consider_are_for_the_sergeant_and_the_social_worker(
    office: Office, role: str, sees: bool
) -> None:
    reader = holder(office, office.case(), role)
    with office.system.reading() as db:
        if sees:
            assert risk.children_at_risk(db, reader).rows == ()
        else:
            with pytest.raises(Denied):
                risk.children_at_risk(db, reader)
