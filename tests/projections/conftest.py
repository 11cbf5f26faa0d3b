"""Fixtures: empty tables of the views on each database, copied for every test from tables that were
made once."""

import shutil
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any, TypeVar

import pytest

from projections import all_views
from projections.kernel import runner
from tests.postgres import copied, dropped
from tests.projections.tale import Tale, Views

Place = TypeVar("Place", Path, str)


@pytest.fixture
def tale() -> Tale:
    return Tale()


@pytest.fixture(scope="session")
def empty_file(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Make the tables of the views in a file, without rows; return the file's path."""
    return made(tmp_path_factory.mktemp("empty") / "views.db")


@pytest.fixture(scope="session")
def empty_database(fresh_database: Callable[[], str]) -> str:
    """Make the tables of the views on a server; return the URL of their database, to which no
    connection is open.
    """
    return made(fresh_database())


@pytest.fixture
def sqlite_views(empty_file: Path, tmp_path: Path) -> Iterator[Views]:
    yield from _open(Path(shutil.copy(empty_file, tmp_path / "views.db")))


@pytest.fixture
def postgres_views(
    postgres_server: Any, empty_database: str, copied_database: Callable[[str], str]
) -> Iterator[Views]:
    url = copied(postgres_server, empty_database, copied_database)
    yield from _open(url)
    dropped(postgres_server, url)


@pytest.fixture(params=["sqlite", pytest.param("postgres", marks=pytest.mark.postgres)])
def views(request: pytest.FixtureRequest) -> Views:
    opened: Views = request.getfixturevalue(f"{request.param}_views")
    return opened


def made(where: Place) -> Place:
    """Make the tables of the views in the database at this place; return the place."""
    engine = runner.open_views(where)
    runner.create(engine, all_views.VIEWS)
    engine.dispose()
    return where


def _open(where: Path | str) -> Iterator[Views]:
    engine = runner.open_views(where)
    yield Views(engine)
    engine.dispose()
