"""What the figures of the report come to for one child: nights missing, and days in care.

They are the report's own, each of its period, and say what was spent, not what was saved: "it is
impossible to disaggregate data and say one specific outcome was achieved because of Pace".
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from domain.kernel.codes import PlacementKind
from domain.kernel.figures import CARE, MISSING

__all__ = ["CARE", "IN_CARE", "MISSING", "Residence", "days_in_care", "of_days", "of_nights"]


#: Where a child is looked after by the authority; a refuge, kin and supported living are not
#: counted.
IN_CARE: frozenset[PlacementKind] = frozenset({"foster-care", "residential", "secure"})
_YEAR = 365


@dataclass(frozen=True)
class Residence:
    """A child lives somewhere from a day on, until another (None: still)."""

    kind: PlacementKind
    since: date
    until: date | None


def of_nights(nights: int) -> int:
    """What so many nights missing cost, in pounds."""
    return nights * MISSING.pounds


def days_in_care(stays: Iterable[Residence], today: date) -> int:
    """How many days of these were in care until today; each day once. They end on the day on which
    the child goes home."""
    days = {
        day
        for stay in stays
        if stay.kind in IN_CARE
        for day in range(stay.since.toordinal(), min(stay.until or today, today).toordinal())
    }
    return len(days)


def of_days(days: int) -> int:
    """What so many days in care cost, in whole pounds."""
    return round(days * CARE.pounds / _YEAR)
