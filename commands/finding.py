"""Searching across teams without showing across teams: the silent hit.

Who searches sees what they may see, as if nothing else existed. What else their search met is told
to those who hold it, so that no child is lost between two teams.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from uuid import UUID

import msgspec

from access import scope
from access.need_to_know import hidden
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
#: Words of another team come up by what is shared between teams: a plate, a phone, an account.
SHARED = frozenset({"vehicle", "phone", "handle"})


@dataclass(frozen=True)
class Found:
    """What a search shows, and what it met and may not show."""

    hits: tuple[Hit, ...]
    touched: tuple[SearchTouched, ...]


def search(db: Db, reader: Reader, words: str, limit: int) -> Found:
    """Find words as `projections.search` does, among what the reader may see.

    Everything is searched every time, so that a search that meets something hidden takes no other
    way than one that does not; what is shown never comes from that.
    """
    every = words_view.search(db, _unscoped(reader), words, limit=LOOKED_AT)
    held = holders.holders(db, reader, [hit.id for hit in every])
    if reader.closed:
        seen = scope.seen(db, reader, [hit.id for hit in every])
        found = words_view.search(db, reader, words, limit=limit)
        shown = scope.checked(db, reader, found, lambda hit: hit.id)
        met = [one for hit in every if hit.id not in seen for one in held.get(hit.id, ())]
        return Found(tuple(shown), touched(met))
    kept = {hit.id for hit in every if hidden(reader, held.get(hit.id, ()))}
    shown = [hit for hit in every if hit.id not in kept or hit.field in SHARED]
    return Found(tuple(shown[:limit]), touched(one for id_ in kept for one in held[id_]))


def met(db: Db, reader: Reader, who: str) -> tuple[SearchTouched, ...]:
    """What a question about somebody by name met, where the answer was that there is nobody."""
    named = people.named(db, _unscoped(reader), forms.name(who))
    hidden_ones = sorted(set(named) - scope.seen(db, reader, named))
    held = holders.holders(db, reader, hidden_ones)
    return touched(one for id_ in hidden_ones for one in held.get(id_, ()))


def touched(met: Iterable[Holding]) -> tuple[SearchTouched, ...]:
    """What the holders are told: once a case, by the first thing that was met."""
    by_case: dict[UUID, Holding] = {}
    for one in sorted(met, key=lambda one: (one.case, one.item)):
        by_case.setdefault(one.case, one)
    return tuple(
        SearchTouched(one.item, one.case, one.team, one.workers) for one in by_case.values()
    )


def _unscoped(reader: Reader) -> Reader:
    """The same reader without limits: for what is told to others, never to them."""
    return msgspec.structs.replace(reader, closed=False)
