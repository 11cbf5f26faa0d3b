"""The clock went back: recorded times stand still, and the record says so, once a step."""

from contextlib import suppress
from datetime import datetime, timedelta
from uuid import uuid5

from domain.kernel.envelope import (
    CommandReused,
    Conflict,
    Fact,
    Header,
    LogUnavailable,
    Recorded,
    Submission,
)
from domain.kernel.log import Log
from domain.people_and_teams.recovery import ClockStepped
from domain.people_and_teams.right_time import ClockSetRight
from domain.people_and_teams.store_admin import STORE

CLOCK = uuid5(STORE, "clock")
#: Clocks that are kept in step are moved by less than this.
SLACK = timedelta(seconds=1)
_MICROSECOND = timedelta(microseconds=1)


def note_step(log: Log, fact: Recorded, told: datetime) -> None:
    """After `fact` was saved while this machine's clock tells `told`: if the log's own clock is
    behind the log, say so. It never fails what was saved."""
    if fact.recorded - told <= SLACK:
        return
    with suppress(CommandReused, Conflict, LogUnavailable):  # somebody else says it, or later
        now = log.now()  # of a server, if it is on one: this machine's may be wrong by itself
        before = log.history(CLOCK)
        steps = [one.event for one in before if isinstance(one.event, ClockStepped)]
        known = steps and _same(before[-1], steps[-1], fact, now)
        if fact.recorded - now <= SLACK or known:
            return
        header = Header(fact.by, fact.team, fact.controller, fact.regime, (fact.ref,))
        step = Fact(CLOCK, len(before) + 1, header, ClockStepped(now, fact.recorded))
        log.append([Submission(uuid5(CLOCK, fact.ref), b"", (step,))])


def clock_differs(log: Log, fact: Recorded) -> str | None:
    """What the person who recorded a fact is told where its time is uncertain; None where it is
    not, and where the log stays ahead of a clock that was set right."""
    if fact.clock is None or (not fact.uncertain and is_set_right(log)):
        return None
    runs = "ahead of the last record" if fact.uncertain else "behind the last record"
    return (
        f"The time is uncertain: the clock says {fact.clock:%Y-%m-%d %H:%M}, {runs} (UTC). What "
        f"you recorded is saved, and its deadlines run from {fact.came:%Y-%m-%d %H:%M}. Tell your "
        "administrator (continuum doctor)."
    )


def is_set_right(log: Log) -> bool:
    """Whether two people said, since the clock last jumped, that it is right. Raises
    LogUnavailable."""
    return any(isinstance(one.event, ClockSetRight) for one in log.history(CLOCK)[-1:])


def _same(last: Recorded, step: ClockStepped, fact: Recorded, now: datetime) -> bool:
    """Whether no fact since took its time from the clock, which did not go back further."""
    still = fact.recorded - last.recorded == (fact.seq - last.seq) * _MICROSECOND
    return still and now >= step.told - SLACK
