"""The kinds of the newest events of all logs, which are read together for all requests.

A cached value about rights or cases is valid until an event that changes it. Before a cached value
is used, the kinds of the new events are therefore checked. All logs are queried at once, because on
a server each query is a round trip, and recording an entry consists mostly of round trips.
"""

from bisect import bisect_right
from collections.abc import Callable, Mapping, Sequence
from operator import itemgetter
from threading import Lock

from domain.kernel.envelope import Event, LogName, LogUnavailable
from domain.kernel.log import LogEnd

#: The position of a fact in its log, and its event type (None if the type becomes clear only when
#: the fact is read).
Kind = tuple[int, type[Event] | None]
#: If there are at least this many new facts, the cached values are looked up again, which is faster
#: than examining each new fact.
MANY = 1000


#: A function that queries several logs at once, each from a position. It returns the last position
#: of each log, and the events up to it without frequent kinds that change no view (`View.passes`).
Ask = Callable[[Mapping[LogName, int], int], Mapping[LogName, tuple[int, list[Kind]]]]


class CachedLogEnd:
    """The newest facts of a log, up to its end when that was last queried.

    Earlier facts are read from the log itself.
    """

    def __init__(self, log: LogEnd) -> None:
        self._log = log
        self._lock = Lock()
        self._new: list[Kind] = []
        self._start = self._reached = -1
        self._trouble: LogUnavailable | None = None

    def kinds(self, after: int, limit: int) -> list[Kind]:
        """Return the positions and event classes of the facts after the position `after`, up to the
        end of the log when that was last queried. Facts that change nothing may be left out. Raise
        LogUnavailable if the log did not answer that query.
        """
        with self._lock:
            self._answers()
            if after >= self._start >= 0:
                first = bisect_right(self._new, after, key=itemgetter(0))
                return self._new[first : first + limit]
        return self._log.kinds(after, limit)

    def last(self) -> int:
        """Return the position of the log's last fact when the end of the log was last queried; if
        it was not queried before, query the log now. Raise LogUnavailable if the log did not answer
        the last query.
        """
        with self._lock:
            self._answers()
            if self._reached >= 0:
                return self._reached
        return self._log.last()

    def _answers(self) -> None:
        if self._trouble is not None:
            raise LogUnavailable(*self._trouble.args)

    # --- for `LogEnds` --------------------------------------------------------------------------

    def begins(self) -> int:
        """Return the position after which the next query of the log's end begins.

        Raise LogUnavailable.
        """
        if self._reached < 0:
            self._goes_on_at(self._log.last())
        return self._reached

    def add(self, after: int, last: int, kinds: Sequence[Kind]) -> None:
        """Add the facts after the position `after` and up to `last`, which were just read from the
        log. Another thread may have added some of them meanwhile.
        """
        if last - after >= MANY:
            self._goes_on_at(self._log.last())
            return
        with self._lock:
            self._trouble = None
            if self._start <= after <= self._reached < last:
                self._new += [kind for kind in kinds if kind[0] > self._reached]
                self._reached = last
            if len(self._new) > 2 * MANY:
                self._start = self._new[-MANY - 1][0]
                del self._new[:-MANY]

    def look_alone(self) -> None:
        """Query this log separately, after one of the logs did not answer the common query."""
        try:
            after = self.begins()
            kinds = self._log.kinds(after, MANY)
            self.add(after, kinds[-1][0] if kinds else after, kinds)
        except LogUnavailable as trouble:
            with self._lock:
                self._trouble = trouble

    def _goes_on_at(self, seq: int) -> None:
        with self._lock:
            self._trouble = None
            if seq > self._reached:
                self._new, self._start, self._reached = [], seq, seq


class LogEnds:
    """The ends of a store's logs, shared by all requests; many threads may query them at once."""

    def __init__(self, logs: Mapping[LogName, LogEnd], ask: Ask) -> None:
        self.tails = {name: CachedLogEnd(log) for name, log in logs.items()}
        self._ask = ask

    def look(self) -> None:
        """Query all logs up to their ends. If a log does not answer, no error is raised here, but
        when its newest facts are read.
        """
        try:
            begins = {name: tail.begins() for name, tail in self.tails.items()}
            kinds_by_log = self._ask(begins, MANY)
            for name, tail in self.tails.items():
                tail.add(begins[name], *kinds_by_log[name])
        except LogUnavailable:
            for tail in self.tails.values():
                tail.look_alone()
