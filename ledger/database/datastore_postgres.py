"""The event-sourcing library's datastore for a PostgreSQL server, with other connections.

The library's pool opens five connections in separate threads, and reports only after half a minute
if it gets none. Here a thread that needs a connection opens it, gets an error at once if that
fails, and afterwards leaves the connection to the next thread.
"""

from collections import deque
from collections.abc import Iterator
from contextlib import contextmanager
from ipaddress import ip_address
from queue import Empty, SimpleQueue
from time import sleep
from typing import Any

import psycopg
from eventsourcing.postgres import PostgresDatastore
from psycopg.pq import TransactionStatus
from psycopg.sql import SQL, Identifier
from psycopg.types.string import ByteaBinaryLoader

from domain.kernel.envelope import LogHeld, LogMissing, LogUnavailable
from ledger.database.durable_files import NOT_THERE
from ledger.database.known_server import KnownServer
from ledger.database.postgres_arrays import BinaryArray, PackedDumper
from ledger.database.postgres_connection import LogConnection
from ledger.database.tables_postgres import MIGRATION_LOCK

AT_ONCE = 6
"""Number of connections of a process to a log: as many threads read or write at once. A server has
a hundred connections for all processes and all logs, and a thread needs one for a millisecond or
two."""

CONNECT_TIMEOUT = 10
"""Seconds to wait for the server, or for a connection that another thread is using."""

_PLAINLY: dict[type[psycopg.Error], str] = {
    psycopg.errors.DiskFull: "has no room left: the server's disk is full. Free some room there, "
    "then try again",
    psycopg.errors.ReadOnlySqlTransaction: "is read-only: is this a standby server?",
    psycopg.errors.InsufficientPrivilege: "may not be used by this database user",
    psycopg.errors.UndefinedTable: f"does not exist; {NOT_THERE}",
    psycopg.errors.UndefinedFunction: "lacks a function that this release asks: run "
    "`continuum init` once as the owner of the store, then go on (docs/upgrading.md)",
    psycopg.errors.InvalidSchemaName: f"does not exist; {NOT_THERE}",
}


_MISSING = psycopg.errors.UndefinedTable, psycopg.errors.InvalidSchemaName
_LACKING = psycopg.errors.UndefinedTable, psycopg.errors.UndefinedColumn


_HOLDERS = """
SELECT DISTINCT format('%%s (process %%s%%s)', a.usename, a.pid, coalesce(', ' ||
    nullif(a.application_name, ''), ''))
FROM pg_locks l JOIN pg_stat_activity a USING (pid)
LEFT JOIN pg_class r ON r.oid = l.relation
WHERE l.granted AND l.database = (SELECT oid FROM pg_database WHERE datname = current_database())
AND l.pid <> pg_backend_pid() AND (
    r.relnamespace = to_regnamespace(%(log)s) AND l.mode IN
        ('ShareUpdateExclusiveLock', 'ShareLock', 'ShareRowExclusiveLock', 'ExclusiveLock',
        'AccessExclusiveLock')
    OR (l.locktype = 'advisory' AND (l.classid, l.objid, l.objsubid) = (%(high)s, %(low)s, 1)))
ORDER BY 1
"""
"""The sessions that block a writer to a log, or the creation of its tables. Any role may see a
session's user, its number and its application name."""

_DURABLE = """
SELECT set_config(
    'synchronous_commit',
    CASE current_setting('synchronous_commit')
        WHEN 'remote_apply' THEN 'remote_apply'
        ELSE 'on'
    END,
    false
)
"""
"""Each session sets these settings explicitly, even to the server's present values; otherwise a
later change of the server's settings would apply."""
_PROMISES = ("fsync", "full_page_writes")

_PLANS = "SET enable_seqscan = off; SET plan_cache_mode = force_generic_plan"
"""Every query here uses an index, and its plan is reused. A plan that was made while a table was
small must not be reused; and a server with statistics would make a new plan for the queries of each
record."""


