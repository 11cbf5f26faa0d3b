"""Two implementations of the access rules agree for any data: the SQL conditions that select rows,
and the Python function that checks a single record."""

from collections.abc import Callable
from functools import partial
from uuid import UUID

import msgspec
import pytest
import sqlalchemy as sa
from hypothesis import given, settings
from hypothesis import strategies as st

from access.who_may import conditions, scope
from access.who_may.decide import JOINS, SEEING, SORTS, decide
from access.who_may.table import ACTS
from domain.kernel.acts import Act
from domain.kernel.values import ROLES, Denied, Reader
from projections.kernel.batch import RowBatch
from projections.kernel.database import Db
from projections.people_and_teams import item_access
from projections.people_and_teams.item_access import ReachRow
from tests.fuzz import SHARED, TIMES
from tests.projections.conftest import (  # noqa: F401 (fixtures)
    empty_database,
    empty_file,
    postgres_views,
    sqlite_views,
    views,
)
from tests.projections.tale import Views

NAMES, TEAMS = ("psw.ellis", "dc.reed", "mgr.lund"), ("Engage", "Deter", "Cherish")
CASES = [UUID(int=n) for n in range(1, 4)]
ITEMS = [UUID(int=n) for n in range(10, 22)]

REED = Reader(
    "dc.reed",
    "Engage",
    "police",
    closed=True,
    roles=frozenset({"detective"}),
    teams=frozenset({"Engage"}),
)

rows = st.builds(
    ReachRow,
    id=st.just(UUID(int=0)),
    sort=st.sampled_from(SORTS),
    team=st.sampled_from(TEAMS),
    by=st.sampled_from(NAMES),
    case=st.sampled_from([None, *CASES]),
    shared=st.booleans(),
    handling=st.sampled_from([None, "P", "C"]),
    waiting=st.booleans(),
    assessor=st.sampled_from([None, *NAMES]),
    a=st.sampled_from([None, *ITEMS]),
    b=st.sampled_from([None, *ITEMS]),
)
worlds = st.lists(rows, min_size=3, max_size=2 * len(ITEMS))


def subsets(values: list[UUID]) -> st.SearchStrategy[frozenset[UUID]]:
    return st.frozensets(st.sampled_from(values), max_size=2)


readers = st.builds(
    Reader,
    name=st.sampled_from(NAMES),
    team=st.just("Engage"),
    controller=st.just("police"),
    keeps_for=st.sampled_from([None, "police", "charity"]),
    closed=st.just(True),
    roles=st.frozensets(st.sampled_from(ROLES), max_size=3),
    teams=st.frozensets(st.sampled_from(TEAMS), max_size=2),
    cases=subsets(CASES),
    children=subsets(ITEMS),
    glass=subsets(CASES),
    audited=subsets(CASES),
    disclosed=subsets(CASES),
    entries=subsets(ITEMS),
)
MANY = settings(
    max_examples=25 * TIMES,
    suppress_health_check=SHARED,
)


def filled(db: Db, world: list[ReachRow]) -> list[UUID]:
    """Replace the rows of the table `reach`, which says what each reader may see, by these rows for
    a few items. Return the ids of the items and one id of no item."""
    db.execute(sa.delete(ReachRow.table))
    batch = RowBatch(db)
    for number, row in enumerate(world):
        one, again = ITEMS[number % len(ITEMS)], number // len(ITEMS)
        joins = row.sort in JOINS
        batch.put(
            ReachRow(
                one,
                row.sort,
                row.team,
                row.by,
                row.case,
                row.shared,
                row.handling,
                row.waiting,
                row.assessor,
                row.a if joins else None,
                row.b if joins else None,
                number=again,
            )
        )
    batch.flush()
    return [*ITEMS[: min(len(world), len(ITEMS))], UUID(int=99)]


def holding(
    db: Db, condition: Callable[[sa.ColumnElement[UUID]], sa.ColumnElement[bool]]
) -> set[UUID]:
    c = ReachRow.table.c
    return set(db.execute(sa.select(c.id).where(condition(c.id))).scalars())


