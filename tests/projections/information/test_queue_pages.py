"""The pages of the queue together are the whole queue in its order, and the total counts the same
entries.
"""

from collections.abc import Callable
from datetime import timedelta
from itertools import product
from pathlib import Path

import pytest
import sqlalchemy as sa

from access.database import schema_of, writing
from commands.information import observation
from domain.kernel.values import Reader
from projections.information import queue
from projections.information.queue import Clocks, QueueItem, QueueRow
from projections.kernel import queries
from projections.kernel.database import Db
from projections.kernel.queries import counted, figure
from tests.commands.conftest import either
from tests.commands.office import Office, opened
from tests.support.projections.generations import forget

__all__ = ["either"]


def in_order(db: Db, reader: Reader, office: Office, *, late: bool) -> list[QueueItem]:
    """Return the waiting entries that a reader sees, sorted without the database."""
    rows = [QueueRow(*row) for row in db.execute(sa.select(QueueRow.table))]
    now, clocks = office.system.clock(), Clocks()
    rows = [row for row in rows if row.waiting and not row.restricted]
    found = [(row.seq, queue._waiting(row, now, clocks)) for row in rows]
    found.sort(key=lambda one: (not one[1].raised, not one[1].urgent, one[1].due, one[0]))
    return [one for _, one in found if one.overdue or not late]


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
            assert whole == in_order(db, reader, office, late=late)
            paged: list[queue.QueueItem] = []
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
        assert queue.tally(db, reader, office.system.clock(), clocks) == queue.QueueTally(
            len(everything),
            sum(one.overdue for one in everything),
            sum(one.urgent for one in everything),
        )
    office.system.close()


def test_what_is_left_behind_an_item_is_counted(either: Office) -> None:
    ids = [either.words(f"number {n}") for n in range(5)]
    reader, asked = either.reader, (either.system.clock(), Clocks())
    with either.system.reading() as db:
        place = queue.place(db, reader, ids[1])
        assert place
        assert queue.count_after(db, reader, *asked, place) == 3
        assert queue.count_after(db, reader, *asked, place, overdue_only=True) == 0
        rows, last = queue.page(db, reader, *asked, after=place, limit=3)
        assert [row.id for row in rows] == ids[2:]
        assert last is None
        assert queue.tally(db, reader, *asked, most=3).waiting == 4, "more than three"


def test_nothing_is_counted_further_than_a_figure_says(either: Office) -> None:
    for n in range(4):
        either.words(f"number {n}")
    with either.system.reading() as db:
        every = sa.select(QueueRow.table.c.observation)
        assert [counted(db, every, most) for most in (2, 3, 4, 5)] == [3, 4, 4, 4]
    assert [figure(n) for n in (0, 7, queries.COUNTED, queries.COUNTED + 1)] == [
        "0",
        "7",
        "1,000",
        "more than 1,000",
    ]


def test_views_of_an_earlier_release_show_the_queue_as_it_is(either: Office) -> None:
    """A queue whose rows an earlier release wrote, without a rank, is shown completely and in the
    right order."""
    raised = either.words("quiet", urgent_reason="now")
    read = either.words("a knife", urgency_signs=("knife",))
    calm = either.words("a red van")
    done = either.words("gossip")
    observation.triage(either.desk, either.reader, done, "no-value", "heard before")
    one = either.system
    one.keep_up()
    with writing(one.views.engine) as db:
        place = schema_of(db)
        db.exec_driver_sql(
            "DROP INDEX queue_by_open_rank_told_recorded"
            if place == "main"
            else f"DROP INDEX {place}.queue_by_open_rank_told_recorded"
        )
        for column in ("open", "rank"):
            db.exec_driver_sql(f'ALTER TABLE {place}.queue DROP COLUMN "{column}"')
    forget(one, "queue")
    asked = either.system.clock(), Clocks()
    for made_anew in (False, True):
        with one.views._current.using() as now:
            assert ("queue" in now.outdated) is not made_anew
        with one.views.asking() as (db, _):
            found = queue.queue(db, either.reader, *asked)
            assert [item.id for item in found] == [raised, read, calm]
            assert queue.tally(db, either.reader, *asked) == queue.QueueTally(3, 0, 2)
            assert len(queue.untaken(db, either.reader)) == 2
        one.views.make()
