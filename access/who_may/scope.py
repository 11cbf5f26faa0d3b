"""The access rules for queries: as a condition in SQL, and as a second check of each row.

Every query contains the condition `sees` and passes its rows to `checked`; `read` does both. For
given ids, `visible_items` first decides which of these items the reader sees, and only the visible
ones are read. The condition uses the columns of `reach`. The second check uses the access label in
the same row of `reach` (access/who_may/labels.py) and `access.who_may.decide`. An item without a
row in `reach` is hidden.

The file is long because the same rules are here in SQL and in Python, to be read side by side.
"""

from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from functools import lru_cache
from itertools import groupby
from operator import itemgetter
from typing import Any, TypeVar, cast
from uuid import UUID
from weakref import WeakKeyDictionary

import msgspec
import sqlalchemy as sa
from msgspec import Struct

from access.database import each_value, schema_of
from access.ids import Id, as_json, sql_text
from access.logger import log
from access.who_may import conditions, labels
from access.who_may.decide import JOINS, SEEING, Thing, decide, granted
from domain.kernel.acts import Act, Sort
from domain.kernel.decoding import read_id
from domain.kernel.values import Hidden, Reader

R = TypeVar("R")
#: The message if a record that the user may not see prevents a command.
HIDDEN = "a record that you may not see prevents this: ask the intelligence officer"
#: Rights of users whose work is to protect a child: these users still see restricted items.
PROTECTING: tuple[Act, ...] = ("find", "work", "allocate")
#: If a reader sees at most this many items, reading these items is faster than skipping all
#: others.
SCARCE = 500


def sees(
    reader: Reader,
    item: sa.ColumnElement[UUID],
    *,
    singly: bool = False,
    act: conditions.Asked = "see",
) -> sa.ColumnElement[bool]:
    """Return the SQL condition that the reader sees the item whose id is in the column `item`, or
    may do the act `act` on it. `singly` suits queries with a limit: if the reader may see only a
    few items, these are looked up first.
    """
    if not reader.closed and act != "told":
        return sa.true()
    assert isinstance(item, sa.Column)  # noqa: S101 (of a view's table)
    condition = conditions.item_in_parameter(reader, act, _named(item), singly=singly)
    return sa.false() if condition == "false" else sql_text(condition)


def counts(reader: Reader, item: sa.ColumnElement[UUID]) -> sa.ColumnElement[bool]:
    """Return the SQL condition that an item may be included in a total that the reader is shown:
    the reader sees the item, or sees when it is due, or may see totals of the item's team without
    content.
    """
    return sees(reader, item, act="count")


class Figures(Struct, frozen=True):
    """The teams (None means all) and the cases whose items may be included in the totals that a
    reader is shown, if these totals were computed before the request.
    """

    teams: frozenset[str] | None
    cases: frozenset[UUID]


def figures(reader: Reader) -> Figures | None:
    """Return the teams and cases for which the reader may be shown totals of log entries and
    evidence that were computed before this request: the reader may count every log entry and item
    of evidence in them. Return None if the reader's access has to be checked for each item.
    """
    seeing: tuple[Act, ...] = ("see-words", "see-clock", "see-outcome")
    found_figures = case_figures(reader, "see-counts")
    if found_figures.teams is None:
        return found_figures
    if "any" in {conditions.width(reader, act) for act in seeing}:
        return None
    return found_figures if found_figures.teams else None


def case_figures(reader: Reader, act: Act = "see-case") -> Figures:
    """Return the teams and single cases for which the reader may be shown totals of cases that were
    computed before this request. `act` is the right that the reader needs for the cases.
    """
    wide = conditions.width(reader, act)
    if not reader.closed or wide == "any":
        return Figures(None, frozenset())
    opened = (ids for ids, _ in granted(reader))
    teams = reader.teams if wide in ("team", "shared") else frozenset[str]()
    return Figures(teams, reader.cases.union(*opened))


def in_readers_teams(
    reader: Reader, item: sa.ColumnElement[UUID], *, singly: bool = False
) -> sa.ColumnElement[bool]:
    """Return the SQL condition that an item belongs to one of the reader's teams, and that the
    reader sees the item or at least when it is due. `singly` suits queries with a limit: if the
    reader may see only a few items, these are looked up first.
    """
    return sees(reader, item, singly=singly, act="told")


