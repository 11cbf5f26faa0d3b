"""At 23:00, when the manager is absent, a proposal names the people on the rota who can confirm
it.
"""

from collections.abc import Callable, Iterator
from datetime import timedelta
from typing import get_args
from uuid import UUID

import pytest

from commands.erasure import legal_hold
from commands.families import casework
from commands.information import observation
from commands.intelligence import identity, intelligence_report, links, release
from commands.justice import arrest_to_result, evidence, taking_back
from commands.kernel import entity
from commands.kernel.unit_of_work import Receipt
from commands.people_and_teams import rota, two_person
from commands.people_and_teams.confirming import describe_confirmers
from domain.justice.arrest_to_result import ResultRecorded
from domain.justice.evidence import EvidenceGathered
from domain.kernel.codes import What
from domain.kernel.values import PoleCategory, Reader
from domain.people_and_teams.rota import DutyGiven
from tests.access.staff import Staff
from tests.commands.office import Place
from tests.support.commands.release import WHY, reported
from tests.support.commands.two_people import HIRED, Team

PHONE = "07700 900{:03}"
#: The people on call this night, in order; the manager is not among them.
NIGHT = ("psw.ellis", "dc.reed", "dc.lowe", "sgt.vale", "dc.far")
ON_CALL = "On call, and able to confirm this: "


@pytest.fixture
def team(place: Place) -> Iterator[Team]:
    """Yield the team and its store at 23:00."""
    with HIRED(*place) as (office, case):
        office.later(14)
        yield Team(office, Staff(office), case)


def at_night(team: Team, *names: str) -> None:
    now = team.office.desk.clock()
    for number, name in enumerate(names, 1):
        begins, ends = now - timedelta(hours=5), now + timedelta(hours=9)
        duty = DutyGiven(name, PHONE.format(number), begins, ends, number, "Engage")
        rota.give(team.office.desk, team.now("m.lund"), duty)


def on_call_sentence(*names: str) -> str:
    told = [f"{name}, {PHONE.format(NIGHT.index(name) + 1)}" for name in names]
    return f"{ON_CALL}{'; '.join(told)}."


def _close(team: Team, reader: Reader) -> Receipt:
    return two_person.close(team.office.desk, reader, str(team.case), "quiet")


def _exit(team: Team, reader: Reader) -> Receipt:
    return casework.assess_exit(team.office.desk, reader, str(team.case), "protected", "moved")


def _rate(team: Team, reader: Reader) -> Receipt:
    desk, case = team.office.desk, str(team.case)
    casework.assess_threshold(desk, reader, case, "high", reason="seen")
    return casework.assess_threshold(desk, reader, case, "medium", reason="quiet")


def _urgency(team: Team, reader: Reader) -> Receipt:
    item = team.office.words("He is at her door", urgent_reason="now")
    return observation.lower_urgency(team.office.desk, reader, item, "an old story")


def _result(team: Team, reader: Reader) -> Receipt:
    desk = team.office.desk
    seen: tuple[tuple[PoleCategory, str]] = (("suspect", "named"),)
    man = entity.record_person(desk, reader, name="Baz Reed", known=False, categories=seen).id
    result = ResultRecorded("nfa-other", man, team.case, rationale="abroad all that year")
    return arrest_to_result.record(desk, reader, result, because_of=("none-known",))


def _hold(team: Team, reader: Reader) -> Receipt:
    desk = team.office.desk
    words = observation.record(desk, reader, words="He waits", case=str(team.case)).id
    legal_hold.place(
        desk, reader, legal_hold.items_under_hold(desk, words), "inquiry", "they asked"
    )
    return legal_hold.lift(desk, reader, words, "it is over")


def _withdraw(team: Team, reader: Reader) -> Receipt:
    item = team.office.words("He is at her door", urgent_reason="now")
    told = str(item), "mum asked me to", "parent-wishes", "no"
    return taking_back.withdraw(team.office.desk, reader, *told)  # type: ignore[arg-type]


def _suspect(team: Team) -> UUID:
    seen: tuple[tuple[PoleCategory, str]] = (("suspect", "named"),)
    desk, reader = team.office.desk, team.now("dc.reed")
    return entity.record_person(desk, reader, name="Baz Reed", known=False, categories=seen).id


def _end_category(team: Team, reader: Reader) -> Receipt:
    man = str(_suspect(team))
    return entity.end_classification(team.office.desk, reader, man, "suspect", "an alibi")


def _retract(team: Team, reader: Reader) -> Receipt:
    desk, phone = team.office.desk, "phone:07700 900123"
    words = observation.record(desk, reader, words="his number", case=str(team.case)).id
    tie = links.assert_link(desk, reader, words, str(_suspect(team)), phone, "uses").id
    return links.retract(desk, reader, tie, "another man's number")


