"""While screens are served, copies of reports leave by the clock and by no request: their time
tells a recipient nothing of when a report was made."""

from collections.abc import Callable
from functools import partial

from access.logger import log
from commands.intelligence import release
from domain.kernel.envelope import Conflict, LogUnavailable
from installation.system import INTEGRITY, System
from web.server.background_tasks import regularly

#: Seconds between two looks at what is to leave.
EVERY = 20.0


def by_the_clock(system: System, every: float = EVERY) -> Callable[[], None]:
    """From now on what is due to leave leaves, until what this gives is called. Of several
    processes that serve one store each may do it: the same copy is written once."""
    return regularly(partial(_leave, system), every, at_once=False)


def _leave(system: System) -> None:
    try:
        release.leave(system.desk)
    except (LogUnavailable, Conflict, *INTEGRITY) as error:
        log.error("copies did not leave", reason=type(error).__name__)
