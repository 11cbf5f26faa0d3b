"""How are facts kept in an SQLite file? The library's native recorder with tables of our own.

Seq comes from the head row and not from the rows themselves, so that a number is never given
twice, even if somebody deletes the last event. The write lock is taken before the clock is read:
whoever reads the log sees `recorded` grow with seq, and a late commit cannot change a past answer.
"""

import sqlite3
from collections.abc import Callable, Iterable, Sequence
from datetime import datetime
from itertools import count
from time import monotonic, sleep
from uuid import UUID

from eventsourcing.sqlite import SQLiteApplicationRecorder

from domain.envelope import Conflict, LogName, UniqueTaken
from ledger.batch import Batch, KnownCommand, Place, RawRow, to_micros
from ledger.datastore_sqlite import LOCK_TIMEOUT, LogDatastore
from ledger.recorder import LogRecorder

_TABLES = """
CREATE TABLE IF NOT EXISTS {log}_head (
    one INTEGER PRIMARY KEY CHECK (one = 1),
    seq INTEGER NOT NULL,
    recorded INTEGER NOT NULL
) STRICT;
INSERT OR IGNORE INTO {log}_head VALUES (1, 0, 0);
CREATE TABLE IF NOT EXISTS {log}_events (
    seq INTEGER PRIMARY KEY CHECK (seq > 0),
    originator_id BLOB NOT NULL CHECK (length(originator_id) = 16),
    originator_version INTEGER NOT NULL CHECK (originator_version > 0),
    topic TEXT NOT NULL CHECK (topic <> ''),
    state BLOB NOT NULL CHECK (length(state) > 5),
    recorded INTEGER NOT NULL CHECK (recorded > 0),
    command_id BLOB NOT NULL CHECK (length(command_id) = 16),
    UNIQUE (originator_id, originator_version)
) STRICT;
CREATE TABLE IF NOT EXISTS {log}_commands (
    command_id BLOB PRIMARY KEY CHECK (length(command_id) = 16),
    digest BLOB NOT NULL,
    first_seq INTEGER NOT NULL,
    count INTEGER NOT NULL
) STRICT, WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS {log}_unique (
    digest BLOB PRIMARY KEY,
    stream BLOB NOT NULL CHECK (length(stream) = 16)
) STRICT, WITHOUT ROWID;
"""

_ROW = "seq, originator_id, originator_version, topic, state, recorded / 1e6, command_id"

_SQL = {
    "head": "SELECT seq, recorded FROM {log}_head",
    "move_head": "UPDATE {log}_head SET seq = ?, recorded = ?",
    "add_command": "INSERT INTO {log}_commands VALUES (?,?,?,?)",
    "add_event": "INSERT INTO {log}_events VALUES (?,?,?,?,?,?,?)",
    "add_unique": "INSERT INTO {log}_unique VALUES (?,?) ON CONFLICT DO NOTHING",
    "taken": "SELECT 1 FROM {log}_events WHERE originator_id = ? AND originator_version = ?",
    "rows": "SELECT {row} FROM {log}_events WHERE seq > ? ORDER BY seq LIMIT ?",
    "stream": "SELECT {row} FROM {log}_events WHERE originator_id = ? ORDER BY originator_version",
    "command": "SELECT digest, first_seq, count FROM {log}_commands WHERE command_id = ?",
    "unique": "SELECT stream FROM {log}_unique WHERE digest = ?",
}


