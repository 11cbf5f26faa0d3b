"""Generations (sets) of a store's views on a server: each has its tables in one of two schemas, and
a row holds the number of the current one.

The row's table `views.generation` is logged, so that it survives a crash, while a crash empties the
views. A reader protects its generation by a shared advisory lock on the generation's number; a
process that gets the exclusive lock of a generation that is not current drops the generation. Names
are always written with their schema: with a search path, a later statement of an open transaction
could read the next generation.

The file is long because it is one implementation of the protocol `Generations`.
"""

import time
from collections.abc import Iterator, Sequence
from contextlib import AbstractContextManager, contextmanager
from typing import Any

import sqlalchemy as sa

from access.database import make, reading, within, writing
from domain.kernel.envelope import LogUnavailable
from projections.generations.files import Busy, copying
from projections.kernel import runner
from projections.kernel.database import Db
from projections.kernel.schema import View, ViewsTrouble

#: Even generations are in the first schema, and odd generations in the second.
SCHEMAS = ("views", "views_2")
#: Tables in the first schema that belong to no generation; `follower` is a table of an older
#: release.
_LASTING = "('generation', 'workers', 'parts', 'follower', 'escalator')"
_LOCK = 0x56494557
_POINTER = """
CREATE TABLE IF NOT EXISTS views.generation (
    one integer PRIMARY KEY CHECK (one = 1),
    number bigint NOT NULL
)
"""
_CURRENT = "SELECT number FROM views.generation"
_POINT = (
    "INSERT INTO views.generation VALUES (1, {0}) "
    "ON CONFLICT (one) DO UPDATE SET number = excluded.number"
)
#: The tables of the processes that update the views, and of the parts that each process updates.
#: The parts are shared out again when a process comes or goes.
_PARTS = """
CREATE UNLOGGED TABLE IF NOT EXISTS views.workers (
    holder text PRIMARY KEY, until timestamptz NOT NULL
);
CREATE UNLOGGED TABLE IF NOT EXISTS views.parts (
    part integer PRIMARY KEY, holder text NOT NULL, until timestamptz NOT NULL
)
"""
_COUNTED = """
WITH gone AS (DELETE FROM views.workers WHERE until < clock_timestamp() AND holder <> %(holder)s),
mine AS (
    INSERT INTO views.workers
    VALUES (%(holder)s, clock_timestamp() + %(seconds)s * interval '1 second')
    ON CONFLICT (holder) DO UPDATE SET until = excluded.until
)
SELECT count(*) + 1 FROM views.workers WHERE until >= clock_timestamp() AND holder <> %(holder)s
"""
_LET_GO_OF_MORE = """
DELETE FROM views.parts WHERE holder = %(holder)s AND part IN
    (SELECT part FROM views.parts WHERE holder = %(holder)s ORDER BY part OFFSET %(share)s)
"""
_TAKE = """
INSERT INTO views.parts
SELECT part, %(holder)s, clock_timestamp() + %(seconds)s * interval '1 second' FROM (
    SELECT n AS part, coalesce(p.holder = %(holder)s, false) AS kept
    FROM generate_series(0, %(parts)s - 1) AS n LEFT JOIN views.parts p ON p.part = n
    WHERE p.part IS NULL OR p.holder = %(holder)s OR p.until < clock_timestamp()
    ORDER BY kept DESC, n LIMIT %(share)s
) AS free
ON CONFLICT (part) DO UPDATE SET holder = excluded.holder, until = excluded.until RETURNING part
"""
_LEASED = "SELECT 1 FROM views.parts WHERE until > clock_timestamp() LIMIT 1"
#: The table of the lease for escalating. It is logged, so that the time of the last heartbeat
#: survives a crash.
_ESCALATOR = """
CREATE TABLE IF NOT EXISTS views.escalator (
    one integer PRIMARY KEY CHECK (one = 1), holder text NOT NULL, until timestamptz NOT NULL,
    beat timestamptz
)
"""
_LEAD = """
INSERT INTO views.escalator VALUES (1, %s, clock_timestamp() + %s * interval '1 second', NULL)
ON CONFLICT (one) DO UPDATE SET holder = excluded.holder, until = excluded.until
WHERE escalator.holder = excluded.holder OR escalator.until < clock_timestamp() RETURNING one
"""
_BEAT = "UPDATE views.escalator SET beat = clock_timestamp() WHERE holder = %s"
_SINCE = "SELECT extract(epoch FROM clock_timestamp() - beat)::float FROM views.escalator"
#: PostgreSQL's code of a deadlock, and how often to try again after one.
_DEADLOCK, _RACES = "40P01", 5
#: The number of a new store's first generation. The views of an older release are generation 0.
_FIRST = 2


