"""The four roles of a store's PostgreSQL database, made by its administrator, and their rights.

    NAME_owner   owns the logs' tables and functions; makes the store, and is used for nothing else
    NAME_app     reads the logs (the source register only through functions), appends through the
                 insert function, owns views and credentials
    NAME_signer  reads the data of a checkpoint, and which keys were destroyed
    NAME_eraser  reads as the application does, destroys data keys through the functions for this,
                 and makes backups: it reads the source register's tables

Only the owner may write to a table of a log; the other roles write through functions, which set the
number, time and leaf of each record. Only the application (and the eraser, which acts for the
application) can read credentials; another role that may read logs or views cannot. The roles log in
without a password until the administrator sets one.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any, LiteralString

import psycopg
from psycopg.sql import SQL, Identifier

from domain.kernel.envelope import LogName, LogUnavailable
from ledger.database import exchange_outbox
from ledger.database.datastore_postgres import CONNECT_TIMEOUT
from ledger.database.reads_postgres import CLOSED, CLOSED_TABLES, READS

CREDENTIALS = "credentials"
LOGS: tuple[LogName, ...] = ("evidence", "sources", "product", "access")
OWNER, APP, SIGNER, ERASER = "owner", "app", "signer", "eraser"
DUTIES = (OWNER, APP, SIGNER, ERASER)

_FUNCTIONS = {
    "take_turn": APP,
    "append_sealed": APP,
    "send_out": APP,
    "shred_keys": ERASER,
    "rewrap_keys": ERASER,
}
_SIGNED = ("events", "commands", "head", "origin", "key_seals", "epochs", "terms", "site")
"""The tables of a log that its signer reads."""
_OF_KEYS: LiteralString = "stream, number, key_id, destroyed"
"""The columns of keys that a signer reads: which keys were destroyed, and not the encrypted
keys."""
_OF_CLAIMS: LiteralString = "stream"
"""The columns of blind indexes that a signer reads: the streams, and not the digests."""
_OPEN = ("head", "origin", "epochs", "terms", "site")
"""The tables of the source register that the application may read directly."""
_VACUUMED = ("keys", "commands", "unique")
"""The tables of a log in which an erasure leaves dead rows."""
_MAINTAIN = 170000
"""Since this version of PostgreSQL, roles other than the owner may be allowed to vacuum."""

_OWNED = (
    "SELECT format('ALTER TABLE %%s OWNER TO', c.oid::regclass) FROM pg_class c "
    "WHERE relnamespace = to_regnamespace(%s) AND relkind IN ('r', 'v') "
    "AND pg_get_userbyid(relowner) <> %s UNION ALL "
    "SELECT format('ALTER FUNCTION %%s OWNER TO', p.oid::regprocedure) FROM pg_proc p "
    "WHERE pronamespace = to_regnamespace(%s) AND pg_get_userbyid(proowner) <> %s"
)

_CONNECTS = ("site", "witness")
"""Kinds of roles that `site publish` makes, and that also connect to this database."""
_OPENED = """
SELECT d.datname, EXISTS (SELECT FROM aclexplode(coalesce(d.datacl, acldefault('d', d.datdba))) a
    WHERE a.grantee = 0 AND a.privilege_type IN ('CONNECT', 'TEMPORARY'))
FROM pg_database d WHERE d.datname = current_database()
"""
_ADVISORY = """
SELECT p.oid::regprocedure::text,
    EXISTS (SELECT FROM aclexplode(coalesce(p.proacl, acldefault('f', p.proowner))) a
    WHERE a.grantee = 0)
