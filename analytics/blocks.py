"""People and their neighbours as rows of arrays, and one step of each question on them.

A block holds whole rows, so that what it says of its people depends on these rows alone, and on
what was known of everybody before the step. One process has one block; of several machines each has
some.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from scipy import sparse
from scipy.sparse import csgraph

from analytics.engine import Array, Floats, Ints

#: The odd multipliers of a well-known mixing of 64 bits (Steele, Lea & Flood 2014).
_MIX = (np.uint64(0x9E3779B97F4A7C15), np.uint64(0xBF58476D1CE4E5B9), np.uint64(0x94D049BB133111EB))


@dataclass(frozen=True)
class Block:
    """`near` holds the neighbours of all `who`, in order; `starts` is where each one's begin."""

    who: Ints
    starts: Ints
    near: Ints

    @classmethod
    def of(cls, one: Array, other: Array) -> Block:
        """The block of these ties, each told from the side of its `one`; repeated ones count
        once."""
        if not len(one):
            return cls(*(np.empty(0, np.int64) for _ in range(3)))
        order = np.lexsort((other, one))
        a, b = one[order], other[order]
        new = np.ones(len(a), bool)
        new[1:] = (a[1:] != a[:-1]) | (b[1:] != b[:-1])
        a, b = a[new], b[new]
        who, starts = np.unique(a, return_index=True)
        return cls(who.astype(np.int64), starts.astype(np.int64), b.astype(np.int64))

    def part(self, start: int, end: int) -> Block:
        """The rows of some of its people, by their places."""
        first = int(self.starts[start])
        last = int(self.starts[end]) if end < len(self.who) else len(self.near)
        return Block(self.who[start:end], self.starts[start:end] - first, self.near[first:last])

    @property
    def sizes(self) -> Ints:
        """How many neighbours each has."""
        return np.diff(np.append(self.starts, len(self.near)))

    @property
    def ties(self) -> tuple[Ints, Ints]:
        """The two ends of each tie."""
        return self.who[self.rows], self.near

    @property
    def rows(self) -> Ints:
        """For each of `near` in whose row it stands, by place."""
        return np.repeat(np.arange(len(self.who)), self.sizes)


def summed(block: Block, values: Floats) -> Floats:
    """The sum of the neighbours' values."""
    if not len(block.near):
        return values[:0]
    found: Floats = np.add.reduceat(values[block.near], block.starts)
    return found


def cored(block: Block, values: Ints) -> Ints:
    """The most neighbours that have at least as much as their number (their h-index)."""
    if not len(block.near):
        return values[:0]
    held, rows = values[block.near], block.rows
    held = held[np.lexsort((-held, rows))]
    place = np.arange(len(held)) - block.starts[rows] + 1
    found: Ints = np.add.reduceat((held >= place).astype(np.int64), block.starts)
    return found


def labelled(block: Block, labels: Ints, step: int) -> Ints:
    """The label that most neighbours have, each person's own counted with them. Of several equal
    ones it takes that of which the hash with the step is highest: every engine takes the same."""
    rows = np.concatenate((block.rows, np.arange(len(block.who))))
    held = np.concatenate((labels[block.near], labels[block.who]))
    order = np.lexsort((held, rows))
    rows, held = rows[order], held[order]
    new = np.ones(len(rows), bool)
    new[1:] = (rows[1:] != rows[:-1]) | (held[1:] != held[:-1])
    first = np.flatnonzero(new)
    many = np.diff(np.append(first, len(rows)))
    rows, held = rows[first], held[first]
    best = np.lexsort((held, _mixed(held, step), many, rows))
    last = np.ones(len(rows), bool)
    last[:-1] = rows[best][1:] != rows[best][:-1]
    return held[best][last]


def forest(block: Block) -> tuple[Ints, Ints]:
    """As few ties as connect the same people as all of the block do."""
    met, places = np.unique(np.concatenate((block.who, block.near)), return_inverse=True)
    one, other = places[: len(block.who)][block.rows], places[len(block.who) :]
    ties = sparse.coo_array((np.ones(len(one), np.int8), (one, other)), (len(met), len(met)))
    _, member = csgraph.connected_components(ties, directed=False)
    _, firsts = np.unique(member, return_index=True)
    return met, met[firsts][member]


def onward(block: Block, degrees: Ints) -> Block:
    """The same with each tie at one of its ends alone: it leads from the person who has fewer ties
    to the one who has more, so that few ties lead away from each."""
    one, other = block.ties
    more = _leads(degrees, one, other)
    return Block.of(one[more], other[more])


def _leads(degrees: Ints, one: Ints, other: Ints) -> Array:
    found: Array = degrees[one] < degrees[other]
    found |= (degrees[one] == degrees[other]) & (one < other)
    return found


def ways_of(block: Block, degrees: Ints) -> tuple[Ints, Ints, Ints]:
    """For each two people to whom the ties of a third lead: the one from whom a tie between them
    would lead, the one to whom, and the third."""
    rows = block.rows
    place = np.arange(len(rows))
    left = block.starts[rows] + block.sizes[rows] - place - 1 if len(rows) else place
    first = np.repeat(place, left)
    other = np.arange(len(first)) - np.repeat(np.cumsum(left) - left, left) + first + 1
    one, two, between = block.near[first], block.near[other], block.who[rows[first]]
    leads = _leads(degrees, one, two)
    return np.where(leads, one, two), np.where(leads, two, one), between


def closed(ties: tuple[Ints, Ints], ways: tuple[Ints, Ints, Ints]) -> tuple[Ints, Ints]:
    """The people who stand in triangles, and in how many: ways of which these ties join the two
    ends."""
    held = np.sort((ties[0] << 32) | ties[1])
    wanted = (ways[0] << 32) | ways[1]
    at = np.minimum(np.searchsorted(held, wanted), max(len(held) - 1, 0))
    there = held[at] == wanted if len(held) else np.zeros(len(wanted), bool)
    return np.unique(np.concatenate([side[there] for side in ways]), return_counts=True)


def together(people: int, one: Ints, other: Ints) -> Ints:
    """For each person the least number of those whom these ties connect."""
    ties = sparse.coo_array((np.ones(len(one), np.int8), (one, other)), (people, people))
    _, member = csgraph.connected_components(ties, directed=False)
    return led(member)


def led(member: Array) -> Ints:
    """For each person the least number in their group."""
    _, firsts, group = np.unique(member, return_index=True, return_inverse=True)
    return firsts[group].astype(np.int64)


def _mixed(labels: Ints, step: int) -> Array:
    with np.errstate(over="ignore"):
        drawn: Array = labels.astype(np.uint64) + np.uint64(step + 1) * _MIX[0]
        drawn = (drawn ^ (drawn >> np.uint64(30))) * _MIX[1]
        drawn = (drawn ^ (drawn >> np.uint64(27))) * _MIX[2]
        drawn ^= drawn >> np.uint64(31)
    return drawn