def may_act_on(
    reader: Reader, act: Act, item: sa.ColumnElement[UUID], *, singly: bool = False
) -> sa.ColumnElement[bool]:
    """Return the SQL condition that the reader may do the act `act` on the item whose id is in the
    column `item`. `singly` suits queries with a limit: if the reader may act on only a few items,
    these are looked up first.
    """
    return sees(reader, item, singly=singly, act=act)


def protecting(reader: Reader, item: sa.ColumnElement[UUID]) -> sa.ColumnElement[bool]:
    """Return the SQL condition that it is the reader's work to protect the child of the case whose
    id is in the column `item`. Only these readers may use a restricted item, because a restriction
    forbids every other use (UK GDPR art.18(2), DPA 2018 Sch.8 para.4).
    """
    if not reader.closed:
        return sa.true()
    return sa.or_(*(may_act_on(reader, act, item, singly=True) for act in PROTECTING))


def protects(reader: Reader) -> bool:
    """Return whether one of the reader's roles has the work of protecting people."""
    return any(not reaches_nothing(reader, act) for act in PROTECTING)


def reaches_nothing(reader: Reader, act: Act) -> bool:
    """Return whether the reader may do this act on no item, now and later: no role and no temporary
    access of the reader allows the act.
    """
    return reader.closed and conditions.allows_nothing(reader, act)


def sees_little(reader: Reader) -> bool:
    """Return whether the reader sees only a few items, which are read from indexes: the reader's
    own items, and items of the reader's families and meetings.
    """
    return reader.closed and conditions.few_items_query(reader) is not None


def among_little(
    reader: Reader, item: sa.ColumnElement[UUID], *acts: Act
) -> sa.ColumnElement[bool] | None:
    """Return the SQL condition that the id in the column `item` is one of the few items that the
    reader may see or act on. The database can look these items up first. Return None if the reader
    may see many items.
    """
    assert isinstance(item, sa.Column)  # noqa: S101 (of a view's table)
    little = conditions.few_items_query(reader, frozenset(acts)) if reader.closed else None
    return None if little is None else sql_text(f"{_named(item)} IN ({little})")


def few_visible(db: sa.Connection, reader: Reader, sorts: Collection[Sort]) -> set[UUID] | None:
    """Return the ids of all items of those of these sorts (kinds of records) of which the reader
    may see any items; access to each item is not checked. Return None if the reader may see items
    of all these sorts, or if there are more than `SCARCE` ids.
    """
    seen = tuple(sorted(sort for sort in sorts if not reaches_nothing(reader, SEEING[sort])))
    if len(seen) == len(sorts):
        return None
    known_items = _FEW.setdefault(db, {})
    if seen not in known_items:
        known_items[seen] = _few_visible(db, seen)
    return known_items[seen]


def _few_visible(db: sa.Connection, seen: tuple[Sort, ...]) -> set[UUID] | None:
    r = conditions.reach("few")
    # Each team is looked up separately, by the index on teams. There is no index that begins with
    # the sort, because SQLite would use it for other queries, too, and answer these more slowly.
    teams, _ = each_value(r.c.team, name="teams")
    query = sa.select(r.c.id).where(r.c.team.in_(teams), r.c.sort.in_(seen)).limit(SCARCE + 1)
    ids = set(db.execute(query).scalars())
    return ids if len(ids) <= SCARCE else None


def from_few_items(
    dialect: sa.Dialect, reader: Reader, item: sa.ColumnElement[UUID], select: sa.Select[Any]
) -> sa.Select[Any]:
    """Return a query for the same rows as `select`, in any order, that begins by looking up the few
    items that the reader may see. If the reader may see many items, return `select` itself. With
    `select`, PostgreSQL would first read all rows, because it cannot estimate a condition that is
    written as text.
    """
    little = conditions.few_items_query(reader) if reader.closed else None
    if little is None or dialect.name != "postgresql":
        return select
    # a colon in a name is escaped, or it would begin a parameter
    ids_query = sa.text(little.replace(":", "\\:"))
    ids = ids_query.columns(sa.column("id", Id())).subquery()
    # DISTINCT, because several teams may hold the same item
    own = sa.select(ids.c.id).distinct().subquery("little")
    lateral = select.where(item == own.c.id).offset(0).correlate(own).lateral()
    return sa.select(lateral).select_from(own.join(lateral, sa.true()))


