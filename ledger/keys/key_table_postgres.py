"""The table of data keys in a schema of PostgreSQL."""

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from time import sleep
from typing import Any, LiteralString
from uuid import UUID

import psycopg
from psycopg.sql import SQL, Identifier

from domain.kernel.envelope import LogName, LogUnavailable, StillHeld
from ledger.database.batch import KeyRow
from ledger.database.datastore_postgres import PostgresLogDatastore
from ledger.database.postgres_arrays import byteas, integers, texts, uuids
from ledger.database.reads_postgres import reads_tables, through_functions
from ledger.database.tables_postgres import PATIENCE
from ledger.keys.key_table import Choose, KeyCount, KeySeal, KeyTable, KeyTableSeen, SealedState

_PATIENCE = (0.0, 0.1, 0.5, 2.0)
"""Seconds before each attempt to vacuum erased data."""

_ROW = "stream, number, family, key_id, epoch, wrapped"

_SQL = {
    "select": "SELECT {row} FROM {keys} WHERE stream = ANY (%b::uuid[]) ORDER BY stream, number",
    "shreds": "SELECT shreds FROM {head}",
    "epochs": "SELECT family, epoch FROM {epochs}",
    "records": "SELECT originator_id, state, command_id, leaf FROM {events} "
    "WHERE originator_id = ANY (%b::uuid[]) ORDER BY originator_id, originator_version",
    "take_turn": "SELECT {schema}.take_turn()",
    "shred": "SELECT {schema}.shred_keys(%b::uuid[], %b::int4[], %b::uuid[], %b::uuid[], "
    "%b::text[], %b::int4[])",
    "older": "SELECT {row} FROM {keys} WHERE family = %b AND epoch < %b "
    "AND wrapped IS NOT NULL AND (stream, number) > (%b, %b) ORDER BY stream, number LIMIT %b",
    "rewrap": "SELECT {schema}.rewrap_keys(%b::uuid[], %b::int4[], %b::int4[], %b::bytea[])",
    "destroyed": "SELECT stream, key_id FROM {keys} WHERE destroyed IS NOT NULL",
    "destructions": "SELECT stream, key_id, destroyed FROM {keys} WHERE destroyed IS NOT NULL",
    "seals": "SELECT stream, number, family, key_id, epoch, sha256(wrapped) FROM {keys}",
    "seals_of": "SELECT stream, number, family, key_id, epoch, sha256(wrapped) FROM {keys} "
    "WHERE stream = ANY (%b::uuid[])",
    "size": "SELECT seq FROM {head}",
    "keyless": "SELECT seq, originator_id, originator_version FROM {events} "
    "WHERE substr(state, 1, 1) = '\\x02'::bytea AND originator_id NOT IN "
    "(SELECT stream FROM {keys} GROUP BY stream HAVING count(*) = max(number)) "
    "ORDER BY seq LIMIT %b",
    "count": "SELECT family, count(wrapped), count(destroyed) FROM {keys} GROUP BY family",
    "vacuum": "VACUUM {keys}, {commands}, {unique}",
    "dead": "SELECT coalesce(sum(pg_stat_get_dead_tuples(c.oid)), 0)::int8 FROM pg_class c "
    "JOIN pg_namespace n ON n.oid = c.relnamespace WHERE n.nspname = %b AND c.relname = ANY (%b)",
}

_SEEN: LiteralString = "SELECT stream, number, family, key_id, epoch, sealed FROM {}"
"""The query with which a signer reads keys."""


