"""Read the links between people in portions of the log, for computations over more links than one
process can hold.

The people and links are those of the function `measures.measured`: cleared people are left out, and
so are links between two children or victims if all layers are computed together. Facts about people
are held in memory (some 40 bytes for each person), links are not.
"""

from __future__ import annotations

from typing import Self

import numpy as np
from msgspec import Struct

from domain.kernel.codes import Layer
from domain.kernel.values import Reader
from network.index.growing_columns import Array, Ints, Numbers, from_hex
from network.index.identities import IdentityLeaders, identities_as_at
from network.index.index import Index
from network.index.view_reader import IndexReader
from network.measures.adjacency import ends_of, once
from network.query.layers import between_people
from projections.intelligence import links
from projections.intelligence.links import LinkFilter
from projections.kernel.database import Db


class LinkPortion(Struct, frozen=True):
    """The links of a portion of the log: each pair of linked people once, given by the numbers of
    the two people; the numbers that identify the cleared people whose links were left out; and how
    many links the minimum grade excluded.
    """

    a: Ints
    b: Ints
    cleared: Ints
    ungraded: int
    weaker: int


def all_ids(db: Db) -> Array:
    """Return the ids of all items, in order, including items that occur only as the end of a
    link.
    """
    read = IndexReader(db)
    names = (("entities", "entity"), ("links", "a"), ("links", "b"))
    return np.unique(np.concatenate([from_hex(read.column(*name)) for name in names]))


def count(db: Db, reader: Reader, link_filter: LinkFilter) -> int:
    """Return the number of links that a query about links between people reads."""
    return links.many(db, reader, between_people(link_filter))


class LinkStream:
    """Reads the links that match a query, in portions of the log. Each person has a number: the
    person's position in `ids`. The query has a fixed moment (`as_known`), so that later records
    change nothing.
    """

    def __init__(
        self, ids: Array, index: Index, who: IdentityLeaders, link_filter: LinkFilter, layer: Layer
    ) -> None:
        self.ids = ids
        self._index, self._who, self._asked, self._layer = index, who, link_filter, layer

    @classmethod
    def begun(
        cls, db: Db, reader: Reader, ids: Array, link_filter: LinkFilter, layer: Layer
    ) -> Self:
        """Return a stream of links for this query, after reading the facts about all people into
        memory.
        """
        index, link_filter = Index(), between_people(link_filter)
        index.take_all_but_links(IndexReader(db), Numbers(ids))
        return cls(ids, index, identities_as_at(db, reader, index, link_filter), link_filter, layer)

    def stretch(self, db: Db, reader: Reader, after: int, until: int) -> LinkPortion:
        """Return the links between people that were recorded after the position `after` in the log,
        up to the position `until`.
        """
        index = self._index
        keys, cleared = np.empty(0, np.int64), np.empty(0, np.int64)
        ungraded = weaker = 0
        for page in IndexReader(db).links(after, until):
            index.only(IndexReader(db), page)
            rows = index.visible_rows(db, reader, self._asked)
            ends = ends_of(index, self._who, rows, self._asked, self._layer)
            a, b, out = self._measured(ends.a, ends.b)
            cleared = np.union1d(cleared, out)
            ungraded, weaker = ungraded + ends.ungraded, weaker + ends.weaker
            key = (np.minimum(a, b).astype(np.int64) << 32) | np.maximum(a, b)
            keys, _ = once(np.concatenate((keys, key)))
        return LinkPortion(keys >> 32, keys & 0xFFFFFFFF, cleared, ungraded, weaker)

    def _measured(self, a: Array, b: Array) -> tuple[Array, Array, Ints]:
        """Return the links to measure, as two arrays with their ends; and the cleared people, whose
        links are not measured.
        """
        who = self._who
        ends = np.unique(np.concatenate((a, b)))
        out = who.cleared[a] | who.cleared[b]
        if self._layer == "all":
            protected = who.child | who.victim
            out |= protected[a] & protected[b]
        return a[~out], b[~out], ends[who.cleared[ends]].astype(np.int64)
