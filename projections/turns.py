"""Work that many ask for at once is done once: whoever comes while it runs waits for the next run,
which serves all who wait."""

from collections.abc import Callable
from threading import Condition


class Turns:
    """One kind of work, one run at a time."""

    def __init__(self) -> None:
        self._changed = Condition()
        self._running = False
        self._begun = self._ended = 0

    def after_now(self, work: Callable[[], None]) -> None:
        """Return when a run that began after this call has ended: ours, or another's.

        Only whoever ran it learns that it failed; the others find out by what they wanted it for.
        """
        with self._changed:
            seen = self._begun
            while self._running:
                self._changed.wait()
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
