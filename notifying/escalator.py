"""Escalate deadlines that were not met, and notify people. Only one process at a time does this:
the process that has the lease, a right that expires if the process does not renew it.

Escalations are recorded first, without waiting for a mail server. A message that could not be sent
is sent again, after longer and longer pauses. If the process ends, the process that gets the lease
next sends the missing messages: the log says who was notified.
"""

import time
from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from secrets import token_hex
from typing import Protocol
from uuid import UUID

from access.logger import log
from commands.families import rejudging
from commands.intelligence import alerting, standing_watch
from commands.kernel.unit_of_work import Desk
from commands.people_and_teams import escalating
from commands.people_and_teams.escalating import AT_ONCE, DAILY, TRIED, Delivery, DueEscalations
from domain.kernel.codes import Tier
from domain.kernel.envelope import Event, IntegrityFailure, LogUnavailable, Undecodable
from domain.kernel.values import Refused
from notifying.message import Channel, Message, Undelivered

#: Seconds between two rounds of escalation, and seconds until the lease expires: longer than a mail
#: server usually takes.
PAUSE, LEASE = 2.0, 20.0
#: Seconds between two checks whether the daily messages are due.
DAILY_PAUSE = 60.0
#: Seconds until a failed notification is sent again: after the first failure, and at most.
SOON, LATE = 15.0, 3600.0
#: Seconds between two searches for new alerts; each search reads the network around every child.
RING_PAUSE = 10.0
#: Number of facts of the log that are read at once.
AT_ONCE_READ = 1000
#: Number of batches of escalations that are recorded before people are notified.
AT_A_TIME = 10
MOMENT = timedelta(microseconds=1)
Person = tuple[str, str]


class LeasePlace(Protocol):
    """The place of the lease that allows one process at a time to escalate."""

    def lead(self, holder: str, seconds: float) -> bool: ...

    def beat(self, holder: str) -> None: ...

    def stop_leading(self, holder: str) -> None: ...


