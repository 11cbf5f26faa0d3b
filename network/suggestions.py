"""Which people may be one, and which are named together without a link? For a person to decide.

Nothing is merged or linked here: a suggestion orders a queue and gives its reasons. A pair that
was judged, whichever way, does not come back.
"""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from heapq import nsmallest
from itertools import combinations
from typing import Literal, NamedTuple
from uuid import UUID

import numpy as np
from rapidfuzz.distance import JaroWinkler
from rapidfuzz.process import cdist

from domain import forms
from domain.values import Reader
from projections import links, mentions, people
from projections.people import Called
from projections.schema import Db

ENOUGH = 0.88
SHORT = 0.9  # of a short name and what it stands for
CROWD = 200  # a sound that so many share tells nothing
What = Literal["same", "link"]


@dataclass(frozen=True)
class Suggestion:
    """Two entities and why somebody should look at them together; `score` from 0 to 1."""

    what: What
    a: UUID
    label_a: str
    b: UUID
    label_b: str
    score: float
    reasons: tuple[str, ...]


class _Called(NamedTuple):
    """A name with the forms in which it is compared; `stand_for` are the given names for which its
    first word is short."""

    name: str
    normal: str
    first: str
    rest: str
    stand_for: frozenset[str]


def _called(name: str) -> _Called:
    normal = forms.name(name)
    first, _, rest = normal.partition(" ")
    return _Called(name, normal, first, rest, frozenset(forms.given_names(first)))


def suggestions(
    db: Db, reader: Reader, *, limit: int = 20, what: What | None = None
) -> list[Suggestion]:
    """The most likely pairs first, of both kinds together or of one."""
    known = people.called(db, reader)
    ties = [(row.a, row.b) for row in links.links(db, reader, links.Asked(min_rank=None))]
    found = [] if what == "link" else _same(db, reader, known, ties, limit)
    found += [] if what == "same" else _together(db, reader, known, ties)
    return sorted(found, key=lambda one: (-one.score, one.a, one.b))[:limit]


def _same(
    db: Db, reader: Reader, known: dict[UUID, Called], ties: list[tuple[UUID, UUID]], limit: int
) -> list[Suggestion]:
    # by their places in this list: thousands of pairs are compared, and ids compare slowly
    ids = sorted(one for one, entity in known.items() if entity.kind == "person")
    called = [[_called(name) for name in known[one].names] for one in ids]
    neighbours = _neighbours(ids, ties)
    place = {one: number for number, one in enumerate(ids)}
    judged = {(place.get(row.a), place.get(row.b)) for row in people.judgements(db, reader)}
    groups = people.clusters(db, reader)
    led = [groups.get(one, one) for one in ids] if groups else range(len(ids))

    def likeness(a: int, b: int) -> tuple[float, list[str], set[UUID]]:
        shared = neighbours[a] & neighbours[b]
        score, reasons = _likeness(called[a], called[b], ENOUGH - 0.05 * len(shared))
        return min(1.0, score + 0.05 * len(shared)) if score else 0.0, reasons, shared

    scored = (
        (-round(score, 3), a, b)
        for a, b in _worth_comparing(called, neighbours)
        if (score := likeness(a, b)[0]) >= ENOUGH
        and led[a] != led[b]
        and not judged & {(a, b), (b, a)}
    )
    found = []
    for _, a, b in nsmallest(limit, scored):
        score, reasons, shared = likeness(a, b)
        if shared:
            named = ", ".join(sorted(known[each].label for each in shared if each in known)[:3])
            reasons.append(f"both tied to {named}")
        one, other = ids[a], ids[b]
        labels = known[one].label, known[other].label
        why = tuple(reasons)
        found.append(Suggestion("same", one, labels[0], other, labels[1], round(score, 3), why))
    return found


def _worth_comparing(
    called: Sequence[Sequence[_Called]], neighbours: Sequence[set[UUID]]
) -> set[tuple[int, int]]:
    """The pairs of people, by their places, who have a sound in common and are tied to the same, or
    have names that look alike or of which one is short for the other. No other is suggested."""
    blocks: dict[str, set[int]] = defaultdict(set)
    for place, names in enumerate(called):
        words = {word for name in names for word in forms.tokens(name.name)}
        for word in words:
            for each in (word, *forms.given_names(word)):
                for sound in forms.sounds(each):
                    blocks[sound].add(place)
    pairs: set[tuple[int, int]] = set()
    for block in blocks.values():
        if 1 < len(block) <= CROWD:
            pairs |= _alike(called, block) | _tied(neighbours, block)
    return pairs


def _alike(called: Sequence[Sequence[_Called]], block: set[int]) -> set[tuple[int, int]]:
    named = [(place, name) for place in sorted(block) for name in called[place]]
    normal = [name.normal for _, name in named]
    # a little less than enough: these are rounded, and compared once more exactly
    alike = cdist(
        normal, normal, scorer=JaroWinkler.similarity, score_cutoff=ENOUGH - 0.001, dtype=np.float32
    )
    ones, others = np.nonzero(alike)
    pairs = zip(ones.tolist(), others.tolist(), strict=True)
    found = {(named[one][0], named[other][0]) for one, other in pairs if one < other}
    bearing: dict[str, set[int]] = defaultdict(set)
    for place, name in named:
        bearing[name.first].add(place)
    for place, name in named:
        for full in name.stand_for:
            found |= {(min(place, other), max(place, other)) for other in bearing.get(full, ())}
    return {(one, other) for one, other in found if one != other}


def _tied(neighbours: Sequence[set[UUID]], block: set[int]) -> set[tuple[int, int]]:
    by: dict[UUID, list[int]] = defaultdict(list)
    for place in sorted(block):
        for neighbour in neighbours[place]:
            by[neighbour].append(place)
    return {pair for places in by.values() for pair in combinations(places, 2)}


def _likeness(
    ones: Sequence[_Called], others: Sequence[_Called], enough: float
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


def _neighbours(ids: Sequence[UUID], ties: list[tuple[UUID, UUID]]) -> list[set[UUID]]:
    found: dict[UUID, set[UUID]] = defaultdict(set)
    for a, b in ties:
        found[a].add(b)
        found[b].add(a)
    return [found.get(one, set()) for one in ids]


def _together(
    db: Db, reader: Reader, known: dict[UUID, Called], ties: list[tuple[UUID, UUID]]
) -> list[Suggestion]:
    linked = {frozenset(ends) for ends in ties}
    return [
        Suggestion(
            "link",
            a,
            known[a].label,
            b,
            known[b].label,
            round(1 - 0.5 ** len(words), 3),
            (f"named together in {len(words)} observation{'s' if len(words) > 1 else ''}",),
        )
        for (a, b), words in mentions.named_together(db, reader).items()
        if frozenset((a, b)) not in linked and a in known and b in known
    ]
