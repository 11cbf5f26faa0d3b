"""The cost of one child's nights missing and days in care, by the report's figures."""

from collections.abc import Iterator
from datetime import datetime
from typing import ClassVar
from uuid import UUID

from msgspec import Struct

from domain.forms.local import LONDON
from domain.kernel.figures import ReportFigure
from domain.kernel.values import Reader
from domain.people_and_teams import costs
from domain.people_and_teams.costs import Residence
from projections.families import cases, compartments
from projections.kernel.columns import Column
from projections.kernel.database import Db


class CostRow(Struct, frozen=True):
    """A line of costs: a number of units, the cost of one unit, and the total, in pounds."""

    columns: ClassVar[tuple[Column, ...]] = (
        Column("what", "cost"),
        Column("number", "number", "figure"),
        Column("pounds", "pounds", "figure"),
        Column("basis", "basis in the report"),
    )
    order: ClassVar[tuple[str, ...]] = ("what",)
    what: str
    number: int
    pounds: int
    basis: str


def of_case(db: Db, reader: Reader, case: UUID, now: datetime) -> list[CostRow]:
    """Return the lines of the costs of a case that the reader may see. A reader who is not admitted
    to the case's facts about placements gets no line about days in care.
    """
    return list(_lines(db, reader, case, now))


def _lines(db: Db, reader: Reader, case: UUID, now: datetime) -> Iterator[CostRow]:
    today = now.astimezone(LONDON).date()
    stays = [
        Residence(placement.category, placement.since or placement.recorded.date(), placement.until)
        for placement in compartments.placements(db, reader, case)
    ]
    if days := costs.days_in_care(stays, today):
        yield CostRow("days in care", days, costs.cost_of_days(days), _basis(costs.CARE))
    row = cases.get(db, reader, case)
    if row and row.nights_missing:
        nights = row.nights_missing
        yield CostRow("nights missing", nights, costs.cost_of_nights(nights), _basis(costs.MISSING))


def _basis(figure: ReportFigure) -> str:
    return f"£{figure.pounds:,} a {figure.each}; period: {figure.period}"
