"""The backend processes of a PostgreSQL server, and a wait until they have ended."""

import psycopg

from tests.conftest import Store
from tests.processes import until


def settle(store: Store, ours: set[int] | None = None) -> None:
    """Wait until no backend of a server works any more, and the backends of a killed client (all
    but `ours`) have ended: a backend still does its last statement, and looks idle before it has
    read that.
    """

    def settled() -> bool:
        gone = ours is None or set(backends(store)) <= ours
        return gone and all(state == "idle" for state in backends(store).values())

    until(settled, "the server does not finish what was asked")


def backends(store: Store) -> dict[int, str | None]:
    """Return the processes of a server that have the store open, except the caller's, and what each
    does.
    """
    if not store.url:
        return {}
    with psycopg.connect(str(store.url)) as server:
        asked = (
            "SELECT pid, state FROM pg_stat_activity "
            "WHERE datname = current_database() AND pid <> pg_backend_pid() "
            "AND backend_type = 'client backend'"
        )
        return dict(server.execute(asked).fetchall())
