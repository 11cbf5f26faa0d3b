"""Report cards of any period: figures by the day on which something happened, not by the day on
which it was recorded.

Beside each figure is the figure as recorded by the end of the period, to show how much was recorded
only later. Only managers of a team read these figures, because small figures are not withheld. A
published card is stored and always shown unchanged. The file is long because all figures of a card
are counted here.
"""

from collections import Counter
from collections.abc import Collection, Iterable, Mapping
from datetime import datetime
from typing import Any
from uuid import UUID

import sqlalchemy as sa
from msgspec import Struct, field

from access.who_may import scope
from domain.forms.card_period import CardPeriod
from domain.kernel.codes import CardMeasure, CardProtection
from domain.kernel.values import RATED, Reader
from domain.people_and_teams.report_card import MEASURES
from projections.families.caseload_makeup import CaseRow as ChildRow
from projections.families.family_members import AtRiskRow, MemberRow
from projections.families.report_card import (
    BITS,
    CaseRow,
    FactRow,
    ProtectionRow,
    PublishedRow,
    RatingRow,
    sum_of_bits,
    with_bits,
)
from projections.kernel.database import Db


def _needed() -> dict[CardMeasure, int]:
    """Return for each measure the codes that a family needs to be counted: the code of the measure
    and, if the measure is a part of a total, the codes of the total.
    """
    needed: dict[CardMeasure, int] = {}
    for measure, measure_rule in MEASURES.items():
        needed[measure] = BITS[measure_rule.counts or measure] | (
            needed[measure_rule.of] if measure_rule.of else 0
        )
    return needed


_NEEDED: Mapping[CardMeasure, int] = _needed()
_OF_REFERRALS: Mapping[CardMeasure, int] = {
    measure: BITS[measure] for measure, one in MEASURES.items() if one.of == "referred"
}
#: A period of at least this many months is long: it contains a large part of all facts.
_LONG = 12


class Families(Struct, frozen=True):
    """The number of a team's families for each measure. `numbers` counts by all facts of a period,
    `in_time` only by facts that were recorded by the end of the period.

    A measure that is a part of a total counts only families in the total. `without_referral` has
    the measures that are a part of all referred families, counted without this limit: a worker may
    come in a later period than the referral.
    """

    numbers: Counter[CardMeasure] = field(default_factory=Counter)
    in_time: Counter[CardMeasure] = field(default_factory=Counter)
    without_referral: Counter[CardMeasure] = field(default_factory=Counter)


def families(
    db: Db, reader: Reader, period: CardPeriod, as_of: datetime, teams: Collection[str]
) -> dict[str, Families]:
    """Return by team the number of families for each measure, by facts that happened in a period
    and were recorded before `as_of`. Included are teams that the reader manages; if `teams` is not
    empty, only those of them that are in `teams`.
    """
    f, c = FactRow.table.c, CaseRow.table.c
    # for a long period, `coalesce` keeps SQLite from using the index of the time: SQLite then reads
    # the facts in the order of families and need not sort them
    at = f.at if period.months < _LONG else sa.func.coalesce(f.at, f.recorded)
    where = at >= period.starts, at < period.ends, f.recorded < as_of
    in_time = sa.case((f.recorded < period.ends, f.bit), else_=0)
    case_codes = (
        sa.select(
            f.case,
            sum_of_bits(f.bit).label("codes"),
            sum_of_bits(in_time).label("in_time"),
        )
        .where(*where, *_counts())
        .group_by(f.case)
        .subquery()
    )
    select = (
        sa.select(
            c.team,
            *_with(case_codes.c.codes, _NEEDED),
            *_with(case_codes.c.in_time, _NEEDED),
            *_with(case_codes.c.codes, _OF_REFERRALS),
        )
        .join_from(case_codes, CaseRow.table, c.case == case_codes.c.case)
        .where(*managed(reader, teams))
        .group_by(c.team)
    )
    families_by_team: dict[str, Families] = {}
    for team, *of_team in db.execute(select):
        numbers = iter(of_team)
        families_by_team[team] = Families(
            *(_counter(measures, numbers) for measures in (_NEEDED, _NEEDED, _OF_REFERRALS))
        )
    return families_by_team


def _with(
    codes: sa.ColumnElement[int], needed: Mapping[CardMeasure, int]
) -> list[sa.ColumnElement[int]]:
    """Return for each measure an SQL column: the number of families whose `codes` include all codes
    that `needed` has for the measure.
    """
    return [with_bits(codes, bits) for bits in needed.values()]


def _counter(measures: Iterable[CardMeasure], numbers: Iterable[int]) -> Counter[CardMeasure]:
    return +Counter(dict(zip(measures, numbers, strict=False)))


