"""What a reader sees: the rules as a condition in SQL, and once more for each record.

Every query asks `sees(reader, its id column)`, and puts what it found to `checked`; `read` does
both at once. Of ids that are given it may be decided first which of them are `seen`; those are read
by their ids then. The condition asks the columns of `reach`, the second check the label that stands
in the same row (access/who_may/labels.py) and `access.who_may.decide`; what neither knows is
hidden.
"""

from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from itertools import groupby
from operator import itemgetter
from typing import Any, TypeVar
from uuid import UUID
from weakref import WeakKeyDictionary

import msgspec
import sqlalchemy as sa

from access.database import each_value, schema_of
from access.logger import log
from access.who_may import conditions, labels
from access.who_may.conditions import Asked
from access.who_may.decide import JOINS, SEEING, Thing, decide, granted
from domain.kernel.acts import Act, Sort
from domain.kernel.decoding import read_id
from domain.kernel.values import Hidden, Reader

R = TypeVar("R")
#: Said instead of what prevents an act and is hidden.
HIDDEN = "a record that you may not see prevents this: ask the intelligence officer"
#: Whose work it is to protect a child: their use of what protects goes on under a restriction.
PROTECTING: tuple[Act, ...] = ("find", "work", "allocate")
#: So many items are few: they are read sooner than others are passed over.
SCARCE = 500


def sees(
    reader: Reader, item: sa.ColumnElement[UUID], *, singly: bool = False
) -> sa.ColumnElement[bool]:
    """The condition that the reader sees the item with this id; `singly`: asked row by row, for
    questions that end after some rows."""
    if not reader.closed:
        return sa.true()
    return _said(reader, "see", item, singly=singly)


def counts(reader: Reader, item: sa.ColumnElement[UUID]) -> sa.ColumnElement[bool]:
    """The condition that the item may be counted for the reader: they see it, or its clock, or are
    told figures of that team without any content."""
    if not reader.closed:
        return sa.true()
    return _said(reader, "count", item)


@dataclass(frozen=True)
class Figures:
    """Whose items are all counted for a reader (of these teams; None: everybody's), and of which
    cases, beside what they recorded themselves without any, some may be."""

    teams: frozenset[str] | None
    cases: frozenset[UUID]


def figures(reader: Reader) -> Figures | None:
    """As `counts` has it, for kept figures: exactly what it lets through of words and evidence is
    all of these teams', and what it lets through of these cases. None: each has to be asked."""
    seeing: tuple[Act, ...] = ("see-words", "see-clock", "see-outcome")
    found = case_figures(reader, "see-counts")
    if found.teams is None:
        return found
    if "any" in {conditions.width(reader, act) for act in seeing}:
        return None
    return found if found.teams else None


def case_figures(reader: Reader, act: Act = "see-case") -> Figures:
    """As `sees` has it for cases, for kept figures: all of these teams', and these cases."""
    wide = conditions.width(reader, act)
    if not reader.closed or wide == "any":
        return Figures(None, frozenset())
    opened = (ids for ids, _ in granted(reader))
    teams = reader.teams if wide in ("team", "shared") else frozenset[str]()
    return Figures(teams, reader.cases.union(*opened))


def told(
    reader: Reader, item: sa.ColumnElement[UUID], *, singly: bool = False
) -> sa.ColumnElement[bool]:
    """The condition that the item is one of the reader's teams', no matter who recorded it, and
    that the reader sees it, or its clock; `singly` as in `sees`."""
    return _said(reader, "told", item, singly=singly)


def may(
    reader: Reader, act: Act, item: sa.ColumnElement[UUID], *, singly: bool = False
) -> sa.ColumnElement[bool]:
    """The condition that the reader may do this to the item with this id; `singly` as in `sees`."""
    if not reader.closed:
        return sa.true()
    return _said(reader, act, item, singly=singly)


