"""The best set of key players: what it holds together, or whom it reaches (Borgatti 2006).

Distance-weighted fragmentation is 1 less the mean of 1/d over all pairs of the others: 0 where
everybody is tied to everybody, 1 where nobody is to anybody. Searches start from 64 people at once,
one bit each, so that a step of all of them is one pass over the ties. Without a set only pairs all
of whose shortest ways it meets are parted or further apart, so that it costs at most the sum of
what runs through each of it, each pair counted by 1/d: no set exceeds that bound. Up to `TRIED`
sets are compared, those with the highest bound first, until no bound is higher than the best. Where
there are more, a set is chosen one by one, from several starts, and its people are exchanged for
others as long as that is better: for fragmentation among the `LOOKED_AT` people through whom most
runs, up to `EVERY` people among all.

What a set is worth is exact up to `EXACT` people. Where there are more than `STARTS`, it is chosen,
and the bound estimated, by the ways from as many who are drawn, always the same for a network of
that size; above `EXACT` what it is worth, too.
"""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from heapq import heapify, heappop, heapreplace, nsmallest
from itertools import combinations
from math import comb
from typing import Any

import numpy as np
import numpy.typing as npt

from domain.kernel.codes import SetMeasure
from network.measures import distances, partition

Matrix = Any  # a scipy.sparse.csr_array of floats, symmetric, with an empty diagonal
Floats = npt.NDArray[np.float64]
Places = npt.NDArray[np.int64]
#: As many sets are compared, if a step of all of them is no more work than this, in words of 64
#: bits.
TRIED = 200_000
WORK = 100_000_000
#: So many sets are searched at once.
AT_ONCE = 512
EXACT = 10_000
#: So many start where a set is chosen.
STARTS = 512
LOOKED_AT, EVERY = 16, 400
WORDS = 64  # so many times 64 people start together
#: Values that differ by less than this are equal.
DIGITS, ROUNDED = 12, 1e-9


@dataclass(frozen=True)
class Best:
    """A set by its places, the value up to each of them, and what no set exceeds. `exact`: every
    set was compared. `drawn`: by so many starts value or bound were estimated (None: by all)."""

    places: list[int]
    values: list[float]
    exact: bool
    bound: float
    drawn: int | None = None


