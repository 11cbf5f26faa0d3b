"""The rules of `access.who_may.decide` in the words of SQL, over the view `reach`.

`reach` (projections/people_and_teams/item_access.py) holds a row for every item that can be named,
one for each who holds it: whose it is, under which case, whether it is shared. What it does not
know is seen by nobody.
"""

from collections.abc import Iterable
from functools import lru_cache
from typing import Any, Literal
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.engine.default import DefaultDialect
from sqlalchemy.sql import quoted_name

from access.database import SCHEMA
from access.who_may.decide import ENDS, JOINS, SEEING, SORTS, granted
from access.who_may.table import Width, width_of
from domain.kernel.acts import Act, Sort
from domain.kernel.values import Reader

#: The table of the view that tells whose an item is, and how text of our own names it.
REACH = "reach"
_SCHEMA = quoted_name(SCHEMA, quote=False)
QUALIFIED = f"{SCHEMA}.{REACH}"
ALONE = tuple(sort for sort in SORTS if sort not in JOINS)
WIDEST: tuple[Width, ...] = ("any", "shared", "team", "queue", "own")
#: Sorts of which a team has few.
FEW: frozenset[Sort] = frozenset({"meeting", "tasking"})

#: The columns of `reach`, as this module asks for them; a test holds them to the view's table.
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
    "id": sa.Uuid(),
    "case": sa.Uuid(),
    "a": sa.Uuid(),
    "b": sa.Uuid(),
    "shared": sa.Boolean(),
    "waiting": sa.Boolean(),
}
#: What an item that joins two others is read with: their rows, under these names.
JOINED = ("reached", "one_end", "other_end")

#: What is asked of an item: that it is seen, counted, told to the reader's teams, or in an act's
#: reach.
Asked = Act | Literal["see", "count", "told"]
_PLAIN = DefaultDialect()
_PLAIN.supports_native_boolean = True


def reach(alias: str) -> Any:
    """The table of `reach` under another name."""
    columns = [
        sa.column(quoted_name(name, quote=True), TYPES.get(name, sa.Text())) for name in COLUMNS
    ]
    return sa.table(REACH, *columns, schema=_SCHEMA).alias(alias)


def width(reader: Reader, act: Act) -> Width | None:
    """How far the reader's roles together reach in this act."""
    found = {
        width_of(role, act, charitys=reader.keeps_for == reader.charity) for role in reader.roles
    }
    return next((one for one in WIDEST if one in found), None)


@lru_cache(maxsize=2048)
def there(reader: Reader, what: Asked, name: str, *, singly: bool = False) -> str:
    """The condition, as text, that this is so of the item whose id stands in the named column.
    It is asked of each row as it comes: PostgreSQL would read all of a team's `reach` first, also
    for a few rows; an offset keeps it from that, and changes nothing. `singly`: for questions that
    end after some rows. Of somebody who reaches little, a worker with some families, such a
    question would end after all rows of the store: what they reach is found first, by the indexes
    of `reach`.

    The words are the same for both databases: SQLAlchemy takes longer to put them together and to
    bind them than the database to answer.
    """
    r = reach(JOINED[0])
    clocked = sa.and_(r.c.sort == "words", _allowed(reader, "see-clock", r))
    match what:
        case "see":
            condition = _visible(reader, r)
        case "count":
            condition = sa.or_(_visible(reader, r), clocked, _allowed(reader, "see-counts", r))
        case "told":
            ours = r.c.team.in_(sorted(reader.teams))
            condition = sa.and_(ours, sa.or_(_visible(reader, r), clocked))
        case _:
            condition = _allowed(reader, what, r)
    item: sa.ColumnClause[UUID] = sa.literal_column(name)
    if _text(condition) == "false":
        return "false"
    if singly and (found := _little(reader, [what], r)) is not None:
        return _text(item.in_(sa.select(r.c.id).where(found, condition)))
    return _text(_there(r, condition, item))


