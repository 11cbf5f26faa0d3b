"""Functions that list the backend processes of a PostgreSQL server, and wait until they have
ended.
"""

import psycopg

from tests.conftest import Store
from tests.processes import until


def settle(store: Store, ours: set[int] | None = None) -> None:
    """Wait until no backend process of a server works any more, and until the backends of a killed
    client (all except `ours`) have ended. A backend still executes its last statement, and looks
    idle before it has read that statement.
    """

    def settled() -> bool:
        gone = ours is None or set(backends(store)) <= ours
        return gone and all(state == "idle" for state in backends(store).values())

    until(settled, "the server does not finish what was asked")


def backends(store: Store) -> dict[int, str | None]:
    """Return what each backend process of a server does that has the store open, by the process's
    number; the caller's own process is left out.
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
