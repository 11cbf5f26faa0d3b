"""Review for covert source status: whether a person who gives information about a suspect has
become a covert source.

A person who covertly uses a relationship to obtain information and passes it on is a covert human
intelligence source (Regulation of Investigatory Powers Act 2000 s.26(8); CHIS Code of Practice,
December 2022). A detective inspector makes one decision for each pair of a source and a suspect,
and the decision expires. A review never delays a log entry, and does not give a task to any source.
"""

from datetime import date, timedelta
from typing import Annotated, ClassVar
from uuid import UUID, uuid5

from msgspec import Struct, field
from msgspec.structs import replace

from domain.kernel.codes import DriftDecision, DriftGrounds
from domain.kernel.envelope import Event, Meaning, Stored
from domain.kernel.fields import MENTION, NAMED, NOT_CHECKED, OWNER, WRITTEN
from domain.kernel.values import Refused

PAIRS = UUID("0b5f1f0e-7a53-5c0e-8a7f-4d4c3a2b1c10")
LONGEST = timedelta(days=366)


class StatusReviewDue(Event, frozen=True):
    """A user saw signs that this source covertly uses a relationship, deceives, or was directed at
    this suspect. `observation` is the log entry with the signs; `own_parent` is True if the suspect
    is the source's own parent.
    """

    stored: ClassVar = Stored("source.status_review_due", "sources", "source", ("reason",))
    meaning: ClassVar = Meaning(("record",), commands=("source.status_review",), kind="drift")
    source: Annotated[UUID, NOT_CHECKED, OWNER]
    suspect: Annotated[UUID, NAMED, OWNER]
    grounds: DriftGrounds
    reason: Annotated[str, WRITTEN]
    observation: Annotated[UUID | None, NAMED, MENTION] = None
    under_16: bool | None = None
    own_parent: bool | None = None


class StatusDecided(Event, frozen=True):
    """A detective inspector decided, with effect until a day, whether a source has become a covert
    source (CHIS).
    """

    stored: ClassVar = Stored("source.status_decided", "sources", "source", ("reason",))
    meaning: ClassVar = Meaning(
        ("grade-source",), commands=("source.status_decision",), kind="drift"
    )
    source: Annotated[UUID, NOT_CHECKED, OWNER]
    suspect: Annotated[UUID, NOT_CHECKED, OWNER]
    decision: DriftDecision
    expires: date
    reason: Annotated[str, WRITTEN]


EVENTS = (StatusReviewDue, StatusDecided)


class Drift(Struct, frozen=True):
    """The state of one review: whether a source has become a covert source about a suspect. It has
    the signs that wait for a decision, the signs about which a decision was made, and the day on
    which this decision expires.
    """

    due: frozenset[DriftGrounds] = field(default_factory=frozenset)
    settled: frozenset[DriftGrounds] = field(default_factory=frozenset)
    expires: date | None = None
    child_of_suspect: bool = False


def evolve(state: Drift, event: Event) -> Drift:
    match event:
        case StatusReviewDue():
            barred = state.child_of_suspect or bool(event.under_16 and event.own_parent)
            return replace(state, due=state.due | {event.grounds}, child_of_suspect=barred)
        case StatusDecided():
            settled = state.settled | state.due
            return replace(state, due=frozenset(), settled=settled, expires=event.expires)
    return state


def pair(source: UUID, suspect: UUID) -> UUID:
    """Return the id of the stream about whether a source has become a covert source with regard to
    a suspect.
    """
    return uuid5(PAIRS, f"{source}|{suspect}")


def review_due(state: Drift, due: StatusReviewDue, today: date) -> tuple[Event, ...]:
    """Return the event that requests a decision whether a source has become a covert source (CHIS).
    Return () if a decision about the same signs is already requested, or was made and has not
    expired. Raises Refused if the request has no reason.
    """
    if not due.reason.strip():
        raise Refused("say in a few words what you saw or heard that suggests a covert source")
    covered = state.expires is not None and state.expires >= today and due.grounds in state.settled
    return () if covered or due.grounds in state.due else (due,)


def decide(
    state: Drift,
    source: UUID,
    suspect: UUID,
    decision: DriftDecision,
    expires: date,
    reason: str,
    today: date,
) -> tuple[Event, ...]:
    """Record the decision whether a source has become a covert source (CHIS); it applies until
    `expires`. Raises Refused if no decision was requested, if `expires` is in the past or more than
    a year ahead, and if a child under 16 would be used against their own parent (Regulation of
    Investigatory Powers (Juveniles) Order 2000 [verify]).
    """
    if not state.due and state.expires is None:
        raise Refused(
            "this review of covert source status was not requested: request it with source "
            "drift due"
        )
    if not today < expires <= today + LONGEST:
        raise Refused(
            "give the day within a year from today on which this decision expires", field="expires"
        )
    if not reason.strip():
        raise Refused("give the reason of this decision", field="reason")
    if decision == "source-unit" and state.child_of_suspect:
        raise Refused("a child under 16 can never be used as a source against their own parent")
    return (StatusDecided(source, suspect, decision, expires, reason),)
