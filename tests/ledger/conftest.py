"""Fixtures: an encrypted log that a signer signs."""

from collections.abc import Iterator

import pytest

from tests.conftest import Store
from tests.ledger.sealing import Sealed, seal


@pytest.fixture
def sealed(store: Store) -> Iterator[Sealed]:
    one = seal(store)
    yield one
    one.log.close()
    one.records.close()
