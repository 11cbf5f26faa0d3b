"""Divide people into groups, on arrays: connected components, groups by the Leiden method with
their stability, and k-cores.

The Leiden method (Traag, Waltman & van Eck 2019) maximises modularity, from a fixed random seed:
the same links give the same groups. Another seed may divide people differently, so each group has a
stability: nine other seeds are tried, and the group is compared (Jaccard similarity) with the most
similar group of each; the stability is the average. Above `MANY` people no other seed is tried.
"""

from collections.abc import Sequence
from typing import Any

import graspologic_native
import numpy as np
import numpy.typing as npt
import rustworkx
import scipy  # scipy.optimize is loaded when it is first used: it takes 9 MB
from msgspec import Struct
from scipy import sparse
from scipy.sparse import csgraph

Matrix = Any  # a scipy.sparse.csr_array of floats, symmetric, with an empty diagonal
Members = npt.NDArray[np.int64]
SEEDS = 10
MANY = 100_000
#: The resolutions that `coarsest` tries, in this order.
RESOLUTIONS = (1.0, 0.5, 0.25, 0.1)
#: The least average similarity to the results of other random seeds with which a group is stable.
STABLE = 0.8
#: Number of runs of Leiden over the whole network, each of which begins with the result of the
#: previous run. With more than `MANY` people there is one run.
ROUNDS = 3


class Division(Struct, frozen=True):
    """The groups, each as the positions of its people; and the stability of each group, if it was
    computed.
    """

    groups: tuple[tuple[int, ...], ...]
    stability: tuple[float | None, ...]


def components(ties: Matrix) -> Division:
    """Return the connected components of the network as groups."""
    _, member = csgraph.connected_components(ties, directed=False)
    return _whole(member)


def cores(ties: Matrix, k: int) -> Division:
    """Return the people who each have at least `k` links among themselves, by component."""
    core = core_numbers(ties)
    inside = np.flatnonzero(core >= k)
    _, member = csgraph.connected_components(ties[inside][:, inside], directed=False)
    division = _whole(member)
    return Division(
        tuple(tuple(int(inside[place]) for place in group) for group in division.groups),
        division.stability,
    )


def core_numbers(ties: Matrix) -> npt.NDArray[np.int64]:
    """Return for each person the largest k of a k-core that they are in (Seidman 1983)."""
    indptr, indices = ties.indptr, ties.indices
    degree = np.diff(indptr).astype(np.int64)
    core = np.zeros(len(degree), np.int64)
    left = np.ones(len(degree), bool)
    while left.any():
        k = int(degree[left].min())
        peeled = np.flatnonzero(left & (degree <= k))
        # if these people are removed, others may have only k links or fewer, so that they are
        # removed, too
        while len(peeled):
            core[peeled], left[peeled] = k, False
            met = neighbours_of(indptr, indices, peeled)
            met, fallen = np.unique(met[left[met]], return_counts=True)
            degree[met] -= fallen
            peeled = met[degree[met] <= k]
    return core


def neighbours_of(indptr: Any, indices: Any, people: npt.NDArray[Any]) -> npt.NDArray[Any]:
    """Return the neighbours of each of the people `people`, one person after another, in one
    array.
    """
    counts = indptr[people + 1] - indptr[people]
    behind = np.repeat(indptr[people] - np.concatenate(([0], np.cumsum(counts)[:-1])), counts)
    array: npt.NDArray[Any] = indices[behind + np.arange(counts.sum())]
    return array


def leiden(ties: Matrix, resolution: float = 1.0) -> Division:
    """Return groups of people who are linked more closely than by chance; the lower the resolution,
    the larger the groups."""
    if not ties.nnz:
        return Division((), ())
    groups = once(ties, resolution).groups
    others = [_leiden(ties, seed, resolution) for seed in _other_seeds(ties)]
    return Division(groups, _stability(groups, others))


def once(ties: Matrix, resolution: float = 1.0) -> Division:
    """Return the groups of people that `leiden` returns, but computed only once, from a single
    random seed and without the stability of the groups.
    """
    return _whole(_leiden(ties, 1, resolution)) if ties.nnz else Division((), ())


def coarsest(ties: Matrix) -> Division:
    """Return the groups of `leiden` at the first of the `RESOLUTIONS` at which all groups are
    stable (other random seeds give nearly the same groups). If no resolution gives stable groups,
    return the groups at the last one. The stability of each group is not returned.
    """
    for resolution in RESOLUTIONS:
        division = once(ties, resolution)
        if resolution == RESOLUTIONS[-1] or _are_stable(ties, division.groups, resolution):
            break
    return division


def _are_stable(ties: Matrix, groups: Sequence[Sequence[int]], resolution: float) -> bool:
    """Return whether every one of these groups is stable: other random seeds give nearly the same
    group. As soon as one group can no longer become stable, no further seeds are tried, because
    trying seeds takes most of the time needed to draw a map.
    """
    seeds = _other_seeds(ties) if groups else ()
    alike = np.zeros(len(groups))
    for tried, seed in enumerate(seeds, start=1):
        alike += _similarities(groups, _leiden(ties, seed, resolution))
        if ((alike + (len(seeds) - tried)) / len(seeds) < STABLE).any():
            return False
    return True


