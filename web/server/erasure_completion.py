"""Completes approved erasures in a thread beside the requests: makes the views again and certifies
the erasure.

The request that approves an erasure only destroys the keys, because making the views of a large
store again takes a minute. Until the new views are ready, the rows that named an erased item are
missing from the present views (`projections.generations.removing`). If a server stops before that,
the next server completes the erasure.
"""

import time
from dataclasses import replace
from threading import Event, Thread

from access.logger import log
from commands.erasure import erasure
from domain.kernel.envelope import Conflict, LogUnavailable
from installation.system import INTEGRITY, System
from projections.generations.files import Busy
from projections.kernel.runner import Outdated
from projections.kernel.schema import ViewsTrouble

#: Seconds after which an unfinished erasure is tried again. An erasure cannot be finished, for
#: example, while a program still reads the older views.
AGAIN = 10.0


def complete_erasures(system: System, again: float = AGAIN) -> None:
    """Start to complete erasures in a thread of this process: those that an earlier process left,
    and from now on each that a request of this process approves.
    """
    wanted = Event()
    wanted.set()

    def work() -> None:
        while True:
            wanted.wait()
            wanted.clear()
            if not complete(system):
                time.sleep(again)
                wanted.set()

    system.complete_later = wanted.set
    Thread(target=work, daemon=True).start()


def complete(system: System) -> bool:
    """Complete all erasures whose keys are destroyed. Return False if some erasures could not be
    completed and the call has to be repeated, for example because another process is completing
    them.
    """
    try:
        with system.views.renewing():
            here = replace(system, complete_later=None, policy=system.desk.policy)
            erasure.complete(here.desk, here)
    except (Busy, Conflict, LogUnavailable, OSError, Outdated, *ViewsTrouble, *INTEGRITY) as error:
        log.warning("an erasure is not completed yet", reason=type(error).__name__)
        return False
    return True
