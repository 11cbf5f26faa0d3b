"""Makes the next generation of the views in a process of its own, beside those that serve.

In a thread of theirs it would take the interpreter from every request. Of several that serve one
store each may start it: the first makes it, the others end at once.
"""

import os
import time
from dataclasses import dataclass, field
from datetime import datetime
from multiprocessing import get_context
from multiprocessing.context import SpawnProcess
from threading import Lock

import structlog

from domain.envelope import LogUnavailable
from settings import Settings
from system import INTEGRITY, System, open_system, start_logging

#: Seconds after which it is tried again where it came to nothing.
AGAIN = 30.0
log = structlog.get_logger("continuum")


@dataclass
class Beside:
    """Starts the process, unless one runs or has just ended."""

    settings: Settings
    now: datetime | None
    _child: SpawnProcess | None = None
    _begun: float = float("-inf")
    _lock: Lock = field(default_factory=Lock, repr=False)

    def __call__(self) -> None:
        with self._lock:
            running = self._child is not None and self._child.is_alive()
            if running or time.monotonic() - self._begun < AGAIN:
                return
            self._begun = time.monotonic()
            self._child = get_context("spawn").Process(
                target=_make, args=(self.settings, self.now), daemon=True
            )
            self._child.start()
            log.warning("the views are made anew beside this", process=self._child.pid)


def watch(system: System, now: datetime | None) -> None:
    """From now on whatever is to be made is made beside this process."""
    system.views.beside = Beside(system.settings, now)
    if system.views.outdated:
        system.views.beside()


def _make(settings: Settings, now: datetime | None) -> None:
    start_logging(settings.log_level)
    if hasattr(os, "nice"):
        os.nice(10)
    try:
        system = open_system(settings, now=now)
    except (LogUnavailable, *INTEGRITY) as error:
        log.error("the store does not open", reason=str(error))
        return
    try:
        system.views.make()
    except LogUnavailable as error:
        log.error("the views are not made", reason=str(error))
    finally:
        system.close()
