"""Keep a store at several sites, of which one writes and the others copy its logs.

The sites copy by PostgreSQL's logical replication: in the order of commits, and each transaction as
a whole. A *second site* gets everything of a log and can take over; a *witness* gets only the
records, without keys, blind indexes and digests, and verifies them.

Terms decide which site writes: a site that takes over begins the term with the next number. A site
that has received a later term than its own can neither append records, encrypt keys again nor sign,
because each of these functions checks the term. The first site subscribes to the terms of the
second one, so that its own database shows after a failure that the second site took over.

The administrator of the two databases does all of this. No function here reads a record. The file
is long because all changes of sites are in it.
"""

import re
import time
from collections.abc import Sequence
from contextlib import suppress
from datetime import datetime
from typing import Any, LiteralString

import psycopg
from psycopg.sql import SQL, Composed, Identifier
from psycopg.sql import Literal as Quoted

from domain.kernel.envelope import LogUnavailable
from ledger.backup.site_status_postgres import (
    SLOTS,
    Holds,
    ImpossibleChange,
    connected,
    followers_of,
    follows_of,
    heeds_of,
    here_of,
    turn_of,
)
from ledger.database import exchange_outbox, postgres_roles
from ledger.database.datastore_postgres import PostgresLogDatastore
from ledger.database.postgres_roles import LOGS
from ledger.database.tables_postgres import HEEDING_LOCK, KNOWN_TERMS, TURN
from ledger.database.tables_postgres import PATIENCE as LOCK_PATIENCE
from ledger.keys.keystore import FAMILIES
from ledger.store.recorder_postgres import PostgresLogRecorder

TERMS = "continuum_terms"
"""The publication that has only the terms."""
PUBLICATIONS: dict[Holds, str] = {"all": "continuum_second", "records": "continuum_witness"}

_ALL = ("origin", "head", "events", "commands", "unique", "keys", "epochs", "terms")
_RECORDS = ("origin", "head", "events", "commands", "terms")
_OUTBOX = (exchange_outbox.HELD_BY, "exchange")
_NUMBERS_GO_ON = (
    "SELECT setval('product.exchange_place', greatest(max(seq), 1), max(seq) IS NOT NULL) "
    "FROM product.exchange"
)
"""Numbers of a sequence are not copied, so they continue after the rows that were received."""
_NO_DIGESTS = "command_id, first_seq, count"
"""What a witness gets of commands: ids and positions, but no digest of their text."""

_FOLLOWS = "CREATE SUBSCRIPTION {} CONNECTION {} PUBLICATION {} WITH (synchronous_commit = local)"
"""A record is confirmed to the writing site when it is on the disk here, and not only at the
server's next regular report."""
_HEEDS = "CREATE SUBSCRIPTION {} CONNECTION {} PUBLICATION {} WITH (origin = none)"
"""The subscription begins with a copy of all terms, because a term that was sent while this site
was away is not sent again."""
_ADDRESS = (
    "SELECT subconninfo FROM pg_subscription WHERE subname = %s "
    "AND subdbid = (SELECT oid FROM pg_database WHERE datname = current_database())"
)
_NAME = re.compile(r"[a-z][a-z0-9_]{1,30}")
_OLDEST = 160000
"""Since this version of PostgreSQL a site can subscribe to another site's terms without sending its
own rows back."""
PATIENCE = 10.0
"""Seconds for which a site that takes over waits until the data it received are written."""
LEARNS = 30.0
"""Seconds for which a new site waits for the other site's terms."""
_LOOKS = 0.1
_TRIES = (0.0, 0.5, 2.0)
"""Seconds before each attempt to subscribe to the former site again."""


