"""Store facts in PostgreSQL: the event-sourcing library's recorder, with its own tables.

Single facts and imports use the same database function (tables_postgres.py).

The file is long because it is one recorder.
"""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import AbstractContextManager, contextmanager, nullcontext, suppress
from datetime import datetime
from functools import cache
from secrets import token_hex
from typing import Any
from uuid import UUID

import psycopg
from eventsourcing.postgres import PostgresApplicationRecorder
from psycopg.sql import SQL, Identifier

from domain.kernel.envelope import (
    ClockDiffers,
    Conflict,
    IntegrityFailure,
    LogName,
    LogUnavailable,
    UniqueTaken,
)
from ledger.database import exchange_outbox, schema_postgres
from ledger.database.batch import SLACK, KnownCommand, LogPosition, RawRow, RecordBatch, to_micros
from ledger.database.datastore_postgres import PostgresLogDatastore
from ledger.database.postgres_arrays import as_int, bigint, bigints, byteas, integers, texts, uuids
from ledger.database.postgres_connection import LogConnection
from ledger.database.reads_postgres import CLOSED, reads_tables, through_functions
from ledger.database.reads_postgres import definitions as reads
from ledger.database.tables_postgres import (
    CLOCK_DIFFERS,
    COMMAND_KNOWN,
    FOLLOWS,
    KEY_TAKEN,
    KNOWN_TERMS,
    MIGRATION_LOCK,
    OUT_OF_TURN,
    PATIENCE,
    STALE_KEYS,
    TABLES,
    TOLD,
    TURN,
    WRONG_CLOCK,
)
from ledger.keys.key_table import StaleKeys
from ledger.keys.key_table_postgres import PostgresKeyTable
from ledger.proof.leaf import SealedRow, as_rows, make_origin
from ledger.store import recorder, schema_upgrade
from ledger.store.recorder import NO_EPOCHS, UNSEALED, LogRecorder, WritingSite

_ROW = (
    "seq, originator_id, originator_version, topic, state, recorded / 1e6::float8, command_id, "
    "(SELECT shreds FROM {head})"
)

_SOON = "SET LOCAL lock_timeout = '2s'"
"""Longest wait for the lock for writing, which others hold for milliseconds."""

_NOW = b"SELECT (extract(epoch FROM clock_timestamp()) * 1000000)::bigint"

_ABSENT = "SELECT name FROM unnest(%s::text[]) AS name WHERE to_regclass(name) IS NULL"

