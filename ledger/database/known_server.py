"""Recognise the PostgreSQL server of the store, and notice if another server answers at its
address.

A PostgreSQL cluster has an identifier, and counts its timelines: a promoted replica, or a server
restored from an archive, continues under the next timeline. Both numbers are stored for each
address, in the process and in a file in the store's home (a second site has its own). If the
identifier is different, or the timeline is earlier, it is another server: nothing is read or
recorded there until an administrator accepts it (`continuum init`). A later timeline may be a
failover; it is only reported, because the log itself notices missing records (log.py).
"""

import json
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path
from threading import Lock
from typing import Any

import psycopg
from psycopg.conninfo import conninfo_to_dict

from domain.kernel.envelope import LogUnavailable
from ledger.database.durable_files import replace_file

FILE = "server.json"
_ASKED = """
SELECT system_identifier::text, CASE WHEN pg_is_in_recovery() THEN timeline_id
    ELSE ('x' || left(pg_walfile_name(pg_current_wal_lsn()), 8))::bit(32)::int END
FROM pg_control_system(), pg_control_checkpoint()
"""


@dataclass
class KnownServer:
    """The identity of the store's PostgreSQL server at an address, stored in this process and, if
    `home` is given, in a file for later processes. With `accept`, the answering server becomes the
    store's server.
    """

    address: str = ""
    home: Path | None = None
    accept: bool = False
    _cluster: str | None = None
    _timeline: int = 0
    _lock: Lock = field(default_factory=Lock, repr=False)

    def meet(self, connection: psycopg.Connection[Any], log: str) -> None:
        """Compare the server of a new connection with the stored identity, or store the identity if
        there is none. Raises LogUnavailable."""
        try:
            row = connection.execute(_ASKED).fetchone()
        except psycopg.errors.InsufficientPrivilege:
            return  # this server shows its identity only to administrators
        if row is None:
            return
        cluster, timeline = row
        with self._lock:
            if self._cluster is None:
                self._remember(cluster, timeline)
            if cluster != self._cluster:
                raise LogUnavailable(_refused(log, f"its system identifier is {cluster}"))
            if timeline < self._timeline:
                was = f"it is on timeline {timeline}, after {self._timeline}"
                raise LogUnavailable(_refused(log, was))
            if timeline > self._timeline:
                self._timeline = timeline
                self._write(seen=timeline)

    def _remember(self, cluster: str, timeline: int) -> None:
        identity = read(self.home, self.address) if self.home else None
        if identity is None or self.accept:
            self._cluster, self._timeline = cluster, timeline
            self._write(cluster=cluster, timeline=timeline, seen=timeline)
        else:
            self._cluster, self._timeline = identity["cluster"], identity["seen"]

    def _write(self, **changes: object) -> None:
        if self.home is None or not self.home.is_dir():
            return
        with suppress(OSError):  # the home may belong to another user
            identities = _stored_identities(self.home)
            identities[self.address] = identities.get(self.address, {}) | changes
            replace_file(self.home / FILE, json.dumps(identities))


def address_of(url: str) -> str:
    """Return the address of a store's server, without the user."""
    parameters = conninfo_to_dict(url)
    return (
        f"{parameters.get('host', '')}:{parameters.get('port', '')}/{parameters.get('dbname', '')}"
    )


def _stored_identities(home: Path) -> dict[str, Any]:
    try:
        identities = json.loads((home / FILE).read_text("utf-8"))
    except (OSError, ValueError):
        return {}
    return identities if isinstance(identities, dict) else {}


def read(home: Path, address: str) -> dict[str, Any] | None:
    """Return what a store's home has recorded about the server at an address: its `cluster`, the
    accepted `timeline`, and the last timeline that was `seen`; None for an unknown address.
    """
    identity = _stored_identities(home).get(address)
    kinds = {"cluster": str, "timeline": int, "seen": int}
    if isinstance(identity, dict) and all(isinstance(identity.get(k), kinds[k]) for k in kinds):
        return identity
    return None


def forget(home: Path) -> None:
    """Delete the stored identities of all servers, because the store is being restored on a server
    that the administrator chose."""
    with suppress(OSError):
        (home / FILE).unlink(missing_ok=True)


def _refused(log: str, how: str) -> str:
    return (
        f"The {log} log is on another server than before ({how}): nothing is recorded. Stop this "
        "process, find out which server is the right one, and run continuum verify. To accept this "
        "one, run: continuum init"
    )
