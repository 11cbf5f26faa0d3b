"""An action that lowers a protection needs two people with accounts; an action that raises a
protection needs one person and applies at once.
"""

from collections.abc import Callable, Iterator
from datetime import timedelta
from typing import Any
from uuid import UUID, uuid4

import msgspec
import pytest

from commands.erasure import legal_hold
from commands.families import casework, family_member, need, referral
from commands.information import observation
from commands.intelligence import links
from commands.justice import arrest_to_result, court
from commands.kernel import entity, item_references
from commands.kernel.unit_of_work import Receipt
from commands.people_and_teams import account, two_person
from domain.data_protection.legal_hold import HoldEnded
from domain.families.family_member import AtRiskNamed
from domain.families.need import ThreatTold
from domain.families.referral import (
    CaseClosed,
    ExitAssessed,
    MissingReported,
    ThresholdAssessed,
)
from domain.information.observation import Observation
from domain.information.observation import evolve as observe
from domain.justice.arrest_to_result import ArrestMade, ResultRecorded
from domain.justice.court import HearingSet
from domain.kernel.codes import What
from domain.kernel.values import Denied, PoleCategory, Refused
from network.people import alerts
from tests.access.staff import Staff
from tests.commands.office import Office, Place
from tests.support.commands.two_people import HIRED, Team
from usecases.families.cases import AssessExit, CloseCase


@pytest.fixture
def team(place: Place) -> Iterator[Team]:
    with HIRED(*place) as (office, case):
        yield Team(office, Staff(office), case)


@pytest.mark.usually_on("sqlite")
def test_a_typed_name_closes_nothing(team: Team) -> None:
    """No name that a user types confirms the closing of a case: the second person must use an
    account of their own that sees the case. (In an earlier version, `--second no.body` closed a
    case.)
    """
    team.close()
    assert not team.state().closed
    for name, wrong in (
        ("dc.reed", "takes two people"),  # the user who made the proposal
        ("dc.far", "there is no item"),  # this user cannot see the case
        ("a.min", "does not|there is no item"),
        ("psw.ellis", "does not|there is no item"),  # the role of this user may confirm no proposal
        ("no.body", "does not|there is no item"),  # there is no account with this name
    ):
        with pytest.raises(Refused, match=wrong):
            team.confirm(name)
        assert not team.state().closed, name
    team.confirm("dc.lowe")
    assert team.state().closed
    (closed,) = team.office.events(CaseClosed)
    assert (closed.second, closed.open_items) == ("dc.reed", 0)
    for late in ("dc.lowe", "m.lund"):
        with pytest.raises(Refused, match="decided already"):
            team.confirm(late)
    assert len(team.office.events(CaseClosed)) == 1


@pytest.mark.usually_on("sqlite")
def test_it_waits_with_those_who_may_confirm_it(team: Team) -> None:
    team.close()
    for name in ("dc.reed", "dc.lowe", "m.lund", "sgt.vale", "dci.moss"):
        assert team.waiting(name) == [("close", "dc.reed")], name
    for name in ("dc.far", "psw.ellis", "a.min"):
        assert team.waiting(name) == [], name
    two_person.refuse(team.office.desk, team.now("m.lund"), team.case, "close", "too early")
    assert team.waiting("dc.lowe") == []
    with pytest.raises(Refused, match="decided already"):
        team.confirm("dc.lowe")
    assert not team.state().closed


@pytest.mark.usually_on("sqlite")
def test_who_proposed_it_takes_it_back_and_who_sees_nothing_does_not(team: Team) -> None:
    team.close()
    for name in ("dc.far", "psw.ellis"):
        with pytest.raises(Denied):
            two_person.refuse(team.office.desk, team.now(name), team.case, "close", "no")
    two_person.refuse(team.office.desk, team.now("dc.reed"), team.case, "close", "not yet")
    assert team.waiting("dc.reed") == []


@pytest.mark.parametrize("step", ["locked", "left", "role", "team"])
@pytest.mark.usually_on("sqlite")
def test_a_proposal_does_not_outlive_what_its_proposer_might(team: Team, step: str) -> None:
    team.close()
    desk, keeper = team.office.desk, team.keeper()
    steps: dict[str, Callable[[], Receipt]] = {
        "locked": lambda: account.lock(desk, keeper, "dc.reed", "a lost phone"),
        "left": lambda: account.leave(desk, keeper, "dc.reed"),
        "role": lambda: account.take_role(desk, keeper, "dc.reed", "detective"),
        "team": lambda: account.part(desk, keeper, "dc.reed", "Engage"),
    }
    steps[step]()
    with pytest.raises(
        Refused, match="made this proposal, but no longer has the access that it needs"
    ):
        team.confirm("dc.lowe")
    assert not team.state().closed


