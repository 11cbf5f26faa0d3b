"""Read the text of a large import in other processes, while this process records earlier rows.

Finding the mentions in an entry takes as long as recording the entry. Entries that the other
processes do not read are read in this process.
"""

import os
import signal
from collections.abc import Callable, Collection, Sequence
from concurrent.futures import Executor, Future, ProcessPoolExecutor
from concurrent.futures.process import BrokenProcessPool
from functools import cache, partial
from multiprocessing import get_context
from typing import NamedTuple, Self

from domain.forms.patterns import expect_many_texts
from domain.kernel.values import Mention
from ingest.reading import Entry, drift_signs, read_each, urgency_signs_of_each

#: The number of entries from which on other processes are started. Starting the processes takes as
#: long as reading this many entries.
LARGE = 500
#: `MOST`: the largest number of processes. `AHEAD`: the largest number of batches that wait for
#: each process.
MOST, AHEAD = 4, 2
#: Number of results that are cached. They are used again for equal entries, and if a batch is saved
#: a second time after a conflict.
HELD = 2_000


class Reading(NamedTuple):
    """The mentions and the signs that were read in the words of an entry."""

    mentions: Sequence[Mention]
    urgency_signs: tuple[str, ...]
    drift_signs: tuple[str, ...]


def read_entries(entries: Sequence[Entry]) -> list[Reading]:
    """Return the mentions and signs that are read in each of these entries."""
    texts = [entry.text for entry in entries]
    drift = map(drift_signs, texts)
    return list(map(Reading, read_each(entries), urgency_signs_of_each(texts), drift))


def processes(number: int) -> Executor:
    """Return an executor with this number of processes for reading. They are not forked from this
    process, which holds keys."""
    return ProcessPoolExecutor(number, get_context("spawn"), _prepare_to_read)


def _prepare_to_read() -> None:
    # Ctrl-C ends the importing process, which then ends this one
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    expect_many_texts()


def processors() -> int:
    """Return the number of processors that this process may use."""
    if hasattr(os, "sched_getaffinity"):
        return len(os.sched_getaffinity(0))
    return os.cpu_count() or 1


class ReadAhead:
    """Reads entries in other processes if there are many entries; stops the processes when its
    `with` block ends."""

    def __init__(
        self,
        start: Callable[[int], Executor] = processes,
        large: int = LARGE,
        free: int | None = None,
    ) -> None:
        self._start, self._large = start, large
        self._free = min(processors() - 1, MOST) if free is None else free
        self._seen = 0
        self._pool: Executor | None = None
        self._starting: list[Future[list[Reading]]] = []
        self._begun: dict[Entry, tuple[Callable[[], list[Reading]], int]] = {}

    @property
    def batches(self) -> int:
        """Return how many batches of entries the caller should begin to read before it needs the
        result of the first batch. It is 0 until another process has started."""
        return self._free * AHEAD if any(future.done() for future in self._starting) else 0

    def begin(self, entries: Collection[Entry], more: int = 0) -> None:
        """Begin to read these entries in other processes, if the import is large. The size of the
        import is the number of its entries so far plus `more`, the number of entries that follow.
        In a small import, and until another process has started, this process reads the entries
        when the caller needs the first of them.
        """
        self._seen += len(entries)
        new = [entry for entry in dict.fromkeys(entries) if entry not in self._begun]
        if not new:
            return
        reading: Callable[[], list[Reading]] = cache(partial(read_entries, new))
        if self._free and self._seen + more >= self._large:
            try:
                if self._pool is None:
                    pool = self._pool = self._start(self._free)
                    # each process first reads one entry, by which it compiles its patterns
                    for _ in range(self._free):
                        self._starting.append(pool.submit(read_entries, new[:1]))
                if self.batches:
                    reading = self._pool.submit(read_entries, new).result
            except (BrokenProcessPool, OSError):
                self._stop()
        self._begun |= {entry: (reading, at) for at, entry in enumerate(new)}
        for oldest in list(self._begun)[: max(0, len(self._begun) - HELD)]:
            del self._begun[oldest]

    def read(self, entry: Entry) -> Reading:
        """Return the mentions and signs in an entry. If `begin` was called for the entry, return
        the result of that reading; otherwise read the entry now."""
        if entry in self._begun:
            reading, at = self._begun[entry]
            try:
                return reading()[at]
            except BrokenProcessPool:
                self._stop()
        return read_entries([entry])[0]

    def _stop(self) -> None:
        """Read entries in this process from now on, because another process was killed or could not
        be started."""
        self._free, self._starting = 0, []
        self._begun.clear()
        self._end()

    def _end(self) -> None:
        if self._pool:
            self._pool.shutdown(cancel_futures=True)
            self._pool = None

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self._end()
