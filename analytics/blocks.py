"""People and their neighbours as arrays, and functions that do one step of each analysis on these
arrays.

A block contains some of the people, each with all their neighbours. So the result for these people
depends only on the block and on the values that all people had before the step. A single process
has one block; if several machines compute, each machine has some of the blocks.
"""

from __future__ import annotations

import numpy as np
from msgspec import Struct
from scipy import sparse
from scipy.sparse import csgraph

from analytics.engine import Array, Floats, Ints

#: The odd multipliers of a published 64-bit hash function (Steele, Lea & Flood 2014).
_MIX = (np.uint64(0x9E3779B97F4A7C15), np.uint64(0xBF58476D1CE4E5B9), np.uint64(0x94D049BB133111EB))


class Block(Struct, frozen=True):
    """People and their neighbours (the people linked with them). `near` has the neighbours of the
    first person in `who`, then the neighbours of the second person, and so on; `starts` says where
    the neighbours of each person begin in `near`."""

    who: Ints
    starts: Ints
    near: Ints

    @classmethod
    def from_links(cls, first: Array, second: Array) -> Block:
        """Return a block of the links between the people in `first` and the people in `second`,
        pair by pair. The block has a row for each person in `first`. A repeated link is stored
        once.
        """
        if not len(first):
            return cls(*(np.empty(0, np.int64) for _ in range(3)))
        order = np.lexsort((second, first))
        a, b = first[order], second[order]
        new = np.ones(len(a), bool)
        new[1:] = (a[1:] != a[:-1]) | (b[1:] != b[:-1])
        a, b = a[new], b[new]
        who, starts = np.unique(a, return_index=True)
        return cls(who.astype(np.int64), starts.astype(np.int64), b.astype(np.int64))

    def part(self, start: int, end: int) -> Block:
        """Return a block with only those people whose positions are from `start` up to, but
        without, `end`."""
        first = int(self.starts[start])
        last = int(self.starts[end]) if end < len(self.who) else len(self.near)
        return Block(self.who[start:end], self.starts[start:end] - first, self.near[first:last])

    @property
    def sizes(self) -> Ints:
        """Return the number of neighbours of each person."""
        return np.diff(np.append(self.starts, len(self.near)))

    @property
    def ties(self) -> tuple[Ints, Ints]:
        """Return the two people at the ends of each link."""
        return self.who[self.rows], self.near

    @property
    def rows(self) -> Ints:
        """Return, for each neighbour in `near`, the position of the row to which the neighbour
        belongs.
        """
        return np.repeat(np.arange(len(self.who)), self.sizes)


def neighbour_sums(block: Block, values: Floats) -> Floats:
    """Return for each person the sum of the values of their neighbours."""
    if not len(block.near):
        return values[:0]
    sums: Floats = np.add.reduceat(values[block.near], block.starts)
    return sums


def h_indices(block: Block, values: Ints) -> Ints:
    """Return for each person the largest number n of neighbours whose value is at least n (their
    h-index)."""
    if not len(block.near):
        return values[:0]
    values_near, rows = values[block.near], block.rows
    values_near = values_near[np.lexsort((-values_near, rows))]
    place = np.arange(len(values_near)) - block.starts[rows] + 1
    array: Ints = np.add.reduceat((values_near >= place).astype(np.int64), block.starts)
    return array


def frequent_labels(block: Block, labels: Ints, step: int) -> Ints:
    """Return for each person the most frequent label among their own and their neighbours' labels.
    Equally frequent labels are compared by a hash of label and step, and the highest hash is
    chosen: so every engine chooses the same label.
    """
    rows = np.concatenate((block.rows, np.arange(len(block.who))))
    array = np.concatenate((labels[block.near], labels[block.who]))
    order = np.lexsort((array, rows))
    rows, array = rows[order], array[order]
    new = np.ones(len(rows), bool)
    new[1:] = (rows[1:] != rows[:-1]) | (array[1:] != array[:-1])
    first = np.flatnonzero(new)
    many = np.diff(np.append(first, len(rows)))
    rows, array = rows[first], array[first]
    best = np.lexsort((array, _mixed(array, step), many, rows))
    last = np.ones(len(rows), bool)
    last[:-1] = rows[best][1:] != rows[best][:-1]
    return array[best][last]


