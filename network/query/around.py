"""Find the links around a person in the cached index instead of the database.

The steps are the same as in the function `view.ego`, which uses the database: hidden links are left
out first, links beyond things that very many items share are not followed, and links that are too
weak are counted. The links found are then read from the views, by the views' own rules. A property
test compares the results of both ways.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass, field
from uuid import UUID

import numpy as np
from msgspec.structs import replace

from domain.kernel.codes import Layer
from domain.kernel.values import Reader
from network.index.growing_columns import Array, Ints, packed, uuids
from network.index.identities import PERSON
from network.index.index import Index
from network.query.frontier import ShownLinks
from network.query.graph_builder import HUB
from projections.intelligence import people
from projections.intelligence.links import LinkFilter
from projections.kernel.database import Db


def can_answer(link_filter: LinkFilter, layer: Layer, without: Collection[UUID]) -> bool:
    """Return whether the cached index can answer this query. It cannot answer a query about a layer
    (links between two kinds of people), because it lacks people's categories at the time of the
    query. It also cannot answer a query that leaves out certain links, or that asks for all
    versions of links that were ever recorded.
    """
    return layer == "all" and not without and not link_filter.ever


def around(
    db: Db,
    reader: Reader,
    index: Index,
    several: Collection[UUID],
    hops: int,
    link_filter: LinkFilter,
    also: Collection[UUID] = (),
) -> ShownLinks:
    """Return the links within `hops` links of the people and things in `several`. If an item in
    `also` is reached, the links within one link of that item are returned, too.

    Each step makes the same queries even if it finds nothing. Workers are warned because of links
    that they may not see (`people.risk`), and the number of queries must not reveal these links.
    """
    with index.lock:
        walk = _Walk(db, reader, index, link_filter)
        start = walk.leads(index.ids.numbers_of(packed(several)))
        further = walk.leads(index.ids.numbers_of(packed(also))) if also else start[:0]
        start, further = start[start >= 0], np.unique(further[further >= 0])
        walk.centres = np.union1d(start, further)
        reached = frontier = np.unique(start)
        walk.met.update(start.tolist())
        for _ in range(hops):
            frontier = np.setdiff1d(walk.step(frontier, reached), reached)
            reached = np.union1d(reached, frontier)
        while len(asked_for := np.intersect1d(further, reached)):
            array = walk.step(asked_for, reached)
            frontier, reached = np.union1d(frontier, array), np.union1d(reached, array)
            further = np.setdiff1d(further, asked_for)
        walk.among(frontier)
        return walk.result()


def between(
    db: Db,
    reader: Reader,
    index: Index,
    item: UUID,
    other: UUID,
    most: int,
    link_filter: LinkFilter,
) -> ShownLinks | None:
    """Return the links of all shortest paths between these two items that have at most `most`
    steps, as `paths.path` finds them; None if there is no such path.
    """
    with index.lock:
        walk = _Walk(db, reader, index, link_filter)
        ends = walk.leads(index.ids.numbers_of(packed([item, other])))
        if (ends < 0).any() or not walk.join(_Side(ends[:1]), _Side(ends[1:]), most):
            return None
        return walk.result()


class _Side:
    """The people and things reached from one end of a path, step by step, with the links used."""

    def __init__(self, start: Ints) -> None:
        self.reached = self.frontier = start
        self.ties: list[tuple[Ints, Ints, Ints]] = []

    def further(self, ties: tuple[Ints, Ints, Ints]) -> None:
        """Take one more step of the search along these links: the ends of the links that were not
        reached before are the items from which this side of the search continues.
        """
        self.ties.append(ties)
        self.frontier = np.setdiff1d(np.union1d(*ties[1:]), self.reached)
        self.reached = np.union1d(self.reached, self.frontier)

    def back(self, ends: Ints) -> Iterator[Ints]:
        """Yield the links over which this side of the search reached the items `ends`, one step
        after another, back towards the start.
        """
        for rows, a, b in reversed(self.ties):
            at = np.isin(a, ends), np.isin(b, ends)
            yield rows[at[0] | at[1]]
            ends = np.union1d(b[at[0]], a[at[1]])


@dataclass
class _Walk:
    db: Db
    reader: Reader
    index: Index
    link_filter: LinkFilter
    centres: Ints = field(default_factory=lambda: np.empty(0, np.int64))
    shown: set[int] = field(default_factory=set)
    ungraded: set[int] = field(default_factory=set)
    weaker: set[int] = field(default_factory=set)
    hubs: dict[int, int] = field(default_factory=dict)
    met: set[int] = field(default_factory=set)

    def __post_init__(self) -> None:
        self._leader: dict[int, int] = {}
        self._members: dict[int, list[int]] = {}
        self._all = replace(self.link_filter, min_rank=None)

    def leads(self, ones: Array) -> Ints:
        """Return for each record the id that represents it after merges. The query also runs
        without any record or judgement, so that its duration does not reveal what the reader may
        not see.
        """
        ones = np.asarray(ones, np.int64)
        there = ones >= 0
        judged = np.flatnonzero(there & self.index.things["judged"][np.where(there, ones, 0)])
        record_numbers = ones[judged].tolist()
        new = {
            record_number for record_number in record_numbers if record_number not in self._leader
        }
        self._know(new or set(ones[there][:1].tolist()))
        array = ones.copy()
        array[judged] = [self._leader[record_number] for record_number in record_numbers]
        return array

    def _know(self, new: set[int]) -> None:
        numbers = np.array(sorted(new), np.int64)
        known_moment = self.link_filter.as_known
        items = people.leaders(
            self.db, self.reader, self.index.ids.ids(numbers), as_known=known_moment
        )
        members, leaders = (
            self.index.number(packed(ids)).tolist() for ids in (items, items.values())
        )
        for member, leader in zip(members, leaders, strict=True):
            if member not in self._leader:
                self._leader[member] = leader
                self._members.setdefault(leader, []).append(member)

    def _behind(self, leaders: Ints) -> Ints:
        """Return the numbers of all records that were merged into these people."""
        more = [self._members[leader] for leader in leaders.tolist() if leader in self._members]
        return np.union1d(leaders, np.concatenate(more)) if more else leaders

    def _rows(self, ones: Ints) -> tuple[Ints, Ints, Ints]:
        """Return the links of the items `ones` that the reader sees: the links' rows in the index,
        and the ids that represent the two ends of each link after merges.
        """
        touching = self.index.touching(self._behind(ones))
        rows = self.index.visible_rows(self.db, self.reader, self._all, touching)
        a, b = (self.leads(self.index.links[end][rows]) for end in ("a", "b"))
        apart = a != b
        return rows[apart], a[apart], b[apart]

    def step(self, ones: Ints, reached: Ints) -> Ints:
        """Return the items at the other ends of the links of `ones`. From an item with very many
        links, the search does not go further.
        """
        rows, a, b = self._rows(ones)
        arrays = np.isin(a, reached), np.isin(b, reached)
        through = self._hubs(a, b, arrays, reached)
        at_hub = np.isin(a, through), np.isin(b, through)
        keep = ~((at_hub[0] & ~arrays[1]) | (at_hub[1] & ~arrays[0]))
        return self._take(rows[keep], a[keep], b[keep])

    def join(self, first: _Side, second: _Side, most: int) -> bool:
        """Search from both ends of a path, always continuing from the end where fewer items are
        new, until both searches have reached a common item. Return whether this happens within
        `most` steps; if it does, the links of the shortest paths are added to the links to show.
        """
        for _ in range(most):
            here, there = sorted((first, second), key=lambda side: len(side.frontier))
            rows, a, b = self._rows(here.frontier)
            keep = self._passing(rows)
            here.further((rows[keep], a[keep], b[keep]))
            met = np.intersect1d(here.frontier, there.reached)
            if len(met):
                for side in (here, there):
                    for rows in side.back(met):
                        self.shown.update(rows.tolist())
                return True
            if not len(here.frontier):
                return False
        return False

    def among(self, ones: Ints) -> None:
        """Add the links between the items `ones` to the links that are shown."""
        rows, a, b = self._rows(ones)
        keep = np.isin(a, ones) & np.isin(b, ones)
        self._take(rows[keep], a[keep], b[keep])

    def _hubs(self, a: Ints, b: Ints, arrays: tuple[Array, Array], reached: Ints) -> Ints:
        item_numbers = np.concatenate((a[arrays[0]], b[arrays[1]]))
        other = np.concatenate((b[arrays[0]], a[arrays[1]]))
        apart = (self.index.things["kind"][item_numbers] != PERSON) & ~np.isin(
            item_numbers, self.centres
        )
        pairs = np.unique(np.column_stack((item_numbers[apart], other[apart])), axis=0)
        array, first, many = np.unique(pairs[:, 0], return_index=True, return_counts=True)
        hubs = many > HUB
        for hub, start, size in zip(array[hubs], first[hubs], many[hubs], strict=True):
            more = np.setdiff1d(pairs[start : start + size, 1], reached)
            if len(more):
                self.hubs[int(hub)] = len(more)
        return np.asarray(array[hubs])

    def _passing(self, rows: Ints) -> Array:
        """Return a mask of the links in these rows: true for links with the minimum grade of the
        query. The other links are added to the sets of ungraded and of weaker links.
        """
        keep, bare = self.index.passing(rows, self.link_filter.min_rank)
        self.ungraded.update(rows[bare].tolist())
        self.weaker.update(rows[~keep & ~bare].tolist())
        return keep

    def _take(self, rows: Ints, a: Ints, b: Ints) -> Ints:
        keep = self._passing(rows)
        self.shown.update(rows[keep].tolist())
        met = np.union1d(a[keep], b[keep])
        self.met.update(met.tolist())
        return met

    def result(self) -> ShownLinks:
        """Return the links, counts and hubs that result from the search, with ids instead of the
        numbers of the index.
        """
        leader = dict(self._leader)
        for node in self.met:
            leader.setdefault(node, node)
        return ShownLinks(
            list(self._links(self.shown)),
            set(self._links(self.ungraded)),
            set(self._links(self.weaker)),
            dict(zip(self._ids(self.hubs), self.hubs.values(), strict=True)),
            dict(zip(self._ids(leader), self._ids(leader.values()), strict=True)),
        )

    def _links(self, rows: Collection[int]) -> list[UUID]:
        return uuids(self.index.links["link"][sorted(rows)])

    def _ids(self, numbers: Iterable[int]) -> list[UUID]:
        return self.index.ids.ids(np.fromiter(numbers, np.int64))