def recorded(
    db: Db, since: datetime, until: datetime, teams: Collection[str]
) -> dict[str, Counter[CardMeasure]]:
    """Return for each of these teams the number of families for each measure, by facts that were
    recorded from `since` until `until`. These are the figures of a card to publish; the caller has
    to withhold small figures.
    """
    f, c = FactRow.table.c, CaseRow.table.c
    case_codes = (
        sa.select(f.case, sum_of_bits(f.bit).label("codes"))
        .where(f.bit.in_(BITS.values()), f.recorded >= since, f.recorded < until, *_counts())
        .group_by(f.case)
        .subquery()
    )
    select = (
        sa.select(c.team, *_with(case_codes.c.codes, _NEEDED))
        .join_from(case_codes, CaseRow.table, c.case == case_codes.c.case)
        .where(sa.not_(c.restricted), c.team.in_(sorted(teams)))
        .group_by(c.team)
    )
    return {team: _counter(_NEEDED, numbers) for team, *numbers in db.execute(select)}


def teams(db: Db) -> set[str]:
    """Return the names of the teams that have a family."""
    return set(db.execute(sa.select(CaseRow.table.c.team).distinct()).scalars())


def first_recorded(db: Db) -> datetime | None:
    """Return when the first fact was recorded that counts for a report card."""
    return db.execute(sa.select(sa.func.min(FactRow.table.c.recorded))).scalar()


def cases(
    db: Db, reader: Reader, period: CardPeriod, as_of: datetime, measure: CardMeasure, team: str
) -> list[UUID]:
    """Return the families that are counted in a figure of a report card, as far as the reader may
    see them.
    """
    f, c = FactRow.table.c, CaseRow.table.c
    where = f.at >= period.starts, f.at < period.ends, f.recorded < as_of
    case_codes = (
        sa.select(f.case, sum_of_bits(f.bit).label("codes"))
        .where(*where, *_counts())
        .group_by(f.case)
        .subquery()
    )
    select = (
        sa.select(c.case)
        .join_from(case_codes, CaseRow.table, c.case == case_codes.c.case)
        .where(*managed(reader, (team,)))
        .where(case_codes.c.codes.bitwise_and(_NEEDED[measure]) == _NEEDED[measure])
        .order_by(c.case)
    )
    case_ids = list(db.execute(select).scalars())
    seen = scope.visible_items(db, reader, case_ids)
    return [case for case in case_ids if case in seen]


def published(db: Db) -> list[PublishedRow]:
    """Return all published cards in the order of their publication."""
    c = PublishedRow.table.c
    rows = db.execute(sa.select(PublishedRow.table).order_by(c.version))
    return [PublishedRow(*row) for row in rows]


def protection(db: Db) -> CardProtection:
    """Return how published cards protect small figures, as last chosen."""
    c = ProtectionRow.table.c
    last = sa.select(c.protection).order_by(c.recorded.desc(), c.id.desc()).limit(1)
    chosen: CardProtection | None = db.execute(last).scalar()
    return chosen or "withholding"


def _counts() -> tuple[sa.ColumnElement[bool], ...]:
    f = FactRow.table.c
    return sa.not_(f.restricted), f.case.is_not(None)


def managed(reader: Reader, teams: Collection[str]) -> tuple[Any, ...]:
    """Return the SQL conditions that the reader manages a family's team, and that the family may be
    included in figures. If `teams` is not empty, only families of these teams fulfil them.
    """
    c = CaseRow.table.c
    only = [c.team.in_(sorted(teams))] if teams else []
    managed = (
        scope.may_act_on(reader, "see-card", c.case),
        scope.may_act_on(reader, "allocate", c.case),
    )
    return sa.not_(c.restricted), *managed, *only


class TeamRecord(Struct, frozen=True):
    """Facts about a team's records that a reader of the team's figures has to know.

    `begins` is the time of the first recorded fact. `unreferred` is the number of families that
    have a worker but no recorded referral, `pending` the number that were supported at court and
    wait for a result. `risen` is the number of families whose last rating is higher than the first,
    and whose child did not leave harm's way according to any assessment. `one_of_several` is, for
    each measure, the number of children for whom a fact of the measure is recorded, but not for
    their brother or sister.
    """

    begins: datetime | None = None
    unreferred: int = 0
    pending: int = 0
    risen: int = 0
    one_of_several: Mapping[CardMeasure, int] = field(default_factory=dict)


#: Measures that are recorded for each child, and not once for a family.
OF_EACH_CHILD: tuple[CardMeasure, ...] = ("out-of-harm", "result")


