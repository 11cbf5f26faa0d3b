"""Which people may be one, and which are named together without a link? For a person to decide.

Nothing is merged or linked here: a suggestion orders a queue and gives its reasons. A pair that
was judged, whichever way, does not come back.
"""

from collections import defaultdict
from dataclasses import dataclass
from itertools import combinations
from typing import Literal
from uuid import UUID

from rapidfuzz.distance import JaroWinkler

from domain import forms
from domain.values import Reader
from projections import links, mentions, people
from projections.people import Entity
from projections.schema import Db

ENOUGH = 0.88
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
    found = []
    for a, b in sorted(pairs):
        if frozenset((a, b)) in judged or groups.get(a, a) == groups.get(b, b):
            continue
        score, reasons = _likeness(persons[a], persons[b])
        shared = neighbours[a] & neighbours[b]
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


def _likeness(one: Entity, other: Entity) -> tuple[float, list[str]]:
    best, reason = 0.0, ""
    for name in one.names:
        for second in other.names:
            x, y = forms.name(name), forms.name(second)
            score = JaroWinkler.similarity(x, y)
            why = "the same name" if x == y else f"{name!r} looks like {second!r}"
            for short, full in ((x, y), (y, x)):
                first, _, rest = short.partition(" ")
                given, _, family = full.partition(" ")
                if given in forms.given_names(first) and rest in ("", family):
                    score, why = max(score, 0.9), f"{first!r} is short for {given!r}"
            if score > best:
                best, reason = score, why
    return best, [reason] if reason else []


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
