"""The children who were referred in a period, by the fields of the national monitoring form: age,
gender, ethnicity, residence, who referred them, missing before, in care, model of exploitation.

Only managers of a team read it, because the figures are exact and small ones could identify a
child.
"""

from collections import Counter, defaultdict
from collections.abc import Collection, Iterator
from datetime import datetime
from typing import Any, NamedTuple
from uuid import UUID

import sqlalchemy as sa
from msgspec import Struct

from domain import forms
from domain.forms.card_period import CardPeriod
from domain.forms.intervals import LONDON
from domain.kernel.codes import in_words
from domain.kernel.values import Reader
from domain.people_and_teams.report_card import UNKNOWN, band
from projections.composed.card_periods import managed
from projections.families import caseload_makeup
from projections.families.caseload_makeup import GenderRow, MonitoredRow, ToldRow
from projections.families.report_card import CaseRow, FactRow
from projections.intelligence.people import AgeRow, EntityRow
from projections.kernel.database import Db

#: The fields of the national form, in the order in which the report card shows them.
FIELDS = (
    "age when referred",
    "gender",
    "ethnicity",
    "residence",
    "referred by",
    "missing before",
    "in care",
    "model",
)
#: The age of twelve, which is in none of the report's age bands.
BETWEEN = 12


class TeamChildren(Struct, frozen=True):
    """The children of a team: their number, the number in each group of each field, how many were
    twelve years old, an age in none of the report's age bands, and how many have a reported age
    that cannot be read ("14.8 months")."""

    number: int
    groups: dict[str, Counter[str]]
    between: int
    unclear: int


def children(
    db: Db, reader: Reader, period: CardPeriod, as_of: datetime, teams: Collection[str]
) -> dict[str, TeamChildren]:
    """Return the children of each team whose families were referred in a period, as recorded
    before a moment."""
    makeup, f = caseload_makeup.CaseRow.table.c, FactRow.table.c
    cases = (
        sa.select(f.case)
        .where(f.code == "referred", f.at >= period.starts, f.at < period.ends)
        .where(f.recorded < as_of, sa.not_(f.restricted), f.case.is_not(None))
    )
    day = sa.func.min(f.at).label("day")
    referred = cases.add_columns(day).group_by(f.case).subquery()
    c, g = CaseRow.table.c, GenderRow.table.c
    gender = (
        sa.select(g.gender)
        .where(g.person == makeup.child, g.recorded < as_of, sa.not_(g.restricted))
        .scalar_subquery()
    )
    born = caseload_makeup.born_at_latest(as_of)
    select = (
        sa.select(c.team, c.case, referred.c.day, makeup.referrer, gender, born)
        .join_from(referred, CaseRow.table, c.case == referred.c.case)
        .join(caseload_makeup.CaseRow.table, makeup.case == c.case)
        .where(*managed(reader, teams))
    )
    monitored, models = _monitored(db, cases, as_of), _models(db, cases, as_of)
    unreadable = _unreadable_ages(db, cases, as_of)
    found: dict[str, Counter[_Child]] = defaultdict(Counter)
    for team, case, day, referrer, gender_of, birth in db.execute(select):
        years = forms.age_on(birth, day.astimezone(LONDON).date()) if birth else None
        recorded = monitored.get(case, _NOT_MONITORED), models.get(case, (UNKNOWN,))
        unclear = years is None and case in unreadable
        found[team][_Child(years, unclear, gender_of or UNKNOWN, referrer, *recorded)] += 1
    return {team: _team(some) for team, some in found.items()}


class _Monitored(NamedTuple):
    """The fields for national monitoring in a child's referral."""

    ethnicity: str | None
    residence: str | None
    missing_before: bool | None
    in_care: bool | None


_NOT_MONITORED = _Monitored(None, None, None, None)


class _Child(NamedTuple):
    """The answers that children who are counted together have in common. `unclear` is true if the
    reported age cannot be read."""

    years: int | None
    unclear: bool
    gender: str
    referrer: str
    monitored: _Monitored
    models: tuple[str, ...]

    def answers(self) -> Iterator[tuple[str, ...]]:
        """Yield the groups of each field."""
        yield (band(self.years),)
        yield (self.gender,)
        yield (_words(self.monitored.ethnicity),)
        yield (_words(self.monitored.residence),)
        yield (self.referrer,)
        yield (_words(self.monitored.missing_before),)
        yield (_words(self.monitored.in_care),)
        yield self.models


def _team(some: Counter[_Child]) -> TeamChildren:
    groups: dict[str, Counter[str]] = {field: Counter() for field in FIELDS}
    for child, number in some.items():
        for field, answers in zip(FIELDS, child.answers(), strict=True):
            for group in answers:
                groups[field][group] += number
    between = sum(number for child, number in some.items() if child.years == BETWEEN)
    unclear = sum(number for child, number in some.items() if child.unclear)
    return TeamChildren(some.total(), groups, between, unclear)


def _words(value: str | bool | None) -> str:
    if value is None:
        return UNKNOWN
    return in_words(value) if isinstance(value, str) else "yes" if value else "no"


def _monitored(db: Db, cases: sa.Select[Any], as_of: datetime) -> dict[UUID, _Monitored]:
    """Return the last recorded monitoring fields of each case."""
    c = MonitoredRow.table.c
    select = (
        sa.select(c.case, c.ethnicity, c.residence, c.missing_before, c.in_care)
        .where(c.case.in_(cases), c.recorded < as_of, sa.not_(c.restricted))
        .order_by(c.recorded, c.item, c.version)
    )
    return {case: _Monitored(*fields) for case, *fields in db.execute(select)}


def _unreadable_ages(db: Db, cases: sa.Select[Any], as_of: datetime) -> set[UUID]:
    """Return the cases whose child has a reported age that cannot be read as one age."""
    makeup, age = caseload_makeup.CaseRow.table.c, AgeRow.table.c
    select = (
        sa.select(makeup.case, age.words)
        .join_from(caseload_makeup.CaseRow.table, AgeRow.table, age.entity == makeup.child)
        .join(EntityRow.table, EntityRow.table.c.entity == makeup.child)
        .where(makeup.case.in_(cases), age.words.is_not(None), age.known_from < as_of)
        .where(sa.not_(EntityRow.table.c.restricted))
    )
    return {case for case, words in db.execute(select) if forms.age(words) is None}


def _models(db: Db, cases: sa.Select[Any], as_of: datetime) -> dict[UUID, tuple[str, ...]]:
    """Return the latest models of exploitation of each case."""
    c = ToldRow.table.c
    select = sa.select(ToldRow.table).where(
        c.case.in_(cases), c.recorded < as_of, sa.not_(c.restricted)
    )
    rows: Iterator[ToldRow] = (
        ToldRow(*row) for row in db.execute(select.order_by(c.recorded, c.item, c.version))
    )
    return {row.case: tuple(map(in_words, row.models)) for row in rows if row.models}
