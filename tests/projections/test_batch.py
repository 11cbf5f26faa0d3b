"""A batch reads its own changes and writes each table once."""

from dataclasses import replace
from datetime import timedelta

import sqlalchemy as sa

from projections.batch import Batch
from projections.cases import NumberRow
from projections.held import HeldRow
from projections.links import LinkRow
from projections.search import TrigramRow
from tests.projections.tale import Tale, Views, hour


def test_what_was_put_is_read_before_it_is_written(views: Views) -> None:
    with views.engine.begin() as db:
        batch = Batch(db)
        assert batch.get(NumberRow, "cases") is None
        batch.put(NumberRow("cases", 1))
        batch.put(NumberRow("cases", 2))
        assert batch.get(NumberRow, "cases") == NumberRow("cases", 2)
        assert db.execute(sa.select(NumberRow.table)).all() == []
        batch.flush()
        assert db.execute(sa.select(NumberRow.table)).all() == [("cases", 2)]


def test_get_reads_what_an_earlier_batch_wrote(views: Views, tale: Tale) -> None:
    one = HeldRow(tale.new(), tale.new(), "sealed")
    for _ in range(2):
        with views.engine.begin() as db:
            batch = Batch(db)
            assert not batch.holds(HeldRow, one.observation)
            batch.put(one)
            batch.flush()
    with views.engine.begin() as db:
        batch = Batch(db)
        assert batch.get(HeldRow, one.observation) == one
        assert batch.holds(HeldRow, one.observation)


def test_find_sees_this_batchs_own_changes(views: Views) -> None:
    with views.engine.begin() as db:
        batch = Batch(db)
        for word in ("baz", "bazza", "caz"):
            batch.put(TrigramRow(" ba" if word != "caz" else " ca", word))
        batch.drop(TrigramRow, " ba", "baz")
        c = TrigramRow.table.c
        assert batch.find(TrigramRow, c.trigram == " ba") == [TrigramRow(" ba", "bazza")]
        batch.drop(TrigramRow, " ba", "bazza")
        assert batch.find(TrigramRow) == [TrigramRow(" ca", "caz")]


def test_what_is_dropped_may_come_again(views: Views) -> None:
    with views.engine.begin() as db:
        batch = Batch(db)
        batch.put(NumberRow("cases", 1))
        batch.drop(NumberRow, "cases")
        assert batch.get(NumberRow, "cases") is None
        batch.flush()
        batch.put(NumberRow("cases", 3))
        batch.flush()
        assert db.execute(sa.select(NumberRow.table)).all() == [("cases", 3)]


def test_all_of_one_value_are_dropped_wherever_they_stand(views: Views, tale: Tale) -> None:
    """What the database holds, what this batch has read, what it has put; what is put after it
    stays."""
    item, other = tale.new(), tale.new()
    written, read, new = (HeldRow(tale.new(), item, "sealed") for _ in range(3))
    moved, later, apart = (HeldRow(tale.new(), item, "sealed") for _ in range(3))
    apart = replace(apart, entry=other)
    with views.engine.begin() as db:
        batch = Batch(db)
        for row in (written, read, moved, apart):
            batch.put(row)
        batch.flush()
    with views.engine.begin() as db:
        batch = Batch(db)
        batch.get(HeldRow, read.observation)
        batch.put(replace(moved, entry=other))
        batch.put(new)
        batch.drop_all(HeldRow, "entry", item)
        batch.put(later)
        assert [batch.get(HeldRow, one.observation) for one in (read, new, written)] == [None] * 3
        batch.flush()
    with views.engine.begin() as db:
        kept = {row.observation for row in Batch(db).find(HeldRow)}
    assert kept == {moved.observation, later.observation, apart.observation}


def test_each_table_is_written_with_one_statement(views: Views, tale: Tale) -> None:
    written: list[str] = []
    sa.event.listen(
        views.engine,
        "before_cursor_execute",
        lambda db, cursor, statement, *rest: written.append(statement),
    )
    for _ in range(50):
        tale.words()
    views.follow(tale)
    assert (
        len([one for one in written if ".queue (" in one and one.startswith("INSERT INTO ")]) == 1
    )


def test_every_kind_of_value_comes_back_as_it_was(views: Views, tale: Tale) -> None:
    row = LinkRow(
        link=tale.new(),
        since=2**62,
        version=1,
        a=tale.new(),
        b=tale.new(),
        kind="uses",
        stage="evidence",
        grade=None,
        rank=None,
        handling="P",
        root=None,
        observation=tale.new(),
        report=None,
        item=1,
        exhibit=None,
        undermined=True,
        team='Engage "North", {a} \\ %s ü 🚗',
        weight=0.1,
        reference="",
        valid_from=None,
        valid_to=None,
        known_from=hour(1) + timedelta(microseconds=1),
        known_to=None,
    )
    with views.engine.begin() as db:
        batch = Batch(db)
        batch.put(row)
        assert batch.find(LinkRow) == [row]
