"""Distances in arrays: the same values as networkx's, for networks too large for it.

Breadth-first search from many people at once: each level is one product of a sparse matrix with a
block of columns, one column a start. For 10,000 people exact betweenness takes about a minute.
"""

from collections.abc import Iterator
from typing import Any

import numpy as np
import numpy.typing as npt
from scipy import sparse
from scipy.sparse import csgraph, linalg

Matrix = Any  # a scipy.sparse.csr_array of floats, symmetric, with an empty diagonal
Floats = npt.NDArray[np.float64]
Levels = npt.NDArray[np.int32]
BLOCK = 256  # starts a sweep
DENSE = 400  # people of a component up to which its whole spectrum is quicker


def betweenness_and_closeness(ties: Matrix) -> tuple[Floats, Floats]:
    """Brandes' betweenness (2001) and Wasserman and Faust's closeness, normalised as networkx
    does: betweenness by the pairs of others, closeness by the share of people reached."""
    people = ties.shape[0]
    between = np.zeros(people)
    close = np.zeros(people)
    for starts in _blocks(np.arange(people)):
        level, paths = sweep(ties, starts)
        between += _dependencies(ties, level, paths)
        reached = (level > 0).sum(axis=0)
        total = np.where(level > 0, level, 0).sum(axis=0)
        with np.errstate(invalid="ignore", divide="ignore"):
            close[starts] = np.where(total > 0, reached / total * reached / (people - 1), 0.0)
    if people > 2:
        between /= (people - 1) * (people - 2)
    return between, close


def sweep(ties: Matrix, starts: npt.NDArray[np.intp]) -> tuple[Levels, Floats]:
    """For each start (a column): everybody's distance, -1 if out of reach, and the number of
    shortest paths to them."""
    shape = ties.shape[0], len(starts)
    level = np.full(shape, -1, dtype=np.int32)
    paths = np.zeros(shape)
    front = np.zeros(shape)
    column = np.arange(len(starts))
    level[starts, column] = 0
    paths[starts, column] = front[starts, column] = 1.0
    depth = 0
    while front.any():
        depth += 1
        front = ties @ front
        front[level >= 0] = 0.0
        level[front > 0] = depth
        paths += front
    return level, paths


def _dependencies(ties: Matrix, level: Levels, paths: Floats) -> Floats:
    """How many shortest paths of these starts run through each person, shares added up."""
    share = np.zeros_like(paths)
    counts = np.where(paths > 0, paths, 1.0)
    for depth in range(int(np.max(level)), 1, -1):
        onward = np.where(level == depth, (1.0 + share) / counts, 0.0)
        share += np.where(level == depth - 1, (ties @ onward) * paths, 0.0)
    summed: Floats = share.sum(axis=1)
    return summed


def fragmentation_without(ties: Matrix, who: list[int]) -> list[float]:
    """For each of `who`: how fragmented the rest is without them, from 0 (everybody tied to
    everybody) to 1 (nobody to anybody).

    Borgatti's distance-weighted fragmentation (2006, "Identifying sets of key players"):
    1 - Σ 1/d over all pairs / number of pairs. Only starts whose every shortest path to somebody
    ran through the person are searched again. Holds two square matrices: for a few thousand.
    """
    people = ties.shape[0]
    level, paths = sweep(ties, np.arange(people))
    near = _nearness(level)
    rest = people - 1
    found: list[float] = []
    for one in who:
        if rest < 2:
            found.append(1.0)
            continue
        through = (level[:, [one]] + level[[one], :] == level) & (
            paths[:, [one]] * paths[[one], :] == paths
        )
        through &= level > 0
        through[one, :] = through[:, one] = False
        again = np.flatnonzero(through.any(axis=0))
        total = near.sum() - 2 * near[one].sum()
        if len(again):
            total -= near[:, again].sum() - near[one, again].sum()
            total += _nearness(sweep(_without(ties, one), again)[0]).sum()
        found.append(float(1.0 - total / (rest * (rest - 1))))
    return found


def _nearness(level: Levels) -> Floats:
    near: Floats = np.where(level > 0, 1.0 / np.where(level > 0, level, 1), 0.0)
    return near


def _without(ties: Matrix, one: int) -> Matrix:
    keep = np.ones(ties.shape[0])
    keep[one] = 0.0
    mask = sparse.diags_array(keep)
    return sparse.csr_array(mask @ ties @ mask)


def eigenvector(ties: Matrix) -> Floats:
    """Eigenvector centrality with Euclidean norm 1, never negative.

    In a network of several components networkx's power iteration, which starts from equal shares,
    tends to the component with the largest eigenvalue, or to a mix of those that share it; this is
    that limit: everybody in the other components has 0.
    """
    people = ties.shape[0]
    count, member = csgraph.connected_components(ties, directed=False)
    tops: list[tuple[float, npt.NDArray[np.intp], Floats]] = []
    for number in range(count):
        inside = np.flatnonzero(member == number)
        if len(inside) > 1:
            value, vector = _leading(ties[inside][:, inside])
            tops.append((value, inside, vector))
    result = np.zeros(people)
    best = max((value for value, _, _ in tops), default=0.0)
    for value, inside, vector in tops:
        if np.isclose(value, best, rtol=1e-9, atol=0):
            result[inside] = vector * vector.sum()
    norm = np.linalg.norm(result)
    return result / norm if norm else result


def _leading(ties: Matrix) -> tuple[float, Floats]:
    if ties.shape[0] <= DENSE:
        values, vectors = np.linalg.eigh(ties.toarray())
    else:
        start = np.ones(ties.shape[0])
        values, vectors = linalg.eigsh(ties, k=1, which="LA", v0=start)
    return float(values[-1]), np.abs(vectors[:, -1])


def _blocks(starts: npt.NDArray[np.intp]) -> Iterator[npt.NDArray[np.intp]]:
    for first in range(0, len(starts), BLOCK):
        yield starts[first : first + BLOCK]
