"""While screens are served, copies of reports leave by the clock and by no request: their time
tells a recipient nothing of when a report was made."""

from collections.abc import Callable
from threading import Event, Thread

import structlog

from commands import release
from domain.envelope import Conflict, LogUnavailable
from installation.system import INTEGRITY, System

#: Seconds between two looks at what is to leave.
EVERY = 20.0
log = structlog.get_logger("continuum")


def by_the_clock(system: System, every: float = EVERY) -> Callable[[], None]:
    """From now on what is due to leave leaves, until what this gives is called. Of several
    processes that serve one store each may do it: the same copy is written once."""
    ended = Event()
    thread = Thread(target=_until, args=(ended, system, every), daemon=True)
    thread.start()

    def end() -> None:
        ended.set()
        thread.join()

    return end


def _until(ended: Event, system: System, every: float) -> None:
    while not ended.wait(every):
        try:
            release.leave(system.desk)
        except (LogUnavailable, Conflict, *INTEGRITY) as error:
            log.error("copies did not leave", reason=type(error).__name__)
