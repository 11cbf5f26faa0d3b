"""Which people may be one, and which are named together without a link? For a person to decide.

Nothing is merged or linked here: a suggestion orders a queue and gives its reasons. A pair that
was judged, whichever way, does not come back.

Pairs are kept up by their views, in the order of what they are worth over all that was recorded.
For no reader are they worth more than that, so they are read from the front and reckoned by what
the reader sees, until those that follow cannot be worth more than what was found.
"""

from collections import defaultdict
from collections.abc import Callable, Collection, Iterable
from dataclasses import dataclass
from typing import ClassVar, Literal, TypeVar
from uuid import UUID

from domain.values import Reader
from projections import alike, links, mentions, people
from projections.alike import ENOUGH, TIE, PairRow
from projections.columns import Column
from projections.mentions import TogetherRow
from projections.schema import Db

#: So many kept pairs are read at once.
SOME = 50
EVERY_TIE = links.Asked(min_rank=None)
What = Literal["same", "link"]
K = TypeVar("K", PairRow, TogetherRow)


@dataclass(frozen=True)
class Suggestion:
    """Two entities and why somebody should look at them together; `score` from 0 to 1."""

    columns: ClassVar[tuple[Column, ...]] = (
        Column("what", "what"),
        Column("label_a", "who"),
        Column("a", "a", "id"),
        Column("label_b", "and"),
        Column("b", "b", "id"),
        Column("score", "score", "figure"),
        Column("because", "why"),
    )
    order: ClassVar[tuple[str, ...]] = ("place",)
    what: What
    a: UUID
    label_a: str
    b: UUID
    label_b: str
    score: float
    reasons: tuple[str, ...]

    @property
    def because(self) -> str:
        """The reasons in one line."""
        return "; ".join(self.reasons)

    @property
    def place(self) -> tuple[float, UUID, UUID]:
        """Where it stands in the order of suggestions."""
        return -self.score, self.a, self.b


def suggestions(
    db: Db, reader: Reader, *, limit: int = 20, what: What | None = None
) -> list[Suggestion]:
    """The most likely pairs first, of both kinds together or of one."""
    found: list[Suggestion] = []
    if what != "link":
        kept_alike = lambda after: alike.pairs(db, reader, after, SOME)  # noqa: E731
        found += _first(limit, kept_alike, lambda some: _same(db, reader, some))
    if what != "same":
        kept_together = lambda after: mentions.together(db, reader, after, SOME)  # noqa: E731
        found += _first(limit, kept_together, lambda some: _together(db, reader, some))
    return sorted(found, key=lambda one: one.place)[:limit]


def _first(
    limit: int,
    kept: Callable[[K | None], list[K]],
    reckoned: Callable[[list[K]], Iterable[Suggestion]],
) -> list[Suggestion]:
    """The first suggestions that follow from kept pairs, as far as those have to be read."""
    found: list[Suggestion] = []
    after: K | None = None
    while some := kept(after):
        found += reckoned(some)
        after = some[-1]
        place = after.worth, after.a, after.b
        if len(some) < SOME or sum(one.place <= place for one in found) >= limit:
            break
    return found


def _same(db: Db, reader: Reader, kept: list[PairRow]) -> Iterable[Suggestion]:
    known = people.called(db, reader, {end for pair in kept for end in (pair.a, pair.b)})
    tied = _neighbours(db, reader, {end for p in kept if p.shared for end in (p.a, p.b)})
    common = {one for pair in kept for one in tied[pair.a] & tied[pair.b]}
    named = people.called(db, reader, common)
    leader = people.leaders(db, reader, known)
    for pair in kept:
        if pair.a not in known or pair.b not in known or leader[pair.a] == leader[pair.b]:
            continue
        a, b = known[pair.a], known[pair.b]
        shared = tied[pair.a] & tied[pair.b]
        ones, others = ([alike.called(name) for name in each.names] for each in (a, b))
        score, reasons = alike.likeness(ones, others, ENOUGH - TIE * len(shared))
        score = round(min(-pair.worth, score + TIE * len(shared)), 3) if score else 0.0
        if score < ENOUGH:
            continue
        if shared:
            labels = sorted(named[each].label for each in shared if each in named)
            reasons.append(f"both tied to {', '.join(labels[:3])}")
        yield Suggestion("same", pair.a, a.label, pair.b, b.label, score, tuple(reasons))


def _neighbours(db: Db, reader: Reader, ids: Collection[UUID]) -> dict[UUID, set[UUID]]:
    found: dict[UUID, set[UUID]] = defaultdict(set)
    for row in links.touching(db, reader, ids, EVERY_TIE):
        found[row.a].add(row.b)
        found[row.b].add(row.a)
    return found


def _together(db: Db, reader: Reader, kept: list[TogetherRow]) -> Iterable[Suggestion]:
    ids = {end for pair in kept for end in (pair.a, pair.b)}
    known = people.called(db, reader, ids)
    linked = {frozenset((row.a, row.b)) for row in links.among(db, reader, ids, EVERY_TIE)}
    words = mentions.words(db, reader, ids)
    for pair in kept:
        number = len(words[pair.a] & words[pair.b])
        if not number or pair.a not in known or pair.b not in known:
            continue
        if frozenset((pair.a, pair.b)) in linked:
            continue
        score = round(1 - 0.5**number, 3)
        why = f"named together in {number} observation{'s' if number > 1 else ''}"
        a, b = known[pair.a].label, known[pair.b].label
        yield Suggestion("link", pair.a, a, pair.b, b, score, (why,))