def _clear(team: Team, reader: Reader) -> Receipt:
    return entity.classify(team.office.desk, reader, str(_suspect(team)), "eliminated", "abroad")


def _report(team: Team, reader: Reader) -> Receipt:
    office = team.office
    words = office.words("his car", case=str(team.case))
    report = office.assessed(words).id
    links.assert_link(office.desk, reader, report, str(_suspect(team)), "vehicle:PK95 ABC", "uses")
    return intelligence_report.withdraw(office.desk, reader, report, "another man's car")


def _exhibit(team: Team, reader: Reader) -> Receipt:
    desk = team.office.desk
    item = EvidenceGathered("exhibit", "AB/1", case=team.case)
    exhibit = evidence.gather(desk, reader, item).id
    links.assert_link(desk, reader, exhibit, str(_suspect(team)), "vehicle:PK95 ABC", "uses")
    return evidence.change_status(desk, reader, str(exhibit), "withdrawn", "another car")


def _judge(team: Team, reader: Reader) -> Receipt:
    child = entity.record_person(team.office.desk, reader, name="Ivy Row", under_18=True).id
    told = str(_suspect(team)), str(child), "same", "one phone"
    return identity.judge(team.office.desk, reader, *told)  # type: ignore[arg-type]


def _release(team: Team, reader: Reader) -> Receipt:
    report = reported(team.office)
    return release.disseminate(team.office.desk, reader, report, "Team B", "safety", reason=WHY)


#: Each action that needs two people, with the people on call who can confirm it if dc.reed proposes
#: it.
ACTS: dict[What | str, tuple[Callable[[Team, Reader], Receipt], tuple[str, ...]]] = {
    "close": (_close, ("dc.lowe", "sgt.vale")),
    "exit": (_exit, ("sgt.vale",)),
    "lower-rating": (_rate, ("dc.lowe", "sgt.vale")),
    "lower-urgency": (_urgency, ("dc.lowe", "sgt.vale")),
    "no-further-action": (_result, ("dc.lowe", "sgt.vale")),
    "lift-hold": (_hold, ("dc.lowe", "sgt.vale")),
    "withdraw-words": (_withdraw, ("dc.lowe", "sgt.vale")),
    "end-category": (_end_category, ("dc.lowe", "sgt.vale")),
    "retract-link": (_retract, ("dc.lowe", "sgt.vale")),
    "clear-person": (_clear, ("dc.lowe", "sgt.vale")),
    "withdraw-report": (_report, ("dc.lowe", "sgt.vale")),
    "withdraw-exhibit": (_exhibit, ("dc.lowe", "sgt.vale")),
    "judge-identity": (_judge, ("dc.lowe", "sgt.vale")),
    "a marked release": (_release, ("dc.lowe", "sgt.vale")),
}


def test_each_act_that_takes_two_is_here() -> None:
    assert ACTS.keys() == {*get_args(What), "a marked release"}


@pytest.mark.usually_on("sqlite")
@pytest.mark.in_turn
@pytest.mark.parametrize("what", ACTS)
def test_who_can_confirm_it_tonight_is_named(team: Team, what: str) -> None:
    propose, able = ACTS[what]
    at_night(team, *NIGHT)
    receipt = propose(team, team.now("dc.reed"))
    assert receipt.proposed
    assert describe_confirmers(team.office.desk, receipt) == on_call_sentence(*able)


@pytest.mark.usually_on("sqlite")
@pytest.mark.in_turn
@pytest.mark.parametrize("what", ACTS)
def test_where_nobody_on_call_can_the_roles_are_named(team: Team, what: str) -> None:
    at_night(team, "psw.ellis", "dc.reed")
    told = describe_confirmers(team.office.desk, ACTS[what][0](team, team.now("dc.reed")))
    assert told
    assert told.startswith("No one on call now can confirm this.")
    assert "supervisor" in told
    assert "psw" not in told.lower()


@pytest.mark.usually_on("sqlite")
def test_what_is_open_takes_a_senior_of_those_on_call(team: Team) -> None:
    at_night(team, *NIGHT)
    team.office.words("He waits for her", case=str(team.case))
    told = describe_confirmers(team.office.desk, _close(team, team.now("dc.reed")))
    assert told == on_call_sentence("sgt.vale")


def test_what_one_person_does_names_nobody(team: Team) -> None:
    at_night(team, *NIGHT)
    words = team.office.words("He is outside")
    raised = observation.raise_urgency(team.office.desk, team.now("dc.reed"), words, "now")
    assert describe_confirmers(team.office.desk, raised) is None
