"""Figures by which statements of the evaluation report's authors can be compared with a team's own
families: how soon a worker came and how the child is; pleas and convictions of families with and
without a worker; and what parents find important.

Only managers of a team read these figures. The figures show what happened together, and never a
cause.
"""

from collections import Counter
from collections.abc import Collection
from datetime import datetime, timedelta
from typing import get_args
from uuid import UUID

import sqlalchemy as sa
from msgspec import Struct

from access.who_may import scope
from domain.forms.card_period import CardPeriod
from domain.kernel.codes import CardMeasure, Valued
from domain.kernel.values import Reader, Threshold
from projections.composed.card_periods import managed
from projections.families.family_contact import AskedRow
from projections.families.report_card import (
    BITS,
    CaseRow,
    FactRow,
    first_moments,
    sum_of_bits,
    with_bits,
)
from projections.kernel.column_types import MICROSECOND
from projections.kernel.database import Db


class Referred(Struct, frozen=True):
    """Families of a team that were referred in a period and have the same first rating and the same
    number of days from the first concern to the first worker. `number` is the number of these
    families, and `out` says how many of their children are out of harm's way. `days` is None if no
    worker came.
    """

    team: str
    rating: Threshold
    days: int | None
    number: int
    out: int


def referred(
    db: Db, reader: Reader, period: CardPeriod, as_of: datetime, teams: Collection[str]
) -> list[Referred]:
    """Return the families of each team that were referred in a period, as recorded before a moment.

    They are counted by first rating and by days until the first worker came, fewest days first.
    """
    f, c = FactRow.table.c, CaseRow.table.c
    counts = f.recorded < as_of, sa.not_(f.restricted)
    inside = f.at >= period.starts, f.at < period.ends
    wanted = sa.select(f.case).where(
        f.bit == BITS["referred"], f.case.is_not(None), *inside, *counts
    )
    moments = first_moments(wanted, *counts)
    rating = sa.case((c.rated < as_of, c.rating), else_="unknown").label("first_rating")
    came, concern = (
        sa.type_coerce(element, sa.BigInteger) for element in (moments.c.came, moments.c.concern)
    )
    days = sa.case((came < concern, 0), else_=(came - concern) // _DAY).label("days")
    select = (
        sa.select(c.team, rating, days, sa.func.count(), sa.func.sum(moments.c.safe))
        .join_from(moments, CaseRow.table, c.case == moments.c.case)
        .where(*managed(reader, teams))
        .group_by(c.team, rating, days)
        .order_by(c.team, days)
    )
    return [Referred(*row) for row in db.execute(select)]


_DAY = timedelta(days=1) // MICROSECOND


class Tried(Struct, frozen=True):
    """The number of a team's families with a plea, with a guilty plea, with a charge, and with a
    charge and a conviction in a period. `with_worker` says whether these families had a worker for
    the parents by the end of the period.
    """

    team: str
    with_worker: bool
    pleas: int
    guilty: int
    charges: int
    convictions: int


def tried(
    db: Db, reader: Reader, period: CardPeriod, as_of: datetime, teams: Collection[str]
) -> list[Tried]:
    """Return the families of each team with a plea, a charge or a conviction in a period: one row
    for families with a worker, and one for families without.
    """
    f, c = FactRow.table.c, CaseRow.table.c
    codes: tuple[CardMeasure, ...] = ("plea", "guilty-plea", "charge", "conviction")
    plea, guilty, charge, conviction = (BITS[code] for code in codes)
    worker = FactRow.table.alias("worker").c
    # `coalesce` keeps SQLite from using the index of measure and time, by which it would read the
    # facts of all families
    came_at = sa.func.coalesce(worker.at, worker.recorded)
    came = came_at < period.ends, worker.recorded < as_of, sa.not_(worker.restricted)
    of_family = worker.case == f.case, worker.bit == BITS["parents-worker"]
    case_codes = (
        sa.select(
            f.case,
            sum_of_bits(f.bit).label("codes"),
            sa.exists(sa.select(sa.literal(1)).where(*of_family, *came)).label("helped"),
        )
        .where(f.bit.in_((plea, guilty, charge, conviction)))
        .where(f.at >= period.starts, f.at < period.ends)
        .where(f.recorded < as_of, sa.not_(f.restricted), f.case.is_not(None))
        .group_by(f.case)
        .subquery()
    )
    numbers = (
        with_bits(case_codes.c.codes, bits)
        for bits in (plea, plea | guilty, charge, charge | conviction)
    )
    select = (
        sa.select(c.team, case_codes.c.helped, *numbers)
        .join_from(case_codes, CaseRow.table, c.case == case_codes.c.case)
        .where(*managed(reader, teams))
        .group_by(c.team, case_codes.c.helped)
    )
    return [Tried(team, bool(helped), *numbers) for team, helped, *numbers in db.execute(select)]


class Views(Struct, frozen=True):
    """The opinions of a team's families about the support in a period: how many families were
    invited to answer, how many answered, and for each statement how many agree and how many do not,
    by their latest answers.
    """

    asked: int
    answered: int
    agree: dict[Valued, int]
    disagree: dict[Valued, int]


def views(
    db: Db, reader: Reader, period: CardPeriod, as_of: datetime, teams: Collection[str]
) -> dict[str, Views]:
    """Return, by team, the families' opinions about the support that were recorded in a period."""
    a, c = AskedRow.table.c, CaseRow.table.c
    recorded = a.recorded >= period.starts, a.recorded < min(period.ends, as_of)
    select = (
        sa.select(c.team, a.case, a.answered, a.felt, a.not_felt)
        .join_from(AskedRow.table, CaseRow.table, c.case == a.case)
        .where(*recorded, scope.in_use(a.id), *managed(reader, teams))
        .order_by(c.team, a.recorded, a.id)
    )
    last: dict[str, dict[tuple[UUID, Valued], bool]] = {}
    items: dict[str, set[UUID]] = {}
    answered: dict[str, set[UUID]] = {}
    for team, case, answer, felt, not_felt in db.execute(select):
        items.setdefault(team, set()).add(case)
        if answer == "answered":
            answered.setdefault(team, set()).add(case)
        team_answers = last.setdefault(team, {})
        team_answers |= {(case, statement): True for statement in felt}
        team_answers |= {(case, statement): False for statement in not_felt}
    return {
        team: Views(
            len(cases),
            len(answered.get(team, ())),
            *(_by_statement(last[team], agrees) for agrees in (True, False)),
        )
        for team, cases in items.items()
    }


def _by_statement(answers: dict[tuple[UUID, Valued], bool], agrees: bool) -> dict[Valued, int]:
    numbers = Counter(statement for (_, statement), answer in answers.items() if answer is agrees)
    return {argument: numbers[argument] for argument in get_args(Valued)}
