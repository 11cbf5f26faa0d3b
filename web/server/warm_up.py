"""While screens are served, the network is read before somebody asks for it: the first question of
a process, and the first after its views were made again, would read all of it (2 s of a million
records), and one after an import all that came."""

from collections.abc import Callable
from functools import partial

from access.logger import log
from domain.kernel.envelope import LogUnavailable
from installation.system import INTEGRITY, System
from network.index import index
from projections.kernel.schema import ViewsTrouble
from web.server.background_tasks import regularly

#: Seconds between two looks.
EVERY = 20.0


def read_ahead(system: System, every: float = EVERY) -> Callable[[], None]:
    """From now on this process's index of the network is kept up with its views, until what this
    gives is called."""
    return regularly(partial(_read, system), every, at_once=True)


def _read(system: System) -> None:
    try:
        with system.views.asking() as (db, _):
            index.read_ahead(db)
    except (LogUnavailable, *ViewsTrouble, *INTEGRITY) as error:
        log.info("the network is not read ahead", reason=type(error).__name__)
