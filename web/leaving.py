"""While screens are served, copies of reports leave by the clock and by no request: their time
tells a recipient nothing of when a report was made."""

import time
from threading import Thread

import structlog

from commands import release
from domain.envelope import LogUnavailable
from system import INTEGRITY, System

#: Seconds between two looks at what is to leave.
EVERY = 20.0
log = structlog.get_logger("continuum")


def by_the_clock(system: System) -> None:
    """From now on what is due to leave leaves. Of several processes that serve one store each may
    do it: the same copy is written once."""
    Thread(target=_for_ever, args=(system,), daemon=True).start()


def _for_ever(system: System) -> None:
    while True:
        time.sleep(EVERY)
        try:
            release.leave(system.desk)
        except (LogUnavailable, *INTEGRITY) as error:
            log.error("copies did not leave", reason=type(error).__name__)