@pytest.mark.parametrize("step", ["locked", "role", "team"])
def test_a_second_person_needs_a_live_account_with_the_role(team: Team, step: str) -> None:
    team.close()
    desk, keeper = team.office.desk, team.keeper()
    steps: dict[str, Callable[[], Receipt]] = {
        "locked": lambda: account.lock(desk, keeper, "dc.lowe", "a lost phone"),
        "role": lambda: account.take_role(desk, keeper, "dc.lowe", "detective"),
        "team": lambda: account.part(desk, keeper, "dc.lowe", "Engage"),
    }
    steps[step]()
    with pytest.raises(Denied):
        team.confirm("dc.lowe")
    assert not team.state().closed


def _suspect(team: Team, name: str = "Baz") -> UUID:
    """Record a suspect who has a link to the child of this team's case; return the suspect's id."""
    office, dc = team.office, team.now("dc.lowe")
    child = team.state().child
    suspect: list[tuple[PoleCategory, str]] = [("suspect", "named")]
    man = entity.record_person(office.desk, dc, name=name, known=False, categories=suspect).id
    words = observation.record(office.desk, dc, words=f"{name} waits for her").id
    links.assert_link(office.desk, dc, words, str(man), str(child), "association")
    return man


def test_what_is_open_takes_a_seniors_reason(team: Team) -> None:
    _suspect(team)
    observation.record(team.office.desk, team.now("dc.lowe"), words="Again", case=str(team.case))
    casework.report_missing(
        team.office.desk, team.now("dc.lowe"), str(team.case), MissingReported()
    )
    team.close()
    with pytest.raises(Denied, match="1 open suspect, 1 unassessed entry, 1 missing child"):
        team.confirm("dc.lowe", reason="we think so")
    with pytest.raises(Denied):
        team.confirm("m.lund", reason="we think so")
    with pytest.raises(Refused, match="Say why it is closed nevertheless"):
        team.confirm("sgt.vale")
    team.confirm("sgt.vale", reason="she lives abroad, the force there has it")
    (closed,) = team.office.events(CaseClosed)
    assert (closed.open_items, closed.senior) == (3, "sgt.vale")
    assert closed.senior_reason == "she lives abroad, the force there has it"


@pytest.mark.usually_on("sqlite")
def test_a_senior_may_propose_it_themselves(team: Team) -> None:
    _suspect(team)
    team.close("dci.moss")
    team.confirm("dc.lowe")
    (closed,) = team.office.events(CaseClosed)
    assert (closed.senior, closed.senior_reason) == ("dci.moss", "quiet")


@pytest.mark.usually_on("sqlite")
def test_a_suspect_who_came_since_is_said(team: Team) -> None:
    team.close()
    man = _suspect(team)
    with pytest.raises(
        Refused, match="since the proposal was made, these were recorded: 1 open suspect"
    ):
        team.confirm("sgt.vale", reason="it is fine")
    entity.classify(team.office.desk, team.now("dc.lowe"), str(man), "eliminated", "abroad then")
    two_person.confirm(team.office.desk, team.now("sgt.vale"), man, "clear-person")
    team.confirm("dc.lowe")
    assert team.state().closed


@pytest.mark.usually_on("sqlite")
def test_an_open_alert_takes_a_seniors_reason_and_outlives_the_closing(team: Team) -> None:
    """A senior may close a case that has an open alert, if the senior gives a reason. The alert
    remains open after the closing.
    """
    office, dc = team.office, team.now("dc.lowe")
    child = str(team.state().child)
    arrest_to_result.record(
        office.desk, dc, ArrestMade(UUID(child), team.case), because_of=("none-known",)
    )
    team.close()
    with pytest.raises(Denied, match="1 unanswered alert"):
        team.confirm("dc.lowe")
    team.confirm("dci.moss", reason="another force has her")
    with office.system.reading() as db:
        (alert,) = alerts.alerts(db, team.now("dc.lowe"))
    assert (alert.kind, alert.answer) == ("arrest-of-victim", None)
    alerts.answer(office.desk, team.now("dc.lowe"), str(alert.id), "acted", "not charged")
    with office.system.reading() as db:
        (alert,) = alerts.alerts(db, team.now("dc.lowe"))
    assert alert.answer == "acted"


