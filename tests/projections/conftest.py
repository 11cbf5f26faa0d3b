"""Views on each database, empty for every test."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from projections import runner
from tests.projections.tale import Tale, Views


@pytest.fixture
def tale() -> Tale:
    return Tale()


@pytest.fixture
def sqlite_views(tmp_path: Path) -> Iterator[Views]:
    yield from _open(tmp_path / "views.db")


@pytest.fixture(params=["sqlite", pytest.param("postgres", marks=pytest.mark.postgres)])
def views(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Views]:
    if request.param == "sqlite":
        yield from _open(tmp_path / "views.db")
    else:
        yield from _open(request.getfixturevalue("postgres_url"))


def _open(where: Path | str) -> Iterator[Views]:
    engine = runner.open_views(where)
    runner.create(engine)
    yield Views(engine)
    engine.dispose()