#: Triggers, rules and row policies on a log's tables, except the trigger that a second site needs.
_FOREIGN = """
SELECT 'trigger ' || t.tgname || ' on ' || r.relname
FROM pg_trigger t JOIN pg_class r ON r.oid = t.tgrelid
WHERE r.relnamespace = to_regnamespace(%(log)s) AND NOT t.tgisinternal
AND t.tgname <> 'pass_over_known_term'
UNION ALL
SELECT 'rule ' || w.rulename || ' on ' || r.relname
FROM pg_rewrite w JOIN pg_class r ON r.oid = w.ev_class
WHERE r.relnamespace = to_regnamespace(%(log)s) AND r.relkind IN ('r', 'p')
UNION ALL
SELECT 'policy ' || p.polname || ' on ' || r.relname
FROM pg_policy p JOIN pg_class r ON r.oid = p.polrelid
WHERE r.relnamespace = to_regnamespace(%(log)s)
ORDER BY 1
"""
_NAMED = "events", "commands", "unique", "head", "origin", "terms", "site", "keys", "epochs"
_SQL = {
    "append": "SELECT first_seq, first_recorded FROM {schema}.append_sealed"
    "($1::uuid[], $2::bytea[], $3::int4[], $4::uuid[], $5::int8[], $6::text[], $7::bytea[], "
    "$8::uuid[], $9::bytea[], $10::uuid[], $11, "
    "$12, $13::uuid[], $14::int4[], $15::text[], $16::bytea[], $17::int4[], $18::bytea[], "
    "$19, $20)",
    "taken": "SELECT e.originator_id, e.originator_version FROM {events} e "
    "JOIN unnest(%s::uuid[], %s::bigint[]) AS n (id, version) "
    "ON e.originator_id = n.id AND e.originator_version = n.version LIMIT 1",
    "rows": "SELECT {row} FROM {events} WHERE seq > %s ORDER BY seq LIMIT %s",
    "topics": "SELECT seq, topic FROM {events} WHERE seq > %s ORDER BY seq LIMIT %s",
    "streams": "SELECT seq, originator_id FROM {events} WHERE seq > %s ORDER BY seq LIMIT %s",
    "stream": "SELECT {row} FROM {events} WHERE originator_id = %s ORDER BY originator_version",
    "commands": "SELECT command_id, digest, first_seq, count FROM {commands} "
    "WHERE command_id = ANY (%s::uuid[])",
    "unique": "SELECT digest, stream FROM {unique} WHERE digest = ANY (%s::bytea[])",
    "head": "SELECT seq, recorded, synthetic FROM {head}",
    "unsealed": "SELECT count(*) > 0 AND NOT coalesce(bool_or(column_name = 'shreds'), false) "
    "FROM information_schema.columns WHERE table_schema = %s AND table_name = %s",
    "origin": "SELECT origin FROM {origin}",
    "take_turn": "SELECT {schema}.take_turn()",
    "sited": "SELECT to_regclass(%s) IS NOT NULL",
    "turn": "SELECT coalesce(t.term, 0), t.site, s.name, s.holds, {follows} FROM {site} s "
    "FULL JOIN (SELECT term, site FROM {terms} ORDER BY term DESC LIMIT 1) t ON true",
    "forgotten": "SELECT first_seq, (SELECT originator_id FROM {events} e WHERE e.seq = first_seq) "
    "FROM {commands} c WHERE digest IS NULL AND NOT EXISTS (SELECT 1 FROM {events} e "
    "WHERE e.seq >= c.first_seq AND e.seq < c.first_seq + c.count AND NOT "
    "coalesce((SELECT count(destroyed) = 0 AND count(*) > 0 FROM {keys} k "
    "WHERE k.stream = e.originator_id), false)) ORDER BY 1 LIMIT %s",
    "astray": "SELECT count(*) FROM {unique} u WHERE NOT EXISTS "
    "(SELECT 1 FROM {events} e WHERE e.originator_id = u.stream)",
    "terms": "SELECT term, site, NULL FROM {terms} UNION ALL SELECT 0, name, holds FROM {site} "
    "ORDER BY 1",
    "takes_time": "SELECT synthetic FROM {head}",
    "epochs": "SELECT family, epoch FROM {epochs}",
    "sealed": "SELECT seq, originator_id, originator_version, topic, state, recorded, leaf "
    "FROM {events} WHERE seq >= %s ORDER BY seq LIMIT %s",
    "loose": "SELECT seq FROM {events} LEFT JOIN {commands} c USING (command_id) "
    "WHERE c.command_id IS NULL OR seq < first_seq OR seq >= first_seq + count "
    "UNION SELECT first_seq FROM {commands} c WHERE (SELECT sum(count) FROM {commands}) "
    "<> (SELECT count(*) FROM {events}) AND count <> (SELECT count(*) FROM {events} e "
    "WHERE e.seq >= c.first_seq AND e.seq < c.first_seq + c.count "
    "AND e.command_id = c.command_id) ORDER BY 1 LIMIT %s",
}


@cache
def _topics_of(names: tuple[LogName, ...]) -> bytes:
    """Return the SQL statement that reads the topics of the newest events of several logs in one
    database. It returns one row for each log, however many events were recorded meanwhile.
    """
    newest = (
        "(SELECT {log}, max(seq), string_agg(topic, ' ' ORDER BY seq) FROM "
        "(SELECT seq, topic FROM {events} WHERE seq > {after} ORDER BY seq LIMIT $1) AS newest)"
    )
    return b" UNION ALL ".join(
        SQL(newest)
        .format(log=name, events=Identifier(name, f"{name}_events"), after=SQL(f"${place}"))
        .as_bytes()
        for place, name in enumerate(names, start=2)
    )


