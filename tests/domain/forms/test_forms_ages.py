"""Ages are read from the phrases that people use, and the result is the youngest age that the
person may have."""

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from domain.forms import Age, age, age_on, latest_birth


@pytest.mark.parametrize(
    ("words", "told"),
    [
        *(
            (words, Age(11))
            for words in ("11", "11 yrs", "11y", "11 years old", "aged 11", "Eleven")
        ),
        *((words, Age(14, 8)) for words in ("14y8m", "14 years 8 months", "14 yrs, 8 mths")),
        *((words, None) for words in ("14.8 months", "14.8", "about 14", "14 or 15", "14y13m")),
        *((words, None) for words in ("", "Year 9", "10-11", "110", "not known")),
    ],
)
def test_an_age_beyond_doubt(words: str, told: Age | None) -> None:
    assert age(words) == told


@given(st.integers(0, 30), st.integers(0, 11), st.dates(date(1990, 1, 1), date(2030, 12, 31)))
def test_nobody_of_that_age_was_born_later(years: int, months: int, on: date) -> None:
    born = latest_birth(Age(years, months), on)
    assert age_on(born, on) == years or (born > on and not years and not months)
    assert born.day in (on.day, 1), "the day itself, or the next where the month had no such day"
