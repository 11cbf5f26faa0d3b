"""Runs work once for many threads that request it at the same time: requests that arrive during a
run wait for the next run, which serves all of them.
"""

import time
from collections.abc import Callable
from threading import Condition


class SingleFlight:
    """A kind of work of which only one run takes place at a time, even if several threads request
    it.
    """

    def __init__(self) -> None:
        self._changed = Condition()
        self._running = False
        self._begun = self._ended = 0

    def after_now(self, work: Callable[[], object], patience: float | None = None) -> None:
        """Return after a run of the work that began after this call. This thread or another thread
        does the run; wait for another thread's run at most `patience` seconds, if given.

        An error is raised only in the thread that ran the work. The other threads notice that data
        are missing.
        """
        until = None if patience is None else time.monotonic() + patience
        with self._changed:
            seen = self._begun
            while self._running:
                if not self._changed.wait(None if until is None else until - time.monotonic()):
                    return
                if self._ended > seen:
                    return
            self._running = True
            self._begun += 1
        try:
            work()
        finally:
            with self._changed:
                self._running = False
                self._ended = self._begun
                self._changed.notify_all()