def publish(url: str, name: str) -> dict[Holds, str]:
    """Let other sites copy this site, which gets the name `name`.

    Return the database roles with which the other sites connect, by the data that a role may copy
    ("all" or "records"). Raises ImpossibleChange, LogUnavailable.
    """
    _refuse_name(name)
    with connected(url) as server:
        _refuse_levels(server)
        here = here_of(server)
        if here and here[0] != name:
            raise ImpossibleChange(f"this site has the name {here[0]} already")
        holds: Holds = here[1] if here else "all"
        kinds: list[Holds] = ["all", "records"] if holds == "all" else ["records"]
        with server.transaction():
            if not here:
                _name(server, name, "all")
                _new_term(server, name, 1)
            roles = {kind: _publish(server, kind) for kind in kinds}
            for role in roles.values():
                _publish_terms(server, role)
    return roles


def _publish(server: psycopg.Connection[Any], kind: Holds) -> str:
    """Publish the data for sites of this kind to a database role that only they use; return the
    role.
    """
    role = _role(server, kind)
    tables: list[Composed] = []
    for log in LOGS:
        _run(server, "GRANT USAGE ON SCHEMA {} TO {}", log, role)
        for table in _ALL if kind == "all" else _RECORDS:
            columns = _NO_DIGESTS if (kind, table) == ("records", "commands") else ""
            column_list = SQL(f"({columns})" if columns else "")
            place = SQL("{}.{}").format(Identifier(log), Identifier(f"{log}_{table}"))
            tables.append(SQL("{} {}").format(place, column_list))
            server.execute(
                SQL("GRANT SELECT {} ON {} TO {}").format(column_list, place, Identifier(role))
            )
    # the outbox of messages to other police forces has no primary key, and PostgreSQL needs the
    # whole row to replicate a deletion
    if kind == "all":
        _run(server, "GRANT SELECT ON {}.{} TO {}", *_OUTBOX, role)
        _run(server, "ALTER TABLE {}.{} REPLICA IDENTITY FULL", *_OUTBOX)
        tables.append(SQL("{}.{}").format(*map(Identifier, _OUTBOX)))
    _publication(server, PUBLICATIONS[kind], tables)
    return role


def _role(server: psycopg.Connection[Any], kind: Holds) -> str:
    role = f"{_prefix(server)}_{'site' if kind == 'all' else 'witness'}"
    row = server.execute("SELECT FROM pg_roles WHERE rolname = %s", (role,)).fetchone()
    if row is None:
        _run(server, "CREATE ROLE {} LOGIN REPLICATION", role)
    _run(server, "GRANT CONNECT ON DATABASE {} TO {}", server.info.dbname, role)
    return role


def _publication(server: psycopg.Connection[Any], name: str, tables: Sequence[Composed]) -> None:
    there = server.execute("SELECT FROM pg_publication WHERE pubname = %s", (name,)).fetchone()
    how: LiteralString = "CREATE PUBLICATION {} FOR TABLE {}"
    if there is not None:
        how = "ALTER PUBLICATION {} SET TABLE {}"
    server.execute(SQL(how).format(Identifier(name), SQL(", ").join(tables)))


def follow(url: str, name: str, first: str, holds: Holds) -> None:
    """Let this empty database copy the store of another site. `first` is the address at which the
    server of this database reaches the server of the other site. Raises ImpossibleChange,
    LogUnavailable.
    """
    _refuse_name(name)
    with connected(url) as server:
        _refuse_old(server)
        if holds == "all":
            # a second site publishes terms, so its server must be able to publish
            _refuse_levels(server)
        if _holds_a_store(server):
            raise ImpossibleChange(
                "there is a store in this database: a second site has to begin with an empty one"
            )
    _make_tables(url)
    with connected(url) as server:
        with server.transaction():
            for log in LOGS:
                for table in ("head", "origin", "epochs", "terms"):
                    _run(server, "DELETE FROM {}.{}", log, f"{log}_{table}")
            _name(server, name, holds)
            if holds == "all":
                _publish_terms(server, _role(server, holds))
        subscription = f"{SLOTS[holds]}{name}"
        names = Identifier(subscription), Quoted(first), Identifier(TERMS)
        _subscribe(server, SQL(_FOLLOWS).format(*names))
        _refuse_same_name(server, name, subscription)
        _run(server, "ALTER SUBSCRIPTION {} SET PUBLICATION {}", subscription, PUBLICATIONS[holds])
        prefix = _prefix(server)
        owner = f"{prefix}_{postgres_roles.OWNER}"
        roles = server.execute("SELECT FROM pg_roles WHERE rolname = %s", (owner,)).fetchone()
    # the store's database roles exist on this server: they get the new tables
    if roles is not None:
        postgres_roles.set_up(url, prefix)


