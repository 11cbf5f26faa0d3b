"""Nights missing of a team's children in a period, for the costs on its card."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import ClassVar

import sqlalchemy as sa

from domain.families.missing import nights as midnights
from domain.forms.card_period import CardPeriod
from domain.kernel.values import Reader
from projections.composed.card_periods import managed
from projections.composed.card_rows import InPeriod
from projections.families.report_card import BITS, CaseRow, FactRow
from projections.kernel.columns import Column
from projections.kernel.database import Db

_BEFORE = timedelta(microseconds=1)


@dataclass(frozen=True)
class CostLine(InPeriod):
    """The cost of something for a team's children in a period, such as nights missing. `number` is
    the nights missing; for other costs, which are not counted, it is None. `each` is the unit cost
    according to the evaluation report, `own_each` according to the team.
    """

    columns: ClassVar[tuple[Column, ...]] = (
        Column("what", "cost"),
        Column("team", "team"),
        Column("period", "period"),
        Column("number", "number"),
        Column("each", "£ each, the report"),
        Column("total", "£ in all, the report"),
        Column("own_each", "£ each, own"),
        Column("own_total", "£ in all, own"),
        Column("sources", "sources"),
    )
    order: ClassVar[tuple[str, ...]] = ("place",)
    place: int
    team: str
    since: date
    until: date
    what: str
    number: int | None
    each: int
    own_each: int | None
    sources: str
    flags: tuple[str, ...] = ()

    @property
    def total(self) -> int | None:
        """Return the cost of all units by the evaluation report's figure."""
        return None if self.number is None else self.number * self.each

    @property
    def own_total(self) -> int | None:
        """Return the cost of all units by the team's own figure."""
        if self.number is None or self.own_each is None:
            return None
        return self.number * self.own_each


def nights_missing(
    db: Db, reader: Reader, period: CardPeriod, as_of: datetime, teams: Collection[str]
) -> dict[str, int]:
    """Return by team the number of nights on which children were missing in a period, for the teams
    that the reader manages.

    Only episodes that began in the period count, and only their nights within the period. For a
    child who is still missing, nights are counted until the end of the period.
    """
    f, c = FactRow.table.c, CaseRow.table.c
    later = FactRow.table.alias("later").c
    # `coalesce` keeps SQLite from using the index of measure and time, by which it would read the
    # facts of all families
    found_at = sa.func.coalesce(later.at, later.recorded)
    returned = (
        sa.select(sa.func.min(later.at))
        .where(later.case == f.case, later.bit == BITS["found"], found_at >= f.at)
        .where(later.recorded < as_of, sa.not_(later.restricted))
        .scalar_subquery()
    )
    select = (
        sa.select(c.team, f.at, returned)
        .join_from(FactRow.table, CaseRow.table, c.case == f.case)
        .where(f.bit == BITS["missing"], f.at >= period.starts, f.at < period.ends)
        .where(f.recorded < as_of, sa.not_(f.restricted), *managed(reader, teams))
    )
    # one microsecond earlier: the midnight at which the period ends belongs to the next period
    until = min(period.ends, as_of) - _BEFORE
    total: dict[str, int] = {}
    for team, since, back in db.execute(select):
        ends = min(back or until, until)
        total[team] = total.get(team, 0) + (midnights(since, ends) if ends > since else 0)
    return total
