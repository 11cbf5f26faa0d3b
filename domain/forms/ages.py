"""Read ages as people write them: "11", "11 yrs", "14y8m", "eleven". An ambiguous text is not read
as an age."""

import re
from calendar import monthrange
from datetime import date, timedelta
from typing import NamedTuple

from domain.forms.patterns import lazy_regex
from domain.forms.words import name

_YEARS = lazy_regex(r"(?:aged? )?(\d{1,2}) ?(?:y|yr|yrs|year|years|yo|y o)?(?: old| of age)?")
_BOTH = lazy_regex(
    r"(?:aged? )?(\d{1,2}) ?(?:y|yrs?|years?) ?(?:and )?(\d{1,2}) ?(?:m|mths?|months?)?"
    r"(?: old)?"
)
_TEENS = ("ten", "eleven", "twelve", "thirteen", "fourteen", "fifteen", "sixteen", "seventeen")
_WORDS = dict(zip(_TEENS, range(10, 18), strict=True)) | {"eight": 8, "nine": 9}
_STANDS_FOR = lazy_regex(r"\b(" + "|".join(_WORDS) + r")\b")


class Age(NamedTuple):
    """An age: completed years, and months in addition."""

    years: int
    months: int = 0


def age(words: str) -> Age | None:
    """Return the age that these words state; None for ambiguous words such as "about 14", "14 or
    15" and "14.8".
    """
    # "14.8" may mean fourteen years and eight months, or fourteen and four fifths
    if re.search(r"\d\s*\.\s*\d", words):
        return None
    plain = _STANDS_FOR.sub(lambda found_match: str(_WORDS[found_match[1]]), name(words))
    if match := _YEARS.fullmatch(plain):
        return Age(int(match[1]))
    if (match := _BOTH.fullmatch(plain)) and int(match[2]) < 12:
        return Age(int(match[1]), int(match[2]))
    return None


def age_on(born: date, day: date) -> int:
    """Return the completed years on a day; negative before the birth."""
    return day.year - born.year - ((day.month, day.day) < (born.month, born.day))


def latest_birth(age: Age, on: date) -> date:
    """Return the latest possible date of birth of a person who has this age on this day. In doubt a
    person counts as younger: the date is as if this day were the birthday.
    """
    months = on.year * 12 + on.month - 1 - age.years * 12 - age.months
    year, month = divmod(months, 12)
    # number of days that the month lacks: 1 for the 31st of April
    over = on.day - monthrange(year, month + 1)[1]
    if over > 0:
        return date(year, month + 1, on.day - over) + timedelta(days=1)
    return date(year, month + 1, on.day)
