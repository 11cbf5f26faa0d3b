"""Commands that correct a clock after it jumped: one person states that it is right now, another
confirms it.
"""

from collections.abc import Mapping
from datetime import datetime, timedelta
from uuid import UUID

from access.who_may.event_rules import require_command
from commands.kernel.clock import CLOCK
from commands.kernel.unit_of_work import Desk, Receipt, act
from domain.kernel.envelope import LogName, LogUnavailable
from domain.kernel.log import Log
from domain.kernel.values import Reader
from domain.people_and_teams import right_time
from domain.people_and_teams.recovery import ClockStepped
from domain.people_and_teams.right_time import Dated, RightTime

_PAGE = 100
_MICROSECOND = timedelta(microseconds=1)


Logs = Mapping[LogName, Log]


def current_state(desk: Desk) -> RightTime:
    """Return the state of all corrections of the clock: the proposal that waits for a second
    person, if there is one, and the earlier corrections.
    """
    return desk.fold(CLOCK, RightTime(), right_time.evolve)[0]


def propose(
    desk: Desk, logs: Logs, reader: Reader, reason: str, *, command_id: UUID | None = None
) -> Receipt:
    """Propose that the clock is right; nothing changes until a second person confirms it. Raises
    Refused, Denied.
    """
    evidence = logs["evidence"]
    jumped, now = evidence.jump() is not None, evidence.now()
    return act(
        desk,
        reader,
        "clock.propose",
        CLOCK,
        RightTime(),
        right_time.evolve,
        lambda state: right_time.propose(state, reader.name, reason, now, jumped=jumped),
        [reason],
        command_id=command_id,
    )


def confirm(desk: Desk, logs: Logs, reader: Reader) -> Receipt:
    """Confirm another person's proposal that the clock is right. If the times in the log are ahead
    of the clock, then either new records get the clock's time, or they remain ahead and deadlines
    are counted by the clock. The views have to be rebuilt afterwards. Raises Refused, Denied.
    """
    require_command(reader, "clock.confirm")
    right_time.confirm(current_state(desk), reader.name, logs["evidence"].now(), ())
    dated = wrongly_dated(logs)
    logs["evidence"].believe_clock()
    now = logs["evidence"].now()
    return act(
        desk,
        reader,
        "clock.confirm",
        CLOCK,
        RightTime(),
        right_time.evolve,
        lambda state: right_time.confirm(state, reader.name, now, dated),
        [],
    )


def refuse(desk: Desk, reader: Reader, reason: str, *, command_id: UUID | None = None) -> Receipt:
    """Refuse the proposal that the clock is right, or withdraw the reader's own proposal. Raises
    Refused, Denied.
    """
    return act(
        desk,
        reader,
        "clock.refuse",
        CLOCK,
        RightTime(),
        right_time.evolve,
        lambda state: right_time.refuse(state, reason),
        [reason],
        command_id=command_id,
    )


def wrongly_dated(logs: Logs) -> list[Dated]:
    """Return the records of each log that were dated by a clock whose time was far from the
    present. Raises LogUnavailable if the evidence log does not answer.
    """
    jump, now = logs["evidence"].jump(), logs["evidence"].now()
    if jump is None:
        return []
    if jump > timedelta():
        ranges_by_log = [(name, _uncertain(log)) for name, log in _answering(logs)]
        return [Dated(name, *date_range, 0) for name, date_range in ranges_by_log if date_range]
    ranges = {
        name: date_range for name, log in _answering(logs) if (date_range := _ahead_of(log, now))
    }
    ahead = _largest_jump(logs, ranges)
    return [Dated(name, *date_range, ahead // _MICROSECOND) for name, date_range in ranges.items()]


def _answering(logs: Logs) -> list[tuple[LogName, Log]]:
    answering_logs = []
    for name, log in logs.items():
        try:
            log.last()
        except LogUnavailable:
            if name == "evidence":
                raise
            continue
        answering_logs.append((name, log))
    return answering_logs


def _uncertain(log: Log) -> tuple[int, int] | None:
    """Return the range of a log's last records whose times are uncertain."""
    first = last = log.last()
    while first > 0:
        page = log.read(max(first - _PAGE, 0), min(first, _PAGE))
        certain = [fact.seq for fact in page if not fact.uncertain]
        if certain or not page:
            first = certain[-1] if certain else first
            break
        first = page[0].seq - 1
    return (first + 1, last) if first < last else None


def _ahead_of(log: Log, now: datetime) -> tuple[int, int] | None:
    """Return the range of a log's records dated later than now, by bisection: recorded times are
    monotone.
    """
    low, last = 1, log.last()
    high = last + 1
    while low < high:
        middle = (low + high) // 2
        if log.moment(middle) > now:
            high = middle
        else:
            low = middle + 1
    return (low, last) if low <= last else None


def _largest_jump(logs: Logs, ranges: Mapping[LogName, tuple[int, int]]) -> timedelta:
    """Return the longest time by which the clock may have jumped ahead: the time between the first
    record with a wrong time and the record before it or, if there is none before it, the largest
    recorded step back of the clock.
    """
    first = min(
        (logs[name].moment(date_range[0]) for name, date_range in ranges.items()), default=None
    )
    before = [
        logs[name].moment(seq)
        for name, log in _answering(logs)
        if (seq := ranges.get(name, (log.last() + 1, 0))[0] - 1) > 0
    ]
    if first is None:
        return timedelta()
    if before:
        return first - max(before) - _MICROSECOND
    steps = [fact.event for fact in logs["evidence"].history(CLOCK)]
    return max((step.back for step in steps if isinstance(step, ClockStepped)), default=timedelta())
