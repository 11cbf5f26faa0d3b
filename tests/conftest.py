"""What the tests share: a real PostgreSQL out of a wheel, and a store on either database."""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import psycopg
import pytest

from domain.envelope import LogName
from ledger.keystore import KeyStore
from ledger.log import Log
from ledger.mapper import Converter
from ledger.setup import NO_CONVERTERS, Catalogue, open_postgres, open_sqlite
from tests.ledger.known_keys import KnownKeys
from tests.postgres import copies, databases, running

#: Folders of tests, the fast ones first: what is wrong in them is said in seconds.
ORDER = ("domain", "ingest", "network", "projections", "commands", "house", "ledger", "scenarios")


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    def folder(item: pytest.Item) -> int:
        name = item.path.relative_to(Path(__file__).parent).parts[0]
        return ORDER.index(name) if name in ORDER else len(ORDER)

    items.sort(key=folder)


def now() -> datetime:
    return datetime.now(UTC)


@dataclass
class Store:
    """Where a test keeps its logs: files in `home`, or the database at `url`."""

    home: Path
    url: str | None
    opened: list[Log] = field(default_factory=list)
    keys: KeyStore = field(default_factory=KnownKeys)

    def open(
        self,
        catalogue: Catalogue,
        *,
        clock: Callable[[], datetime] = now,
        create: bool = True,
        synthetic: bool = True,
        converters: Mapping[str, Converter] = NO_CONVERTERS,
    ) -> dict[LogName, Log]:
        """The store's logs; they are closed when the test ends."""
        logs = (
            open_sqlite(
                self.home,
                catalogue,
                clock=clock,
                keys=self.keys,
                create=create,
                converters=converters,
            )
            if self.url is None
            else open_postgres(
                self.url,
                catalogue,
                clock=clock,
                keys=self.keys,
                create=create,
                synthetic=synthetic,
                converters=converters,
            )
        )
        self.opened += logs.values()
        return logs


@pytest.fixture(scope="session")
def postgres_server() -> Iterator[Any]:
    """A PostgreSQL server of this test run alone; it starts when the first test asks for it."""
    with running() as server:
        with psycopg.connect(server.get_uri(), autocommit=True) as connection:
            connection.execute("ALTER SYSTEM SET fsync = off")  # nothing outlives the test run
            connection.execute("SELECT pg_reload_conf()")
        yield server


@pytest.fixture(scope="session")
def fresh_database(postgres_server: Any) -> Callable[[], str]:
    """Makes an empty database and gives its URL, for fixtures that live longer than one test."""
    return databases(postgres_server)


@pytest.fixture(scope="session")
def copied_database(postgres_server: Any) -> Callable[[str], str]:
    """Makes a copy of a database that nobody is connected to, and gives its URL."""
    return copies(postgres_server)


@pytest.fixture
def postgres_url(fresh_database: Callable[[], str]) -> str:
    """The URL of an empty PostgreSQL database, a new one for each test."""
    return fresh_database()


@pytest.fixture(params=["sqlite", pytest.param("postgres", marks=pytest.mark.postgres)])
def store(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Store]:
    """A place for logs on each database in turn; `store.open(catalogue)` gives them."""
    postgres = request.param == "postgres"
    place = Store(tmp_path, request.getfixturevalue("postgres_url") if postgres else None)
    yield place
    for log in place.opened:
        log.close()