def _refuse_name(name: str) -> None:
    """Raise ImpossibleChange if the name of a site is invalid: it becomes a part of names of
    replication slots and roles, in which PostgreSQL accepts only some letters.
    """
    if not _NAME.fullmatch(name):
        raise ImpossibleChange(
            f"{name} is not a valid name of a site: begin with a letter, and write 2 to "
            "31 characters a to z, digits or _"
        )


def _refuse_same_name(server: psycopg.Connection[Any], name: str, subscription: str) -> None:
    """Raise ImpossibleChange if the writing site has the name that this site would get, because
    then both sites would write. The name is in the copied terms (the changes of the writing site),
    so this function waits until they are copied. If it raises the error, it also drops the
    subscription.
    """
    last = time.monotonic() + LEARNS
    while (turn := turn_of(server)) is None and time.monotonic() < last:
        time.sleep(_LOOKS)
    if turn and turn[1] != name:
        return
    _run(server, "ALTER SUBSCRIPTION {} DISABLE", subscription)
    _ended(server, subscription)
    _drop(server, subscription)
    if turn:
        raise ImpossibleChange(f"the writing site has the name {name} already: choose another name")
    raise ImpossibleChange(
        "the other site does not show which site writes: run continuum site publish "
        "there, and see this server's log"
    )


def _holds_a_store(server: psycopg.Connection[Any]) -> bool:
    """Return whether this database has a store, or is receiving a copy of a store. Tables left by
    an earlier attempt that failed do not count.
    """
    if server.execute("SELECT to_regclass('evidence.evidence_site')").fetchone() == (None,):
        there = "SELECT to_regclass('evidence.evidence_head')"
        return server.execute(there).fetchone() != (None,)
    made = server.execute("SELECT FROM evidence.evidence_head").fetchone() is not None
    return made or follows_of(server) is not None


def _make_tables(url: str) -> None:
    """Make the tables of all logs in an empty database; the rows copied from another site then
    replace the initial rows.
    """
    for log in LOGS:
        recorder = PostgresLogRecorder(
            PostgresLogDatastore(url, log), log, _no_clock, synthetic=False
        )
        try:
            recorder.create_table(epochs=dict.fromkeys(FAMILIES, 1))
        finally:
            recorder.close()


def _no_clock() -> datetime:
    raise TypeError("a connection to another site can only read the log")


def _publish_terms(server: psycopg.Connection[Any], role: str) -> None:
    """Publish the terms (the changes of the writing site), and let the database role with which
    another site logs in subscribe to them. Only new terms are sent, and no deletions.
    """
    for log in LOGS:
        _run(server, "GRANT USAGE ON SCHEMA {} TO {}", log, role)
        _run(server, "GRANT SELECT ON {}.{} TO {}", log, f"{log}_terms", role)
    tables = [SQL("{}.{}").format(Identifier(log), Identifier(f"{log}_terms")) for log in LOGS]
    _publication(server, TERMS, tables)
    _run(server, "ALTER PUBLICATION {} SET (publish = 'insert')", TERMS)


