"""Detect that the machine's clock was set back. The times in the log never go back, and each time
that the clock was set back is recorded once.
"""

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
#: The longest time by which a synchronised clock is set back in normal adjustments.
SLACK = timedelta(seconds=1)
_MICROSECOND = timedelta(microseconds=1)


def note_step(log: Log, fact: Recorded, moment: datetime) -> None:
    """Record that the clock was set back, if this machine's time (`moment`) is earlier than the
    log's last record. Raises no errors, because `fact` is already saved.
    """
    if fact.recorded - moment <= SLACK:
        return
    # if another process records the step, or if the log does not answer, nothing is recorded here
    with suppress(CommandReused, Conflict, LogUnavailable):
        # if the log is on a database server, use the server's time, because this machine's clock
        # may be wrong
        now = log.now()
        before = log.history(CLOCK)
        steps = [
            fact_before.event
            for fact_before in before
            if isinstance(fact_before.event, ClockStepped)
        ]
        is_same = steps and _is_same_step(before[-1], steps[-1], fact, now)
        if fact.recorded - now <= SLACK or is_same:
            return
        header = Header(fact.by, fact.team, fact.controller, fact.regime, (fact.ref,))
        step = Fact(CLOCK, len(before) + 1, header, ClockStepped(now, fact.recorded))
        log.append([Submission(uuid5(CLOCK, fact.ref), b"", (step,))])


def clock_differs(log: Log, fact: Recorded) -> str | None:
    """Return a warning for the author of a fact if the clock was wrong, so that the time of the
    fact is uncertain; None if the clock is right. Raises LogUnavailable.
    """
    if fact.clock is None or (not fact.uncertain and is_set_right(log)):
        return None
    runs = "ahead of the last record" if fact.uncertain else "behind the last record"
    return (
        f"The time is uncertain: the clock says {fact.clock:%Y-%m-%d %H:%M}, {runs} (UTC). What "
        f"you recorded is saved, and its deadlines run from {fact.came:%Y-%m-%d %H:%M}. Tell your "
        "administrator (continuum doctor)."
    )


def is_set_right(log: Log) -> bool:
    """Return whether two people have confirmed, since the last jump, that the clock is right."""
    return any(isinstance(fact.event, ClockSetRight) for fact in log.history(CLOCK)[-1:])


def _is_same_step(last: Recorded, step: ClockStepped, fact: Recorded, now: datetime) -> bool:
    """Return whether the clock is still behind because of the last time that it was set back, which
    is already recorded. This is so if each fact since `last` is dated one microsecond after the
    fact before, and the clock was not set back further.
    """
    still = fact.recorded - last.recorded == (fact.seq - last.seq) * _MICROSECOND
    return still and now >= step.told - SLACK
