"""An alert tells every reader of a danger, but shows the place, the person and the link behind it
only to readers who may see them anyway.
"""

from collections.abc import Callable, Iterator
from datetime import timedelta
from typing import get_args
from uuid import UUID

import msgspec
import pytest

from commands.erasure import retention
from commands.families import casework, referral
from commands.information import observation
from commands.intelligence import alerting, identity, links
from commands.kernel import entity
from commands.people_and_teams import due, two_person
from domain.clocks import CLOCKS
from domain.families.protection import CLOCK_OF, AlertKind
from domain.families.referral import Case, evolve
from domain.kernel.values import LinkKind, PoleCategory, Reader
from network.people.alerts import SOMEBODY, Alert, alerts, answer
from projections.due import DueFilter, DueItem
from projections.families import cases
from tests.access.staff import Staff
from tests.commands.office import Office, Place, prepared
from tests.house.tree import ROOT

PLACED, HOME = "12 Canal Road, Town B", "3 Mill Lane, Town A"


def _placed(office: Office) -> None:
    """Record two children and two suspects of two teams. Only the team Deter knows that the first
    child is placed where the suspect Baz is often seen; only the team Freedom knows that the
    suspect Zed lives at the same place."""
    desk = office.desk
    deter, freedom = (
        msgspec.structs.replace(office.reader, team=team) for team in ("Deter", "Freedom")
    )
    case = referral.receive(desk, deter, child="Kayleigh Marlow").id
    child = desk.fold(case, Case(), evolve)[0].child
    assert child
    suspect: list[tuple[PoleCategory, str]] = [("suspect", "named")]
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
    casework.allocate(desk, staff.now("m.own"), str(case), "psw.own", "parents")


PLACEMENT = prepared("placement", _placed)


@pytest.fixture
def staff(place: Place) -> Iterator[Staff]:
    with PLACEMENT(*place) as (office, _):
        yield Staff(office)


def alerts_shown(staff: Staff, name: str) -> dict[str, Alert]:
    with staff.office.system.reading() as db:
        reader = staff.now(name)
        found = alerts(db, reader)
        by_case = [
            alert for case in cases.children(db, reader) for alert in alerts(db, reader, case)
        ]
        assert sorted(found, key=lambda one: one.id) == sorted(by_case, key=lambda one: one.id)
        return {one.kind: one for one in found}


@pytest.mark.usually_on("sqlite")
def test_a_family_is_warned_and_told_no_placement(staff: Staff) -> None:
    found = alerts_shown(staff, "psw.own")
    assert set(found) == {"near-placement", "co-resident"}
    assert {one.subject_label for one in found.values()} == {SOMEBODY}
    assert all((one.subject, one.via, one.links) == (None, None, ()) for one in found.values())
    assert found["near-placement"].place is None
    assert found["co-resident"].place == HOME, "their own team knows where they live"


@pytest.mark.usually_on("sqlite")
def test_a_link_that_is_hidden_warns_and_is_not_named(staff: Staff) -> None:
    found = alerts_shown(staff, "dc.own")
    near, home = found["near-placement"], found["co-resident"]
    assert (near.subject_label, near.place, len(near.links)) == ("Baz Undercliff", PLACED, 1)
    assert (home.subject_label, home.place, home.links) == ("Zed Blank", HOME, ())


# --- an alert remains until a user answers it ------------------------------------------------


def _close(staff: Staff) -> None:
    senior, desk = staff.hire("dci.moss", "dci"), staff.office.desk
    (case,) = {one.case for one in alerts_shown(staff, "dc.own").values()}
    two_person.close(desk, staff.now("dc.own"), str(case), "quiet")
    two_person.confirm(desk, senior, case, "close", reason="looked through")


def _restrict(staff: Staff) -> None:
    deter = msgspec.structs.replace(staff.office.reader, team="Deter")
    (case,) = {one.case for one in alerts_shown(staff, "dc.own").values()}
    retention.restrict(staff.office.desk, deter, [case], "a dispute", ground="part-3-s47-2")


