"""Judgements by people that two recorded people or things are the same, different, or unsure.

Each pair of records has one stream, whatever their order. A judgement changes no record and can be
revoked. At any time, the records that count as one person or thing follow from the pairs that are
judged the same at that time.
"""

from collections.abc import Iterable, Mapping
from typing import Annotated, ClassVar
from uuid import UUID, uuid5

from msgspec import Struct

from domain.kernel.codes import Judgement
from domain.kernel.envelope import Event, Meaning, Stored
from domain.kernel.fields import (
    ABOUT,
    CODE,
    IDENTIFYING,
    JUDGED,
    WRITTEN,
)
from domain.kernel.values import Refused, TakesTwo

PAIRS = UUID("2a3c5e0d-91c7-5f68-8a0e-3c8f6d1e7b02")


class IdentityChanged(Event, frozen=True):
    """Base of events that judge whether two records are of the same person or thing, or revoke such
    a judgement.
    """

    a: Annotated[UUID, ABOUT, JUDGED]
    b: Annotated[UUID, ABOUT, JUDGED]

    @property
    def judgement(self) -> Judgement | None:
        """Return the judgement after this event; None if the pair has no judgement any more."""
        return None


class IdentityJudged(IdentityChanged, frozen=True):
    """A person judged whether two records are of the same person or thing, with a reason.

    `shown` has the lines with which the program compared the two records at that moment, and
    `weights` the version of the weights. Both are stored because the defence in a trial may be
    given the comparison that the judging person saw (CPIA 1996).
    """

    stored: ClassVar = Stored("identity.judged", "evidence", "record", ("reason", "shown"))
    meaning: ClassVar = Meaning(
        ("judge",),
        commands=("identity.same", "identity.different", "identity.unsure"),
        kind="judgement",
        enters=("judgement", "judgement"),
        doubts=(
            "rating",
            "exit",
            "result",
        ),
        brief="judgement",
    )
    judgement: Judgement
    reason: Annotated[str, WRITTEN]
    shown: Annotated[tuple[str, ...], IDENTIFYING] = ()
    weights: Annotated[str | None, CODE] = None


class IdentityRevoked(IdentityChanged, frozen=True):
    """The judgement whether two records are the same was revoked: the pair is open again."""

    stored: ClassVar = Stored("identity.revoked", "evidence", "record", ("reason",))
    meaning: ClassVar = Meaning(
        ("judge",),
        turns="revoked",
        doubts=(
            "rating",
            "exit",
        ),
    )
    reason: Annotated[str, WRITTEN]


EVENTS = (IdentityJudged, IdentityRevoked)


class Shown(Struct, frozen=True):
    """The comparison that was shown to a person who judged two records: lines of text, and the
    version of the weights.
    """

    lines: tuple[str, ...] = ()
    weights: str | None = None


NOTHING_SHOWN = Shown()


class JudgedPair(Struct, frozen=True):
    """The state of one pair of records: the current judgement whether they are the same, if any."""

    judgement: Judgement | None = None


def evolve(state: JudgedPair, event: Event) -> JudgedPair:
    match event:
        case IdentityChanged():
            return JudgedPair(event.judgement)
    return state


def pair_stream(a: UUID, b: UUID) -> UUID:
    """Return the id of the stream of judgements about two records. The order of the records does
    not matter.
    """
    return uuid5(PAIRS, "|".join(sorted((str(a), str(b)))))


def chain_between(same: Mapping[UUID, Iterable[UUID]], a: UUID, b: UUID) -> list[UUID]:
    """Return the shortest chain of "same" judgements from record a to record b through other
    records, beginning with a and ending with b; empty if there is no chain. A judgement on the pair
    a and b itself does not count, because a new judgement would replace it.
    """
    before: dict[UUID, UUID | None] = {a: None}
    frontier = [a]
    while frontier and b not in before:
        following = []
        for first_item in frontier:
            for second_item in sorted(same.get(first_item, ())):
                if second_item not in before and {first_item, second_item} != {a, b}:
                    before[second_item] = first_item
                    following.append(second_item)
        frontier = following
    if b not in before:
        return []
    chain: list[UUID] = []
    step: UUID | None = b
    while step is not None:
        chain.append(step)
        step = before[step]
    return chain[::-1]


def cluster(same: Mapping[UUID, Iterable[UUID]], a: UUID) -> set[UUID]:
    """Return record a and all records that are judged the same as record a, directly or through
    others."""
    members, open_ends = {a}, [a]
    while open_ends:
        new = set(same.get(open_ends.pop(), ())) - members
        members |= new
        open_ends += new
    return members


def find_judged_different(
    same: Mapping[UUID, Iterable[UUID]],
    different: Mapping[UUID, Iterable[UUID]],
    a: UUID,
    b: UUID,
) -> tuple[UUID, UUID] | None:
    """Return two records that were judged different, but would be merged by the judgement that a is
    the same as b. Return None if there are none. An earlier judgement that a is different from b
    does not count.
    """
    others = cluster(same, b)
    for first_item in sorted(cluster(same, a)):
        for second_item in sorted(others & set(different.get(first_item, ()))):
            if {first_item, second_item} != {a, b}:
                return first_item, second_item
    return None


def judge(
    state: JudgedPair,
    a: UUID,
    b: UUID,
    judgement: Judgement,
    reason: str,
    chain: list[UUID],
    apart: tuple[UUID, UUID] | None = None,
    shown: Shown = NOTHING_SHOWN,
    *,
    ends_warning: bool = False,
) -> tuple[Event, ...]:
    """Record a judgement whether two records are the same person or thing. `chain` is the existing
    chain of "same" judgements that connects the two records through other records; it is empty if
    there is none. `apart` are two records that were judged different and that the judgement "same"
    would merge. `shown` is the comparison that the user saw.

    Raises Refused if the judgement is "different" and a chain connects the records, because the
    chain has to be split first; and if the judgement is "same" and would merge records that were
    judged different. Raises TakesTwo if the judgement would end a warning about a person
    (`ends_warning`).
    """
    if a == b:
        raise Refused("these two ids name the same record: give two different records", field="b")
    if not reason.strip():
        raise Refused("give the reason for this judgement", field="reason")
    if judgement == "different" and chain:
        steps = " = ".join(str(item) for item in chain)
        raise Refused(f"these two are judged the same through {steps}: split that chain first")
    if judgement == "same" and apart:
        raise Refused(
            f"{apart[0]} and {apart[1]} are judged different, and this judgement would "
            "merge them: judge that pair again first"
        )
    if state.judgement == judgement:
        return ()
    if ends_warning:
        raise TakesTwo(_ENDS_WARNING)
    return (IdentityJudged(a, b, judgement, reason, shown.lines, shown.weights),)


_ENDS_WARNING = "this judgement ends a warning about a person, so a second person has to confirm it"


def revoke(
    state: JudgedPair, a: UUID, b: UUID, reason: str, *, ends_warning: bool = False
) -> tuple[Event, ...]:
    """Revoke the judgement whether two records are the same. Raises TakesTwo if the revocation
    would end a warning about a person (`ends_warning`).
    """
    if state.judgement is None:
        raise Refused("these two records were not judged, so there is no judgement to revoke")
    if not reason.strip():
        raise Refused("give the reason for revoking this judgement", field="reason")
    if ends_warning:
        raise TakesTwo(_ENDS_WARNING)
    return (IdentityRevoked(a, b, reason),)