@dataclass
class Escalator:
    """Escalates overdue items, and notifies people through `channels`, such as a mail server.
    `link` is the address of the first page of the screens, for the messages; `tell` is a function
    that is called with each sentence for the operator.
    """

    desk: Desk
    views: LeasePlace
    channels: Sequence[Channel]
    link: str | None = None
    tell: Callable[[str], None] = lambda text: None
    holder: str = field(default_factory=lambda: token_hex(8))
    pause: float = PAUSE
    _looked: dict[tuple[Tier, ...], datetime] = field(default_factory=dict)
    _later: dict[Person, tuple[int, float]] = field(default_factory=dict)
    _daily: float = float("-inf")
    _rang: int | None = None
    _rung_at: float = float("-inf")
    _alone: set[object] = field(default_factory=set)

    def run(self, ended: Callable[[float], bool]) -> None:
        """Escalate overdue items at once, and again after each pause, until the function `ended`
        returns True; `ended(seconds)` waits for this many seconds. Errors are logged, and the round
        is tried again. Until a round succeeds, the process is reported as not alive.
        """
        wait = 0.0
        try:
            while not ended(wait):
                wait = self.pause
                try:
                    self.round(ended)
                except (LogUnavailable, Refused, IntegrityFailure, Undecodable) as error:
                    log.error("nothing is escalated", reason=type(error).__name__)
        finally:
            self.views.stop_leading(self.holder)

    def round(self, ended: Callable[[float], bool] = lambda seconds: False) -> bool:
        """Do one round: escalate overdue items, raise alerts and notify people. If another process
        has the lease (the right to do this), do nothing. Return whether this process did the round.
        Raises LogUnavailable.
        """
        if not self.views.lead(self.holder, LEASE):
            return False
        if from_before := escalating.begin(self.desk):
            self.tell(from_before)
        standing_watch.record_matches(self.desk)
        self._ring()
        for _ in range(AT_A_TIME):
            if escalating.escalate(self.desk) < escalating.MANY or ended(0):
                break
            self.views.lead(self.holder, LEASE)
        self.views.beat(self.holder)
        self._told(AT_ONCE, ended)
        if time.monotonic() - self._daily >= DAILY_PAUSE:
            if escalating.is_morning(self.desk.clock()):
                self._told(DAILY, ended)
            self._daily = time.monotonic()
        return True

    def _ring(self) -> None:
        """Raise the alerts that follow from new records, and reopen decisions that new records
        contradict.
        """
        if time.monotonic() - self._rung_at < RING_PAUSE:
            return
        head = self.desk.logs["evidence"].last()
        if head != self._rang:
            recorded = self._recorded(head)
            rejudging.reopen(self.desk, recorded)
            alerting.start_deadlines(self.desk)
            alerting.make_hits_due(self.desk, recorded)
            self._rang = head
            # `recorded` would grow without end; this process does not need the list any more
            self.desk.recorded.clear()
        self._rung_at = time.monotonic()

    def _recorded(self, head: int) -> Mapping[type[Event], Collection[UUID]] | None:
        """Return the streams with new events, by class of event. Only events since the last check
        that can raise an alert or contradict a decision are included. Return None at the first
        check.
        """
        if self._rang is None:
            return None
        found_items: dict[type[Event], set[UUID]] = {}
        after = self._rang
        evidence = self.desk.logs["evidence"]
        while after < head and (kinds := evidence.kinds(after, AT_ONCE_READ)):
            streams = dict(evidence.streams(after, AT_ONCE_READ))
            for seq, kind in kinds:
                read = kind and (kind.meaning.doubts or kind in alerting.HITS_READ)
                if kind and read and seq in streams:
                    found_items.setdefault(kind, set()).add(streams[seq])
            after = kinds[-1][0]
        return found_items

    def _told(self, tiers: tuple[Tier, ...], ended: Callable[[float], bool]) -> None:
        """Notify all people who were not notified yet about escalated deadlines of the priorities
        in `tiers`. If a notification cannot be sent, the next call tries it again.
        """
        ways = {channel.kind for channel in self.channels}
        since = self._looked.get(tiers, self.desk.clock() - TRIED)
        deliveries: list[Delivery] = []
        while not ended(0):
            batch = escalating.missing_notifications(self.desk, ways, tiers, since)
            deliveries += batch.deliveries
            self._say_of_nobody(batch)
            if batch.reached is None:
                break
            since = batch.reached + MOMENT
        left = [delivery for group in _grouped(deliveries) for delivery in self._sent(group, ended)]
        self._looked[tiers] = min((delivery.at for delivery in left), default=since)

    def _sent(
        self, group: Sequence[Delivery], ended: Callable[[float], bool]
    ) -> Sequence[Delivery]:
        """Notify one person about a group of escalated deadlines in one message. Return the
        notifications that were not sent, so that a later call tries them again."""
        first = group[0]
        person = (first.user, first.way)
        tries, after = self._later.get(person, (0, float("-inf")))
        if time.monotonic() < after or ended(0):
            return group
        if first.tier in DAILY and escalating.got_list_today(self.desk, first.user, first.way):
            return group
        # another process may have the lease now, and then sends the message
        if not self.views.lead(self.holder, LEASE):
            return group
        self.views.beat(self.holder)
        channel = next(candidate for candidate in self.channels if candidate.kind == first.way)
        item, now = escalating.message_of(group), self.desk.clock()
        try:
            channel.send(Message(item, now, first.user, first.to, self.link))
        except Undelivered as error:
            wait = min(SOON * 2**tries, LATE)
            self._later[person] = tries + 1, time.monotonic() + wait
            log.error("somebody was not told", way=first.way, reason=str(error), tries=tries + 1)
            self.tell(f"Not told by {first.way} ({error}); tried again in {wait:.0f} s")
            return group
        self._later.pop(person, None)
        escalating.record_notified(self.desk, group)
        return ()

    def _say_of_nobody(self, escalations: DueEscalations) -> None:
        for item in escalations.nobody:
            if item not in self._alone:
                self._alone.add(item)
                log.warning("nobody can be told of what is due", escalation=str(item))


def _grouped(deliveries: Iterable[Delivery]) -> list[list[Delivery]]:
    """Return the notifications grouped by person and channel; each group becomes one message."""
    groups: dict[Person, list[Delivery]] = {}
    for delivery in deliveries:
        groups.setdefault((delivery.user, delivery.way), []).append(delivery)
    return list(groups.values())