def may_see_access_of(
    reader: Reader, by: sa.ColumnElement[str], team: sa.ColumnElement[str], *acts: Act
) -> sa.ColumnElement[bool]:
    """Return the SQL condition that the reader may see which records a user has opened. The columns
    `by` and `team` have the user and the user's team. Readers may see this about themselves; with
    one of the rights `acts`, also about the users of their teams or about all users.
    """
    reaches = {conditions.width(reader, act) for act in acts}
    if not reader.closed or "any" in reaches:
        return sa.true()
    theirs = team.in_(sorted(reader.teams)) if "team" in reaches else sa.false()
    return sa.or_(by == reader.name, theirs)


def _named(item: sa.Column[UUID]) -> str:
    return f'"{item.table.name}"."{item.name}"'


def unlimited(reader: Reader) -> Reader:
    """Return this reader without limits to their access, for informing other users and for
    computations over all data. Nothing that is read with this access is shown to the reader.
    """
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
    """Return the rows that meet these conditions and whose item the reader sees; `item` is the
    column with the item's id. `only` limits the columns, which must include `item`; `order` must
    distinguish all rows; `joins` is True if the items join two others.

    Access is checked in SQL, and again in Python by the access labels that the same query returns.
    """
    return answer(db, question(db.dialect, reader, item, where, order, joins=joins, only=only))


class ScopedQuestion(Struct, frozen=True):
    """A query that `read` prepared for a reader. `size` is the number of its columns without access
    labels. `at` is the position of the column with the item's id if the query returns no access
    labels; otherwise None.
    """

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
    """Return the query with which `read` reads rows for the reader, without running it. Building a
    query takes longer than running it, so callers that run the same query often cache it.
    """
    columns = only or tuple(item.table.c)
    # if the reader may see single items by their ids, labels alone are not enough to decide
    if not reader.closed or labels.verdicts(reader).own:
        plain = sa.select(*columns).where(*where, sees(reader, item)).order_by(*order)
        return ScopedQuestion(reader, plain, len(columns), columns.index(item))
    name = _named(item)
    # the + keeps SQLite, which has no statistics, from beginning with all of `reach`
    if dialect.name == "sqlite":
        name = f"+{name}"
    visible = conditions.sees_item(reader, name, ends=joins)
    condition: sa.ColumnElement[bool] = sql_text(visible)
    labelled = _labelled(columns, joins).where(*where, condition).order_by(*order)
    return ScopedQuestion(reader, labelled, len(columns), None)


def answer(
    db: sa.Connection, scoped_question: ScopedQuestion, values: Mapping[str, object] | None = None
) -> list[Any]:
    """Run a query that the function `question` returned, and return the rows that its reader may
    see. `values` are the query's parameters.
    """
    rows = db.execute(scoped_question.select, values or {}).all()
    if scoped_question.at is not None:
        return checked(db, scoped_question.reader, rows, itemgetter(scoped_question.at))
    verdicts, size = labels.verdicts(scoped_question.reader), scoped_question.size
    standing = [
        row[:size] for row in rows if labels.is_visible(*[verdicts[label] for label in row[size:]])
    ]
    _log_disagreement(len(rows) - len(standing))
    # several teams may hold the item; then its rows are equal, and one of them is returned
    return [row for row, _ in groupby(standing)]


def in_use(item: sa.Column[UUID]) -> sa.ColumnElement[bool]:
    """Return the condition that the item is not restricted: lists leave restricted items out."""
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
    """Return the rows of a table that meet the conditions `where` and that the reader sees. Access
    is checked for each row that meets the conditions, so this function is for conditions that few
    rows meet.
    """
    columns = only or tuple(item.table.c)
    select = sa.select(*columns).where(*where, sees(reader, item)).order_by(*order)
    return checked(db, reader, db.execute(select), itemgetter(columns.index(item)))


