"""All people and their direct links, in arrays: the input of the computation of groups and key
people.

The people and links are those of the function `view.whole_layer`, but no object is made for each
link. The file is long because the same arrays are read, weighed and joined in it.
"""

from __future__ import annotations

from typing import Any
from uuid import UUID

import networkx as nx
import numpy as np
from msgspec import Struct
from msgspec.structs import replace
from scipy import sparse

from domain.kernel.codes import Layer
from domain.kernel.values import Reader
from network.index import index as kept
from network.index.growing_columns import Array, Ints, packed, uuids
from network.index.identities import (
    RANKED,
    UNGRADED,
    IdentityLeaders,
    identities_as_at,
    root_leaders,
)
from network.index.index import KINDS, Index
from network.index.view_reader import EVER, NEVER
from network.query.evidence import DEFAULT, FLOOR, StrengthPolicy
from network.query.graph_builder import GRADED
from network.query.layers import between_people, is_offender, is_victim
from network.query.through import projected
from network.query.view import NetworkAnswer, whole_layer
from projections.intelligence.links import LinkFilter
from projections.kernel.column_types import to_micros
from projections.kernel.database import Db

DAY = 86_400_000_000
Matrix = Any


class LinkedPeople(Struct, frozen=True):
    """People and their links: the people in the order of their ids, and each linked pair once.

    For each pair, `sure` is the strength of all its links together, from 0 to 1; `weight` is the
    sum of the links' weights; `rank` is the rank of their best grade. `ungraded` and `weaker` are
    the numbers of links that the minimum grade excluded, because they have no grade or a weaker
    one. `left_out` is the number of cleared people who are not included.
    """

    ids: Array
    offender: Array
    victim: Array
    child: Array
    cleared: Array
    a: Array
    b: Array
    sure: Array
    weight: Array
    rank: Array
    ungraded: int
    weaker: int
    left_out: int = 0

    def __len__(self) -> int:
        return len(self.ids)

    def ids_at(self, places: Any) -> list[UUID]:
        """Return the ids of the people at these positions."""
        return uuids(self.ids[places])

    def matrix(self, values: Array | None = None) -> Matrix:
        """Return the links as a symmetric matrix whose elements are `values`, or 1."""
        array = np.ones(len(self.a)) if values is None else values
        size = (len(self), len(self))
        half = sparse.coo_array((array, (self.a, self.b)), shape=size)
        return (half + half.T).tocsr()

    def graph(self) -> nx.Graph[UUID]:
        """Return the people and links as a networkx graph."""
        names = self.ids_at(slice(None))
        made: nx.Graph[UUID] = nx.Graph()
        made.add_nodes_from(names)
        ends = zip(self.a.tolist(), self.b.tolist(), strict=True)
        made.add_edges_from((names[a], names[b]) for a, b in ends)
        return made

    def remove(self, gone: Array, pairs: Array) -> LinkedPeople:
        """Return the network without these people and these pairs; people who then have no link are
        left out, too."""
        keep = np.flatnonzero(~(gone[self.a] | gone[self.b] | pairs))
        return self._of(np.unique(np.concatenate((self.a[keep], self.b[keep]))), keep)

    def in_order(self) -> LinkedPeople:
        """Return the same network, with its people sorted by their ids."""
        return self._of(np.argsort(self.ids, kind="stable"), np.arange(len(self.a)))

    def _of(self, people: Ints, ties: Ints) -> LinkedPeople:
        """Return the network of these people, in the order of `people`, with the links between
        them.
        """
        place = np.zeros(len(self), np.int32)
        place[people] = np.arange(len(people))
        a, b = place[self.a[ties]], place[self.b[ties]]
        return replace(
            self,
            ids=self.ids[people],
            offender=self.offender[people],
            victim=self.victim[people],
            child=self.child[people],
            cleared=self.cleared[people],
            a=np.minimum(a, b),
            b=np.maximum(a, b),
            sure=self.sure[ties],
            weight=self.weight[ties],
            rank=self.rank[ties],
        )


def read_adjacency(
    db: Db,
    reader: Reader,
    *,
    link_filter: LinkFilter = GRADED,
    layer: Layer = "all",
    policy: StrengthPolicy = DEFAULT,
) -> LinkedPeople:
    """Return the people of a layer and their direct links; a layer is the links between two kinds
    of people, such as offenders and victims. For the layer "through", return the offenders; two
    are linked if they share a distinctive thing.
    """
    if layer == "through":
        return _through(
            whole_layer(db, reader, link_filter=link_filter, layer=layer, policy=policy)
        )
    link_filter = between_people(link_filter)
    index = kept.of(db)
    with index.lock:
        rows = index.visible_rows(db, reader, link_filter)
        who = identities_as_at(db, reader, index, link_filter)
        between = ends_of(index, who, rows, link_filter, layer)
        rows, ungraded, weaker = between.rows, between.ungraded, between.weaker
        ends = _Ends(between.a, between.b)
        del between
        arrays = _pair_figures(db, reader, index, link_filter, policy, rows, ends)
        ids = index.ids.bytes_of(ends.numbers)
    linked_people = LinkedPeople(
        ids,
        who.offender[ends.numbers],
        who.victim[ends.numbers],
        who.child[ends.numbers],
        who.cleared[ends.numbers],
        ends.a,
        ends.b,
        *arrays,
        ungraded,
        weaker,
    )
    return linked_people if index.ids.in_order else linked_people.in_order()


class Ends(Struct, frozen=True):
    """The links between the people of a layer (a layer is the links between two kinds of people):
    the rows of the links in the index, and the numbers of the people at both ends, after merges.
    Also how many links the minimum grade excluded: `ungraded` had no grade, `weaker` a lower one.
    """

    rows: Ints
    a: Array
    b: Array
    ungraded: int
    weaker: int


