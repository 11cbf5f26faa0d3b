"""The queue's pages hold what the whole queue holds, in its order; the tally counts the same."""

from collections.abc import Callable
from datetime import timedelta
from itertools import product
from pathlib import Path

import pytest

from commands import observation
from projections import queue
from projections.queue import Clocks
from tests.commands.office import opened


@pytest.mark.parametrize("database", ["sqlite", pytest.param("pg", marks=pytest.mark.postgres)])
def test_pages_are_the_queue_cut(
    database: str, tmp_path: Path, request: pytest.FixtureRequest
) -> None:
    fresh: Callable[[], str] | None = (
        request.getfixturevalue("fresh_database") if database == "pg" else None
    )
    office = opened(tmp_path / "store", fresh() if fresh else None)
    reader = office.reader
    start = office.system.clock()
    for hours, urgent, signs in product((30, 2, 80), (None, "now"), ((), ("knife",))):
        office.later(0.1)
        item = office.words(
            f"told {hours} hours ago",
            told=start - timedelta(hours=hours),
            urgent_reason=urgent,
            urgency_signs=signs,
        )
        if hours == 2 and signs:
            observation.lower_urgency(office.desk, reader, item, "a toy")
    clocks = Clocks()
    with office.system.reading() as db:
        for late in (False, True):
            whole = queue.queue(db, reader, office.system.clock(), clocks, overdue_only=late)
            paged: list[queue.Waiting] = []
            place = None
            while not paged or place:
                rows, place = queue.page(
                    db,
                    reader,
                    office.system.clock(),
                    clocks,
                    overdue_only=late,
                    after=place,
                    limit=5,
                )
                paged += rows
            assert paged == whole
            skipped, _ = queue.page(
                db, reader, office.system.clock(), clocks, overdue_only=late, skip=3, limit=4
            )
            assert skipped == whole[3:7]
        everything = queue.queue(db, reader, office.system.clock(), clocks)
        assert queue.tally(db, reader, office.system.clock(), clocks) == queue.Tally(
            len(everything),
            sum(one.overdue for one in everything),
            sum(one.urgent for one in everything),
        )
    office.system.close()
