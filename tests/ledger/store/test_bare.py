"""The loop that the benchmark compares with a log writes and reads the same data as the log does.
So the ratio of their speeds is fair."""

from pathlib import Path

import pytest

from bench.bare import Bare
from bench.material import BATCH, CATALOGUE, ids, now, submissions
from bench.sides import SQLiteSide
from ledger.proof.leaf import SealedRow, leaf_of, prefix
from ledger.store.setup import open_sqlite
from tests.ledger.known_keys import KnownKeys


@pytest.fixture
def side(tmp_path: Path) -> SQLiteSide:
    return SQLiteSide(CATALOGUE, tmp_path)


def test_the_bare_loop_does_the_same(side: SQLiteSide, tmp_path: Path) -> None:
    batch = submissions(BATCH, ids(0))
    recorded = [fact.event for facts in side.log.append(batch) for fact in facts]
    start = prefix(side.log.origin())
    bare = Bare(CATALOGUE["evidence"], start)

    rows = side.read(0)
    bare.open(side.read_keys([row[1] for row in rows]))
    assert [told.event for told in bare.told(rows)] == recorded
    assert [row[7] for row in rows] == [leaf_of(start, SealedRow(*row[:6], b"")) for row in rows]

    written, keys = bare.rows(batch, 1)
    assert [len(row[4]) for row in written] == [len(row[4]) for row in rows]
    side.write(written, keys)
    given = {"clock": now, "keys": KnownKeys(), "create": False}
    raw = open_sqlite(tmp_path / "raw", CATALOGUE, **given)["evidence"]  # type: ignore[arg-type]
    assert [fact.event for fact in raw.read(0, BATCH)] == recorded
    raw.close()
    side.close()