def records(
    db: Db, reader: Reader, period: CardPeriod, as_of: datetime, teams: Collection[str]
) -> dict[str, TeamRecord]:
    """Return for each team that the reader manages the facts about its records that `TeamRecord`
    lists.
    """
    f = FactRow.table.c
    before = f.recorded < as_of, *_counts()
    inside = f.at >= period.starts, f.at < period.ends
    begins: dict[str, datetime] = {}
    all_teams = db.execute(sa.select(CaseRow.table.c.team).distinct()).scalars().all()
    for team in all_teams:
        # ordered by `at`, so that the database finds a team's first fact in the index on `at`
        ordered = _of_teams(f.at).where(*before, *managed(reader, teams))
        first = ordered.where(CaseRow.table.c.team == team).order_by(f.at).limit(1)
        if row := db.execute(first).first():
            begins[team] = row[1]

    def lacking(code: CardMeasure, lacks: CardMeasure) -> dict[str, int]:
        number = _of_teams(sa.func.count(f.case.distinct()))
        of_code = number.where(*before, *inside, f.bit == BITS[code], *managed(reader, teams))
        return _by_team(db, of_code.where(sa.not_(_has(lacks, as_of))))

    unreferred = lacking("parents-worker", "referred")
    pending = lacking("court-support", "result")
    risen = _by_team(db, _risen(period, as_of).where(*managed(reader, teams)))
    alone: dict[CardMeasure, dict[str, int]] = {}
    siblings = _siblings(as_of)
    for measure in OF_EACH_CHILD:
        number = _of_teams(sa.func.count(f.case.distinct()))
        of_code = number.where(*before, *inside, f.bit == BITS[measure], *managed(reader, teams))
        lacks = sa.not_(_recorded(siblings.c.other, measure, as_of))
        alone[measure] = _by_team(
            db, of_code.join(siblings, siblings.c.case == f.case).where(lacks)
        )
    return {
        team: TeamRecord(
            first,
            unreferred.get(team, 0),
            pending.get(team, 0),
            risen.get(team, 0),
            {
                measure: numbers_by_team[team]
                for measure, numbers_by_team in alone.items()
                if team in numbers_by_team
            },
        )
        for team, first in begins.items()
    }


def _risen(period: CardPeriod, as_of: datetime) -> sa.Select[Any]:
    """Return a query that counts, for each team, the families whose risk has risen: their last
    risk rating was made in the period and is higher than their first, and no assessment says that
    the child left harm's way.
    """
    c, rating = CaseRow.table.c, RatingRow.table.c
    later = RatingRow.table.alias("later").c
    follows = later.case == rating.case, later.version > rating.version, later.recorded < as_of

    def height(level: sa.ColumnElement[Any]) -> sa.ColumnElement[int]:
        return sa.case(RATED, value=level, else_=0)

    return (
        sa.select(c.team, sa.func.count())
        .join_from(RatingRow.table, CaseRow.table, c.case == rating.case)
        .where(rating.recorded >= period.starts, rating.recorded < period.ends)
        .where(rating.recorded < as_of, height(rating.level) > height(c.rating))
        .where(sa.not_(sa.exists(sa.select(sa.literal(1)).where(*follows))))
        .where(sa.not_(_recorded(rating.case, "out-of-harm", as_of)))
    )


def _siblings(as_of: datetime) -> sa.Subquery:
    """Return a query for pairs of cases whose children are siblings: one child is recorded in the
    other's case as a sibling (a family member or a child at risk), or both children have the same
    mother or father.
    """
    child, member = ChildRow.table.c, MemberRow.table.c
    parent = MemberRow.table.alias("parent").c
    pairs: list[sa.Select[Any]] = [
        sa.select(member.case, parent.case.label("other")).where(
            member.person == parent.person,
            member.case != parent.case,
            member.recorded < as_of,
            parent.recorded < as_of,
            *(relative.tie.in_(("mother", "father")) for relative in (member, parent)),
        )
    ]
    for columns in (member, AtRiskRow.table.c):
        named = columns.person == child.child, columns.tie == "sibling", columns.recorded < as_of
        pairs += [
            sa.select(columns.case, child.case.label("other")).where(*named),
            sa.select(child.case, columns.case.label("other")).where(*named),
        ]
    return sa.union(*pairs).subquery()


def _by_team(db: Db, select: sa.Select[Any]) -> dict[str, Any]:
    return {row[0]: row[1] for row in db.execute(select.group_by(CaseRow.table.c.team))}


def _of_teams(figure: sa.ColumnElement[Any]) -> sa.Select[Any]:
    f, c = FactRow.table.c, CaseRow.table.c
    return sa.select(c.team, figure).join_from(FactRow.table, CaseRow.table, c.case == f.case)


def _has(code: CardMeasure, as_of: datetime) -> sa.ColumnElement[bool]:
    """Return the SQL condition that the case of a fact also has a fact with this code, recorded
    before `as_of`.
    """
    return _recorded(FactRow.table.c.case, code, as_of)


def _recorded(
    case: sa.ColumnElement[Any], code: CardMeasure, as_of: datetime
) -> sa.ColumnElement[bool]:
    """Return the SQL condition that this case has an unrestricted fact with this code, recorded
    before `as_of`.
    """
    other = FactRow.table.alias("other").c
    same = other.case == case, other.bit == BITS[code], other.recorded < as_of
    return sa.exists(sa.select(sa.literal(1)).where(*same, sa.not_(other.restricted)))
