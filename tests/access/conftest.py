"""Fixtures: a store with sign-in services; tests run once with each database."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.access.door import Door
from tests.commands.office import Office, Place, opened
from tests.console.conftest import either, line
from tests.support.access.closed_steps import made

__all__ = ["either", "line", "made", "office"]


@pytest.fixture(params=["sqlite", pytest.param("postgres", marks=pytest.mark.postgres)])
def place(request: pytest.FixtureRequest, tmp_path: Path) -> Place:
    """Return the place of a new store: its home directory and, on PostgreSQL, the URL of an empty
    database. A test with this fixture runs once with each database."""
    postgres = request.param == "postgres"
    return tmp_path, request.getfixturevalue("copy_url") if postgres else None


@pytest.fixture
def office(place: Place) -> Iterator[Office]:
    made = opened(*place)
    yield made
    made.system.close()


@pytest.fixture(params=["sqlite", pytest.param("postgres", marks=pytest.mark.postgres)])
def empty_door(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Door]:
    """Yield the sign-in services of a store without any enrolled account."""
    postgres = request.param == "postgres"
    made = Door(tmp_path, request.getfixturevalue("postgres_url") if postgres else None)
    yield made
    made.credentials.close()