def heed(url: str, second: str) -> None:
    """Let this site receive the terms (the changes of the writing site) that the site at `second`
    publishes. The new subscription replaces an earlier one, unless `second` cannot be reached. A
    repeated call also fetches the terms that this site missed. Raises ImpossibleChange,
    LogUnavailable.
    """
    with connected(url) as server:
        here = here_of(server)
        if here is None:
            raise ImpossibleChange(
                "this site has no name yet: give it one with continuum site publish"
            )
        # with the lock, two sites cannot delete each other's subscription at the same time
        server.execute(f"SET lock_timeout = '{LOCK_PATIENCE}'")
        server.execute("SELECT pg_advisory_lock(%s)", (HEEDING_LOCK,))
        server.execute("RESET lock_timeout")
        name = f"{SLOTS['terms']}{here[0]}"
        before = server.execute(_ADDRESS, (name,)).fetchone()
        if before:
            _run(server, "ALTER SUBSCRIPTION {} DISABLE", name)
            _drop(server, name)
        with server.transaction():
            for log in LOGS:
                terms = SQL("{}.{}").format(Identifier(log), Identifier(f"{log}_terms"))
                server.execute(SQL(KNOWN_TERMS).format(schema=Identifier(log), terms=terms))

        def subscribe(address: str) -> None:
            names = Identifier(name), Quoted(address), Identifier(TERMS)
            _subscribe(server, SQL(_HEEDS).format(*names))

        try:
            subscribe(second)
        except psycopg.Error:
            if before:  # subscribe to the earlier site again
                for pause in _TRIES:
                    time.sleep(pause)
                    with suppress(psycopg.Error):
                        subscribe(*before)
                        break
            raise
        last = time.monotonic() + LEARNS
        while (heeds := heeds_of(server)) and heeds.copying:
            if time.monotonic() > last:
                raise ImpossibleChange(
                    "the other site does not show which site writes: see this server's "
                    "log, and start no program here before you have run continuum site "
                    "watch again"
                )
            time.sleep(_LOOKS)


def _subscribe(server: psycopg.Connection[Any], statement: Composed) -> None:
    """Run a statement that contains a password, without logging: a failed statement would be
    logged."""
    with suppress(psycopg.errors.InsufficientPrivilege):
        server.execute("SET log_min_error_statement = panic")
    server.execute(statement)


def hand_over(url: str, to: str) -> int:
    """Stop writing at this site, so that the site `to` can take over with all records.

    Return the number of the new term, which counts how often the writing site has changed. Raises
    ImpossibleChange, LogUnavailable.
    """
    with connected(url) as server, server.transaction():
        _alone(server)
        turn, here = turn_of(server), here_of(server)
        if not (turn and here and turn[1] == here[0]):
            raise ImpossibleChange(
                "this site is not the writing one, so it has nothing to hand over"
            )
        seconds = {site.site: site for site in followers_of(server) if site.gets == "all"}
        if to not in seconds:
            raise ImpossibleChange(f"no second site with the name {to} follows this site")
        if not seconds[to].connected:
            raise ImpossibleChange(
                f"the site {to} is not connected, so it would not learn that it may write: "
                "connect it first"
            )
        _new_term(server, to, turn[0] + 1)
    return turn[0] + 1


def promote(url: str, *, lost: bool) -> int:
    """Let this site write from now on.

    Return the number of the new term, which counts how often the writing site has changed. The site
    that wrote until now must have handed over; with `lost`, that site does not answer and is given
    up. Raises ImpossibleChange, LogUnavailable.
    """
    with connected(url) as server:
        turn, here = turn_of(server), here_of(server)
        if turn is None or here is None or here[1] != "all":
            raise ImpossibleChange("this is not a second site of a store, so it cannot take over")
        subscription = f"{SLOTS['all']}{here[0]}"
        handed_over = turn[1] == here[0]
        if not handed_over and not lost:
            raise ImpossibleChange(
                f"the site {turn[1]} still writes and has not handed over: run continuum "
                f"site hand-over --to {here[0]} there. If that site is lost, give it up "
                "with --lost"
            )
        follows = follows_of(server)
        if follows and follows.copying:
            raise ImpossibleChange(
                f"{follows.copying} tables are not copied yet, so this site lacks records: "
                "wait until they are copied"
            )
        if follows:
            _run(server, "ALTER SUBSCRIPTION {} DISABLE", subscription)
            _ended(server, subscription)
        with server.transaction():
            _alone(server)
            server.execute(_NUMBERS_GO_ON)
            if not handed_over:
                _new_term(server, here[0], turn[0] + 1)
        if follows:  # this site followed the other site until now
            _drop(server, subscription, detached=not handed_over)
    return turn[0] if handed_over else turn[0] + 1


