"""A young person is referred to a MARAC (a conference about domestic abuse) on stated grounds, and
the conference's decision is recorded.
"""

from datetime import date

import pytest
from msgspec import structs

from domain.families import marac
from domain.families.marac import Marac, MaracHeard, MaracReferred
from tests.domain.given import Given, begin, uid

TODAY, MEETS, LATER = date(2012, 3, 1), date(2012, 3, 15), date(2012, 4, 12)
nothing = Given(Marac(), marac.evolve)
REFERRED = MaracReferred(uid(1), ("judgement",), MEETS, "he waits outside her flat")
PLAN = MaracHeard("plan", "an adviser rings her; the police mark her address", MEETS)
refer = begin(marac.refer)


def test_a_young_person_is_referred_and_what_was_decided_is_reported_once() -> None:
    """Requirement W40: a young person is referred to a MARAC, and the conference's decision is
    recorded once.
    """
    told = nothing.when(refer, REFERRED, 17, (), TODAY).then(REFERRED)
    over = told.when(marac.hear, PLAN, MEETS).then(PLAN)
    over.when(marac.hear, PLAN, MEETS).refused("if more has happened since, refer the person again")
    nothing.when(marac.hear, PLAN, MEETS).refused("there is no MARAC referral with this id")


def test_what_is_put_off_comes_back_on_its_next_day() -> None:
    off = MaracHeard("put-off", "nobody of housing came", MEETS, LATER)
    later = nothing.after(REFERRED).when(marac.hear, off, MEETS).then(off)
    later.when(marac.hear, structs.replace(PLAN, on=LATER), LATER).then(
        structs.replace(PLAN, on=LATER)
    )


def test_of_a_child_under_16_it_is_child_abuse() -> None:
    nothing.when(refer, REFERRED, 15, (), TODAY).refused(
        "domestic abuse of a younger child is child abuse, so"
    )
    nothing.when(refer, REFERRED, 16, (), TODAY).then(REFERRED)
    nothing.when(refer, REFERRED, None, (), TODAY).then(REFERRED)


def test_a_high_score_and_a_repeat_are_found_and_need_not_be_reported() -> None:
    high = structs.replace(REFERRED, grounds=(), ticks=14)
    nothing.when(refer, high, 17, (), TODAY).then(structs.replace(high, grounds=("high-score",)))
    nothing.when(refer, REFERRED, 17, (date(2011, 3, 2),), TODAY).then(
        structs.replace(REFERRED, grounds=("judgement", "repeat"))
    )
    nothing.when(refer, REFERRED, 17, (date(2011, 2, 1),), TODAY).then(REFERRED)


@pytest.mark.parametrize(
    ("wrong", "why"),
    [
        (structs.replace(REFERRED, grounds=()), "which grounds"),
        (structs.replace(REFERRED, grounds=(), ticks=13), "which grounds"),
        (structs.replace(REFERRED, grounds=("high-score",)), "14 ticks"),
        (structs.replace(REFERRED, grounds=("high-score",), ticks=13), "14 ticks"),
        (structs.replace(REFERRED, basis=" "), "what happened"),
        (structs.replace(REFERRED, meets=date(2012, 2, 1)), "past"),
    ],
)
def test_a_referral_says_why_and_when(wrong: MaracReferred, why: str) -> None:
    nothing.when(refer, wrong, 17, (), TODAY).refused(why)


@pytest.mark.parametrize(
    ("wrong", "why"),
    [
        (structs.replace(PLAN, words=" "), "who does what"),
        (structs.replace(PLAN, on=LATER), "record its decision after it has met"),
        (structs.replace(PLAN, meets=LATER), "give the day of the next meeting if the MARAC"),
        (structs.replace(PLAN, how="put-off"), "the day of the"),
        (structs.replace(PLAN, how="put-off", meets=TODAY), "past"),
    ],
)
def test_what_was_decided_says_what_and_when(wrong: MaracHeard, why: str) -> None:
    nothing.after(REFERRED).when(marac.hear, wrong, MEETS).refused(why)
