"""A log at a second site: records are written at the first site and read here.

Accesses to the record at this site are also recorded at the first site, and without such an entry
nothing may be shown. Before this site reads, it reads the log's last position at the first site,
and waits until it has copied the record at that position. A decision on this site's data then
covers everything that had been recorded when the decision began.
"""

import time
from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from datetime import datetime
from functools import partial

from domain.kernel.envelope import LogName, LogUnavailable
from ledger.database.batch import LogPosition, RecordBatch
from ledger.database.datastore_postgres import PostgresLogDatastore
from ledger.keys.key_table import StaleKeys
from ledger.store.recorder_postgres import PostgresLogRecorder

PATIENCE = 5.0
"""Seconds for which this site waits for records of the first site."""
_LOOKS = 0.005


class SecondSiteRecorder(PostgresLogRecorder):
    """The tables of one log at this site, and the same tables at the `first` site, which is the
    only site that is written to."""

    def __init__(
        self,
        datastore: PostgresLogDatastore,
        first: PostgresLogDatastore,
        log: LogName,
        clock: Callable[[], datetime],
        synthetic: bool,
    ) -> None:
        super().__init__(datastore, log, clock, synthetic)
        self._first = PostgresLogRecorder(first, log, clock, synthetic)

    def insert_batch(self, batch: RecordBatch) -> LogPosition | None:
        try:
            place = self._first.insert_batch(batch)
        except StaleKeys:
            moved = self._first.keys.state()[0]
            self._wait(lambda: self.keys.state()[0] >= moved)
            raise
        # a command of this batch was recorded before; its records are read at this site
        if place is None:
            self.head()
        else:
            # the record is stored at the first site, so if this wait ends it only arrives here
            # later
            with suppress(LogUnavailable):
                self._wait(lambda: self._own() >= place.seq + len(batch.streams) - 1)
        return place

    def head(self) -> tuple[int, int]:
        seq, recorded = self._first.head()
        self._wait(lambda: self._own() >= seq)
        return seq, recorded

    def select_topics(self, after: int, limit: int) -> Sequence[tuple[int, str]]:
        self.head()
        return super().select_topics(after, limit)

    def select_topics_of(
        self, after: Mapping[LogName, int], limit: int
    ) -> Mapping[LogName, tuple[int, Sequence[str]]] | None:
        topics_by_log = self._first.select_topics_of(after, limit)
        if topics_by_log is not None:
            own = partial(super().select_topics_of, after, limit)
            self._wait(
                lambda: all(
                    (own() or {})[name][0] >= last for name, (last, _) in topics_by_log.items()
                )
            )
        return topics_by_log

    def require_turn(self) -> None:
        self._first.require_turn()

    def now(self) -> int:
        return self._first.now()

    def _own(self) -> int:
        return super().head()[0]

    def _wait(self, holds: Callable[[], bool]) -> None:
        last = time.monotonic() + PATIENCE
        while not holds():
            if time.monotonic() > last:
                raise LogUnavailable(
                    f"This site has not received the whole {self.log} log yet: see "
                    "continuum site status"
                )
            time.sleep(_LOOKS)

    def close(self) -> None:
        self._first.close()
        super().close()
