"""The access rules of `access.who_may.decide` as SQL conditions on the view `reach`.

The view `reach` (projections/people_and_teams/item_access.py) has one row for each item and each
team that holds the item. A row has the team, the author and the case, and says whether the item is
shared. An item without a row is visible to no reader.
"""

from collections.abc import Iterable
from functools import lru_cache
from typing import Any, Literal
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.engine.default import DefaultDialect
from sqlalchemy.sql import quoted_name

from access.database import SCHEMA
from access.ids import Id
from access.who_may.decide import ENDS, JOINS, SEEING, SORTS, granted
from access.who_may.table import WIDTHS, Width
from domain.kernel.acts import Act, Sort
from domain.kernel.values import Reader

#: The name, in SQL that is written as text, of the table that says who may see an item.
REACH = "reach"
_SCHEMA = quoted_name(SCHEMA, quote=False)
QUALIFIED = f"{SCHEMA}.{REACH}"
ALONE = tuple(sort for sort in SORTS if sort not in JOINS)
WIDEST: tuple[Width, ...] = ("any", "shared", "team", "queue", "own")
#: Sorts of items of which each team has few.
FEW: frozenset[Sort] = frozenset({"meeting", "tasking"})

#: The columns of `reach` that this module uses; a test compares their names with the view's table.
COLUMNS = (
    "id",
    "sort",
    "team",
    "by",
    "case",
    "shared",
    "handling",
    "waiting",
    "assessor",
    "a",
    "b",
    "label",
)
TYPES: dict[str, sa.types.TypeEngine[Any]] = {
    "id": Id(),
    "case": Id(),
    "a": Id(),
    "b": Id(),
    "shared": sa.Boolean(),
    "waiting": sa.Boolean(),
}
#: Aliases of the table `reach`: for an item, and for the two ends of an item that joins two others.
JOINED = ("reached", "one_end", "other_end")

#: What a condition allows the reader to do with an item: do an act on it, see it, count it in a
#: total, or (as a member of the item's team) see it or when it is due.
Asked = Act | Literal["see", "count", "told"]
_PLAIN = DefaultDialect()
_PLAIN.supports_native_boolean = True


def reach(alias: str) -> Any:
    """Return the table `reach` under an alias, for a query. The table has a row for each item and
    each team that holds it, with the facts that decide who may see the item.
    """
    columns = [
        sa.column(quoted_name(name, quote=True), TYPES.get(name, sa.Text())) for name in COLUMNS
    ]
    return sa.table(REACH, *columns, schema=_SCHEMA).alias(alias)


def width(reader: Reader, act: Act) -> Width | None:
    """Return the widest set of items on which the reader's roles allow this act; None if no role
    allows it.
    """
    widths = WIDTHS[reader.keeps_for == reader.charity]
    role_widths = {widths[role].get(act) for role in reader.roles}
    return next((candidate for candidate in WIDEST if candidate in role_widths), None)


@lru_cache(maxsize=2048)
def item_in_parameter(reader: Reader, act: Asked, name: str, *, singly: bool = False) -> str:
    """Return the SQL condition that the reader may see the item whose id is in the column `name`,
    or may do the act `act` on it.

    A database checks the condition for each row of a query. For a reader who may see few items,
    such as a worker with some families, a query with a limit would read all rows of the store.
    `singly` prevents this: the reader's few items are looked up first, by the indexes of `reach`.
    The OFFSET in the condition keeps PostgreSQL from reading all of a team's rows in `reach` first.

    The condition is text, the same for both databases, because SQLAlchemy would take longer to
    build and bind it than the database takes to answer.
    """
    r = reach(JOINED[0])
    both = [  # conditions that the reader sees both ends, for an item that joins two others
        _there(its, _any(reader, ENDS, its), end)
        for its, end in zip(map(reach, JOINED[1:]), (r.c.a, r.c.b), strict=True)
    ]
    visible = sa.or_(_any(reader, ALONE, r), sa.and_(_any(reader, JOINS, r), *both))
    clocked = sa.and_(r.c.sort == "words", _allowed(reader, "see-clock", r))
    match act:
        case "see":
            condition = visible
        case "count":
            condition = sa.or_(visible, clocked, _allowed(reader, "see-counts", r))
        case "told":
            ours = r.c.team.in_(sorted(reader.teams))
            condition = sa.and_(ours, sa.or_(visible, clocked))
        case _:
            condition = _allowed(reader, act, r)
    item: sa.ColumnClause[UUID] = sa.literal_column(name)
    if _text(condition) == "false":
        return "false"
    if singly and (few_condition := _few_items_condition(reader, [act], r)) is not None:
        return _text(item.in_(sa.select(r.c.id).where(few_condition, condition)))
    return _text(_there(r, condition, item))


@lru_cache(maxsize=256)
def few_items_query(reader: Reader, acts: frozenset[Act] = frozenset()) -> str | None:
    """Return, as SQL text, a query for the ids of the few items that the reader may see or do these
    acts on; further ids may be among them. Return None if there may be many items.
    """
    r = reach(JOINED[0])
    condition = _few_items_condition(reader, ["see", *sorted(acts)], r)
    return None if condition is None else _text(sa.select(r.c.id).where(condition))


