"""Functions that list the backend processes of a PostgreSQL server, and wait until they have
ended.
"""

import psycopg

from tests.conftest import Store
from tests.processes import until


def settle(store: Store, ours: set[int] | None = None) -> None:
    """Wait until the server's processes for this store are idle, and until those of a killed client
    have ended (all except `ours`). A killed client's last statement may still run."""

    def settled() -> bool:
        gone = ours is None or set(backends(store)) <= ours
        return gone and all(state == "idle" for state in backends(store).values())

    until(settled, "the server does not finish what was asked")


def backends(store: Store) -> dict[int, str | None]:
    """Return the state of each server process with a connection to this store, by its number. The
    process that answers this query is left out."""
    if not store.url:
        return {}
    with psycopg.connect(str(store.url)) as server:
        asked = (
            "SELECT pid, state FROM pg_stat_activity "
            "WHERE datname = current_database() AND pid <> pg_backend_pid() "
            "AND backend_type = 'client backend'"
        )
        return dict(server.execute(asked).fetchall())