class PostgresKeyTable(KeyTable):
    """The data keys of one log in its schema of PostgreSQL."""

    def __init__(self, data: PostgresLogDatastore, log: LogName) -> None:
        self._data, self._log = data, log
        names = {
            table: SQL("{}.{}").format(Identifier(log), Identifier(f"{log}_{table}"))
            for table in ("keys", "key_seals", "epochs", "events", "commands", "unique", "head")
        }
        self._looked = False
        self._seen = {
            "seals": SQL(_SEEN).format(names["key_seals"]).as_bytes(),
            "seals_of": SQL(_SEEN + " WHERE stream = ANY (%b::uuid[])")
            .format(names["key_seals"])
            .as_bytes(),
        }
        self.queries = self._sql = {
            key: SQL(statement).format(schema=Identifier(log), row=SQL(_ROW), **names).as_bytes()
            for key, statement in _SQL.items()
        }

    def select(self, streams: Collection[bytes]) -> list[KeyRow]:
        with self._cursor() as c:
            return self._select(c, streams)

    def _select(self, c: psycopg.Cursor[Any], streams: Iterable[bytes]) -> list[KeyRow]:
        cursor = c.execute(self._sql["select"], (uuids(streams),), prepare=True)
        return list(map(KeyRow._make, cursor.fetchall()))

    def state(self) -> tuple[int, dict[str, int]]:
        with self._cursor() as c:
            row = c.execute(self._sql["shreds"]).fetchone()
            return row[0] if row else -1, dict(c.execute(self._sql["epochs"]).fetchall())

    def records(self, streams: Collection[bytes]) -> list[SealedState]:
        with self._cursor() as c:
            return self._records(c, streams)

    def _records(self, c: psycopg.Cursor[Any], streams: Iterable[bytes]) -> list[SealedState]:
        cursor = c.execute(self._sql["records"], (uuids(streams),), prepare=True)
        return list(map(SealedState._make, cursor.fetchall()))

    @property
    def place(self) -> str:
        return self._log

    @contextmanager
    def alone(self) -> Iterator[psycopg.Cursor[Any]]:
        with self._cursor() as c, c.connection.transaction():
            c.execute(f"SET LOCAL lock_timeout = '{PATIENCE}'")
            c.execute(self._sql["take_turn"])
            yield c

    def destroy(
        self,
        within: psycopg.Cursor[Any],
        streams: Collection[bytes],
        choose: Choose,
        epochs: Mapping[str, int],
    ) -> None:
        doom = choose(self._select(within, streams), self._records(within, streams))
        arguments = (
            uuids(stream for stream, _ in doom.keys),
            integers(number for _, number in doom.keys),
            uuids(doom.commands),
            uuids(doom.streams),
            texts(epochs),
            integers(epochs.values()),
        )
        within.execute(self._sql["shred"], arguments)

    def older(self, family: str, epoch: int, after: KeyRow | None, limit: int) -> list[KeyRow]:
        start = (UUID(bytes=after.stream), after.number) if after else (UUID(int=0), 0)
        with self._cursor() as c:
            cursor = c.execute(self._sql["older"], (family, epoch, *start, limit))
            return list(map(KeyRow._make, cursor.fetchall()))

    def rewrap(self, rows: Sequence[KeyRow]) -> None:
        arguments = (
            uuids(row.stream for row in rows),
            integers(row.number for row in rows),
            integers(row.epoch for row in rows),
            byteas(row.wrapped or b"" for row in rows),
        )
        with self._cursor() as c:
            c.execute(self._sql["rewrap"], arguments)

    def destroyed(self) -> list[tuple[UUID, bytes]]:
        with self._cursor() as c:
            rows = c.execute(self._sql["destroyed"]).fetchall()
        return [(UUID(bytes=stream), key) for stream, key in rows]

    def destructions(self) -> list[tuple[UUID, bytes, int]]:
        with self._cursor() as c:
            rows = c.execute(self._sql["destructions"]).fetchall()
        return [(UUID(bytes=stream), key, at) for stream, key, at in rows]

    def seals(self, streams: Collection[bytes] | None = None) -> KeyTableSeen:
        with self._cursor() as c, c.connection.transaction():
            c.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ, READ ONLY")
            ((size,),) = c.execute(self._sql["size"]).fetchall() or ((0,),)
            if streams is None:
                cursor = c.execute(self._sql["seals"])
            else:
                cursor = c.execute(self._sql["seals_of"], (uuids(streams),))
            return KeyTableSeen(size, list(map(KeySeal._make, cursor.fetchall())))

    def keyless(self, limit: int) -> list[tuple[int, UUID, int]]:
        with self._cursor() as c:
            rows = c.execute(self._sql["keyless"], (limit,)).fetchall()
        return [(seq, UUID(bytes=stream), version) for seq, stream, version in rows]

    def count(self) -> list[KeyCount]:
        with self._cursor() as c:
            return [KeyCount(*row) for row in c.execute(self._sql["count"]).fetchall()]

    def purge(self) -> None:
        """Remove the deleted rows from the tables. A short transaction of another session, such as
        the server's own ANALYZE, may delay this for a moment. Raises `StillHeld` if a long
        transaction may still see a deleted row. Copies of the rows in the write-ahead log and its
        archives stay, but are encrypted with a destroyed key.
        """
        tables = [f"{self._log}_{table}" for table in ("keys", "commands", "unique")]
        with self._cursor() as c:
            for pause in _PATIENCE:
                sleep(pause)
                c.execute(self._sql["vacuum"])
                ((dead,),) = c.execute(self._sql["dead"], (self._log, tables)).fetchall()
                if not dead:
                    return
        raise StillHeld(
            f"The keys are destroyed, but {dead} old rows of the {self._log} log are "
            "still there: end the long transactions on the server, give this user the "
            "right to vacuum (GRANT MAINTAIN), then repeat this."
        )

    @contextmanager
    def _cursor(self) -> Iterator[psycopg.Cursor[Any]]:
        with self._data.get_connection() as connection, connection.cursor(binary=True) as c:
            if not self._looked:
                if not reads_tables(c, self._log):
                    self._sql = self.queries | through_functions(self._log, self.queries)
                elif not self._reads_keys(c):
                    self._sql = self.queries | self._seen
                self._looked = True
            yield c

    def _reads_keys(self, c: psycopg.Cursor[Any]) -> bool:
        """Return whether this database connection may read wrapped keys; a signer sees only their
        hashes. Raises LogUnavailable if an older store has no view for the signer."""
        table, view = (f"{self._log}.{self._log}_{suffix}" for suffix in ("keys", "key_seals"))
        text = (
            "SELECT has_column_privilege(to_regclass(%s), 'wrapped', 'SELECT'), "
            "to_regclass(%s)::text"
        )
        reads, there = c.execute(text, (table, view)).fetchall()[0]
        if reads is False and there is None:
            raise LogUnavailable(
                f"The {self._log} log has no view through which a signer can read keys: "
                "run `continuum init` once as the owner of the store (docs/upgrading.md)"
            )
        return reads is not False
