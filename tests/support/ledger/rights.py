"""A store that the application opens with few database rights."""

from pathlib import Path

import psycopg
import pytest
from psycopg.conninfo import make_conninfo

from tests.conftest import Store
from tests.ledger.events import Closed, Counted


@pytest.fixture
def application(postgres_url: str, tmp_path: Path) -> Store:
    """Open the owner's store as a database user who has only the rights SELECT and EXECUTE."""
    (owner,) = Store(tmp_path, postgres_url).open({"evidence": [Closed, Counted]}).values()
    owner.close()
    with psycopg.connect(postgres_url, autocommit=True) as server:
        if not server.execute("SELECT 1 FROM pg_roles WHERE rolname = 'application'").fetchone():
            server.execute("CREATE ROLE application LOGIN")
        for grant in (
            "USAGE ON SCHEMA evidence",
            "SELECT ON ALL TABLES IN SCHEMA evidence",
            "EXECUTE ON FUNCTION evidence.append_sealed",
        ):
            server.execute(f"GRANT {grant} TO application".encode())
    return Store(tmp_path, make_conninfo(postgres_url, user="application"))