def protecting(reader: Reader, item: sa.ColumnElement[UUID]) -> sa.ColumnElement[bool]:
    """The condition that it is the reader's work to protect whom this case is about: a restriction
    limits every other use (UK GDPR art.18(2), DPA 2018 Sch.8 para.4)."""
    if not reader.closed:
        return sa.true()
    return sa.or_(*(may(reader, act, item, singly=True) for act in PROTECTING))


def protects(reader: Reader) -> bool:
    """Whether a role of the reader's is one whose work it is to protect somebody."""
    return any(not reaches_nothing(reader, act) for act in PROTECTING)


def reaches_nothing(reader: Reader, act: Act) -> bool:
    """The reader may do this to no item, now or later."""
    return reader.closed and conditions.nothing(reader, act)


def sees_little(reader: Reader) -> bool:
    """The reader sees little: their own items, families and meetings, which indexes find."""
    return reader.closed and conditions.little(reader) is not None


def among_little(
    reader: Reader, item: sa.ColumnElement[UUID], *acts: Act
) -> sa.ColumnElement[bool] | None:
    """The condition that the item is one of the little that the reader sees or may do one of these
    to, so that it is found from there; None for readers who reach much."""
    assert isinstance(item, sa.Column)  # noqa: S101 (of a view's table)
    little = conditions.little(reader, frozenset(acts)) if reader.closed else None
    return None if little is None else sa.literal_column(f"{_named(item)} IN ({little})")


def few(db: sa.Connection, reader: Reader, sorts: Collection[Sort]) -> set[UUID] | None:
    """Where the reader sees some of these sorts only, and there are few of those in all: which
    these are. Whether something is one of them is sooner said than whether it is seen."""
    seen = tuple(sorted(sort for sort in sorts if not reaches_nothing(reader, SEEING[sort])))
    if len(seen) == len(sorts):
        return None
    known = _FEW.setdefault(db, {})
    if seen not in known:
        known[seen] = _few(db, seen)
    return known[seen]


def _few(db: sa.Connection, seen: tuple[Sort, ...]) -> set[UUID] | None:
    r = conditions.reach("few")
    # of each team by the index in which they stand so: SQLite would use one that began with the
    # sort for questions that others answer better
    teams, _ = each_value(r.c.team, name="teams")
    found = sa.select(r.c.id).where(r.c.team.in_(teams), r.c.sort.in_(seen)).limit(SCARCE + 1)
    ids = set(db.execute(found).scalars())
    return ids if len(ids) <= SCARCE else None


def from_little(
    dialect: sa.Dialect, reader: Reader, item: sa.ColumnElement[UUID], select: sa.Select[Any]
) -> sa.Select[Any]:
    """The same rows, in no order, read from the little that the reader sees where they see little:
    PostgreSQL, which has no statistics of texts, would begin with what those say."""
    little = conditions.little(reader) if reader.closed else None
    if little is None or dialect.name != "postgresql":
        return select
    said = sa.text(little.replace(":", "\\:"))  # a name may have a colon, which begins no value
    ids = said.columns(sa.column("id", sa.Uuid())).subquery()
    own = sa.select(ids.c.id).distinct().subquery("little")  # several may hold one item
    found = select.where(item == own.c.id).offset(0).correlate(own).lateral()
    return sa.select(found).select_from(own.join(found, sa.true()))


def looked(
    reader: Reader, by: sa.ColumnElement[str], team: sa.ColumnElement[str], *acts: Act
) -> sa.ColumnElement[bool]:
    """The condition that the reader is told how this person of this team looked, by the widest of
    these acts: everybody of how they looked themselves."""
    reaches = {conditions.width(reader, act) for act in acts}
    if not reader.closed or "any" in reaches:
        return sa.true()
    theirs = team.in_(sorted(reader.teams)) if "team" in reaches else sa.false()
    return sa.or_(by == reader.name, theirs)


