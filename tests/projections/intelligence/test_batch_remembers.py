"""For any order of changes and queries, a batch of rows gives the same answers as a dictionary
would."""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta, timezone
from typing import Any
from uuid import UUID

import sqlalchemy as sa
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from access.ids import Id
from projections.intelligence.likely_same_person import PairRow
from projections.kernel.batch import RowBatch
from tests.fuzz import TIMES
from tests.projections.tale import Views

Held = dict[tuple[UUID, UUID], PairRow]
Step = Callable[[RowBatch, Held], tuple[object, object]]


class Word(str):
    """A text of a subclass of str, as a member of an enumeration is."""

    __slots__ = ()


NOON = datetime(2011, 3, 18, 12, tzinfo=UTC)
ids = st.sampled_from([UUID(int=number << 64 | number) for number in (1, 2)])
truths = st.sampled_from([True, False, 1, 0])
words = st.sampled_from([None, "same", Word("same"), "100 %s \N{POLICE CAR}"])
times = st.sampled_from(
    [None, NOON, NOON.astimezone(timezone(timedelta(hours=2))), NOON + timedelta(microseconds=1)]
)
rows = st.builds(
    PairRow, ids, ids, st.just(-0.1), st.sampled_from([0.5, 3.0]), truths, words, times
)


def by_key(held: Held) -> list[PairRow]:
    return [held[key] for key in sorted(held)]


def put(row: PairRow) -> Step:
    def step(batch: RowBatch, held: Held) -> tuple[object, object]:
        batch.put(row)
        held[row.a, row.b] = row
        return None, None

    return step


def drop(a: UUID, b: UUID) -> Step:
    def step(batch: RowBatch, held: Held) -> tuple[object, object]:
        batch.drop(PairRow, a, b)
        held.pop((a, b), None)
        return None, None

    return step


def drop_all(column: str, value: Any) -> Step:
    def step(batch: RowBatch, held: Held) -> tuple[object, object]:
        batch.drop_all(PairRow, column, value)
        for row in by_key(held):
            if getattr(row, column) == value:
                del held[row.a, row.b]
        return None, None

    return step


def flush() -> Step:
    def step(batch: RowBatch, held: Held) -> tuple[object, object]:
        batch.flush()
        return None, None

    return step


def get(a: UUID, b: UUID) -> Step:
    return lambda batch, held: (batch.get(PairRow, a, b), held.get((a, b)))


def fits(row: PairRow, wanted: dict[str, Any]) -> bool:
    return all(getattr(row, name) == value for name, value in wanted.items())


def having(wanted: dict[str, Any]) -> Step:
    return lambda batch, held: (
        batch.having(PairRow, **wanted),
        [row for row in by_key(held) if fits(row, wanted)],
    )


def among(column: str, values: list[Any], wanted: dict[str, Any]) -> Step:
    return lambda batch, held: (
        batch.among(PairRow, column, values, **wanted),
        [row for row in by_key(held) if getattr(row, column) in values and fits(row, wanted)],
    )


def either(values: list[UUID], wanted: dict[str, Any]) -> Step:
    return lambda batch, held: (
        batch.either(PairRow, values, **wanted),
        [row for row in by_key(held) if {row.a, row.b} & {*values} and fits(row, wanted)],
    )


def find(weight: float) -> Step:
    return lambda batch, held: (
        batch.find(PairRow, PairRow.table.c.weight > weight),
        [row for row in by_key(held) if row.weight > weight],
    )


SELECT = sa.select(PairRow.table.c.b).where(PairRow.table.c.a == sa.bindparam("a", type_=Id))


def ask(a: UUID) -> Step:
    return lambda batch, held: (
        sorted(batch.select_rows(SELECT, {"a": a}, PairRow)),
        sorted((row.b,) for row in held.values() if row.a == a),
    )


told = st.one_of(
    st.fixed_dictionaries({"a": ids}),
    st.fixed_dictionaries({"judgement": words}),
    st.fixed_dictionaries({"open": truths, "judged": times}),
)
dooms = st.one_of(
    st.tuples(st.sampled_from("ab"), ids),
    st.tuples(st.just("judgement"), words.filter(bool)),
    st.tuples(st.just("open"), truths),
)
steps: st.SearchStrategy[Step] = st.one_of(
    rows.map(put),
    st.builds(drop, ids, ids),
    dooms.map(lambda one: drop_all(*one)),
    st.builds(flush),
    st.builds(get, ids, ids),
    told.map(having),
    told.map(having),
    st.builds(
        among, st.just("a"), st.lists(ids), st.fixed_dictionaries({}, optional={"open": truths})
    ),
    st.builds(among, st.just("judgement"), st.lists(words.filter(bool)), st.just({})),
    st.builds(either, st.lists(ids), st.fixed_dictionaries({}, optional={"open": truths})),
    st.builds(find, st.sampled_from([0.0, 0.7, 2.0])),
    st.builds(ask, ids),
)


@settings(max_examples=50 * TIMES, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(before=st.lists(rows, min_size=2), after=st.lists(steps, min_size=3, max_size=25))
def test_any_order_of_changes_and_questions_tells_what_is_held(
    views: Views, before: list[PairRow], after: list[Step]
) -> None:
    held: Held = {}
    # the writes of the batch are rolled back before the next example
    with views.engine.connect() as db:
        earlier, batch = RowBatch(db), RowBatch(db)
        for row in before:
            put(row)(earlier, held)
        earlier.flush()
        for step in after:
            told, wanted = step(batch, held)
            assert told == wanted
        batch.flush()
        assert RowBatch(db).find(PairRow) == by_key(held)
