"""Store facts in an SQLite file: the event-sourcing library's recorder, with its own tables.

The seq of an event comes from the row of the head, so that a number is never given twice, even if
the last event is deleted. The lock for writing is taken before the clock is read: so `recorded`
grows with seq, and a late commit cannot change an answer about the past. Each event's leaf is
computed under that lock and written with the event.

The file is long because it is one recorder.
"""

import sqlite3
from collections.abc import Callable, Iterable, Mapping, Sequence
from contextlib import closing, suppress
from datetime import date, datetime
from itertools import count
from secrets import token_hex
from typing import Any, get_args
from uuid import UUID

import msgspec
from eventsourcing.sqlite import SQLiteApplicationRecorder

from domain.kernel.envelope import (
    Conflict,
    IntegrityFailure,
    LogName,
    LogUnavailable,
    Outgoing,
    UniqueTaken,
)
from ledger.database import exchange_outbox
from ledger.database.batch import (
    KnownCommand,
    LogPosition,
    RawRow,
    RecordBatch,
    recorded_at,
    to_micros,
)
from ledger.database.datastore_sqlite import LOCK_TIMEOUT, SqliteLogDatastore, begin, insist
from ledger.keys.key_table_sqlite import TABLES as KEY_TABLES
from ledger.keys.key_table_sqlite import SQLiteKeyTable
from ledger.proof.leaf import SealedRow, as_rows, leaves, make_origin, prefix
from ledger.store import schema_upgrade
from ledger.store.recorder import NO_EPOCHS, TABLES, UNSEALED, LogRecorder

_TABLES = """
CREATE TABLE IF NOT EXISTS {log}_head (
    one INTEGER PRIMARY KEY CHECK (one = 1),
    seq INTEGER NOT NULL,
    recorded INTEGER NOT NULL,
    shreds INTEGER NOT NULL
) STRICT;
INSERT OR IGNORE INTO {log}_head VALUES (1, 0, 0, 0);
CREATE TABLE IF NOT EXISTS {log}_origin (
    one INTEGER PRIMARY KEY CHECK (one = 1),
    origin TEXT NOT NULL
) STRICT;
CREATE TABLE IF NOT EXISTS {log}_events (
    seq INTEGER PRIMARY KEY CHECK (seq > 0),
    originator_id BLOB NOT NULL CHECK (length(originator_id) = 16),
    originator_version INTEGER NOT NULL CHECK (originator_version > 0),
    topic TEXT NOT NULL CHECK (topic <> ''),
    state BLOB NOT NULL CHECK (length(state) > 5),
    recorded INTEGER NOT NULL CHECK (recorded > 0),
    command_id BLOB NOT NULL CHECK (length(command_id) = 16),
    leaf BLOB NOT NULL CHECK (length(leaf) = 32),
    UNIQUE (originator_id, originator_version)
) STRICT;
CREATE TABLE IF NOT EXISTS {log}_commands (
    command_id BLOB PRIMARY KEY CHECK (length(command_id) = 16),
    digest BLOB,
    first_seq INTEGER NOT NULL,
    count INTEGER NOT NULL
) STRICT, WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS {log}_unique (
    digest BLOB PRIMARY KEY,
    stream BLOB NOT NULL CHECK (length(stream) = 16)
) STRICT, WITHOUT ROWID;
"""

_THERE = "SELECT name FROM sqlite_schema WHERE type = 'table'"

_ROW = (
    "seq, originator_id, originator_version, topic, state, recorded / 1e6, command_id, "
    "(SELECT shreds FROM {log}_head)"
)

