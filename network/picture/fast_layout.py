"""A fast layout for many nodes: good enough to see the structure, in a second instead of minutes.

Distances to a few pivots give the overall shape (pivot MDS; Brandes and Pich, 2006); then forces
along links and between nearby nodes spread the nodes. The same network gives the same layout.
"""

from __future__ import annotations

from itertools import chain
from typing import Any

import networkx as nx
import numpy as np
import numpy.typing as npt
from scipy.sparse import csr_array
from scipy.sparse.csgraph import dijkstra
from scipy.spatial import cKDTree

Points = npt.NDArray[np.float64]
Ends = npt.NDArray[np.intp]
PIVOTS = 40
ROUNDS = 80
NEAR = 12  # Number of nearest nodes that repel a node.
REMEMBERED = 2  # Number of rounds after which the nearest nodes are computed again.
EVEN = 0.7  # How far, from 0 to 1, nodes are moved towards equally full rows and columns.
SEED = 7
# How far boxes may move, in pixels, before the boxes near them are searched again.
SLACK = 8.0
# Number of rounds in which boxes are moved apart; for very many boxes there are fewer rounds,
# because a round takes longer.
CLEAR = 200


def arranged(part: nx.Graph[int]) -> Points:
    """Return positions for the nodes of a connected network; linked nodes are about one
    unit apart.
    """
    index = {node: number for number, node in enumerate(part)}
    ends = np.array([(index[a], index[b]) for a, b in part.edges], dtype=np.intp)
    points = _shaped(len(index), ends)
    lengths = np.linalg.norm(points[ends[:, 0]] - points[ends[:, 1]], axis=1)
    points /= max(float(np.mean(lengths)), 1e-9)
    # noise is added, so that no two nodes have the same position
    points += np.random.default_rng(SEED).normal(0, 0.1, points.shape)
    return _evened(_sprung(points, ends))


def _shaped(count: int, ends: Ends) -> Points:
    """Return first positions for the nodes, which show the overall shape of the network. They are
    computed from each node's distances to a few nodes (pivots) that are far from each other.
    """
    both = np.concatenate([ends, ends[:, ::-1]])
    ties: Any = csr_array((np.ones(len(both)), (both[:, 0], both[:, 1])), shape=(count, count))
    nearest = np.full(count, np.inf)
    pivot, columns = int(np.argmax(np.bincount(both[:, 0], minlength=count))), []
    for _ in range(min(PIVOTS, count)):
        (column,) = dijkstra(ties, indices=[pivot], unweighted=True)
        columns.append(column)
        nearest = np.minimum(nearest, column)
        pivot = int(np.argmax(nearest))
    squares = np.column_stack(columns) ** 2
    centred = squares - squares.mean(axis=0) - squares.mean(axis=1, keepdims=True) + squares.mean()
    shape, weights, _ = np.linalg.svd(-centred / 2, full_matrices=False)
    array = shape[:, :2] * weights[:2]
    return np.asarray(array * np.sign(array[np.argmax(np.abs(array), axis=0), [0, 1]]))


def _sprung(points: Points, ends: Ends) -> Points:
    count = len(points)
    degree = np.maximum(np.bincount(ends.ravel(), minlength=count), 1)[:, None]
    for number in range(ROUNDS):
        along = points[ends[:, 1]] - points[ends[:, 0]]
        pull = along * (1 - 1 / _lengths(along)[:, None]) * 0.5
        moves = (_summed(ends[:, 0], pull, count) - _summed(ends[:, 1], pull, count)) / degree**0.5
        if number % REMEMBERED == 0:
            _, closest = _tree(points).query(points, k=min(NEAR, count))
            # one row for each rank of nearness, because NumPy adds long rows faster than short ones
            near = np.ascontiguousarray(np.asarray(closest)[:, 1:].T)
        x, y = points[:, 0] - points[near, 0], points[:, 1] - points[near, 1]
        far = np.maximum(np.sqrt(x * x + y * y), 1e-6)
        push = np.maximum(1 / far - 1, 0)
        moves[:, 0] += (x * push * 0.6).sum(axis=0)
        moves[:, 1] += (y * push * 0.6).sum(axis=0)
        size = _lengths(moves)
        moved = np.minimum(size, 0.6 * (1 - number / ROUNDS) + 0.02)
        points += moves / size[:, None] * moved[:, None]
    return points


