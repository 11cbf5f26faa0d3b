"""The periods of a report card: whole days in London, divided into quarters or years."""

from collections.abc import Iterator
from datetime import date, datetime, time, timedelta

from msgspec import Struct

from domain.forms.intervals import LONDON
from domain.kernel.codes import CardParts
from domain.kernel.values import Refused

#: The largest number of parts into which the period of a report card is divided: ten years of
#: quarters.
MOST = 40
#: The longest period of a report card, in years.
LONGEST = 20
_MONTHS = {"quarter": 3, "year": 12}


class CardPeriod(Struct, frozen=True, order=True):
    """The period of a report card from its first to its last day, both included."""

    since: date
    until: date

    def __str__(self) -> str:
        return f"{self.since:%d.%m.%Y} to {self.until:%d.%m.%Y}"

    @property
    def starts(self) -> datetime:
        """Return the first moment of the card's period."""
        return moment(self.since)

    @property
    def ends(self) -> datetime:
        """Return the first moment after the card's period."""
        return moment(self.until + timedelta(days=1))

    @property
    def months(self) -> int:
        """Return the number of calendar months that the card's period touches."""
        years = self.until.year - self.since.year
        return years * 12 + self.until.month - self.since.month + 1


def moment(day: date) -> datetime:
    """Return the first moment of a day in London time."""
    return datetime.combine(day, time(), LONDON)


def periods(since: date, until: date, parts: CardParts | None) -> list[CardPeriod]:
    """Return a list of the periods of a report card: the whole period or, if `parts` is given, the
    calendar quarters or years of which it consists. The first and the last of these may be shorter.
    Raises Refused for an end before the start, a period that is too long, and too many parts.
    """
    if until < since:
        raise Refused("the period ends before it begins: correct one of its days", field="until")
    if until.year - since.year > LONGEST:
        raise Refused(
            f"a report card shows at most {LONGEST} years: choose a shorter period", field="until"
        )
    found_periods = list(_parts(since, until, parts))
    if len(found_periods) > MOST:
        raise Refused(
            f"the period has {len(found_periods)} parts, and a report card shows at most {MOST}: "
            "choose longer parts",
            field="by",
        )
    return found_periods


def _parts(since: date, until: date, parts: CardParts | None) -> Iterator[CardPeriod]:
    first = since
    while parts and (following := _following(first, _MONTHS[parts])) <= until:
        yield CardPeriod(first, following - timedelta(days=1))
        first = following
    yield CardPeriod(first, until)


def _following(day: date, months: int) -> date:
    """Return the first day of the next calendar quarter (3 months) or year (12)."""
    month = (day.month - 1) // months * months + months
    return date(day.year + month // 12, month % 12 + 1, 1)