class PostgresLogDatastore(PostgresDatastore):
    """A log's schema in the database at `url`; the connection is made only when needed.

    Whatever the settings of the server, the database or the user, a commit returns when it is on
    the disk. With `writes`, for a live store, a server with weaker guarantees is refused, and so is
    a remote one without TLS. `makes_live` is true if a store that does not exist yet will be live.
    """

    def __init__(
        self,
        url: str,
        schema: str,
        *,
        writes: bool = False,
        makes_live: bool = False,
        server: KnownServer | None = None,
    ) -> None:
        # the pool of the base class is never used
        super().__init__("", "", "", "", "", schema=schema)
        self._url = url
        self._writes, self._makes_live = writes, makes_live
        self._server = server or KnownServer()
        self._idle: deque[LogConnection] = deque()
        # has an entry for each connection that is not in use
        self._free: SimpleQueue[None] = SimpleQueue()
        for _ in range(AT_ONCE):
            self._free.put(None)
        self._closed = False
        self._hears: psycopg.Connection[Any] | None = None

    def register_type_adapters(self) -> None:
        """Do nothing: the log's tables have no types of their own."""

    @contextmanager
    def get_connection(self) -> Iterator[LogConnection]:
        """Yield a connection in autocommit mode that returns plain tuples, with ids as 16 bytes.

        Errors of the database become `LogUnavailable`, in plain words and without the server's
        details, which may quote a row. After a connection broke, the next call makes a new one.
        """
        try:
            self._free.get(timeout=CONNECT_TIMEOUT)
        except Empty:
            busy = f"The {self.schema} log is busy: too many are using it at once."
            raise LogUnavailable(busy) from None
        try:
            connection = self._connection()
            try:
                yield connection
            finally:
                self._put_back(connection)
        except psycopg.Error as error:
            if isinstance(error, psycopg.OperationalError | psycopg.InterfaceError):
                self._drop_idle()
            if isinstance(error, psycopg.errors.LockNotAvailable):
                raise LogHeld(f"The {self.schema} log {self._locked()}.") from None
            kind = LogMissing if isinstance(error, _MISSING) else LogUnavailable
            raise kind(f"The {self.schema} log {_plainly(error)}.") from None
        finally:
            self._free.put(None)

    def _locked(self) -> str:
        """Return a sentence that says which session has locked the log; this session may have
        released the lock in the meantime.
        """
        key = {"high": MIGRATION_LOCK >> 32, "low": MIGRATION_LOCK & 0xFFFFFFFF}
        try:
            connection = self._connection()
            try:
                lock_holders = connection.execute(_HOLDERS, {"log": self.schema} | key).fetchall()
            finally:
                self._put_back(connection)
        except psycopg.Error:
            lock_holders = []
        if not lock_holders:
            return "is locked by another program that has been writing for long: try again"
        return (
            f"is locked by {', '.join(name for (name,) in lock_holders)}; try again. "
            "If that session does not end, an administrator ends it: "
            "SELECT pg_terminate_backend(PROCESS)"
        )

    def _connection(self) -> LogConnection:
        if self._closed:
            raise psycopg.OperationalError("the connection to the database was closed")
        try:
            return self._idle.pop()
        except IndexError:
            connection = LogConnection.connect(
                self._url, autocommit=True, connect_timeout=CONNECT_TIMEOUT
            )
            try:
                self._server.meet(connection, self.schema)
            except LogUnavailable:
                connection.close()
                raise
            if self._writes and self._is_live(connection):
                self._demand(connection)
            connection.execute(_DURABLE)
            connection.execute(_PLANS)
            connection.adapters.register_loader("uuid", ByteaBinaryLoader)
            connection.adapters.register_dumper(BinaryArray, PackedDumper)
            return connection

    def _is_live(self, connection: psycopg.Connection[Any]) -> bool:
        head = SQL("SELECT synthetic FROM {}.{}").format(
            Identifier(self.schema), Identifier(f"{self.schema}_head")
        )
        try:
            row = connection.execute(head).fetchone()
        except (psycopg.errors.UndefinedTable, psycopg.errors.InsufficientPrivilege):
            return self._makes_live
        return not (row and row[0])

    def _demand(self, connection: psycopg.Connection[Any]) -> None:
        """Raise LogUnavailable if this server might lose acknowledged data, or if text would cross
        a network unencrypted."""
        text = "SELECT name FROM pg_settings WHERE name = ANY (%s) AND setting <> 'on'"
        off = sorted(name for (name,) in connection.execute(text, (list(_PROMISES),)))
        if off:
            connection.close()
            raise LogUnavailable(
                f"Nothing is written to the {self.schema} log: with {' and '.join(off)} "
                "off this server may lose entries that it acknowledged. Set "
                f"{' and '.join(off)} to on in its postgresql.conf and reload it."
            )
        if not connection.pgconn.ssl_in_use and not on_this_machine(connection.info.hostaddr):
            where = connection.info.host
            connection.close()
            raise LogUnavailable(
                f"Nothing is written to the {self.schema} log: text would be sent to "
                f"{where} unencrypted. Add sslmode=verify-full to the store's address "
                "(and ssl = on to the server)."
            )

    def wait(self, channel: str, seconds: float) -> bool:
        """Wait for a notification on a channel of the database, for at most this many seconds;
        return whether a notification came.

        After a notification the database session stops listening until the next call, because a
        notification of each record would cost the server as much as reading the end of the log.
        """
        try:
            if self._hears is None:
                self._hears = psycopg.connect(
                    self._url, autocommit=True, connect_timeout=CONNECT_TIMEOUT
                )
            self._hears.execute(SQL("LISTEN {}").format(Identifier(channel)))
            if not [*self._hears.notifies(timeout=seconds, stop_after=1)]:
                return False
            self._hears.execute("UNLISTEN *")
            deque(self._hears.notifies(timeout=0), 0)  # further notifications are dropped
        except psycopg.Error:  # the next query raises an error if the server does not answer
            self._hears = None
            sleep(seconds)
            return False
        return True

    def _put_back(self, connection: LogConnection) -> None:
        if self._closed or connection.pgconn.transaction_status != TransactionStatus.IDLE:
            connection.close()
        else:
            self._idle.append(connection)

    def _drop_idle(self) -> None:
        while self._idle:
            self._idle.pop().close()

    def close(self) -> None:
        self._closed = True
        if self._hears:
            self._hears.close()
        self._drop_idle()


def on_this_machine(address: str) -> bool:
    """Return whether a server's address is a socket (then it is empty) or the loopback
    interface."""
    return not address or ip_address(address).is_loopback


def _plainly(error: psycopg.Error) -> str:
    lacking = error.diag.message_primary or ""
    if isinstance(error, _LACKING) and ("shreds" in lacking or "_origin" in lacking):
        return "was made before text was encrypted: make a new store, and import the records"
    for kind, words in _PLAINLY.items():
        if isinstance(error, kind):
            return words
    message = error.diag.message_primary or str(error).partition("\n")[0]
    gone = isinstance(error, psycopg.OperationalError | psycopg.InterfaceError)
    if not gone:
        return f"refuses this: {message}"
    return (
        f"does not answer: {message.rstrip('.')}; look whether its server runs, and whether the "
        "store's address names it, its database and a role that may sign in"
    )
