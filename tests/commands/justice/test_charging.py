"""A decision not to charge gives the family rights; the record shows the proceedings from arrest to
appeal.
"""

from datetime import UTC, date, datetime
from uuid import UUID

import pytest
from msgspec import structs

from commands.families import casework
from commands.justice import arrest_to_result, charging, court
from commands.kernel.item_references import UNNAMED
from domain.justice.arrest_to_result import ArrestMade, ChargeBrought, ResultRecorded
from domain.justice.charging import ChargingDecided, ReviewTold
from domain.justice.court import PleaEntered
from domain.justice.verdict import AppealDecided, AppealLodged, OrderMade
from domain.kernel.codes import Clock
from domain.kernel.values import Refused
from projections import due
from projections.justice import charging as view
from questions.justice import proceedings
from tests.access.rights import Rights
from tests.commands.office import Office

DECIDED = datetime(2011, 3, 17, 15, tzinfo=UTC)
NOT = ChargingDecided(
    UNNAMED,
    UNNAMED,
    "no-charge",
    "prosecutor",
    "not-met",
    "not-reached",
    offence="meeting a child",
    reasons="one witness, and no phone",
    childs_view="wants it to be over",
    parents_view="want him in court",
    happened=DECIDED,
)
CLOCKS: tuple[Clock, ...] = ("review-right", "review-answer", "order-ends")


def due_items(office: Office) -> dict[str, due.DueItem]:
    found: dict[str, due.DueItem] = {}
    with office.system.reading() as db:
        for clock in CLOCKS:
            asked = due.DueFilter(clock=clock)
            for row in due.listed(db, office.reader, office.desk.clock(), asked):
                found[row.clock] = row
    return found


@pytest.mark.usually_on("sqlite")
def test_a_family_may_have_it_looked_at_again_and_is_answered(either: Office) -> None:
    told = desk, reader = either.desk, either.reader
    case, man = str(either.case("Kayleigh Marlow")), str(either.person("Dale Crane"))
    casework.allocate(*told, case, "psw.ellis", "parents")
    one = charging.decide(desk, reader, NOT, case, man).id
    (row,) = due_items(either).values()
    assert (row.clock, row.owner, row.tier, row.since) == (
        "review-right",
        "psw.ellis",
        "law",
        DECIDED,
    )
    charging.tell_review(desk, reader, str(one)[-8:], ReviewTold("asked"))
    (row,) = due_items(either).values()
    assert row.clock == "review-answer"
    assert row.due == datetime(2011, 5, 5, 23, tzinfo=UTC), "four bank holidays are between"
    charging.tell_review(desk, reader, one, ReviewTold("upheld", "a second prosecutor agrees"))
    assert not due_items(either)
    with either.system.reading() as db:
        (decision,) = view.decisions(db, reader, UUID(case))
    assert (decision.review, decision.answer) == ("upheld", "a second prosecutor agrees")


@pytest.mark.usually_on("sqlite")
def test_what_the_evidence_is_stays_with_who_sees_outcomes(either: Office) -> None:
    """The worker of the parents sees that a suspect is not charged, and the opinions of the police
    and of the prosecutor about it, but not the evidence.
    """
    case, man = either.case("Kayleigh Marlow"), str(either.person("Dale Crane"))
    charging.decide(either.desk, either.reader, NOT, str(case), man)
    worker = Rights(("psw",), ("Pace",), (case,)).of(either.somebody("psw.ellis"))
    detective = Rights(("detective",), (either.reader.team,)).of(either.somebody("dc.rowe"))
    with either.system.reading() as db:
        (hers,) = view.decisions(db, worker, case)
        (his,) = view.decisions(db, detective, case)
    assert (hers.reasons, hers.parents_view) == (None, "want him in court")
    assert his.reasons == "one witness, and no phone"


@pytest.mark.usually_on("sqlite")
def test_an_order_comes_back_before_it_is_forgotten(either: Office) -> None:
    case, man = str(either.case("Kayleigh Marlow")), str(either.person("Dale Crane"))
    made = OrderMade(UNNAMED, UNNAMED, "restraining", "not near the school", date(2016, 3, 1))
    charging.make_order(either.desk, either.reader, made, case, man)
    assert due_items(either)["order-ends"].due.date() == date(2016, 3, 2)


def test_from_arrest_to_appeal_each_step_is_with_its_charge(either: Office) -> None:
    told = desk, reader = either.desk, either.reader
    case, man = either.case("Kayleigh Marlow"), either.person("Dale Crane")
    named, none = (str(case), str(man)), ("none-known",)
    days = [datetime(2011, 3, day, tzinfo=UTC) for day in range(1, 10)]
    arrest = ArrestMade(man, case, days[0], "meeting a child")
    arrest_to_result.record(*told, arrest, because_of=none)
    meets = ("charge", "met", "met")
    to_charge = structs.replace(
        NOT, decision=meets[0], evidential=meets[1], public_interest=meets[2], happened=days[1]
    )
    charging.decide(desk, reader, to_charge, *named)
    brought = ChargeBrought(man, case, days[2], "meeting a child")
    charge = arrest_to_result.record(*told, brought, because_of=none).id
    plea = PleaEntered(UNNAMED, UNNAMED, "guilty", days[3], "meeting a child")
    court.enter_plea(*told, plea, *named)
    sentence = ResultRecorded("sentenced", man, case, days[4], 108)
    arrest_to_result.record(*told, sentence, because_of=(str(charge),))
    lodged = AppealLodged(UNNAMED, UNNAMED, "sentence", "defence", days[5])
    appeal = charging.lodge_appeal(*told, lodged, *named).id
    charging.decide_appeal(*told, appeal, AppealDecided("dismissed", "nine years stand"))
    with either.system.reading() as db:
        steps = proceedings.list_steps(db, reader, case)
    assert [(step.what, step.how) for step in steps] == [
        ("arrest", None),
        ("charging decision", "to charge"),
        ("charge", None),
        ("plea", "guilty"),
        ("sentenced", "108 months"),
        ("appeal", "against sentence, dismissed"),
    ]
    assert {step.offence for step in steps[:-1]} == {"meeting a child"}
    assert {step.who for step in steps} == {"Dale Crane"}


@pytest.mark.usually_on("sqlite")
def test_a_decision_not_to_charge_ends_no_pursuit(either: Office) -> None:
    """A decision not to charge does not mean that the police take no further action; that decision
    needs two people.
    """
    case, man = str(either.case("Kayleigh Marlow")), str(either.person("Dale Crane"))
    one = charging.decide(either.desk, either.reader, NOT, case, man).id
    assert not either.events(ResultRecorded)
    with pytest.raises(Refused, match="has not requested a review"):
        charging.tell_review(either.desk, either.reader, one, ReviewTold("overturned", "so"))
