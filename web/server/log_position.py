"""The last position of the evidence log, which is looked up at most once a second for all open
screens together."""

import time
from dataclasses import dataclass, field
from threading import Lock
from uuid import UUID

from installation.system import System

#: Seconds between two look-ups for an open screen.
EVERY = 1.0


@dataclass
class LogPositionCache:
    """Caches the position of the evidence log, which is looked up at most once a moment."""

    system: System
    _last: int = 0
    _looked: float = field(default=float("-inf"))
    _span: tuple[int, int] = (0, 0)
    _streams: frozenset[UUID] = frozenset()
    _lock: Lock = field(default_factory=Lock, repr=False)

    def recent(self) -> int | None:
        """Return the log's last position if it was looked up a moment ago; otherwise return None
        without a look-up."""
        fresh = time.monotonic() - self._looked <= EVERY / 2
        return self._last if fresh else None

    def position(self) -> int:
        """Return the position of the log's last fact. Raises LogUnavailable."""
        with self._lock:
            if time.monotonic() - self._looked > EVERY / 2:
                self._last = self.system.logs["evidence"].last()
                self._looked = time.monotonic()
            return self._last

    def touched(self, after: int, last: int) -> frozenset[UUID]:
        """Return the ids of the streams (histories of single items) to which a fact was added after
        the position `after`, up to the position `last`. The log is read once for all callers.
        Raises LogUnavailable."""
        with self._lock:
            if self._span != (after, last):
                log, many = self.system.logs["evidence"], last - after
                facts = log.read(after, many) if many > 0 else []
                self._span, self._streams = (after, last), frozenset(fact.stream for fact in facts)
            return self._streams
