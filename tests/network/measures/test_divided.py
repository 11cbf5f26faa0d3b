"""The division into groups finds the groups that a test builds into a network, and no other
groups.
"""

import random

import numpy as np
import pytest
from scipy import sparse

from network.measures import partition


def planted(seed: int, *sizes: int) -> sparse.csr_array:
    """Return a network of groups of these sizes. Each group has many links inside it, and one link
    to the next group."""
    chance = random.Random(seed)
    pairs = set()
    start = 0
    for size in sizes:
        for one in range(1, size):
            pairs.add((start + chance.randrange(one), start + one))
        for _ in range(size):
            a, b = sorted(chance.sample(range(start, start + size), 2))
            pairs.add((a, b))
        if start:
            pairs.add((start - 1, start))
        start += size
    rows, columns = zip(*pairs, strict=True)
    half = sparse.coo_array((np.ones(len(pairs)), (rows, columns)), shape=(start, start))
    return sparse.csr_array(half + half.T)


@pytest.mark.parametrize("seed", range(5))
def test_two_circles_with_one_bridge_are_two_groups(seed: int) -> None:
    """Two circles of people with a single link between them are two groups. A few people with only
    one link may be in either group."""
    one, other = map(set, partition.coarsest(planted(seed, 90, 64)).groups[:2])
    assert len(one ^ set(range(90))) <= 3
    assert len(other ^ set(range(90, 154))) <= 3


def test_the_same_ties_give_the_same_groups() -> None:
    ties = planted(7, 40, 30, 20)
    assert partition.coarsest(ties) == partition.coarsest(ties)


def test_nobody_is_in_a_group_where_nobody_is_tied() -> None:
    assert partition.coarsest(sparse.csr_array((5, 5), dtype=float)).groups == ()