@lru_cache(maxsize=256)
def little(reader: Reader, acts: frozenset[Act] = frozenset()) -> str | None:
    """A selection, as text, of the ids of the little that the reader sees or may do one of these
    to, and perhaps of some more; None where that is not little."""
    r = reach(JOINED[0])
    found = _little(reader, ["see", *sorted(acts)], r)
    return None if found is None else _text(sa.select(r.c.id).where(found))


def _little(reader: Reader, asked: Iterable[Asked], r: Any) -> sa.ColumnElement[bool] | None:
    """What holds of all that is asked for, where that is little and indexes find it."""
    found: dict[str, sa.ColumnElement[bool]] = {}
    for what in asked:
        match what:
            case "count":
                return None
            case "see" | "told":
                reaches = [(sort, _far(reader, SEEING[sort])) for sort in SORTS]
                reaches += [("words", _far(reader, "see-clock"))] if what == "told" else []
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
        found |= {_text(part): part for part in parts}
    return sa.or_(sa.false(), *found.values())


@lru_cache(maxsize=256)
def joined(reader: Reader, name: str, *, ends: bool) -> str:
    """The condition, as text, that the reader sees the item whose id stands in the named column,
    where its row of `reach` is read beside it under the first of the names `JOINED`: what stands by
    itself, or (with `ends`, which are read under the other two) what joins two others."""
    r, one, other = map(reach, JOINED)
    parts = [r.c.id == sa.literal_column(name)]
    if ends:
        parts += [one.c.id == r.c.a, other.c.id == r.c.b]
        parts += [
            _any(reader, sorts, its) for sorts, its in ((JOINS, r), (ENDS, one), (ENDS, other))
        ]
    else:
        parts.append(_any(reader, ALONE, r))
    return _text(sa.and_(*parts))


def _text(condition: sa.ColumnElement[bool] | sa.Select[Any]) -> str:
    return str(condition.compile(dialect=_PLAIN, compile_kwargs={"literal_binds": True}))


def _there(r: Any, condition: sa.ColumnElement[bool], item: Any) -> sa.ColumnElement[bool]:
    found = sa.select(sa.literal(1)).select_from(r).where(r.c.id == item, condition)
    return sa.exists(found.limit(1).offset(0))


def _visible(reader: Reader, r: Any) -> sa.ColumnElement[bool]:
    """The reader sees `r`, and both its ends if it joins two."""
    both = [
        _there(its, _any(reader, ENDS, its), end)
        for its, end in zip(map(reach, JOINED[1:]), (r.c.a, r.c.b), strict=True)
    ]
    return sa.or_(_any(reader, ALONE, r), sa.and_(_any(reader, JOINS, r), *both))


def _any(reader: Reader, sorts: Iterable[Sort], r: object) -> sa.ColumnElement[bool]:
    return sa.or_(sa.false(), *_sorts(reader, sorts, r))


def _sorts(reader: Reader, sorts: Iterable[Sort], r: Any) -> list[sa.ColumnElement[bool]]:
    """What the reader sees of these sorts by themselves; sorts seen equally far together."""
    far: dict[_Far, list[str]] = {}
    for sort in sorts:
        far.setdefault(_far(reader, SEEING[sort]), []).append(sort)
    return [
        sa.and_(r.c.sort.in_(some), _within(reader, how, r))
        for how, some in far.items()
        if any(how)
    ]


#: How far an act reaches: its width, the cases that were opened for it, and single items.
_Far = tuple[Width | None, frozenset[UUID], frozenset[UUID]]


def _far(reader: Reader, act: Act) -> _Far:
    opened = frozenset(one for ids, acts in granted(reader) if act in acts for one in ids)
    return width(reader, act), opened, reader.entries if act == "see-source" else frozenset()


def nothing(reader: Reader, act: Act) -> bool:
    """Whether this act reaches nothing."""
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
