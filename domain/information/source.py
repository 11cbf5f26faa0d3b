"""The source register: it says who gave information to the team, and from whom that person had it.
The register has a log and an encryption key of its own.

In other logs a source is only a random id, the *root token*; only the register says who the person
is. A judgement that two tokens mean the same person has no name in it, so it is recorded in the
evidence log.
"""

import re
from typing import Annotated, ClassVar, Literal, get_args
from uuid import UUID, uuid5

from msgspec import Struct
from msgspec.structs import replace

from domain.forms.patterns import lazy_regex
from domain.kernel.envelope import Event, Meaning, Stored
from domain.kernel.fields import (
    IDENTIFYING,
    NAMED,
    NOT_CHECKED,
    NOT_REACHED,
    OWNER,
    TOLD_BY,
    WRITTEN,
)
from domain.kernel.values import Refused, SourceGrade

SourceKind = Literal[
    "parent", "carer", "relative", "child", "school", "partner", "police", "public", "not-known"
]
#: The relations to a child that a source may choose on the form. Each code has the kind of source
#: and the words on the form.
RELATIONS: dict[str, tuple[SourceKind, str]] = {
    "parent": ("parent", "A parent or step-parent"),
    "carer": ("carer", "A carer: foster carer, kinship carer or staff of a home"),
    "grandparent": ("relative", "A grandparent"),
    "sibling": ("relative", "A brother or sister"),
    "relative": ("relative", "Another relative"),
    "child": ("child", "The child"),
    "friend": ("public", "A friend of the child or the family"),
    "neighbour": ("public", "A neighbour"),
    "school": ("school", "School or college"),
    "professional": ("partner", "A professional: health, social care, youth work, a charity"),
    "police": ("police", "The police"),
    "anonymous": ("public", "A person who gave no name"),
    "other": ("public", "Somebody else"),
}
#: For each kind of source, the words with which people describe such a source.
_KINDS: tuple[tuple[SourceKind, re.Pattern[str]], ...] = (
    (
        "relative",
        lazy_regex(
            r"\b(?:grand\w+|gran|nana?|aunt\w*|uncle|cousin|\w*brother|\w*sister"
            r"|relative|sibling|family)\b"
        ),
    ),
    ("carer", lazy_regex(r"\b(?:carer|foster\w*|guardian|keyworker|residential)\b")),
    ("parent", lazy_regex(r"\b(?:step)?(?:mum|mam|mom|mother|dad|father|parent|mummy|daddy)\b")),
    ("child", lazy_regex(r"\b(?:child|daughter|son|young person|self)\b")),
    ("school", lazy_regex(r"\b(?:school|teacher|tutor|head|college|dsl)\b")),
    ("police", lazy_regex(r"\b(?:police|officer|pc|dc|ds|pcso|sergeant|constable)\b")),
    (
        "partner",
        lazy_regex(r"\b(?:worker|nurse|doctor|gp|social|youth|health|cse|camhs|charity)\b"),
    ),
    (
        "public",
        lazy_regex(r"\b(?:neighbou?r|friend|mate|public|passer\w*|caller|shop\w*|driver)\b"),
    ),
)
ROOTS = UUID("7d0f6a4e-6f0b-5d4c-9a52-6a1a6f1b2c01")


class SourceRegistered(Event, frozen=True):
    """A person was entered in the source register; `case` is the family through which the team met
    them.
    """

    stored: ClassVar = Stored("source.registered", "sources", "source", ("name", "relation"))
    meaning: ClassVar = Meaning(("record",))
    kind: SourceKind
    name: Annotated[str, IDENTIFYING]
    case: Annotated[UUID | None, NOT_CHECKED, NOT_REACHED] = None
    relation: Annotated[str | None, IDENTIFYING] = None


class SourceDescribed(Event, frozen=True):
    """The relation of a registered source to the child was recorded later."""

    stored: ClassVar = Stored("source.described", "sources", "source", ("kind", "relation"))
    meaning: ClassVar = Meaning(("record",))
    kind: SourceKind
    relation: Annotated[str, IDENTIFYING]


class SourceEntryMade(Event, frozen=True):
    """A log entry was attributed to this source. `chain` lists the people through whom the
    information reached the source, the nearest to the source first.
    """

    stored: ClassVar = Stored("source.entry_made", "sources", "source")
    meaning: ClassVar = Meaning(("record",), kind="source entry")
    observation: Annotated[UUID, NOT_CHECKED, NOT_REACHED]
    source: Annotated[UUID | None, NOT_CHECKED, TOLD_BY]
    chain: Annotated[tuple[UUID, ...], NOT_CHECKED, NOT_REACHED] = ()


class SourceGraded(Event, frozen=True):
    """The reliability of a source was graded, separately from its log entries. A parent who reports
    for the first time gets the grade 2 (untested)."""

    stored: ClassVar = Stored("source.graded", "sources", "source", ("reason",))
    meaning: ClassVar = Meaning(("grade-source",), commands=("source.grade",))
    grade: SourceGrade
    reason: Annotated[str, WRITTEN]


