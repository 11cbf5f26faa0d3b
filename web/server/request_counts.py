"""Counts of requests, by address pattern, status and time. Each process of a server counts in
memory that all share, so that one process can report for all.

A request is counted under the pattern of its address (`/items/{item}`), never under the address
itself, which may contain an id or a search word. Each process writes memory cells of its own, with
one thread, so no lock is needed. A process that replaces another continues its counts.
"""

from bisect import bisect_left
from collections.abc import Iterator, MutableSequence, Sequence
from multiprocessing import get_context

from msgspec import Struct

#: Upper bounds, in seconds, of the time from a request until its answer began.
BOUNDS = (0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 5.0, 10.0)
#: The groups in which answers are counted: "2xx" has all answers whose status begins with 2.
STATUSES = ("1xx", "2xx", "3xx", "4xx", "5xx")
#: The name under which requests to an unknown address are counted.
ELSEWHERE = "elsewhere"
_TIMES = len(STATUSES)
_SUM = _TIMES + len(BOUNDS) + 1
_CELLS = _SUM + 1

Cells = MutableSequence[float]


class PatternCount(Struct, frozen=True):
    """The counts of one pattern: how many answers had each of `STATUSES`; how many took at most as
    long as each of `BOUNDS` and, at the end, how many took longer than all of them; and the total
    time in seconds.
    """

    route: str
    statuses: tuple[int, ...]
    times: tuple[int, ...]
    seconds: float


class RequestCounts:
    """The counts of one process, which it stores in `cells`, or in memory of its own."""

    def __init__(self, routes: Sequence[str], cells: Cells | None = None) -> None:
        self.routes = (*sorted(set(routes) - {ELSEWHERE}), ELSEWHERE)
        self._at = {route: place * _CELLS for place, route in enumerate(self.routes)}
        self._cells: Cells = [0.0] * (len(self.routes) * _CELLS) if cells is None else cells

    def add(self, route: str, status: int, seconds: float) -> None:
        """Count one answered request, with its status and its time."""
        at = self._at.get(route, self._at[ELSEWHERE])
        for cell in (
            at + min(max(status // 100, 1), len(STATUSES)) - 1,
            at + _TIMES + bisect_left(BOUNDS, seconds),
        ):
            self._cells[cell] += 1
        self._cells[at + _SUM] += seconds

    def counted(self) -> Iterator[PatternCount]:
        """Yield the counts of the patterns to which at least one request was made."""
        for route, at in self._at.items():
            cells = self._cells[at : at + _CELLS]
            if any(cells):
                statuses, times = cells[:_TIMES], cells[_TIMES:_SUM]
                yield PatternCount(
                    route, tuple(map(int, statuses)), tuple(map(int, times)), cells[_SUM]
                )


def shared(routes: Sequence[str]) -> Cells:
    """Return memory for the counts of these routes, which a process can share with another process
    that it starts."""
    cells: Cells = get_context("spawn").RawArray("d", len({*routes, ELSEWHERE}) * _CELLS)
    return cells


def together(tallies: Sequence[RequestCounts]) -> list[PatternCount]:
    """Return the sums of the counts of several processes."""
    count_by_route: dict[str, PatternCount] = {}
    for count in (pattern_count for tally in tallies for pattern_count in tally.counted()):
        counted_before = count_by_route.get(count.route)
        count_by_route[count.route] = (
            count if counted_before is None else _added(counted_before, count)
        )
    return [count_by_route[route] for route in sorted(count_by_route)]


def _added(count: PatternCount, other: PatternCount) -> PatternCount:
    return PatternCount(
        count.route,
        tuple(map(sum, zip(count.statuses, other.statuses, strict=True))),
        tuple(map(sum, zip(count.times, other.times, strict=True))),
        count.seconds + other.seconds,
    )
