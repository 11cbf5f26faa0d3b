"""The children who were referred in a period, by the fields of the national monitoring form: age,
gender, ethnicity, residence, who referred them, missing before, in care, model of exploitation.

Only managers of a team read it, because the figures are exact and small ones could identify a
child.
"""

from collections import Counter, defaultdict
from collections.abc import Collection, Iterator
from datetime import datetime
from typing import Any
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
    referred = (
        sa.select(f.case, sa.func.min(f.at).label("day"))
        .where(f.code == "referred", f.at >= period.starts, f.at < period.ends)
        .where(f.recorded < as_of, sa.not_(f.restricted), f.case.is_not(None))
        .group_by(f.case)
        .subquery()
    )
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
    cases = sa.select(referred.c.case)
    monitored, models = _monitored(db, cases, as_of), _models(db, cases, as_of)
    unreadable = _unreadable_ages(db, cases, as_of)
    unclear: Counter[str] = Counter()
    found: dict[str, list[tuple[dict[str, tuple[str, ...]], int | None]]] = defaultdict(list)
    for team, case, day, referrer, sex, birth in db.execute(select):
        years = forms.age_on(birth, day.astimezone(LONDON).date()) if birth else None
        answers = {
            "age when referred": (band(years),),
            "gender": (sex or UNKNOWN,),
            "referred by": (referrer,),
            "model": models.get(case, (UNKNOWN,)),
            **_answers(monitored.get(case)),
        }
        found[team].append((answers, years))
        unclear[team] += years is None and case in unreadable
    return {team: _team(some, unclear[team]) for team, some in found.items()}


def _team(some: list[tuple[dict[str, tuple[str, ...]], int | None]], unclear: int) -> TeamChildren:
    groups = {
        field: Counter(group for answers, _ in some for group in answers[field]) for field in FIELDS
    }
    between = sum(years == BETWEEN for _, years in some)
    return TeamChildren(len(some), groups, between, unclear)


def _answers(row: MonitoredRow | None) -> dict[str, tuple[str, ...]]:
    def words(value: str | bool | None) -> tuple[str, ...]:
        if value is None:
            return (UNKNOWN,)
        return (in_words(value) if isinstance(value, str) else "yes" if value else "no",)

    return {
        "ethnicity": words(row.ethnicity if row else None),
        "residence": words(row.residence if row else None),
        "missing before": words(row.missing_before if row else None),
        "in care": words(row.in_care if row else None),
    }


def _monitored(db: Db, cases: sa.Select[Any], as_of: datetime) -> dict[UUID, MonitoredRow]:
    """Return the last recorded monitoring fields of each case."""
    c = MonitoredRow.table.c
    select = sa.select(MonitoredRow.table).where(
        c.case.in_(cases), c.recorded < as_of, sa.not_(c.restricted)
    )
    found = db.execute(select.order_by(c.recorded, c.item, c.version))
    return {row.case: MonitoredRow(*row) for row in found}


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
