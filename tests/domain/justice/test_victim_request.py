"""Police request information about a victim as the law requires, and the charity that has the
information decides about the request.
"""

from datetime import date

import msgspec

from domain.justice import victim_request
from domain.justice.victim_request import (
    InformationAsked,
    InformationDecided,
    InformationHandedOver,
    RequestWithdrawn,
    VictimRequest,
    VictimTold,
)
from tests.domain.given import Given, begin, uid

CASE, NOTE, SHARED = map(uid, range(1, 4))
ASKED = InformationAsked(
    CASE,
    True,
    "investigating",
    "the notes of March 2011 that name the flat",
    "whether she was held in the flat",
    "nobody else wrote it down at the time",
    "two notes, not her whole support",
    probative="they were written on the day, before anybody was arrested",
    rebutted="the landlord denies what only these notes tell",
    answer_by=date(2011, 4, 1),
    notice="given",
    notice_to="parent",
)
TO_FOLLOW = msgspec.structs.replace(
    ASKED, notice="to-follow", notice_to=None, notice_reason="her mother is in hospital"
)
WHOLE = InformationDecided("whole", items=(NOTE,))
nothing = Given(VictimRequest(), victim_request.evolve)
asked = nothing.after(ASKED)


def refused(because: str, **changes: object) -> None:
    made = msgspec.structs.replace(ASKED, **changes)
    nothing.when(begin(victim_request.ask), made).refused(because)


def test_a_request_says_what_for_what_and_why_it_is_needed() -> None:
    nothing.when(begin(victim_request.ask), ASKED).then(ASKED)
    refused("what exactly", sought=" ")
    refused("line of enquiry", enquiry=" ")
    refused("necessary", necessary=" ")
    refused("proportionate", proportionate=" ")


def test_support_notes_need_more_than_other_information() -> None:
    refused("substantial probative value", probative=None)
    refused("presumed not to be needed", rebutted=" ")
    other = msgspec.structs.replace(ASKED, support_notes=False, probative=None, rebutted=None)
    nothing.when(begin(victim_request.ask), other).then(other)


def test_the_victim_is_informed_or_it_is_said_why_not() -> None:
    refused("who was told", notice_to=None)
    refused("which exception", notice="not-given", notice_to=None, notice_reason="she may tell him")
    refused("which exception", notice="not-given", notice_to=None, exception="harms-the-enquiry")
    refused("before the request, or together with it", notice="to-follow", notice_to=None)
    later = nothing.when(begin(victim_request.ask), TO_FOLLOW).then(TO_FOLLOW)
    told = VictimTold("given", "guardian")
    later.when(victim_request.tell_victim, told).then(told)
    later.when(victim_request.tell_victim, VictimTold("to-follow")).refused(
        "say that the victim was told of the request, or why not"
    )
    later.when(victim_request.tell_victim, VictimTold("given")).refused("who was told")
    later.when(victim_request.tell_victim, VictimTold("not-given")).refused("which exception")


def test_whose_it_is_decides_and_not_who_asked() -> None:
    asked.when(victim_request.decide, WHOLE, asked_it=False).then(WHOLE)
    asked.when(victim_request.decide, WHOLE, asked_it=True).refused("the requester cannot decide")
    nothing.when(victim_request.decide, WHOLE, asked_it=False).refused(
        "there is no victim information request with this id"
    )


def test_nothing_is_given_before_the_victim_was_informed() -> None:
    later = nothing.after(TO_FOLLOW)
    later.when(victim_request.decide, WHOLE, asked_it=False).refused("not told of this request")
    no = InformationDecided("refused", "her therapy would end")
    later.when(victim_request.decide, no, asked_it=False).then(no)
    why_not = VictimTold("not-given", None, "risks-serious-harm", "he reads her letters")
    later.after(why_not).when(victim_request.decide, WHOLE, asked_it=False).then(WHOLE)


def test_less_than_all_has_its_reason_and_what_is_given_is_named() -> None:
    def no(because: str, decided: InformationDecided) -> None:
        asked.when(victim_request.decide, decided, asked_it=False).refused(because)

    no("why you do not give all", InformationDecided("part", items=(NOTE,)))
    no("why you do not give all", InformationDecided("refused"))
    no("name the notes", InformationDecided("whole"))
    no("leave out the notes and contacts", InformationDecided("refused", "no", (NOTE,)))


def test_what_was_decided_is_handed_over_once() -> None:
    gone = InformationHandedOver(SHARED)
    asked.when(victim_request.hand_over, SHARED).refused("this request has no decision yet")
    decided = asked.after(WHOLE)
    part = InformationDecided("part", "one of them is about her sister", (NOTE,))
    # the decision can still be changed, because no information was handed over yet
    decided.when(victim_request.decide, part, asked_it=False).then(part)
    over = decided.when(victim_request.hand_over, SHARED).then(gone)
    over.when(victim_request.hand_over, SHARED).refused("answered already")
    over.when(victim_request.decide, part, asked_it=False).refused("answered already")
    no = asked.after(InformationDecided("refused", "no"))
    no.when(victim_request.hand_over, SHARED).refused("answered already")


def test_a_request_is_withdrawn_until_it_is_answered() -> None:
    away = RequestWithdrawn("the suspect admits it")
    asked.when(victim_request.withdraw, "the suspect admits it", may_ask=True).then(away)
    asked.when(victim_request.withdraw, " ", may_ask=True).refused(
        "say why the request is not needed any more"
    )
    asked.when(victim_request.withdraw, "they said so", may_ask=False).refused("only the requester")
    asked.after(away).when(victim_request.decide, WHOLE, asked_it=False).refused("was withdrawn")
