"""A report card as a paper to hand to a board: tables with bars, four pages at most."""

from collections.abc import Callable, Iterator, Sequence
from datetime import date
from typing import TYPE_CHECKING, Protocol, TypeVar

from commands.people_and_teams import card_summary
from domain.kernel.values import Refused
from projections.composed import card_children, card_rows
from usecases.families import card_charts
from usecases.kernel.paper import (
    Heading,
    Paper,
    PaperTable,
    Paragraph,
    Part,
    Pictures,
    Row,
    Rows,
)

if TYPE_CHECKING:
    from commands.people_and_teams.period_card import PeriodCard
    from projections.composed.card_costs import CostLine
    from projections.composed.card_rows import ChildrenRow
    from projections.people_and_teams.team_statements import ServiceRow

#: The most columns of figures; each column is of one team in one period.
MOST = 6
WITHIN, PUBLISHED = "OFFICIAL-SENSITIVE: within the team", "Published figures"


class Placed(Protocol):
    """A row of a report card with its team and its period."""

    @property
    def team(self) -> str: ...
    @property
    def since(self) -> date: ...
    @property
    def period(self) -> str: ...
    @property
    def flags(self) -> tuple[str, ...]: ...


R = TypeVar("R", bound=Placed)


def card(period_card: "PeriodCard", *, whole: bool) -> Paper:
    """Return a report card as a printable paper. Raises Refused if the card has no figures, or if
    it has more teams and periods than the paper has columns.
    """
    columns = list(dict.fromkeys((row.team, row.since, row.period) for row in period_card.figures))
    if not columns:
        raise Refused(
            "this report card has no figures to print: choose another period", field="since"
        )
    if len(columns) > MOST:
        raise Refused(
            f"a printed report card has at most {MOST} columns, one for each team and "
            f"period, and this one would have {len(columns)}: choose fewer teams or "
            "longer parts of the period",
            field="team",
        )
    title = f"Report card, {period_card.figures[0].period}"
    if len({period for *_, period in columns}) > 1:
        title = f"Report card, {columns[0][2][:10]} to {columns[-1][2][-10:]}"
    column_texts = tuple(f"card {team} {period}" for team, _, period in columns) if whole else ()
    return Paper(
        title, WITHIN if whole else PUBLISHED, tuple(_parts(period_card)), told=column_texts
    )


def _parts(period_card: "PeriodCard") -> Iterator[Part]:
    yield from (Paragraph(note) for note in period_card.notes)
    if period_card.support:
        yield PaperTable(
            "Referrals and support at court (Table Two of the report)",
            ("team", "period", "referrals to team", "referred to PSW", "supported at court"),
            tuple(
                (row.team, row.period, str(row.referrals), str(row.with_worker), row.at_court)
                for row in period_card.support
            ),
            _bars([row.referred for row in period_card.support]),
        )
    several = len({row.period for row in period_card.figures}) > 1
    drawn = card_charts.charts(period_card.figures, period_card.services)
    for first in range(0, len(drawn), 2):
        yield Pictures(tuple(drawn[first : first + 2]))
    if period_card.services:
        yield _services_table(period_card.services)
    if period_card.objectives:
        yield Heading("Evidence for the objectives")
        yield PaperTable(
            "Contribution, not attribution; an objective without evidence is left out",
            ("objective and evidence", "team", *(("period",) if several else ())),
            tuple(
                (
                    f"{objective.objective}: {objective.evidence}",
                    objective.team,
                    *((objective.period,) if several else ()),
                )
                for objective in sorted(
                    period_card.objectives, key=lambda row: (row.number, row.since)
                )
                if objective.evidence != card_summary.NOTHING
            ),
        )
    yield Heading("Support given to families")
    yield _comparison_table(
        "Families, each once; in brackets the share",
        period_card.figures,
        lambda row: row.says,
        lambda row: f"{row.how_many} ({row.share})" if row.share else str(row.how_many),
    )
    if period_card.children:
        yield Heading("The children referred")
        yield _comparison_table(
            "Children by the fields of the national form; NK where nobody recorded it",
            sorted(period_card.children, key=_place_of),
            lambda row: f"{row.of}: {row.group}",
            lambda row: f"{row.children} ({row.share})",
        )
    if period_card.claims:
        yield Heading("Claims of the report about the work")
        yield _comparison_table(
            "With 95 % intervals: contribution, not attribution",
            period_card.claims,
            lambda row: f"{row.claim}: {row.group}",
            lambda row: (
                f"{row.result or ''} [{row.interval or 'too few'}], {row.families} of {row.of}"
            ),
        )
    if period_card.costs:
        yield PaperTable(
            "Costs of the work, without savings",
            ("", "team", "period", "number", "£ each, report", "£, report", "£, own", "sources"),
            tuple(
                (cost.what, cost.team, cost.period, *map(_pounds, _numbers(cost)), cost.sources)
                for cost in period_card.costs
                if cost.number is not None
            ),
        )
    rows: list[Placed] = [*period_card.figures, *period_card.children, *period_card.claims]
    flags = dict.fromkeys(
        f"{row.team}, {row.period}: {flag}"
        for row in rows
        for flag in row.flags
        if not flag.startswith("small group")
    )
    if flags:
        yield Heading("To check")
        yield Rows(tuple(Row(flag) for flag in flags))
    if any(flag.startswith("small group") for row in rows for flag in row.flags):
        yield Paragraph("Many groups are small: a share of fewer than 30 says little by itself.")


def _numbers(line: "CostLine") -> tuple[int | None, ...]:
    return line.number, line.each, line.total, line.own_total


def _pounds(number: int | None) -> str:
    return "–" if number is None else f"{number:,}"


def _services_table(services: "Sequence[ServiceRow]") -> PaperTable:
    """Return Table One: a line for each activity, a column for each team."""
    teams = list(dict.fromkeys(service.team for service in services))
    lines: dict[str, list[str]] = {}
    for service in services:
        whom = f": {service.whom}" if service.whom else ""
        lines.setdefault(service.says, []).append(f"{service.answer}{whom}")
    return PaperTable(
        "What each team offers (Table One of the report); NK: not stated by the team",
        ("", *teams),
        tuple((label, *cells) for label, cells in lines.items()),
    )


def _place_of(row: "ChildrenRow") -> tuple[int, bool, str]:
    """Return the sort key of a group of children on a report card: its place in the list of groups.
    The group "not known" (NK) is last.
    """
    return card_children.FIELDS.index(row.of), row.group == card_rows.NOT_KNOWN, row.group


def _bars(numbers: Sequence[int | None]) -> tuple[float, ...]:
    """Return the lengths of the bars for these numbers, each as a share of the largest number; -1
    for a number that is None, which gets no bar."""
    most = max((number for number in numbers if number), default=0) or 1
    return tuple(-1.0 if number is None else number / most for number in numbers)


def _comparison_table(
    caption: str, rows: Sequence[R], label: Callable[[R], str], cell: Callable[[R], str]
) -> PaperTable:
    """Return a table with a row for each label, and a column for each team and period."""
    columns = list(dict.fromkeys((row.team, row.period) for row in rows))
    periods = {period for _, period in columns}
    lines: dict[str, dict[tuple[str, str], str]] = {}
    for row in rows:
        lines.setdefault(label(row), {})[row.team, row.period] = cell(row)
    heads = [team if len(periods) == 1 else f"{team}, {period}" for team, period in columns]
    return PaperTable(
        caption,
        ("", *heads),
        tuple(
            (name, *(cells.get(column, "–") for column in columns)) for name, cells in lines.items()
        ),
    )
