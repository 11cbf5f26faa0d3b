"""Run the process that updates the views for all other processes, with its other tasks: escalation,
feeds of changes, and the exchange.
"""

import contextlib
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from functools import partial
from threading import Event, Thread
from typing import TYPE_CHECKING

from access.logger import log
from commands.kernel import changes
from commands.kernel.changes import ChangePage
from commands.people_and_teams import enrolment
from domain.kernel.values import Refused
from installation.opening import open_system
from installation.stores import secret_in
from installation.system import System

if TYPE_CHECKING:
    from notifying.feeding import Feeder
    from notifying.message import Channel

#: Seconds that escalation has to finish when the process ends.
PARTING = 5.0
#: Largest number of changes that one call sends to a program.
TOLD_AT_ONCE = 200


def follow(
    system: System,
    ended: Callable[[float], bool],
    *,
    escalates: bool = True,
    tell: Callable[[str], None] = lambda text: None,
) -> None:
    """Update the views for all other processes until `ended`, which waits for the given number of
    seconds, returns True. Also send the feeds of changes, follow the exchange's hub and, if
    `escalates`, escalate deadlines. A second site only updates its own views.

    `tell` is called with messages for the operator.
    """
    # imported here, because only this process needs it
    from projections.follower import ViewFollower

    # only the first site escalates; a second site just updates its own views
    if system.settings.first_site:
        own = system.settings.model_copy(update={"first_site": None})
        with contextlib.closing(open_system(own)) as copy:
            ViewFollower(copy.views).run(ended)
        return
    beside = contextlib.ExitStack()
    with beside:
        if escalates:
            beside.enter_context(_escalating(system, tell))
        if system.settings.feeds:
            beside.enter_context(_feeding(system, tell))
        if hub := system.settings.exchange_hub:
            beside.enter_context(_exchanging(system, hub))
        ViewFollower(system.views).run(ended)


@contextlib.contextmanager
def _escalating(system: System, tell: Callable[[str], None]) -> Iterator[None]:
    """Escalate deadlines in another thread, so that a mail server that does not answer delays no
    view."""
    # imported here, because most processes escalate nothing
    from notifying.escalator import Escalator

    channels, wrong = channels_of(system)
    for text in wrong:
        log.error("people cannot be told", reason=text)
        tell(text)
    escalator = Escalator(
        system.desk, system.views, channels, link=system.settings.screens_url, tell=tell
    )
    with _running(escalator.run):
        yield


@contextlib.contextmanager
def _feeding(system: System, tell: Callable[[str], None]) -> Iterator[None]:
    """Send the feed of changes to programs in another thread."""
    feeder, wrong = feeder_of(system, tell)
    for text in wrong:
        log.error("a program cannot be told", reason=text)
        tell(text)
    with _running(feeder.run):
        yield


@contextlib.contextmanager
def _exchanging(system: System, hub: str) -> Iterator[None]:
    """Receive the messages of the hub, which passes offers between police forces, in another
    thread.
    """
    from exchange.following import HubFollower
    from exchange.hublink import HubLink

    with _running(HubFollower(system.desk, HubLink(hub)).run):
        yield


def feeder_of(system: System, tell: Callable[[str], None]) -> "tuple[Feeder, list[str]]":
    """Return the object that sends programs the feed of changes; and a sentence for each wrong
    setting of a feed.
    """
    from notifying.feeding import Feeder
    from notifying.setup import callers

    called, wrong = callers(
        system.settings.feeds, system.settings.authority_file, lambda: datetime.now(UTC), secret_in
    )
    head = system.logs["evidence"].last
    return Feeder(
        called, lambda: system.credentials.feeds, head, partial(_changed, system), tell
    ), wrong


def _changed(system: System, user: str, after: int) -> ChangePage:
    """Return the changes after the position `after`, as far as the program with the account `user`
    may see them. The changes are recorded in the access log before they are sent. Raises Refused if
    the account is not a usable account of a program.
    """
    if not enrolment.is_program(system.desk, user):
        raise Refused("this account is not a program's account, or it may not be used")
    own = system.briefly(user)
    page = changes.changes_after(own.desk, own.reader, after, TOLD_AT_ONCE)
    if page.rows:
        own.consulted("show", sorted({row.item for row in page.rows}))
    return page


def channels_of(system: System) -> "tuple[list[Channel], list[str]]":
    """Return the configured channels by which people are notified; and a sentence for each wrong
    setting of a channel.
    """
    from notifying.setup import channels

    return channels(system.settings, lambda: datetime.now(UTC), secret_in)


@contextlib.contextmanager
def _running(work: Callable[[Callable[[float], bool]], None]) -> Iterator[None]:
    """Run the function `work` in a thread while the context lasts. `work` is called with another
    function, which waits and then returns whether to stop.
    """
    over = Event()
    thread = Thread(target=work, args=(over.wait,), daemon=True)
    thread.start()
    try:
        yield
    finally:
        over.set()
        thread.join(PARTING)