def _said(
    reader: Reader, what: Asked, item: sa.ColumnElement[UUID], *, singly: bool = False
) -> sa.ColumnElement[bool]:
    assert isinstance(item, sa.Column)  # noqa: S101 (of a view's table)
    said = conditions.there(reader, what, _named(item), singly=singly)
    return sa.false() if said == "false" else sa.literal_column(said)


def _named(item: sa.Column[UUID]) -> str:
    return f'"{item.table.name}"."{item.name}"'


def unlimited(reader: Reader) -> Reader:
    """The same reader without limits: for what is told to others or reckoned over everything that
    is known, and never for what the reader is shown."""
    return msgspec.structs.replace(reader, closed=False)


def read(
    db: sa.Connection,
    reader: Reader,
    item: sa.Column[UUID],
    where: Iterable[sa.ColumnElement[bool]],
    order: Iterable[sa.ColumnElement[object]],
    *,
    joins: bool = False,
    only: tuple[sa.Column[Any], ...] = (),
) -> list[Any]:
    """The rows of a table that satisfy the conditions and whose `item` the reader sees, or `only`
    these columns of them, of which `item` is one; `order` must keep apart what differs. With
    `joins` the items are such as join two others, and none without. Both checks cost one read: the
    rows come with the label of the item and of its ends."""
    return answer(db, question(db.dialect, reader, item, where, order, joins=joins, only=only))


@dataclass(frozen=True)
class ScopedQuestion:
    """What `read` asks for a reader, and of how many columns; `at` tells the item, where its label
    does not come with the row."""

    reader: Reader
    select: sa.Select[*tuple[Any, ...]]
    size: int
    at: int | None


def question(
    dialect: sa.Dialect,
    reader: Reader,
    item: sa.Column[UUID],
    where: Iterable[sa.ColumnElement[bool]],
    order: Iterable[sa.ColumnElement[object]],
    *,
    joins: bool = False,
    only: tuple[sa.Column[Any], ...] = (),
) -> ScopedQuestion:
    """What `read` asks, to be kept where it is asked often: to put it together takes longer than to
    answer it."""
    told = only or tuple(item.table.c)
    if not reader.closed or labels.verdicts(reader).own:  # what is theirs by its id has no label
        plain = sa.select(*told).where(*where, sees(reader, item)).order_by(*order)
        return ScopedQuestion(reader, plain, len(told), told.index(item))
    name = _named(item)
    if dialect.name == "sqlite":  # it knows no sizes, and would begin with all of reach at times
        name = f"+{name}"
    visible = conditions.joined(reader, name, ends=joins)
    condition: sa.ColumnElement[bool] = sa.literal_column(visible)
    labelled = _labelled(told, joins).where(*where, condition).order_by(*order)
    return ScopedQuestion(reader, labelled, len(told), None)


def answer(
    db: sa.Connection, asked: ScopedQuestion, values: Mapping[str, object] | None = None
) -> list[Any]:
    """The rows that answer a question, with what it left to be told."""
    found = db.execute(asked.select, values or {}).all()
    if asked.at is not None:
        return checked(db, asked.reader, found, itemgetter(asked.at))
    verdicts, size = labels.verdicts(asked.reader), asked.size
    standing = [
        row[:size] for row in found if labels.stands(*[verdicts[one] for one in row[size:]])
    ]
    _tell_of(len(found) - len(standing))
    return [row for row, _ in groupby(standing)]  # it came once for each by whom it is seen


def in_use(item: sa.Column[UUID]) -> sa.ColumnElement[bool]:
    """The condition that an item is in ordinary use: lists leave out what is restricted by
    itself."""
    there = (
        f"FROM {conditions.QUALIFIED} AS used WHERE used.id = {_named(item)} AND used.restricted"
    )
    return sa.not_(sa.literal_column(f"EXISTS (SELECT 1 {there})", sa.Boolean()))


