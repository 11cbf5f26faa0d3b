"""Lists of all vehicles, phones or places that a reader may see, with their number of independent
sources and when each was last seen; the last recorded come first.

Things that were judged the same are one row. Homes of children and of their families, placements
and refuges are in no list of places (`network.query.homes.unlisted_places`).
"""

from collections import defaultdict
from collections.abc import Callable, Sequence
from datetime import datetime
from typing import ClassVar, TypeAlias
from uuid import UUID

from msgspec import Struct

from domain import forms
from domain.kernel.values import EntityKind, Reader
from network.query.graph_builder import Gathering
from network.query.homes import unlisted_places
from network.query.link_pairs import independent, last_true
from projections.intelligence import people
from projections.intelligence.links import LinkFilter, LinkRow
from projections.intelligence.people import IndexedItem
from projections.kernel.columns import Column
from projections.kernel.database import Db
from projections.kernel.queries import COUNTED

#: The filter for links of every grade: a list contains everything that is recorded.
_EVERY = LinkFilter(min_rank=None)
#: The sort key of a thing in its list: the time when it was first recorded, and its id.
Place: TypeAlias = tuple[datetime, UUID]


class Indexed(Struct, frozen=True):
    """A recorded thing as a row of a list.

    `sources` is the number of independent sources of its links that the reader may see (an unknown
    source is not counted); `last_seen` is when one of these links was last true in the world, None
    if no time was recorded.
    """

    columns: ClassVar[tuple[Column, ...]] = (
        Column("label", "name"),
        Column("description", "description"),
        Column("ties", "links"),
        Column("sources", "independent sources"),
        Column("last_seen", "last seen", "day"),
        Column("known_from", "recorded", "moment"),
        Column("id", "id", "id"),
    )
    order: ClassVar[tuple[str, ...]] = ("-known_from", "id")
    id: UUID
    kind: EntityKind
    label: str
    description: str | None
    ties: int
    sources: int
    last_seen: datetime | None
    known_from: datetime


def list_sort_keys(db: Db, reader: Reader, kind: EntityKind, words: str = "") -> list[Place]:
    """Return the sort key of each thing of this kind that the reader sees; places that are never
    listed are left out. With `words`, only things that match are included: either each of the words
    is the beginning of a word in the thing's name or description, or all of them together are part
    of its plate or number.
    """
    leader = people.clusters(db, reader)
    fits = _fitting(kind, words)
    since: dict[UUID, datetime] = {}
    found_items: set[UUID] = set()
    for item in people.list_unrestricted(db, reader, kind):
        lead = leader.get(item.id, item.id)
        since.setdefault(lead, item.known_from)
        if fits(item):
            found_items.add(lead)
    if kind == "place":
        found_items -= unlisted_places(db, reader)
    return sorted(((since[item], item) for item in found_items), reverse=True)


def page(
    db: Db, reader: Reader, kind: EntityKind, words: str, skip: int, most: int
) -> tuple[list[Indexed], int]:
    """Return `most` items of the list after the first `skip` items, and the number of all items. In
    a long list the number of all items is not exact: counting stops `COUNTED` items after the
    returned items.
    """
    if _looked_through(kind, words):
        sort_keys = list_sort_keys(db, reader, kind, words)
        return rows(db, reader, kind, sort_keys[skip : skip + most]), len(sort_keys)
    things = people.pages_of_kind(db, reader, kind)
    page_rows = rows(db, reader, kind, things.page(skip, most))
    return page_rows, things.count(skip + most + COUNTED)


def page_after(
    db: Db, reader: Reader, kind: EntityKind, words: str, after: Place | None, most: int
) -> tuple[list[Indexed], Place | None]:
    """Return at most `most` things after the sort key `after`, and the sort key of the last of them
    if more things follow.
    """
    if _looked_through(kind, words):
        sort_keys = list_sort_keys(db, reader, kind, words)
        later_keys = [place for place in sort_keys if after is None or place < after]
    else:
        start = people.Since(*after) if after else None
        later_keys = [*people.pages_of_kind(db, reader, kind).page(0, most + 1, start)]
    page_keys = later_keys[:most]
    return rows(db, reader, kind, page_keys), page_keys[-1] if len(later_keys) > most else None


def _looked_through(kind: EntityKind, words: str) -> bool:
    """Return whether all things of this kind have to be read to make one page of the list. This is
    so for a search by words, and for places, because homes are left out.
    """
    return bool(words.strip()) or kind == "place"


def _fitting(kind: EntityKind, words: str) -> Callable[[IndexedItem], bool]:
    """Return a function that returns whether a thing matches the words. Without words, everything
    matches; punctuation alone matches nothing.
    """
    if not words.strip():
        return lambda one: True
    wanted, run = forms.tokens(words), forms.squash(words)
    if kind == "phone":
        run = run.lstrip("0")  # this removes the zero, so that a number with +44 matches, too

    def fits(item: IndexedItem) -> bool:
        item_words = [
            word for text in (*item.names, item.description or "") for word in forms.tokens(text)
        ]
        if wanted and all(
            any(word.startswith(wanted_word) for word in item_words) for wanted_word in wanted
        ):
            return True
        return bool(run) and any(run in forms.squash(name) for name in item.names)

    return fits


def rows(db: Db, reader: Reader, kind: EntityKind, places: Sequence[Place]) -> list[Indexed]:
    """Return rows of a list for the things with these sort keys."""
    ids = [listed_id for _, listed_id in places]
    gathering = Gathering(db, reader, _EVERY, "all")
    gathering.meet(ids)
    at: dict[UUID, list[LinkRow]] = defaultdict(list)
    for a, b, row in gathering.links_of(ids):
        if row.kind != "lies-in":  # if a place lies in an area, that is no visit to the place
            at[a].append(row)
            at[b].append(row)
    roots = gathering.roots([row for item_id in ids for row in at[item_id]])
    indexed_items: list[Indexed] = []
    for since, item in places:
        who, ties = gathering.entities[item], at[item]
        indexed_items.append(
            Indexed(
                id=item,
                kind=kind,
                label=who.label,
                description=who.description,
                ties=len(ties),
                sources=len(independent(ties, roots)),
                last_seen=last_true(ties),
                known_from=since,
            )
        )
    return indexed_items
