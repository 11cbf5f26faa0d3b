"""Three forces and a hub on one real PostgreSQL server: four databases, linked by replication. Each
force has its own store, made by `init`.
"""

import signal
from collections.abc import Iterator, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path
from typing import Any

import psycopg

from domain.kernel.envelope import Outgoing
from exchange import national
from ledger.database import exchange_outbox
from ledger.witness.hub_publish import publish
from tests.commands.office import OFFICE
from tests.postgres import running, started_again
from tests.processes import gone, until

NAMES = ("aldmere", "hexmoor", "kenbrook")
SETTINGS = (
    "wal_level = logical",
    "wal_retrieve_retry_interval = 100ms",
    "max_replication_slots = 20",
    "max_wal_senders = 20",
    "max_logical_replication_workers = 12",
    "max_worker_processes = 20",
    "max_slot_wal_keep_size = 1GB",
    "shared_buffers = 32MB",
)


@dataclass
class Force:
    """A police force in a test: its store, and an administrator's connection to its database."""

    name: str
    home: Path
    url: str
    db: psycopg.Connection[Any] = field(init=False)

    def __post_init__(self) -> None:
        OFFICE.copied(self.home, self.url)
        publish(self.url, self.name, NAMES)
        self.db = psycopg.connect(self.url, autocommit=True)
        self.db.execute("SELECT pg_create_logical_replication_slot(%s, 'pgoutput')", (self.slot,))

    def close(self) -> None:
        self.db.close()

    @property
    def slot(self) -> str:
        return f"hub_{self.name}"

    def send(self, *rows: Outgoing) -> None:
        """Write offers into the force's outbox without recording events."""
        self.db.execute(exchange_outbox.SEND_SERVER, exchange_outbox.columns(rows))

    def followed(self) -> bool:
        """Return whether the hub is connected to this force's replication slot."""
        found = self.db.execute(
            "SELECT active FROM pg_replication_slots WHERE slot_name = %s", (self.slot,)
        ).fetchone()
        return bool(found and found[0])

    def head(self) -> str:
        ((head,),) = self.db.execute("SELECT pg_current_wal_lsn()").fetchall()
        return str(head)


@dataclass
class Nation:
    """The hub and all forces, by their names."""

    server: Any
    hub: psycopg.Connection[Any]
    hub_url: str
    forces: dict[str, Force]

    def arrived(self, names: Sequence[str] = NAMES) -> None:
        """Wait until the hub has received all offers that the forces with these names sent. (The
        acknowledgement of later offers is not enough: while the hub still copies a force's current
        offers, it acknowledges later ones that it skips.)
        """
        for force in (self.forces[name] for name in names):
            head = force.head()
            until(partial(self.synced, force.name), "what stands was not copied")
            until(partial(self._confirmed, force, head), "the hub did not take it")

    def settled(self) -> None:
        """Wait until the hub has received and matched all offers."""
        self.arrived()
        national.match_all(self.hub)

    def synced(self, force: str) -> bool:
        """Return whether the hub has copied the offers that the force had made before the hub
        subscribed to it.
        """
        found = self.hub.execute(
            "SELECT srsubstate = 'r' FROM pg_subscription_rel r JOIN pg_subscription s "
            "ON s.oid = r.srsubid WHERE s.subname = 'from_' || %s",
            (force,),
        ).fetchone()
        return bool(found and found[0])

    def _confirmed(self, force: Force, head: str) -> bool:
        found = self.hub.execute(
            "SELECT confirmed_flush_lsn >= %s::pg_lsn FROM pg_replication_slots "
            "WHERE slot_name = %s",
            (head, force.slot),
        ).fetchone()
        return bool(found and found[0])

    def killed(self) -> None:
        """Kill the whole server with the hub and the forces, as in a power cut, and start it
        again.
        """
        stopped = self.server.get_postmaster_info().process
        stopped.send_signal(signal.SIGQUIT)
        until(lambda: gone(stopped), "PostgreSQL does not stop")
        started_again(self.server)
        self.hub.close()
        self.hub = psycopg.connect(self.hub_url, autocommit=True)
        for force in self.forces.values():
            force.db.close()
            force.db = psycopg.connect(force.url, autocommit=True)

    def told(self, force: str) -> list[tuple[Any, ...]]:
        """Remove the hub's messages for this force, and return them in order."""
        rows = self.hub.execute(
            "DELETE FROM hub.told WHERE to_force = %s RETURNING id, what, reference, force, theirs",
            (force,),
        ).fetchall()
        return [tuple(row[1:]) for row in sorted(rows)]

    def link(self, name: str) -> str:
        """Return the address of the hub's database, with the force's own user name in it."""
        return self.hub_url.replace("postgres:@", f"force_{name}:@")


@contextmanager
def nation(homes: Path) -> Iterator[Nation]:
    with ExitStack() as stack:
        server = stack.enter_context(running(SETTINGS))
        admin = stack.enter_context(psycopg.connect(server.get_uri(), autocommit=True))
        admin.execute("CREATE DATABASE hub")
        forces = {name: Force(name, homes / name, server.get_uri(name)) for name in NAMES}
        for force in forces.values():
            stack.callback(force.close)
        url = server.get_uri("hub")
        hub = psycopg.connect(url, autocommit=True)
        national.set_up(hub)
        for name, force in forces.items():
            national.add_force(hub, name)
            national.follow(hub, name, force.url, force.slot, make_slot=False)
        made = Nation(server, hub, url, forces)
        yield made
        for name in NAMES:
            made.hub.execute(f"ALTER SUBSCRIPTION from_{name} DISABLE".encode())
        made.hub.close()
