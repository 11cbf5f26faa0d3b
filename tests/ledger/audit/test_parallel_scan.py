"""Two processes that examine a log together report the same as one process, and one of them reports
each faulty record.
"""

import os
import signal
from collections.abc import Iterator

import pytest

from ledger.audit import parallel_scan
from ledger.audit.parallel_scan import examine_in_halves
from ledger.proof.leaf_scan import Examined, examine
from ledger.proof.merkle import Peaks
from tests.conftest import Store
from tests.ledger.events import Counted, submission
from tests.ledger.sealing import Sealed, seal

SIZES = {1, 5, 300, 512, 513, 1037, 1112}


@pytest.fixture
def sealed(store: Store, monkeypatch: pytest.MonkeyPatch) -> Iterator[Sealed]:
    """Yield a log of 1,112 records. A lower limit makes two processes share its examination, and
    the log is divided where a subtree of 256 records ends."""
    one = seal(store)
    one.log.append([submission(*(Counted(n) for n in range(1100)))])
    monkeypatch.setattr(parallel_scan, "LARGE", 100)
    monkeypatch.setattr(parallel_scan, "_CHUNK", 256)
    yield one
    one.records.close()


def assert_same_report(sealed: Sealed, *tampering: str) -> None:
    sealed.tamper(*tampering)
    origin = sealed.pinned.origin
    place = sealed.store.url or sealed.store.home
    found = examine_in_halves(sealed.records, place, "evidence", origin, SIZES)
    alone = examine(sealed.records, origin, SIZES)
    assert found.tree.root() == alone.tree.root()
    assert found.roots == alone.roots
    for name in ("last", "recorded", "head", "head_before", "gaps", "differing", "back_dated"):
        assert getattr(found, name) == getattr(alone, name)
    assert found.has_differences is alone.has_differences is bool(tampering)


def test_two_processes_give_what_one_gives(sealed: Sealed) -> None:
    assert_same_report(sealed)


@pytest.mark.parametrize("seq", [3, 257])
def test_what_is_odd_in_either_half_is_reported_as_by_one(sealed: Sealed, seq: int) -> None:
    assert_same_report(sealed, f"UPDATE evidence_events SET recorded = 7 WHERE seq = {seq}")


def test_what_is_gone_where_they_meet_is_reported_as_by_one(sealed: Sealed) -> None:
    assert_same_report(sealed, "DELETE FROM evidence_events WHERE seq = 512")


def test_when_the_other_process_dies_one_does_it_all(
    sealed: Sealed, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(parallel_scan, "_examine_second_half", _killed)
    assert_same_report(sealed)


def _killed(*_: object) -> None:
    os.kill(os.getpid(), signal.SIGKILL)


def test_a_small_log_starts_no_process(sealed: Sealed, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(parallel_scan, "LARGE", 2000)
    monkeypatch.setattr(parallel_scan, "ProcessPoolExecutor", None)
    assert_same_report(sealed)


def test_a_half_of_many_subtrees_is_put_on_the_one_before() -> None:
    leaves = [n.to_bytes(32, "big") for n in range(3 * 65_536 + 77)]
    chunks: list[bytes] = []
    before, behind = Peaks(), Peaks(report=lambda floor, node: chunks.extend([node] * (floor == 2)))
    before.extend(leaves[:65_536])
    behind.extend(leaves[65_536:])
    whole = before.copy()
    whole.extend(leaves[65_536:])
    first, second = Examined("o", before, last=65_536), Examined("o", behind, last=len(leaves))
    joined = parallel_scan._Half(second, chunks).behind(first)
    assert (joined.tree.root(), joined.tree.size) == (whole.root(), len(leaves))
