"""The part of many similar cases that a run of the tests tries: another part each day.

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
#: The environment variable with the day whose part a run tries, or ALL, for all processes of a run.
DAY, ALL = "TESTS_DAY", "all"
#: The size of a part, where a test names no other: one case in this many.
ONE_IN = 3


def checked(day: str) -> str:
    """Return this day as it is written on the command line; raise ValueError if it is no date."""
    return day if day == ALL else date.fromisoformat(day).isoformat()


def begin(day: str | None) -> None:
    """Let this process, and those that it starts, try the part of this day (by default of today),
    or ALL.
    """
    os.environ[DAY] = day or os.environ.get(DAY) or datetime.now(UTC).date().isoformat()


def day() -> str:
    """Return the day whose part this run tries, or ALL, as outside a test run."""
    return ALL if TIMES > 1 else os.environ.get(DAY, ALL)


def todays(cases: Iterable[T], one_in: int = ONE_IN, *, shift: int = 0, days: int = 1) -> list[T]:
    """Return every third of these cases, one at least, and others the next day; all of them if the
    run tries ALL. With another `shift` a loop gets others on the same day. A loop inside another
    one names the number of `days` after which it gets others, so that both together try all pairs.
    """
    all_cases = [*cases]
    if not all_cases or day() == ALL:
        return all_cases
    step, number = min(one_in, len(all_cases)), date.fromisoformat(day()).toordinal() // days
    return all_cases[(number + shift) % step :: step]
