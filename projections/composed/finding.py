"""Searching across teams without showing across teams: the silent hit.

Who searches sees what they may see, as if nothing else existed. What else their search met is told
to those who hold it, so that no child is lost between two teams.
"""

from collections.abc import Collection, Iterable
from dataclasses import dataclass, replace
from typing import ClassVar, TypeAlias
from uuid import UUID

import msgspec

from access.who_may import scope
from domain import forms
from domain.data_protection.access_log import SearchTouched
from domain.kernel.values import Reader, Threshold
from projections import search as words_view
from projections.composed.facets import FacetCount, Narrowed, narrowed
from projections.families import cases, holders
from projections.families.holders import Holding
from projections.intelligence import people
from projections.kernel.columns import Column
from projections.kernel.database import Db
from projections.search import RankedHit, names

Hits: TypeAlias = tuple[SearchTouched, ...]
#: So many of what was found are counted, however many of them the searcher asked to see.
MOST = 2_000
#: Of each of many that are searched for at once so many are told.
BEST = 5


@dataclass(frozen=True)
class SearchPage:
    """What a search shows, of `every` that it found, how many there are of each kind, team and so
    on, and what it met and may not show."""

    hits: tuple[RankedHit, ...]
    touched: tuple[SearchTouched, ...]
    counts: tuple[FacetCount, ...] = ()
    every: int = 0


def search(
    db: Db, reader: Reader, words: str, limit: int, wanted: Narrowed | None = None
) -> SearchPage:
    """Find words as `projections.search` does, among what the reader may see, narrowed to what is
    `wanted` of it and counted (None: neither). Raises Refused for a period that is none.

    Everything is searched every time, as the reader and then without limits, so that a search that
    meets something hidden takes no other way than one that does not; what is shown never comes from
    the second. On an open store nothing is hidden.
    """
    most = limit if wanted is None else MOST
    asked = words_view.asked(db, words)
    fitting = _once(db, reader, words_view.found(db, reader, asked, most))
    counts: tuple[FacetCount, ...] = ()
    if wanted is not None:
        fitting, counts = narrowed(db, reader, fitting, wanted)
    shown = tuple(words_view.with_words(db, reader, _named(db, reader, fitting[:limit])))
    if not reader.closed:
        return SearchPage(shown, (), counts, len(fitting))
    every = words_view.met(db, scope.unlimited(reader), asked)
    return SearchPage(shown, _hidden(db, reader, every), counts, len(fitting))


@dataclass(frozen=True)
class BulkMatch:
    """What fits one of many that were searched for at once, the `number`-th; without an `item`
    nothing that the reader sees does."""

    columns: ClassVar[tuple[Column, ...]] = (
        Column("asked", "searched for"),
        Column("what", "what fits"),
        Column("kind", "kind"),
        Column("why", "why"),
        Column("item", "item", "id"),
    )
    order: ClassVar[tuple[str, ...]] = ("number", "place")
    number: int
    place: int
    asked: str
    item: UUID | None = None
    kind: str | None = None
    what: str | None = None
    why: str | None = None
    score: float | None = None


def several(
    db: Db, reader: Reader, terms: Iterable[str]
) -> tuple[list[BulkMatch], tuple[SearchTouched, ...]]:
    """Each of these searched for as by itself, the best of what fits it; and what was met and is
    not the searcher's, once a case."""
    rows: list[BulkMatch] = []
    met_too: dict[UUID, SearchTouched] = {}
    for number, term in enumerate(terms, 1):
        found = search(db, reader, term, BEST)
        for hit in found.touched:
            met_too.setdefault(hit.case, hit)
        rows += [
            BulkMatch(number, place, term, hit.id, hit.kind, hit.label, hit.why, hit.score)
            for place, hit in enumerate(found.hits, 1)
        ] or [BulkMatch(number, 0, term)]
    return rows, tuple(met_too.values())


def _once(db: Db, reader: Reader, hits: list[RankedHit]) -> list[RankedHit]:
    """Each person or thing once, whichever of their records and names were met."""
    leaders = people.leaders(db, reader, [hit.id for hit in hits if hit.kind != "observation"])
    of = [leaders.get(hit.id, hit.id) for hit in hits]
    first = dict(zip(reversed(of), reversed(hits), strict=True))
    return [hit for one, hit in zip(of, hits, strict=True) if first[one] is hit]


def _named(db: Db, reader: Reader, hits: list[RankedHit]) -> list[RankedHit]:
    """The hits, people under what they are called today."""
    called = people.called(db, reader, [hit.id for hit in hits if hit.kind == "person"])
    return [replace(hit, label=called[hit.id].label) if hit.id in called else hit for hit in hits]


def met(db: Db, reader: Reader, who: str) -> tuple[SearchTouched, ...]:
    """What a question about somebody by name met, where the answer was that there is nobody."""
    return _hidden(db, reader, people.named(db, scope.unlimited(reader), forms.name(who)))


def referred(db: Db, reader: Reader, called: Iterable[str], level: Threshold) -> Hits:
    """Return the hits for other teams that hold a child of one of these names, whom the reader
    refers, at this rating. A name fits as in a search: misspelt, or a short one.

    A decision is due at once for a case that is open and whose child is missing or rated high, by
    either team. Who refers a child into another team's case, which they see, is told to it, too.
    """
    if not reader.closed:
        return ()
    everything = scope.unlimited(reader)
    children = {one for name in called for one in _of_name(db, everything, name)}
    found = []
    for hit in held_by(db, reader, children):
        case = cases.get(db, everything, hit.case)
        now = case is not None and case.closed is None
        danger = now and case and (case.missing or "high" in (case.threshold, level))
        found.append(msgspec.structs.replace(hit, referred=True, at_once=bool(danger)))
    return tuple(found)


def _of_name(db: Db, everything: Reader, name: str) -> set[UUID]:
    """The people each word of whose name fits."""
    fitting = [set(names.met(db, everything, token)) for token in forms.tokens(name)]
    return set(people.named(db, everything, forms.name(name))).union(
        set.intersection(*fitting) if fitting else ()
    )


def _hidden(db: Db, reader: Reader, items: Collection[UUID]) -> tuple[SearchTouched, ...]:
    """What of these the reader does not see, for those who hold it."""
    return held_by(db, reader, scope.unseen(db, reader, items))


def held_by(db: Db, reader: Reader, hidden: Collection[UUID]) -> tuple[SearchTouched, ...]:
    """Return the hits for those who hold these items, which the reader met and may not see.

    A case of the reader's own team, or one in which they work, is no hit: its own people look at
    it, and no child is lost between two teams.
    """
    held = holders.holders(db, scope.unlimited(reader), sorted(hidden))
    every = (one for item in sorted(hidden) for one in held.get(item, ()))
    return touched(one for one in every if not _own(reader, one))


def _own(reader: Reader, holding: Holding) -> bool:
    """True for a case of the reader's teams, and for one in which they work."""
    return holding.team in reader.teams or reader.name in holding.workers


def touched(met: Iterable[Holding]) -> tuple[SearchTouched, ...]:
    """What the holders are told: once a case, by the first thing that was met."""
    by_case: dict[UUID, Holding] = {}
    for one in sorted(met, key=lambda one: (one.case, one.item)):
        by_case.setdefault(one.case, one)
    return tuple(
        SearchTouched(one.item, one.case, one.team, one.workers) for one in by_case.values()
    )
