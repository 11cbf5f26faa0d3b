"""What was recorded lately? The newest facts of some logs by their kinds, as rights, cases and the
succession of a record hang on them.

Who keeps in memory what they looked up holds it to these. One look asks all of the logs at once: on
a server each question is a round, and a record is mostly rounds.
"""

from bisect import bisect_right
from collections.abc import Callable, Mapping, Sequence
from operator import itemgetter
from threading import Lock

from domain.kernel.envelope import Event, LogName, LogUnavailable
from domain.kernel.log import LogEnd

#: A fact's seq, and which event it is: None where it has to be read to be known.
Kind = tuple[int, type[Event] | None]
#: Of so many new facts it is quicker to look all up again than to look them through.
MANY = 1000


#: Asks several logs at once, each behind its own seq: how far it goes, and which events came up to
#: there that do not pass.
Ask = Callable[[Mapping[LogName, int], int], Mapping[LogName, tuple[int, list[Kind]]]]


class Tail:
    """The end of one log as it was at the last look. What went before is asked of the log."""

    def __init__(self, log: LogEnd) -> None:
        self._log = log
        self._lock = Lock()
        self._new: list[Kind] = []
        self._start = self._reached = -1
        self._trouble: LogUnavailable | None = None

    def kinds(self, after: int, limit: int) -> list[Kind]:
        """As `Log.kinds`, up to where the last look came; without what passes, where a look found
        it. Raises LogUnavailable where that look found no answer."""
        with self._lock:
            self._answers()
            if after >= self._start >= 0:
                first = bisect_right(self._new, after, key=itemgetter(0))
                return self._new[first : first + limit]
        return self._log.kinds(after, limit)

    def last(self) -> int:
        """How far the last look came; without one, how far the log goes. Raises LogUnavailable."""
        with self._lock:
            self._answers()
            if self._reached >= 0:
                return self._reached
        return self._log.last()

    def _answers(self) -> None:
        if self._trouble is not None:
            raise LogUnavailable(*self._trouble.args)

    # --- by `Newest` ----------------------------------------------------------------------------

    def begins(self) -> int:
        """Behind which seq the next look begins. Raises LogUnavailable."""
        if self._reached < 0:
            self._goes_on_at(self._log.last())
        return self._reached

    def add(self, after: int, last: int, found: Sequence[Kind]) -> None:
        """What a look found behind a seq and up to another; others may have found more since."""
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
        """Where one of the logs does not answer, each is asked by itself."""
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
    """The ends of the logs of a store, for all who are served; many threads may look at once."""

    def __init__(self, logs: Mapping[LogName, LogEnd], ask: Ask) -> None:
        self.tails = {name: Tail(log) for name, log in logs.items()}
        self._ask = ask

    def look(self) -> None:
        """Go on to the end of the logs. One that does not answer is told by its tail."""
        try:
            begins = {name: tail.begins() for name, tail in self.tails.items()}
            found = self._ask(begins, MANY)
            for name, tail in self.tails.items():
                tail.add(begins[name], *found[name])
        except LogUnavailable:
            for tail in self.tails.values():
                tail.look_alone()
