"""Figures of a store for its administrator: no name, no id, and no text of an entry.

The figures cover the whole store without access rules, so they show when something was recorded.
Therefore they are served on an address of their own, and never with the screens
(`web.server.metrics`).
"""

from collections.abc import Iterator
from datetime import datetime, timedelta

from msgspec import Struct

from access.logger import log
from access.who_may import scope
from commands.people_and_teams import escalating
from domain.kernel.envelope import LogUnavailable
from installation.auditing import unsigned
from installation.following import channels_of
from installation.system import INTEGRITY, System
from projections import all_views
from projections.information import queue
from projections.information.queue import Clocks
from projections.kernel import runner


class Gauge(Struct, frozen=True):
    """One number of a metric; `labels` distinguish the number from other numbers of the same
    name.
    """

    name: str
    help: str
    value: float
    labels: tuple[tuple[str, str], ...] = ()


def up(value: int) -> Gauge:
    """Return the figure that says whether the whole store answers (1) or not (0)."""
    return Gauge("up", "1 if the whole store answers, otherwise 0.", value)


def gauges(system: System) -> list[Gauge]:
    """Return all figures that are available now. Parts that do not answer are left out, and
    `continuum_up` is then 0."""
    all_gauges, answers = [], 1
    for part in (_logs, _views, _waiting, _signer, _telling, _phones):
        try:
            all_gauges += list(part(system))
        except (LogUnavailable, *INTEGRITY) as error:
            answers = 0
            log.error("a metric cannot be told", part=part.__name__, reason=type(error).__name__)
    return [up(answers), *all_gauges]


def _logs(system: System) -> Iterator[Gauge]:
    for name, log_reader in system.logs.items():
        text = "Number of records in a log."
        yield Gauge("log_records", text, log_reader.last(), (("log", name),))


def _views(system: System) -> Iterator[Gauge]:
    with system.views.asking() as (db, _):
        reached, aside = runner.positions(db), runner.set_aside(db)
    names = {view.name for view in all_views.knowledge()}
    for name, log_reader in system.logs.items():
        read = [at for (view, of), at in reached.items() if of == name and view in names]
        if read:
            text = "Number of records that the slowest view has not read."
            behind = max(log_reader.last() - min(read), 0)
            yield Gauge("views_behind_records", text, behind, (("log", name),))
    yield Gauge("views_set_aside", "Facts that a view could not apply.", len(aside))
    yield Gauge(
        "views_followed",
        "1 while one process updates the views for all others (continuum watch).",
        system.views.followed(),
    )


def _waiting(system: System) -> Iterator[Gauge]:
    policy, now = system.desk.policy, system.clock()
    clocks = Clocks(policy.urgent, policy.other, policy.on_call)
    with system.views.asking() as (db, _):
        counted = queue.tally(db, scope.unlimited(system.label), now, clocks)
        oldest = queue.oldest(db)
    yield Gauge("queue_items", "Log entries that wait for an assessment.", counted.waiting)
    yield Gauge("queue_overdue_items", "Log entries whose assessment is overdue.", counted.overdue)
    yield Gauge(
        "queue_urgent_items", "Urgent log entries that wait for an assessment.", counted.urgent
    )
    text = "Seconds for which the oldest log entry has waited for an assessment."
    yield Gauge("queue_oldest_seconds", text, _seconds(now, oldest))


def _signer(system: System) -> Iterator[Gauge]:
    for name, lag in unsigned(system).items():
        here = (("log", name),)
        yield Gauge(
            "unsigned_records", "Records that no published checkpoint covers.", lag.many, here
        )
        text = "Seconds for which the first unsigned record has waited for a checkpoint."
        yield Gauge("unsigned_seconds", text, _seconds(system.clock(), lag.since), here)


def _telling(system: System) -> Iterator[Gauge]:
    since = system.views.since_beat()
    if since is not None:
        text = "Seconds since the escalating process last reported that it is alive."
        yield Gauge("escalation_beat_seconds", text, since / timedelta(seconds=1))
    channels, _ = channels_of(system)
    if channels:
        untold, nobody, _ = escalating.notification_backlog(
            system.desk, {channel.kind for channel in channels}
        )
        yield Gauge("outbox_messages", "Notifications that were not delivered yet.", untold)
        yield Gauge(
            "outbox_addressless", "Escalation steps of which no person can be notified.", nobody
        )


def _phones(system: System) -> Iterator[Gauge]:
    if not system.anybody_proves:
        return
    if system.settings.feeds:
        tries = system.credentials.feeds.tries()
        text = "Largest number of failed deliveries in a row to a program that receives changes."
        yield Gauge("feed_refusals", text, max(tries.values(), default=0))
    outboxes = system.credentials.outboxes.list_outboxes()
    text = "Number of unsent entries on phones, by the phones' last reports."
    yield Gauge("phone_entries", text, sum(outbox.waiting for outbox in outboxes))
    since = [outbox.oldest for outbox in outboxes if outbox.waiting and outbox.oldest]
    text = "Seconds for which the oldest unsent entry has waited on a phone."
    yield Gauge("phone_oldest_seconds", text, _seconds(system.clock(), min(since, default=None)))


def _seconds(now: datetime, since: datetime | None) -> float:
    return max((now - since) / timedelta(seconds=1), 0) if since else 0
