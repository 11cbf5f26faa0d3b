"""The clock went back: recorded times stand still, and the record says so, once a step."""

from collections.abc import Sequence
from contextlib import suppress
from datetime import datetime, timedelta
from typing import Protocol
from uuid import UUID, uuid5

from domain.envelope import (
    CommandReused,
    Conflict,
    Fact,
    Header,
    LogUnavailable,
    Recorded,
    Submission,
)
from domain.governance import STORE
from domain.recovery import ClockStepped

CLOCK = uuid5(STORE, "clock")
#: Clocks that are kept in step are moved by less than this.
SLACK = timedelta(seconds=1)
_MICROSECOND = timedelta(microseconds=1)


class Log(Protocol):
    """What is needed of the evidence log."""

    def now(self) -> datetime: ...

    def history(self, stream: UUID) -> list[Recorded]: ...

    def append(self, submissions: Sequence[Submission]) -> list[tuple[Recorded, ...]]: ...


def note_step(log: Log, fact: Recorded, told: datetime) -> None:
    """After `fact` was saved while this machine's clock tells `told`: if the log's own clock is
    behind the log, say so. It never fails what was saved."""
    if fact.recorded - told <= SLACK:
        return
    with suppress(CommandReused, Conflict, LogUnavailable):  # somebody else says it, or later
        now = log.now()  # of a server, if it is on one: this machine's may be wrong by itself
        before = log.history(CLOCK)
        if fact.recorded - now <= SLACK or (before and _same(before[-1], fact, now)):
            return
        header = Header(fact.by, fact.team, fact.controller, fact.regime, (fact.ref,))
        step = Fact(CLOCK, len(before) + 1, header, ClockStepped(now, fact.recorded))
        log.append([Submission(uuid5(CLOCK, fact.ref), b"", (step,))])


def _same(last: Recorded, fact: Recorded, now: datetime) -> bool:
    """Whether no fact since took its time from the clock, which did not go back further."""
    still = fact.recorded - last.recorded == (fact.seq - last.seq) * _MICROSECOND
    event = last.event
    return still and isinstance(event, ClockStepped) and now >= event.told - SLACK
