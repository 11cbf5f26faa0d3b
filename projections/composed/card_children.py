"""Counts the children who were referred in a period, by the fields of the national monitoring form:
age, gender, ethnicity, residence, source of the referral, missing before, in care, and model of
exploitation.

Only managers of a team read these counts, because they are exact, and a small count could identify
a child.
"""

from collections import Counter, defaultdict
from collections.abc import Callable, Collection, Iterable, Iterator, Sequence
from datetime import datetime
from typing import Any

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
from projections.families.report_card import BITS, CaseRow, FactRow
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
#: The age that is in none of the evaluation report's age bands.
BETWEEN = 12


class TeamChildren(Struct, frozen=True):
    """The children of a team who were referred in a period: their number (`number`); for each field
    of the national form, the number of children with each answer (`groups`); how many were twelve
    years old, an age in none of the evaluation report's age bands (`between`); and how many have a
    reported age that cannot be read, such as "14.8 months" (`unclear`).
    """

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
    c, g = CaseRow.table.c, GenderRow.table.c
    referred = (
        sa.select(f.case, sa.func.min(f.at).label("day"))
        .where(f.bit == BITS["referred"], f.at >= period.starts, f.at < period.ends)
        .where(f.recorded < as_of, sa.not_(f.restricted), f.case.is_not(None))
        .group_by(f.case)
        .subquery()
    )
    gender = (
        sa.select(g.gender)
        .where(g.person == makeup.child, g.recorded < as_of, sa.not_(g.restricted))
        .scalar_subquery()
    )
    born = caseload_makeup.born_at_latest(as_of)
    monitored, m = _last(MonitoredRow, as_of)
    latest_facts, t = _last(ToldRow, as_of, "models")
    fields = m.ethnicity, m.residence, makeup.referrer, m.missing_before, m.in_care, t.models
    of_teams = (
        sa.select(c.team, referred.c.day, born, gender, *fields)
        .join_from(referred, CaseRow.table, c.case == referred.c.case)
        .join(caseload_makeup.CaseRow.table, makeup.case == c.case)
        .where(*managed(reader, teams))
    )
    unclear = _unreadable_ages(db, of_teams.where(born.is_(None)), as_of)
    rows: dict[str, list[Sequence[Any]]] = defaultdict(list)
    for team, *fields_of_child in db.execute(
        of_teams.join(monitored, m.case == c.case, isouter=True).join(
            latest_facts, t.case == c.case, isouter=True
        )
    ):
        rows[team].append(fields_of_child)
    return {team: _team(team_rows, unclear[team]) for team, team_rows in rows.items()}


def _last(
    row: type[MonitoredRow | ToldRow], as_of: datetime, *filled: str
) -> tuple[sa.Subquery, Any]:
    """Return a subquery and its columns: for each case, the last row of the table of `row` that was
    recorded before `as_of`. Ignored are restricted rows, and rows in which a column named in
    `filled` is empty.
    """
    table, later = row.table.alias(), row.table.alias()

    def counts(rows: sa.FromClause) -> Iterator[sa.ColumnElement[bool]]:
        yield rows.c.recorded < as_of
        yield sa.not_(rows.c.restricted)
        yield from (rows.c[name] != () for name in filled)

    def order(rows: sa.FromClause) -> sa.Tuple:
        return sa.tuple_(rows.c.recorded, rows.c.item, rows.c.version)

    follows = later.c.case == table.c.case, order(later) > order(table), *counts(later)
    last = sa.not_(sa.exists(sa.select(sa.literal(1)).where(*follows)))
    latest_rows = sa.select(table).where(*counts(table), last).subquery()
    return latest_rows, latest_rows.c


def _team(rows: Sequence[Sequence[Any]], unclear: int) -> TeamChildren:
    """Return the counts of a team's children. Each of `rows` is about one child: the day of the
    referral, the latest date of birth, and the answers to the other fields of the national form, in
    their order. `unclear` is the number of reported ages that cannot be read.
    """
    days, births, *others, models = zip(*rows, strict=True)
    ages = Counter(
        forms.age_on(born, day.astimezone(LONDON).date()) if born else None
        for day, born in zip(days, births, strict=True)
    )
    answers = [
        _groups(ages, lambda years: (band(years),)),
        *(_groups(Counter(values), lambda value: (_words(value),)) for values in others),
        _groups(Counter(models), lambda some: map(in_words, some) if some else (UNKNOWN,)),
    ]
    groups = dict(zip(FIELDS, answers, strict=True))
    return TeamChildren(len(rows), groups, ages[BETWEEN], unclear)


def _groups(numbers: Counter[Any], words: Callable[[Any], Iterable[str]]) -> Counter[str]:
    """Return the number of children in each group.

    `numbers` counts the children by their answer; `words` returns the groups to which an answer
    belongs.
    """
    groups: Counter[str] = Counter()
    for answer, number in numbers.items():
        for group in words(answer):
            groups[group] += number
    return groups


def _words(value: str | bool | None) -> str:
    if value is None:
        return UNKNOWN
    return in_words(value) if isinstance(value, str) else "yes" if value else "no"


def _unreadable_ages(db: Db, of_teams: sa.Select[Any], as_of: datetime) -> Counter[str]:
    """Return by team how many of the children in the query `of_teams` have a reported age that
    cannot be read as one age.
    """
    age, entity = AgeRow.table.c, EntityRow.table.c
    child = caseload_makeup.CaseRow.table.c.child
    select = (
        of_teams.with_only_columns(CaseRow.table.c.team, CaseRow.table.c.case, age.words)
        .join(AgeRow.table, age.entity == child)
        .join(EntityRow.table, entity.entity == child)
        .where(age.words.is_not(None), age.known_from < as_of, sa.not_(entity.restricted))
    )
    unreadable_cases = {
        (team, case) for team, case, words in db.execute(select) if forms.age(words) is None
    }
    return Counter(team for team, _ in unreadable_cases)