def read_few(
    db: sa.Connection,
    reader: Reader,
    item: sa.Column[UUID],
    where: Iterable[sa.ColumnElement[bool]],
    order: Iterable[sa.ColumnElement[object]],
    *,
    only: tuple[sa.Column[Any], ...] = (),
) -> list[Any]:
    """As `read`, of a table of which few rows satisfy the conditions, whatever the items join: the
    rows are found first, and then it is asked of each whether it is seen."""
    told = only or tuple(item.table.c)
    select = sa.select(*told).where(*where, sees(reader, item)).order_by(*order)
    return checked(db, reader, db.execute(select), itemgetter(told.index(item)))


@lru_cache(maxsize=128)
def _labelled(told: tuple[sa.Column[Any], ...], joins: bool) -> sa.Select[Any]:
    """The rows beside those of `reach`, said as text: put together again for every question, joins
    would cost more than their answer."""
    names = conditions.JOINED if joins else conditions.JOINED[:1]
    columns: list[sa.ColumnElement[str]] = [sa.literal_column(f"{name}.label") for name in names]
    return sa.select(*told, *columns).select_from(
        *(sa.text(f"{conditions.QUALIFIED} AS {name}") for name in names)
    )


# --- one record at a time -----------------------------------------------------------------------


#: Many ids at once: SQLAlchemy takes longer to bind each than a database to answer, so they go as
#: one value, in each driver's own words.
_OF_SQLITE = "SELECT id, label, a, b FROM {}.reach WHERE id IN (SELECT value FROM json_each(?))"
_OF_POSTGRES = "SELECT id, label, a, b FROM {}.reach WHERE id = ANY(%s)"
_Row = tuple[UUID, str, UUID | None, UUID | None]
#: What was read of `reach` within one reading: the same items are asked for again and again. An id
#: is hashed in Python, so it is put into a set once, and sets and dictionaries are put together.
_READ: WeakKeyDictionary[sa.Connection, dict[UUID, Sequence[_Row]]] = WeakKeyDictionary()
#: Likewise, of which items it was decided whether a reader sees them, and those that they see.
_SEEN: WeakKeyDictionary[sa.Connection, dict[Reader, tuple[set[UUID], set[UUID]]]] = (
    WeakKeyDictionary()
)
#: Likewise, what there is of some sorts, where that is few.
_FEW: WeakKeyDictionary[sa.Connection, dict[tuple[Sort, ...], set[UUID] | None]] = (
    WeakKeyDictionary()
)


def _rows(db: sa.Connection, ids: Collection[UUID], *, always: bool = False) -> list[_Row]:
    """What `reach` tells of these items: a label, and the ends that an item joins (none, or two);
    once for each who holds it, and nothing of what it does not know. Nothing is asked where all was
    read before, but for those who `always` ask."""
    known, wanted = _READ.setdefault(db, {}), frozenset(ids)
    new = wanted.difference(known)
    if new or always:
        read: dict[UUID, list[_Row]] = {}
        for row in _read(db, new):
            read.setdefault(row[0], []).append(row)
        known.update(dict.fromkeys(new, ()))
        known.update(read)
        if len(new) == len(wanted):
            return [row for rows in read.values() for row in rows]
    return [row for one in wanted for row in known[one]]


def _read(db: sa.Connection, wanted: frozenset[UUID]) -> Iterator[_Row]:
    if db.dialect.name == "postgresql":
        for row in db.exec_driver_sql(_OF_POSTGRES.format(schema_of(db)), (list(wanted),)):
            yield row[0], row[1], row[2], row[3]
        return
    named = {one.hex: one for one in wanted}
    asked = _OF_SQLITE.format(schema_of(db))
    found = db.exec_driver_sql(asked, (msgspec.json.encode(list(named)).decode(),))
    for one, label, a, b in found:
        yield named[one], label, read_id(a), read_id(b)


def things(db: sa.Connection, ids: Collection[UUID]) -> dict[UUID, list[Thing]]:
    """What is known of these items, once for each who holds them; what is unknown is left out."""
    found: dict[UUID, list[Thing]] = {}
    for one, label, *_ in _rows(db, ids):
        found.setdefault(one, []).append(labels.thing(label, one))
    return found