def forget(url: str, site: str) -> None:
    """Stop storing the data that wait here for a site which is no longer connected. Raises
    ImpossibleChange, LogUnavailable.
    """
    with connected(url) as server:
        sites = [follower for follower in followers_of(server) if follower.site == site]
        if not sites:
            raise ImpossibleChange(
                f"this server has no replication data for a site with the name {site}"
            )
        away = [follower for follower in sites if not follower.connected]
        if not away:
            raise ImpossibleChange(f"the site {site} is still connected to this site")
        for following_site in away:
            server.execute("SELECT pg_drop_replication_slot(%s)", (following_site.slot,))


def _ended(server: psycopg.Connection[Any], subscription: str) -> None:
    """Wait until this database has written all data that it received from the other site through a
    subscription.
    """
    last = time.monotonic() + PATIENCE
    text = "SELECT FROM pg_stat_subscription WHERE subname = %s AND pid IS NOT NULL"
    while server.execute(text, (subscription,)).fetchone() is not None:
        if time.monotonic() > last:
            raise LogUnavailable(
                "the process that follows the other site does not end: repeat the command"
            )
        time.sleep(_LOOKS)


def _drop(server: psycopg.Connection[Any], subscription: str, *, detached: bool = False) -> None:
    """Drop a subscription and its replication slot at the other site. If `detached` is true, or if
    the other site does not answer, the slot stays at the other site until an administrator drops
    it.
    """
    if not detached:
        try:
            _run(server, "DROP SUBSCRIPTION {}", subscription)
        except psycopg.Error:  # the other site does not answer
            detached = True
    if detached:
        _run(server, "ALTER SUBSCRIPTION {} SET (slot_name = NONE)", subscription)
        _run(server, "DROP SUBSCRIPTION {}", subscription)


def _refuse_levels(server: psycopg.Connection[Any]) -> None:
    _refuse_old(server)
    if server.execute("SHOW wal_level").fetchone() != ("logical",):
        raise ImpossibleChange(
            "other sites cannot follow this server: set wal_level = logical in its "
            "postgresql.conf and restart the server"
        )


def _refuse_old(server: psycopg.Connection[Any]) -> None:
    if server.info.server_version < _OLDEST:
        raise ImpossibleChange("several sites need PostgreSQL 16 or newer, on each server")


def _prefix(server: psycopg.Connection[Any]) -> str:
    """Return the beginning of the names of this store's database roles, from the owner of its
    schemas.
    """
    text = "SELECT pg_get_userbyid(nspowner) FROM pg_namespace WHERE nspname = 'evidence'"
    row = server.execute(text).fetchone()
    name, _, duty = str(row[0] if row else "").rpartition("_")
    return name if name and duty == postgres_roles.OWNER else "continuum"


# --- changes of the sites ---------------------------------------------------------------


def _alone(server: psycopg.Connection[Any]) -> None:
    """Block all other sessions that write to the logs until the end of this transaction."""
    server.execute(f"SET LOCAL lock_timeout = '{LOCK_PATIENCE}'")
    for log in LOGS:
        _run(server, TURN, log, f"{log}_origin")


def _name(server: psycopg.Connection[Any], name: str, holds: Holds) -> None:
    for log in LOGS:
        place = SQL(
            "INSERT INTO {}.{} VALUES (1, %s, %s) "
            "ON CONFLICT (one) DO UPDATE SET name = excluded.name, holds = excluded.holds"
        )
        server.execute(place.format(Identifier(log), Identifier(f"{log}_site")), (name, holds))


def _new_term(server: psycopg.Connection[Any], site: str, term: int) -> None:
    for log in LOGS:
        row = SQL(
            "INSERT INTO {0}.{1} SELECT %s, %s, seq, "
            "(extract(epoch FROM clock_timestamp()) * 1000000)::bigint FROM {0}.{2}"
        )
        names = map(Identifier, (log, f"{log}_terms", f"{log}_head"))
        server.execute(row.format(*names), (term, site))


def _run(server: psycopg.Connection[Any], statement: LiteralString, *names: str) -> None:
    server.execute(SQL(statement).format(*map(Identifier, names)))
