"""Fixtures: an empty set of views for each test."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.network.world import World, new_world


@pytest.fixture
def world(tmp_path: Path) -> Iterator[World]:
    with new_world(tmp_path) as made:
        yield made