class PostgresLogRecorder(LogRecorder, PostgresApplicationRecorder):
    """The tables of one log in a PostgreSQL schema.

    `clock` is used on a synthetic store only; otherwise the server's clock is used, which is the
    same for every process that writes.
    """

    datastore: PostgresLogDatastore

    def __init__(
        self,
        datastore: PostgresLogDatastore,
        log: LogName,
        clock: Callable[[], datetime],
        synthetic: bool,
    ) -> None:
        self.log, self.clock, self.synthetic = log, clock, synthetic
        super().__init__(datastore, events_table_name=f"{log}_events")
        names = {
            table: SQL("{}.{}").format(Identifier(log), Identifier(f"{log}_{table}"))
            for table in _NAMED
        }
        row, follows = SQL(_ROW).format(head=names["head"]), SQL(FOLLOWS)
        self._sql = {
            key: SQL(statement)
            .format(schema=Identifier(log), row=row, follows=follows, **names)
            .as_bytes()
            for key, statement in _SQL.items()
        }
        self._keys = PostgresKeyTable(datastore, log)
        self._asked = dict(self._sql), self._keys.queries
        self._fits = False

    @property
    def keys(self) -> PostgresKeyTable:
        return self._keys

    def create_table(
        self, store_id: str | None = None, epochs: Mapping[str, int] = NO_EPOCHS
    ) -> None:
        tables = self._tables(store_id, epochs)
        self._fits = True  # the flag is set at the end, when all checks have passed
        definitions = self._definitions(tables)
        with self._cursor() as c:
            with c.connection.transaction():
                c.execute(f"SET LOCAL lock_timeout = '{PATIENCE}'")
                c.execute("SELECT pg_advisory_xact_lock(%s)", (MIGRATION_LOCK,))
                c.execute(self._sql["unsealed"], (self.log, f"{self.log}_head"))
                if c.fetchall()[0][0]:
                    raise LogUnavailable(UNSEALED.format(log=self.log))
                ((comment,),) = c.execute(schema_upgrade.FORM_OF_SCHEMA, (self.log,)).fetchall()
                steps = schema_upgrade.server_steps(self.log, comment)
                c.connection.execute(tables.encode())
                if self.log == CLOSED:
                    for queries in self._asked:
                        c.connection.execute(reads(self.log, queries))
                c.connection.execute(steps.encode())
                c.connection.execute(schema_postgres.comment(self.log, definitions).encode())
            (_, _, synthetic), *_ = c.execute(self._sql["head"]).fetchall()
        if synthetic is not self.synthetic:
            raise LogUnavailable(
                f"The {self.log} log was made {'synthetic' if synthetic else 'live'}, and "
                "that cannot be changed."
            )

    def _tables(self, store_id: str | None = None, epochs: Mapping[str, int] = NO_EPOCHS) -> str:
        return TABLES.substitute(
            log=self.log,
            turn=TURN.format(self.log, f"{self.log}_origin"),
            patience=PATIENCE,
            synthetic=self.synthetic,
            origin=make_origin(store_id or token_hex(16), self.log),
            wrong_clock=WRONG_CLOCK,
            key_taken=KEY_TAKEN,
            command_known=COMMAND_KNOWN,
            stale_keys=STALE_KEYS,
            clock_differs=CLOCK_DIFFERS,
            former_append=schema_upgrade.FORMER_APPEND.format(log=self.log),
            slack=SLACK,
            out_of_turn=OUT_OF_TURN,
            follows=FOLLOWS,
            tell=f"PERFORM pg_notify('{TOLD}', '');" if self.log == "evidence" else "",
            epochs=", ".join(f"('{family}', {epoch})" for family, epoch in epochs.items()),
        )

    def _definitions(self, tables: str) -> str:
        """Return the SQL that makes the functions of a log's schema."""
        made = [tables, exchange_outbox.SERVER_TABLE if self.log == exchange_outbox.HELD_BY else ""]
        if self.log == CLOSED:
            made += [reads(self.log, queries).decode() for queries in self._asked]
        return "\n".join(
            [*made, KNOWN_TERMS.format(schema=self.log, terms=f'"{self.log}"."{self.log}_terms"')]
        )

    def absent(self) -> list[str]:
        with self._cursor(of_any_form=True) as c:
            names = [f"{self.log}.{self.log}_{table}" for table in recorder.TABLES]
            gone = {name for (name,) in c.execute(_ABSENT, (names,)).fetchall()}
        return [table for table, name in zip(recorder.TABLES, names, strict=True) if name in gone]

    def foreign(self) -> list[str]:
        with self._cursor(of_any_form=True) as c:
            return [str(text) for (text,) in c.execute(_FOREIGN, {"log": self.log}).fetchall()]

    def differing(self) -> list[str]:
        with self._cursor(of_any_form=True) as c:
            return self.differing_as(c)

    def differing_as(self, c: psycopg.Cursor[Any]) -> list[str]:
        """Return, through this cursor, the objects of the log's schema that differ from this
        program's.
        """
        definitions = self._definitions(self._tables())
        differences = schema_postgres.differing(c, self.log, definitions)
        return [*differences, *schema_postgres.owned(c, self.log)]

    def made_by_another(self) -> bool:
        with self._cursor(of_any_form=True) as c:
            definitions = self._definitions(self._tables())
            return not schema_postgres.made_by(c, self.log, definitions)

    def unsealed(self) -> bool:
        with self._cursor(of_any_form=True) as c:
            c.execute(self._sql["unsealed"], (self.log, f"{self.log}_head"))
            return bool(c.fetchall()[0][0])

    def insert_batch(self, batch: RecordBatch) -> LogPosition | None:
        arguments = (
            uuids(command.id.bytes for command in batch.commands),
            byteas(command.digest for command in batch.commands),
            integers(command.count for command in batch.commands),
            uuids(batch.streams),
            bigints(batch.versions),
            texts(batch.topics),
            byteas(batch.states),
            uuids(batch.caused_by()),
            byteas(digest for digest, _ in batch.unique),
            uuids(stream.bytes for _, stream in batch.unique),
            bigint(to_micros(self.clock())) if self.synthetic else None,
            None if batch.shreds is None else bigint(batch.shreds),
            uuids(key.stream for key in batch.keys),
            integers(key.number for key in batch.keys),
            texts(key.family for key in batch.keys),
            byteas(key.key_id for key in batch.keys),
            integers(key.epoch for key in batch.keys),
            byteas(key.wrapped or b"" for key in batch.keys),
            None if batch.leap is None else bigint(batch.leap),
            None if batch.held is None else bigint(batch.held),
        )
        with self._connection() as connection:
            try:
                with connection.transaction() if batch.outgoing else nullcontext():
                    placed = connection.query(self._sql["append"], arguments)
                    if batch.outgoing:
                        connection.execute(
                            exchange_outbox.SEND_SERVER, exchange_outbox.columns(batch.outgoing)
                        )
            except psycopg.DatabaseError as error:
                if error.sqlstate == COMMAND_KNOWN:
                    return None
                if error.sqlstate == STALE_KEYS:
                    raise StaleKeys from None
                if error.sqlstate == CLOCK_DIFFERS:
                    raise ClockDiffers(int(error.diag.message_detail or 0)) from None
                raise self._refusal(connection, batch, error) from None
        return LogPosition(
            as_int(placed.get_value(0, 0) or b""), as_int(placed.get_value(0, 1) or b"")
        )

    def _refusal(
        self, connection: LogConnection, batch: RecordBatch, error: psycopg.DatabaseError
    ) -> Exception:
        if error.sqlstate == KEY_TAKEN:
            digest, stream = (error.diag.message_detail or "").split()
            return UniqueTaken(bytes.fromhex(digest), UUID(stream))
        if error.diag.constraint_name == f"{self.log}_version":
            return self._conflict(connection, batch)
        return error

    def _conflict(self, connection: LogConnection, batch: RecordBatch) -> Conflict:
        claims = list(batch.claims())
        streams, versions = map(list, zip(*claims, strict=True))
        row = connection.execute(self._sql["taken"], (streams, versions), binary=True).fetchone()
        if row is not None:
            return Conflict(UUID(bytes=row[0]), row[1])
        twice = next(claim for i, claim in enumerate(claims) if claim in claims[:i])
        return Conflict(*twice)

    def select_rows(self, after: int, limit: int) -> Sequence[RawRow]:
        with self._cursor() as c:
            return c.execute(self._sql["rows"], (after, limit), prepare=True).fetchall()

    def select_topics(self, after: int, limit: int) -> Sequence[tuple[int, str]]:
        # if the user may not read the source register's table, it is read through a function
        if self.log == CLOSED:
            return super().select_topics(after, limit)
        with self._cursor() as c:
            return c.execute(self._sql["topics"], (after, limit), prepare=True).fetchall()

    def select_streams(self, after: int, limit: int) -> Sequence[tuple[int, UUID]]:
        # if the user may not read the source register's table, it is read through a function
        if self.log == CLOSED:
            return [(row[0], UUID(bytes=row[1])) for row in self.select_rows(after, limit)]
        with self._cursor() as c:
            cursor = c.execute(self._sql["streams"], (after, limit), prepare=True)
            return [(seq, UUID(bytes=stream)) for seq, stream in cursor]

    def select_topics_of(
        self, after: Mapping[LogName, int], limit: int
    ) -> Mapping[LogName, tuple[int, Sequence[str]]] | None:
        if CLOSED in after:
            return None
        with self._connection() as connection:
            answer = connection.query(
                _topics_of(tuple(after)), [bigint(limit), *map(bigint, after.values())]
            )
        rows = [[answer.get_value(row, column) for column in range(3)] for row in range(len(after))]
        topics_by_log = {name: (last, topics) for name, last, topics in rows}
        came: dict[LogName, tuple[int, Sequence[str]]] = {}
        for name, seq in after.items():
            last, topics = topics_by_log[name.encode()]
            came[name] = (
                (as_int(last), topics.decode().split(" ")) if last and topics else (seq, ())
            )
        return came

    def select_stream(self, stream: UUID) -> Sequence[RawRow]:
        with self._cursor() as c:
            return c.execute(self._sql["stream"], (stream,), prepare=True).fetchall()

    def select_commands(self, ids: Iterable[UUID]) -> dict[UUID, KnownCommand]:
        with self._cursor() as c:
            rows = c.execute(self._sql["commands"], (list(ids),)).fetchall()
        return {UUID(bytes=row[0]): KnownCommand(*row[1:]) for row in rows}

    def select_unique(self, digest: bytes) -> UUID | None:
        with self._cursor() as c:
            row = c.execute(self._sql["unique"], ([digest],)).fetchone()
        return UUID(bytes=row[1]) if row else None

    def origin(self) -> str:
        with self._cursor() as c:
            row = c.execute(self._sql["origin"]).fetchone()
        if row is None:
            raise IntegrityFailure(f"The {self.log} log has lost its origin: run continuum verify")
        return str(row[0])

    def wait(self, seconds: float) -> bool:
        return self.datastore.wait(TOLD, seconds)

    def turn(self) -> WritingSite | None:
        with self._cursor() as c:
            ((there,),) = c.execute(
                self._sql["sited"], (f"{self.log}.{self.log}_terms",)
            ).fetchall()
            row = c.execute(self._sql["turn"]).fetchone() if there else None
        return WritingSite(*row) if row else None

    def require_turn(self) -> None:
        """Raise LogUnavailable if another session blocks all writers. A store that `init` has not
        upgraded to this release yet is not checked."""
        missing = psycopg.errors.UndefinedFunction, psycopg.errors.InsufficientPrivilege
        with self._cursor() as c, suppress(*missing), c.connection.transaction():
            c.execute(_SOON)
            c.execute(self._sql["take_turn"])

    def select_sealed(self, first: int, limit: int) -> list[SealedRow]:
        with self._cursor() as c:
            return as_rows(c.execute(self._sql["sealed"], (first, limit), prepare=True).fetchall())

    def select_loose(self, limit: int) -> list[int]:
        with self._cursor() as c:
            return [seq for (seq,) in c.execute(self._sql["loose"], (limit,)).fetchall()]

    def epochs(self) -> dict[str, int] | None:
        rows = self._readable("epochs")
        return None if rows is None else {row[0]: row[1] for row in rows}

    def forgotten(self, limit: int) -> list[tuple[int, UUID]]:
        rows = self._readable("forgotten", limit) or []
        return [(row[0], UUID(bytes=row[1])) for row in rows if row[1]]

    def astray(self) -> int:
        rows = self._readable("astray")
        return rows[0][0] if rows else 0

    def terms(self) -> tuple[tuple[object, ...], ...]:
        return tuple(self._readable("terms") or ())

    def takes_time(self) -> bool | None:
        with self._cursor() as c:
            row = c.execute(self._sql["takes_time"]).fetchone()
        return None if row is None else bool(row[0])

    def _readable(self, question: str, *values: object) -> list[Any] | None:
        """Return the rows of a query; None if this database user may not run it yet, because `init`
        has not made the database object of this query, or has not granted the right to read it.
        `differing` reports both.
        """
        missing = (
            psycopg.errors.InsufficientPrivilege,
            psycopg.errors.UndefinedFunction,
            psycopg.errors.UndefinedTable,
        )
        rows: list[Any] | None = None
        with self._cursor() as c, suppress(*missing):
            rows = c.execute(self._sql[question], values).fetchall()
        return rows

    def select_outgoing(self, after: int, limit: int) -> list[tuple[Any, ...]]:
        with self._cursor() as c:
            return c.execute(exchange_outbox.READ_SERVER, (after, limit)).fetchall()

    def head(self) -> tuple[int, int]:
        with self._connection(of_any_form=True) as connection:
            head = connection.query(self._sql["head"], [])
        if not head.ntuples:
            return -1, -1
        seq, recorded = (as_int(head.get_value(0, column) or b"") for column in range(2))
        return seq, recorded

    def now(self) -> int:
        if self.synthetic:
            return to_micros(self.clock())
        with self._cursor() as c:
            ((micros,),) = c.execute(_NOW).fetchall()
            return int(micros)

    def last_seq(self) -> int:
        return self.head()[0]

    def close(self) -> None:
        self.datastore.close()

    @contextmanager
    def _cursor(self, *, of_any_form: bool = False) -> Iterator[psycopg.Cursor[RawRow]]:
        """Yield a cursor of the log's database. With `of_any_form` it may be used before a store is
        made or upgraded."""
        with (
            self._connection(of_any_form=of_any_form) as connection,
            connection.cursor(binary=True) as c,
        ):
            yield c

    def _connection(self, *, of_any_form: bool = False) -> AbstractContextManager[LogConnection]:
        if not (self._fits or of_any_form):
            self._look_at_form()
        return self.datastore.get_connection()

    def _look_at_form(self) -> None:
        with self.datastore.get_connection() as connection:
            ((comment,),) = connection.execute(
                schema_upgrade.FORM_OF_SCHEMA, (self.log,)
            ).fetchall()
            schema_upgrade.refuse_unfit(comment)
            if not reads_tables(connection.cursor(), self.log):
                self._sql |= through_functions(self.log, self._sql)
        self._fits = True
