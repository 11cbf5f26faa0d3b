"""A team's meetings: a meeting is called and held, makes decisions, and the results of the
decisions are recorded.

The report: "The IWG meet monthly ... to discuss referrals and share intelligence", a "weekly brief
to discuss new referrals and ongoing casework", and "a sophisticated network mapping that has led to
a police operation". A decision names the items on which it is based and its owner; its result is
recorded with it.

A task of the police is never given to a Parent Support Worker, a parent or a child: "they were
never put in a position of having to undertake police tasks". A person who covertly uses a
relationship to obtain information would be a covert human intelligence source (Regulation of
Investigatory Powers Act 2000 s.26(8); `domain.information.covert_source_review`).

The file is long because it is one aggregate.
"""

import re
from collections.abc import Collection
from datetime import date, datetime
from typing import Annotated, ClassVar
from uuid import UUID

from msgspec import Struct, structs
from msgspec.structs import replace

from domain.intelligence.for_decision import Facts, items_in_facts
from domain.kernel.codes import Board, Doer, MeetingKind, Task, TaskState
from domain.kernel.envelope import Event, Meaning, Stored
from domain.kernel.fields import (
    ABOUT,
    CODE,
    IDENTIFYING,
    MENTION,
    NAMED,
    NOT_CHECKED,
    NOT_REACHED,
    OWNER,
    WRITTEN,
)
from domain.kernel.values import Refused, Role

#: Tasks of a support worker, which may also be requested of a family (report, Diagram Two).
SUPPORT: frozenset[Task] = frozenset(
    {
        "contact-family",
        "tell-family",
        "explain-what-to-note",
        "practical-help",
        "court-support",
        "debrief",
        "group-session",
        "refer",
        "train",
    }
)
#: Tasks that make a person a covert source (CHIS) if they do them through a relationship.
COVERT: frozenset[Task] = frozenset(
    {"watch", "follow", "find-out", "photograph", "keep-talking", "ask-somebody"}
)
#: Tasks that only the police may do.
POLICE: frozenset[Task] = COVERT | {
    "check-records",
    "assess-information",
    "interview",
    "search-or-seize",
    "serve-notice",
    "arrest",
    "disrupt",
}
OFFICERS: frozenset[Role] = frozenset({"detective", "intelligence-officer", "supervisor", "dci"})
CHARITY: frozenset[Role] = frozenset({"psw", "charity-worker"})
NOT_THEIRS = (
    "this is a task of the police, and a Parent Support Worker, a parent or a child never has one: "
    "give it to an officer"
)
COVERT_CHECK = (
    ". If a person does this already, ask a detective inspector to decide whether they are a "
    "covert source: source drift due"
)
#: Kinds of meeting about a family, to which the family is invited (report, 1.1 and section 5).
WITH_FAMILY: frozenset[MeetingKind] = frozenset({"child-protection-conference", "decision-meeting"})
#: Phrases in a task that ask a person to watch, follow or find out, whatever the task is called.
_ASKING = re.compile(
    r"\b(?:keep(?:ing)? (?:an eye on|watch|tabs on|(?:him|her|them) talking|talking to)"
    r"|watch(?:ing)? (?:him|her|them|the (?:house|flat|car|street))|follow(?:ing)? (?:him|her|them)"
    r"|find(?:ing)? out|(?:take|taking|get|getting) (?:a |some )?(?:photos?|pictures?)"
    r"|photograph|film(?:ing)? (?:him|her|them)|look(?:ing)? (?:through|in) (?:his|her|their) phone"
    r"|(?:ask|get|getting) (?:him|her|them|mum|dad|a friend|the (?:mother|father|girl|boy))"
    r" (?:to (?:ask|find|watch|follow|meet|text|ring)|where|who)"
    r"|stay(?:ing)? in touch with|befriend|pretend(?:ing)?|pose as)",
    re.IGNORECASE,
)


