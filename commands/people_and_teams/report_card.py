"""The annual report card, and the targets shown beside it."""

from datetime import datetime
from typing import TypeVar, Unpack

from msgspec import Struct
from msgspec.structs import replace

from commands.kernel.unit_of_work import Command, Desk, Receipt
from commands.people_and_teams import publishing_card, team_statements
from domain.kernel.codes import CardMeasure
from domain.kernel.values import Reader, Refused
from domain.people_and_teams import report_card
from domain.people_and_teams.report_card import MEASURES, TargetSet
from projections.families import caseload_makeup
from projections.families import report_card as view
from projections.families.caseload_makeup import GroupRow
from projections.families.report_card import CardRow, EarlyRow, KnownRow

R = TypeVar("R", bound=CardRow)


class Card(Struct, frozen=True):
    """A year's report card: its figures, how complete they are, how soon families had a worker, and
    the numbers of children by age, referrer and model of exploitation.
    """

    year: int
    figures: list[CardRow]
    known: list[KnownRow]
    early: list[EarlyRow]
    children: list[GroupRow]


def read(desk: Desk, reader: Reader, now: datetime, year: int | None) -> Card:
    """Return the report card of a year, by default of the last year that has ended. Raises Refused
    for a year that has not ended, because the difference between its figures on two days would
    reveal single records; and LogUnavailable.
    """
    last = view.ended(now)
    wanted_year = last if year is None else year
    if wanted_year > last:
        raise Refused(
            f"a report card is for a year that has ended: {last} or an earlier one", field="year"
        )
    with desk.asking() as db:
        figures, rows = view.year(db, reader, wanted_year)
        visible = publishing_card.visible_of_year(db, reader, wanted_year)
        if visible is not None:
            figures = [_beside_published(figure, visible) for figure in figures]
            rows = [_beside_published(row, visible) for row in rows]
        again = view.referred_again(db, reader, wanted_year)
        early = view.earliness(db, reader, wanted_year, last, again)
        children = caseload_makeup.groups(db, reader, wanted_year, last, again)
        # the groups are shown only if their sum, the number of referrals, may be shown
        if visible is not None:
            early = [row for row in early if (row.team, "referred") in visible]
            children = [child for child in children if (child.team, "referred") in visible]
        return Card(wanted_year, figures, rows, early, children)


def _beside_published(row: R, visible: set[tuple[str, CardMeasure]]) -> R:
    """Return the row of a report card, with its figure withheld if the figure and an earlier
    published card together would reveal more than either alone.
    """
    whole = MEASURES[row.measure].of
    return replace(
        row,
        families=row.families if (row.team, row.measure) in visible else None,
        of=row.of if whole and (row.team, whole) in visible else None,
    )


def set_target(
    desk: Desk, reader: Reader, target: TargetSet, **command: Unpack[Command]
) -> Receipt:
    """Set a team's target for a year, by default for the reader's own team. Raises Denied for
    another team, and Refused if `domain.people_and_teams.report_card.set_target` does.
    """
    return team_statements.record(
        desk,
        reader,
        target,
        target.team,
        lambda: report_card.set_target(target, desk.today()),
        **command,
    )
