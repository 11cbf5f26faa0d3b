"""Fixtures: an encrypted log that a signer signs."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.ledger.sealing import Sealed, sealed_copy


@pytest.fixture(params=["sqlite", pytest.param("postgres", marks=pytest.mark.postgres)])
def sealed(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Sealed]:
    """Yield a copy of an encrypted log with a signer; tests run once with each database."""
    url = request.getfixturevalue("copy_url") if request.param == "postgres" else None
    with sealed_copy(tmp_path, url) as one:
        yield one
