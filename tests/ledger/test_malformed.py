"""All verifiers give the same verdict on a malformed proof. (tests/web/records/test_verifier.py
tests the verifier in the browser.)"""

from pathlib import Path

from tests.conftest import Store
from tests.ledger import malformed
from tests.ledger.packing import packer


def test_every_damaged_field_is_refused(tmp_path: Path) -> None:
    one = packer(Store(tmp_path, None))
    told = [*malformed.rows(), *malformed.packs(one)]
    one.close()
    one.access.close()
    one.sealed.log.close()
    assert [str(row) for row in told if (malformed.verdict(row) == 0) != row.holds] == []
    harmless = [row for row in told if row.holds]
    assert len(harmless) == len(malformed.HARMLESS)
    assert len(told) > 1_000


def test_each_field_that_a_vector_has_is_in_the_table() -> None:
    """Each field of a test vector is damaged by a row of the table, except fields that the format
    does not define."""
    assert list(malformed.wanting()) == []
