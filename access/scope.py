"""What a reader sees, as a condition in SQL: the rules of `access.decide` over the view `reach`.

`reach` (projections/reach.py) holds one row for every item that can be named: whose it is, under
which case, whether it is shared. Every query asks `sees(reader, its id column)`; what `reach` does
not know is seen by nobody. Records are put to `decide` once more before they are shown (`checked`).
"""

from collections.abc import Callable, Collection, Iterable
from functools import lru_cache
from typing import Any, Literal, TypeVar
from uuid import UUID
from weakref import WeakKeyDictionary

import msgspec
import sqlalchemy as sa
import structlog
from sqlalchemy.engine.default import DefaultDialect
from sqlalchemy.sql import quoted_name

from access.decide import ENDS, JOINS, SEEING, SORTS, Sort, Thing, decide, granted, see
from access.table import EVERYBODY, MAY, Act, Width
from domain.values import Hidden, Reader

R = TypeVar("R")
#: The table of the view that tells whose an item is.
REACH = "reach"
WIDEST: tuple[Width, ...] = ("any", "shared", "team", "queue", "own")
#: What somebody is told who names a thing that is hidden, or that does not exist.
HIDDEN = "there is no {what} {name!r} that you can see"
log = structlog.get_logger("continuum")

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
)
_TYPES: dict[str, sa.types.TypeEngine[Any]] = {
    "id": sa.Uuid(),
    "case": sa.Uuid(),
    "a": sa.Uuid(),
    "b": sa.Uuid(),
    "shared": sa.Boolean(),
    "waiting": sa.Boolean(),
}


#: What is asked of an item: that it is seen, counted, of the reader's teams, or in an act's reach.
Asked = Act | Literal["see", "count", "belong"]
_PLAIN = DefaultDialect()
_PLAIN.supports_native_boolean = True


def _reach(alias: str) -> Any:
    columns = [
        sa.column(quoted_name(name, quote=True), _TYPES.get(name, sa.Text())) for name in COLUMNS
    ]
    return sa.table(REACH, *columns).alias(alias)


def width(reader: Reader, act: Act) -> Width | None:
    """How far the reader's roles together reach in this act."""
    found = {EVERYBODY.get(act) or MAY[role].get(act) for role in reader.roles}
    return next((one for one in WIDEST if one in found), None)


def sees(reader: Reader, item: sa.ColumnElement[UUID]) -> sa.ColumnElement[bool]:
    """The condition that the reader sees the item with this id."""
    if not reader.closed:
        return sa.true()
    return _said(reader, "see", item)


def counts(reader: Reader, item: sa.ColumnElement[UUID]) -> sa.ColumnElement[bool]:
    """The condition that the item may be counted for the reader: who sees it, or its clock, or who
    is told figures of that team without any content."""
    if not reader.closed:
        return sa.true()
    return _said(reader, "count", item)


def belongs(reader: Reader, item: sa.ColumnElement[UUID]) -> sa.ColumnElement[bool]:
    """The condition that the item is one of the reader's teams', whoever recorded it."""
    return _said(reader, "belong", item)


def may(reader: Reader, act: Act, item: sa.ColumnElement[UUID]) -> sa.ColumnElement[bool]:
    """The condition that the reader may do this to the item with this id."""
    if not reader.closed:
        return sa.true()
    return _said(reader, act, item)


def _said(reader: Reader, what: Asked, item: sa.ColumnElement[UUID]) -> sa.ColumnElement[bool]:
    """The condition in the words of SQL, which are the same for both databases: SQLAlchemy takes
    longer to put them together and to bind them than the database to answer."""
    assert isinstance(item, sa.Column)  # noqa: S101 (of a view's table)
    name = f'"{item.table.name}"."{item.name}"'
    return sa.literal_column(_words(reader, what, name))


@lru_cache(maxsize=2048)
def _words(reader: Reader, what: Asked, name: str) -> str:
    r = _reach("reached")
    match what:
        case "see":
            condition = _visible(reader, r)
        case "count":
            clocked = sa.and_(r.c.sort == "words", _allowed(reader, "see-clock", r))
            condition = sa.or_(_visible(reader, r), clocked, _allowed(reader, "see-counts", r))
        case "belong":
            condition = r.c.team.in_(sorted(reader.teams))
        case _:
            condition = _allowed(reader, what, r)
    there = _there(r, condition, sa.literal_column(name))
    return str(there.compile(dialect=_PLAIN, compile_kwargs={"literal_binds": True}))


def _there(r: Any, condition: sa.ColumnElement[bool], item: Any) -> sa.ColumnElement[bool]:
    return sa.exists(sa.select(sa.literal(1)).select_from(r).where(r.c.id == item, condition))


def _visible(reader: Reader, r: Any) -> sa.ColumnElement[bool]:
    alone = _sorts(reader, [sort for sort in SORTS if sort not in JOINS], r)
    joining = _sorts(reader, JOINS, r)
    if not joining:
        return sa.or_(sa.false(), *alone)
    one, other = _reach("one_end"), _reach("other_end")
    return sa.or_(
        *alone,
        sa.and_(
            sa.or_(*joining),
            _there(one, sa.or_(sa.false(), *_sorts(reader, ENDS, one)), r.c.a),
            _there(other, sa.or_(sa.false(), *_sorts(reader, ENDS, other)), r.c.b),
        ),
    )


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


