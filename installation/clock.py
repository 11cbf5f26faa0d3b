"""The clock of a store, and ids that begin with the time."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from os import urandom
from time import monotonic
from uuid import UUID

#: The time given to a synthetic store by a process that records nothing.
AFTER_ANY_STORY = datetime(9999, 1, 1, tzinfo=UTC)


def new_id(clock: Callable[[], datetime]) -> UUID:
    """Return a time-ordered id (RFC 9562, version 7), so that new streams are stored next to each
    other."""
    millis = int(clock().timestamp() * 1000)
    tail = int.from_bytes(urandom(10), "big")
    value = (millis & (1 << 48) - 1) << 80 | 7 << 76 | (tail >> 66 & 0xFFF) << 64
    return UUID(int=value | 2 << 62 | tail & (1 << 62) - 1)


@dataclass
class Clock:
    """The clock of a store: the time of this machine or, for a synthetic store, a given time.

    While one command runs, the given time does not change; while a server shows the store, the
    clock runs on from the given time.
    """

    given_time: datetime | None = None
    _since: float | None = None

    def run(self) -> None:
        """Let a clock that was set to a given time run from now on."""
        self._since = monotonic()

    def __call__(self) -> datetime:
        if self.given_time is None:
            return datetime.now(UTC)
        return self.given_time + timedelta(seconds=monotonic() - self._since if self._since else 0)
