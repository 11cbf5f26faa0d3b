"""Build a new version of the views in a separate process, beside the serving processes.

In a thread of a serving process, the work would slow down every request. Several processes of one
store may each start a builder: the first builder builds, the others end at once.
"""

import os
import time
from dataclasses import dataclass, field
from multiprocessing import get_context
from multiprocessing.context import SpawnProcess
from threading import Lock

from access.logger import log
from domain.kernel.envelope import LogUnavailable
from domain.kernel.values import Refused
from installation.clock import AFTER_ANY_STORY
from installation.log_lines import start_logging
from installation.opening import open_system
from installation.settings import Settings
from installation.system import INTEGRITY, System

#: Seconds after which a failed build is tried again.
AGAIN = 30.0


@dataclass
class ViewRebuilder:
    """Starts the process that builds the views, unless one is running or has just ended."""

    settings: Settings
    synthetic: bool
    _child: SpawnProcess | None = None
    _begun: float = float("-inf")
    _lock: Lock = field(default_factory=Lock, repr=False)

    def __call__(self) -> None:
        with self._lock:
            running = self._child is not None and self._child.is_alive()
            if not running and time.monotonic() - self._begun >= AGAIN:
                self._start()

    def make(self) -> None:
        """Build the views now: wait for the end of a build in progress, then build, and return when
        the build has ended.
        """
        while True:
            with self._lock:
                child, ours = self._child, False
                if child is None or not child.is_alive():
                    child, ours = self._start(), True
            child.join()
            if ours:
                return

    def _start(self) -> SpawnProcess:
        self._begun = time.monotonic()
        self._child = get_context("spawn").Process(
            target=_make, args=(self.settings, self.synthetic), daemon=True
        )
        self._child.start()
        log.warning("the views are made again beside this", process=self._child.pid)
        return self._child


def watch(system: System) -> None:
    """Start to build new generations of the views in a process beside this one, whenever one is
    needed.
    """
    system.views.beside = ViewRebuilder(system.settings, system.synthetic)
    if system.views.outdated:
        system.views.beside()


def _make(settings: Settings, synthetic: bool) -> None:
    start_logging(settings.log_level)
    if hasattr(os, "nice"):
        os.nice(10)
    try:
        system = open_system(settings, now=AFTER_ANY_STORY if synthetic else None)
    except (LogUnavailable, Refused, *INTEGRITY) as error:
        log.error("the store does not open", reason=str(error))
        return
    try:
        system.views.make()
    except LogUnavailable as error:
        log.error("the views are not made", reason=str(error))
    finally:
        system.close()
