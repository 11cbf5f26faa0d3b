"""The table of data keys in an SQLite file."""

from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from datetime import datetime
from hashlib import sha256
from pathlib import Path
from sqlite3 import Cursor
from uuid import UUID

from domain.kernel.envelope import LogName, LogUnavailable, StillHeld
from ledger.database.batch import KeyRow, RecordBatch, to_micros
from ledger.database.datastore_sqlite import SqliteLogDatastore, begin
from ledger.keys.key_table import (
    Choose,
    KeyCount,
    KeySeal,
    KeyTable,
    KeyTableSeen,
    SealedState,
    StaleKeys,
)

TABLES = """
CREATE TABLE IF NOT EXISTS {log}_keys (
    stream BLOB NOT NULL CHECK (length(stream) = 16),
    number INTEGER NOT NULL CHECK (number > 0),
    family TEXT NOT NULL,
    key_id BLOB NOT NULL CHECK (length(key_id) = 16),
    epoch INTEGER NOT NULL CHECK (epoch > 0),
    wrapped BLOB,
    destroyed INTEGER CHECK ((destroyed IS NULL) = (wrapped IS NOT NULL)),
    PRIMARY KEY (stream, number)
) STRICT, WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS {log}_epochs (
    family TEXT PRIMARY KEY,
    epoch INTEGER NOT NULL
) STRICT, WITHOUT ROWID;
"""

_ROW = "stream, number, family, key_id, epoch, wrapped"

_ASKED = 500
"""Number of streams in one query: half of what the oldest supported SQLite accepts."""

_SQL = {
    "add_epoch": "INSERT OR IGNORE INTO {log}_epochs VALUES (?, ?)",
    "move_epoch": "INSERT OR REPLACE INTO {log}_epochs VALUES (?, ?)",
    "epochs": "SELECT family, epoch FROM {log}_epochs",
    "shreds": "SELECT shreds FROM {log}_head",
    "count_shred": "UPDATE {log}_head SET shreds = shreds + 1",
    "add": "INSERT OR IGNORE INTO {log}_keys VALUES (?,?,?,?,?,?,NULL)",
    "select": "SELECT {row} FROM {log}_keys WHERE stream IN ({{marks}}) ORDER BY stream, number",
    "records": "SELECT originator_id, state, command_id, leaf FROM {log}_events "
    "WHERE originator_id = ? ORDER BY originator_version",
    "destroy": "UPDATE {log}_keys SET wrapped = NULL, destroyed = ? "
    "WHERE stream = ? AND number = ? AND wrapped IS NOT NULL",
    "forget": "UPDATE {log}_commands SET digest = NULL WHERE command_id = ?",
    "unhold": "DELETE FROM {log}_unique WHERE stream IN doomed",
    "older": "SELECT {row} FROM {log}_keys WHERE family = ? AND epoch < ? "
    "AND wrapped IS NOT NULL AND (stream, number) > (?, ?) "
    "ORDER BY stream, number LIMIT ?",
    "rewrap": "UPDATE {log}_keys SET epoch = ?, wrapped = ? "
    "WHERE stream = ? AND number = ? AND wrapped IS NOT NULL",
    "destroyed": "SELECT stream, key_id FROM {log}_keys WHERE destroyed IS NOT NULL",
    "destructions": "SELECT stream, key_id, destroyed FROM {log}_keys WHERE destroyed IS NOT NULL",
    "seals": "SELECT {row} FROM {log}_keys",
    "size": "SELECT seq FROM {log}_head",
    "keyless": "SELECT seq, originator_id, originator_version FROM {log}_events "
    "WHERE substr(state, 1, 1) = x'02' AND originator_id NOT IN "
    "(SELECT stream FROM {log}_keys GROUP BY stream HAVING count(*) = max(number)) "
    "ORDER BY seq LIMIT ?",
    "count": "SELECT family, count(wrapped), count(destroyed) FROM {log}_keys GROUP BY family",
}


