"""A log at a second site: writes go to the site that writes, and the results are read here.

Consultations at this site are recorded there too, and nothing may be shown without that. So the
head of a log is read there, and waited for here: a decision on this site's data covers everything
recorded when it began.
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
"""Seconds for which this site waits for the other one's records."""
_LOOKS = 0.005


class SecondSiteRecorder(PostgresLogRecorder):
    """The tables of one log at this site, and those of the `first` site, the only one written
    to."""

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
        if place is None:  # the first site recorded it before, and it is read here
            self.head()
        else:
            with suppress(LogUnavailable):  # it is recorded there, and will arrive here
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
        found = self._first.select_topics_of(after, limit)
        if found is not None:
            own = partial(super().select_topics_of, after, limit)
            self._wait(
                lambda: all((own() or {})[name][0] >= last for name, (last, _) in found.items())
            )
        return found

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
