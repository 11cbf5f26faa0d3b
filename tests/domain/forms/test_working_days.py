"""Working days leave out bank holidays and the days that replace them."""

from datetime import date

import pytest

from domain.forms import working_days


@pytest.mark.parametrize(
    ("year", "days"),
    [
        (2011, "01-03 04-22 04-25 04-29 05-02 05-30 08-29 12-26 12-27"),
        (2012, "01-02 04-06 04-09 05-07 06-04 06-05 08-27 12-25 12-26"),
        (2020, "01-01 04-10 04-13 05-08 05-25 08-31 12-25 12-28"),
        (2021, "01-01 04-02 04-05 05-03 05-31 08-30 12-27 12-28"),
        (2022, "01-03 04-15 04-18 05-02 06-02 06-03 08-29 09-19 12-26 12-27"),
        (2023, "01-02 04-07 04-10 05-01 05-08 05-29 08-28 12-25 12-26"),
        (2026, "01-01 04-03 04-06 05-04 05-25 08-31 12-25 12-28"),
    ],
)
def test_the_bank_holidays_of_a_year(year: int, days: str) -> None:
    found = sorted(working_days.holidays(year))
    assert [one.isoformat()[5:] for one in found] == days.split()


def test_working_days_are_counted_past_weekends_and_holidays() -> None:
    thursday = date(2011, 4, 21)  # this day is the one before Good Friday
    assert working_days.working_days_after(thursday, 1) == date(2011, 4, 26)
    assert working_days.working_days_after(thursday, 5) == date(2011, 5, 4)
    assert working_days.working_days_after(date(2011, 5, 7), 1) == date(2011, 5, 9), (
        "from a Saturday"
    )
    assert not working_days.is_working(date(2011, 5, 8))
