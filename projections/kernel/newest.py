"""The newest facts of some logs by their kinds, on which rights, cases and the order of a record
depend.

Caches of looked-up values are valid until one of these facts. A look asks all logs at once: on a
server each query is a round trip, and a record is mostly round trips.
"""

from bisect import bisect_right
from collections.abc import Callable, Mapping, Sequence
from operator import itemgetter
from threading import Lock

from domain.kernel.envelope import Event, LogName, LogUnavailable
from domain.kernel.log import LogEnd

#: A fact's seq, and its event type: None if only reading the fact shows it.
Kind = tuple[int, type[Event] | None]
#: With this many new facts, looking everything up again is faster than examining them.
MANY = 1000


#: A function that queries several logs at once, each after its own seq. It returns how far each
#: goes, and the events up to there that do not pass.
Ask = Callable[[Mapping[LogName, int], int], Mapping[LogName, tuple[int, list[Kind]]]]


class Tail:
    """The end of a log at the last look. Earlier facts are read from the log."""

    def __init__(self, log: LogEnd) -> None:
        self._log = log
        self._lock = Lock()
        self._new: list[Kind] = []
        self._start = self._reached = -1
        self._trouble: LogUnavailable | None = None

    def kinds(self, after: int, limit: int) -> list[Kind]:
        """Return kinds as `Log.kinds`, up to the last look; without passing events, if a look left
        them out. Raise LogUnavailable if that look got no answer."""
        with self._lock:
            self._answers()
            if after >= self._start >= 0:
                first = bisect_right(self._new, after, key=itemgetter(0))
                return self._new[first : first + limit]
        return self._log.kinds(after, limit)

    def last(self) -> int:
        """Return how far the last look came; without a look, how far the log goes. Raise
        LogUnavailable."""
        with self._lock:
            self._answers()
            if self._reached >= 0:
                return self._reached
        return self._log.last()

    def _answers(self) -> None:
        if self._trouble is not None:
            raise LogUnavailable(*self._trouble.args)

    # --- for `Newest` ---------------------------------------------------------------------------

    def begins(self) -> int:
        """Return the seq after which the next look begins. Raise LogUnavailable."""
        if self._reached < 0:
            self._goes_on_at(self._log.last())
        return self._reached

    def add(self, after: int, last: int, found: Sequence[Kind]) -> None:
        """Add the facts of a look after a seq and up to another; other looks may have added more
        since."""
        if last - after >= MANY:
            self._goes_on_at(self._log.last())
            return
        with self._lock:
            self._trouble = None
            if self._start <= after <= self._reached < last:
                self._new += [one for one in found if one[0] > self._reached]
                self._reached = last
            if len(self._new) > 2 * MANY:
                self._start = self._new[-MANY - 1][0]
                del self._new[:-MANY]

    def look_alone(self) -> None:
        """Query this log only, after one of the logs did not answer."""
        try:
            after = self.begins()
            found = self._log.kinds(after, MANY)
            self.add(after, found[-1][0] if found else after, found)
        except LogUnavailable as trouble:
            with self._lock:
                self._trouble = trouble

    def _goes_on_at(self, seq: int) -> None:
        with self._lock:
            self._trouble = None
            if seq > self._reached:
                self._new, self._start, self._reached = [], seq, seq


class Newest:
    """The ends of a store's logs, shared by all requests; many threads may look at once."""

    def __init__(self, logs: Mapping[LogName, LogEnd], ask: Ask) -> None:
        self.tails = {name: Tail(log) for name, log in logs.items()}
        self._ask = ask

    def look(self) -> None:
        """Query the logs up to their ends. The tail of a log that does not answer raises its
        error."""
        try:
            begins = {name: tail.begins() for name, tail in self.tails.items()}
            found = self._ask(begins, MANY)
            for name, tail in self.tails.items():
                tail.add(begins[name], *found[name])
        except LogUnavailable:
            for tail in self.tails.values():
                tail.look_alone()