@lru_cache(maxsize=128)
def _labelled(selected: tuple[sa.Column[Any], ...], joins: bool) -> sa.Select[Any]:
    """Return the query for the columns `selected`, which also returns the access label of each item
    from `reach`. The query is written as text: building the joins each time would take longer than
    the database takes to answer.
    """
    names = conditions.JOINED if joins else conditions.JOINED[:1]
    columns: list[sa.ColumnElement[str]] = [sa.literal_column(f"{name}.label") for name in names]
    return sa.select(*selected, *columns).select_from(
        *(sa.text(f"{conditions.QUALIFIED} AS {name}") for name in names)
    )


# --- checking one record at a time ----------------------------------------------------------------


#: The SQL that reads the access labels of many ids. The ids are passed as one value, in each
#: driver's own form, because SQLAlchemy would take longer to bind them singly than the database to
#: answer.
_OF_SQLITE = (
    "SELECT id, label, a, b FROM {}.reach WHERE id IN (SELECT unhex(value) FROM json_each(?))"
)
_OF_POSTGRES = "SELECT id, label, a, b FROM {}.reach WHERE id = ANY(%s)"
_Row = tuple[UUID, str, UUID | None, UUID | None]
#: For each connection, the rows of `reach` that were read on it, by item: an answer needs the same
#: items many times.
_READ: WeakKeyDictionary[sa.Connection, dict[UUID, Sequence[_Row]]] = WeakKeyDictionary()
#: For each connection and reader, the items for which access was decided already, and those among
#: them that the reader sees.
_SEEN: WeakKeyDictionary[sa.Connection, dict[Reader, tuple[set[UUID], set[UUID]]]] = (
    WeakKeyDictionary()
)
#: For each connection and group of sorts (kinds of records), the ids of all items of these sorts;
#: None for a group with too many items.
_FEW: WeakKeyDictionary[sa.Connection, dict[tuple[Sort, ...], set[UUID] | None]] = (
    WeakKeyDictionary()
)


def _rows(db: sa.Connection, ids: Collection[UUID], *, always: bool = False) -> list[_Row]:
    """Return the rows of `reach` for these items. A row has the access label of an item and the ids
    of the items that it joins (none or two). There is a row for each team that holds the item, and
    none for an unknown item. Items that were read on this connection before are not read again;
    with `always`, a query runs even if all items were read before.
    """
    rows_by_item, wanted = _READ.setdefault(db, {}), frozenset(ids)
    new = wanted.difference(rows_by_item)
    if new or always:
        read: dict[UUID, list[_Row]] = {}
        for row in _read(db, schema_of(db), new):
            read.setdefault(row[0], []).append(row)
        rows_by_item.update(dict.fromkeys(new, ()))
        rows_by_item.update(read)
        if len(new) == len(wanted):
            return [row for rows in read.values() for row in rows]
    return [row for item in wanted for row in rows_by_item[item]]


def _read(db: sa.Connection, schema: str, wanted: frozenset[UUID]) -> Iterator[_Row]:
    if db.dialect.name == "postgresql":
        for row in db.exec_driver_sql(_OF_POSTGRES.format(schema), (list(wanted),)):
            yield row[0], row[1], row[2], row[3]
        return
    text, ids = _OF_SQLITE.format(schema), as_json(wanted)
    for item, label, a, b in db.exec_driver_sql(text, (ids,)):
        yield cast(UUID, read_id(item)), label, read_id(a), read_id(b)


def find_items(db: sa.Connection, ids: Collection[UUID]) -> dict[UUID, list[Thing]]:
    """Return the items with these ids, once for each team that holds them; unknown ids are left
    out."""
    things: dict[UUID, list[Thing]] = {}
    for item, label, *_ in _rows(db, ids):
        things.setdefault(item, []).append(labels.load_label(label, item))
    return things


def allowed(reader: Reader, act: Act, things: Iterable[Thing]) -> bool:
    """Return whether the reader may do an act on one item. `things` has the item once for each team
    that holds it; it is enough if one of these allows the act.
    """
    return any(decide(reader, act, access_item).allowed for access_item in things)