#: Seconds between two checks whether a lock is free.
_AGAIN = 0.05


class Schemas:
    """The generations of views in a PostgreSQL database."""

    def __init__(self, url: str) -> None:
        self._engine = runner.open_views(url)
        self._url = url

    def current(self) -> int | None:
        """Return the number of the current generation, or None."""
        with reading(self._engine) as db:
            return self._current(db)

    def _current(self, db: Db) -> int | None:
        there = sa.inspect(db)
        if there.has_table("generation", schema=SCHEMAS[0]):
            number = db.exec_driver_sql(_CURRENT).scalar()
            return None if number is None else int(number)
        if not there.has_table("positions", schema=SCHEMAS[0]):
            return None
        self._prepare(0)  # the store is of an older release, which stored no number
        return 0

    def _prepare(self, number: int | None) -> None:
        """Create the table of the current number, if it is missing."""
        with writing(self._engine) as db:
            make(db, sa.MetaData(), SCHEMAS[0])
            db.exec_driver_sql(_POINTER)
            if number is not None:
                db.exec_driver_sql(_POINT.format(number))

    def engine(self, number: int) -> sa.Engine:
        """Return the engine that writes to a generation."""
        return within(self._engine, SCHEMAS[number % 2])

    def unfinished(self, number: int) -> sa.Engine:
        """Return the engine that writes to a generation while that generation is made. Only `point`
        waits for the disk.
        """
        return self.engine(number)

    def flush(self, number: int) -> bool:
        """Return True: the server writes to the disk by itself."""
        return True

    def picture(self, number: int, statements: Sequence[str]) -> sa.Engine:
        """Return the engine that reads a generation through temporary SQL views, which these
        statements create."""
        engine = runner.open_views(self._url)

        def prepare(connection: Any, record: object) -> None:
            connection.execute(";\n".join(statements))
            connection.commit()

        sa.event.listen(engine, "connect", prepare)
        return within(engine, "pg_temp").execution_options(writes=SCHEMAS[number % 2])

    # --- reading --------------------------------------------------------------------------------

    @contextmanager
    def reading(self, number: int, engine: sa.Engine) -> Iterator[Db | None]:
        """Yield a connection to a generation, which is not dropped while the connection is used;
        None if another generation is current.
        """
        with reading(engine) as db:
            driver: Any = db.connection.driver_connection
            broken = db.dialect.loaded_dbapi.Error
            try:
                # One round trip for two statements. The second statement sees all that was
                # committed before the lock was taken.
                lock = f"SELECT pg_advisory_lock_shared({_LOCK}, {number}); {_CURRENT}"
                cursor = driver.execute(lock)
                cursor.nextset()
                current = cursor.fetchone()
            except broken as error:
                raise sa.exc.DBAPIError("a generation's lock", None, error) from error
            try:
                yield db if (current[0] if current else 0) == number else None
            finally:
                try:
                    if not driver.closed:
                        db.rollback()
                        driver.execute(f"SELECT pg_advisory_unlock_shared({_LOCK}, {number})")
                except (broken, sa.exc.SQLAlchemyError):
                    db.invalidate()  # this closes the session, which ends the lock

    def sweep(self) -> bool:
        """Drop the generations that are neither current nor being read; return True if no such
        generation is left. While another process makes the next generation, only check whether the
        former generation is still being read.
        """
        try:
            with self.making():
                return self._swept()
        except Busy:
            return self._free((self.current() or 0) - 1)

    def _swept(self) -> bool:
        current = self.current()
        if current is None:
            return True
        with reading(self._engine) as db:
            taken = db.exec_driver_sql(f"SELECT pg_try_advisory_lock({_LOCK}, {current - 1})")
            if not taken.scalar():
                return False
            try:
                self._drop(current + 1)
            finally:
                db.exec_driver_sql(f"SELECT pg_advisory_unlock({_LOCK}, {current - 1})")
        return True

    def _free(self, number: int) -> bool:
        with reading(self._engine) as db:
            statement = f"SELECT pg_try_advisory_xact_lock({_LOCK}, {number})"
            return bool(db.exec_driver_sql(statement).scalar())

    def _drop(self, number: int) -> None:
        """Drop all tables in a generation's schema, with the temporary views on them, except the
        tables that belong to no generation (`_LASTING`). If this meets a deadlock, try again: the
        server drops the temporary views of a session that has just ended, in another order.
        """
        for _ in range(_RACES):
            try:
                return self._drop_all(SCHEMAS[number % 2])
            except sa.exc.OperationalError as error:
                if getattr(error.orig, "sqlstate", None) != _DEADLOCK:
                    raise
        return self._drop_all(SCHEMAS[number % 2])

    def _drop_all(self, schema: str) -> None:
        statement = (
            "SELECT quote_ident(tablename) FROM pg_tables "  # noqa: S608
            f"WHERE schemaname = '{schema}' AND tablename NOT IN {_LASTING}"
        )
        with writing(self._engine) as db:
            tables = [f"{schema}.{name}" for (name,) in db.exec_driver_sql(statement)]
            if tables:
                db.exec_driver_sql("SET LOCAL lock_timeout = '10s'")
                db.exec_driver_sql(f"DROP TABLE {', '.join(tables)} CASCADE")

    # --- making ---------------------------------------------------------------------------------

    def prepare(self) -> None:
        """Create the schemas of both generations, if they are missing."""
        with writing(self._engine) as db:
            for schema in SCHEMAS:
                _make_place(db, schema)

    def making(self) -> AbstractContextManager[None]:
        """Hold the lock under which a generation is made; it ends with the session at the latest.
        Raise Busy.
        """
        return self._alone(_LOCK + 1)

    def renewing(self) -> AbstractContextManager[None]:
        """Hold the lock under which erasures are completed; it ends with the session at the latest.
        Raise Busy.
        """
        return self._alone(_LOCK + 4)

    @contextmanager
    def _alone(self, lock: int) -> Iterator[None]:
        with reading(self._engine) as db:
            if not db.exec_driver_sql(f"SELECT pg_try_advisory_lock({lock}, 0)").scalar():
                raise Busy
            try:
                yield
            finally:
                db.exec_driver_sql(f"SELECT pg_advisory_unlock({lock}, 0)")

    @contextmanager
    def taking(self, seconds: float) -> Iterator[None]:
        """Hold the lock under which erased items are removed; if another process holds it for
        longer than `seconds`, continue without it."""
        until = time.monotonic() + seconds
        with reading(self._engine) as db:
            statement = f"SELECT pg_try_advisory_lock({_LOCK + 3}, 0)"
            while (
                not (alone := db.exec_driver_sql(statement).scalar()) and time.monotonic() < until
            ):
                time.sleep(_AGAIN)
            try:
                yield
            finally:
                if alone:
                    db.exec_driver_sql(f"SELECT pg_advisory_unlock({_LOCK + 3}, 0)")

    def half_made(self) -> int | None:
        """Return the number of the generation that is being made, or None."""
        current = self.current()
        number = _FIRST if current is None else current + 1
        with reading(self._engine) as db:
            there = sa.inspect(db).has_table("positions", schema=SCHEMAS[number % 2])
        return number if there else None

    def begin(self) -> int:
        """Return the number of a new, empty generation, after dropping unfinished generations.
        Raise Busy while a process still reads an older generation in the schema of the new one, and
        LogUnavailable if the database lacks a second schema for views.
        """
        current = self.current()
        number = _FIRST if current is None else current + 1
        if current is not None and not self._swept():
            raise Busy
        try:
            with writing(self._engine) as db:
                _make_place(db, SCHEMAS[number % 2])
        except ViewsTrouble as error:
            raise LogUnavailable(
                "the database has one schema for views and needs two: an administrator "
                "has to make the other with `continuum setup postgres`, or its owner "
                "with `continuum init`"
            ) from error
        if current is None:
            self._drop(number)
            self._prepare(None)
        return number

    def copy(self, old: int, new: int, view: View) -> None:
        """Copy the rows of a view, and its positions in the logs, from the generation `old` to the
        generation `new`.
        """
        whole = self._engine.execution_options(isolation_level="REPEATABLE READ")
        with whole.begin() as db:
            for statement in copying(view, SCHEMAS[new % 2], SCHEMAS[old % 2]):
                db.exec_driver_sql(statement)

    def point(self, number: int) -> None:
        """Make this generation the current one."""
        with writing(self._engine) as db:
            db.exec_driver_sql("SET LOCAL synchronous_commit = on")
            db.exec_driver_sql(_POINT.format(number))

    # --- following -------------------------------------------------------------------------------

    def take_parts(self, holder: str, seconds: float, parts: int) -> frozenset[int]:
        """Take or renew, for `seconds` seconds, the lease by which the process `holder` updates its
        share of the parts of the views; return these parts. All processes have about the same
        number of parts: a process that has too many gives some up.
        """
        with writing(self._engine) as db:
            if not sa.inspect(db).has_table("parts", schema=SCHEMAS[0]):
                make(db, sa.MetaData(), SCHEMAS[0])
                db.exec_driver_sql(_PARTS)
            db.exec_driver_sql(f"SELECT pg_advisory_xact_lock({_LOCK + 2}, 0)")
            parameters = {"holder": holder, "seconds": seconds, "parts": parts}
            workers = int(db.exec_driver_sql(_COUNTED, parameters).scalar() or 1)
            parameters["share"] = -(-parts // workers)
            db.exec_driver_sql(_LET_GO_OF_MORE, parameters)
            return frozenset(part for (part,) in db.exec_driver_sql(_TAKE, parameters))

    def leased(self) -> bool:
        """Return whether a process has a lease for updating the views now."""
        with reading(self._engine) as db:
            try:
                return db.exec_driver_sql(_LEASED).scalar() is not None
            except sa.exc.ProgrammingError:  # the table of leases does not exist yet
                return False

    def release_parts(self, holder: str) -> None:
        """End the lease by which the process `holder` updates its parts of the views, so that
        another process can take the parts before the lease expires.
        """
        with writing(self._engine) as db:
            if sa.inspect(db).has_table("parts", schema=SCHEMAS[0]):
                for table in ("parts", "workers"):
                    db.exec_driver_sql(f"DELETE FROM views.{table} WHERE holder = %s", (holder,))  # noqa: S608

    # --- escalating ------------------------------------------------------------------------------

    def lead(self, holder: str, seconds: float) -> bool:
        """Take or renew the lease for escalating, for `seconds`; return whether this holder has it.
        Only one process can have it.
        """
        with writing(self._engine) as db:
            if not sa.inspect(db).has_table("escalator", schema=SCHEMAS[0]):
                make(db, sa.MetaData(), SCHEMAS[0])
                db.exec_driver_sql(_ESCALATOR)
            return db.exec_driver_sql(_LEAD, (holder, seconds)).scalar() is not None

    def beat(self, holder: str) -> None:
        """Store that the escalating process is alive and has made all escalations that were due."""
        with writing(self._engine) as db:
            db.exec_driver_sql(_BEAT, (holder,))

    def stop_leading(self, holder: str) -> None:
        """Give up the lease for escalating."""
        with writing(self._engine) as db:
            if sa.inspect(db).has_table("escalator", schema=SCHEMAS[0]):
                ended = "UPDATE views.escalator SET until = '-infinity' WHERE holder = %s"
                db.exec_driver_sql(ended, (holder,))

    def since_beat(self) -> float | None:
        """Return the seconds since the escalating process was last stored as alive; None if it
        never was."""
        with reading(self._engine) as db:
            try:
                seconds: float | None = db.exec_driver_sql(_SINCE).scalar()
            # without this table, no process has recorded a heartbeat
            except sa.exc.ProgrammingError:
                return None
        return seconds

    def close(self) -> None:
        """Close the connections to the server."""
        self._engine.dispose()


def _make_place(db: Db, schema: str) -> None:
    """Create a schema for views if it is missing. The second schema gets the owner of the first."""
    if sa.inspect(db).has_schema(schema):
        return
    statement = "SELECT nspowner::regrole::text FROM pg_namespace WHERE nspname = %s"
    holder = db.exec_driver_sql(statement, (SCHEMAS[0],)).scalar()
    whose = f" AUTHORIZATION {holder}" if holder else ""
    db.exec_driver_sql(f"CREATE SCHEMA IF NOT EXISTS {schema}{whose}")
