"""The status of a store with several sites, as one of the sites sees it (sites_postgres.py)."""

import time
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime
from typing import Any, Literal

import psycopg
from msgspec import Struct
from psycopg.sql import SQL, Identifier

from domain.kernel.envelope import LogUnavailable, StillHeld
from ledger.database.datastore_postgres import CONNECT_TIMEOUT
from ledger.database.postgres_roles import LOGS
from ledger.database.synchronous_standby import awaited

Holds = Literal["all", "records"]
"""What a site has: everything that a store on a server has, or only the records."""

Gets = Holds | Literal["terms"]
"""What another site receives: all of the store, only the records, or only the terms, which say
which site writes."""

SLOTS: dict[Gets, str] = {
    "all": "continuum_site_",
    "records": "continuum_witness_",
    "terms": "continuum_heeds_",
}
"""Beginning of the names of subscriptions and of their slots; the site's name follows."""
WAITS = 10.0
"""Seconds for which an erasure waits for other sites."""
LOOKS = 0.1


class ImpossibleChange(Exception):
    """Raised if the wanted change of sites is not possible now; the message says why, and what to
    do."""


class FollowingSite(Struct, frozen=True):
    """A site that copies from this one. `gets` says which data it receives, and `connected` whether
    it is connected. Its replication slot at this server has PostgreSQL's state "reserved",
    "extended", "unreserved" (soon lost) or "lost"; `room` is how many more bytes the server may
    store for the site, besides the bytes of the write-ahead log that the site has not confirmed.
    `calls_itself` is the site's name in PostgreSQL's setting `synchronous_standby_names`.
    """

    site: str
    gets: Gets
    connected: bool
    behind: int
    kept: str
    room: int | None
    calls_itself: str

    @property
    def slot(self) -> str:
        """Return the name of the replication slot for this site."""
        return f"{SLOTS[self.gets]}{self.site}"


class FollowedSite(Struct, frozen=True):
    """This site's subscription to another site: whether it is connected, how many tables are still
    being copied for the first time, how often writing failed, and the time of the last message.
    """

    connected: bool
    copying: int
    failures: int
    heard: datetime | None


class SiteStatus(Struct, frozen=True):
    """The status of a store with several sites, as one of the sites sees it."""

    here: str | None
    holds: Holds | None
    term: int
    writes: str | None
    """The site that writes; None for a store with a single site."""
    records: dict[str, int]
    """The seq of the last record of each log here."""
    followers: tuple[FollowingSite, ...]
    follows: FollowedSite | None
    synchronous: str
    """The server's `synchronous_standby_names`: the servers that have to confirm each record."""
    keeps: int | None
    """Largest number of bytes that the server stores for a site that does not answer
    (`max_slot_wal_keep_size`); None without a limit."""
    heeds: FollowedSite | None
    """This site's subscription to the terms of another site."""
    answering: tuple[str, ...]
    """The application names of all connected readers of the server's write-ahead log."""

    @property
    def writes_here(self) -> bool:
        """Return whether this site may write to the logs of the store. A site that still receives
        copies of another site's records may not write.
        """
        return self.here == self.writes and self.follows is None

    @property
    def waits_in_vain(self) -> bool:
        """Return whether writing waits for other servers to confirm each record, while too few of
        these servers are connected.
        """
        return awaited(self.synchronous).wait_in_vain(self.answering)

    @property
    def waits_for_a_second(self) -> bool:
        """Return whether a second site has to confirm every record before the record is
        acknowledged.
        """
        seconds = [follower.calls_itself for follower in self.followers if follower.gets == "all"]
        return awaited(self.synchronous).always_include(seconds, self.answering)


def read_status(url: str) -> SiteStatus:
    """Return the status of the evidence log at its sites. Raises LogUnavailable."""
    with connected(url) as server:
        turn, here = turn_of(server), here_of(server)
        settings = dict(
            server.execute(
                "SELECT name, setting FROM pg_settings "
                "WHERE name IN ('max_slot_wal_keep_size', 'synchronous_standby_names')"
            ).fetchall()
        )
        keeps = int(settings["max_slot_wal_keep_size"])
        # without a name there is only one site, and an old server cannot answer about other sites
        sited = here is not None
        return SiteStatus(
            here[0] if here else None,
            here[1] if here else None,
            turn[0] if turn else 0,
            turn[1] if turn else None,
            records_of(server),
            followers_of(server) if sited else (),
            follows_of(server) if sited else None,
            settings["synchronous_standby_names"],
            None if keeps < 0 else keeps * 1024 * 1024,
            heeds_of(server) if sited else None,
            _answering(server),
        )


def wait_for_followers(url: str) -> None:
    """Wait until all second sites that copy from this site have received all of its present data.
    Sites that are witnesses are left out, because they receive nothing that an erasure destroys.
    Raises StillHeld if a second site takes too long, LogUnavailable.
    """
    with connected(url) as server:
        ((until,),) = server.execute("SELECT pg_current_wal_insert_lsn()").fetchall()
        last = time.monotonic() + WAITS
        while behind := _not_confirmed(server, until):
            if time.monotonic() > last:
                raise StillHeld(
                    f"the site {' and the site '.join(behind)} has not confirmed this "
                    "erasure yet and may still have the erased text: repeat the command "
                    "once the site follows again (continuum site status)"
                )
            time.sleep(LOOKS)


