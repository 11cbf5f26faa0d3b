"""Fixtures: a store for each test, on files or on either database."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.access.conftest import place
from tests.commands.office import Office, opened

__all__ = ["either", "office", "place"]


@pytest.fixture
def office(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Office]:
    """Yield a store on files."""
    monkeypatch.chdir(tmp_path)
    place = opened(tmp_path / "store")
    yield place
    place.system.close()


@pytest.fixture(params=["sqlite", pytest.param("postgres", marks=pytest.mark.postgres)])
def either(
    request: pytest.FixtureRequest, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> Iterator[Office]:
    """Yield a store; tests run once with each database."""
    monkeypatch.chdir(tmp_path)
    url: str | None = None
    if request.param == "postgres":
        url = request.getfixturevalue("copy_url")
    place = opened(tmp_path / "store", url)
    yield place
    place.system.close()