@MANY
@given(world=worlds, reader=readers, acts=st.sets(st.sampled_from(ACTS), max_size=5))
def test_sql_and_decision_agree(
    views: Views,  # noqa: F811
    world: list[ReachRow],
    reader: Reader,
    acts: set[Act],
) -> None:
    with views.engine.connect() as db:
        ids = filled(db, world)
        shown = holding(db, partial(scope.sees, reader))
        assert holding(db, partial(scope.sees, reader, singly=True)) == shown
        decided = scope.visible_items(db, reader, ids)
        assert shown == decided
        c = ReachRow.table.c
        reads = (
            scope.read(db, reader, c.id, [], [c.id, c.number], joins=joins)
            for joins in (True, False)
        )
        assert {row[0] for read in reads for row in read} == decided
        assert {row[0] for row in scope.read_few(db, reader, c.id, [], [c.id, c.number])} == decided
        for act in acts:
            reached = holding(db, partial(scope.may_act_on, reader, act))
            assert holding(db, partial(scope.may_act_on, reader, act, singly=True)) == reached
            assert reached == scope.reached(db, reader, act, ids), act


@pytest.mark.usually_on("sqlite", "postgres")
@MANY
@given(world=worlds, reader=readers)
def test_what_is_counted_is_seen_or_is_reported_in_figures(
    views: Views,  # noqa: F811
    world: list[ReachRow],
    reader: Reader,
) -> None:
    with views.engine.connect() as db:
        filled(db, world)
        counted = holding(db, partial(scope.counts, reader))
        known = scope.find_items(db, ITEMS)
        told = {
            one
            for one, held in known.items()
            for thing in held
            if decide(reader, "see-counts", thing).allowed
            or (thing.sort == "words" and decide(reader, "see-clock", thing).allowed)
        }
        seen = holding(db, partial(scope.sees, reader))
        assert counted == seen | told
        told = holding(db, partial(scope.in_readers_teams, reader))
        assert holding(db, partial(scope.in_readers_teams, reader, singly=True)) == told
        assert told <= {
            one for one, held in known.items() if any(thing.team in reader.teams for thing in held)
        }


@pytest.mark.usually_on("sqlite", "postgres")
def test_the_second_check_does_not_lean_on_the_first(views: Views) -> None:  # noqa: F811
    """The access rules in SQL and the access rules for single records read separate columns. So an
    error in one column does not make both checks wrong."""
    world = [ReachRow(ITEMS[0], "words", "Deter", "x", waiting=True)]
    world += [ReachRow(ITEMS[1], "person", "Engage", "x")]
    c = ReachRow.table.c
    with views.engine.connect() as db:
        filled(db, world)
        db.execute(sa.update(ReachRow.table).where(c.id == ITEMS[0]).values(team="Engage"))
        db.execute(sa.update(ReachRow.table).where(c.id == ITEMS[1]).values(label="[]"))
        assert holding(db, partial(scope.sees, REED)) == set(ITEMS[:2])
        assert scope.read(db, REED, c.id, [], [c.id]) == []
        assert scope.read_few(db, REED, c.id, [], [c.id]) == []
        assert scope.checked(db, REED, ITEMS[:2], lambda one: one) == []


def test_scope_asks_for_the_columns_of_the_view() -> None:
    columns = ReachRow.table.c
    for name in conditions.COLUMNS:
        assert name in columns
        kind = conditions.TYPES.get(name)
        assert kind is None or isinstance(columns[name].type, type(kind))
    assert item_access.VIEW.rows == (ReachRow,)
    assert set(SEEING) == set(SORTS)


def test_hidden_and_unknown_are_refused_in_the_same_words(views: Views) -> None:  # noqa: F811
    world = [ReachRow(ITEMS[0], "words", "Deter", "x"), ReachRow(ITEMS[1], "words", "Engage", "x")]
    with views.engine.connect() as db:
        filled(db, world)
        said = []
        for one in (ITEMS[0], UUID(int=99)):
            with pytest.raises(Denied) as unseen:
                scope.require_visible(db, REED, [one], "observation")
            with pytest.raises(Denied) as undone:
                scope.require_may(db, REED, "triage", one, "observation")
            said += [str(e.value).replace(str(one), "ID") for e in (unseen, undone)]
        assert len(set(said)) == 1
        scope.require_may(db, REED, "triage", ITEMS[1], "observation")
        everything = msgspec.structs.replace(REED, closed=False)
        scope.require_visible(db, everything, [ITEMS[0], UUID(int=99)], "observation")