def allowed(reader: Reader, act: Act, held: Iterable[Thing]) -> bool:
    """Whether this act reaches something as one of those hold it who do."""
    return any(decide(reader, act, thing).allowed for thing in held)


def seen(db: sa.Connection, reader: Reader, ids: Collection[UUID]) -> set[UUID]:
    """Which of these items the reader sees, decided one by one."""
    if not reader.closed:
        return set(ids)
    decided, visible = _SEEN.setdefault(db, {}).setdefault(reader, (set(), set()))
    wanted = set(ids)
    if new := wanted - decided:
        visible |= _decided(db, reader, _rows(db, new))
        decided |= new
    return wanted & visible


def unseen(db: sa.Connection, reader: Reader, ids: Collection[UUID]) -> set[UUID]:
    """Those of these items that the reader does not see. It is asked as often where there are none:
    nobody learns from how long a search takes whether it met something of others."""
    every = set(ids)
    return every - _decided(db, reader, _rows(db, every, always=True)) if reader.closed else set()


def _decided(db: sa.Connection, reader: Reader, rows: Iterable[_Row]) -> set[UUID]:
    of = labels.verdicts(reader).of
    found: set[UUID] = set()
    joining: list[tuple[UUID, Sort, UUID | None, UUID | None]] = []
    for one, label, a, b in rows:
        sort = of(label, one)
        if sort in JOINS:
            joining.append((one, sort, a, b))
        elif sort:
            found.add(one)
    ends = {end for *_, a, b in joining for end in (a, b) if end}
    sorts: dict[UUID | None, Sort | None] = {}
    for end, label, *_ in _rows(db, ends):
        sorts[end] = sorts.get(end) or of(label, end)
    return found | {
        one for one, sort, a, b in joining if labels.stands(sort, sorts.get(a), sorts.get(b))
    }


def reached(db: sa.Connection, reader: Reader, act: Act, ids: Collection[UUID]) -> set[UUID]:
    """Those of these items to which this act of the reader's reaches."""
    if not reader.closed:
        return set(ids)
    return {one for one, held in things(db, ids).items() if allowed(reader, act, held)}


def checked(
    db: sa.Connection, reader: Reader, rows: Iterable[R], of: Callable[[R], UUID]
) -> list[R]:
    """The rows that stand the second check. One that SQL let through and the rules do not is kept
    back and told to the log: the two have parted."""
    found = list(rows)
    if not reader.closed:
        return found
    every = {of(row) for row in found}
    visible = seen(db, reader, every)
    kept = found if visible == every else [row for row in found if of(row) in visible]
    _tell_of(len(found) - len(kept))
    return kept


def _tell_of(rows: int) -> None:
    if rows:
        log.error("the second check kept rows back", rows=rows)


def one_seen(db: sa.Connection, reader: Reader, item: UUID) -> bool:
    """Whether the reader sees this one item."""
    return item in seen(db, reader, [item])


def not_there(what: str, name: str) -> Hidden:
    """What is told of an item that is hidden or does not exist: both sound the same."""
    return Hidden(f"there is no {what} {name!r} that you can see", named=name)


def hides(db: sa.Connection, reader: Reader, item: UUID) -> bool:
    """Whether this item is there, and not for this reader to see."""
    return reader.closed and bool(things(db, [item])) and not one_seen(db, reader, item)


def require_seen(db: sa.Connection, reader: Reader, ids: Collection[UUID], what: str) -> None:
    """Raises Hidden where one of these items is hidden or does not exist: both sound the same."""
    hidden = set(ids) - seen(db, reader, ids)
    if hidden:
        raise not_there(what, str(min(hidden)))


def require_may(db: sa.Connection, reader: Reader, act: Act, item: UUID, what: str) -> None:
    """Raises Hidden where this act does not reach the item, in the words for a hidden one."""
    if reader.closed and not reached(db, reader, act, [item]):
        raise not_there(what, str(item))
