"""Search for items, and send silent alerts about a search to other teams.

The searcher is shown only what they may see, as if nothing else existed. If other teams have
recorded matching items that the searcher may not see, these teams are informed, so that a child who
is known to two teams is not overlooked by both.
"""

from collections.abc import Collection, Iterable
from typing import ClassVar, TypeAlias
from uuid import UUID

import msgspec
from msgspec import Struct
from msgspec.structs import replace

from access.who_may import scope
from domain import forms
from domain.data_protection.access_log import SearchTouched
from domain.kernel.values import ENTITY_KINDS, Reader, Threshold
from projections import search as words_view
from projections.composed.facets import FacetCount, FacetFilter, narrowed
from projections.families import cases, holders
from projections.families.holders import Holding
from projections.intelligence import people
from projections.kernel.columns import Column
from projections.kernel.database import Db
from projections.search import RankedHit, names

Hits: TypeAlias = tuple[SearchTouched, ...]
#: A search that counts its hits by facet counts at most this many.
MOST = 2_000
#: Number of hits that are shown for each term of a bulk search.
BEST = 5


class SearchPage(Struct, frozen=True):
    """The result of a search: the hits to show (`hits`), the number of all hits (`every`), the
    number of hits by facet (`counts`), and the silent alerts to send (`touched`).
    """

    hits: tuple[RankedHit, ...]
    touched: tuple[SearchTouched, ...]
    counts: tuple[FacetCount, ...] = ()
    every: int = 0


def search(
    db: Db, reader: Reader, words: str, limit: int, wanted: FacetFilter | None = None
) -> SearchPage:
    """Return the items that match these words and that the reader may see. The module
    `projections.search` says how words match. With `wanted`, the hits are filtered and counted by
    facet. Raise Refused for an invalid period.

    On a store with accounts, every search runs twice: with the reader's rights and with unlimited
    rights. A search with a hidden hit therefore takes the same steps as any other. Only hits of the
    first run are shown.
    """
    most = limit if wanted is None else MOST
    query = words_view.make_query(db, words)
    fitting = _once(db, reader, words_view.best_hits(db, reader, query, most))
    counts: tuple[FacetCount, ...] = ()
    if wanted is not None:
        fitting, counts = narrowed(db, reader, fitting, wanted)
    shown = tuple(words_view.with_words(db, reader, _named(db, reader, fitting[:limit])))
    if not reader.closed:
        return SearchPage(shown, (), counts, len(fitting))
    matches = words_view.all_matches(db, scope.unlimited(reader), query)
    return SearchPage(shown, _hidden(db, reader, matches), counts, len(fitting))


class BulkMatch(Struct, frozen=True):
    """The result for the `number`-th of many search terms; `item` is None if the reader sees no
    match.
    """

    columns: ClassVar[tuple[Column, ...]] = (
        Column("asked", "searched for"),
        Column("what", "match"),
        Column("kind", "kind"),
        Column("why", "reason"),
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
    """Return the best hits of each term, each searched for separately; and the silent alerts, one
    for each case."""
    rows: list[BulkMatch] = []
    met_too: dict[UUID, SearchTouched] = {}
    for number, term in enumerate(terms, 1):
        page = search(db, reader, term, BEST)
        for hit in page.touched:
            met_too.setdefault(hit.case, hit)
        rows += [
            BulkMatch(number, place, term, hit.id, hit.kind, hit.label, hit.why, hit.score)
            for place, hit in enumerate(page.hits, 1)
        ] or [BulkMatch(number, 0, term)]
    return rows, tuple(met_too.values())


def _once(db: Db, reader: Reader, hits: list[RankedHit]) -> list[RankedHit]:
    """Return the search hits without duplicates. An item that matches by several records or names
    is listed once, at its first hit.
    """
    leaders = people.leaders(db, reader, [hit.id for hit in hits if hit.kind != "observation"])
    of = [leaders.get(hit.id, hit.id) for hit in hits]
    first = dict(zip(reversed(of), reversed(hits), strict=True))
    return [hit for item, hit in zip(of, hits, strict=True) if first[item] is hit]


def _named(db: Db, reader: Reader, hits: list[RankedHit]) -> list[RankedHit]:
    """Return the hits, with people and things under their present names."""
    called = people.visible_names(db, reader, [hit.id for hit in hits if hit.kind in ENTITY_KINDS])
    return [replace(hit, label=called[hit.id].label) if hit.id in called else hit for hit in hits]


def find_silent_hits(db: Db, reader: Reader, who: str) -> tuple[SearchTouched, ...]:
    """Return the silent alerts for all people with exactly this name whom the reader does not see:
    one alert for each of their cases.
    """
    return _hidden(
        db, reader, people.find_by_exact_name(db, scope.unlimited(reader), forms.name(who))
    )


def referred(db: Db, reader: Reader, called: Iterable[str], level: Threshold) -> Hits:
    """Return the silent alerts for other teams when the reader refers a child: one for each case
    with a child who has one of the names `called`. Names are compared as in a search, so that a
    misspelt name or a short form matches, too. `level` is the rating of the referral.

    The other team has to decide at once if its case is open and the child is missing, or if either
    team rated the child high. The team is informed even if the referrer sees its case.
    """
    if not reader.closed:
        return ()
    everything = scope.unlimited(reader)
    children = {item for name in called for item in _of_name(db, everything, name)}
    events = []
    for hit in hits_for_holders(db, reader, children):
        case = cases.get(db, everything, hit.case)
        now = case is not None and case.closed is None
        danger = now and case and (case.missing or "high" in (case.threshold, level))
        events.append(msgspec.structs.replace(hit, referred=True, at_once=bool(danger)))
    return tuple(events)


def _of_name(db: Db, everything: Reader, name: str) -> set[UUID]:
    """Return the people whose name contains each word of `name`."""
    fitting = [set(names.matching_items(db, everything, token)) for token in forms.tokens(name)]
    return set(people.find_by_exact_name(db, everything, forms.name(name))).union(
        set.intersection(*fitting) if fitting else ()
    )


def _hidden(db: Db, reader: Reader, items: Collection[UUID]) -> tuple[SearchTouched, ...]:
    """Return the silent alerts for those items which the reader does not see."""
    return hits_for_holders(db, reader, scope.invisible_items(db, reader, items))


def hits_for_holders(db: Db, reader: Reader, hidden: Collection[UUID]) -> tuple[SearchTouched, ...]:
    """Return the silent alerts for the teams whose cases contain these items, which matched the
    reader's search and are hidden from the reader. A case of the reader's own teams, or a case in
    which the reader works, causes no alert: its workers see the case.
    """
    holdings = holders.holders(db, scope.unlimited(reader), sorted(hidden))
    all_holdings = (holding for item in sorted(hidden) for holding in holdings.get(item, ()))
    return touched(holding for holding in all_holdings if not _own(reader, holding))


def _own(reader: Reader, holding: Holding) -> bool:
    """Return whether the case belongs to one of the reader's teams, or is a case in which the
    reader works.
    """
    return holding.team in reader.teams or reader.name in holding.workers


def touched(holdings: Iterable[Holding]) -> tuple[SearchTouched, ...]:
    """Return the silent alerts for these items: one for each case, with the case's first item."""
    by_case: dict[UUID, Holding] = {}
    for holding in sorted(holdings, key=lambda one: (one.case, one.item)):
        by_case.setdefault(holding.case, holding)
    return tuple(
        SearchTouched(
            first_holding.item, first_holding.case, first_holding.team, first_holding.workers
        )
        for first_holding in by_case.values()
    )