def _restrict_the_man(staff: Staff) -> None:
    deter = msgspec.structs.replace(staff.office.reader, team="Deter")
    man = alerts_shown(staff, "dc.own")["near-placement"].subject
    assert man
    retention.restrict(staff.office.desk, deter, [man], "a dispute", ground="part-3-s47-2")


def _clear(staff: Staff) -> None:
    man = alerts_shown(staff, "dc.own")["near-placement"].subject
    assert man
    entity.classify(staff.office.desk, staff.now("dc.own"), str(man), "eliminated", "abroad then")
    staff.office.agreed(man, "clear-person")


def _no_suspect(staff: Staff) -> None:
    deter = msgspec.structs.replace(staff.office.reader, team="Deter")
    man = alerts_shown(staff, "dc.own")["near-placement"].subject
    entity.end_classification(staff.office.desk, deter, str(man), "suspect", "an alibi")


def _retract(staff: Staff) -> None:
    deter = msgspec.structs.replace(staff.office.reader, team="Deter")
    (link,) = alerts_shown(staff, "dc.own")["near-placement"].links
    links.retract(staff.office.desk, deter, link, "it was another arcade")


def _merge(staff: Staff) -> None:
    deter = msgspec.structs.replace(staff.office.reader, team="Deter")
    twin = entity.record_person(staff.office.desk, deter, name="Barry Undercliff").id
    man = alerts_shown(staff, "dc.own")["near-placement"].subject
    identity.judge(staff.office.desk, deter, str(man), str(twin), "same", "one man")


@pytest.mark.parametrize(
    "since", [_close, _restrict, _restrict_the_man, _clear, _no_suspect, _retract, _merge]
)
def test_an_alert_outlives_everything_until_it_is_answered(
    staff: Staff, since: Callable[[Staff], None]
) -> None:
    """An alert remains in the list of alerts until a user answers it, even after the case that it
    is about was closed. (A bug had made `alerts --all` empty.)
    """
    before = alerts_shown(staff, "dc.own")["near-placement"]
    since(staff)
    after = alerts_shown(staff, "dc.own")["near-placement"]
    assert (after.case, after.answer) == (before.case, None)
    answer(staff.office.desk, staff.now("dc.own"), str(after.id), "acted", "patrol sent")
    assert alerts_shown(staff, "dc.own")["near-placement"].answer == "acted"


@pytest.mark.usually_on("sqlite")
def test_what_was_answered_stays_answered_after_a_merge(staff: Staff) -> None:
    before = alerts_shown(staff, "dc.own")["near-placement"]
    answer(staff.office.desk, staff.now("dc.own"), str(before.id), "acted", "seen")
    _merge(staff)
    assert alerts_shown(staff, "dc.own")["near-placement"].answer == "acted"


@pytest.mark.usually_on("sqlite")
def test_what_was_never_true_at_one_time_is_no_alert(staff: Staff) -> None:
    """A person who becomes a suspect after a link to a child's placement was retracted causes no
    alert, because both facts were never true at the same time."""
    office = staff.office
    deter = msgspec.structs.replace(office.reader, team="Deter")
    man = entity.record_person(office.desk, deter, name="Lee Marsh").id
    words = observation.record(office.desk, deter, words="He is there").id
    link = links.assert_link(office.desk, deter, words, str(man), f"place:{PLACED}", "seen-at").id
    links.retract(office.desk, deter, link, "another man")
    entity.classify(office.desk, deter, str(man), "suspect", "named since")
    with office.system.reading() as db:
        found = alerts(db, staff.now("dc.own"))
    assert man not in {one.subject for one in found}


# --- an alert notifies until a user answers it ------------------------------------------------

ALERT = DueFilter(clock="alert")


def due_alerts(staff: Staff, name: str) -> list[DueItem]:
    return due.list_due(staff.office.desk, staff.now(name), staff.office.system.clock(), ALERT)


