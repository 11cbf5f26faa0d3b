"""Which two people may be one? Pairs whose names are alike, kept as names and ties come.

A pair is kept by what two people are called and how many they are both tied to, over all that was
ever recorded: at least as much as any reader sees of it. So the pairs stand in the order in which
they are worth a look, and `network.suggestions` reads them from the front, reckons each anew for
its reader, and stops. Names are compared where they share a sound in both their first and last
words, or in any word, among the first `CROWD` of each team of whom that is so: what one team
recorded never keeps another team's from being compared.
"""

from collections import Counter
from collections.abc import Collection, Sequence
from dataclasses import dataclass, replace
from functools import lru_cache
from typing import ClassVar, NamedTuple
from uuid import UUID

import sqlalchemy as sa
from rapidfuzz.distance import JaroWinkler

from domain import forms
from domain.entity import AliasAdded, PersonNamed, PersonRecorded
from domain.envelope import Recorded
from domain.identity import IdentityJudged, IdentityRevoked
from domain.link import LinkAsserted
from domain.values import Reader
from projections import worth
from projections.batch import Batch
from projections.schema import Db, View, rows

ENOUGH = 0.88
SHORT = 0.9  # of a short name and what it stands for
TIE = 0.05  # what somebody to whom both are tied adds to it
CROWD = 50  # a sound that so many of one team share tells nothing
COMMON = 20  # nor does a thing to which so many are tied


@rows("alike_sounds", key=("sound", "entity", "seq"))
@dataclass(frozen=True, slots=True)
class SoundRow:
    """A name of a person, under a sound by which it is compared with others."""

    table: ClassVar[sa.Table]
    sound: str
    entity: UUID
    seq: int
    team: str
    name: str


@rows("alike_names", key=("entity", "seq"))
@dataclass(frozen=True, slots=True)
class NameRow:
    """What a person has ever been called."""

    table: ClassVar[sa.Table]
    entity: UUID
    seq: int
    name: str


@rows("alike_ties", key=("one", "other"))
@dataclass(frozen=True, slots=True)
class TieRow:
    """Two that were ever tied to each other; each stands as `one`."""

    table: ClassVar[sa.Table]
    one: UUID
    other: UUID


@rows("alike_tied", key=("one",))
@dataclass(frozen=True, slots=True)
class TiedRow:
    """To how many others somebody or something was ever tied."""

    table: ClassVar[sa.Table]
    one: UUID
    others: int


@rows("alike_pairs", key=("a", "b"), index=(("b",), ("judged", "worth", "a", "b")))
@dataclass(frozen=True, slots=True)
class PairRow:
    """Two people who may be one: how alike their names are that are most so, to how many both
    were ever tied, and how much that makes it worth a look, negative, so that most comes first.
    Those about whom somebody decided are here, however little alike."""

    table: ClassVar[sa.Table]
    a: UUID
    b: UUID
    likeness: float
    shared: int
    worth: float
    judged: bool = False


class Called(NamedTuple):
    """A name with the forms in which it is compared; `stand_for` are the given names for which its
    first word is short."""

    name: str
    normal: str
    first: str
    rest: str
    stand_for: frozenset[str]


@lru_cache(maxsize=20_000)
def called(name: str) -> Called:
    """A name in the forms in which it is compared."""
    normal = forms.name(name)
    first, _, rest = normal.partition(" ")
    return Called(name, normal, first, rest, frozenset(forms.given_names(first)))


def likeness(
    ones: Sequence[Called], others: Sequence[Called], enough: float
) -> tuple[float, list[str]]:
    """How alike the two names are that are most so, and why; 0 for what is less than enough."""
    best, reason = 0.0, ""
    for one in ones:
        for other in others:
            alike = one.normal == other.normal
            score = 1.0 if alike else JaroWinkler.similarity(one.normal, other.normal)
            why = "the same name" if alike else f"{one.name!r} looks like {other.name!r}"
            for short, full in ((one, other), (other, one)):
                if full.first in short.stand_for and short.rest in ("", full.rest):
                    score = max(score, SHORT)
                    why = f"{short.first!r} is short for {full.first!r}"
            if score > best:
                best, reason = score, why
    return (best, [reason]) if best >= enough else (0.0, [])


@lru_cache(maxsize=20_000)
def sounds(name: str) -> frozenset[str]:
    """How the words of a name sound, and what they are short for."""
    return frozenset(sound for word in forms.tokens(name) for sound in _heard(word))


@lru_cache(maxsize=20_000)
def _heard(word: str) -> tuple[str, ...]:
    return tuple(sound for each in (word, *forms.given_names(word)) for sound in forms.sounds(each))


def compared_by(name: str) -> frozenset[str]:
    """The sounds by which a name is compared: of each word, and of the first and the last."""
    words = forms.tokens(name)
    if len(words) < 2:
        return sounds(name)
    both = {f"{one} {other}" for one in _heard(words[0]) for other in _heard(words[-1])}
    return sounds(name) | both


def apply(fact: Recorded, batch: Batch) -> None:
    match fact.event:
        case PersonRecorded() as event:
            name = event.name or event.description or "not known"
            name_came(batch, fact.stream, fact.seq, fact.team, name, new=True)
        case PersonNamed() | AliasAdded() as event:
            name_came(batch, fact.stream, fact.seq, fact.team, event.name)
        case LinkAsserted() as event if event.a != event.b:
            tie_came(batch, event.a, event.b)
        case IdentityJudged() | IdentityRevoked() as event:
            was_judged(batch, event.a, event.b, isinstance(event, IdentityJudged))


