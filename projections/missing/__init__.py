"""The view of missing children: present and past episodes, and patterns to review.

Each episode is stored as recorded, with its nights. A pattern, such as two children missing on the
same nights, is detected when an event is recorded. The pattern waits until a person confirms or
dismisses it.
"""

from collections.abc import Collection, Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

import sqlalchemy as sa
from msgspec import Struct

from access.who_may import scope
from domain.families.missing import FIGURE_WITHIN, OFTEN
from domain.kernel.values import Reader
from projections.kernel.database import Db
from projections.kernel.queries import select_each
from projections.kernel.schema import View
from projections.missing.episodes import apply
from projections.missing.rows import OPEN, ChildRow, EpisodeRow, PatternRow, PlanRow, RestrictedRow

LEAST_DIGITS = 6
VIEW = View("missing", (ChildRow, EpisodeRow, PatternRow, PlanRow, RestrictedRow), apply, version=2)


# --- queries ------------------------------------------------------------------------------------
# Readers who do not see the child, or the case, see nothing of an episode, not even in a figure. A
# restricted child is shown as missing to users whose work is to find missing children; figures
# leave the child out.


def _shown(
    reader: Reader,
    *ids: sa.ColumnElement[Any],
    maybe: Sequence[sa.ColumnElement[Any]] = (),
    unless: sa.ColumnElement[bool] | None = None,
) -> list[sa.ColumnElement[bool]]:
    """Return the SQL conditions that the reader sees the items in the columns `ids` and `maybe`,
    and that these items are not restricted. The items in `ids` may be restricted if the condition
    `unless` is true. A column in `maybe` may be empty.
    """
    out = sa.select(RestrictedRow.table.c.item)

    def used(column: sa.ColumnElement[Any]) -> sa.ColumnElement[bool]:
        return column.not_in(out) if unless is None else sa.or_(column.not_in(out), unless)

    sure = [(used(item), scope.sees(reader, item)) for item in ids]
    doubt = [
        (
            sa.or_(
                optional_column.is_(None),
                sa.and_(optional_column.not_in(out), scope.sees(reader, optional_column)),
            ),
        )
        for optional_column in maybe
    ]
    return [condition for conditions in (*sure, *doubt) for condition in conditions]


def _episodes(
    db: Db, reader: Reader, *where: sa.ColumnElement[bool], figures: bool = False
) -> list[EpisodeRow]:
    """Return the missing episodes that meet the SQL conditions `where` and that the reader sees,
    the oldest first. Restricted episodes are included only for readers whose work is to protect the
    child, and never with `figures`.
    """
    c = EpisodeRow.table.c
    unless = None if figures else scope.protecting(reader, c.case)
    shown = _shown(reader, c.case, c.child, unless=unless)
    select = sa.select(EpisodeRow.table).where(*where, *shown)
    rows = [EpisodeRow(*row) for row in db.execute(select.order_by(c.since, c.case, c.number))]
    seen = scope.visible_items(db, reader, {item for row in rows for item in (row.case, row.child)})
    return [row for row in rows if reader_sees(seen, reader, row.case, row.child)]


def reader_sees(seen: Collection[UUID], reader: Reader, *ids: UUID | None) -> bool:
    """Return whether all of these ids are among the items that the reader sees (`seen`), or the
    reader sees everything.
    """
    return not reader.closed or all(item is None or item in seen for item in ids)


def now(db: Db, reader: Reader) -> list[EpisodeRow]:
    """Return the children who are missing, the longest missing first."""
    return _episodes(db, reader, EpisodeRow.table.c.until.is_(None))


def of_case(db: Db, reader: Reader, case: UUID) -> list[EpisodeRow]:
    """Return each episode of this child, oldest first."""
    return _episodes(db, reader, EpisodeRow.table.c.case == case)


def back(db: Db, reader: Reader) -> list[EpisodeRow]:
    """Return the missing episodes that need an action: each child's last ended episode, if the
    child was not interviewed yet; and every episode about which the child wishes to withhold
    information and no decision is recorded.
    """
    c, later = EpisodeRow.table.c, EpisodeRow.table.alias()
    last = sa.select(sa.func.max(later.c.number)).where(
        later.c.case == c.case, later.c.until.is_not(None)
    )
    unheld = sa.or_(c.interview.is_(None), c.interview == "offered")
    owed = sa.and_(c.number == last.scalar_subquery(), unheld)
    return _episodes(db, reader, sa.or_(owed, c.withheld))


