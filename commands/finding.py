"""Searching across teams without showing across teams: the silent hit.

Who searches sees what they may see, as if nothing else existed. What else their search met is told
to those who hold it, so that no child is lost between two teams.
"""

from collections.abc import Collection, Iterable
from dataclasses import dataclass, replace
from uuid import UUID

from access import scope
from domain import forms
from domain.consultation import SearchTouched
from domain.values import Reader
from projections import holders, people
from projections import search as words_view
from projections.holders import Holding
from projections.schema import Db
from projections.search import Hit

#: So many hits are looked at for what they may not show, whatever the searcher asked to see.
LOOKED_AT = 2_000


@dataclass(frozen=True)
class Found:
    """What a search shows, and what it met and may not show."""

    hits: tuple[Hit, ...]
    touched: tuple[SearchTouched, ...]


def search(db: Db, reader: Reader, words: str, limit: int) -> Found:
    """Find words as `projections.search` does, among what the reader may see.

    Everything is searched every time, so that a search that meets something hidden takes no other
    way than one that does not; what is shown never comes from that. On an open store nothing is
    hidden.
    """
    shown = _named(db, reader, words_view.search(db, reader, words, limit=limit))
    if not reader.closed:
        return Found(tuple(shown), ())
    every = [hit.id for hit in words_view.met(db, scope.unlimited(reader), words)[:LOOKED_AT]]
    return Found(tuple(shown), _hidden(db, reader, every))


def _named(db: Db, reader: Reader, hits: list[Hit]) -> list[Hit]:
    """Each person or thing once, whichever of their records and names were met, and people under
    what they are called today."""
    met = [hit.id for hit in hits if hit.kind == "person"]
    called, leaders = people.entities(db, reader, met), people.clusters(db, reader)
    once = {leaders.get(hit.id, hit.id): hit for hit in reversed(hits)}
    return [
        replace(hit, label=called[hit.id].label) if hit.id in called else hit
        for hit in hits
        if once[leaders.get(hit.id, hit.id)] is hit
    ]


def met(db: Db, reader: Reader, who: str) -> tuple[SearchTouched, ...]:
    """What a question about somebody by name met, where the answer was that there is nobody."""
    return _hidden(db, reader, people.named(db, scope.unlimited(reader), forms.name(who)))


def _hidden(db: Db, reader: Reader, items: Collection[UUID]) -> tuple[SearchTouched, ...]:
    """What of these the reader does not see, for those who hold it."""
    kept = sorted(set(items) - scope.seen(db, reader, items))
    held = holders.holders(db, scope.unlimited(reader), kept)
    return touched(one for item in kept for one in held.get(item, ()))


def touched(met: Iterable[Holding]) -> tuple[SearchTouched, ...]:
    """What the holders are told: once a case, by the first thing that was met."""
    by_case: dict[UUID, Holding] = {}
    for one in sorted(met, key=lambda one: (one.case, one.item)):
        by_case.setdefault(one.case, one)
    return tuple(
        SearchTouched(one.item, one.case, one.team, one.workers) for one in by_case.values()
    )