class MeetingCalled(Event, frozen=True):
    """A team's meeting was called: its purpose, time and chair."""

    stored: ClassVar = Stored("meeting.called", "evidence", "record", ("place",))
    meaning: ClassVar = Meaning(
        ("brief",), commands=("meeting.call",), enters=("meeting", "called")
    )
    kind: MeetingKind
    starts: datetime
    team: Annotated[str, CODE]
    chair: Annotated[str, CODE]
    place: Annotated[str | None, IDENTIFYING] = None


class MeetingCalledOff(Event, frozen=True):
    """A team's meeting was cancelled."""

    stored: ClassVar = Stored("meeting.called_off", "evidence", "record", ("reason",))
    meaning: ClassVar = Meaning(("brief",), commands=("meeting.call_off",), turns="called off")
    reason: Annotated[str, WRITTEN]


class MeetingHeld(Event, frozen=True):
    """A meeting was recorded as held: the colleagues who attended; other people who attended, in
    words; and the items of the agenda that the chair of the meeting could see.
    """

    stored: ClassVar = Stored("meeting.held", "evidence", "record", ("others",))
    meaning: ClassVar = Meaning(("brief",), commands=("meeting.hold",), turns="held")
    came: Annotated[tuple[str, ...], CODE]
    agenda: Annotated[tuple[UUID, ...], NOT_CHECKED, NOT_REACHED] = ()
    others: Annotated[str | None, IDENTIFYING] = None


class ItemAdded(Event, frozen=True):
    """An item was added to a meeting's agenda, with a family, a person or thing, or no subject."""

    stored: ClassVar = Stored("meeting.item_added", "evidence", "record", ("words",))
    meaning: ClassVar = Meaning(
        ("meet",), commands=("meeting.add_item",), enters=("agenda-item", "added"), files=True
    )
    meeting: Annotated[UUID, ABOUT, MENTION]
    words: Annotated[str, WRITTEN]
    case: Annotated[UUID | None, NAMED, OWNER] = None
    about: Annotated[UUID | None, NAMED, OWNER] = None


class Decided(Event, frozen=True):
    """A meeting made a decision. The event holds the family, person or item that the decision
    concerns, the owner, the due date, the kind of task, and the person or agency who carries it
    out.

    A decision on an operation also names the saved map on which it is based, with the map's version
    and the moment as of which the map was shown.
    """

    stored: ClassVar = Stored("meeting.decided", "evidence", "record", ("words",))
    meaning: ClassVar = Meaning(
        ("brief",),
        commands=("meeting.decide",),
        enters=("decision", "open"),
        step="beside",
        files=True,
        activity=True,
    )
    meeting: Annotated[UUID, ABOUT, MENTION]
    words: Annotated[str, WRITTEN]
    task: Task
    owner: Annotated[str, CODE]
    by: date
    doer: Doer = "owner"
    case: Annotated[UUID | None, NAMED, OWNER] = None
    about: Annotated[UUID | None, NAMED, OWNER] = None
    chart: Annotated[UUID | None, NAMED, MENTION] = None
    chart_version: int | None = None
    chart_as_known: datetime | None = None


class ResultTold(Event, frozen=True):
    """The progress or the result of a meeting's decision was recorded; `became` are the items that
    followed from the decision, such as an arrest.
    """

    stored: ClassVar = Stored("meeting.result_told", "evidence", "record", ("words",))
    meaning: ClassVar = Meaning(
        ("meet",), commands=("meeting.result",), turns="state", step="beside"
    )
    state: TaskState
    words: Annotated[str, WRITTEN]
    became: Annotated[tuple[UUID, ...], NAMED, NOT_REACHED] = ()


