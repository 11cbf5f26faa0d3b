"""Working days of England and Wales: not a Saturday, a Sunday or a bank holiday.

The yearly holidays are calculated (Banking and Financial Dealings Act 1971, schedule 1, and Good
Friday and Christmas Day by common law); days that a proclamation added or moved are in the tables
`PROCLAIMED` and `MOVED`. The tables were checked on 27 November 2026 for the years 2000 to 2026;
each later year still has to be checked [verify].
"""

from datetime import date, timedelta
from functools import lru_cache

_SATURDAY, _SUNDAY = 5, 6
_DAY = timedelta(days=1)
#: Bank holidays that were proclaimed for a single year.
PROCLAIMED: frozenset[date] = frozenset(
    {
        date(2002, 6, 3),  # Golden Jubilee
        date(2011, 4, 29),  # a royal wedding
        date(2012, 6, 5),  # Diamond Jubilee
        date(2022, 6, 3),  # Platinum Jubilee
        date(2022, 9, 19),  # a state funeral
        date(2023, 5, 8),  # a coronation
    }
)
#: Bank holidays that were moved in one year: the usual day, and the day in that year.
MOVED: dict[date, date] = {
    date(2002, 5, 27): date(2002, 6, 4),
    date(2012, 5, 28): date(2012, 6, 4),
    date(2020, 5, 4): date(2020, 5, 8),
    date(2022, 5, 30): date(2022, 6, 2),
}


def is_working(day: date) -> bool:
    """Return whether this is a working day in England and Wales."""
    return day.weekday() < _SATURDAY and day not in holidays(day.year)


def working_days_after(day: date, many: int) -> date:
    """Return the day that is this many working days after `day`."""
    while many:
        day += _DAY
        many -= is_working(day)
    return day


@lru_cache(maxsize=256)
def holidays(year: int) -> frozenset[date]:
    """Return the bank holidays of England and Wales in a year."""
    easter = easter_sunday(year)
    usual = {
        easter - 2 * _DAY,
        easter + _DAY,
        _monday(date(year, 5, 1)),
        _monday(date(year, 5, 25)),
        _monday(date(year, 8, 25)),
    }
    new_year, christmas, boxing = date(year, 1, 1), date(year, 12, 25), date(year, 12, 26)
    usual.add(_monday(new_year) if new_year.weekday() >= _SATURDAY else new_year)
    # Christmas Day or Boxing Day on a weekend is observed two days later
    for holiday in (christmas, boxing):
        usual.add(holiday + 2 * _DAY if holiday.weekday() >= _SATURDAY else holiday)
    # if Christmas Day is a Sunday, the 26th is Boxing Day anyway, and the 27th is the holiday
    if christmas.weekday() == _SUNDAY:
        usual |= {boxing, christmas + 2 * _DAY}
    return frozenset({MOVED.get(holiday, holiday) for holiday in usual}) | {
        holiday for holiday in PROCLAIMED if holiday.year == year
    }


def easter_sunday(year: int) -> date:
    """Return Easter Sunday by the Gregorian calendar (the anonymous algorithm: Meeus, Jones,
    Butcher)."""
    a, (b, c) = year % 19, divmod(year, 100)
    d, e = divmod(b, 4)
    g = (8 * b + 13) // 25
    h = (19 * a + b - d - g + 15) % 30
    i, k = divmod(c, 4)
    m = (32 + 2 * e + 2 * i - h - k) % 7
    n = (a + 11 * h + 22 * m) // 451
    month, day = divmod(h + m - 7 * n + 114, 31)
    return date(year, month, day + 1)


def _monday(day: date) -> date:
    """Return this day if it is a Monday, or else the next Monday."""
    return day + (7 - day.weekday()) % 7 * _DAY
