"""Analyses of the network in rounds. Each round applies one step to all blocks, with the values of
all people, until nothing changes. The rounds are the same on one machine and on several.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np

from analytics.blocks import Block, frequent_labels, group_leaders, h_indices, neighbour_sums
from analytics.engine import Array, Floats, Ints

#: PageRank's probability of continuing to a neighbour, as in networkx.
ONWARD = 0.85
#: If the values change by less than this in a round, the remaining error is below 1e-6: it is at
#: most 0.85 / (1 - 0.85) times the change.
ENOUGH = 1e-7
#: Largest number of rounds, because label propagation may alternate for ever.
MOST = 50

#: A function that applies one step to every block and returns the combined values; people who are
#: in no block keep their values.
Each = Callable[[Callable[..., Array], Array, tuple[Any, ...]], Array]
#: A function that is called after each round of an analysis, with the number of the round.
Told = Callable[[int], None]


def ranks(run_parts: Each, degrees: Ints, report: Told) -> Floats:
    """Return the PageRank of each person, as `Engine.ranks` does."""
    tied = degrees > 0
    people = int(np.count_nonzero(tied))
    array = np.where(tied, 1.0 / max(people, 1), 0.0)
    share = np.where(tied, 1.0 / np.maximum(degrees, 1), 0.0)
    for number in range(1, 1_000):
        passed = run_parts(neighbour_sums, array * share, ())
        new = np.where(tied, (1.0 - ONWARD) / max(people, 1) + ONWARD * passed, 0.0)
        changed = float(np.abs(new - array).sum())
        array = new
        report(number)
        if changed < ENOUGH:
            break
    return array


def cores(run_parts: Each, degrees: Ints, report: Told) -> Ints:
    """Return the core number of each person, as `Engine.cores` does.

    Each person's value is their degree at first. In each round it becomes the h-index of the
    neighbours' values, until it converges to the core number (Lü et al. 2016).
    """
    array, number = degrees, 0
    while True:
        new = np.minimum(array, run_parts(h_indices, array, ()))
        number += 1
        report(number)
        if np.array_equal(new, array):
            return new
        array = new


def communities(run_parts: Each, people: int, report: Told) -> Ints:
    """Return the community of each person, as `Engine.communities` does. All people choose at the
    same time; a hash (`labelled`) decides between equally frequent labels, so that the result is
    reproducible.
    """
    array: Ints = np.arange(people)
    for number in range(MOST):
        new = run_parts(frequent_labels, array, (number,))
        report(number + 1)
        if np.array_equal(new, array):
            break
        array = new
    return group_leaders(array)


def apply_to_one_block(
    block: Block, kernel: Callable[..., Array], array: Array, more: tuple[Any, ...]
) -> Array:
    """Return the values of all people after one step of an analysis, if all people are in one
    block.
    """
    found_array = array.copy()
    found_array[block.who] = kernel(block, array, *more)
    return found_array
