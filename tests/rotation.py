"""Select which of many similar cases a run of the tests tries: a third of the cases each day.

A run tries a third of the cases today, another third tomorrow, and the rest the day after.
`--day=2026-12-02` tries the part of that day again. `--day=all` tries all cases, as do `--every`,
`make changed` and, for the folders that somebody changed, `make test PART=network`.
"""

import os
from collections.abc import Iterable
from datetime import UTC, date, datetime
from typing import TypeVar

from tests.fuzz import TIMES

T = TypeVar("T")
#: The name of the environment variable that tells each process of a run of which day it tries the
#: cases, and the value with which it tries all cases.
DAY, ALL = "TESTS_DAY", "all"
#: A run tries one case in this many, unless the test names another number.
ONE_IN = 3


def checked(day: str) -> str:
    """Return this day as it is written on the command line; raise ValueError if it is no date."""
    return day if day == ALL else date.fromisoformat(day).isoformat()


def begin(day: str | None) -> None:
    """Let this process and its child processes try the cases of `day`, or all cases if `day` is
    ALL. Without an argument, the environment names the day, or else it is today."""
    os.environ[DAY] = day or os.environ.get(DAY) or datetime.now(UTC).date().isoformat()


def day() -> str:
    """Return the day that selects the cases of this run. Return ALL if the run tries all cases, and
    outside a test run."""
    return ALL if TIMES > 1 else os.environ.get(DAY, ALL)


def todays(cases: Iterable[T], one_in: int = ONE_IN, *, shift: int = 0, days: int = 1) -> list[T]:
    """Return the cases that are tried today: one in `one_in`, by default every third, and at least
    one. Another `shift` selects other cases on the same day. With `days`, the selection changes
    only after this many days, so that two nested loops together try all pairs."""
    all_cases = [*cases]
    if not all_cases or day() == ALL:
        return all_cases
    step, number = min(one_in, len(all_cases)), date.fromisoformat(day()).toordinal() // days
    return all_cases[(number + shift) % step :: step]
