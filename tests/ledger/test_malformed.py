"""Of a malformed proof all verifiers say the same, whichever field is damaged and however. What the
one in the browser says of these rows: tests/web/records/test_verifier.py."""

from pathlib import Path

from ledger import check
from tests.conftest import Store
from tests.ledger import malformed
from tests.ledger.malformed import Row
from tests.ledger.packing import packer


def test_every_damaged_field_is_refused_by_both_verifiers_in_python(tmp_path: Path) -> None:
    one = packer(Store(tmp_path, None))
    told = [*malformed.rows(), *malformed.packs(one)]
    one.close()
    one.access.close()
    one.sealed.log.close()
    odd = [str(row) for row in told if not _refused(row) == _refused_here(row) == (not row.holds)]
    assert odd == []
    harmless = [row for row in told if row.holds]
    assert len(harmless) == len(malformed.HARMLESS)
    assert len(told) > 1_000


def test_each_field_that_a_vector_has_is_in_the_table() -> None:
    """All but what a form does not speak of: those say nothing."""
    assert list(malformed.wanting()) == []


def _refused(row: Row) -> bool:
    return malformed.verdict(row) != 0


def _refused_here(row: Row) -> bool:
    try:
        check.check(row.content, row.policy.decode(), row.receipt)
    except check.DoesNotHold:
        return True
    return False
