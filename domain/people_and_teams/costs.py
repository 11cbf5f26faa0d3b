"""Costs of nights missing and of days in care, computed from the report's figures and from a police
force's own figures.

Each figure is given with its period and its source. The figures say how much money was spent, not
how much was saved: "it is impossible to disaggregate data and say one specific outcome was achieved
because of Pace".
"""

from collections.abc import Iterable, Mapping
from datetime import date
from typing import Annotated, ClassVar

from msgspec import Struct

from domain.kernel.codes import CostKind, PlacementKind
from domain.kernel.envelope import Event, Meaning, Stored
from domain.kernel.fields import CODE
from domain.kernel.figures import CARE, MISSING, ReportFigure
from domain.kernel.values import Refused

__all__ = [
    "BY_REPORT",
    "CARE",
    "EVENTS",
    "IN_CARE",
    "MISSING",
    "CostStated",
    "Residence",
    "cost_of_days",
    "cost_of_nights",
    "days_in_care",
    "state",
]


#: Kinds of placement in which the authority looks after a child; a refuge, kin and supported living
#: are not counted.
IN_CARE: frozenset[PlacementKind] = frozenset({"foster-care", "residential", "secure"})
_YEAR = 365
#: The evaluation report's figure for each unit cost.
BY_REPORT: Mapping[CostKind, ReportFigure] = {"missing-night": MISSING, "care-year": CARE}
#: The highest amount, in pounds, that one night missing or one year in care may cost.
_MOST = 10_000_000


class CostStated(Event, frozen=True):
    """A force's own unit cost was stated for a team: the cost in pounds, the period to which it
    applies, and the source. The last statement counts."""

    stored: ClassVar = Stored("cost.stated", "evidence", "none")
    meaning: ClassVar = Meaning(("allocate",), commands=("cost.state",))
    team: Annotated[str, CODE]
    cost: CostKind
    pounds: int
    period: Annotated[str, CODE]
    source: Annotated[str, CODE]


EVENTS = (CostStated,)


def state(stated: CostStated) -> tuple[Event, ...]:
    """Record a force's own cost of one night missing or one year in care. Raises Refused if the
    period or the source of the cost is missing, and if the amount is impossible.
    """
    if not 1 <= stated.pounds <= _MOST:
        raise Refused(f"give the cost in whole pounds, from 1 to {_MOST:,}", field="pounds")
    for field in ("period", "source"):
        if not getattr(stated, field).strip():
            raise Refused(f"give the {field} of this cost", field=field)
    return (stated,)


class Residence(Struct, frozen=True):
    """The kind of home in which a child lives from the day `since` until the day `until`, or until
    now if `until` is None.
    """

    kind: PlacementKind
    since: date
    until: date | None


def cost_of_nights(nights: int) -> int:
    """Return the cost of this many nights missing, in pounds."""
    return nights * MISSING.pounds


def days_in_care(stays: Iterable[Residence], today: date) -> int:
    """Return the number of days that a child was in care before today; each day is counted once.
    The last day of a stay, on which the child leaves, is not counted.
    """
    days = {
        day
        for stay in stays
        if stay.kind in IN_CARE
        for day in range(stay.since.toordinal(), min(stay.until or today, today).toordinal())
    }
    return len(days)


def cost_of_days(days: int) -> int:
    """Return the cost of this many days in care, in whole pounds."""
    return round(days * CARE.pounds / _YEAR)
