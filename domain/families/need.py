"""A family's needs, threats against it, and its moves (report, 1.4 and section 3: "moved three
times, because of the threats they received").

A need is the charity's record; threats and moves are open to all who work with the child. No
address is recorded here: where a family lives now belongs to the placement compartment
(`domain.families.compartment`), which only the workers admitted to it see.
"""

from collections.abc import Collection
from datetime import date, datetime
from typing import Annotated, ClassVar
from uuid import UUID

from msgspec import Struct
from msgspec.structs import replace

from domain.kernel.codes import About, MoveReason, NeedKind, NeedState, ThreatDone, ThreatKind
from domain.kernel.deadline_effects import Begins, Ends, Postpones
from domain.kernel.envelope import Event, Meaning, Stored
from domain.kernel.fields import ABOUT, OWNER, WRITTEN
from domain.kernel.values import Refused


class NeedTold(Event, frozen=True):
    """A family's basic need was recorded, and the day by which it should be met."""

    stored: ClassVar = Stored("need.told", "evidence", "record", ("kind", "words"))
    meaning: ClassVar = Meaning(
        ("support",),
        commands=("need.tell",),
        kind="family",
        enters=("family-need", "open"),
        reach="support",
        journey=("the family needs", "kind"),
        access_request="others-rights",
        deadlines=(Begins("family-need", due="by"),),
    )
    case: Annotated[UUID, ABOUT, OWNER]
    whom: About
    kind: NeedKind
    words: Annotated[str, WRITTEN]
    by: date


class NeedAnswered(Event, frozen=True):
    """The response to a family's need, and the need's state, were recorded. A need that is still
    open has a later day on which it is due again.
    """

    stored: ClassVar = Stored("need.answered", "evidence", "record", ("words",))
    meaning: ClassVar = Meaning(
        ("support",),
        commands=("need.answer",),
        kind="family",
        turns="state",
        journey=("the need", "state"),
        access_request="others-rights",
        deadlines=(Postpones("family-need", due="by"),),
    )
    state: NeedState
    words: Annotated[str, WRITTEN]
    by: date | None = None


class ThreatTold(Event, frozen=True):
    """A threat against a family member, or their being followed or intimidated, was recorded. Two
    men of the report were "sentenced for intimidation offences" (Criminal Justice and Public Order
    Act 1994 s.51).
    """

    stored: ClassVar = Stored("threat.told", "evidence", "record", ("kind", "words"))
    meaning: ClassVar = Meaning(
        ("support", "work", "find"),
        commands=("threat.tell",),
        kind="family",
        enters=("threat", "open"),
        reach="member",
        journey=("the family is threatened", "kind"),
        access_request="serious-harm",
        deadlines=(Begins("threat", by="anyone", in_case=True),),
        files=True,
        doubts=("exit",),
    )
    case: Annotated[UUID, ABOUT, OWNER]
    against: About
    kind: ThreatKind
    words: Annotated[str, WRITTEN]
    happened: datetime | None = None


class ThreatAnswered(Event, frozen=True):
    """The steps that made a threatened family safe were recorded."""

    stored: ClassVar = Stored("threat.answered", "evidence", "record", ("words",))
    meaning: ClassVar = Meaning(
        ("support", "work", "outcome", "oversee"),
        commands=("threat.answer",),
        kind="family",
        turns="did",
        journey=("the threat was answered", "did"),
        access_request="others-rights",
        deadlines=(Ends("threat"),),
    )
    did: ThreatDone
    words: Annotated[str, WRITTEN]


class FamilyMoved(Event, frozen=True):
    """A family's move was recorded with its day and reason, never with the new address."""

    stored: ClassVar = Stored("family.moved", "evidence", "record", ("why", "words"))
    meaning: ClassVar = Meaning(
        ("support", "work"),
        commands=("family.move",),
        enters=("family-move", "told"),
        reach="member",
        journey=("the family moved", "why"),
        access_request="serious-harm",
    )
    case: Annotated[UUID, ABOUT, OWNER]
    on: date
    why: MoveReason
    words: Annotated[str | None, WRITTEN] = None


EVENTS = (NeedTold, NeedAnswered, ThreatTold, ThreatAnswered, FamilyMoved)


class Need(Struct, frozen=True):
    """The state of one need of a family or one threat: its content, and whether it is closed."""

    content: NeedTold | ThreatTold | None = None
    over: bool = False


def evolve(state: Need, event: Event) -> Need:
    match event:
        case NeedTold() | ThreatTold():
            return Need(event)
        case NeedAnswered():
            return replace(state, over=event.state != "under-way")
        case ThreatAnswered():
            return replace(state, over=True)
    return state


def tell(event: NeedTold, today: date) -> tuple[Event, ...]:
    """Record a basic need of a family. Raises Refused if there is no text, and for a day in the
    past."""
    if not event.words.strip():
        raise Refused("say what the family needs", field="words")
    if event.by < today:
        raise Refused(
            "the day by which the need is met is past: give today or a later day", field="by"
        )
    return (event,)


def answer(state: Need, answered: NeedAnswered, today: date) -> tuple[Event, ...]:
    """Record the response to a family's need. Raises Refused if there is no such need, if the need
    is closed already, if there is no text, if a need that stays open gets no future day for its
    review, and if a closed need gets one.
    """
    if state.content is None:
        raise Refused("no need of the family has this id")
    if state.over:
        raise Refused("this need is closed: record a new one")
    if not answered.words.strip():
        raise Refused(
            "say what was done about the need, or why nothing could be done", field="words"
        )
    if (answered.state == "under-way") != (answered.by is not None):
        raise Refused(
            "give the day of the next review if the need is under-way, and no day if it has ended",
            field="by",
        )
    if answered.by and answered.by <= today:
        raise Refused("give a day in the future on which this need is reviewed", field="by")
    return (answered,)


def threaten(event: ThreatTold, now: datetime) -> tuple[Event, ...]:
    """Record a threat against a family member. Raises Refused if there is no description of what
    happened, and for a time in the future.
    """
    if not event.words.strip():
        raise Refused("say what the person who threatened the family said or did", field="words")
    if event.happened and event.happened > now:
        raise Refused("the time of the threat is in the future: correct it", field="happened")
    return (event,)


def answer_threat(state: Need, answered: ThreatAnswered) -> tuple[Event, ...]:
    """Record the steps that make a threatened family safe. Raises Refused if there is no threat, if
    a response is recorded already, and if there is no text.
    """
    if state.content is None:
        raise Refused("there is no threat with this id")
    if state.over:
        raise Refused("the response to this threat was recorded already: record a new threat")
    if not answered.words.strip():
        raise Refused("say what was done about the threat, or why nothing was done", field="words")
    return (answered,)


def move(moved: FamilyMoved, places: Collection[str], today: date) -> tuple[Event, ...]:
    """Record that a family moved. The text of the reason must not contain the new address: `places`
    are the places, addresses and postcodes in this text. Raises Refused if `places` is not empty,
    and if the day is in the future.
    """
    if places:
        raise Refused(
            f"{', '.join(map(repr, places))}: leave out where the family lives now. An "
            "address is recorded as a placement (placement made), which only its holders "
            "see",
            field="words",
        )
    if moved.on > today:
        raise Refused(
            "the day of the move is in the future: record the move once it has happened", field="on"
        )
    return (moved,)
