"""A second process that makes half of the views (tables that are computed from the logs) when all
views are made again.

The second process opens the store itself, because connections to a database cannot be used in a
forked process. The process that started it makes the views that are missing at the end. A server
starts no second process, because its requests need the other processor.
"""

import signal
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from multiprocessing import get_context, parent_process

from access.logger import log
from domain.kernel.envelope import LogUnavailable
from domain.kernel.values import Refused
from ingest.words.read_ahead import processors
from installation.clock import AFTER_ANY_STORY
from installation.log_lines import start_logging
from installation.opening import open_system
from installation.settings import Settings
from installation.system import INTEGRITY, System
from projections.all_views import halves
from projections.kernel.runner import Outdated
from projections.kernel.schema import View, ViewsTrouble


@contextmanager
def helping(system: System, number: int, views: Sequence[View]) -> Iterator[Sequence[View]]:
    """Yield those of `views` that this process has to make, while a second process makes the other
    views; yield all views if there is only one processor.
    """
    own, others = halves(views)
    if not (own and others) or processors() < 2:
        yield views
        return
    arguments = system.settings, system.synthetic, number, [view.name for view in others]
    second = get_context("spawn").Process(target=_make, args=arguments, daemon=True)
    second.start()
    try:
        yield own
        second.join()
    finally:
        second.terminate()
        second.join()


def _make(settings: Settings, synthetic: bool, number: int, names: Sequence[str]) -> None:
    """Make the views with these names, in the second process, as part of the new copy of all views
    (generation `number`). Stop if the process that started this process ends.
    """
    start_logging(settings.log_level)
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # the first process ends this one
    first = parent_process()
    assert first  # noqa: S101 (it started this process)
    try:
        system = open_system(settings, now=AFTER_ANY_STORY if synthetic else None)
        try:
            system.views.help_make(number, names, lambda: not first.is_alive())
        finally:
            system.close()
    except (LogUnavailable, Refused, Outdated, *ViewsTrouble, *INTEGRITY) as error:
        log.warning("the first process makes all views", reason=type(error).__name__)
