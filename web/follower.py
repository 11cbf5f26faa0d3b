"""A process that updates the views beside the serving processes.

The process does not import the screens, whose import takes three quarters of the time in which a
process loads.
"""

import os
import signal
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from multiprocessing import connection, get_context, parent_process
from multiprocessing.context import BaseContext
from multiprocessing.process import BaseProcess
from threading import Thread
from typing import Any

from access.logger import log
from domain.kernel.envelope import LogUnavailable
from ingest.words import read_ahead
from installation.clock import AFTER_ANY_STORY
from installation.ending import EndSignal
from installation.following import follow
from installation.log_lines import start_logging
from installation.opening import open_system
from installation.settings import Settings
from installation.system import INTEGRITY, System
from projections.follower import MOST, ViewFollower

#: The exit code of the updating process if it cannot open the store.
UNAVAILABLE = 5
#: Processor seconds of one step in which this process updates the views during an import. Larger
#: steps take less work for each fact.
IMPORTED = 1.0
#: Seconds in which a process has to end after it was ordered to end.
PARTING = 3
#: Seconds after which a process that has ended is replaced.
AGAIN = 1.0


@contextmanager
def following(
    settings: Settings, synthetic: bool, start: BaseContext | None = None
) -> Iterator[None]:
    """Within the block, run a process that updates the views (the tables computed from the log),
    and replace it if it ends. `start` is the context that starts it; without it, a new Python
    program is started."""
    over, end = os.pipe()
    context = start or get_context("spawn")

    def keep() -> None:
        ended = False
        while not ended:
            process = started(context, _follow, (settings, synthetic), daemon=True)
            connection.wait([process.sentinel, over])
            let_go([process])
            ended = bool(connection.wait([over], AGAIN))

    keeper = Thread(target=keep, daemon=True)
    keeper.start()
    try:
        yield
    finally:
        os.write(end, b".")
        keeper.join()
        os.close(end)
        os.close(over)


@contextmanager
def following_an_import(system: System) -> Iterator[Callable[[int], None]]:
    """Yield a function that an import calls with the number of rows recorded so far. For a large
    import, the function starts a process that updates the views, unless another process does
    this or the machine has only one processor. Afterwards this process updates the rest itself."""
    beside: list[BaseProcess] = []
    settled = bool(system.settings.first_site) or read_ahead.processors() < 2

    def follow(recorded: int) -> None:
        nonlocal settled
        if not settled and recorded >= read_ahead.LARGE:
            settled = True
            if not system.views.followed():
                arguments = system.settings, system.synthetic, True
                beside.append(started(get_context("spawn"), _follow, arguments, daemon=True))

    try:
        yield follow
    finally:
        let_go(beside)


def _follow(settings: Settings, synthetic: bool, only_views: bool = False) -> None:
    """Update the views (the tables computed from the log) in this process until its parent process
    ends. With `only_views`, the process reads the log in large steps and has no other task;
    otherwise it also does the other work of a follower, such as notifying people of overdue items.
    """
    start_logging(settings.log_level)
    chief = parent_process()
    assert chief  # noqa: S101 (this process always has a parent)
    # Ctrl-C does not end this process; its parent process ends it
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    ended = EndSignal([signal.SIGTERM], [chief.sentinel])
    try:
        system = open_system(settings, now=AFTER_ANY_STORY if synthetic else None)
    except (LogUnavailable, *INTEGRITY) as error:
        log.error("the views are not followed", reason=str(error))
        return
    try:
        if only_views:
            ViewFollower(system.views, step=IMPORTED, size=MOST).run(ended)
        else:
            follow(system, ended, escalates=not synthetic)
    finally:
        system.close()


def started(
    context: BaseContext, work: Callable[..., None], given: tuple[Any, ...], *, daemon: bool = False
) -> BaseProcess:
    """Start a process and return it. If the server that forks processes was killed a moment ago,
    wait until a new server is running."""
    while True:
        process: BaseProcess = context.Process(  # type: ignore[attr-defined]  # every context has it
            target=work, args=given, daemon=daemon
        )
        try:
            process.start()
        except (ConnectionError, EOFError):
            time.sleep(AGAIN)
        else:
            return process


def let_go(crew: Sequence[BaseProcess]) -> None:
    """End all processes in `crew`; a process that does not end in time is killed."""
    for process in crew:
        process.terminate()
    for process in crew:
        process.join(2 * PARTING)
        process.kill()
        process.join()