def best_set(ties: Matrix, size: int, by: SetMeasure, steps: int = 2) -> Best:
    """The set of so many people without whom most falls apart, or who reach most."""
    people = ties.shape[0]
    size = min(size, people)
    worth = _worth(ties, by, steps)
    if size == 0:
        return Best([], [], True, 0.0)
    sets = comb(people, size)
    # without a set all others are searched from
    soon = by == "reach" or (people <= EVERY and sets * ties.nnz * -(-people // 64) <= WORK)
    if soon and sets <= TRIED:
        best = _farthest(ties, size, steps) if by == "reach" else _foremost(ties, size)
        values = [worth(best[:place]) for place in range(1, size + 1)]
        return Best(best, values, True, values[-1])
    if by == "reach":
        chosen, bound = far_reaching(ties, size, steps)
        chosen = _exchanged([chosen], range(people) if people <= EVERY else chosen, worth)
    else:
        chosen, bound = _holding(ties, size)
    values = [worth(chosen[:place]) for place in range(1, size + 1)]
    estimated = STARTS if by == "fragmentation" and people > STARTS else None
    return Best(chosen, values, False, max(bound, values[-1]), estimated)


def _worth(ties: Matrix, by: SetMeasure, steps: int) -> Callable[[Sequence[int]], float]:
    if by == "fragmentation":
        starts = drawn(ties.shape[0], EXACT if ties.shape[0] <= EXACT else STARTS)
        return lambda some: fragmentation(ties, some, starts)
    near: dict[int, Places] = {}

    def reached(some: Sequence[int]) -> float:
        for one in some:
            if one not in near:
                near[one] = around(ties, one, steps)
        rest = ties.shape[0] - len(some)
        found = np.unique(np.concatenate([near[one] for one in some]))
        return float(len(np.setdiff1d(found, some)) / rest) if rest else 0.0

    return reached


def drawn(people: int, most: int) -> Places:
    """From whom is searched: everybody, or so many who are drawn."""
    if people <= most:
        return np.arange(people)
    return np.sort(np.random.default_rng(people).choice(people, most, replace=False))


# --- whom they reach ----------------------------------------------------------------------------


def _farthest(ties: Matrix, size: int, steps: int) -> list[int]:
    """The set of so many who reach most others, of all sets: the first of equal ones."""
    near = [sum(1 << int(one) for one in around(ties, at, steps)) for at in range(ties.shape[0])]

    def reached(some: Iterable[int]) -> int:
        found = own = 0
        for one in some:
            found |= near[one]
            own |= 1 << one
        return (found & ~own).bit_count()

    return list(max(combinations(range(ties.shape[0]), size), key=reached))


def far_reaching(ties: Matrix, size: int, steps: int) -> tuple[list[int], float]:
    """So many people, one by one those who reach most that the others do not; and what no set of
    so many exceeds.

    What somebody adds only falls as others are chosen, so they are asked again only while what they
    added before is the most (Minoux 1978); before that it is at most the walks of so many steps.
    """
    people = ties.shape[0]
    walks = np.ones(people)
    for _ in range(steps):
        walks = np.minimum(1.0 + ties @ walks, people)
    waiting = [(-most, place, 0) for place, most in enumerate(walks.tolist())]
    heapify(waiting)
    reached, chosen = np.zeros(people, bool), list[int]()
    while len(chosen) < size:
        _, place, asked = waiting[0]
        if asked == len(chosen) + 1:
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
    """All within so many steps of somebody, themselves among them."""
    found = front = np.array([place])
    for _ in range(steps):
        front = np.setdiff1d(partition.beside(ties.indptr, ties.indices, front), found)
        found = np.union1d(found, front)
    return found


# --- what they hold together --------------------------------------------------------------------


def fragmentation(ties: Matrix, without: Sequence[int], starts: Places | None = None) -> float:
    """How fragmented the rest is without these people, by the ways from these starts (None: from
    everybody)."""
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
    """1/d from these starts to all others whom they reach without these people, summed."""
    people, number = ties.shape[0], np.arange(len(starts))
    front = np.zeros((people, -(-len(starts) // 64)), np.uint64)
    front[starts, number // 64] = np.uint64(1) << (number % 64).astype(np.uint64)
    met = front.copy()
    met[list(without)] = ~np.uint64(0)  # nobody comes by them
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
    """The set of so many without whom most falls apart, of all sets: the first of equal ones."""
    people = ties.shape[0]
    near, through = running_through(ties, np.arange(people))
    every = np.array([*combinations(range(people), size)])
    others = max((people - size) * (people - size - 1), 1)
    bounds = 1.0 - np.maximum(near - through[every].sum(axis=1), 0.0) / others
    best, most = list[int](), -1.0
    order = np.argsort(-bounds, kind="stable")
    for first in range(0, len(order), AT_ONCE):
        some = np.sort(order[first : first + AT_ONCE])
        if best and bounds[order[first]] < most - ROUNDED:
            break
        values = np.round(1.0 - _parted(ties, every[some]) / others, DIGITS)
        at = int(np.argmax(values))
        chosen = every[some[at]].tolist()
        if (values[at], [-one for one in chosen]) > (most, [-one for one in best]):
            best, most = chosen, float(values[at])
    return best


def _parted(ties: Matrix, sets: Places) -> Floats:
    """For each set: 1/d of all pairs of the others, summed, without this set."""
    people, count = ties.shape[0], len(sets)
    number = np.arange(people)
    own = np.zeros((people, -(-people // 64)), np.uint64)
    own[number, number // 64] = np.uint64(1) << (number % 64).astype(np.uint64)
    front = np.repeat(own[np.newaxis], count, axis=0)
    rows = np.arange(count)[:, np.newaxis]
    front[rows, sets] = 0  # no way begins with them
    met = front.copy()
    met[rows, sets] = ~np.uint64(0)  # and none comes by them
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
    """The best set that is reached from any of these by exchanging one of it for a candidate, as
    long as that is better."""
    others, best, most = list(candidates), list[int](), -1.0
    for start in starts:
        chosen, value = list(start), round(worth(list(start)), DIGITS)
        better = True
        while better:
            better = False
            for place in range(len(chosen)):
                for one in others:
                    tried = [*chosen[:place], one, *chosen[place + 1 :]]
                    if one not in chosen and (found := round(worth(tried), DIGITS)) > value:
                        chosen, value, better = tried, found, True
        if value > most:
            best, most = chosen, value
    return best


def _holding(ties: Matrix, size: int) -> tuple[list[int], float]:
    """So many people, one by one those without whom most falls apart, and exchanged for others; and
    what no set of so many exceeds."""
    people = ties.shape[0]
    starts = drawn(people, STARTS)
    near, through = running_through(ties, starts)
    most = np.argsort(-through, kind="stable")
    waiting = most[: people if people <= EVERY else LOOKED_AT].tolist()
    chosen: list[int] = []
    for _ in range(size):
        rest = [one for one in waiting if one not in chosen] or [
            one for one in most.tolist() if one not in chosen
        ][:1]
        parted = [fragmentation(ties, [*chosen, one], starts) for one in rest]
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
    """1/d of all pairs, and for each person how much of that begins, ends or runs with them: of a
    pair's shortest ways their share (Brandes 2001)."""
    people = ties.shape[0]
    found, total = np.zeros(people), 0.0
    for first in range(0, len(starts), distances.COLUMNS):
        some = starts[first : first + distances.COLUMNS]
        level, paths = distances.sweep(ties, some)
        near = np.where(level > 0, 1.0 / np.maximum(level, 1), 0.0)
        total += near.sum()
        found += 2.0 * near.sum(axis=1)
        found += distances.hanging(ties, level, paths, near).sum(axis=1)
    scale = people / len(starts)
    return total * scale, found * scale
