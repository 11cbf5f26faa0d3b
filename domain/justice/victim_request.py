"""Requests for information about a victim: an authorised person makes a request; the victim is
informed; the charity that has the information decides about the request, and may hand the
information over.

Sections 44A to 44F of the Police, Crime, Sentencing and Courts Act 2022 (inserted by s.28 of the
Victims and Prisoners Act 2024); its code of practice is in force since 12 January 2026. A support
worker's notes are "counselling services": any psychological or emotional support, paid or not (the
Counselling Services Regulations 2025). The person who requests the information never decides about
the request. The file is long because events, state and decisions of one request are read together.
"""

from datetime import date, datetime
from typing import Annotated, ClassVar
from uuid import UUID

from msgspec import Struct
from msgspec.structs import replace

from domain.kernel.codes import (
    InformationDecision,
    Notice,
    NoticeException,
    NoticeTo,
    RequestPurpose,
)
from domain.kernel.deadline_effects import Ends
from domain.kernel.envelope import Event, Meaning, Stored
from domain.kernel.fields import (
    ABOUT,
    IDENTIFYING,
    MENTION,
    NAMED,
    NOT_CHECKED,
    NOT_REACHED,
    OWNER,
    WRITTEN,
)
from domain.kernel.values import Refused

#: Decisions on a request about a victim by which information is handed over.
GIVES: frozenset[InformationDecision] = frozenset({"whole", "part"})
#: The message to an officer who tries to share support notes other than by a victim information
#: request.
BY_REQUEST = (
    "support notes belong to the charity: police and prosecutors get them only by a victim "
    "information request (victim-request ask), on which the charity decides. Information that a "
    "worker gives to protect a person is recorded as a log entry, at once"
)


class InformationAsked(Event, frozen=True):
    """A person requested information about a victim. The event holds the exact information, the
    reasonable line of enquiry, and why the request is necessary and proportionate (s.44A(3)).

    A request for `support_notes` also needs substantial probative value (s.44A(4)), and the reason
    why the presumption against such requests does not apply (s.44D(2)(a)). `asker` is the name of a
    requester without an account here. `notice` says whether the victim was informed (s.44B).
    """

    stored: ClassVar = Stored(
        "victim_request.asked",
        "evidence",
        "subject",
        (
            "sought",
            "enquiry",
            "necessary",
            "proportionate",
            "probative",
            "rebutted",
            "asker",
            "notice_reason",
        ),
    )
    meaning: ClassVar = Meaning(
        ("evidence", "schedule", "support"),
        commands=("victim_request.ask",),
        enters=("victim-request", "asked"),
        reach="request",
    )
    case: Annotated[UUID, ABOUT, OWNER]
    support_notes: bool
    purpose: RequestPurpose
    sought: Annotated[str, WRITTEN]
    enquiry: Annotated[str, WRITTEN]
    necessary: Annotated[str, WRITTEN]
    proportionate: Annotated[str, WRITTEN]
    probative: Annotated[str | None, WRITTEN] = None
    rebutted: Annotated[str | None, WRITTEN] = None
    asker: Annotated[str | None, IDENTIFYING] = None
    received: datetime | None = None
    answer_by: date | None = None
    notice: Notice = "to-follow"
    notice_to: NoticeTo | None = None
    exception: NoticeException | None = None
    notice_reason: Annotated[str | None, WRITTEN] = None


class VictimTold(Event, frozen=True):
    """The victim was informed of a request for information about them, or the reason for not
    informing them was recorded.
    """

    stored: ClassVar = Stored("victim_request.victim_told", "evidence", "subject", ("reason",))
    meaning: ClassVar = Meaning(
        ("evidence", "schedule", "support"), commands=("victim_request.tell",)
    )
    notice: Notice
    to: NoticeTo | None = None
    exception: NoticeException | None = None
    reason: Annotated[str | None, WRITTEN] = None


class InformationDecided(Event, frozen=True):
    """The holder of information about a victim decided, with a reason, to hand over all of it, a
    part, or none. `items` are the notes to hand over.
    """

    stored: ClassVar = Stored("victim_request.decided", "evidence", "subject", ("reason",))
    meaning: ClassVar = Meaning(("support",), commands=("victim_request.decide",), turns="decision")
    decision: InformationDecision
    reason: Annotated[str | None, WRITTEN] = None
    items: Annotated[tuple[UUID, ...], NAMED, MENTION] = ()


class InformationHandedOver(Event, frozen=True):
    """Information about a victim was handed over; `disclosure` is the id of the disclosure with
    that information.
    """

    stored: ClassVar = Stored("victim_request.handed_over", "evidence", "none")
    meaning: ClassVar = Meaning(
        ("support",),
        commands=("victim_request.hand_over",),
        turns="handed-over",
        deadlines=(Ends("victim-information-request"),),
    )
    disclosure: Annotated[UUID, NOT_CHECKED, NOT_REACHED]


class RequestWithdrawn(Event, frozen=True):
    """The requester withdrew a request for information about a victim."""

    stored: ClassVar = Stored("victim_request.withdrawn", "evidence", "subject", ("reason",))
    meaning: ClassVar = Meaning(
        ("evidence", "schedule", "support"),
        commands=("victim_request.withdraw",),
        turns="withdrawn",
        deadlines=(Ends("victim-information-request"),),
    )
    reason: Annotated[str, WRITTEN]


EVENTS = (
    InformationAsked,
    VictimTold,
    InformationDecided,
    InformationHandedOver,
    RequestWithdrawn,
)


class VictimRequest(Struct, frozen=True):
    """The state of one request for information about a victim."""

    request: InformationAsked | None = None
    notice: Notice = "to-follow"
    decided: InformationDecided | None = None
    handed_over: bool = False
    withdrawn: bool = False


