"""About whom is a decision owed, as a reader may know of it?

The clocks are kept in `projections/due/undecided.py`, for all judgements of identity alike. Here
each runs by those alone of which the reader sees both people: what they do not see neither ends
what is owed nor makes it so.
"""

from collections import defaultdict
from collections.abc import Collection
from datetime import date
from typing import Any
from uuid import UUID
from weakref import WeakKeyDictionary

import sqlalchemy as sa

from access.who_may import scope
from domain.intelligence.for_decision import Suspect, awaits
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
    known,
)
from projections.kernel.database import Db
from projections.kernel.queries import ByIds, one_of, one_of_told, told_at_once

#: People, whom each is judged to be, and decisions about them, by their ids.
_PEOPLE, _SAME, _TAKEN = (
    ByIds(sa.select(table).order_by(*table.primary_key), table.c[column], always=True)
    for table, column in (
        (PersonRow.table, "person"),
        (SameRow.table, "a"),
        (TakenRow.table, "person"),
    )
)
#: What runs within one reading: each table and each count of what is due asks for it.
_RUNNING: WeakKeyDictionary[Db, dict[Reader, list[UUID]]] = WeakKeyDictionary()


def running(db: Db, reader: Reader) -> list[UUID]:
    """Which clocks of people who are judged the same as others run for a reader."""
    known = _RUNNING.setdefault(db, {})
    if reader not in known:
        known[reader] = _by_judgements(db, reader)
    return known[reader]


def is_told(dialect: sa.Dialect, reader: Reader, c: Any) -> sa.ColumnElement[bool]:
    """The condition that it is told that a decision is owed: to the person who sees the person and
    the link, if it is by the judgements that they see (the ids that are told at once: `running`);
    of several by the oldest link that they see, also of another record that was judged the same
    person, so that what they do not see changes nothing."""
    running = told_at_once(dialect)
    older, pair = JoinedRow.table.alias("older").c, SameRow.table.c
    before = sa.tuple_(older.since, older.id) < sa.tuple_(c.since, c.id)
    # said so that no index begins with all that is due
    waits = older.team == c.team, older.clock == UNDECIDED, older.ended.is_not(sa.true())

    def earlier(*of_them: sa.ColumnElement[bool]) -> sa.ColumnElement[bool]:
        told = _runs(older, running), _sees(reader, older)
        return sa.exists().where(*of_them, *waits, before, *told)

    return sa.and_(
        _sees(reader, c),
        _runs(c, running),
        sa.not_(earlier(older.item == c.item)),
        sa.not_(earlier(pair.a == c.item, older.item == pair.b)),
        sa.not_(earlier(pair.b == c.item, older.item == pair.a)),
    )


def runs(db: Db, c: Any) -> sa.ColumnElement[bool]:
    """The condition that a clock runs by all that is known: for what goes on to others."""
    running = told_at_once(db.dialect, _by_judgements(db, None))
    return sa.or_(c.clock != UNDECIDED, _runs(c, running))


def _sees(reader: Reader, c: Any) -> sa.ColumnElement[bool]:
    both = [scope.sees(reader, each, singly=True) for each in (c.item, c.other)]
    if not scope.protects(reader):
        both.append(c.other.not_in(sa.select(RestrictedRow.table.c.item)))
    return sa.and_(*both)


def _runs(c: Any, running: sa.BindParameter[Any]) -> sa.ColumnElement[bool]:
    return sa.or_(c.id.not_in(sa.select(JudgedRow.table.c.id)), one_of_told(c.id, running))


def _by_judgements(db: Db, reader: Reader | None) -> list[UUID]:
    """Which clocks of people who are judged the same as others run for a reader (None: for all that
    is known). As many statements are asked where there are none: their number tells nothing."""
    j, t, judged = JoinedRow.table.c, TieRow.table, JudgedRow.table
    open_now = sa.and_(j.id == judged.c.id, j.clock == UNDECIDED, sa.not_(j.ended))
    # outer joins begin with those judged, who are few, and not with all that is due
    select = (
        sa.select(j.id, j.item, judged.c.on, *t.c)
        .select_from(judged)
        .join(JoinedRow.table, open_now, isouter=True)
        .join(t, t.c.link == j.other, isouter=True)
    )
    there = [(clock, one, on, tie) for clock, one, on, *tie in db.execute(select) if tie[0]]
    clocks = [(clock, one, on, TieRow(*tie)) for clock, one, on, tie in there]
    records = _records(db, {end for *_, tie in clocks for end in (tie.a, tie.b)})
    seen = records.keys() if reader is None else _seen(db, reader, records)
    whole = _clusters(db, seen)
    decided: dict[UUID, list[TakenRow]] = defaultdict(list)
    for taken in _TAKEN(db, seen):
        decided[taken.person].append(TakenRow(*taken))

    def told(one: UUID, on: date) -> Suspect:
        return known(one, [records[each] for each in whole.get(one, (one,)) if each in records], on)

    found = []
    for clock, one, on, tie in clocks:
        other, same = tie.b if tie.a == one else tie.a, whole.get(one, [one])
        news = is_new(tie, [row for each in same for row in decided[each]])
        if news and other not in same and awaits(told(one, on), told(other, on)):
            found.append(clock)
    return found


def _records(db: Db, ends: Collection[UUID]) -> dict[UUID, PersonRow]:
    """The records of these people, and of all who are judged the same."""
    found = {row.person: PersonRow(*row) for row in _PEOPLE(db, ends)}
    same = {each for row in found.values() for each in row.same} - found.keys()
    return found | {row.person: PersonRow(*row) for row in _PEOPLE(db, same)}


def _clusters(db: Db, seen: Collection[UUID]) -> dict[UUID, list[UUID]]:
    """With whom each of these is one, in order, by the judgements between them."""
    whole: dict[UUID, list[UUID]] = {}
    for row in _SAME(db, seen):
        if row.b in seen:
            both = sorted({*whole.get(row.a, [row.a]), *whole.get(row.b, [row.b])})
            whole |= dict.fromkeys(both, both)
    return whole


def _seen(db: Db, reader: Reader, people: Collection[UUID]) -> set[UUID]:
    c = PersonRow.table.c
    where = one_of(db, c.person, people), scope.sees(reader, c.person, singly=True)
    return set(db.execute(sa.select(c.person).where(*where)).scalars())
