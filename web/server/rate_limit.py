"""Limits on the calls of one caller: they suffice for any system in normal use, but not to copy the
whole record unnoticed in an evening.

The calls of callers with a token are counted by all processes together
(`access.signing_in.allowance`). The calls of callers whose name is not checked are counted by this
process only. So are all calls while the common count cannot be reached.
"""

import time
from collections.abc import Callable
from dataclasses import dataclass, field
from threading import Lock

from msgspec import Struct

from access.signing_in.allowance import A_SECOND, AT_ONCE
from domain.kernel.envelope import LogUnavailable

#: A function that moves some calls from a caller's allowance, which all processes share, to this
#: process. It returns how many calls it moved and how many are left. Raises LogUnavailable.
Take = Callable[[str], tuple[int, int]]


class CallAllowance(Struct, frozen=True):
    """The answer of the rate limiter: whether a call is allowed, how many further calls are allowed
    at once, and in how many seconds the next call will be allowed.
    """

    allowed: bool
    left: int
    wait: int = 0

    @property
    def headers(self) -> dict[str, str]:
        """Return the limits as HTTP headers (draft-ietf-httpapi-ratelimit-headers)."""
        limit_text = f'"calls";r={self.left}' + (f";t={self.wait}" if self.wait else "")
        policy = f'"calls";q={AT_ONCE};w={AT_ONCE // A_SECOND}'
        retry = {} if self.allowed else {"Retry-After": str(self.wait)}
        return {"RateLimit-Policy": policy, "RateLimit": limit_text} | retry


@dataclass
class RateLimiter:
    """Limits the calls of each caller. It stores how many calls each caller has left."""

    now: Callable[[], float] = time.monotonic
    _left: dict[str, tuple[float, float]] = field(default_factory=dict, repr=False)
    _taken: dict[str, tuple[int, int]] = field(default_factory=dict, repr=False)
    _lock: Lock = field(default_factory=Lock, repr=False)

    def spend(self, name: str, take: Take | None = None) -> CallAllowance:
        """Count one call of the caller `name`, and return whether the call is allowed. `take` gets
        calls from the allowance that all processes share; without `take`, this process counts
        alone."""
        if take is not None:
            try:
                return self._together(name, take)
            except LogUnavailable:
                pass  # the common count cannot be reached, so this process counts alone
        return self._alone(name)

    def _together(self, name: str, take: Take) -> CallAllowance:
        with self._lock:
            here, _ = self._taken.get(name, (0, 0))
        # this is done outside of the lock, so that no other caller waits for the database
        more, others = take(name) if here < 1 else (0, None)
        with self._lock:
            here, before = self._taken.get(name, (0, 0))
            here, others = here + more, before if others is None else others
            self._taken[name] = max(here - 1, 0), others
            if len(self._taken) > MANY:
                self._taken = {name: self._taken[name]}
        return CallAllowance(True, here - 1 + others) if here else CallAllowance(False, 0, 1)

    def _alone(self, name: str) -> CallAllowance:
        with self._lock:
            now = self.now()
            left, since = self._left.get(name, (AT_ONCE, now))
            left = min(AT_ONCE, left + (now - since) * A_SECOND)
            if left < 1:
                return CallAllowance(False, 0, 1)
            self._left[name] = left - 1, now
            if len(self._left) > MANY:
                self._left = {
                    caller: (had, at)
                    for caller, (had, at) in self._left.items()
                    if had + (now - at) * A_SECOND < AT_ONCE
                }
            return CallAllowance(True, int(left - 1))


#: The largest number of callers that are remembered; a force has fewer.
MANY = 10_000
