"""A family's need is due until it is met, and a threat to a family until it is answered. The record
of a family's move never shows the new address. A family that waits for a worker is contacted until
the outcome of its wait is recorded.
"""

from datetime import UTC, date, datetime

import pytest
from msgspec import structs

from domain.families import need, waiting_family
from domain.families.need import (
    FamilyMoved,
    Need,
    NeedAnswered,
    NeedTold,
    ThreatAnswered,
    ThreatTold,
)
from domain.families.waiting_family import WaitingAsked, WaitingEnded, WaitingState, WaitingTold
from tests.domain.given import Given, begin, uid

TODAY, LATER = date(2011, 3, 18), date(2011, 4, 18)
NOW = datetime(2011, 3, 18, 9, tzinfo=UTC)
nothing = Given(Need(), need.evolve)
NEED = NeedTold(uid(1), "family", "housing", "two rooms for five", LATER)
THREAT = ThreatTold(uid(1), "parent", "followed", "a car behind her twice")
nobody = Given(WaitingState(), waiting_family.evolve)
WAITS = WaitingTold(uid(1), "signposted", "no worker has time", LATER, "a helpline")


def test_a_need_has_its_day_and_goes_on_until_it_is_met() -> None:
    told = nothing.when(begin(need.tell), NEED, TODAY).then(NEED)
    under_way = NeedAnswered("under-way", "the council was asked", LATER)
    told.when(need.answer, under_way, TODAY).then(under_way)
    met = NeedAnswered("met", "three rooms")
    over = told.after(under_way).when(need.answer, met, TODAY).then(met)
    over.when(need.answer, met, TODAY).refused("this need is closed")
    nothing.when(need.answer, met, TODAY).refused("no need of the family has this id")


@pytest.mark.parametrize(
    ("wrong", "why"),
    [
        (NeedAnswered("under-way", "asked"), "next review if the need is under-way"),
        (NeedAnswered("met", "done", LATER), "no day if it has ended"),
        (NeedAnswered("not-met", " "), "why nothing could be"),
        (NeedAnswered("under-way", "asked", TODAY), "day in the future"),
    ],
)
def test_what_was_done_about_it_is_said(wrong: NeedAnswered, why: str) -> None:
    nothing.after(NEED).when(need.answer, wrong, TODAY).refused(why)


def test_a_need_says_what_and_by_when() -> None:
    tell = begin(need.tell)
    nothing.when(tell, structs.replace(NEED, words=" "), TODAY).refused("say what the family needs")
    nothing.when(tell, structs.replace(NEED, by=date(2011, 3, 1)), TODAY).refused("past")


def test_a_threat_is_answered_once_and_with_what_was_done() -> None:
    nothing.when(begin(need.threaten), THREAT, NOW).then(THREAT)
    done = ThreatAnswered("reported-to-police", "two officers spoke to her")
    over = nothing.after(THREAT).when(need.answer_threat, done).then(done)
    over.when(need.answer_threat, done).refused("the response to this threat was recorded already")
    nothing.when(need.answer_threat, done).refused("there is no threat with this id")
    nothing.after(THREAT).when(need.answer_threat, ThreatAnswered("moved", " ")).refused("done")
    coming = structs.replace(THREAT, happened=datetime(2011, 3, 19, tzinfo=UTC))
    nothing.when(begin(need.threaten), coming, NOW).refused(
        "the time of the threat is in the future"
    )


def test_a_move_says_never_where_to() -> None:
    moved = FamilyMoved(uid(1), TODAY, "threats", "in one night")
    nothing.when(begin(need.move), moved, (), TODAY).then(moved)
    nothing.when(begin(need.move), moved, ("Mill Lane",), TODAY).refused("'Mill Lane'.*placement")
    nothing.when(begin(need.move), structs.replace(moved, on=LATER), (), TODAY).refused(
        "the day of the move is in the future"
    )
    assert not {"address", "place", "where"} & set(FamilyMoved.__struct_fields__)


def test_a_family_without_a_worker_is_followed_up_until_it_is_known_what_became_of_it() -> None:
    """Requirement X6: a family without a worker is contacted again until the outcome of its wait is
    recorded.
    """
    told = nobody.when(begin(waiting_family.tell), WAITS, TODAY).then(WAITS)
    asked = WaitingAsked("she copes", LATER)
    still = told.when(waiting_family.ask, asked, TODAY).then(asked)
    still.when(waiting_family.ask, WaitingAsked("she copes", TODAY), TODAY).refused(
        "give a day in the future on which a worker asks how the family is"
    )
    over = still.when(waiting_family.end, WaitingEnded("taken-up")).then(WaitingEnded("taken-up"))
    over.when(waiting_family.ask, asked, TODAY).refused(
        "the outcome for this family was recorded already"
    )
    told.when(waiting_family.end, WaitingEnded("lost-touch")).refused("what is known")
    nobody.when(waiting_family.end, WaitingEnded("taken-up")).refused(
        "there is no waiting family with this id"
    )


@pytest.mark.parametrize(
    ("changed", "why"),
    [
        ({"to": None}, "say to which service the family was signposted"),
        ({"why": " "}, "no worker now"),
        ({"review": TODAY}, "in the future"),
    ],
)
def test_a_signpost_says_where_to_why_and_when_somebody_asks(
    changed: dict[str, object], why: str
) -> None:
    nobody.when(begin(waiting_family.tell), structs.replace(WAITS, **changed), TODAY).refused(why)
