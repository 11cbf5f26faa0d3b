"""The division into groups finds the groups that a test builds into a network, and no other
groups.
"""

import random
from collections import Counter
from collections.abc import Callable
from typing import cast
from uuid import UUID

import numpy as np
import pytest
from msgspec import Struct
from scipy import sparse

from network.measures import groups, partition
from network.query.view import NetworkAnswer


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


class Ends(Struct):
    """The two ends of a pair of links."""

    source: UUID
    target: UUID


class Drawn(Struct):
    """A picture that has only its links."""

    pairs: list[Ends]


def drawn(ties: sparse.csr_array, first: int) -> NetworkAnswer:
    """Return a picture of these links. The ids of its nodes begin with the number `first`."""
    rows, columns = sparse.triu(ties, k=1).nonzero()
    ids = [UUID(int=first + number) for number in range(ties.shape[0])]
    pairs = [Ends(ids[a], ids[b]) for a, b in zip(rows.tolist(), columns.tolist(), strict=True)]
    return cast(NetworkAnswer, Drawn(pairs))


def test_the_groups_of_a_picture_are_computed_once(monkeypatch: pytest.MonkeyPatch) -> None:
    """A picture that is requested again, by any user, is not divided again: this took a third of
    the time of a map of a thousand people. Its groups are those of the division."""
    divided: list[int] = []
    coarsest = partition.coarsest

    def counted(ties: partition.Matrix) -> partition.Division:
        divided.append(ties.shape[0])
        return coarsest(ties)

    monkeypatch.setattr(partition, "coarsest", counted)
    groups._close_groups.cache_clear()
    ties = planted(3, 40, 30, 20)
    first, again = (groups.closely(drawn(ties, start)) for start in (1, 1_000))
    assert divided == [90]
    expected = [group for group in coarsest(ties).groups if len(group) >= groups.FEW]
    assert [[node.int - 1 for node in group] for group in first] == [list(one) for one in expected]
    assert [[node.int - 1_000 for node in group] for group in again] == [
        list(one) for one in expected
    ]
