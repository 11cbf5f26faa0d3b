"""A batch of rows returns its own changes before they are written, and writes each table once."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import psycopg
import pytest
import sqlalchemy as sa
from msgspec.structs import replace
from psycopg.pq import PipelineStatus

from access.ids import Id
from projections.due.joined import PairRow
from projections.families.cases import NumberRow
from projections.families.waiting_families import WaitingRow
from projections.information.held_sources import HeldRow
from projections.intelligence.links import LinkRow
from projections.intelligence.people import AgeRow
from projections.kernel.batch import RowBatch
from projections.search.index import TrigramRow
from tests.projections.tale import Tale, Views, hour


def test_what_was_put_is_read_before_it_is_written(views: Views) -> None:
    with views.engine.begin() as db:
        batch = RowBatch(db)
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
            batch = RowBatch(db)
            assert not batch.holds(HeldRow, one.observation)
            batch.put(one)
            batch.flush()
    with views.engine.begin() as db:
        batch = RowBatch(db)
        assert batch.get(HeldRow, one.observation) == one
        assert batch.holds(HeldRow, one.observation)


def test_find_sees_this_batchs_own_changes(views: Views) -> None:
    with views.engine.begin() as db:
        batch = RowBatch(db)
        for word in ("baz", "bazza", "caz"):
            batch.put(TrigramRow(" ba" if word != "caz" else " ca", word))
        batch.drop(TrigramRow, " ba", "baz")
        c = TrigramRow.table.c
        assert batch.find(TrigramRow, c.trigram == " ba") == [TrigramRow(" ba", "bazza")]
        batch.drop(TrigramRow, " ba", "bazza")
        assert batch.find(TrigramRow) == [TrigramRow(" ca", "caz")]


def test_what_holds_a_value_is_found_by_what_was_written_and_what_was_not(views: Views) -> None:
    with views.engine.begin() as db:
        batch = RowBatch(db)
        for word in ("baz", "bazza", "bazzer"):
            batch.put(TrigramRow(" ba", word))
        batch.flush()
    with views.engine.begin() as db:
        batch = RowBatch(db)
        batch.put(TrigramRow(" ba", "bab"))
        batch.drop(TrigramRow, " ba", "baz")
        assert [row.word for row in batch.having(TrigramRow, trigram=" ba")] == [
            "bab",
            "bazza",
            "bazzer",
        ]
        batch.put(TrigramRow(" ca", "caz"))
        batch.drop(TrigramRow, " ba", "bab")
        batch.flush(TrigramRow)
        both = batch.among(TrigramRow, "trigram", (" ca", " ba", " da"))
        assert [row.word for row in both] == ["bazza", "bazzer", "caz"]
        batch.drop_all(TrigramRow, "trigram", " ba")
        batch.put(TrigramRow(" ba", "babs"))
        assert [row.word for row in batch.having(TrigramRow, trigram=" ba")] == ["babs"]
        assert not batch.among(TrigramRow, "trigram", ())


def test_what_was_queried_once_is_not_queried_again(
    views: Views, tale: Tale, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked: list[str] = []
    case, others = tale.new(), [tale.new() for _ in range(3)]
    with views.engine.begin() as db:
        batch = RowBatch(db)
        for one in others:
            batch.put(
                WaitingRow(one, case, "waiting", None, "full", hour(0), hour(0).date(), "dc.reed")
            )
        batch.flush()
    rows_of: Callable[..., list[Any]] = RowBatch._rows

    def read(self: RowBatch, text: str, given: object) -> list[Any]:
        asked.append(text)
        return rows_of(self, text, given)

    monkeypatch.setattr(RowBatch, "_rows", read)
    with views.engine.begin() as db:
        batch = RowBatch(db)
        for _ in others:
            found = batch.having(WaitingRow, case=case, became=None)
            batch.put(replace(found[0], became="worker-given"))
        assert not batch.having(WaitingRow, case=case, became=None)
        assert len(batch.having(WaitingRow, case=case, became="worker-given")) == 3
        assert len(asked) == 2


def test_rows_whose_keys_share_their_further_columns_are_read_together(
    views: Views, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked: list[str] = []
    with views.engine.begin() as db:
        batch = RowBatch(db)
        for trigram, word in ((" ba", "baz"), (" ca", "baz"), (" ca", "caz")):
            batch.put(TrigramRow(trigram, word))
        batch.flush()
    rows_of: Callable[..., list[Any]] = RowBatch._rows

    def read(self: RowBatch, text: str, given: object) -> list[Any]:
        asked.append(text)
        return rows_of(self, text, given)

    monkeypatch.setattr(RowBatch, "_rows", read)
    with views.engine.begin() as db:
        batch = RowBatch(db)
        batch.put(TrigramRow(" da", "baz"))
        batch.read(TrigramRow, [" ba", " ca", " da", " ea"], "baz")
        found = [batch.get(TrigramRow, one, "baz") for one in (" ba", " ca", " da", " ea")]
    assert found == [*(TrigramRow(one, "baz") for one in (" ba", " ca", " da")), None]
    assert len(asked) == 1


def test_a_selection_is_queried_with_its_values(views: Views, tale: Tale) -> None:
    one = tale.new()
    c, observation = HeldRow.table.c, sa.bindparam("one", type_=Id)
    select = sa.select(c.held, c.observation).where(c.observation == observation, c.held != "")
    with views.engine.begin() as db:
        batch = RowBatch(db)
        batch.put(HeldRow(one, tale.new(), "sealed"))
        assert batch.select_rows(select, {"one": one}, HeldRow) == [("sealed", one)]
        assert not batch.select_rows(select, {"one": tale.new()}, HeldRow)


@pytest.mark.postgres
def test_what_a_server_cannot_read_is_the_facts_fault_and_not_its_own(
    postgres_views: Views,
) -> None:
    by = sa.bindparam("by", type_=sa.Integer)
    select = sa.select(NumberRow.table.c.last).where(sa.literal(1, sa.Integer) / by == 1)
    with postgres_views.engine.connect() as db:
        batch = RowBatch(db)
        batch.put(NumberRow("cases", 1))
        with pytest.raises(sa.exc.DataError):
            batch.select_rows(select, {"by": 0}, NumberRow)


def test_what_is_dropped_may_come_again(views: Views) -> None:
    with views.engine.begin() as db:
        batch = RowBatch(db)
        batch.put(NumberRow("cases", 1))
        batch.drop(NumberRow, "cases")
        assert batch.get(NumberRow, "cases") is None
        batch.flush()
        batch.put(NumberRow("cases", 3))
        batch.flush()
        assert db.execute(sa.select(NumberRow.table)).all() == [("cases", 3)]


def test_all_of_one_value_are_dropped_wherever_they_stand(views: Views, tale: Tale) -> None:
    """A batch deletes all rows with a given value in a column: rows in the database, rows that the
    batch has read, and rows that it has written. Rows written afterwards stay."""
    item, other = tale.new(), tale.new()
    written, read, new = (HeldRow(tale.new(), item, "sealed") for _ in range(3))
    moved, later, apart = (HeldRow(tale.new(), item, "sealed") for _ in range(3))
    apart = replace(apart, entry=other)
    with views.engine.begin() as db:
        batch = RowBatch(db)
        for row in (written, read, moved, apart):
            batch.put(row)
        batch.flush()
    with views.engine.begin() as db:
        batch = RowBatch(db)
        batch.get(HeldRow, read.observation)
        batch.put(replace(moved, entry=other))
        batch.put(new)
        batch.drop_all(HeldRow, "entry", item)
        batch.put(later)
        assert [batch.get(HeldRow, one.observation) for one in (read, new, written)] == [None] * 3
        batch.flush()
    with views.engine.begin() as db:
        kept = {row.observation for row in RowBatch(db).find(HeldRow)}
    assert kept == {moved.observation, later.observation, apart.observation}


@pytest.mark.parametrize("words", [1, 50])
def test_each_table_is_written_with_one_statement_and_all_of_them_at_once(
    views: Views, tale: Tale, monkeypatch: pytest.MonkeyPatch, words: int
) -> None:
    written: list[str] = []
    alone: list[str] = []
    tell = RowBatch._tell

    def told(self: RowBatch, statement: str, given: Any, **how: Any) -> None:
        written.append(statement)
        driven: Any = self._db.connection.driver_connection
        server = isinstance(driven, psycopg.Connection)
        if server and driven.pgconn.pipeline_status == PipelineStatus.OFF:
            alone.append(statement)
        tell(self, statement, given, **how)

    monkeypatch.setattr(RowBatch, "_tell", told)
    for _ in range(words):
        tale.words()
    views.follow(tale)
    assert len([one for one in written if _inserts(one) and ".queue (" in one]) == 1
    assert len([one for one in written if _inserts(one)]) > 10
    assert not [one for one in alone if _inserts(one)], "a server is asked once for all"


def _inserts(statement: str) -> bool:
    return statement.startswith("INSERT INTO ") and ".positions " not in statement


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
        batch = RowBatch(db)
        batch.put(row)
        assert batch.find(LinkRow) == [row]


#: Texts that have a special meaning in the text form of an array in PostgreSQL.
PECULIAR = ("", " ", "NULL", "null", '"', "\\", '\\"', "{}", "a,b", "{a,b}", "two\nlines", "\tü")


def test_words_that_mean_something_to_a_database_come_back_as_they_were(
    views: Views, tale: Tale
) -> None:
    born = hour(1).date()
    ages = [AgeRow(tale.new(), 1, None, None, words, hour(0)) for words in (None, *PECULIAR)]
    ages.append(AgeRow(tale.new(), 2**62, True, born, "\0 is no text", hour(0), born))
    pairs = [
        PairRow(tale.new(), tale.new(), tale.new(), (("place", words, words, 0.1),), hour(0))
        for words in (*PECULIAR, "\0")
    ]
    with views.engine.begin() as db:
        batch = RowBatch(db)
        for one in (*ages, *pairs):
            batch.put(one)
        batch.flush()
    with views.engine.begin() as db:
        batch = RowBatch(db)
        ages[-1] = replace(ages[-1], words="\ufffd is no text")
        assert batch.find(AgeRow) == sorted(ages, key=lambda row: row.entity)
        assert batch.find(PairRow) == sorted(pairs, key=lambda row: row.id)
