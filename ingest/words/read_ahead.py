"""Read the text of a large import in other processes, while this process records earlier rows.

Reading the text takes as long as the rest of the import. Entries that the other processes did not
read are read in this process.
"""

import os
import signal
from collections.abc import Callable, Collection, Sequence
from concurrent.futures import Executor, Future, ProcessPoolExecutor
from concurrent.futures.process import BrokenProcessPool
from datetime import datetime
from functools import partial
from multiprocessing import get_context
from typing import NamedTuple, Self

from domain.kernel.values import Mention
from ingest.reading import drift_signs, read, urgency_signs

#: If fewer entries than this have to be read, no processes are started, because starting them takes
#: as long as reading this many entries.
LARGE = 500
#: The largest number of processes, and the largest number of batches that wait for each process.
MOST, AHEAD = 4, 2
#: Number of results of reading that are cached, for equal entries and for a batch that is tried
#: again.
HELD = 2_000


class Entry(NamedTuple):
    """The words of a log entry with all that their reading depends on (`ingest.reading.read`)."""

    words: str
    written_at: datetime
    names: tuple[str, ...]
    places: frozenset[str]


class Reading(NamedTuple):
    """The mentions and the signs that were read in the words of an entry."""

    mentions: Sequence[Mention]
    urgency_signs: tuple[str, ...]
    drift_signs: tuple[str, ...]


def read_entry(entry: Entry) -> Reading:
    """Return the mentions and signs that are read in an entry."""
    words, written_at, names, places = entry
    mentions = read(words, written_at=written_at, names=names, known=places)
    return Reading(mentions, urgency_signs(words), drift_signs(words))


def read_entries(entries: Sequence[Entry]) -> list[Reading]:
    """Return the mentions and signs that are read in each of these entries."""
    return [read_entry(entry) for entry in entries]


def processes(number: int) -> Executor:
    """Return an executor with this number of processes for reading. They are not forked from this
    process, which holds keys. Ctrl-C ends this process, which then ends them."""
    return ProcessPoolExecutor(
        number, get_context("spawn"), partial(signal.signal, signal.SIGINT, signal.SIG_IGN)
    )


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
        self._begun: dict[Entry, tuple[Future[list[Reading]], int]] = {}

    @property
    def batches(self) -> int:
        """Return how many batches of entries the caller should begin before it needs the first of
        them."""
        return self._free * AHEAD if self._pool else 0

    def begin(self, entries: Collection[Entry], more: int = 0) -> None:
        """Begin to read these entries in other processes, if there are any. If about `more` further
        entries follow, this process reads the first entries while the other processes start.
        """
        self._seen += len(entries)
        new = [entry for entry in dict.fromkeys(entries) if entry not in self._begun]
        if not new or self._free < 1 or self._seen + more < self._large:
            return
        try:
            if not self._pool:
                self._pool = self._start(self._free)
                new = [] if more else new
            reading = self._pool.submit(read_entries, new)
        except (BrokenProcessPool, OSError):
            self._stop()
            return
        self._begun |= {entry: (reading, at) for at, entry in enumerate(new)}
        for oldest in list(self._begun)[: max(0, len(self._begun) - HELD)]:
            del self._begun[oldest]

    def read(self, entry: Entry) -> Reading:
        """Return the mentions and signs in an entry: as another process read them, or by reading it
        now."""
        if entry in self._begun:
            reading, at = self._begun[entry]
            try:
                return reading.result()[at]
            except BrokenProcessPool:
                self._stop()
        return read_entry(entry)

    def _stop(self) -> None:
        """Read entries in this process from now on, because another process was killed or could not
        be started."""
        self._free = 0
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
