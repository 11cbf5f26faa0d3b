"""Betweenness, closeness and eigenvector centrality on arrays. The values are those of networkx,
which is too slow for large networks.

Betweenness and closeness are computed by rustworkx in one thread: with several threads, the last
digit of a sum would depend on which thread ended first. If people have weights, paths are searched
from many starts at once: each step is one product of a sparse matrix with a matrix that has a
column for each start.
"""

from typing import Any

import numpy as np
import numpy.typing as npt
import rustworkx
from scipy.sparse import csgraph, linalg

from network.measures.bridges import blocks
from network.measures.partition import graph

# the type is scipy.sparse.csr_array of floats; the matrix is symmetric, with an empty diagonal
Matrix = Any
Floats = npt.NDArray[np.float64]
Levels = npt.NDArray[np.int32]
DENSE = 400  # In a component of at most this many people, it is faster to compute all eigenvectors.
COLUMNS = 256  # Number of starts from which a block is searched in one pass.
# The time that the search of a block takes with weights, as a multiple of its time without weights.
WEIGHED = 2.5


def betweenness(ties: Matrix) -> list[float]:
    """Return Brandes' betweenness (2001), normalised by the pairs of other people, as networkx
    does.

    Each block is computed separately, with the people attached to it as weights, and paths between
    branches of a cut person are counted: the result is exact, and in a tree no other computation is
    needed. If one block has nearly all people, the network is computed as a whole.
    """
    people = ties.shape[0]
    if people < 3:
        return [0.0] * people
    parted = blocks(ties)
    knots = [block for block in parted.blocks if len(block) > 2]
    inside = [ties[block][:, block] for block in knots]
    apart = sum(WEIGHED * one.shape[0] * one.nnz for one in inside)
    if apart > people * ties.nnz:
        centrality = rustworkx.graph_betweenness_centrality(
            graph(ties), parallel_threshold=people + 1
        )
        return [centrality[one] for one in range(people)]
    through = np.zeros(people)
    for one, branches in parted.branches.items():
        rest = parted.whole[one] - 1
        sizes = [*branches, rest - parted.below[one]]
        through[one] = rest * rest - sum(size * size for size in sizes)
    for block, knot in zip(knots, inside, strict=True):
        through[block] += _dependence(knot, np.array(parted.weights(block), float))
    shares: list[float] = (through / ((people - 1) * (people - 2))).tolist()
    return shares


def _dependence(ties: Matrix, behind: Floats) -> Floats:
    """Return for each person their share of the shortest paths between other pairs of people,
    summed over all pairs. Each pair counts by the product of the weights `behind` of its two
    people.
    """
    people = ties.shape[0]
    array = np.zeros(people)
    for first in range(0, people, COLUMNS):
        starts = np.arange(first, min(first + COLUMNS, people))
        level, paths = sweep(ties, starts)
        array += hanging(ties, level, paths, behind[:, None]) @ behind[starts]
    return array


def hanging(ties: Matrix, level: Levels, paths: Floats, ends: Floats) -> Floats:
    """Return a matrix with a column for each start and a row for each person. It says how much of
    the values `ends` belongs to the person as an intermediary. Of the value of each end, the person
    gets the share of the shortest paths from the start to that end that run through the person
    (Brandes 2001).
    """
    hung = np.zeros(level.shape)
    for depth in range(int(np.amax(level)), 1, -1):
        here = level == depth
        share = np.where(here, (ends + hung) / np.where(here, paths, 1.0), 0.0)
        hung += np.where(level == depth - 1, paths * (ties @ share), 0.0)
    return hung


def closeness(ties: Matrix) -> list[float]:
    """Return Wasserman and Faust's closeness, scaled by the share of people reached, as networkx
    does."""
    people = ties.shape[0]
    centrality = rustworkx.graph_closeness_centrality(graph(ties), parallel_threshold=people + 1)
    return [centrality[place] for place in range(people)]


def sweep(ties: Matrix, starts: npt.NDArray[np.intp]) -> tuple[Levels, Floats]:
    """Return two matrices with a column for each start and a row for each person: the distance from
    the start to the person (-1 if unreachable), and the number of shortest paths between them.
    """
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


def eigenvector(ties: Matrix) -> Floats:
    """Return the eigenvector centrality with Euclidean norm 1, never negative.

    In a network of several components networkx's power iteration, which starts from equal shares,
    tends towards the component with the largest eigenvalue, or towards a mix of the components that
    share this eigenvalue. This function returns that limit, so people in other components have 0.
    """
    people = ties.shape[0]
    _, member = csgraph.connected_components(ties, directed=False)
    order = np.argsort(member, kind="stable")
    by_part = ties[order][:, order]
    ends = np.concatenate((np.flatnonzero(np.diff(member[order])) + 1, [people]))
    most = np.maximum.reduceat(np.append(by_part.sum(axis=1), 0.0), [0, *ends[:-1]])
    tops: list[tuple[float, npt.NDArray[np.intp], Floats]] = []
    best = 0.0
    for number in np.argsort(-most, kind="stable").tolist():
        first, last = (0 if number == 0 else int(ends[number - 1])), int(ends[number])
        if last - first < 2 or most[number] < best * (1 - 1e-9):
            # this component cannot have the largest eigenvalue: an eigenvalue is at most the
            # largest number of links of a person
            continue
        value, vector = _leading(by_part[first:last, first:last])
        tops.append((value, order[first:last], vector))
        best = max(best, value)
    result = np.zeros(people)
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
