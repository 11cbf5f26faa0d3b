"""Which people may be one, and which are named together without a link? For a person to decide.

Nothing is merged or linked here: a suggestion orders a queue and gives its reasons. A pair that
was judged, whichever way, does not come back.
"""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import combinations
from typing import Literal, NamedTuple
from uuid import UUID

from rapidfuzz.distance import JaroWinkler

from domain import forms
from domain.values import Reader
from projections import links, mentions, people
from projections.people import Entity
from projections.schema import Db

ENOUGH = 0.88
SHORT = 0.9  # of a short name and what it stands for
CROWD = 200  # a sound that so many share tells nothing


@dataclass(frozen=True)
class Suggestion:
    """Two entities and why somebody should look at them together; `score` from 0 to 1."""

    what: Literal["same", "link"]
    a: UUID
    label_a: str
    b: UUID
    label_b: str
    score: float
    reasons: tuple[str, ...]


def suggestions(db: Db, reader: Reader, *, limit: int = 20) -> list[Suggestion]:
    """The most likely pairs first, of both kinds together."""
    known = people.entities(db, reader)
    found = _same(db, reader, known) + _together(db, reader, known)
    return sorted(found, key=lambda one: (-one.score, one.a, one.b))[:limit]


def _same(db: Db, reader: Reader, known: dict[UUID, Entity]) -> list[Suggestion]:
    judged = {frozenset((row.a, row.b)) for row in people.judgements(db, reader)}
    groups = people.clusters(db, reader)
    neighbours = _neighbours(db, reader)
    blocks: dict[str, set[UUID]] = defaultdict(set)
    persons = {one: entity for one, entity in known.items() if entity.kind == "person"}
    for one, entity in persons.items():
        for name in entity.names:
            for word in forms.tokens(name):
                for each in (word, *forms.given_names(word)):
                    for sound in forms.sounds(each):
                        blocks[sound].add(one)
    pairs = {
        pair
        for block in blocks.values()
        if len(block) <= CROWD
        for pair in combinations(sorted(block), 2)
    }
    called = {one: [_called(name) for name in entity.names] for one, entity in persons.items()}
    found = []
    for a, b in pairs:
        if frozenset((a, b)) in judged or groups.get(a, a) == groups.get(b, b):
            continue
        shared = neighbours[a] & neighbours[b]
        score, reasons = _likeness(called[a], called[b], ENOUGH - 0.05 * len(shared))
        if shared and score:
            named = ", ".join(sorted(known[one].label for one in shared if one in known)[:3])
            reasons.append(f"both tied to {named}")
            score = min(1.0, score + 0.05 * len(shared))
        if score >= ENOUGH:
            found.append(
                Suggestion(
                    "same",
                    a,
                    persons[a].label,
                    b,
                    persons[b].label,
                    round(score, 3),
                    tuple(reasons),
                )
            )
    return found


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


def _neighbours(db: Db, reader: Reader) -> dict[UUID, set[UUID]]:
    found: dict[UUID, set[UUID]] = defaultdict(set)
    for row in links.links(db, reader, links.Asked(min_rank=None)):
        found[row.a].add(row.b)
        found[row.b].add(row.a)
    return found


def _together(db: Db, reader: Reader, known: dict[UUID, Entity]) -> list[Suggestion]:
    linked = {
        frozenset((row.a, row.b)) for row in links.links(db, reader, links.Asked(min_rank=None))
    }
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
