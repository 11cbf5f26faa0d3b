"""Two real PostgreSQL servers, each with its own databases. Other sites may copy the logs of
both."""

import signal
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from typing import Any

import psycopg

from tests.postgres import copies, databases, running, started_again
from tests.processes import gone, until

#: Settings of a server whose logs others may copy, and whose replication soon notices a broken
#: connection.
SETTINGS = (
    "wal_level = logical",
    "wal_receiver_timeout = 10s",
    "wal_retrieve_retry_interval = 100ms",
    "max_replication_slots = 30",
    "max_wal_senders = 30",
    "max_logical_replication_workers = 30",
    "max_worker_processes = 40",
    "max_sync_workers_per_subscription = 8",
    "max_active_replication_origins = 30",
    "shared_buffers = 32MB",
)


@dataclass
class Machine:
    """A PostgreSQL server that a test can kill and start again."""

    server: Any
    database: Callable[[], str] = field(init=False)
    """A function that makes a new database and returns its URL."""
    copy: Callable[[str], str] = field(init=False)
    """A function that copies the database at a URL and returns the copy's URL."""

    def __post_init__(self) -> None:
        self.database, self.copy = databases(self.server), copies(self.server)

    def run(self, url: str, *statements: str) -> list[Any]:
        """Run SQL as the server's administrator; return the rows of the last statement."""
        found: list[Any] = []
        with psycopg.connect(url, autocommit=True) as server:
            for statement in statements:
                given = server.execute(statement.encode())
                found = given.fetchall() if given.description else []
        return found

    def set(self, *settings: str) -> None:
        """Change settings of the server; the change takes effect at once."""
        some = [f"ALTER SYSTEM SET {setting}" for setting in settings]
        self.run(self.server.get_uri(), *some, "SELECT pg_reload_conf()")

    def stop_copying(self) -> None:
        """Disable each subscription of this server. One that a test leaves behind would otherwise
        go on copying, and try again ten times a second if the other server refuses it.
        """
        subscriptions = (
            "SELECT subname, datname FROM pg_subscription "
            "JOIN pg_database d ON d.oid = subdbid WHERE subenabled"
        )
        for name, database in self.run(self.server.get_uri(), subscriptions):
            url = self.server.get_uri(database=database)
            self.run(url, f'ALTER SUBSCRIPTION "{name}" DISABLE')

    def kill(self) -> None:
        """Kill the server, as a power failure would."""
        stopped = self.server.get_postmaster_info().process
        # the signal has the same effect as `pg_ctl stop -m immediate`
        stopped.send_signal(signal.SIGQUIT)
        until(lambda: gone(stopped), "PostgreSQL does not stop")

    def start(self) -> None:
        started_again(self.server)


@contextmanager
def two() -> Iterator[tuple[Machine, Machine]]:
    with ExitStack() as stack:
        made = []
        for _ in range(2):
            server = stack.enter_context(running(SETTINGS))
            made.append(Machine(server))
        yield made[0], made[1]
