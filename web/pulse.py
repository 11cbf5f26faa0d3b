"""How far has the log come? Looked up at most once a moment, however many screens are open."""

import time
from dataclasses import dataclass, field
from threading import Lock

from system import System

#: Seconds between two looks of an open screen.
EVERY = 1.0


@dataclass
class Pulse:
    """How far the evidence log has come, looked up at most once a moment."""

    system: System
    _last: int = 0
    _looked: float = field(default=float("-inf"))
    _lock: Lock = field(default_factory=Lock, repr=False)

    def recent(self) -> int | None:
        """The last seq, if it was looked up a moment ago; asks nobody, and waits for nothing."""
        fresh = time.monotonic() - self._looked <= EVERY / 2
        return self._last if fresh else None

    def position(self) -> int:
        """The last seq. Raises LogUnavailable."""
        with self._lock:
            if time.monotonic() - self._looked > EVERY / 2:
                self._last = self.system.logs["evidence"].last()
                self._looked = time.monotonic()
            return self._last