def evolve(state: VictimRequest, event: Event) -> VictimRequest:
    match event:
        case InformationAsked():
            return VictimRequest(event, event.notice)
        case VictimTold():
            return replace(state, notice=event.notice)
        case InformationDecided():
            return replace(state, decided=event)
        case InformationHandedOver():
            return replace(state, handed_over=True)
        case RequestWithdrawn():
            return replace(state, withdrawn=True)
    return state


def ask(made: InformationAsked) -> tuple[Event, ...]:
    """Record a request for information about a victim.

    Raises Refused:
    - if the requested information, the line of enquiry, the necessity or the proportionality is
      missing;
    - if support notes are requested, and their substantial probative value or the reason against
      the presumption is missing;
    - if the victim is informed later and the reason is missing;
    - if `tell_victim` would refuse the notice to the victim.
    """
    for name, words in (
        ("sought", "say what exactly is asked for, and no more than is needed"),
        ("enquiry", "say which reasonable line of enquiry it is relevant to (s.44A(3)(b))"),
        ("necessary", "say why it is necessary, and cannot be had otherwise (s.44A(3)(c))"),
        ("proportionate", "say why it is proportionate to what it costs the victim (s.44A(3)(c))"),
    ):
        if not getattr(made, name).strip():
            raise Refused(words, field=name)
    if made.support_notes and not _said(made.probative):
        why = "support notes need substantial probative value: say what makes it likely (s.44A(4))"
        raise Refused(why, field="probative")
    if made.support_notes and not _said(made.rebutted):
        why = "support notes are presumed not to be needed: say why they are needed here (s.44D(2))"
        raise Refused(why, field="rebutted")
    if made.notice == "to-follow" and not _said(made.notice_reason):
        why = "say why the victim was not told before the request, or together with it (s.44B(3))"
        raise Refused(why, field="notice_reason")
    if made.notice != "to-follow":
        _check_notice(made.notice, made.notice_to, made.exception, made.notice_reason)
    return (made,)


def _check_notice(
    notice: Notice,
    notice_to: NoticeTo | None,
    exception: NoticeException | None,
    reason: str | None,
) -> None:
    if notice == "given" and notice_to is None:
        raise Refused(
            "say who was told of the request: for a child a parent, or a person in the "
            "place of a parent (s.44B(4))",
            field="told",
        )
    if notice == "not-given" and not (exception and _said(reason)):
        raise Refused(
            "if the victim is not told, say which exception applies, and why (PCSC Act "
            "2022 s.44B(5))",
            field="exception" if exception is None else "notice_reason",
        )


def _said(text: str | None) -> bool:
    return bool((text or "").strip())


def _open(state: VictimRequest) -> None:
    if state.request is None:
        raise Refused("there is no victim information request with this id")
    if state.withdrawn:
        raise Refused("this request was withdrawn")
    if state.handed_over:
        raise Refused("this request was answered already: the information was handed over")
    if state.decided and state.decided.decision not in GIVES:
        raise Refused(
            "this request was answered already, and no information was given: make a new "
            "request if it is needed again"
        )


def tell_victim(state: VictimRequest, event: VictimTold) -> tuple[Event, ...]:
    """Record that the victim was informed of a request about them, or why not. Raises Refused if
    the record says neither who was informed, nor the exception in law and its reason; and if the
    request is closed.
    """
    _open(state)
    if event.notice == "to-follow":
        raise Refused("say that the victim was told of the request, or why not", field="notice")
    _check_notice(event.notice, event.to, event.exception, event.reason)
    return (event,)


def decide(
    state: VictimRequest, decided: InformationDecided, *, asked_it: bool
) -> tuple[Event, ...]:
    """Decide whether information about a victim is handed over.

    Raises Refused:
    - if the user made the request (`asked_it`);
    - if not all information is given and the reason is missing;
    - if information is given and the items are not named, or none is given and items are named;
    - if information is given before the record says that the victim was informed, or why not.
    """
    _open(state)
    gives = decided.decision in GIVES
    if asked_it:
        raise Refused("the requester cannot decide on this request: the charity decides")
    if decided.decision != "whole" and not _said(decided.reason):
        raise Refused(
            "say why you do not give all the information: the requester reads the reason",
            field="reason",
        )
    if gives != bool(decided.items):
        words = (
            "name the notes and contacts to hand over"
            if gives
            else "with this decision nothing is handed over: leave out the notes and contacts"
        )
        raise Refused(words, field="items")
    if gives and state.notice == "to-follow":
        raise Refused(
            "the victim was not told of this request yet, and no reason is recorded: first "
            "record that the victim was told, or the reason (victim-request notice; s.44B)"
        )
    return (decided,)


def hand_over(state: VictimRequest, disclosure: UUID) -> tuple[Event, ...]:
    """Record that information about a victim was handed over. Raises Refused before the
    decision."""
    _open(state)
    if state.decided is None:
        raise Refused("this request has no decision yet: record one with victim-request decide")
    return (InformationHandedOver(disclosure),)


def withdraw(state: VictimRequest, reason: str, *, may_ask: bool) -> tuple[Event, ...]:
    """Withdraw a request for information about a victim. Raises Refused if there is no reason, and
    if the request is closed. A user who may only answer requests (`may_ask` is False) cannot
    withdraw the request of a user with an account; this raises Refused, too.
    """
    _open(state)
    if not may_ask and state.request and not state.request.asker:
        raise Refused(
            "only the requester can withdraw this request: you can decide on it, and give "
            "the reason"
        )
    if not reason.strip():
        raise Refused("say why the request is not needed any more", field="reason")
    return (RequestWithdrawn(reason),)