class SourceConflictNoted(Event, frozen=True):
    """A conflict of interest of a source was noted: grade 1 is never proposed for this source."""

    stored: ClassVar = Stored("source.conflict_noted", "sources", "source", ("reason",))
    meaning: ClassVar = Meaning(("grade-source",), commands=("source.conflict",))
    reason: Annotated[str, WRITTEN]


class RootsJoined(Event, frozen=True):
    """Two source tokens turned out to be one person: from now on they count as one independent
    source.
    """

    stored: ClassVar = Stored("roots.joined", "evidence", "record", ("reason",))
    meaning: ClassVar = Meaning(("join-roots",), commands=("roots.join",))
    a: Annotated[UUID, NAMED, OWNER]
    b: Annotated[UUID, NAMED, OWNER]
    reason: Annotated[str, WRITTEN]


class RootsParted(Event, frozen=True):
    """Two source tokens that counted as one person were separated: from now on they count as two
    independent sources.
    """

    stored: ClassVar = Stored("roots.parted", "evidence", "record", ("reason",))
    meaning: ClassVar = Meaning(("join-roots",), commands=("roots.part",))
    a: Annotated[UUID, NAMED, OWNER]
    b: Annotated[UUID, NAMED, OWNER]
    reason: Annotated[str, WRITTEN]


EVENTS = (
    SourceRegistered,
    SourceDescribed,
    SourceEntryMade,
    SourceGraded,
    SourceConflictNoted,
    RootsJoined,
    RootsParted,
)


class Source(Struct, frozen=True):
    """The state of one stream of the source register: a source of information, or a pair of source
    tokens (random ids of sources) that may be one person.
    """

    exists: bool = False
    kind: SourceKind = "not-known"
    relation: str | None = None
    grade: SourceGrade = "2"
    conflict: bool = False
    joined: bool = False


def evolve(state: Source, event: Event) -> Source:
    match event:
        case SourceRegistered():
            return Source(True, event.kind, event.relation)
        case SourceDescribed():
            return replace(state, kind=event.kind, relation=event.relation)
        case SourceGraded():
            return replace(state, exists=True, grade=event.grade)
        case SourceConflictNoted():
            return replace(state, conflict=True)
        case RootsJoined():
            return Source(joined=True)
        case RootsParted():
            return Source(joined=False)
    return state


def kind_of(relation: str) -> SourceKind:
    """Return the kind of source for a source's relation to the child, which is a code of
    `RELATIONS` or a text.
    """
    normal = " ".join(relation.casefold().replace("_", " ").split())
    if normal in RELATIONS:
        return RELATIONS[normal][0]
    if exact := next((kind for kind in get_args(SourceKind) if kind == normal), None):
        known_kind: SourceKind = exact
        return known_kind
    return next((kind for kind, words in _KINDS if words.search(normal)), "not-known")


def describe(state: Source, relation: str) -> tuple[Event, ...]:
    """Describe a registered source's relation to the child. An empty or repeated description
    records nothing."""
    if not relation.strip() or (state.relation or "").casefold() == relation.strip().casefold():
        return ()
    return (SourceDescribed(kind_of(relation), relation.strip()),)


def grade(state: Source, grade: SourceGrade, reason: str) -> tuple[Event, ...]:
    if not state.exists:
        raise Refused("there is no source with this token")
    if not reason.strip():
        raise Refused("give the reason for this grade of the source", field="reason")
    if grade == "1" and state.conflict:
        raise Refused(
            "a source with a conflict of interest cannot be graded 1 (reliable): give another grade"
        )
    return (SourceGraded(grade, reason),)


def note_conflict(state: Source, reason: str) -> tuple[Event, ...]:
    if not state.exists:
        raise Refused("there is no source with this token")
    if not reason.strip():
        raise Refused("say what the source's conflict of interest is", field="reason")
    return (SourceConflictNoted(reason),)


def roots_stream(a: UUID, b: UUID) -> UUID:
    """Return the id of the stream of judgements whether two source tokens (random ids of sources)
    stand for one person. The order of the tokens does not matter.
    """
    return uuid5(ROOTS, "|".join(sorted((str(a), str(b)))))


def join_roots(state: Source, a: UUID, b: UUID, reason: str) -> tuple[Event, ...]:
    if a == b:
        raise Refused("these two are recorded as one independent source already", field="b")
    if not reason.strip():
        raise Refused("give the reason for joining these two independent sources", field="reason")
    return () if state.joined else (RootsJoined(a, b, reason),)


def part_roots(state: Source, a: UUID, b: UUID, reason: str) -> tuple[Event, ...]:
    if not state.joined:
        raise Refused("these two independent sources were never joined")
    if not reason.strip():
        raise Refused(
            "give the reason why these two sources are independent of each other", field="reason"
        )
    return (RootsParted(a, b, reason),)
