"""How much one caller may ask in a time: enough for any system at work, too little to carry the
record away in an evening unnoticed.

Who bears a token is counted by all processes together (`access.signing_in.allowance`); a mere name,
which nobody checks, and everybody while that cannot be reached, by this process alone.
"""

import time
from collections.abc import Callable
from dataclasses import dataclass, field
from threading import Lock

from access.signing_in.allowance import A_SECOND, AT_ONCE
from domain.kernel.envelope import LogUnavailable

#: Calls for this process, and how many are left for all, of this caller. Raises LogUnavailable.
Take = Callable[[str], tuple[int, int]]


@dataclass(frozen=True)
class Spent:
    """Whether a call may go on, how many more may follow at once, and after how many seconds there
    is one more."""

    allowed: bool
    left: int
    wait: int = 0

    @property
    def headers(self) -> dict[str, str]:
        """As programs are told of it (draft-ietf-httpapi-ratelimit-headers)."""
        told = f'"calls";r={self.left}' + (f";t={self.wait}" if self.wait else "")
        policy = f'"calls";q={AT_ONCE};w={AT_ONCE // A_SECOND}'
        retry = {} if self.allowed else {"Retry-After": str(self.wait)}
        return {"RateLimit-Policy": policy, "RateLimit": told} | retry


@dataclass
class Meter:
    """What each caller has left, by name."""

    now: Callable[[], float] = time.monotonic
    _left: dict[str, tuple[float, float]] = field(default_factory=dict, repr=False)
    _taken: dict[str, tuple[int, int]] = field(default_factory=dict, repr=False)
    _lock: Lock = field(default_factory=Lock, repr=False)

    def spend(self, name: str, take: Take | None = None) -> Spent:
        """One call of this caller; with `take` it is counted with those of other processes."""
        if take is not None:
            try:
                return self._together(name, take)
            except LogUnavailable:
                pass  # the call itself will be told so, if it needs what does not answer
        return self._alone(name)

    def _together(self, name: str, take: Take) -> Spent:
        with self._lock:
            here, _ = self._taken.get(name, (0, 0))
        # outside of the lock: nobody else waits for the database
        more, others = take(name) if here < 1 else (0, None)
        with self._lock:
            here, before = self._taken.get(name, (0, 0))
            here, others = here + more, before if others is None else others
            self._taken[name] = max(here - 1, 0), others
            if len(self._taken) > MANY:
                self._taken = {name: self._taken[name]}
        return Spent(True, here - 1 + others) if here else Spent(False, 0, 1)

    def _alone(self, name: str) -> Spent:
        with self._lock:
            now = self.now()
            left, since = self._left.get(name, (AT_ONCE, now))
            left = min(AT_ONCE, left + (now - since) * A_SECOND)
            if left < 1:
                return Spent(False, 0, 1)
            self._left[name] = left - 1, now
            if len(self._left) > MANY:
                self._left = {
                    one: (had, at)
                    for one, (had, at) in self._left.items()
                    if had + (now - at) * A_SECOND < AT_ONCE
                }
            return Spent(True, int(left - 1))


#: Callers of whom this is kept; more than a force has.
MANY = 10_000
