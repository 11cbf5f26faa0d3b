"""The costs of the report's figures for one child: nights missing, and days in care.

They are the report's own, each for its period, and say what was spent, not what was saved: "it is
impossible to disaggregate data and say one specific outcome was achieved because of Pace".
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from domain.kernel.codes import PlacementKind
from domain.kernel.figures import CARE, MISSING

__all__ = ["CARE", "IN_CARE", "MISSING", "Residence", "days_in_care", "of_days", "of_nights"]


#: Placements in which the authority looks after a child; a refuge, kin and supported living are not
#: counted.
IN_CARE: frozenset[PlacementKind] = frozenset({"foster-care", "residential", "secure"})
_YEAR = 365


@dataclass(frozen=True)
class Residence:
    """A child's residence from a day on, until another (None: current)."""

    kind: PlacementKind
    since: date
    until: date | None


def of_nights(nights: int) -> int:
    """Return the cost of this many nights missing, in pounds."""
    return nights * MISSING.pounds


def days_in_care(stays: Iterable[Residence], today: date) -> int:
    """Return the number of days in care until today, each counted once. A stay ends on the day on
    which the child goes home."""
    days = {
        day
        for stay in stays
        if stay.kind in IN_CARE
        for day in range(stay.since.toordinal(), min(stay.until or today, today).toordinal())
    }
    return len(days)


def of_days(days: int) -> int:
    """Return the cost of this many days in care, in whole pounds."""
    return round(days * CARE.pounds / _YEAR)
