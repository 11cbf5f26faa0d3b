"""Read the network in advance while screens are served: otherwise the first query of a process, and
the first after its views were rebuilt, would read all of it (2 s for a million records), and one
after an import all new records."""

from collections.abc import Callable
from functools import partial

from access.logger import log
from domain.kernel.envelope import LogUnavailable
from installation.system import INTEGRITY, System
from projections.kernel.schema import ViewsTrouble
from web.server.background_tasks import regularly

#: Seconds between two updates.
EVERY = 20.0


def read_ahead(system: System, every: float = EVERY) -> Callable[[], None]:
    """Update this process's index of the network with its views from now on; return a function that
    ends this."""
    return regularly(partial(_read, system), every, at_once=True)


def _read(system: System) -> None:
    from network.index import index  # imported here: it loads NumPy, which few pages need

    try:
        with system.views.asking() as (db, _):
            index.read_ahead(db)
    except (LogUnavailable, *ViewsTrouble, *INTEGRITY) as error:
        log.info("the network is not read ahead", reason=type(error).__name__)
