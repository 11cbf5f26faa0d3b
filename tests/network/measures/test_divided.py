"""The division into groups finds the groups that a test builds into a network, and no other
groups.
"""

import random
from collections import Counter
from collections.abc import Callable

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


def unstable(seed: int, people: int = 120) -> sparse.csr_array:
    """Return a network of random links, whose groups depend on the random seed of Leiden."""
    chance = random.Random(seed)
    pairs = {tuple(sorted(chance.sample(range(people), 2))) for _ in range(2 * people)}
    rows, columns = zip(*pairs, strict=True)
    half = sparse.coo_array((np.ones(len(pairs)), (rows, columns)), shape=(people, people))
    return sparse.csr_array(half + half.T)


@pytest.mark.parametrize("seed", range(5))
@pytest.mark.parametrize("network", [unstable, lambda seed: planted(seed, 90, 64)])
def test_the_coarsest_groups_are_the_first_that_are_stable(
    network: Callable[[int], sparse.csr_array], seed: int
) -> None:
    ties = network(seed)
    tried = [partition.leiden(ties, resolution) for resolution in partition.RESOLUTIONS]
    stable = [
        division
        for division in tried
        if all(one is not None and one >= partition.STABLE for one in division.stability)
    ]
    assert partition.coarsest(ties).groups == (*stable, tried[-1])[0].groups


def test_an_unstable_division_is_not_tried_with_all_seeds(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    tried: Counter[float] = Counter()
    leiden = partition._leiden

    def counted(ties: partition.Matrix, seed: int, resolution: float) -> partition.Members:
        tried[resolution] += 1
        return leiden(ties, seed, resolution)

    monkeypatch.setattr(partition, "_leiden", counted)
    partition.coarsest(unstable(1))
    assert tried[partition.RESOLUTIONS[0]] < partition.SEEDS
    assert tried[partition.RESOLUTIONS[-1]] <= 1
