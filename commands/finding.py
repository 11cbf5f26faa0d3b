"""Searching across teams without showing across teams: the silent hit.

Who searches sees what they may see, as if nothing else existed. What else their search met is told
to those who hold it, so that no child is lost between two teams.
"""

from collections.abc import Iterable
from dataclasses import dataclass

from access.need_to_know import hidden
from domain.consultation import SearchTouched
from domain.values import Reader
from projections import holders
from projections import search as words_view
from projections.holders import Holding
from projections.schema import Db
from projections.search import Hit

#: So many hits are looked at, whatever the searcher asked to see.
LOOKED_AT = 2_000
#: Words of another team come up by what is shared between teams: a plate, a phone, an account.
SHARED = frozenset({"vehicle", "phone", "handle"})


@dataclass(frozen=True)
class Found:
    """What a search shows, and what it met and may not show."""

    hits: tuple[Hit, ...]
    touched: tuple[SearchTouched, ...]


def search(db: Db, reader: Reader, words: str, limit: int) -> Found:
    """Find words as `projections.search` does, among what the reader may see."""
    found = words_view.search(db, reader, words, limit=LOOKED_AT)
    held = holders.holders(db, reader, [hit.id for hit in found])
    shown, met = [], list[Holding]()
    for hit in found:
        by = held.get(hit.id, ())
        kept_back = hidden(reader, by)
        met += by if kept_back else ()
        if not kept_back or hit.field in SHARED:
            shown.append(hit)
    return Found(tuple(shown[:limit]), touched(met))


def touched(met: Iterable[Holding]) -> tuple[SearchTouched, ...]:
    """What the holders are told: once a case, by the first thing that was met."""
    by_case: dict[object, Holding] = {}
    for one in met:
        by_case.setdefault(one.case, one)
    return tuple(
        SearchTouched(one.item, one.case, one.team, one.workers) for one in by_case.values()
    )