class SQLiteKeyTable(KeyTable):
    """The data keys of one log in its SQLite file."""

    def __init__(
        self, data: SqliteLogDatastore, log: LogName, clock: Callable[[], datetime]
    ) -> None:
        self._data, self._log, self._clock = data, log, clock
        self._sql = {key: statement.format(log=log, row=_ROW) for key, statement in _SQL.items()}

    def create(self, c: Cursor, epochs: Mapping[str, int]) -> None:
        """Insert the epochs of new keys, in the transaction that makes the log's tables."""
        c.executemany(self._sql["add_epoch"], epochs.items())

    def insert(self, c: Cursor, batch: RecordBatch) -> None:
        """Insert the data keys of a batch, in its transaction. Raises `StaleKeys`."""
        if batch.shreds is None:
            return
        if c.execute(self._sql["shreds"]).fetchone() != (batch.shreds,):
            raise StaleKeys
        if c.executemany(self._sql["add"], batch.keys).rowcount < len(batch.keys):
            raise StaleKeys

    def select(self, streams: Collection[bytes]) -> list[KeyRow]:
        with self._data.cursor() as c:
            return self._select(c, streams)

    def _select(self, c: Cursor, streams: Iterable[bytes]) -> list[KeyRow]:
        stream_list = list(streams)
        rows: list[KeyRow] = []
        for at in range(0, len(stream_list), _ASKED):
            batch = stream_list[at : at + _ASKED]
            select = self._sql["select"].format(marks=",".join("?" * len(batch)))
            rows += map(KeyRow._make, c.execute(select, batch).fetchall())
        return rows

    def state(self) -> tuple[int, dict[str, int]]:
        with self._data.cursor() as c:
            row = c.execute(self._sql["shreds"]).fetchone()
            return row[0] if row else -1, dict(c.execute(self._sql["epochs"]).fetchall())

    def records(self, streams: Collection[bytes]) -> list[SealedState]:
        with self._data.cursor() as c:
            return self._records(c, streams)

    def _records(self, c: Cursor, streams: Iterable[bytes]) -> list[SealedState]:
        select, execute = self._sql["records"], c.execute
        return [SealedState._make(row) for stream in streams for row in execute(select, (stream,))]

    @property
    def place(self) -> Path:
        return self._data.path

    @contextmanager
    def alone(self) -> Iterator[Cursor]:
        with self._data.cursor(write=True) as c:
            begin(c)
            yield c
            c.execute("COMMIT")

    def destroy(
        self, within: Cursor, streams: Collection[bytes], choose: Choose, epochs: Mapping[str, int]
    ) -> None:
        c = within
        doom = choose(self._select(c, streams), self._records(c, streams))
        now = to_micros(self._clock())
        c.executemany(self._sql["destroy"], [(now, *key) for key in doom.keys])
        c.executemany(self._sql["forget"], [(command,) for command in doom.commands])
        c.execute("CREATE TEMP TABLE doomed (stream BLOB PRIMARY KEY) WITHOUT ROWID")
        c.executemany("INSERT OR IGNORE INTO doomed VALUES (?)", [(s,) for s in doom.streams])
        c.execute(self._sql["unhold"])
        c.execute("DROP TABLE temp.doomed")
        c.executemany(self._sql["move_epoch"], epochs.items())
        c.execute(self._sql["count_shred"])

    def older(self, family: str, epoch: int, after: KeyRow | None, limit: int) -> list[KeyRow]:
        start = after[:2] if after else (b"", 0)
        with self._data.cursor() as c:
            rows = c.execute(self._sql["older"], (family, epoch, *start, limit)).fetchall()
        return list(map(KeyRow._make, rows))

    def rewrap(self, rows: Sequence[KeyRow]) -> None:
        with self._data.cursor(write=True) as c:
            begin(c)
            changes = [(row.epoch, row.wrapped, row.stream, row.number) for row in rows]
            c.executemany(self._sql["rewrap"], changes)
            c.execute("COMMIT")

    def destroyed(self) -> list[tuple[UUID, bytes]]:
        with self._data.cursor() as c:
            return [(UUID(bytes=stream), key) for stream, key in c.execute(self._sql["destroyed"])]

    def destructions(self) -> list[tuple[UUID, bytes, int]]:
        with self._data.cursor() as c:
            cursor = c.execute(self._sql["destructions"])
            return [(UUID(bytes=stream), key, at) for stream, key, at in cursor]

    def seals(self, streams: Collection[bytes] | None = None) -> KeyTableSeen:
        with self._data.cursor() as c:
            c.execute("BEGIN")
            try:
                ((size,),) = c.execute(self._sql["size"]).fetchall() or ((0,),)
                rows = (
                    map(KeyRow._make, c.execute(self._sql["seals"]))
                    if streams is None
                    else self._select(c, streams)
                )
                keys = [
                    KeySeal(*row[:5], None if row.wrapped is None else sha256(row.wrapped).digest())
                    for row in rows
                ]
            finally:
                c.execute("ROLLBACK")
        return KeyTableSeen(size, keys)

    def keyless(self, limit: int) -> list[tuple[int, UUID, int]]:
        with self._data.cursor() as c:
            rows = c.execute(self._sql["keyless"], (limit,)).fetchall()
        return [(seq, UUID(bytes=stream), version) for seq, stream, version in rows]

    def count(self) -> list[KeyCount]:
        with self._data.cursor() as c:
            return [KeyCount(*row) for row in c.execute(self._sql["count"])]

    def purge(self) -> None:
        """Overwrite deleted data in the file and its write-ahead log (secure_delete overwrites
        deleted rows at once). Raises `StillHeld` while a reader needs an old page."""
        try:
            with self._data.cursor(write=True) as c:
                self._empty_wal(c)
                c.execute("VACUUM")
                self._empty_wal(c)
        except StillHeld:
            raise
        except LogUnavailable as error:
            raise StillHeld(f"{self._still_held()} ({error})") from None

    def _empty_wal(self, c: Cursor) -> None:
        busy, _, _ = c.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchone()
        if busy:
            raise StillHeld(self._still_held())

    def _still_held(self) -> str:
        return (
            f"The keys are destroyed, but somebody reads {self._data.path} and so holds old pages "
            "of it: close other programs that use it, then do this once more."
        )