def forest(block: Block) -> tuple[Ints, Ints]:
    """Return pairs of people as two arrays. Each pair has a person of the block, and the person
    with the lowest number among all people connected with that person in the block. So each person
    has only one pair, and the pairs connect the same people as the links of the block."""
    met, places = np.unique(np.concatenate((block.who, block.near)), return_inverse=True)
    first_array, second_array = places[: len(block.who)][block.rows], places[len(block.who) :]
    ties = sparse.coo_array(
        (np.ones(len(first_array), np.int8), (first_array, second_array)), (len(met), len(met))
    )
    _, member = csgraph.connected_components(ties, directed=False)
    _, firsts = np.unique(member, return_index=True)
    return met, met[firsts][member]


def one_way(block: Block, degrees: Ints) -> Block:
    """Return the block with each link stored only once, in the row of the person who has fewer
    links. So no row becomes long.
    """
    first_array, second_array = block.ties
    more = _leads(degrees, first_array, second_array)
    return Block.from_links(first_array[more], second_array[more])


def _leads(degrees: Ints, first: Ints, second: Ints) -> Array:
    array: Array = degrees[first] < degrees[second]
    array |= (degrees[first] == degrees[second]) & (first < second)
    return array


def two_step_paths(block: Block, degrees: Ints) -> tuple[Ints, Ints, Ints]:
    """Return the paths of two steps in the block, as three arrays: two people who are both
    neighbours of a third person, and that third person."""
    rows = block.rows
    place = np.arange(len(rows))
    left = block.starts[rows] + block.sizes[rows] - place - 1 if len(rows) else place
    first = np.repeat(place, left)
    second_array = np.arange(len(first)) - np.repeat(np.cumsum(left) - left, left) + first + 1
    first_array, two, between = block.near[first], block.near[second_array], block.who[rows[first]]
    leads = _leads(degrees, first_array, two)
    return np.where(leads, first_array, two), np.where(leads, two, first_array), between


def triangles_of(ties: tuple[Ints, Ints], ways: tuple[Ints, Ints, Ints]) -> tuple[Ints, Ints]:
    """Return the people in triangles, and how many triangles each is in. A triangle is a path of
    two steps whose ends are linked."""
    array = np.sort((ties[0] << 32) | ties[1])
    wanted = (ways[0] << 32) | ways[1]
    at = np.minimum(np.searchsorted(array, wanted), max(len(array) - 1, 0))
    there = array[at] == wanted if len(array) else np.zeros(len(wanted), bool)
    return np.unique(np.concatenate([side[there] for side in ways]), return_counts=True)


def lowest_connected(people: int, first: Ints, second: Ints) -> Ints:
    """Return, for each person, the lowest of the numbers of all people who are connected with this
    person by these links, directly or through other people. A person is represented by a number.
    """
    ties = sparse.coo_array((np.ones(len(first), np.int8), (first, second)), (people, people))
    _, member = csgraph.connected_components(ties, directed=False)
    return group_leaders(member)


def group_leaders(member: Array) -> Ints:
    """Return for each person the lowest number of a person in the same group."""
    _, firsts, group = np.unique(member, return_index=True, return_inverse=True)
    return firsts[group].astype(np.int64)


def _mixed(labels: Ints, step: int) -> Array:
    with np.errstate(over="ignore"):
        drawn: Array = labels.astype(np.uint64) + np.uint64(step + 1) * _MIX[0]
        drawn = (drawn ^ (drawn >> np.uint64(30))) * _MIX[1]
        drawn = (drawn ^ (drawn >> np.uint64(27))) * _MIX[2]
        drawn ^= drawn >> np.uint64(31)
    return drawn