def test_an_alert_rings_once_and_until_it_is_answered(staff: Staff) -> None:
    """An unanswered alert stays due. (A bug had made `due --kind alert` say "Nothing is due" fifty
    days later.)
    """
    desk, found = staff.office.desk, alerts_shown(staff, "dc.own")
    staff.hire("dc.far", "detective", teams=["Freedom"])
    assert (alerting.start_deadlines(desk), alerting.start_deadlines(desk)) == (2, 0)
    rows = due_alerts(staff, "dc.own")
    assert {row.due - row.since for row in rows} == {timedelta(hours=24)}
    assert {row.since for row in rows} == {one.since for one in found.values()}
    assert {(row.owner_role, row.tier) for row in rows} == {("detective", "danger")}
    assert [row.id for row in due_alerts(staff, "psw.own")] == [
        row.id for row in rows if row.since == found["co-resident"].since
    ]
    assert due_alerts(staff, "dc.far") == []
    answer(desk, staff.now("dc.own"), str(found["co-resident"].id), "acted", "he moved out")
    assert len(due_alerts(staff, "dc.own")) == 1
    staff.office.later(24 * 50)
    assert [row.overdue for row in due_alerts(staff, "dc.own")] == [True]
    assert alerting.start_deadlines(desk) == 0


@pytest.mark.usually_on("sqlite")
@pytest.mark.parametrize("since", [_close, _clear, _no_suspect, _retract])
def test_an_alert_rings_whatever_ended_since(staff: Staff, since: Callable[[Staff], None]) -> None:
    alerting.start_deadlines(staff.office.desk)
    since(staff)
    assert len(due_alerts(staff, "dc.own")) == 2


@pytest.mark.usually_on("sqlite")
def test_an_alert_of_two_judged_the_same_rings_once(staff: Staff) -> None:
    desk = staff.office.desk
    alerting.start_deadlines(desk)
    _merge(staff)
    alerting.start_deadlines(desk)
    assert len(due_alerts(staff, "dc.own")) == 2
    for one in alerts_shown(staff, "dc.own").values():
        answer(desk, staff.now("dc.own"), str(one.id), "acted", "seen")
    assert due_alerts(staff, "dc.own") == []
    assert alerting.start_deadlines(desk) == 0


def test_each_kind_of_alert_has_a_clock_and_its_sentence_on_the_page() -> None:
    kinds = set(get_args(AlertKind))
    without = sorted(kinds - CLOCK_OF.keys())
    assert not without, (
        f"write the clock of {', '.join(without)} in CLOCK_OF (domain/families/protection.py), "
        'such as "alert"'
    )
    assert CLOCK_OF.keys() <= kinds
    assert set(CLOCK_OF.values()) <= CLOCKS.keys()
    page = (ROOT / "web" / "templates" / "desk" / "alerts.html").read_text("utf-8")
    (sentences,) = (line for line in page.splitlines() if line.startswith("{% set kinds"))
    lacking = {kind for kind in kinds if f'"{kind}": "' not in sentences}
    assert not lacking, f"write a sentence for {lacking} in web/templates/desk/alerts.html"


@pytest.mark.usually_on("sqlite", "postgres")
def test_an_alert_ends_with_the_judgement_that_rang_it_and_rings_again(staff: Staff) -> None:
    """If an alert follows from a judgement that two records are one person, and two people revoke
    the judgement, the alert needs no answer any more. If the judgement is made again, the alert is
    raised again.
    """
    office, desk = staff.office, staff.office.desk
    deter = msgspec.structs.replace(office.reader, team="Deter")
    alerting.start_deadlines(desk)
    before = {row.id for row in due_alerts(staff, "dc.own")}
    twin = entity.record_person(desk, deter, name="Barry Undercliff").id
    words = observation.record(desk, deter, words="lives there").id
    links.assert_link(desk, deter, words, str(twin), f"place:{HOME}", "lives-at")
    man = alerts_shown(staff, "dc.own")["near-placement"].subject
    for _ in range(2):
        identity.judge(desk, deter, str(twin), str(man), "same", "one man")
        assert alerting.start_deadlines(desk) > 0
        assert len(due_alerts(staff, "dc.own")) == 3
        identity.split(desk, staff.now("dc.own"), str(twin), "two men")
        office.agreed(twin, "judge-identity")
        alerting.start_deadlines(desk)
        assert {row.id for row in due_alerts(staff, "dc.own")} == before