FROM pg_proc p WHERE p.pronamespace = 'pg_catalog'::regnamespace AND p.proname ~ 'advisory'
"""

_LATER: LiteralString = (
    "ALTER DEFAULT PRIVILEGES FOR ROLE {} IN SCHEMA {} GRANT SELECT ON TABLES TO {}"
)
_NOT_LATER: LiteralString = (
    "ALTER DEFAULT PRIVILEGES FOR ROLE {} IN SCHEMA {} REVOKE SELECT ON TABLES FROM {}"
)


def set_up(url: str, name: str, views: str = "views") -> dict[str, str]:
    """Make missing roles and schemas of a store's database; return the roles by duty.

    The user of `url` is an administrator (CREATEROLE, and owner of the database). In a store that
    exists already, tables and functions get the right owner. Raises LogUnavailable.
    """
    roles = {duty: f"{name}_{duty}" for duty in DUTIES}
    owner, app = roles[OWNER], roles[APP]
    with _connected(url) as server:
        existing_roles = {role for (role,) in server.execute("SELECT rolname FROM pg_roles")}
        for role in roles.values():
            if role not in existing_roles:
                _run(server, "CREATE ROLE {} LOGIN", role)
        database = server.info.dbname
        _run(server, "GRANT {} TO {}, {}", app, owner, roles[ERASER])
        if server.info.parameter_status("is_superuser") != "on":
            _run(server, "GRANT {}, {} TO CURRENT_USER", owner, app)
        _run(server, "GRANT CREATE ON DATABASE {} TO {}", database, owner)
        _shut(server, database, name, existing_roles)
        # the views alternate between two schemas
        for schema in (*LOGS, views, f"{views}_2", CREDENTIALS):
            holder = owner if schema in LOGS else app
            _run(server, "CREATE SCHEMA IF NOT EXISTS {}", schema)
            _run(server, "ALTER SCHEMA {} OWNER TO {}", schema, holder)
            statements = server.execute(_OWNED, (schema, holder, schema, holder)).fetchall()
            for (statement,) in statements:
                server.execute(SQL(statement + " {}").format(Identifier(holder)))
        for log in LOGS:
            for duty in (APP, SIGNER, ERASER):
                _run(server, "GRANT USAGE ON SCHEMA {} TO {}", log, roles[duty])
            if log != CLOSED:
                _run(server, _LATER, owner, log, app)
                _run(server, "GRANT SELECT ON ALL TABLES IN SCHEMA {} TO {}", log, app)
        _run(server, _NOT_LATER, owner, CLOSED, app)
        _run(server, "SET LOCAL ROLE {}", owner)
        _grant(server)
    return roles


def _shut(server: psycopg.Connection[Any], database: str, name: str, role_names: set[str]) -> None:
    """Revoke the rights that all other roles of the server have on this database: they may neither
    connect nor take the locks with which the application's processes synchronise. Only a superuser
    can revoke and grant the functions for locks.
    """
    owner, app, signer = (f"{name}_{duty}" for duty in (OWNER, APP, SIGNER))
    sites = [site for text in _CONNECTS if (site := f"{name}_{text}") in role_names]
    for role in (owner, signer, *sites):
        _run(server, "GRANT CONNECT ON DATABASE {} TO {}", database, role)
    _run(server, "GRANT CONNECT, TEMPORARY ON DATABASE {} TO {}", database, app)
    _run(server, "REVOKE CONNECT, TEMPORARY ON DATABASE {} FROM PUBLIC", database)
    if server.info.parameter_status("is_superuser") == "on":
        for function, _ in server.execute(_ADVISORY).fetchall():
            server.execute(f"REVOKE EXECUTE ON FUNCTION {function} FROM PUBLIC")
            _run(server, f"GRANT EXECUTE ON FUNCTION {function} TO {{}}", app)


def open_to_all(server: psycopg.Connection[Any]) -> tuple[bool, bool]:
    """Return whether every role of the server may connect to this database, and whether every
    connected role may take advisory locks.
    """
    ((_, connects),) = server.execute(_OPENED).fetchall()
    return bool(connects), any(all_may for _, all_may in server.execute(_ADVISORY).fetchall())


def grant_to_roles(url: str) -> None:
    """Grant the store's roles their rights on tables that the owner just made. Raises
    LogUnavailable.
    """
    with _connected(url) as server:
        _grant(server)


def rights_of(log: str, name: str, closed: bool, version: int) -> set[tuple[str, str, str]]:
    """Return the rights in a log's schema that `set_up` and `grant_to_roles` give to the roles of
    this name, as (role, right, object), with tables and columns without the log's prefix."""
    app, signer, eraser = (f"{name}_{duty}" for duty in (APP, SIGNER, ERASER))
    rights = {(role, "USAGE", "schema") for role in (app, signer, eraser)}
    read = _OPEN if closed else (*CLOSED_TABLES, *_OPEN)
    rights |= {(app, "SELECT", table) for table in read}
    rights |= {(eraser, "SELECT", table) for table in CLOSED_TABLES if closed}
    rights |= {(signer, "SELECT", table) for table in _SIGNED}
    rights |= {(signer, "SELECT", f"keys.{column}") for column in _OF_KEYS.split(", ")}
    rights.add((signer, "SELECT", f"unique.{_OF_CLAIMS}"))
    if log == exchange_outbox.HELD_BY:
        rights.add((app, "SELECT", "exchange"))
    if version >= _MAINTAIN:
        rights |= {(eraser, "MAINTAIN", table) for table in _VACUUMED}
    rights |= {
        (f"{name}_{duty}", "EXECUTE", function)
        for function, duty in _FUNCTIONS.items()
        if function != "send_out" or log == exchange_outbox.HELD_BY
    }
    return rights | {(app, "EXECUTE", f"read_{text}") for text in READS if closed}