class BoardKept(Event, frozen=True):
    """A map, list or picture was shown to a meeting. The event stores the items shown, and the hash
    of the picture or sheet, if there is one. `case` is the case in whose disclosure schedule the
    event is listed.

    For the list of people about whom a meeting decides, `facts` are all facts from which the list
    was made, and `to` the people who saw it.
    """

    stored: ClassVar = Stored("meeting.board_kept", "evidence", "record", ("title", "facts"))
    meaning: ClassVar = Meaning(
        ("brief",),
        commands=("meeting.keep_board", "meeting.show_people"),
        enters=("board", "kept"),
        files=True,
    )
    meeting: Annotated[UUID, ABOUT, MENTION]
    kind: Board
    title: Annotated[str, WRITTEN]
    shown: Annotated[tuple[UUID, ...], NAMED, MENTION]
    case: Annotated[UUID | None, NAMED, OWNER] = None
    sha256: Annotated[str | None, CODE] = None
    to: Annotated[tuple[str, ...], CODE] = ()
    facts: Facts | None = None


EVENTS = (
    MeetingCalled,
    MeetingCalledOff,
    MeetingHeld,
    ItemAdded,
    Decided,
    ResultTold,
    BoardKept,
)


class Meeting(Struct, frozen=True):
    """The state of one meeting."""

    called: MeetingCalled | None = None
    off: bool = False
    held: MeetingHeld | None = None


class MeetingDecision(Struct, frozen=True):
    """The state of one decision of a meeting: its content and its result."""

    taken: Decided | None = None
    result: ResultTold | None = None


def evolve(state: Meeting, event: Event) -> Meeting:
    match event:
        case MeetingCalled():
            return Meeting(event)
        case MeetingCalledOff():
            return replace(state, off=True)
        case MeetingHeld():
            return replace(state, held=event)
    return state


def decision(state: MeetingDecision, event: Event) -> MeetingDecision:
    match event:
        case Decided():
            return MeetingDecision(event)
        case ResultTold():
            return replace(state, result=event)
    return state


def call_off(state: Meeting, off: MeetingCalledOff) -> tuple[Event, ...]:
    """Cancel a meeting that was called. Raises Refused if there is no such meeting, if it already
    took place, and if no reason is given.
    """
    _require_current(state)
    if state.held:
        raise Refused("this meeting took place already, so it cannot be called off")
    if not off.reason.strip():
        raise Refused("say why the meeting does not take place", field="reason")
    return (off,)


def hold(state: Meeting, event: MeetingHeld, now: datetime) -> tuple[Event, ...]:
    """Record that a meeting took place. Raises Refused if there is no such meeting, if it is in the
    future, if it is already recorded as held, and if no attendees are given. If a family is invited
    to this kind of meeting, the record also has to say which members of the family attended, or why
    none did.
    """
    called = _require_current(state)
    if state.held:
        raise Refused("this meeting took place already, and its minutes are recorded")
    if called.starts > now:
        raise Refused(
            "this meeting is in the future: if its day changed, call this meeting off "
            "and call another"
        )
    if not event.came:
        raise Refused("say who attended the meeting", field="came")
    if called.kind in WITH_FAMILY and not (event.others or "").strip():
        raise Refused(
            "say which members of the family attended, or why none of them did", field="others"
        )
    return (event,)


def add_item(state: Meeting, item: ItemAdded) -> tuple[Event, ...]:
    """Add an item to a meeting's agenda. Raises Refused if there is no such meeting, if it already
    took place, if the item has no text, and if the item has more than one subject.
    """
    _require_current(state)
    if state.held:
        raise Refused(
            "this meeting took place already: put the item on the agenda of the next meeting"
        )
    if not item.words.strip():
        raise Refused("say what the meeting will discuss", field="words")
    _one_subject(item)
    return (item,)


