"""Correction after a computer's clock jumped: one person states that the clock is now right, and
another person confirms it. Records that a wrong clock dated are not changed, but their deadlines
run from the corrected time.
"""

from collections.abc import Iterable, Sequence
from datetime import datetime, timedelta
from typing import Annotated, ClassVar

import msgspec
from msgspec import Struct
from msgspec.structs import replace

from domain import forms
from domain.kernel.envelope import Event, LogName, Meaning, Recorded, Stored
from domain.kernel.fields import AS_IS, CODE
from domain.kernel.log import LogReader
from domain.kernel.values import Refused


class Dated(msgspec.Struct, frozen=True):
    """The records of one log, from number `first` to number `last`, that have times up to `ahead`
    microseconds ahead of the right time. If a record also has the time of the computer's clock
    (`Recorded.clock`), that time counts instead.
    """

    log: LogName
    first: int
    last: int
    ahead: int


class ClockProposed(Event, frozen=True):
    """A person proposed to record that the clock, which had jumped, is right now."""

    stored: ClassVar = Stored("clock.proposed", "evidence", "record", ("reason",))
    meaning: ClassVar = Meaning(("run-store",), commands=("clock.propose",))
    by: Annotated[str, CODE]
    clock: datetime
    reason: Annotated[str, AS_IS]


class ClockSetRight(Event, frozen=True):
    """A second person confirmed that the clock is right, with the list of records that a wrong
    clock dated.
    """

    stored: ClassVar = Stored("clock.set_right", "evidence", "none")
    meaning: ClassVar = Meaning(("run-store", "approve-erasure"), commands=("clock.confirm",))
    by: Annotated[str, CODE]
    clock: datetime
    dated: tuple[Dated, ...]


class ClockRefused(Event, frozen=True):
    """The proposal that the clock is right was refused, or withdrawn: the clock has to be set
    first.
    """

    stored: ClassVar = Stored("clock.refused", "evidence", "record", ("reason",))
    meaning: ClassVar = Meaning(("run-store", "approve-erasure"), commands=("clock.refuse",))
    reason: Annotated[str, AS_IS]


EVENTS = (ClockProposed, ClockSetRight, ClockRefused)


class RightTime(Struct, frozen=True):
    """The state of the corrections of the clock: who proposed that it is right, and all earlier
    corrections.
    """

    proposed_by: str | None = None
    set_right: tuple[ClockSetRight, ...] = ()

    def came(self, fact: Recorded) -> datetime:
        """Return the moment from which the deadlines of a fact run. If a wrong clock dated the
        fact, this is the corrected time.
        """
        for correction in self.set_right:
            if any(_covers(dated, fact) for dated in correction.dated):
                return _came(correction, fact)
        return fact.came

    def last_by(self, log: LogReader, moment: datetime) -> int:
        """Return the number (`seq`) of the last fact that a log recorded at or before a moment, by
        the corrected times; 0 if there is no such fact. The search relies on recorded times that
        never decrease. The newest fact is checked first, because the log may be ahead of the clock.
        """
        low, high = 0, log.last()
        newest = log.read(high - 1, 1) if high else []
        if newest and self.came(newest[0]) <= moment:
            return high
        while low < high:
            middle = (low + high + 1) // 2
            facts = log.read(middle - 1, 1)
            if facts and self.came(facts[0]) <= moment:
                low = middle
            else:
                high = middle - 1
        return low


def _covers(dated: Dated, fact: Recorded) -> bool:
    return fact.log == dated.log and dated.first <= fact.seq <= dated.last


def _came(right: ClockSetRight, fact: Recorded) -> datetime:
    if fact.clock is not None:  # the fact has the time of a clock that was wrong again
        return fact.clock if fact.clock <= right.clock else fact.came
    ahead = max(dated.ahead for dated in right.dated if _covers(dated, fact))
    return fact.recorded - timedelta(microseconds=ahead)


def evolve(state: RightTime, event: Event) -> RightTime:
    match event:
        case ClockProposed():
            return replace(state, proposed_by=event.by)
        case ClockRefused():
            return replace(state, proposed_by=None)
        case ClockSetRight():
            return RightTime(None, (*state.set_right, event))
    return state


def right_time(events: Iterable[Event]) -> RightTime:
    """Return the state of the corrections of the clock, from the events of the clock's own
    stream."""
    state = RightTime()
    for event in events:
        state = evolve(state, event)
    return state


def propose(
    state: RightTime, by: str, reason: str, clock: datetime, *, jumped: bool
) -> tuple[Event, ...]:
    """Propose to record that the clock is right now. Raises Refused if there is no reason, if the
    clock did not jump, and if another such proposal waits for a second person.
    """
    if not reason.strip():
        raise Refused(
            "say with --reason how you know that the machine's clock is right", field="reason"
        )
    if not jumped:
        raise Refused("the machine's clock agrees with the record: there is nothing to confirm")
    if state.proposed_by:
        raise Refused(
            f"{state.proposed_by} proposed already that the clock is right: a second person "
            "has to confirm this"
        )
    return (ClockProposed(by, clock, reason.strip()),)


def confirm(
    state: RightTime, by: str, clock: datetime, dated: Sequence[Dated]
) -> tuple[Event, ...]:
    """Confirm, as the second person, that the clock is right now. Raises Refused for the proposer,
    however the name is spelt.
    """
    if not state.proposed_by:
        raise Refused(
            "there is no open proposal that the clock is right: run continuum clock propose"
        )
    if forms.same_person(state.proposed_by, by):
        raise Refused(
            f"confirming that the clock is right takes two people: {state.proposed_by} "
            "proposed it, and another person has to confirm it"
        )
    return (ClockSetRight(by, clock, tuple(dated)),)


def refuse(state: RightTime, reason: str) -> tuple[Event, ...]:
    """Refuse the proposal that the clock is right, or withdraw it. Raises Refused if there is no
    reason."""
    if not state.proposed_by:
        raise Refused(
            "there is no open proposal that the clock is right, so there is nothing to refuse"
        )
    if not reason.strip():
        raise Refused("say with --reason why the proposal is refused or withdrawn", field="reason")
    return (ClockRefused(reason.strip()),)
