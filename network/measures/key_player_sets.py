"""Find the best set of key players: the people whose removal fragments the network most, or who
reach the most other people (Borgatti 2006).

Distance-weighted fragmentation is 1 minus the mean of 1/d, where d is the distance of a pair, over
all pairs of other people: 0 if everybody is linked to everybody, 1 if there are no links. Searches
start from 64 people at once, with one bit for each, so that one step of all these searches is one
pass over the links. Removing a set affects only pairs of which it cuts every shortest path. So its
effect is at most the sum of the paths through its members, where each pair counts 1/d: no set
exceeds that bound. If there are at most `TRIED` sets, they are compared, those with the highest
bound first, until no bound is higher than the best value. If there are more, a set is built person
by person from several starts, and its people are exchanged for others while that improves it. For
fragmentation the candidates are the `LOOKED_AT` people with the most paths; in a network of at most
`EVERY` people, everybody is a candidate.

In a network of at most `EXACT` people, the value of a set is exact; in a larger one it is
estimated. With more than `STARTS` people, the set is chosen and the bound estimated from the paths
of a random sample of that size, which is always the same for a network of that size.

The file is long because it is one search.
"""

from collections.abc import Callable, Iterable, Sequence
from heapq import heapify, heappop, heapreplace, nsmallest
from itertools import combinations
from math import comb
from typing import Any

import numpy as np
import numpy.typing as npt
from msgspec import Struct

from domain.kernel.codes import SetMeasure
from network.measures import distances, partition

# the type is scipy.sparse.csr_array of floats; the matrix is symmetric, with an empty diagonal
Matrix = Any
Floats = npt.NDArray[np.float64]
Places = npt.NDArray[np.int64]
#: All sets are compared if there are at most this many, and if one step of all of them takes at
#: most `WORK` words of 64 bits.
TRIED = 200_000
WORK = 100_000_000
#: Number of sets that are searched in one pass.
AT_ONCE = 512
EXACT = 10_000
#: The largest number of people from whom paths begin when a set is chosen.
STARTS = 512
LOOKED_AT, EVERY = 16, 400
# Number of words of 64 bits in a pass: a search begins from 64 times this many people together.
WORDS = 64
#: Values are rounded to this number of digits, and values that differ by less than the second
#: number are equal.
DIGITS, ROUNDED = 12, 1e-9


class BestSet(Struct, frozen=True):
    """The result of a search: the people of a set, as positions; the value of the set after each of
    them was added; and a bound that the value of no set exceeds.

    `exact` is true if every set was compared. `drawn` is the number of randomly chosen people from
    whom the value or the bound was estimated; None if paths from all people were used.
    """

    places: list[int]
    values: list[float]
    exact: bool
    bound: float
    drawn: int | None = None