@contextmanager
def _connected(url: str) -> Iterator[psycopg.Connection[Any]]:
    try:
        with psycopg.connect(url, connect_timeout=CONNECT_TIMEOUT) as server:
            yield server
    except psycopg.Error as error:
        message = error.diag.message_primary or str(error).partition("\n")[0]
        raise LogUnavailable(f"The roles of the database cannot be set up: {message}.") from None


def _grant(server: psycopg.Connection[Any]) -> None:
    """Grant the store's other roles their rights on the existing tables and functions, as
    NAME_owner.

    This function does nothing if the database user is another role, or if the other roles do not
    exist.
    """
    (owner,) = server.execute("SELECT current_user").fetchone() or ("",)
    name, _, duty = str(owner).rpartition("_")
    existing_roles = {role for (role,) in server.execute("SELECT rolname FROM pg_roles")}
    if duty != OWNER or not {f"{name}_{text}" for text in DUTIES} <= existing_roles:
        return
    columns: LiteralString
    for log in LOGS:
        for function, duty in _FUNCTIONS.items():
            if _exists(server, "to_regproc", log, function):
                to = f"{name}_{duty}"
                _run(server, "GRANT EXECUTE ON FUNCTION {}.{} TO {}", log, function, to)
        for table in (f"{log}_{text}" for text in _SIGNED):
            if _exists(server, "to_regclass", log, table):
                _run(server, "GRANT SELECT ON {}.{} TO {}", log, table, f"{name}_{SIGNER}")
        if _exists(server, "to_regclass", log, f"{log}_keys"):
            columns = f"GRANT SELECT ({_OF_KEYS}) ON {{}}.{{}} TO {{}}"
            _run(server, columns, log, f"{log}_keys", f"{name}_{SIGNER}")
        if _exists(server, "to_regclass", log, f"{log}_unique"):
            columns = f"GRANT SELECT ({_OF_CLAIMS}) ON {{}}.{{}} TO {{}}"
            _run(server, columns, log, f"{log}_unique", f"{name}_{SIGNER}")
        for table in (f"{log}_{text}" for text in _VACUUMED):
            if server.info.server_version >= _MAINTAIN and _exists(
                server, "to_regclass", log, table
            ):
                _run(server, "GRANT MAINTAIN ON {}.{} TO {}", log, table, f"{name}_{ERASER}")
    _close(server, name)


def _close(server: psycopg.Connection[object], name: str) -> None:
    """Revoke the application's rights on the tables of the source register, and grant it the rights
    on the register's functions. The number of entries shows nothing about a person, so the
    application may still read it.
    """
    for table in (*CLOSED_TABLES, *_OPEN):
        whole = f"{CLOSED}_{table}"
        if not _exists(server, "to_regclass", CLOSED, whole):
            continue
        if table in _OPEN:
            _run(server, "GRANT SELECT ON {}.{} TO {}", CLOSED, whole, f"{name}_{APP}")
        else:
            _run(server, "REVOKE SELECT ON {}.{} FROM {}", CLOSED, whole, f"{name}_{APP}")
            _run(server, "GRANT SELECT ON {}.{} TO {}", CLOSED, whole, f"{name}_{ERASER}")
    for question in READS:
        if _exists(server, "to_regproc", CLOSED, f"read_{question}"):
            called = "GRANT EXECUTE ON FUNCTION {}.{} TO {}"
            _run(server, called, CLOSED, f"read_{question}", f"{name}_{APP}")


def _exists(server: psycopg.Connection[Any], lookup: LiteralString, *names: str) -> bool:
    row = server.execute(f"SELECT {lookup}(%s) IS NOT NULL", (".".join(names),)).fetchone()
    return bool(row and row[0])


def _run(server: psycopg.Connection[object], statement: LiteralString, *names: str) -> None:
    server.execute(SQL(statement).format(*map(Identifier, names)))