@pytest.mark.usually_on("sqlite")
def test_an_exit_is_a_supervisors_to_confirm(team: Team) -> None:
    office = team.office
    told = casework.assess_exit(
        office.desk, team.now("dc.reed"), str(team.case), "protected", "he is in prison"
    )
    assert told.proposed
    for name in ("dc.lowe", "m.lund", "dc.reed", "dc.far"):
        with pytest.raises(Refused):
            team.confirm(name, "exit")
    assert not office.events(ExitAssessed)
    team.confirm("sgt.vale", "exit")
    assert [event.outcome for event in office.events(ExitAssessed)] == ["protected"]


@pytest.mark.usually_on("sqlite")
def test_a_child_missing_since_is_no_exit(team: Team) -> None:
    office = team.office
    casework.assess_exit(office.desk, team.now("dc.reed"), str(team.case), "protected", "home")
    casework.report_missing(office.desk, team.now("dc.lowe"), str(team.case), MissingReported())
    with pytest.raises(Refused, match="reported missing"):
        team.confirm("sgt.vale", "exit")
    assert not office.events(ExitAssessed)


@pytest.mark.usually_on("sqlite")
def test_a_lower_rating_takes_two_and_a_higher_one_overtakes_it(team: Team) -> None:
    office, case = team.office, str(team.case)

    def rate(name: str, level: Any, **told: Any) -> Any:
        return casework.assess_threshold(office.desk, team.now(name), case, level, **told)

    assert not rate("dc.reed", "medium").proposed
    assert not rate("dc.lowe", "high", reason="seen with him").proposed
    assert rate("dc.reed", "medium", reason="quiet").proposed
    assert team.state().threshold == "high"
    rate("m.lund", "high", reason="out again")
    with pytest.raises(Refused, match="the case was rated"):
        team.confirm("dc.lowe", "lower-rating")
    assert rate("dc.reed", "unknown", reason="we do not know").proposed
    team.confirm("m.lund", "lower-rating")
    assert team.state().threshold == "unknown"
    assert rate("dc.lowe", "low", reason="quiet").proposed, "not known and then low is lower, too"
    with pytest.raises(Refused, match="give the reason"):
        rate("dc.lowe", "medium")
    levels = [event.level for event in office.events(ThresholdAssessed)]
    assert levels == ["medium", "high", "high", "unknown"]


@pytest.mark.usually_on("sqlite")
def test_an_override_does_not_outlive_its_supervisor(team: Team) -> None:
    office, case = team.office, str(team.case)
    child = str(team.state().child)
    entity.record_age(office.desk, team.now("dc.reed"), child, None, None, "11")
    casework.assess_threshold(office.desk, team.now("dc.reed"), case, "medium")
    told = casework.assess_threshold(
        office.desk, team.now("sgt.vale"), case, "low", reason="quiet", override="seen by us all"
    )
    assert told.proposed
    account.give_role(office.desk, team.keeper(), "sgt.vale", "detective")
    account.take_role(office.desk, team.keeper(), "sgt.vale", "supervisor")
    with pytest.raises(Denied, match="overriding the rule against a low rating needs a supervisor"):
        team.confirm("dc.lowe", "lower-rating")
    team.confirm("dci.moss", "lower-rating")
    assert team.state().threshold == "low"


@pytest.mark.usually_on("sqlite")
def test_a_referral_that_says_lower_is_a_proposal_and_is_not_lost(team: Team) -> None:
    office = team.office
    casework.assess_threshold(office.desk, team.now("dc.reed"), str(team.case), "high")
    referral.receive(
        office.desk, team.now("dc.reed"), who=str(team.case), threshold="low", concern="again"
    )
    assert team.state().threshold == "high"
    assert team.waiting("dc.lowe") == [("lower-rating", "dc.reed")]
    team.confirm("dc.lowe", "lower-rating")
    assert team.state().threshold == "low"