def _evened(points: Points) -> Points:
    """Return the points, moved most of the way to positions at which each column and each row has
    about equally many points: the middle of a network is crowded, and there is room at its edge.
    """
    order = np.argsort(np.argsort(points, axis=0, kind="stable"), axis=0, kind="stable")
    even = (order / max(len(points) - 1, 1) - 0.5) * np.ptp(points, axis=0)
    return np.asarray((1 - EVEN) * (points - points.mean(axis=0)) + EVEN * even)


def _lengths(vectors: Points) -> Points:
    """Return the length of each vector, and at least a millionth. `numpy.linalg.norm` returns the
    same lengths, but takes longer for many short vectors."""
    x, y = vectors[:, 0], vectors[:, 1]
    return np.asarray(np.maximum(np.sqrt(x * x + y * y), 1e-6))


def _summed(where: Ends, points: Points, count: int) -> Points:
    return np.column_stack([np.bincount(where, points[:, axis], count) for axis in (0, 1)])


def rounds(count: int) -> int:
    """Return the number of rounds in which this many boxes are separated."""
    return CLEAR * 1_000 // max(count, 1_000)


def spread(
    points: Points, sides: Points, low: Points, high: Points, rounds: int
) -> tuple[Points, bool]:
    """Return the points of the boxes, moved apart within the limits `low` and `high` so that the
    boxes do not overlap; and whether no boxes overlap any more. `sides` is how far each box extends
    from its point. If there is not enough room, some boxes still overlap after the last round.
    """
    points = points.copy()
    usual = np.median(sides, axis=0)
    larger = np.asarray(np.any(sides > usual, axis=1))
    searched = np.full_like(points, np.inf)
    for _ in range(rounds):
        if np.abs(points - searched).max() > SLACK:
            searched = points
            pairs = _close(points, sides + SLACK, usual + SLACK, larger)
        first_array, second_array = pairs[:, 0], pairs[:, 1]
        apart = points[second_array] - points[first_array]
        over = sides[first_array] + sides[second_array] - np.abs(apart)
        touching = (over > 0.5).all(axis=1)
        if not touching.any():
            return points, True
        first_array, second_array, apart, over = (
            first_array[touching],
            second_array[touching],
            apart[touching],
            over[touching],
        )
        axis = np.argmin(over, axis=1)
        rows = np.arange(len(axis))
        push = np.zeros_like(apart)
        push[rows, axis] = over[rows, axis] / 2 * np.where(apart[rows, axis] >= 0, 1.0, -1.0)
        crowd = np.bincount(np.concatenate([first_array, second_array]), minlength=len(points))[
            :, None
        ]
        moves = _summed(second_array, push, len(points)) - _summed(first_array, push, len(points))
        points = np.clip(points + moves / np.maximum(crowd, 1) ** 0.5, low, high)
    return points, False


def _close(points: Points, sides: Points, usual: Points, larger: npt.NDArray[np.bool_]) -> Ends:
    """Return the pairs of boxes that may touch. The boxes with names are few and much larger than
    the other boxes, so only around these few are larger distances searched.
    """
    small, large = np.flatnonzero(~larger), np.flatnonzero(larger)
    small_pairs = _tree(points[small] / usual).query_pairs(2.0, p=np.inf, output_type="ndarray")
    widest = sides.max(axis=0)
    reached = points / widest
    around = _tree(reached[large]).query_ball_tree(_tree(reached), 2.0, p=np.inf)
    first_array = np.repeat(large, [len(neighbours) for neighbours in around])
    second_array = np.fromiter(chain.from_iterable(around), dtype=np.intp, count=len(first_array))
    once = ~larger[second_array] | (first_array < second_array)
    return np.vstack([small[small_pairs], np.column_stack([first_array, second_array])[once]])


def _tree(points: Points) -> cKDTree:
    """Return a search tree for a single query, built as fast as possible."""
    return cKDTree(points, balanced_tree=False, compact_nodes=False)
