"""An office, and its door, on each database in turn."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.access.door import Door
from tests.commands.office import Office, opened
from tests.console.conftest import either, line

__all__ = ["either", "line", "office"]


@pytest.fixture(params=["sqlite", pytest.param("postgres", marks=pytest.mark.postgres)])
def office(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Office]:
    postgres = request.param == "postgres"
    made = opened(tmp_path, request.getfixturevalue("postgres_url") if postgres else None)
    yield made
    made.system.close()


@pytest.fixture(params=["sqlite", pytest.param("postgres", marks=pytest.mark.postgres)])
def empty_door(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Door]:
    """Where nobody is enrolled yet."""
    postgres = request.param == "postgres"
    made = Door(tmp_path, request.getfixturevalue("postgres_url") if postgres else None)
    yield made
    made.credentials.close()