class SQLiteLogRecorder(LogRecorder, SQLiteApplicationRecorder):
    """One log's tables in one file. `clock` tells the time with its zone."""

    datastore: LogDatastore

    def __init__(
        self, datastore: LogDatastore, log: LogName, clock: Callable[[], datetime]
    ) -> None:
        self.log, self.clock = log, clock
        self._sql = {key: statement.format(log=log, row=_ROW) for key, statement in _SQL.items()}
        super().__init__(datastore, events_table_name=f"{log}_events")

    def construct_create_table_statements(self) -> list[str]:
        return [s for s in _TABLES.format(log=self.log).split(";") if s.strip()]

    def create_table(self) -> None:
        with self.datastore.cursor(write=True) as c:
            _switch_to_wal(c)
            c.execute("BEGIN IMMEDIATE")
            for statement in self.create_table_statements:
                c.execute(statement)
            c.execute("COMMIT")

    def insert_batch(self, batch: Batch) -> Place | None:
        with self.datastore.cursor(write=True) as c:
            c.execute("BEGIN IMMEDIATE")
            place = self._insert(c, batch)
            c.execute("COMMIT" if place else "ROLLBACK")
            return place

    def _insert(self, c: sqlite3.Cursor, batch: Batch) -> Place | None:
        seq, recorded = c.execute(self._sql["head"]).fetchone()
        place = Place(seq + 1, max(recorded + 1, to_micros(self.clock())))
        ids, seq = [], place.seq
        for command in batch.commands:
            ids.append((command.id.bytes, command.digest, seq, command.count))
            seq += command.count
        try:
            c.executemany(self._sql["add_command"], ids)
        except sqlite3.IntegrityError as error:
            if error.sqlite_errorname == "SQLITE_CONSTRAINT_PRIMARYKEY":
                return None
            raise
        columns = batch.streams, batch.versions, batch.topics, batch.states
        rows = zip(count(place.seq), *columns, count(place.recorded), batch.caused_by())
        try:
            c.executemany(self._sql["add_event"], rows)
        except sqlite3.IntegrityError as error:
            c.execute("ROLLBACK")
            raise self._conflict(c, batch) or error from None
        self._insert_unique(c, batch.unique)
        last = place.recorded + len(batch.states) - 1
        c.execute(self._sql["move_head"], (seq - 1, max(recorded, last)))
        return place

    def _conflict(self, c: sqlite3.Cursor, batch: Batch) -> Conflict | None:
        claimed = set()
        for stream, version in batch.claims():
            held = c.execute(self._sql["taken"], (stream.bytes, version)).fetchone()
            if held or (stream, version) in claimed:
                return Conflict(stream, version)
            claimed.add((stream, version))
        return None

    def _insert_unique(self, c: sqlite3.Cursor, unique: Sequence[tuple[bytes, UUID]]) -> None:
        for digest, stream in unique:
            if not c.execute(self._sql["add_unique"], (digest, stream.bytes)).rowcount:
                (holder,) = c.execute(self._sql["unique"], (digest,)).fetchone()
                if holder != stream.bytes:
                    raise UniqueTaken(digest, UUID(bytes=holder))

    def select_rows(self, after: int, limit: int) -> Sequence[RawRow]:
        with self.datastore.cursor() as c:
            return c.execute(self._sql["rows"], (after, limit)).fetchall()

    def select_stream(self, stream: UUID) -> Sequence[RawRow]:
        with self.datastore.cursor() as c:
            return c.execute(self._sql["stream"], (stream.bytes,)).fetchall()

    def select_commands(self, ids: Iterable[UUID]) -> dict[UUID, KnownCommand]:
        with self.datastore.cursor() as c:
            found = ((i, c.execute(self._sql["command"], (i.bytes,)).fetchone()) for i in ids)
            return {command_id: KnownCommand(*row) for command_id, row in found if row}

    def select_unique(self, digests: Iterable[bytes]) -> dict[bytes, UUID]:
        with self.datastore.cursor() as c:
            found = ((d, c.execute(self._sql["unique"], (d,)).fetchone()) for d in digests)
            return {digest: UUID(bytes=row[0]) for digest, row in found if row}

    def last_seq(self) -> int:
        with self.datastore.cursor() as c:
            return int(c.execute(self._sql["head"]).fetchone()[0])

    def close(self) -> None:
        self.datastore.close()


def _switch_to_wal(c: sqlite3.Cursor) -> None:
    """SQLite waits for other writers by itself, but not for others who switch at the same time."""
    patience = monotonic() + LOCK_TIMEOUT
    while True:
        try:
            c.execute("PRAGMA journal_mode=WAL")
        except sqlite3.OperationalError as error:
            if not error.sqlite_errorname.startswith("SQLITE_BUSY") or monotonic() > patience:
                raise
            sleep(0.02)
        else:
            return