_SQL = {
    "head": "SELECT seq, recorded FROM {log}_head",
    "move_head": "UPDATE {log}_head SET seq = ?, recorded = ?",
    "add_command": "INSERT INTO {log}_commands VALUES (?,?,?,?)",
    "add_event": "INSERT INTO {log}_events VALUES (?,?,?,?,?,?,?,?)",
    "unsealed": "SELECT EXISTS (SELECT 1 FROM pragma_table_info('{log}_head')) "
    "AND NOT EXISTS (SELECT 1 FROM pragma_table_info('{log}_head') WHERE name = 'shreds')",
    "add_origin": "INSERT OR IGNORE INTO {log}_origin VALUES (1, ?)",
    "origin": "SELECT origin FROM {log}_origin",
    "sealed": "SELECT seq, originator_id, originator_version, topic, state, recorded, leaf "
    "FROM {log}_events WHERE seq >= ? ORDER BY seq LIMIT ?",
    "loose": "SELECT seq FROM {log}_events LEFT JOIN {log}_commands c USING (command_id) "
    "WHERE c.command_id IS NULL OR seq < first_seq OR seq >= first_seq + count "
    "UNION SELECT first_seq FROM {log}_commands c WHERE (SELECT sum(count) FROM {log}_commands) "
    "<> (SELECT count(*) FROM {log}_events) AND count <> (SELECT count(*) FROM {log}_events e "
    "WHERE e.seq >= c.first_seq AND e.seq < c.first_seq + c.count "
    "AND e.command_id = c.command_id) ORDER BY 1 LIMIT ?",
    "forgotten": "SELECT first_seq, "
    "(SELECT originator_id FROM {log}_events e WHERE e.seq = first_seq) "
    "FROM {log}_commands c WHERE digest IS NULL AND NOT EXISTS (SELECT 1 FROM {log}_events e "
    "WHERE e.seq >= c.first_seq AND e.seq < c.first_seq + c.count AND NOT "
    "coalesce((SELECT count(destroyed) = 0 AND count(*) > 0 FROM {log}_keys k "
    "WHERE k.stream = e.originator_id), false)) ORDER BY 1 LIMIT ?",
    "astray": "SELECT count(*) FROM {log}_unique u WHERE NOT EXISTS "
    "(SELECT 1 FROM {log}_events e WHERE e.originator_id = u.stream)",
    "add_unique": "INSERT INTO {log}_unique VALUES (?,?) ON CONFLICT DO NOTHING",
    "taken": "SELECT 1 FROM {log}_events WHERE originator_id = ? AND originator_version = ?",
    "rows": "SELECT {row} FROM {log}_events WHERE seq > ? ORDER BY seq LIMIT ?",
    "topics": "SELECT seq, topic FROM {log}_events WHERE seq > ? ORDER BY seq LIMIT ?",
    "streams": "SELECT seq, originator_id FROM {log}_events WHERE seq > ? ORDER BY seq LIMIT ?",
    "stream": "SELECT {row} FROM {log}_events WHERE originator_id = ? ORDER BY originator_version",
    "command": "SELECT digest, first_seq, count FROM {log}_commands WHERE command_id = ?",
    "unique": "SELECT stream FROM {log}_unique WHERE digest = ?",
}