def _allowed(reader: Reader, act: Act, r: Any) -> sa.ColumnElement[bool]:
    return _within(reader, _far(reader, act), r)


def _within(reader: Reader, far: _Far, r: Any) -> sa.ColumnElement[bool]:
    reach, opened, entries = far
    if reach == "any":
        return sa.true()
    parts: list[sa.ColumnElement[bool]] = []
    cases = opened | reader.cases if reach else opened
    items = entries | reader.children if reach else entries
    if reach:
        parts.append(sa.and_(r.c.case.is_(None), r.c.by == reader.name))
    if cases:
        parts.append(r.c.case.in_(sorted(cases)))
    if items:
        parts.append(r.c.id.in_(sorted(items)))
    ours = r.c.team.in_(sorted(reader.teams))
    if reach == "queue":
        parts.append(sa.and_(ours, sa.or_(r.c.waiting, r.c.assessor == reader.name)))
    if reach in ("team", "shared"):
        parts.append(ours)
    if reach == "shared":
        parts.append(sa.and_(r.c.shared, sa.or_(r.c.handling.is_(None), r.c.handling != "C")))
    return sa.or_(sa.false(), *parts)


def unlimited(reader: Reader) -> Reader:
    """The same reader without limits: for what is told to others or reckoned over everything that
    is known, and never for what the reader is shown."""
    return msgspec.structs.replace(reader, closed=False)


# --- one record at a time -----------------------------------------------------------------------


Known = dict[UUID, tuple[Thing, tuple[UUID, ...]]]
#: What was read of `reach` within one reading: its rows are asked for again and again.
_READ: WeakKeyDictionary[sa.Connection, Known] = WeakKeyDictionary()


_ROWS = _reach("r")
_THINGS = sa.select(*(_ROWS.c[name] for name in COLUMNS)).where(
    _ROWS.c.id.in_(sa.bindparam("wanted", expanding=True))
)


def things(db: sa.Connection, ids: Collection[UUID]) -> Known:
    """What is known of these items, each with the ends that it joins (none, or two)."""
    known = _READ.setdefault(db, {})
    wanted = sorted(set(ids) - known.keys())
    for start in range(0, len(wanted), 500):
        for row in db.execute(_THINGS, {"wanted": wanted[start : start + 500]}):
            thing = Thing(
                sort=row.sort,
                id=row.id,
                team=row.team,
                by=row.by,
                case=row.case,
                shared=row.shared,
                handling=row.handling,
                waiting=row.waiting,
                assessor=row.assessor,
            )
            known[row.id] = thing, tuple(end for end in (row.a, row.b) if end)
    return {one: known[one] for one in ids if one in known}


def seen(db: sa.Connection, reader: Reader, ids: Collection[UUID]) -> set[UUID]:
    """Which of these items the reader sees, decided one by one."""
    if not reader.closed:
        return set(ids)
    known = things(db, ids)
    ends = things(db, {end for _, joined in known.values() for end in joined} - known.keys())
    known |= ends

    def shown(one: UUID) -> bool:
        thing, joined = known.get(one, (None, ()))
        if thing is None or not see(reader, thing):
            return False
        if thing.sort not in JOINS:
            return True
        ends = [known[end][0] for end in joined if end in known]
        return len(ends) == 2 and all(e.sort in ENDS and see(reader, e) for e in ends)

    return {one for one in set(ids) if shown(one)}


def reached(db: sa.Connection, reader: Reader, act: Act, ids: Collection[UUID]) -> set[UUID]:
    """Those of these items to which this act of the reader's reaches."""
    if not reader.closed:
        return set(ids)
    return {
        one for one, (thing, _) in things(db, ids).items() if decide(reader, act, thing).allowed
    }


def checked(
    db: sa.Connection, reader: Reader, rows: Iterable[R], of: Callable[[R], UUID]
) -> list[R]:
    """The rows that stand the second check. One that SQL let through and the rules do not is kept
    back and told to the log: the two have parted."""
    found = list(rows)
    if not reader.closed:
        return found
    visible = seen(db, reader, {of(row) for row in found})
    kept = [row for row in found if of(row) in visible]
    if len(kept) < len(found):
        log.error("the second check kept rows back", rows=len(found) - len(kept))
    return kept


def one_seen(db: sa.Connection, reader: Reader, item: UUID) -> bool:
    """Whether the reader sees this one item."""
    return item in seen(db, reader, [item])


def require_seen(db: sa.Connection, reader: Reader, ids: Collection[UUID], what: str) -> None:
    """Raises Hidden where one of these items is hidden or does not exist: both sound the same."""
    hidden = set(ids) - seen(db, reader, ids)
    if hidden:
        raise Hidden(HIDDEN.format(what=what, name=str(min(hidden))))


def require_may(db: sa.Connection, reader: Reader, act: Act, item: UUID, what: str) -> None:
    """Raises Hidden where this act does not reach the item, in the words for a hidden one."""
    thing, _ = things(db, [item]).get(item, (None, ()))
    if reader.closed and (thing is None or not decide(reader, act, thing).allowed):
        raise Hidden(HIDDEN.format(what=what, name=str(item)))
