"""Deadlines for decisions about a suspected person, as far as a reader may know of them.

`projections/due/undecided.py` stores these deadlines for all readers. A deadline may run or end
because records were judged to be the same person. For a reader, only judgements about people whom
the reader sees count: other judgements neither begin nor end a deadline.
"""

from collections import defaultdict
from collections.abc import Collection
from datetime import date
from typing import Any
from uuid import UUID
from weakref import WeakKeyDictionary

import sqlalchemy as sa

from access.who_may import scope
from domain.intelligence.for_decision import Suspect, calls_for_decision
from domain.kernel.values import Reader
from projections.due.rows import JoinedRow, RestrictedRow
from projections.due.undecided import (
    UNDECIDED,
    JudgedRow,
    PersonRow,
    SameRow,
    TakenRow,
    TieRow,
    is_new,
    read_suspect,
)
from projections.kernel.database import Db
from projections.kernel.queries import ByIds, ids_parameter, is_one_of, is_one_of_parameter

#: Queries by the ids of people: for their records, for judgements that two records are the same
#: person, and for decisions about these people.
_PEOPLE, _SAME, _TAKEN = (
    ByIds(sa.select(table).order_by(*table.primary_key), table.c[column], always=True)
    for table, column in (
        (PersonRow.table, "person"),
        (SameRow.table, "a"),
        (TakenRow.table, "person"),
    )
)
#: The deadlines that run, for each transaction and reader. They are cached, because the queries of
#: each table and each count need them.
_RUNNING: WeakKeyDictionary[Db, dict[Reader, list[UUID]]] = WeakKeyDictionary()


def running(db: Db, reader: Reader) -> list[UUID]:
    """Return the ids of the running deadlines that this reader sees, among those about people who
    were judged to be the same as another recorded person.
    """
    known_items = _RUNNING.setdefault(db, {})
    if reader not in known_items:
        known_items[reader] = _by_judgements(db, reader)
    return known_items[reader]


def is_visible(dialect: sa.Dialect, reader: Reader, c: Any) -> sa.ColumnElement[bool]:
    """Return the SQL condition that the deadline for a decision about a person is shown to the
    reader.

    The reader has to see the person and the link, and the deadline has to run by the judgements
    that the reader sees (parameter `running`). If several deadlines are about one person, even
    under several records, only the oldest of those that the reader sees is shown; hidden deadlines
    therefore change nothing.
    """
    running = ids_parameter(dialect)
    older, pair = JoinedRow.table.alias("older").c, SameRow.table.c
    before = sa.tuple_(older.since, older.id) < sa.tuple_(c.since, c.id)
    # written so that no database reads all deadlines from an index
    waits = older.team == c.team, older.clock == UNDECIDED, older.ended.is_not(sa.true())

    def earlier(*of_them: sa.ColumnElement[bool]) -> sa.ColumnElement[bool]:
        conditions = _runs(older, running), _sees(reader, older)
        return sa.exists().where(*of_them, *waits, before, *conditions)

    return sa.and_(
        _sees(reader, c),
        _runs(c, running),
        sa.not_(earlier(older.item == c.item)),
        sa.not_(earlier(pair.a == c.item, older.item == pair.b)),
        sa.not_(earlier(pair.b == c.item, older.item == pair.a)),
    )


def runs(db: Db, c: Any) -> sa.ColumnElement[bool]:
    """Return the SQL condition that a deadline runs according to all stored facts. It ignores
    readers' rights and is used for escalation.
    """
    running = ids_parameter(db.dialect, _by_judgements(db, None))
    return sa.or_(c.clock != UNDECIDED, _runs(c, running))


def _sees(reader: Reader, c: Any) -> sa.ColumnElement[bool]:
    both = [scope.sees(reader, column, singly=True) for column in (c.item, c.other)]
    if not scope.protects(reader):
        both.append(c.other.not_in(sa.select(RestrictedRow.table.c.item)))
    return sa.and_(*both)


def _runs(c: Any, running: sa.BindParameter[Any]) -> sa.ColumnElement[bool]:
    return sa.or_(c.id.not_in(sa.select(JudgedRow.table.c.id)), is_one_of_parameter(c.id, running))


def _by_judgements(db: Db, reader: Reader | None) -> list[UUID]:
    """Return the ids of the deadlines that run by the judgements that `reader` sees, or by all
    judgements if `reader` is None. A judgement says that two records are the same person; only
    deadlines about people with such a judgement are returned.

    The number of SQL statements is always the same, so that it does not reveal whether there are
    such deadlines.
    """
    j, t, judged = JoinedRow.table.c, TieRow.table, JudgedRow.table
    open_now = sa.and_(j.id == judged.c.id, j.clock == UNDECIDED, sa.not_(j.ended))
    # the outer joins make the database begin with the few people who were judged the same, and not
    # with all deadlines
    select = (
        sa.select(j.id, j.item, judged.c.on, *t.c)
        .select_from(judged)
        .join(JoinedRow.table, open_now, isouter=True)
        .join(t, t.c.link == j.other, isouter=True)
    )
    there = [(clock, person, on, tie) for clock, person, on, *tie in db.execute(select) if tie[0]]
    clocks = [(clock, person, on, TieRow(*tie)) for clock, person, on, tie in there]
    records = _records(db, {end for *_, tie in clocks for end in (tie.a, tie.b)})
    seen = records.keys() if reader is None else _visible_people(db, reader, records)
    whole = _clusters(db, seen)
    decided: dict[UUID, list[TakenRow]] = defaultdict(list)
    for taken in _TAKEN(db, seen):
        decided[taken.person].append(TakenRow(*taken))

    def told(item: UUID, on: date) -> Suspect:
        return read_suspect(
            item,
            [records[record_id] for record_id in whole.get(item, (item,)) if record_id in records],
            on,
        )

    deadline_ids = []
    for clock, person, on, tie in clocks:
        other, same = tie.b if tie.a == person else tie.a, whole.get(person, [person])
        news = is_new(tie, [row for record_id in same for row in decided[record_id]])
        if news and other not in same and calls_for_decision(told(person, on), told(other, on)):
            deadline_ids.append(clock)
    return deadline_ids


def _records(db: Db, ends: Collection[UUID]) -> dict[UUID, PersonRow]:
    """Return the records of these people, and of all people judged the same as one of them."""
    rows = {row.person: PersonRow(*row) for row in _PEOPLE(db, ends)}
    same = {record_id for row in rows.values() for record_id in row.same} - rows.keys()
    return rows | {row.person: PersonRow(*row) for row in _PEOPLE(db, same)}


def _clusters(db: Db, seen: Collection[UUID]) -> dict[UUID, list[UUID]]:
    """Return, for each of these people who was judged the same as another of them, the sorted ids
    of all records that were judged to be the same person.
    """
    whole: dict[UUID, list[UUID]] = {}
    for row in _SAME(db, seen):
        if row.b in seen:
            both = sorted({*whole.get(row.a, [row.a]), *whole.get(row.b, [row.b])})
            whole |= dict.fromkeys(both, both)
    return whole


def _visible_people(db: Db, reader: Reader, people: Collection[UUID]) -> set[UUID]:
    c = PersonRow.table.c
    where = is_one_of(db, c.person, people), scope.sees(reader, c.person, singly=True)
    return set(db.execute(sa.select(c.person).where(*where)).scalars())
