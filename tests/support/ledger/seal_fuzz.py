"""A copy of a log's file in memory. A test can change the copy and undo each change."""

import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from ledger.database.datastore_sqlite import SqliteLogDatastore


class InMemory(SqliteLogDatastore):
    """A copy of a log's file in memory. A test can change the copy and then undo each change."""

    def __init__(self, source: Path) -> None:
        super().__init__(source)  # the log opens its file only when it is first read
        self.connection = sqlite3.connect(":memory:", isolation_level=None)
        with sqlite3.connect(source) as file:
            file.backup(self.connection)
        file.close()
        self.connection.execute("PRAGMA ignore_check_constraints=ON")

    @contextmanager
    def cursor(self, *, write: bool = False) -> Iterator[sqlite3.Cursor]:
        assert not write
        yield self.connection.cursor()