class SQLiteLogRecorder(LogRecorder, SQLiteApplicationRecorder):
    """The tables of one log in an SQLite file. `clock` returns the time with its zone."""

    datastore: SqliteLogDatastore

    def __init__(
        self, datastore: SqliteLogDatastore, log: LogName, clock: Callable[[], datetime]
    ) -> None:
        self.log, self.clock = log, clock
        self._sql = {
            key: statement.format(log=log, row=_ROW.format(log=log))
            for key, statement in _SQL.items()
        }
        self._prefix: bytes | None = None
        self._keys = SQLiteKeyTable(datastore, log, clock)
        super().__init__(datastore, events_table_name=f"{log}_events")

    def construct_create_table_statements(self) -> list[str]:
        return [s for s in (_TABLES + KEY_TABLES).format(log=self.log).split(";") if s.strip()]

    @property
    def keys(self) -> SQLiteKeyTable:
        return self._keys

    def create_table(
        self, store_id: str | None = None, epochs: Mapping[str, int] = NO_EPOCHS
    ) -> None:
        with self.datastore.cursor(write=True) as c:
            # SQLite waits for other writers by itself, but not for another process that switches to
            # this mode at the same time
            insist(c, "PRAGMA journal_mode=WAL", LOCK_TIMEOUT)
            c.execute("BEGIN IMMEDIATE")
            if c.execute(self._sql["unsealed"]).fetchone()[0]:
                raise LogUnavailable(UNSEALED.format(log=self.log))
            for statement in self.create_table_statements:
                c.execute(statement)
            origin = make_origin(store_id or token_hex(16), self.log)
            c.execute(self._sql["add_origin"], (origin,))
            self._keys.create(c, epochs)
            c.execute("COMMIT")

    def bring_up(self, logs: Sequence[LogName]) -> None:
        """Upgrade the file, which has these logs, to the form of this release. Raises
        LogUnavailable."""
        with self.datastore.cursor() as c:
            here = schema_upgrade.form_of_file(c)
            schema_upgrade.refuse_newer(here, schema_upgrade.FILE_STEPS)
            fits = here == len(schema_upgrade.FILE_STEPS)
        if not fits:
            with self.datastore.cursor(write=True) as c:
                schema_upgrade.bring_file_up(c, logs)

    def absent(self) -> list[str]:
        if not self.datastore.path.exists():
            return list(TABLES)
        with self.datastore.cursor() as c:
            there = {name for (name,) in c.execute(_THERE)}
        return [table for table in TABLES if f"{self.log}_{table}" not in there]

    def foreign(self) -> list[str]:
        if not self.datastore.path.exists():
            return []
        with self.datastore.cursor() as c:
            here = _made(c)
        with closing(sqlite3.connect(":memory:")) as new:
            for log in get_args(LogName):
                for statement in (_TABLES + KEY_TABLES).format(log=log).split(";"):
                    new.execute(statement)
            new.executescript(exchange_outbox.FILE_TABLE)
            expected = _made(new.cursor())
        return [
            f"{kind} {name}" if (kind, name) not in expected else f"{kind} {name} has other columns"
            for (kind, name), columns in sorted(here.items())
            if expected.get((kind, name)) != columns
        ]

    def unsealed(self) -> bool:
        if not self.datastore.path.exists():
            return False
        with self.datastore.cursor() as c:
            return bool(c.execute(self._sql["unsealed"]).fetchone()[0])

    def insert_batch(self, batch: RecordBatch) -> LogPosition | None:
        with self.datastore.cursor(write=True) as c:
            begin(c)
            place = self._insert(c, batch)
            c.execute("COMMIT" if place else "ROLLBACK")
            return place

    def carry_home(self) -> None:
        with suppress(LogUnavailable), self.datastore.cursor() as c:
            c.execute("PRAGMA wal_checkpoint(PASSIVE)").fetchone()

    def _insert(self, c: sqlite3.Cursor, batch: RecordBatch) -> LogPosition | None:
        seq, recorded = c.execute(self._sql["head"]).fetchone()
        place = LogPosition(seq + 1, recorded_at(recorded, to_micros(self.clock()), batch))
        if self._prefix is None:  # the origin is read once, because it never changes
            self._prefix = prefix(self._origin(c))
        ids, seq = [], place.seq
        for command in batch.commands:
            ids.append((command.id.bytes, command.digest, seq, command.count))
            seq += command.count
        try:
            self._write(c, "add_command", ids)
        except sqlite3.IntegrityError as error:
            if error.sqlite_errorname == "SQLITE_CONSTRAINT_PRIMARYKEY":
                return None
            raise
        columns = batch.streams, batch.versions, batch.topics, batch.states
        seal = leaves(self._prefix, batch, place)
        rows = zip(count(place.seq), *columns, count(place.recorded), batch.caused_by(), seal)
        try:
            self._write(c, "add_event", list(rows))
        except sqlite3.IntegrityError as error:
            c.execute("ROLLBACK")
            raise self._conflict(c, batch) or error from None
        self._keys.insert(c, batch)
        self._insert_unique(c, batch.unique)
        for outgoing in batch.outgoing:
            c.execute(exchange_outbox.FORGET_FILE, (outgoing.reference.bytes,))
        if batch.outgoing:
            c.executemany(exchange_outbox.SEND_FILE, map(_plain, batch.outgoing))
        last = place.recorded + len(batch.states) - 1
        self._write(c, "move_head", [(seq - 1, max(recorded, last))])
        return place

    def _write(self, c: sqlite3.Cursor, statement: str, rows: Sequence[tuple[Any, ...]]) -> None:
        """Write these rows with the statement that has the name `statement`. Raises
        IntegrityFailure if fewer rows are written, because a trigger that this program did not make
        prevents it.
        """
        if c.executemany(self._sql[statement], rows).rowcount != len(rows):
            raise IntegrityFailure(
                f"The {self.log} log refuses new records, so this was not recorded. Run: "
                "continuum verify"
            )

    def _conflict(self, c: sqlite3.Cursor, batch: RecordBatch) -> Conflict | None:
        claimed = set()
        for stream, version in batch.claims():
            row = c.execute(self._sql["taken"], (stream.bytes, version)).fetchone()
            if row or (stream, version) in claimed:
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

    def select_topics(self, after: int, limit: int) -> Sequence[tuple[int, str]]:
        with self.datastore.cursor() as c:
            return c.execute(self._sql["topics"], (after, limit)).fetchall()

    def select_streams(self, after: int, limit: int) -> Sequence[tuple[int, UUID]]:
        with self.datastore.cursor() as c:
            rows = c.execute(self._sql["streams"], (after, limit)).fetchall()
        return [(seq, UUID(bytes=stream)) for seq, stream in rows]

    def select_stream(self, stream: UUID) -> Sequence[RawRow]:
        with self.datastore.cursor() as c:
            return c.execute(self._sql["stream"], (stream.bytes,)).fetchall()

    def select_commands(self, ids: Iterable[UUID]) -> dict[UUID, KnownCommand]:
        with self.datastore.cursor() as c:
            command_rows = (
                (i, c.execute(self._sql["command"], (i.bytes,)).fetchone()) for i in ids
            )
            return {command_id: KnownCommand(*row) for command_id, row in command_rows if row}

    def select_unique(self, digest: bytes) -> UUID | None:
        with self.datastore.cursor() as c:
            row = c.execute(self._sql["unique"], (digest,)).fetchone()
        return UUID(bytes=row[0]) if row else None

    def origin(self) -> str:
        with self.datastore.cursor() as c:
            return self._origin(c)

    def _origin(self, c: sqlite3.Cursor) -> str:
        row = c.execute(self._sql["origin"]).fetchone()
        if row is None:
            raise IntegrityFailure(f"The {self.log} log has lost its origin: run continuum verify")
        return str(row[0])

    def select_sealed(self, first: int, limit: int) -> list[SealedRow]:
        with self.datastore.cursor() as c:
            return as_rows(c.execute(self._sql["sealed"], (first, limit)).fetchall())

    def select_loose(self, limit: int) -> list[int]:
        with self.datastore.cursor() as c:
            return [seq for (seq,) in c.execute(self._sql["loose"], (limit,))]

    def forgotten(self, limit: int) -> list[tuple[int, UUID]]:
        with self.datastore.cursor() as c:
            rows = c.execute(self._sql["forgotten"], (limit,)).fetchall()
        return [(seq, UUID(bytes=stream)) for seq, stream in rows if stream]

    def astray(self) -> int:
        with self.datastore.cursor() as c:
            return int(c.execute(self._sql["astray"]).fetchone()[0])

    def select_outgoing(self, after: int, limit: int) -> list[tuple[Any, ...]]:
        with self.datastore.cursor() as c:
            return [
                (*row[:5], _day(row[5]), *row[6:8], _day(row[8]), *row[9:])
                for row in c.execute(exchange_outbox.READ_FILE, (after, limit))
            ]

    def head(self) -> tuple[int, int]:
        with self.datastore.cursor() as c:
            seq, recorded = c.execute(self._sql["head"]).fetchone() or (-1, -1)
            return seq, recorded

    def now(self) -> int:
        return to_micros(self.clock())

    def last_seq(self) -> int:
        return self.head()[0]

    def close(self) -> None:
        self.datastore.close()


def _made(c: sqlite3.Cursor) -> dict[tuple[str, str], tuple[str, ...]]:
    """Return the tables, indexes and other objects of an SQLite file by kind and name, each table
    with its columns.
    """
    rows = c.execute(
        "SELECT type, name FROM sqlite_schema WHERE name NOT LIKE 'sqlite\\_%' ESCAPE '\\'"
    ).fetchall()
    return {
        (kind, name): tuple(
            column for (column,) in c.execute("SELECT name FROM pragma_table_info(?)", (name,))
        )
        for kind, name in rows
    }


def _plain(outgoing: Outgoing) -> tuple[Any, ...]:
    """Return a row of the outbox in the types that SQLite stores."""
    _, *rest = msgspec.structs.astuple(outgoing)
    values = [value.isoformat() if isinstance(value, date) else value for value in rest]
    return outgoing.reference.bytes, *values


def _day(text: str | None) -> date | None:
    return date.fromisoformat(text) if text else None