def _few_items_condition(
    reader: Reader, acts: Iterable[Asked], r: Any
) -> sa.ColumnElement[bool] | None:
    """Return an SQL condition on rows of `reach` (`r`), which is true for every item that the
    reader may see or do one of these acts on, and perhaps for further items. Return None if there
    may be many items, or if indexes cannot find them.
    """
    conditions: dict[str, sa.ColumnElement[bool]] = {}
    for requested_act in acts:
        match requested_act:
            case "count":
                return None
            case "see" | "told":
                reaches = [(sort, _far(reader, SEEING[sort])) for sort in SORTS]
                reaches += [("words", _far(reader, "see-clock"))] if requested_act == "told" else []
            case act:
                reaches = [(sort, _far(reader, act)) for sort in SORTS]
        wider = {(sort, wide) for sort, (wide, _, _) in reaches if wide not in (None, "own")}
        if wider - {(sort, "team") for sort in FEW}:
            return None
        own = [(wide and "own", opened, entries) for _, (wide, opened, entries) in reaches]
        parts = [_within(reader, far, r) for far in dict.fromkeys(own) if any(far)]
        if wider:
            ours = r.c.team.in_(sorted(reader.teams))
            parts.append(sa.and_(ours, r.c.sort.in_(sorted(sort for sort, _ in wider))))
        conditions |= {_text(part): part for part in parts}
    return sa.or_(sa.false(), *conditions.values())


@lru_cache(maxsize=256)
def sees_item(reader: Reader, name: str, *, ends: bool) -> str:
    """Return the condition, as SQL text, that the reader sees the item whose id is in the column
    `name`. A statement with this condition has to join the table `reach` under the aliases in
    `JOINED`: the first for the item and, with `ends`, the others for the two items that it joins.
    """
    r, first_end, other = map(reach, JOINED)
    parts = [r.c.id == sa.literal_column(name)]
    if ends:
        parts += [first_end.c.id == r.c.a, other.c.id == r.c.b]
        parts += [
            _any(reader, sorts, its)
            for sorts, its in ((JOINS, r), (ENDS, first_end), (ENDS, other))
        ]
    else:
        parts.append(_any(reader, ALONE, r))
    return _text(sa.and_(*parts))


def _text(condition: sa.ColumnElement[bool] | sa.Select[Any]) -> str:
    return str(condition.compile(dialect=_PLAIN, compile_kwargs={"literal_binds": True}))


def _there(r: Any, condition: sa.ColumnElement[bool], item: Any) -> sa.ColumnElement[bool]:
    query = sa.select(sa.literal(1)).select_from(r).where(r.c.id == item, condition)
    return sa.exists(query.limit(1).offset(0))


def _any(reader: Reader, sorts: Iterable[Sort], r: Any) -> sa.ColumnElement[bool]:
    """Return the SQL condition that the reader sees the item in a row of `reach` (`r`) and that the
    item has one of these sorts (kinds of records). Sorts to which the reader has the same access
    share a part of the condition.
    """
    far: dict[_Far, list[str]] = {}
    for sort in sorts:
        far.setdefault(_far(reader, SEEING[sort]), []).append(sort)
    parts = (
        sa.and_(r.c.sort.in_(item_sorts), _within(reader, how, r))
        for how, item_sorts in far.items()
        if any(how)
    )
    return sa.or_(sa.false(), *parts)


#: The items on which a reader may do an act: the widest set that a role allows, then cases that
#: were opened for the reader for a limited time, then single log entries.
_Far = tuple[Width | None, frozenset[UUID], frozenset[UUID]]


def _far(reader: Reader, act: Act) -> _Far:
    opened = frozenset(item for ids, acts in granted(reader) if act in acts for item in ids)
    return width(reader, act), opened, reader.entries if act == "see-source" else frozenset()


def allows_nothing(reader: Reader, act: Act) -> bool:
    """Return whether there is no item at all on which the reader may do this act."""
    return not any(_far(reader, act))


def _allowed(reader: Reader, act: Act, r: object) -> sa.ColumnElement[bool]:
    return _within(reader, _far(reader, act), r)


def _within(reader: Reader, far: _Far, r: Any) -> sa.ColumnElement[bool]:
    wide, opened, entries = far
    if wide == "any":
        return sa.true()
    parts: list[sa.ColumnElement[bool]] = []
    cases = opened | reader.cases if wide else opened
    items = entries | reader.children if wide else entries
    if wide:
        parts.append(sa.and_(r.c.case.is_(None), r.c.by == reader.name))
    if cases:
        parts.append(r.c.case.in_(sorted(cases)))
    if items:
        parts.append(r.c.id.in_(sorted(items)))
    ours = r.c.team.in_(sorted(reader.teams))
    if wide == "queue":
        parts.append(sa.and_(ours, sa.or_(r.c.waiting, r.c.assessor == reader.name)))
    if wide in ("team", "shared"):
        parts.append(ours)
    if wide == "shared":
        parts.append(sa.and_(r.c.shared, sa.or_(r.c.handling.is_(None), r.c.handling != "C")))
    return sa.or_(sa.false(), *parts)