@pytest.mark.usually_on("sqlite")
def test_no_further_action_takes_two(team: Team) -> None:
    office = team.office
    man = _suspect(team)
    result = ResultRecorded("nfa-other", man, team.case, rationale="abroad all that year")

    def record(name: str) -> Any:
        return arrest_to_result.record(
            office.desk, team.now(name), result, because_of=("none-known",)
        )

    assert record("dc.reed").proposed
    for name in ("dc.reed", "m.lund", "dc.far"):
        with pytest.raises(Refused):
            team.confirm(name, "no-further-action")
    assert not office.events(ResultRecorded)
    team.confirm("dc.lowe", "no-further-action")
    (ended,) = office.events(ResultRecorded)
    assert ended == msgspec.structs.replace(result, decided_by=("dc.reed", "dc.lowe"))
    record("dc.reed")
    team.confirm("dc.lowe", "no-further-action")
    assert len(office.events(ResultRecorded)) == 2, "decided again, it is another decision"


def test_a_confirmation_sent_again_is_the_same_without_looking_the_case_up(
    team: Team, monkeypatch: pytest.MonkeyPatch
) -> None:
    desk, lowe, once, case = team.office.desk, team.now("dc.lowe"), uuid4(), str(team.case)
    casework.assess_threshold(desk, team.now("dc.reed"), case, "high")
    assert casework.assess_threshold(
        desk, team.now("dc.reed"), case, "medium", reason="she is home"
    ).proposed
    ending = team.case.hex[-12:]
    first = two_person.confirm(desk, lowe, ending, "lower-rating", command_id=once)
    monkeypatch.setattr(item_references, "item", None)
    assert two_person.confirm(desk, lowe, ending, "lower-rating", command_id=once) == first


@pytest.mark.usually_on("sqlite")
def test_lifting_a_hold_takes_two(team: Team) -> None:
    office = team.office
    words = observation.record(
        office.desk, team.now("dc.reed"), words="He waits", case=str(team.case)
    ).id
    query = legal_hold.items_under_hold(office.desk, words)
    legal_hold.place(office.desk, team.now("dc.reed"), query, "inquiry", "they asked")
    told = legal_hold.lift(office.desk, team.now("dc.reed"), words, "it is over")
    assert told.proposed
    for name in ("dc.reed", "dc.far", "psw.ellis"):
        with pytest.raises(Refused):
            two_person.confirm(office.desk, team.now(name), words, "lift-hold")
    assert not office.events(HoldEnded)
    assert ("lift-hold", "dc.reed") in team.waiting("dc.lowe")
    two_person.confirm(office.desk, team.now("io.shaw"), words, "lift-hold")
    assert len(office.events(HoldEnded)) == 1


@pytest.mark.usually_on("sqlite")
def test_what_raises_protection_is_one_persons(team: Team) -> None:
    office, case = team.office, str(team.case)
    worker = team.now("psw.ellis")
    words = observation.record(office.desk, worker, words="He is outside").id
    urgent = observation.raise_urgency(office.desk, worker, words, "now")
    assert not urgent.proposed
    rated = casework.assess_threshold(office.desk, team.now("m.lund"), case, "high")
    assert not rated.proposed
    gone = casework.report_missing(office.desk, team.now("m.lund"), case, MissingReported())
    assert not gone.proposed


def test_on_a_trial_store_another_name_confirms(office: Office) -> None:
    case = office.case()
    two_person.close(office.desk, office.reader, str(case), "a test")
    with pytest.raises(Refused, match="takes two people"):
        two_person.confirm(office.desk, office.somebody(" DS.Hart"), case, "close")
    office.agreed(case, "close")
    assert len(office.events(CaseClosed)) == 1


def _threat(team: Team) -> None:
    told = ThreatTold(team.case, "child", "followed", "he waits outside")
    need.threaten(team.office.desk, team.now("dc.lowe"), told, str(team.case))


def _trial(team: Team) -> None:
    starts = team.office.system.clock() + timedelta(days=40)
    told = HearingSet(team.case, "trial", starts)
    court.set_hearing(team.office.desk, team.now("dc.lowe"), told, str(team.case))


def _sibling(team: Team) -> None:
    desk, dc = team.office.desk, team.now("dc.lowe")
    who = entity.record_person(desk, dc, name="Lee Row", known=True).id
    told = AtRiskNamed(team.case, who, "sibling", ("trouble",), "out with the same men")
    family_member.name_at_risk(desk, dc, told, str(team.case), str(who))