def decide(
    state: Meeting, decided: Decided, rests_on: Collection[str], roles: Collection[Role], now: date
) -> tuple[Event, ...]:
    """Record a decision of a meeting. `roles` are the roles of the decision's owner; on a store
    without accounts there are no roles.

    Raises Refused if there is no such meeting or it is in the future; if the decision has no text
    or no owner, has two subjects, or is due on a day in the past; if the items on which the
    decision is based are missing; and if the task is one that the owner may not have.
    """
    called = _require_current(state)
    if called.starts.date() > now:
        raise Refused(
            "this meeting is in the future: record its decisions after it has taken place"
        )
    if not decided.words.strip():
        raise Refused("say what the meeting decided", field="words")
    if not decided.owner.strip():
        raise Refused("say who carries out the decision", field="owner")
    if decided.by < now:
        raise Refused(
            "the day by which the decision is carried out is past: give a later one", field="by"
        )
    _one_subject(decided)
    if not rests_on:
        raise Refused(
            "give the log entry, report, link or outcome on which the decision is based, "
            "or none-known",
            field="because_of",
        )
    _within_role(decided, roles)
    return (decided,)


def _within_role(decided: Decided, roles: Collection[Role]) -> None:
    theirs = decided.doer == "owner" and (not roles or not OFFICERS.isdisjoint(roles))
    if decided.task in POLICE and not theirs:
        route = COVERT_CHECK if decided.task in COVERT else ""
        raise Refused(f"{NOT_THEIRS}{route}", field="task")
    charity = bool(roles) and CHARITY.issuperset(roles)
    if decided.task not in SUPPORT and (charity or decided.doer != "owner"):
        raise Refused(
            "a support worker and a family can only have tasks of support: "
            f"{', '.join(sorted(SUPPORT))}. Give this task to a colleague",
            field="task",
        )


def reads_as_police(decided: Decided) -> str | None:
    """Return the phrase in a task for a support worker that asks for police work; None if there is
    none.
    """
    if decided.task not in SUPPORT:
        return None
    phrase = _ASKING.search(decided.words)
    return phrase[0] if phrase else None


def tell_result(state: MeetingDecision, result: ResultTold) -> tuple[Event, ...]:
    """Record the progress or the result of a meeting's decision. Raises Refused if there is no such
    decision, if a final result is already recorded, and if the new result has no text. If exactly
    this result is already recorded, nothing is recorded.
    """
    if state.taken is None:
        raise Refused("there is no decision of a meeting with this id")
    if result == state.result:
        return ()
    if state.result and state.result.state != "under-way":
        raise Refused("the result of this decision was recorded already")
    if not result.words.strip():
        raise Refused("say what resulted from the decision, or why nothing did", field="words")
    return (result,)


def keep_board(state: Meeting, board: BoardKept) -> tuple[Event, ...]:
    """Save a map, list or picture that was shown to a meeting. Raises Refused if there is no such
    meeting, if no title is given, and if what was shown has no items.
    """
    _require_current(state)
    if not board.title.strip():
        raise Refused("say what the chart shows", field="title")
    if not board.shown:
        raise Refused("name the people or things that the chart showed", field="shown")
    return (board,)


def show_people(state: Meeting, board: BoardKept, now: datetime) -> tuple[Event, ...]:
    """Save the list of people about whom a meeting decides, as it was shown to the meeting; the
    list may be empty. Raises Refused if there is no such meeting, if the meeting is on a later day,
    and if the names of the people who saw the list are missing.
    """
    called = _require_current(state)
    if called.starts.date() > now.date():
        raise Refused("this meeting is in the future: record what was shown after the meeting")
    if not board.to:
        raise Refused("say who saw the chart", field="to")
    facts = board.facts or Facts()
    return (structs.replace(board, shown=tuple(sorted(items_in_facts(facts))), facts=facts),)


def _require_current(state: Meeting) -> MeetingCalled:
    if state.called is None:
        raise Refused("there is no meeting with this id")
    if state.off:
        raise Refused("this meeting was called off")
    return state.called


def _one_subject(event: ItemAdded | Decided) -> None:
    if event.case and event.about:
        raise Refused("name either a family, or a person or thing, but not both", field="subject")
