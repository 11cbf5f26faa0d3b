"""Findings of `continuum doctor` about notifications that do not reach people."""

from collections.abc import Iterator
from typing import TYPE_CHECKING

from commands.people_and_teams import escalating, silence
from console.running.finding import Danger, Finding
from installation import following

if TYPE_CHECKING:
    from installation.system import System

#: Beginnings of the names of settings for notifications: mail, a webhook, a pager.
SETTINGS = ("smtp_host", "webhook_url", "pager_url")


def findings(system: "System") -> Iterator[Finding]:
    """Yield findings about due items for which no person is notified. For a synthetic store they
    are yielded only if a process escalates its due items."""
    since = system.views.since_beat()
    if system.synthetic and since is None:
        return
    if warning := silence.silence_warning(system.clock(), since, urgent=True):
        yield Finding(
            Danger.EXPOSURE,
            "nothing is escalated",
            f"continuum watch does not run: {warning[:1].lower()}{warning.partition(':')[0][1:]}",
            (system.printable_address,),
            "run it under a service manager that restarts it (continuum serve brings one)",
        )
    channels, wrong = following.channels_of(system)
    feeder, unfed = following.feeder_of(system, lambda text: None)
    late = {user: many for user, many in _tries(system).items() if user in feeder.callers and many}
    if late:
        yield Finding(
            Danger.SERVICE,
            "programs not told",
            "programs did not accept the changes that were sent to them",
            tuple(f"{user}: {many} times in a row" for user, many in sorted(late.items())),
            "check that they answer, and that they accept what this store's secret signs",
        )
    for sentence in (*wrong, *unfed):
        yield Finding(
            Danger.SERVICE,
            "set up wrongly",
            sentence,
            ("continuum.toml",),
            "correct the settings, then restart continuum watch",
        )
    ways = {channel.kind for channel in channels}
    if not ways:
        yield Finding(
            Danger.SERVICE,
            "not set up",
            "no message goes out when something is due: people learn of it only by looking",
            SETTINGS,
            "set up mail, a webhook or a pager (docs/notifying.md)",
        )
        return
    untold, nobody, nowhere = escalating.notification_backlog(system.desk, ways)
    if "mail" in ways and nowhere:
        yield Finding(
            Danger.SERVICE,
            "no address",
            f"{len(nowhere)} people have no mail address",
            nowhere,
            "set it: continuum user reminder-address NAME --email ADDRESS",
        )
    if untold or nobody:
        yield Finding(
            Danger.EXPOSURE,
            "not told",
            f"messages about due items that were not delivered: {untold}; that have no recipient: "
            f"{nobody}",
            tuple(sorted(ways)),
            "check that these servers answer, and that each role has people with an address",
        )


def _tries(system: "System") -> dict[str, int]:
    """Return, for each program, how often in a row the delivery of changes to it failed."""
    return system.credentials.feeds.tries() if system.settings.feeds else {}