def _not_confirmed(server: psycopg.Connection[Any], until: str) -> list[str]:
    slot = SLOTS["all"]
    text = (
        "SELECT slot_name FROM pg_replication_slots WHERE starts_with(slot_name, %s) "
        "AND database = current_database() AND (confirmed_flush_lsn IS NULL "
        "OR confirmed_flush_lsn < %s OR wal_status = 'lost') ORDER BY 1"
    )
    return [
        slot_name.removeprefix(slot)
        for (slot_name,) in server.execute(text, (slot, until)).fetchall()
    ]


def turn_of(server: psycopg.Connection[Any]) -> tuple[int, str] | None:
    """Return the newest term (how often the writing site has changed), and the site that writes in
    it. Raises ImpossibleChange if the store has no terms.
    """
    if server.execute("SELECT to_regclass('evidence.evidence_terms')").fetchone() == (None,):
        raise ImpossibleChange(
            "there is no store in this database, or its release is older than second "
            "sites: run continuum init once as the owner of the store"
        )
    text = "SELECT term, site FROM evidence.evidence_terms ORDER BY term DESC LIMIT 1"
    return server.execute(text).fetchone()


def here_of(server: psycopg.Connection[Any]) -> tuple[str, Holds] | None:
    """Return the name of this site and the data that it holds; None without a name."""
    turn_of(server)
    return server.execute("SELECT name, holds FROM evidence.evidence_site").fetchone()


def records_of(server: psycopg.Connection[Any]) -> dict[str, int]:
    counts_by_log: dict[str, int] = {}
    for log in LOGS:
        head = SQL("SELECT seq FROM {}.{}").format(Identifier(log), Identifier(f"{log}_head"))
        row = server.execute(head).fetchone()
        counts_by_log[log] = row[0] if row else 0
    return counts_by_log


def followers_of(server: psycopg.Connection[Any]) -> tuple[FollowingSite, ...]:
    rows = server.execute(
        "SELECT s.slot_name, s.active, "
        "coalesce(pg_wal_lsn_diff(pg_current_wal_insert_lsn(), confirmed_flush_lsn), 0)::int8, "
        "coalesce(s.wal_status, 'lost'), s.safe_wal_size, coalesce(a.application_name, s.slot_name)"
        " FROM pg_replication_slots s LEFT JOIN pg_stat_activity a ON a.pid = s.active_pid "
        "WHERE s.database = current_database() AND s.slot_type = 'logical' ORDER BY 1"
    ).fetchall()
    return tuple(
        FollowingSite(name.removeprefix(begins), gets, *rest)
        for name, *rest in rows
        for gets, begins in SLOTS.items()
        if name.startswith(begins)
    )


def _answering(server: psycopg.Connection[Any]) -> tuple[str, ...]:
    rows = server.execute("SELECT application_name FROM pg_stat_replication ORDER BY 1").fetchall()
    return tuple(name for (name,) in rows)


def follows_of(server: psycopg.Connection[Any]) -> FollowedSite | None:
    return _followed(server, SLOTS["all"], SLOTS["records"])


def heeds_of(server: psycopg.Connection[Any]) -> FollowedSite | None:
    return _followed(server, SLOTS["terms"])


def _followed(server: psycopg.Connection[Any], *begins: str) -> FollowedSite | None:
    """Return the state of this site's subscription (by which it copies another site) if the
    subscription's name begins with one of the texts `begins`; otherwise None.
    """
    row = server.execute(
        "SELECT w.pid IS NOT NULL, (SELECT count(*) FROM pg_subscription_rel r "
        "WHERE r.srsubid = s.oid AND r.srsubstate <> 'r'), "
        "coalesce(t.apply_error_count + t.sync_error_count, 0), w.last_msg_receipt_time "
        "FROM pg_subscription s LEFT JOIN pg_stat_subscription_stats t ON t.subid = s.oid "
        "LEFT JOIN pg_stat_subscription w ON w.subid = s.oid AND w.relid IS NULL "
        "AND w.leader_pid IS NULL "
        "WHERE EXISTS (SELECT FROM unnest(%s::text[]) AS b WHERE starts_with(s.subname, b)) "
        "AND s.subdbid = (SELECT oid FROM pg_database WHERE datname = current_database())",
        (list(begins),),
    ).fetchone()
    return FollowedSite(*row) if row else None


@contextmanager
def connected(url: str) -> Iterator[psycopg.Connection[Any]]:
    try:
        with psycopg.connect(url, connect_timeout=CONNECT_TIMEOUT, autocommit=True) as server:
            yield server
    except psycopg.Error as error:
        message = error.diag.message_primary or str(error).partition("\n")[0]
        raise LogUnavailable(f"The server refuses this: {message}.") from None