def name_came(
    batch: Batch, one: UUID, seq: int, team: str, name: str, *, new: bool = False
) -> None:
    """Somebody is called this (too, unless they are new)."""
    batch.put(NameRow(one, seq, name))
    own, c = called(name), SoundRow.table.c
    by = sorted(compared_by(name))
    heard = batch.find(SoundRow, c.sound.in_(by)) if by else []
    crowds = Counter(row.sound for row in heard if row.team == team)
    rare = {sound for sound in by if crowds[sound] < CROWD}
    found: dict[UUID, float] = {}
    for row in heard:
        if row.entity != one and row.sound in rare:
            score, _ = likeness([own], [called(row.name)], ENOUGH)
            if score > found.get(row.entity, 0):
                found[row.entity] = score
    for sound in rare:
        batch.put(SoundRow(sound, one, seq, team, name))
    ties = _ties(batch, one)
    for other in {third for thing in ties for third in _ties(batch, thing)} - found.keys() - {one}:
        found[other] = _score([own], _names(batch, other))
    if found:
        known = {} if new and not ties else _pairs_of(batch, one)
        for other, score in found.items():
            pair = known.get(other)
            if pair is None or not pair.likeness:
                judged = pair is not None and pair.judged
                _keep(batch, one, other, score, _shared(batch, ties, other), judged)
            elif score > pair.likeness:
                _put(batch, replace(pair, likeness=score))


def tie_came(batch: Batch, one: UUID, other: UUID) -> None:
    """These two are tied to each other: everybody tied to the one has one more in common with
    the other."""
    if batch.get(TieRow, one, other):
        return
    for who, thing in ((one, other), (other, one)):
        thirds = _ties(batch, thing)
        mine = _names(batch, who) if thirds else []
        known = _pairs_of(batch, who) if mine else {}
        for third in thirds if mine else ():
            pair = known.get(third)
            if pair and pair.likeness:
                _put(batch, replace(pair, shared=pair.shared + 1))
            elif score := _score(mine, _names(batch, third)):
                shared = 1 + _shared(batch, _ties(batch, who), third)
                _keep(batch, who, third, score, shared, pair is not None and pair.judged)
    for who, thing in ((one, other), (other, one)):
        batch.put(TieRow(who, thing))
        tied = batch.get(TiedRow, who)
        batch.put(TiedRow(who, tied.others + 1 if tied else 1))


def was_judged(batch: Batch, one: UUID, other: UUID, judged: bool) -> None:
    """Somebody decided about these two, or took it back."""
    a, b = sorted((one, other))
    pair = batch.get(PairRow, a, b) or PairRow(a, b, 0.0, 0, 0.0)
    if judged or pair.likeness:
        batch.put(replace(pair, judged=judged))
    else:
        batch.drop(PairRow, a, b)


def _ties(batch: Batch, one: UUID) -> list[UUID]:
    """Those to whom somebody or something is tied; none where they are too many to tell."""
    tied = batch.get(TiedRow, one)
    if tied is None or tied.others > COMMON:
        return []
    return [row.other for row in batch.find(TieRow, TieRow.table.c.one == one)]


def _shared(batch: Batch, ties: Collection[UUID], other: UUID) -> int:
    return len(set(ties).intersection(_ties(batch, other))) if ties else 0


def _names(batch: Batch, one: UUID) -> list[Called]:
    found = batch.find(NameRow, NameRow.table.c.entity == one)
    return [called(row.name) for row in found]


def _pairs_of(batch: Batch, one: UUID) -> dict[UUID, PairRow]:
    """The pairs of somebody, by the other."""
    c = PairRow.table.c
    found = batch.find(PairRow, sa.or_(c.a == one, c.b == one))
    return {pair.a if pair.b == one else pair.b: pair for pair in found}


def _score(ones: Sequence[Called], others: Sequence[Called]) -> float:
    """How alike the names of two are who are tied to the same; 0 where nothing sounds alike."""
    heard = {sound for name in ones for sound in sounds(name.name)}
    if all(heard.isdisjoint(sounds(name.name)) for name in others):
        return 0.0
    return likeness(ones, others, 0)[0]


def _keep(batch: Batch, one: UUID, other: UUID, score: float, shared: int, judged: bool) -> None:
    """A pair that was not kept, if it is worth a look."""
    if score and score + TIE * shared >= ENOUGH:
        a, b = sorted((one, other))
        _put(batch, PairRow(a, b, score, shared, 0.0, judged))


def _put(batch: Batch, pair: PairRow) -> None:
    batch.put(replace(pair, worth=-round(min(1.0, pair.likeness + TIE * pair.shared), 3)))


VIEW = View("alike", (SoundRow, NameRow, TieRow, TiedRow, PairRow), apply)


# --- queries ------------------------------------------------------------------------------------


def pairs(
    db: Db, reader: Reader, after: PairRow | None = None, limit: int | None = None
) -> list[PairRow]:
    """Some of the pairs that wait for a decision and both of whom the reader sees, behind one of
    them; the likeliest first."""
    return worth.first(db, reader, PairRow, after, limit, [sa.not_(PairRow.table.c.judged)])
