"""Pairs of stores on one database for comparison: a log of the product, and tables of the same form
that the database driver uses directly."""

import sqlite3
from abc import ABC, abstractmethod
from collections.abc import Sequence
from pathlib import Path
from uuid import UUID

import psycopg
from psycopg.types.string import ByteaBinaryLoader

from bench.bare import Row
from bench.material import BATCH, now
from ledger.database.batch import KeyRow
from ledger.database.postgres_arrays import BinaryArray, PackedDumper, uuids
from ledger.store.log import Log
from ledger.store.setup import Catalogue, open_postgres, open_sqlite
from tests.ledger.known_keys import KnownKeys

_ROWS = "SELECT * FROM {events} WHERE seq > {after} ORDER BY seq LIMIT {limit}"
_KEYS = "SELECT stream, number, family, key_id, epoch, wrapped FROM {keys} WHERE stream "


class Side(ABC):
    """A database with two stores: the product's log, and bare tables of the same shape that the
    database driver reads and writes without the product.
    """

    name: str
    log: Log

    @abstractmethod
    def again(self) -> Log:
        """Open the product's log again, without keys in memory."""

    @abstractmethod
    def write(self, rows: Sequence[Row], keys: Sequence[KeyRow] = ()) -> None:
        """Write rows of events and of keys into the bare tables in one transaction, as fast as the
        driver can.
        """

    @abstractmethod
    def read(self, after: int) -> Sequence[Row]:
        """Read a batch of the log's events after the number `after` with the bare driver; return
        their rows."""

    @abstractmethod
    def read_keys(self, streams: Sequence[bytes]) -> list[KeyRow]:
        """Read the encrypted data keys of these streams in the log with the bare driver."""

    @abstractmethod
    def close(self) -> None:
        """Close the product's log and the driver's connection."""


class SQLiteSide(Side):
    name = "SQLite"

    def __init__(self, catalogue: Catalogue, directory: Path) -> None:
        self._ours, self._catalogue = directory / "ours", catalogue
        raw = directory / "raw"
        open_sqlite(raw, catalogue, clock=now, keys=KnownKeys(), create=True)["evidence"].close()
        self.log = self._opened(create=True)
        self._raw, self._reader = (
            sqlite3.connect(place / "log.db", isolation_level=None) for place in (raw, self._ours)
        )
        self._raw.execute("PRAGMA synchronous=FULL")

    def _opened(self, *, create: bool) -> Log:
        log_options = {"clock": now, "keys": KnownKeys(), "create": create}
        return open_sqlite(self._ours, self._catalogue, **log_options)["evidence"]  # type: ignore[arg-type]

    def again(self) -> Log:
        return self._opened(create=False)

    def write(self, rows: Sequence[Row], keys: Sequence[KeyRow] = ()) -> None:
        self._raw.execute("BEGIN IMMEDIATE")
        self._raw.executemany("INSERT INTO evidence_events VALUES (?,?,?,?,?,?,?,?)", rows)
        if keys:
            self._raw.executemany("INSERT INTO evidence_keys VALUES (?,?,?,?,?,?,NULL)", keys)
        self._raw.execute("COMMIT")

    def read(self, after: int) -> Sequence[Row]:
        statement = _ROWS.format(events="evidence_events", after="?", limit="?")
        return self._reader.execute(statement, (after, BATCH)).fetchall()

    def read_keys(self, streams: Sequence[bytes]) -> list[KeyRow]:
        marks = ",".join("?" * len(streams))
        statement = f"{_KEYS.format(keys='evidence_keys')} IN ({marks})"
        return list(map(KeyRow._make, self._reader.execute(statement, streams)))

    def close(self) -> None:
        self.log.close()
        self._raw.close()
        self._reader.close()


class PostgresSide(Side):
    name = "PostgreSQL"

    def __init__(self, catalogue: Catalogue, ours: str, raw: str) -> None:
        self._ours, self._catalogue = ours, catalogue
        self._opened(raw, create=True).close()
        self.log = self._opened(ours, create=True)
        self._raw, self._reader = (psycopg.connect(url, autocommit=True) for url in (raw, ours))
        self._reader.adapters.register_loader("uuid", ByteaBinaryLoader)
        self._reader.adapters.register_dumper(BinaryArray, PackedDumper)

    def _opened(self, url: str, *, create: bool) -> Log:
        log_options = {"clock": now, "keys": KnownKeys(), "create": create, "synthetic": False}
        return open_postgres(url, self._catalogue, **log_options)["evidence"]  # type: ignore[arg-type]

    def again(self) -> Log:
        return self._opened(self._ours, create=False)

    def write(self, rows: Sequence[Row], keys: Sequence[KeyRow] = ()) -> None:
        with self._raw.cursor(binary=True) as c:
            if len(rows) == 1:
                marks = ",".join(["%b"] * 8)
                statement = f"INSERT INTO evidence.evidence_events VALUES ({marks})".encode()
                c.execute(statement, _with_ids(rows[0]), prepare=True)
                return
            with self._raw.transaction():
                with c.copy("COPY evidence.evidence_events FROM STDIN (FORMAT BINARY)") as copy:
                    kinds = ["int8", "uuid", "int8", "text", "bytea", "int8", "uuid", "bytea"]
                    copy.set_types(kinds)
                    for row in rows:
                        copy.write_row(_with_ids(row))
                if not keys:
                    return
                with c.copy("COPY evidence.evidence_keys FROM STDIN (FORMAT BINARY)") as copy:
                    copy.set_types(["uuid", "int4", "text", "bytea", "int4", "bytea", "int8"])
                    for key in keys:
                        copy.write_row((UUID(bytes=key.stream), *key[1:], None))

    def read(self, after: int) -> Sequence[Row]:
        statement = _ROWS.format(events="evidence.evidence_events", after="%s", limit="%s")
        with self._reader.cursor(binary=True) as c:
            return c.execute(statement.encode(), (after, BATCH), prepare=True).fetchall()

    def read_keys(self, streams: Sequence[bytes]) -> list[KeyRow]:
        statement = f"{_KEYS.format(keys='evidence.evidence_keys')} = ANY (%b::uuid[])"
        with self._reader.cursor(binary=True) as c:
            cursor = c.execute(statement.encode(), (uuids(streams),), prepare=True)
            return list(map(KeyRow._make, cursor.fetchall()))

    def close(self) -> None:
        self.log.close()
        self._raw.close()
        self._reader.close()


def _with_ids(row: Row) -> tuple[object, ...]:
    return (*row[:1], UUID(bytes=row[1]), *row[2:6], UUID(bytes=row[6]), row[7])
