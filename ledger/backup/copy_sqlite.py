"""Copy log files while they are being written, and give them a new origin.

A copy is one complete file, without a write-ahead log, so that it can be on a read-only disk.
"""

import os
import sqlite3
from collections.abc import Collection, Iterator, Mapping, Sequence
from contextlib import closing, contextmanager
from hashlib import sha256
from pathlib import Path
from typing import Any
from uuid import UUID

from domain.kernel.envelope import LogName
from ledger.database.datastore_sqlite import SqliteLogDatastore
from ledger.proof.leaf import as_rows, leaf_of, make_origin, prefix

_BATCH = 1000
_SEALED = (
    "SELECT seq, originator_id, originator_version, topic, state, recorded, leaf "
    "FROM {log}_events WHERE seq > ? ORDER BY seq LIMIT ?"
)


def copy(source: Path, target: Path) -> None:
    """Copy a log file as it is at one moment; writers can continue meanwhile.

    Raises LogUnavailable, OSError.
    """
    os.close(os.open(target, os.O_CREAT | os.O_EXCL | os.O_RDWR, 0o600))
    with _opened(source) as c, closing(sqlite3.connect(target)) as copied:
        c.connection.backup(copied)
    settle(target)


def settle(path: Path) -> None:
    """Move the content of a file's write-ahead log into the file, and delete that log."""
    with _opened(path, write=True) as c:
        c.execute("PRAGMA journal_mode=DELETE")
    descriptor = os.open(path, os.O_RDWR)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def tables(path: Path, log: LogName, only: Sequence[str] = ()) -> dict[str, list[str]]:
    """Return the tables of a log, or only the tables in `only`, each with its columns."""
    with _opened(path) as c:
        cursor = c.execute(
            "SELECT t.name, c.name FROM sqlite_schema t, pragma_table_info(t.name) c "
            "WHERE t.type = 'table' AND t.name LIKE ? ESCAPE '!' ORDER BY t.name, c.cid",
            (f"{log}!_%",),
        )
        columns: dict[str, list[str]] = {}
        for table, column in cursor:
            if only and table.removeprefix(f"{log}_") not in only:
                continue
            columns.setdefault(table, []).append(column)
        return columns


def rows(path: Path, table: str, columns: Sequence[str]) -> Iterator[tuple[Any, ...]]:
    """Yield the rows of a log's table, in the order of its first column."""
    with _opened(path) as c:
        yield from c.execute(f"SELECT {', '.join(columns)} FROM {table} ORDER BY 1")  # noqa: S608


def fill(
    path: Path, table: str, columns: Sequence[str], rows: Iterator[tuple[object, ...]]
) -> None:
    """Replace all rows in one table of a log by other rows."""
    places = ", ".join("?" * len(columns))
    with _opened(path, write=True) as c:
        c.execute("BEGIN IMMEDIATE")
        c.execute(f"DELETE FROM {table}")  # noqa: S608
        c.executemany(
            f"INSERT INTO {table} ({', '.join(columns)}) VALUES ({places})",  # noqa: S608
            rows,
        )
        c.execute("COMMIT")


def reseal(path: Path, log: LogName, store_id: str) -> None:
    """Give a log another origin (the log's unique name). The leaf (hash) of every record is
    computed again with the new origin, and the records are not changed.
    """
    origin = make_origin(store_id, log)
    start, after = prefix(origin), 0
    with _opened(path, write=True) as c:
        c.execute("BEGIN IMMEDIATE")
        c.execute(f"UPDATE {log}_origin SET origin = ?", (origin,))  # noqa: S608
        while page := as_rows(c.execute(_SEALED.format(log=log), (after, _BATCH)).fetchall()):
            c.executemany(
                f"UPDATE {log}_events SET leaf = ? WHERE seq = ?",  # noqa: S608
                [(leaf_of(start, row), row.seq) for row in page],
            )
            after = page[-1].seq
        c.execute("COMMIT")


