"""Work that many ask for at once is done once: what comes while it runs waits for the next
run, which serves all who wait."""

import time
from collections.abc import Callable
from threading import Condition


class Turns:
    """One kind of work, one run at a time."""

    def __init__(self) -> None:
        self._changed = Condition()
        self._running = False
        self._begun = self._ended = 0

    def after_now(self, work: Callable[[], object], patience: float | None = None) -> None:
        """Return when a run that began after this call has ended, ours or another's; or after so
        many seconds of waiting for another's.

        Only the person who ran it learns that it failed; the others find out by what they wanted it
        for.
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