def ends_of(
    index: Index, who: IdentityLeaders, rows: Ints, link_filter: LinkFilter, layer: Layer
) -> Ends:
    """Return those of the links in `rows` that match the query and link two people of the layer;
    and how many links the minimum grade excluded.
    """
    leader = who.leader.astype(np.int32)
    a, b = leader[index.links["a"][rows]], leader[index.links["b"][rows]]
    inside = (a != b) & who.admits(layer, a, b)
    rows, a, b = rows[inside], a[inside], b[inside]
    shown, bare = index.passing(rows, link_filter.min_rank)
    ungraded = int(np.count_nonzero(bare))
    weaker = int(np.count_nonzero(~shown)) - ungraded
    shown &= who.person[a] & who.person[b]
    return Ends(rows[shown], a[shown], b[shown], ungraded, weaker)


class _Ends:
    """The pairs of linked people, each pair once; `pair` says for each link to which pair it
    belongs.
    """

    def __init__(self, first: Array, second: Array) -> None:
        size = int(max(first.max(initial=0), second.max(initial=0))) + 1
        key = np.minimum(first, second).astype(np.int64) * size + np.maximum(first, second)
        pairs, self.pair = once(key)
        low, high = pairs // size, pairs % size
        there = np.zeros(size, bool)
        there[low] = there[high] = True
        self.numbers = np.flatnonzero(there)
        place = (np.cumsum(there) - 1).astype(np.int32)
        self.a, self.b = place[low], place[high]
        self.size = len(pairs)


def once(keys: Ints) -> tuple[Ints, Array]:
    """Return the distinct values of `keys`, sorted, and for each of the `keys` its position among
    the distinct values. NumPy's `unique` takes three times the memory, which matters for millions
    of keys.
    """
    order = np.argsort(keys).astype(np.int32)
    array = keys[order]
    new = np.ones(len(keys), bool)
    new[1:] = array[1:] != array[:-1]
    which = np.empty(len(keys), np.int32)
    which[order] = np.cumsum(new, dtype=np.int32) - 1
    return array[new], which


def _pair_figures(
    db: Db,
    reader: Reader,
    index: Index,
    link_filter: LinkFilter,
    policy: StrengthPolicy,
    rows: Ints,
    ends: _Ends,
) -> tuple[Array, Array, Array]:
    """Return for each pair of linked people the strength, the weight and the best grade of all its
    links together.
    """
    rank = index.links["rank"][rows]
    weight = np.bincount(ends.pair, index.links["weight"][rows], ends.size)
    best = np.full(ends.size, UNGRADED, np.int8)
    graded = rank >= 0
    np.minimum.at(best, ends.pair[graded], rank[graded])
    worth = np.array([*(policy.worth(grade) for grade in RANKED), 0.0])[rank]
    worth = np.where(index.links["exhibited"][rows], np.maximum(worth, policy.exhibit), worth)
    moment = link_filter.as_at or link_filter.until or link_filter.as_known
    if policy.half_life_days is not None and moment is not None:
        worth = worth * _remaining_share(index, rows, to_micros(moment), policy.half_life_days)
    root = root_leaders(db, reader, index, link_filter)[index.links["root"][rows]]
    kind = index.links["kind"][rows]
    span = int(root.max(initial=0)) + 2
    tie = ends.pair.astype(np.int64) * len(KINDS) + kind
    ties, which = once(tie * span + root + 1)
    by_root = np.zeros(len(ties))
    np.maximum.at(by_root, which, worth)
    by_kind, which = once(ties // span)
    doubt = np.ones(len(by_kind))
    np.multiply.at(doubt, which, 1.0 - by_root)
    doubt = 1.0 - np.maximum(1.0 - doubt, FLOOR)
    unsure = np.ones(ends.size)
    np.multiply.at(unsure, by_kind // len(KINDS), doubt)
    return 1.0 - unsure, weight, best


def _remaining_share(index: Index, rows: Ints, moment: int, half_life_days: float) -> Array:
    """Return for each row the share of its value that remains at `moment`: an account of a link
    loses value with age. The age is counted from the time when the link was last true, if that is
    recorded, otherwise from the time of recording.
    """
    columns = index.links
    since = columns["valid_to"][rows]
    since = np.where(since == NEVER, columns["valid_from"][rows], since)
    since = np.where(since == EVER, columns["known_from"][rows], since)
    age = np.maximum(moment - since, 0) / DAY
    return np.asarray(0.5 ** (age / half_life_days))


def _through(answer: NetworkAnswer) -> LinkedPeople:
    graph: nx.Graph[UUID] = projected(answer)
    names = sorted(graph)
    place = {item: number for number, item in enumerate(names)}
    who = [answer.entity(name) for name in names]
    ends = [
        (place[a], place[b], attributes["weight"]) for a, b, attributes in graph.edges(data=True)
    ]
    a, b = (np.array([end[side] for end in ends], np.int64) for side in (0, 1))
    weight = np.array([end[2] for end in ends], float)
    cleared = sum(
        answer.entity(item).cleared for item in answer.graph if is_offender(answer.entity(item))
    )
    return LinkedPeople(
        packed(names),
        np.array([is_offender(entity) for entity in who], bool),
        np.array([is_victim(entity) for entity in who], bool),
        np.array([entity.is_child for entity in who], bool),
        np.array([entity.cleared for entity in who], bool),
        np.minimum(a, b),
        np.maximum(a, b),
        weight,
        weight,
        np.full(len(ends), UNGRADED),
        answer.ungraded,
        answer.weaker,
        cleared,
    )
