"""The source register: who told us, and who told them. A log and a key of its own.

A knower's random id is the *root token* that other logs hold; only this register says who it is.
Joining and parting of roots names tokens alone and so stands in the evidence log.
"""

from dataclasses import dataclass
from typing import ClassVar, Literal
from uuid import UUID, uuid5

from domain.envelope import Event, Stored
from domain.values import Refused, SourceGrade

SourceKind = Literal[
    "parent", "carer", "relative", "child", "school", "partner", "police", "public", "not-known"
]
ROOTS = UUID("7d0f6a4e-6f0b-5d4c-9a52-6a1a6f1b2c01")


class SourceRegistered(Event, frozen=True):
    """Somebody who knows something: `case` is the family through which we know them."""

    stored: ClassVar = Stored("source.registered", "sources", "source", ("name", "relation"))
    kind: SourceKind
    name: str
    case: UUID | None = None
    relation: str | None = None


class SourceEntryMade(Event, frozen=True):
    """This observation came from this source; `chain` holds who told whom, nearest first."""

    stored: ClassVar = Stored("source.entry_made", "sources", "source")
    observation: UUID
    source: UUID | None
    chain: tuple[UUID, ...] = ()


class SourceGraded(Event, frozen=True):
    """The reliability of a source, apart from any item. A first-time parent is 2 (untested)."""

    stored: ClassVar = Stored("source.graded", "sources", "source", ("reason",))
    grade: SourceGrade
    reason: str


class SourceConflictNoted(Event, frozen=True):
    """A conflict of interest: grade 1 is never proposed for this source."""

    stored: ClassVar = Stored("source.conflict_noted", "sources", "source", ("reason",))
    reason: str


class RootsJoined(Event, frozen=True):
    """Two tokens turn out to be one knower: from now on they count as one root."""

    stored: ClassVar = Stored("roots.joined", "evidence", "record", ("reason",))
    a: UUID
    b: UUID
    reason: str


class RootsParted(Event, frozen=True):
    """The two tokens are two knowers after all, from now on."""

    stored: ClassVar = Stored("roots.parted", "evidence", "record", ("reason",))
    a: UUID
    b: UUID
    reason: str


EVENTS = (
    SourceRegistered,
    SourceEntryMade,
    SourceGraded,
    SourceConflictNoted,
    RootsJoined,
    RootsParted,
)


@dataclass(frozen=True)
class Source:
    """What decisions need to know of one source, or of one pair of root tokens."""

    exists: bool = False
    grade: SourceGrade = "2"
    conflict: bool = False
    joined: bool = False


def evolve(state: Source, event: Event) -> Source:
    match event:
        case SourceRegistered():
            return Source(exists=True)
        case SourceGraded():
            return Source(True, event.grade, state.conflict)
        case SourceConflictNoted():
            return Source(state.exists, state.grade, True)
        case RootsJoined():
            return Source(joined=True)
        case RootsParted():
            return Source(joined=False)
    return state


def grade(state: Source, value: SourceGrade, reason: str) -> tuple[Event, ...]:
    if not state.exists:
        raise Refused("there is no such source")
    if not reason.strip():
        raise Refused("a source's grade needs its reason")
    if value == "1" and state.conflict:
        raise Refused("a source with a conflict of interest is not graded 1 (reliable)")
    return (SourceGraded(value, reason),)


def note_conflict(state: Source, reason: str) -> tuple[Event, ...]:
    if not state.exists:
        raise Refused("there is no such source")
    if not reason.strip():
        raise Refused("a conflict of interest needs its words")
    return (SourceConflictNoted(reason),)


def roots_stream(a: UUID, b: UUID) -> UUID:
    """The one stream of an unordered pair of root tokens."""
    return uuid5(ROOTS, "|".join(sorted((str(a), str(b)))))


def join_roots(state: Source, a: UUID, b: UUID, reason: str) -> tuple[Event, ...]:
    if a == b:
        raise Refused("this is one root already")
    if not reason.strip():
        raise Refused("joining two roots needs its reason")
    return () if state.joined else (RootsJoined(a, b, reason),)


def part_roots(state: Source, a: UUID, b: UUID, reason: str) -> tuple[Event, ...]:
    if not state.joined:
        raise Refused("these roots were never joined")
    if not reason.strip():
        raise Refused("parting two roots needs its reason")
    return (RootsParted(a, b, reason),)
