"""The engine that analyses the network in one process, with arrays in memory."""

from __future__ import annotations

from functools import partial

import numpy as np
from scipy import sparse

from analytics import rounds
from analytics.blocks import Block, lowest_connected, one_way, triangles_of, two_step_paths
from analytics.engine import Array, Floats, Ints
from analytics.rounds import Told
from network.measures import partition

#: Largest number of two-step paths in memory while triangles are counted: some 500 MB.
AT_ONCE = 10_000_000


class Local:
    """Analyses the network in this process."""

    def __init__(self, people: int, a: Array, b: Array, report: Told = lambda number: None) -> None:
        self._people, self._told = people, report
        self._block = Block.from_links(np.concatenate((a, b)), np.concatenate((b, a)))
        self._each = partial(rounds.apply_to_one_block, self._block)

    def degrees(self) -> Ints:
        array = np.zeros(self._people, np.int64)
        array[self._block.who] = self._block.sizes
        return array

    def components(self) -> Ints:
        return lowest_connected(self._people, *self._block.ties)

    def ranks(self) -> Floats:
        return rounds.ranks(self._each, self.degrees(), self._told)

    def communities(self) -> Ints:
        return rounds.communities(self._each, self._people, self._told)

    def triangles(self) -> Ints:
        degrees = self.degrees()
        led, array = one_way(self._block, degrees), np.zeros(self._people, np.int64)
        ways = np.cumsum(led.sizes * (led.sizes - 1) // 2)
        start = 0
        while start < len(led.who):
            before = ways[start - 1] if start else 0
            end = max(int(np.searchsorted(ways, before + AT_ONCE, "right")), start + 1)
            who, many = triangles_of(led.ties, two_step_paths(led.part(start, end), degrees))
            array[who] += many
            start = end
        return array

    def cores(self) -> Ints:
        first_array, second_array = self._block.ties
        shape = (self._people, self._people)
        ties = sparse.coo_array(
            (np.ones(len(first_array)), (first_array, second_array)), shape
        ).tocsr()
        return partition.core_numbers(ties)