def plans(db: Db, reader: Reader, cases: Collection[UUID]) -> dict[UUID, PlanRow]:
    """Return the trigger plans for the children of these cases."""
    c = PlanRow.table.c
    unless = scope.protecting(reader, c.case)
    select = sa.select(PlanRow.table).where(*_shown(reader, c.case, unless=unless))
    rows = {row.case: PlanRow(*row) for row in select_each(db, select, c.case, cases)}
    seen = scope.visible_items(db, reader, rows)
    return {case: row for case, row in rows.items() if reader_sees(seen, reader, case)}


def patterns(db: Db, reader: Reader, *, include_all: bool = False) -> list[PatternRow]:
    """Return the patterns to review, newest first; with `include_all` also those already reviewed.
    A pattern is shown only to readers who see each child and each case on which it is based.
    """
    c = PatternRow.table.c
    where = [] if include_all else [c.state == OPEN]
    shown = _shown(reader, c.case, c.child, maybe=(c.other, c.other_child))
    select = sa.select(PatternRow.table).where(*where, *shown)
    rows = [PatternRow(*row) for row in db.execute(select.order_by(c.since.desc(), c.id))]
    named = {row.id: _named(row) for row in rows}
    seen = scope.visible_items(db, reader, {item for ids in named.values() for item in ids})
    out = sa.select(RestrictedRow.table.c.item)
    restricted = set(db.execute(out).scalars())
    return [
        row
        for row in rows
        if reader_sees(seen, reader, *named[row.id]) and restricted.isdisjoint(named[row.id])
    ]


def _named(row: PatternRow) -> set[UUID]:
    cases = {UUID(key.partition(":")[0]) for key in row.episodes}
    ends = (row.case, row.child, row.other, row.other_child)
    return cases | {end for end in ends if end}


def pattern_named(db: Db, reader: Reader, ending: str) -> list[PatternRow]:
    """Return the patterns whose id is, or ends with, this text."""
    wanted = ending.strip().lower().replace("-", "")
    if len(wanted) < LEAST_DIGITS:
        return []
    return [row for row in patterns(db, reader, include_all=True) if row.id.hex.endswith(wanted)]


def times(db: Db, reader: Reader, after: datetime) -> dict[UUID, list[EpisodeRow]]:
    """Return for each child whom the reader sees the episodes that began after a time."""
    rows: dict[UUID, list[EpisodeRow]] = {}
    for row in _episodes(db, reader, EpisodeRow.table.c.since > after, figures=True):
        rows.setdefault(row.child, []).append(row)
    return rows


class FoundAt(Struct, frozen=True):
    """The children who were found at one place (in the form in which places are compared), and when
    this last happened.
    """

    place: str
    words: str
    children: tuple[UUID, ...]
    last: datetime


def found_at(db: Db, reader: Reader) -> list[FoundAt]:
    """Return the places where children whom the reader sees were found."""
    c = EpisodeRow.table.c
    there: dict[str, list[EpisodeRow]] = {}
    for row in _episodes(db, reader, c.place.is_not(None), c.until.is_not(None), figures=True):
        there.setdefault(str(row.place), []).append(row)
    return [
        FoundAt(
            where,
            str(met[-1].found_where),
            tuple(sorted({row.child for row in met})),
            max(row.until for row in met if row.until),
        )
        for where, met in sorted(there.items())
    ]


class RepeatMissingFigure(Struct, frozen=True):
    """The number of children who went missing within a year, how many of them did so three times or
    more, and the total number of nights on which these children were missing.
    """

    children: int
    often: int
    nights: int


def figure(db: Db, reader: Reader, at: datetime) -> RepeatMissingFigure:
    """Return how many children went missing in the twelve months before the moment `at`, how many
    of them three times or more, and their nights missing. Only children whom the reader sees are
    counted.
    """
    c = EpisodeRow.table.c
    times: dict[UUID, list[EpisodeRow]] = {}
    for row in _episodes(db, reader, c.since > at - FIGURE_WITHIN, c.since <= at, figures=True):
        times.setdefault(row.child, []).append(row)
    often = sum(len(time) >= OFTEN for time in times.values())
    return RepeatMissingFigure(
        len(times), often, sum(row.nights for time in times.values() for row in time)
    )
