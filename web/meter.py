"""How much one caller may ask in a time: enough for any system at work, too little to carry the
record away in an evening unnoticed."""

import time
from collections.abc import Callable
from dataclasses import dataclass, field
from threading import Lock

#: Calls at once, and calls a second in the long run.
AT_ONCE, A_SECOND = 200.0, 50.0


@dataclass
class Meter:
    """What each caller has left, by name."""

    now: Callable[[], float] = time.monotonic
    _left: dict[str, tuple[float, float]] = field(default_factory=dict, repr=False)
    _lock: Lock = field(default_factory=Lock, repr=False)

    def spend(self, name: str) -> bool:
        """One call of this caller; false where nothing is left for it now."""
        with self._lock:
            now = self.now()
            left, since = self._left.get(name, (AT_ONCE, now))
            left = min(AT_ONCE, left + (now - since) * A_SECOND)
            if left < 1:
                return False
            self._left[name] = left - 1, now
            if len(self._left) > 10_000:
                self._left = {
                    one: (had, at)
                    for one, (had, at) in self._left.items()
                    if had + (now - at) * A_SECOND < AT_ONCE
                }
            return True
