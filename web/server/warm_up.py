"""Prepares a serving process after its first answer, so that later requests need not wait: imports
the modules that the first page does not need, and reads the network.

Otherwise the first query of a process, and the first query after the views were rebuilt, would have
to read the whole network (2 s for a million records). The first query after an import would have to
read all new records.
"""

from collections.abc import Callable
from threading import Event

from access.logger import log
from domain.kernel.envelope import LogUnavailable
from installation.system import INTEGRITY, System
from projections.kernel.schema import ViewsTrouble
from web.server.background_tasks import regularly

#: Seconds between two updates; and the longest time without a request before the first update.
EVERY = 20.0


def prepare(
    system: System,
    answered: Event,
    load: Callable[[], None] = lambda: None,
    interval: float = EVERY,
) -> Callable[[], None]:
    """After the first request was `answered`, call `load`, which loads the rest of the program, and
    then keep this process's index of the network up to date. Return a function that ends this."""
    loaded: list[bool] = []

    def work() -> None:
        if not loaded:
            load()
            loaded.append(True)
        _read_network(system)

    return regularly(work, interval, first=answered)


def _read_network(system: System) -> None:
    # this is imported here, because it loads NumPy, which few pages need
    from network.index import index

    try:
        with system.views.asking() as (db, _):
            index.read_ahead(db)
    except (LogUnavailable, *ViewsTrouble, *INTEGRITY) as error:
        log.info("the network is not read ahead", reason=type(error).__name__)