def rewrite(path: Path, log: LogName, states: Mapping[int, tuple[str, bytes]]) -> dict[int, bytes]:
    """Replace the topic and the state of some records of a log, and overwrite the old content in
    the file; `states` has the new values by the records' sequence numbers (seq). Return the old
    leaves (hashes) of these records; `reseal` computes the new leaves.
    """
    with _opened(path, write=True) as c:
        c.execute("BEGIN IMMEDIATE")
        select = f"SELECT leaf FROM {log}_events WHERE seq = ?"  # noqa: S608
        leaves_by_seq = {seq: c.execute(select, (seq,)).fetchone()[0] for seq in states}
        c.executemany(
            f"UPDATE {log}_events SET topic = ?, state = ? WHERE seq = ?",  # noqa: S608
            [(*state, seq) for seq, state in states.items()],
        )
        c.execute("COMMIT")
        c.execute("PRAGMA wal_checkpoint(TRUNCATE)")
        c.execute("VACUUM")
    return leaves_by_seq


_RENEW_KEYS = """
    INSERT INTO main.{log}_keys SELECT * FROM newer.{log}_keys WHERE true
    ON CONFLICT (stream, number) DO UPDATE
        SET epoch = excluded.epoch, wrapped = excluded.wrapped, destroyed = excluded.destroyed
        WHERE wrapped IS NOT NULL AND key_id = excluded.key_id
            AND (excluded.wrapped IS NULL OR excluded.epoch > epoch)
"""
_RENEW_EPOCHS = """
    INSERT INTO main.{log}_epochs SELECT * FROM newer.{log}_epochs WHERE true
    ON CONFLICT (family) DO UPDATE SET epoch = max(epoch, excluded.epoch)
"""


def renew_keys(path: Path, newer: Path, log: LogName) -> bool:
    """Update a log's data keys from the log `newer`.

    A key that was destroyed in either log is destroyed; if a key is encrypted differently in the
    two logs, the encryption with the newer key-encryption key is used. Return whether any key
    changed.
    """
    with _opened(path, write=True) as c:
        c.execute("ATTACH ? AS newer", (f"{newer.absolute().as_uri()}?mode=ro",))
        c.execute("BEGIN IMMEDIATE")
        changed = c.execute(_RENEW_KEYS.format(log=log)).rowcount
        c.execute(_RENEW_EPOCHS.format(log=log))
        c.execute(f"UPDATE main.{log}_head SET shreds = shreds + 1")  # noqa: S608
        c.execute("COMMIT")
    return changed > 0


def destroy_keys(path: Path, log: LogName, keys: Collection[str], at: int) -> int:
    """Destroy the live data keys in a log whose key ids have one of the SHA-256 hashes `keys`
    (hex), and store `at` (µs) as the time of their destruction. Return how many keys were
    destroyed.
    """
    with _opened(path, write=True) as c:
        c.execute("BEGIN IMMEDIATE")
        live = c.execute(
            f"SELECT stream, number, key_id FROM {log}_keys WHERE wrapped IS NOT NULL"  # noqa: S608
        ).fetchall()
        doomed = [row[:2] for row in live if sha256(row[2]).hexdigest() in keys]
        c.executemany(
            f"UPDATE {log}_keys SET wrapped = NULL, destroyed = ? WHERE stream = ? AND number = ?",  # noqa: S608
            [(at, *row) for row in doomed],
        )
        c.execute(f"UPDATE {log}_head SET shreds = shreds + 1")  # noqa: S608
        c.execute("COMMIT")
    return len(doomed)


def wrapped_under(path: Path, log: LogName) -> set[tuple[str, int]]:
    """Return the key-encryption keys that a log's live data keys need, each as family and number
    (epoch).
    """
    with _opened(path) as c:
        return set(
            c.execute(f"SELECT DISTINCT family, epoch FROM {log}_keys WHERE wrapped IS NOT NULL")  # noqa: S608
        )


def destroyed(path: Path, log: LogName) -> dict[UUID, bool]:
    """Return the streams (items) that lost a data key, and whether each of these streams has
    another data key that is still live.
    """
    with _opened(path) as c:
        cursor = c.execute(
            f"SELECT stream, max(wrapped IS NOT NULL) FROM {log}_keys "  # noqa: S608
            "GROUP BY stream HAVING count(destroyed) > 0"
        )
        return {UUID(bytes=stream): bool(live) for stream, live in cursor}


@contextmanager
def _opened(path: Path, *, write: bool = False) -> Iterator[sqlite3.Cursor]:
    data = SqliteLogDatastore(path, read_only=not write)
    try:
        with data.cursor(write=write) as c:
            yield c
    finally:
        data.close()