def _other_seeds(ties: Matrix) -> Sequence[int]:
    """Return the seeds whose groups are compared with those of the first seed."""
    return range(2, (SEEDS if ties.shape[0] <= MANY else 1) + 1)


def _leiden(ties: Matrix, seed: int, resolution: float) -> Members:
    people = ties.shape[0]
    _, groups_by_node = graspologic_native.leiden_csr(
        ties.indptr.astype(np.int64, copy=False),
        ties.indices.astype(np.int32, copy=False),
        ties.data.astype(np.float64, copy=False),
        people,
        iterations=ROUNDS if people <= MANY else 1,
        resolution=resolution,
        seed=seed,
    )
    # a person without a link forms a group alone
    member = np.arange(people, 2 * people, dtype=np.int64)
    who = np.fromiter(groups_by_node.keys(), np.int64, len(groups_by_node))
    member[who] = np.fromiter(groups_by_node.values(), np.int64, len(groups_by_node))
    return member


def _stability(
    groups: Sequence[Sequence[int]], others: Sequence[Members]
) -> tuple[float | None, ...]:
    """Return for each group its average similarity to the most similar group of each of the
    divisions `others`.
    """
    if not others or not groups:
        return (None,) * len(groups)
    alike = np.mean([_similarities(groups, member) for member in others], axis=0)
    return tuple(alike.tolist())


def _similarities(groups: Sequence[Sequence[int]], member: Members) -> npt.NDArray[np.float64]:
    """Return for each group its similarity (Jaccard) to the most similar group of the division
    `member`. It is computed for all groups at once, because there may be thousands.
    """
    sizes = np.array([len(group_members) for group_members in groups])
    who = np.concatenate([np.asarray(group_members) for group_members in groups])
    of = np.repeat(np.arange(len(groups)), sizes)
    size = np.bincount(member)
    shared, both = np.unique(of * len(size) + member[who], return_counts=True)
    group, where = np.divmod(shared, len(size))
    alike = both / (size[where] + sizes[group] - both)
    most: npt.NDArray[np.float64] = np.maximum.reduceat(
        alike, np.searchsorted(group, np.arange(len(groups)))
    )
    return most


def _whole(member: npt.NDArray[Any]) -> Division:
    """Return the groups of two or more people, largest first."""
    order = np.argsort(member, kind="stable")
    starts = np.flatnonzero(np.diff(member[order])) + 1
    parts = [part.tolist() for part in np.split(order, starts) if len(part) > 1]
    groups = sorted(map(tuple, parts), key=lambda one: (-len(one), one))
    return Division(tuple(groups), (None,) * len(groups))


def graph(ties: Matrix) -> "rustworkx.PyGraph[int, None]":
    """Return the people and links as an undirected graph of rustworkx."""
    upper = sparse.triu(ties, k=1).tocoo()
    made: rustworkx.PyGraph[int, None] = rustworkx.PyGraph(multigraph=False)
    made.add_nodes_from(range(ties.shape[0]))
    made.add_edges_from_no_data(list(zip(upper.row.tolist(), upper.col.tolist(), strict=True)))
    return made


def continued(before: Sequence[Any], now: Sequence[Any]) -> list[int | None]:
    """Return for each present group the former group that it continues: the most similar one
    (Jaccard), each former group at most once; None if no two of its people were together in a
    former group."""
    if not before or not now:
        return [None] * len(now)
    everybody = np.unique(
        np.concatenate([np.asarray(group_members) for group_members in (*before, *now)])
    )
    then, here = (_members(groups, everybody) for groups in (before, now))
    common = (here @ then.T).tocoo()
    of_now, of_then = (np.array([len(group) for group in groups]) for groups in (now, before))
    both = common.data / (of_now[common.row] + of_then[common.col] - common.data)
    alike = sparse.coo_array((both, (common.row, common.col)), shape=common.shape).tocsr()
    # groups without common people are matched separately, because one table of all groups would
    # grow with the square of the number of groups
    shape = (len(now) + len(before),) * 2
    pairs = (np.ones(len(both)), (common.row, common.col + len(now)))
    _, part = csgraph.connected_components(sparse.coo_array(pairs, shape=shape), directed=False)
    order = np.argsort(part, kind="stable")
    overlaps = common.tocsr()
    earlier_groups: list[int | None] = [None] * len(now)
    for component in np.split(order, np.flatnonzero(np.diff(part[order])) + 1):
        rows, columns = component[component < len(now)], component[component >= len(now)] - len(now)
        table = alike[rows][:, columns].toarray()
        best = scipy.optimize.linear_sum_assignment(table, maximize=True)
        for row, column in zip(*best, strict=True):
            if overlaps[int(rows[row]), int(columns[column])] > 1:
                earlier_groups[int(rows[row])] = int(columns[column])
    return earlier_groups


def _members(groups: Sequence[Any], everybody: npt.NDArray[Any]) -> Matrix:
    """Return a matrix that says which person is in which group, with a row for each group."""
    sizes = [len(group) for group in groups]
    who = np.searchsorted(everybody, np.concatenate([np.asarray(group) for group in groups]))
    rows = np.repeat(np.arange(len(groups)), sizes)
    shape = (len(groups), len(everybody))
    return sparse.coo_array((np.ones(len(who)), (rows, who)), shape=shape).tocsr()
