"""The summary of a report card: the evidence for each objective, and the costs.

"It is impossible to disaggregate data and say one specific outcome was achieved because of Pace"
(report). So each sentence gives a number of families, and no cause.
"""

from collections.abc import Collection, Sequence
from datetime import datetime

from domain.forms.card_period import CardPeriod
from domain.kernel.codes import CostKind
from domain.kernel.values import Reader
from domain.people_and_teams.costs import BY_REPORT
from domain.people_and_teams.report_card import MEASURES, OBJECTIVES
from projections.composed import card_costs
from projections.composed.card_costs import CostLine
from projections.composed.card_objectives import ObjectiveRow
from projections.composed.card_rows import PeriodRow
from projections.kernel.database import Db
from projections.people_and_teams import team_statements

#: The number of the objective whose summary gives the costs.
SAVINGS = 7
_WHAT: dict[CostKind, str] = {"missing-night": "nights missing", "care-year": "years in care"}
_NOT_COUNTED = "not counted: the number would tell of a placement"
NOTHING = "Nothing is recorded for it in this period."


def costs(
    db: Db,
    reader: Reader,
    periods: Sequence[CardPeriod],
    as_of: datetime,
    teams: Collection[str],
) -> list[CostLine]:
    """Return the costs of missing nights and of care for these teams in each period."""
    own = team_statements.own_costs(db, teams)
    nights = [card_costs.nights_missing(db, reader, period, as_of, teams) for period in periods]
    lines: list[CostLine] = []
    for team in sorted(teams):
        for period, by_team in zip(periods, nights, strict=True):
            for kind, figure in BY_REPORT.items():
                stated = own.get((team, kind))
                sources = [f"report: {figure.each}, {figure.period}"]
                if stated:
                    sources.append(f"own: {stated.source}, {stated.period}")
                counted = kind == "missing-night"
                lines.append(
                    CostLine(
                        place=len(lines),
                        team=team,
                        since=period.since,
                        until=period.until,
                        what=_WHAT[kind],
                        number=by_team.get(team, 0) if counted else None,
                        each=figure.pounds,
                        own_each=stated.pounds if stated else None,
                        sources="; ".join(sources),
                        flags=() if counted else (_NOT_COUNTED,),
                    )
                )
    return lines


def objectives(
    figures: Sequence[PeriodRow], costs_of: Sequence[CostLine] = ()
) -> list[ObjectiveRow]:
    """Return the evidence for each objective, of each team and period in these figures."""
    columns = dict.fromkeys((row.team, row.since, row.until) for row in figures)
    evidence: list[ObjectiveRow] = []
    for team, since, until in columns:
        rows = [row for row in figures if (row.team, row.since, row.until) == (team, since, until)]
        evidence += [
            ObjectiveRow(number, team, since, until, _evidence(rows, number, costs_of))
            for number in range(1, len(OBJECTIVES) + 1)
        ]
    return evidence


def _evidence(rows: list[PeriodRow], number: int, costs_of: Sequence[CostLine]) -> str:
    """Return a sentence with the evidence for one objective: each figure as a part of its whole.
    Figures of zero are left out.
    """
    parts = [_part(row) for row in rows if MEASURES[row.measure].objective == number]
    if number == SAVINGS:
        here = {(row.team, row.since, row.until) for row in rows}
        parts += [_spent(line) for line in costs_of if (line.team, line.since, line.until) in here]
    evidence = "; ".join(part for part in parts if part)
    return f"Families {evidence}." if evidence else NOTHING


def _part(row: PeriodRow) -> str:
    if row.families == 0:
        return ""
    whole = MEASURES[row.measure].of
    share = f" ({row.share} of {row.of} {MEASURES[whole].says})" if whole and row.share else ""
    return f"{row.says}: {row.how_many}{share}"


def _spent(line: CostLine) -> str:
    if not line.number:
        return ""
    own = f", £{line.own_total:,} by the team's own" if line.own_total is not None else ""
    return f"{line.what}: {line.number}, £{line.total:,} by the report's figure{own}"
