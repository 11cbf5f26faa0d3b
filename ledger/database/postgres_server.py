"""The state of a PostgreSQL server that has a store, read from the server's catalogues and without
reading a record."""

from collections.abc import Mapping
from datetime import datetime

import psycopg
from msgspec import Struct

from domain.kernel.envelope import LogUnavailable
from ledger.database.datastore_postgres import CONNECT_TIMEOUT, on_this_machine
from ledger.database.postgres_roles import LOGS, open_to_all

SETTINGS = (
    "archive_mode",
    "data_checksums",
    "fsync",
    "full_page_writes",
    "idle_in_transaction_session_timeout",
    "log_min_duration_statement",
    "log_parameter_max_length",
    "log_parameter_max_length_on_error",
    "log_statement",
    "max_connections",
    "password_encryption",
    "synchronous_commit",
    "wal_level",
)
_ASKED = """
SELECT current_setting('server_version_num')::int, current_setting('server_version'),
    current_setting('server_encoding'), current_setting('client_encoding'),
    current_user, (SELECT rolsuper FROM pg_roles WHERE rolname = current_user),
    pg_database_size(current_database()), clock_timestamp()
"""
#: Tables of a log to which the database user may write in other ways than through the log's
#: functions.
_WRITABLE = """
SELECT c.oid::regclass::text FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
WHERE n.nspname = ANY (%s) AND c.relkind = 'r'
    AND has_table_privilege(c.oid, 'INSERT, UPDATE, DELETE, TRUNCATE') ORDER BY 1
"""


class ServerStatus(Struct, frozen=True):
    """The state of a PostgreSQL server. `version` is its version as a number, `name_of_version` in
    words. `encoding` is the encoding of the database, `ours` that of this connection. `writable`
    has the tables of the logs that `user` may write. `size` is the size of the database in bytes,
    `now` the time of the server's clock, and `settings` has the settings that `SETTINGS` lists.
    `in_clear` is True if the server is on another machine and the connection has no TLS. `connects`
    and `locks` are True if any role may connect, and take the locks that synchronise programs.
    """

    version: int
    name_of_version: str
    encoding: str
    ours: str
    user: str
    superuser: bool
    writable: tuple[str, ...]
    extensions: tuple[str, ...]
    size: int
    now: datetime
    settings: Mapping[str, str]
    in_clear: bool
    connects: bool
    locks: bool


def ask(url: str) -> ServerStatus:
    """Return the state of the PostgreSQL server at `url`. Raises LogUnavailable."""
    try:
        with psycopg.connect(url, connect_timeout=CONNECT_TIMEOUT) as server:
            row = server.execute(_ASKED).fetchone()
            assert row  # noqa: S101 (one row of functions)
            version, called, encoding, ours, user, superuser, size, now = row
            settings_query = "SELECT name, setting FROM pg_settings WHERE name = ANY (%s)"
            settings: dict[str, str] = dict(
                server.execute(settings_query, (list(SETTINGS),)).fetchall()
            )
            writable = server.execute(_WRITABLE, (list(LOGS),)).fetchall()
            there = server.execute("SELECT extname FROM pg_extension ORDER BY 1").fetchall()
            connects, locks = open_to_all(server)
            secured = server.pgconn.ssl_in_use or on_this_machine(server.info.hostaddr)
    except psycopg.Error as error:
        message = error.diag.message_primary or str(error).partition("\n")[0]
        raise LogUnavailable(
            f"The state of the PostgreSQL server cannot be read: {message}."
        ) from None
    return ServerStatus(
        version,
        called,
        encoding,
        ours,
        user,
        superuser,
        writable=tuple(name for (name,) in writable),
        extensions=tuple(name for (name,) in there),
        size=size,
        now=now,
        settings=settings,
        in_clear=not secured,
        connects=connects,
        locks=locks,
    )
