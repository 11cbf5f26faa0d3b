"""Releases copies of reports at fixed times while screens are served, so that the time of a release
does not reveal when the report was made.
"""

from collections.abc import Callable
from functools import partial

from access.logger import log
from commands.intelligence import release
from domain.kernel.envelope import Conflict, LogUnavailable
from installation.system import INTEGRITY, System
from web.server.background_tasks import regularly

#: Seconds between two checks for due releases.
EVERY = 20.0


def by_the_clock(system: System, interval: float = EVERY) -> Callable[[], None]:
    """Start to release copies of reports at fixed times, as soon as they are due; return a function
    that ends this. Several processes of one store may do this; each copy is still written only
    once."""
    return regularly(partial(_leave, system), interval)


def _leave(system: System) -> None:
    try:
        release.send_due_copies(system.desk)
    except (LogUnavailable, Conflict, *INTEGRITY) as error:
        log.error("copies did not leave", reason=type(error).__name__)