OPEN = {
    "1 unanswered threat": _threat,
    "1 hearing without an outcome": _trial,
    "1 undecided child at risk": _sibling,
}


@pytest.mark.usually_on("sqlite")
@pytest.mark.parametrize("what", ["close", "exit"])
def test_a_threat_a_trial_and_a_sibling_are_named_and_take_a_senior(team: Team, what: What) -> None:
    desk, case = team.office.desk, str(team.case)
    for begin in OPEN.values():
        begin(team)
    use = CloseCase(case, "quiet") if what == "close" else AssessExit(case, "protected", "quiet")
    dc = team.now("dc.reed")
    made = use.do(desk, dc)
    beside = use.warning(desk, dc, made) or ""
    (row,) = two_person.list_waiting(desk, dc)
    for named in OPEN:
        assert named in beside, "the proposer reads what is open"
        assert named in row.matters, "and so does who confirms it"
    for name in ("dc.lowe", "m.lund"):
        with pytest.raises(Refused):
            team.confirm(name, what, reason="we think so")
    with pytest.raises(
        Refused, match=r"1 unanswered threat, 1 hearing without an outcome, 1 undecided"
    ):
        team.confirm("sgt.vale", what)
    team.confirm("sgt.vale", what, reason="the family moved, the force there has it")
    assert bool(team.office.events(CaseClosed if what == "close" else ExitAssessed))


@pytest.mark.usually_on("sqlite")
@pytest.mark.parametrize("what", ["close", "exit"])
@pytest.mark.parametrize("named", OPEN)
def test_what_opened_since_is_looked_at_first(team: Team, what: What, named: str) -> None:
    desk, case = team.office.desk, str(team.case)
    use = CloseCase(case, "quiet") if what == "close" else AssessExit(case, "protected", "quiet")
    made = use.do(desk, team.now("dc.reed"))
    assert use.warning(desk, team.now("dc.reed"), made) is None
    OPEN[named](team)
    with pytest.raises(Refused, match=f"since the proposal was made, these were recorded: {named}"):
        team.confirm("sgt.vale", what, reason="it is fine")


# --- an entry's urgency that a person set ---------------------------------------------------------


@pytest.mark.usually_on("sqlite")
def test_an_urgency_that_a_person_gave_takes_two_assessors(team: Team) -> None:
    """If a person, and not the program, set an entry's urgency, only two assessors together can
    lower it. (In an earlier version one detective could lower it, and no user was notified.)"""
    office, desk = team.office, team.office.desk
    item = office.words("He is at her door", urgent_reason="now")

    def urgent() -> bool:
        return desk.fold(item, Observation(), observe)[0].urgent

    assert observation.lower_urgency(desk, team.now("dc.reed"), str(item), "an old story").proposed
    assert urgent()
    with pytest.raises(Refused, match="takes two people"):
        two_person.confirm(desk, team.now("dc.reed"), item, "lower-urgency")
    for stranger in ("psw.ellis", "m.lund"):
        with pytest.raises((Denied, Refused)):
            two_person.confirm(desk, team.now(stranger), item, "lower-urgency")
    assert urgent()
    assert ("lower-urgency", "dc.reed") in team.waiting("dc.lowe")
    two_person.confirm(desk, team.now("dc.lowe"), str(item), "lower-urgency")
    assert not urgent()


@pytest.mark.usually_on("sqlite")
def test_what_the_machine_proposed_is_lowered_by_one_assessor(team: Team) -> None:
    office = team.office
    item = office.words("He has a knife", urgency_signs=("knife",))
    lowered = observation.lower_urgency(office.desk, team.now("dc.reed"), item, "a toy")
    assert not lowered.proposed
    assert ("lower-urgency", "dc.reed") not in team.waiting("dc.lowe")


@pytest.mark.usually_on("sqlite")
def test_a_correction_overtakes_a_lower_urgency(team: Team) -> None:
    office = team.office
    item = office.words("He is at her door", urgent_reason="now")
    observation.lower_urgency(office.desk, team.now("dc.reed"), item, "an old story")
    observation.correct(office.desk, team.now("dc.reed"), item, "He is in the house", None)
    with pytest.raises(Refused, match="a correction came"):
        two_person.confirm(office.desk, team.now("dc.lowe"), item, "lower-urgency")
