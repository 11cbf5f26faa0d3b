"""A child abduction warning notice after it was issued: how it was served, and its breaches.

A notice is a warning, not an order of a court. It may be served without the child's consent. A
breach of a notice is not itself an offence, but may be evidence of one (s.2 Child Abduction Act
1984, s.49 Children Act 1989), and a senior officer follows it up. Each breach has a stream of its
own.
"""

from datetime import datetime
from typing import Annotated, ClassVar
from uuid import UUID

from msgspec import Struct

from domain.kernel.codes import BreachAnswer
from domain.kernel.deadline_effects import Begins, Ends
from domain.kernel.envelope import Event, Meaning, Stored
from domain.kernel.fields import (
    ABOUT,
    IDENTIFYING,
    MENTION,
    NAMED,
    NOT_CHECKED,
    OCCURRED,
    OWNER,
    RESTS_ON,
    WRITTEN,
)
from domain.kernel.values import Refused

#: The explanation that is shown wherever abduction warning notices are read.
SAID = (
    "A notice does not need the child's consent.",
    "A breach is not itself an offence. It may be evidence of an offence: follow it up.",
)


class ServiceTold(Event, frozen=True):
    """The service of an abduction notice was recorded: who served it and where; the exhibit with
    the photograph of the notice; and the statement in which a person with parental responsibility
    says that the child may not be with the suspect. A later record of the service replaces an
    earlier one.
    """

    stored: ClassVar = Stored(
        "notice.service_told", "evidence", "subject", ("served_by", "place", "note")
    )
    meaning: ClassVar = Meaning(("outcome",), commands=("notice.service",), step="beside")
    served_by: Annotated[str, IDENTIFYING]
    place: Annotated[str, IDENTIFYING]
    photograph: Annotated[UUID | None, NAMED, MENTION, RESTS_ON] = None
    statement: Annotated[UUID | None, NAMED, MENTION, RESTS_ON] = None
    note: Annotated[str | None, WRITTEN] = None


class NoticeBreached(Event, frozen=True):
    """A breach of an abduction notice was recorded: who saw it, when and where, and the item that
    shows it. `person` is the person who was warned."""

    stored: ClassVar = Stored(
        "notice.breached", "evidence", "subject", ("seen_by", "place", "note")
    )
    meaning: ClassVar = Meaning(
        ("outcome",),
        commands=("notice.breach",),
        kind="breach",
        enters=("breach", "recorded"),
        reach="outcome",
        step="beside",
        journey=("a notice was breached",),
        deadlines=(Begins("notice-breach", by="anyone"),),
        files=True,
        contact=("person", "case"),
        activity=True,
    )
    notice: Annotated[UUID, ABOUT, OWNER, RESTS_ON]
    person: Annotated[UUID, NOT_CHECKED, OWNER]
    item: Annotated[UUID, NAMED, OWNER, RESTS_ON]
    seen_by: Annotated[str, IDENTIFYING]
    place: Annotated[str, IDENTIFYING]
    happened: Annotated[datetime, OCCURRED]
    case: Annotated[UUID | None, NOT_CHECKED, OWNER] = None
    note: Annotated[str | None, WRITTEN] = None


class BreachFollowedUp(Event, frozen=True):
    """A senior officer recorded, in words, the response to a breach of an abduction notice."""

    stored: ClassVar = Stored("notice.breach_followed_up", "evidence", "subject", ("words",))
    meaning: ClassVar = Meaning(
        ("oversee",),
        commands=("notice.follow_up",),
        kind="breach",
        turns="followed up",
        step="beside",
        journey=("the breach was followed up", "did"),
        deadlines=(Ends("notice-breach"),),
    )
    did: BreachAnswer
    words: Annotated[str, WRITTEN]


EVENTS = (ServiceTold, NoticeBreached, BreachFollowedUp)


class Breach(Struct, frozen=True):
    """The state of one breach of an abduction notice: its content, and the response to it."""

    breached: NoticeBreached | None = None
    followed: BreachFollowedUp | None = None


def service(state: ServiceTold | None, event: Event) -> ServiceTold | None:
    return event if isinstance(event, ServiceTold) else state


def evolve(state: Breach, event: Event) -> Breach:
    match event:
        case NoticeBreached():
            return Breach(event)
        case BreachFollowedUp():
            return Breach(state.breached, event)
    return state


def tell_service(state: ServiceTold | None, event: ServiceTold) -> tuple[Event, ...]:
    """Record how an abduction notice was served. Raises Refused if the record does not say who
    served the notice, or where. If exactly this record exists already, nothing is recorded.
    """
    if not event.served_by.strip():
        raise Refused("say who served the notice", field="served_by")
    if not event.place.strip():
        raise Refused("say where the notice was served", field="place")
    return () if event == state else (event,)


def breach(
    event: NoticeBreached, served: datetime, ends: datetime | None, now: datetime
) -> tuple[Event, ...]:
    """Record a breach of an abduction notice. The notice was served at `served` and ends at `ends`,
    which is None if the end is not known.

    Raises Refused if the witness or the place is missing, and if the time of the breach is in the
    future, before the service or after the end of the notice. An act before the service or after
    the end is no breach; it is recorded as a log entry.
    """
    if not event.seen_by.strip():
        raise Refused("say who saw the breach of the notice", field="seen_by")
    if not event.place.strip():
        raise Refused(
            "say where the breach happened, or that the place is not known", field="place"
        )
    if event.happened > now:
        raise Refused("the time of the breach is in the future: correct it", field="happened")
    if event.happened < served:
        raise Refused(
            "the notice was not yet served at the time of the breach: record what happened "
            "as a log entry",
            field="happened",
        )
    if ends and event.happened >= ends:
        raise Refused(
            "the notice had ended before the time of the breach: record what happened as a "
            "log entry",
            field="happened",
        )
    return (event,)


def follow_up(state: Breach, event: BreachFollowedUp) -> tuple[Event, ...]:
    """Record a senior officer's response to a breach of an abduction notice. Raises Refused if
    there is no such breach, if the response has no text, and if another response is already
    recorded. If exactly this response is already recorded, nothing is recorded.
    """
    if state.breached is None:
        raise Refused("there is no breach of a notice with this id")
    if not event.words.strip():
        raise Refused("say what was done about the breach, or why nothing was done", field="words")
    if state.followed == event:
        return ()
    if state.followed:
        raise Refused("this breach was followed up already")
    return (event,)