def best_set(ties: Matrix, size: int, by: SetMeasure, steps: int = 2) -> BestSet:
    """Return the set of `size` people whose removal fragments the network most, or who reach the
    most other people.
    """
    people = ties.shape[0]
    size = min(size, people)
    worth = _worth(ties, by, steps)
    if size == 0:
        return BestSet([], [], True, 0.0)
    sets = comb(people, size)
    # to measure the network without a set, paths are searched from all other people
    soon = by == "reach" or (people <= EVERY and sets * ties.nnz * -(-people // 64) <= WORK)
    if soon and sets <= TRIED:
        best = _farthest(ties, size, steps) if by == "reach" else _foremost(ties, size)
        values = [worth(best[:place]) for place in range(1, size + 1)]
        return BestSet(best, values, True, values[-1])
    if by == "reach":
        chosen, bound = far_reaching(ties, size, steps)
        chosen = _exchanged([chosen], range(people) if people <= EVERY else chosen, worth)
    else:
        chosen, bound = _holding(ties, size)
    values = [worth(chosen[:place]) for place in range(1, size + 1)]
    estimated = STARTS if by == "fragmentation" and people > STARTS else None
    return BestSet(chosen, values, False, max(bound, values[-1]), estimated)


def _worth(ties: Matrix, by: SetMeasure, steps: int) -> Callable[[Sequence[int]], float]:
    if by == "fragmentation":
        starts = draw_starts(ties.shape[0], EXACT if ties.shape[0] <= EXACT else STARTS)
        return lambda some: fragmentation(ties, some, starts)
    near: dict[int, Places] = {}

    def reached(positions: Sequence[int]) -> float:
        for position in positions:
            if position not in near:
                near[position] = around(ties, position, steps)
        rest = ties.shape[0] - len(positions)
        array = np.unique(np.concatenate([near[position] for position in positions]))
        return float(len(np.setdiff1d(array, positions)) / rest) if rest else 0.0

    return reached


def draw_starts(people: int, most: int) -> Places:
    """Return the people from whom a search begins: all people, or a random sample of `most` people
    if there are more.
    """
    if people <= most:
        return np.arange(people)
    return np.sort(np.random.default_rng(people).choice(people, most, replace=False))


# --- reach --------------------------------------------------------------------------------------


def _farthest(ties: Matrix, size: int, steps: int) -> list[int]:
    """Return the set of `size` people that reaches the most other people within `steps` links,
    after comparing all such sets. If several sets are equally good, the first is returned.
    """
    near = [
        sum(1 << int(place) for place in around(ties, at, steps)) for at in range(ties.shape[0])
    ]

    def reached(positions: Iterable[int]) -> int:
        reached_bits = own = 0
        for position in positions:
            reached_bits |= near[position]
            own |= 1 << position
        return (reached_bits & ~own).bit_count()

    return list(max(combinations(range(ties.shape[0]), size), key=reached))


def far_reaching(ties: Matrix, size: int, steps: int) -> tuple[list[int], float]:
    """Return a set of people, and an upper bound of the value of any set of that size. The people
    are chosen one by one, each time the person who reaches the most people whom the set does not
    reach yet.

    A person's gain only falls as others are chosen, so it is computed again only while the gain
    known so far is the largest (Minoux 1978). At first the gain is bounded by the number of walks
    with the allowed number of steps.
    """
    people = ties.shape[0]
    walks = np.ones(people)
    for _ in range(steps):
        walks = np.minimum(1.0 + ties @ walks, people)
    waiting = [(-most, place, 0) for place, most in enumerate(walks.tolist())]
    heapify(waiting)
    reached, chosen = np.zeros(people, bool), list[int]()
    while len(chosen) < size:
        _, place, set_size = waiting[0]
        if set_size == len(chosen) + 1:
            heappop(waiting)
            chosen.append(place)
            reached[around(ties, place, steps)] = True
        else:
            near = around(ties, place, steps)
            adds = float(np.count_nonzero(~reached[near]))
            heapreplace(waiting, (-adds, place, len(chosen) + 1))
    more = -sum(most for most, *_ in nsmallest(size, waiting))
    rest = max(people - size, 1)
    return chosen, float(min((np.count_nonzero(reached) + more - size) / rest, 1.0))


def around(ties: Matrix, place: int, steps: int) -> Places:
    """Return all people within `steps` links of a person, including that person."""
    array = front = np.array([place])
    for _ in range(steps):
        front = np.setdiff1d(partition.neighbours_of(ties.indptr, ties.indices, front), array)
        array = np.union1d(array, front)
    return array


# --- fragmentation ------------------------------------------------------------------------------


def fragmentation(ties: Matrix, without: Sequence[int], starts: Places | None = None) -> float:
    """Return how fragmented the network is without the people in `without`. It is computed from the
    paths that begin at `starts`, or at all people if `starts` is None.
    """
    people = ties.shape[0]
    starts = np.arange(people) if starts is None else starts
    starts = np.setdiff1d(starts, without)
    others = people - len(without) - 1
    if others < 1:
        return 1.0
    near = sum(
        _nearness(ties, without, starts[first : first + 64 * WORDS])
        for first in range(0, len(starts), 64 * WORDS)
    )
    return float(1.0 - near / max(len(starts) * others, 1))


def _nearness(ties: Matrix, without: Sequence[int], starts: Places) -> float:
    """Return the sum of 1/distance from these starts to all people whom they reach when `without`
    are removed."""
    people, number = ties.shape[0], np.arange(len(starts))
    front = np.zeros((people, -(-len(starts) // 64)), np.uint64)
    front[starts, number // 64] = np.uint64(1) << (number % 64).astype(np.uint64)
    met = front.copy()
    met[list(without)] = ~np.uint64(0)  # no path goes through removed people
    tied = np.flatnonzero(np.diff(ties.indptr))
    at, total, depth = ties.indptr[tied], 0.0, 0
    while True:
        depth += 1
        come = np.zeros_like(front)
        if len(tied):
            come[tied] = np.bitwise_or.reduceat(front[ties.indices], at, axis=0)
        front = come & ~met
        new = int(np.bitwise_count(front).sum(dtype=np.int64))
        if not new:
            return total
        total += new / depth
        met |= front


def _foremost(ties: Matrix, size: int) -> list[int]:
    """Return the set of `size` people whose removal fragments the network most; no other set of
    that size is better. If several sets are equally good, the first is returned.
    """
    people = ties.shape[0]
    near, through = running_through(ties, np.arange(people))
    all_sets = np.array([*combinations(range(people), size)])
    others = max((people - size) * (people - size - 1), 1)
    bounds = 1.0 - np.maximum(near - through[all_sets].sum(axis=1), 0.0) / others
    best, most = list[int](), -1.0
    order = np.argsort(-bounds, kind="stable")
    for first in range(0, len(order), AT_ONCE):
        batch = np.sort(order[first : first + AT_ONCE])
        if best and bounds[order[first]] < most - ROUNDED:
            break
        values = np.round(1.0 - _parted(ties, all_sets[batch]) / others, DIGITS)
        at = int(np.argmax(values))
        chosen = all_sets[batch[at]].tolist()
        if (values[at], [-place for place in chosen]) > (most, [-place for place in best]):
            best, most = chosen, float(values[at])
    return best


def _parted(ties: Matrix, sets: Places) -> Floats:
    """Return a number for each of the sets of people: the sum of 1/distance over all pairs of other
    people, after the people in the set are removed.
    """
    people, count = ties.shape[0], len(sets)
    number = np.arange(people)
    own = np.zeros((people, -(-people // 64)), np.uint64)
    own[number, number // 64] = np.uint64(1) << (number % 64).astype(np.uint64)
    front = np.repeat(own[np.newaxis], count, axis=0)
    rows = np.arange(count)[:, np.newaxis]
    front[rows, sets] = 0  # no path begins at removed people
    met = front.copy()
    met[rows, sets] = ~np.uint64(0)  # no path goes through removed people
    tied = np.flatnonzero(np.diff(ties.indptr))
    at, total, depth = ties.indptr[tied], np.zeros(count), 0
    while len(tied):
        depth += 1
        come = np.zeros_like(front)
        come[:, tied] = np.bitwise_or.reduceat(front[:, ties.indices], at, axis=1)
        front = come & ~met
        new = np.bitwise_count(front).sum(axis=(1, 2), dtype=np.int64)
        if not new.any():
            break
        total += new / depth
        met |= front
    return total


def _exchanged(
    starts: Sequence[list[int]], candidates: Iterable[int], worth: Callable[[list[int]], float]
) -> list[int]:
    """Return the best set of people that this search finds. From each of the sets in `starts`, it
    exchanges a member for a candidate as long as an exchange improves the set.
    """
    others, best, most = list(candidates), list[int](), -1.0
    for start in starts:
        chosen, value = list(start), round(worth(list(start)), DIGITS)
        better = True
        while better:
            better = False
            for place in range(len(chosen)):
                for candidate in others:
                    tried = [*chosen[:place], candidate, *chosen[place + 1 :]]
                    if (
                        candidate not in chosen
                        and (new_value := round(worth(tried), DIGITS)) > value
                    ):
                        chosen, value, better = tried, new_value, True
        if value > most:
            best, most = chosen, value
    return best


def _holding(ties: Matrix, size: int) -> tuple[list[int], float]:
    """Return a set of `size` people whose removal fragments the network, and a bound that the value
    of no set of that size exceeds. The people are chosen one by one, each time the person whose
    removal fragments the network most; then members are exchanged for other people while that
    improves the set.
    """
    people = ties.shape[0]
    starts = draw_starts(people, STARTS)
    near, through = running_through(ties, starts)
    most = np.argsort(-through, kind="stable")
    waiting = most[: people if people <= EVERY else LOOKED_AT].tolist()
    chosen: list[int] = []
    for _ in range(size):
        rest = [candidate for candidate in waiting if candidate not in chosen] or [
            candidate for candidate in most.tolist() if candidate not in chosen
        ][:1]
        parted = [fragmentation(ties, [*chosen, candidate], starts) for candidate in rest]
        chosen.append(rest[int(np.argmax(np.round(parted, 12)))])
    chosen = _exchanged(
        [chosen, most[:size].tolist()],
        waiting,
        lambda some: fragmentation(ties, some, starts),
    )
    others = max((people - size) * (people - size - 1), 1)
    left = max(near - float(through[most[:size]].sum()), 0.0)
    return chosen, float(1.0 - left / others)


def running_through(ties: Matrix, starts: Places) -> tuple[float, Floats]:
    """Return the sum of 1/distance over all pairs; and for each person the part of this sum that
    belongs to paths which begin at the person, end there or run through the person. For a pair, a
    person gets the share of the pair's shortest paths that contain the person (Brandes 2001).
    """
    people = ties.shape[0]
    array, total = np.zeros(people), 0.0
    for first in range(0, len(starts), distances.COLUMNS):
        batch = starts[first : first + distances.COLUMNS]
        level, paths = distances.sweep(ties, batch)
        near = np.where(level > 0, 1.0 / np.maximum(level, 1), 0.0)
        total += near.sum()
        array += 2.0 * near.sum(axis=1)
        array += distances.hanging(ties, level, paths, near).sum(axis=1)
    scale = people / len(starts)
    return total * scale, array * scale