def visible_items(db: sa.Connection, reader: Reader, ids: Collection[UUID]) -> set[UUID]:
    """Return those of the items with these ids that the reader may see; access is decided for each
    item.
    """
    if not reader.closed:
        return set(ids)
    decided, visible = _SEEN.setdefault(db, {}).setdefault(reader, (set(), set()))
    wanted = set(ids)
    if new := wanted - decided:
        visible |= _decided(db, reader, _rows(db, new))
        decided |= new
    return wanted & visible


def invisible_items(db: sa.Connection, reader: Reader, ids: Collection[UUID]) -> set[UUID]:
    """Return the items among these that the reader may not see. The query runs even without ids,
    because the duration of a search must not reveal whether it matched hidden items.
    """
    unique_ids = set(ids)
    return (
        unique_ids - _decided(db, reader, _rows(db, unique_ids, always=True))
        if reader.closed
        else set()
    )


def _decided(db: sa.Connection, reader: Reader, rows: Iterable[_Row]) -> set[UUID]:
    of = labels.verdicts(reader).verdict_for
    found_items: set[UUID] = set()
    joining: list[tuple[UUID, Sort, UUID | None, UUID | None]] = []
    for item, label, a, b in rows:
        sort = of(label, item)
        if sort in JOINS:
            joining.append((item, sort, a, b))
        elif sort:
            found_items.add(item)
    ends = {end for *_, a, b in joining for end in (a, b) if end}
    sorts: dict[UUID | None, Sort | None] = {}
    for end, label, *_ in _rows(db, ends):
        sorts[end] = sorts.get(end) or of(label, end)
    return found_items | {
        joining_item
        for joining_item, sort, a, b in joining
        if labels.is_visible(sort, sorts.get(a), sorts.get(b))
    }


def reached(db: sa.Connection, reader: Reader, act: Act, ids: Collection[UUID]) -> set[UUID]:
    """Return those of the items with these ids on which the reader may do the act."""
    if not reader.closed:
        return set(ids)
    return {item for item, things in find_items(db, ids).items() if allowed(reader, act, things)}


def checked(
    db: sa.Connection, reader: Reader, rows: Iterable[R], of: Callable[[R], UUID]
) -> list[R]:
    """Return those rows of a query whose item the reader sees. This is the second check of access,
    in Python; the first is in the query. If the two checks disagree about a row, the row is left
    out and a line is logged.
    """
    all_rows = list(rows)
    if not reader.closed:
        return all_rows
    item_ids = {of(row) for row in all_rows}
    visible = visible_items(db, reader, item_ids)
    visible_rows = (
        all_rows if visible == item_ids else [row for row in all_rows if of(row) in visible]
    )
    _log_disagreement(len(all_rows) - len(visible_rows))
    return visible_rows


def _log_disagreement(rows: int) -> None:
    if rows:
        log.error("the second check kept rows back", rows=rows)


def is_item_visible(db: sa.Connection, reader: Reader, item: UUID) -> bool:
    """Return whether the reader may see this item."""
    return item in visible_items(db, reader, [item])


def hidden_error(kind: str, name: str) -> Hidden:
    """Return the error for an item that is hidden or does not exist; the message is the same for
    both."""
    return Hidden(f"there is no {kind} {name!r} that you can see", named=name)


def hides(db: sa.Connection, reader: Reader, item: UUID) -> bool:
    """Return whether this item exists although the reader may not see it."""
    return reader.closed and bool(find_items(db, [item])) and not is_item_visible(db, reader, item)


def require_visible(db: sa.Connection, reader: Reader, ids: Collection[UUID], kind: str) -> None:
    """Raise Hidden if one of these items is hidden or does not exist; the message is the same for
    both."""
    hidden = set(ids) - visible_items(db, reader, ids)
    if hidden:
        raise hidden_error(kind, str(min(hidden)))


def require_may(db: sa.Connection, reader: Reader, act: Act, item: UUID, kind: str) -> None:
    """Raise Hidden if the reader may not do this act on the item, with the same message as for an
    item that the reader may not see. `kind` is the kind of item, for the message.
    """
    if reader.closed and not reached(db, reader, act, [item]):
        raise hidden_error(kind, str(item))
