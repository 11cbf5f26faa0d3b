"""Who is signed in, in this server's memory.

While a store has no accounts a name is a label that nobody checks, and every screen says so.
"""

import hashlib
import secrets
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from threading import Lock

#: Hands off the keyboard for so long, or signed in for so long, and it asks again.
IDLE, LONGEST = timedelta(minutes=15), timedelta(hours=10)


@dataclass
class Signed:
    """A session: whose it is, the token that its forms carry, what its next page has to say, and
    why its owner asks, as they said last."""

    name: str
    opened: datetime
    seen: datetime
    csrf: str = field(default_factory=lambda: secrets.token_urlsafe(24), repr=False)
    notices: list[str] = field(default_factory=list)
    why: str | None = field(default=None, repr=False)


@dataclass
class Sessions:
    """The open sessions by the hash of their token: a copy of this memory opens none."""

    clock: Callable[[], datetime]
    _open: dict[bytes, Signed] = field(default_factory=dict, repr=False)
    _lock: Lock = field(default_factory=Lock, repr=False)

    def open(self, name: str) -> str:
        """A new session; its token, which the browser alone keeps."""
        token, now = secrets.token_urlsafe(32), self.clock()
        with self._lock:
            self._open = {key: one for key, one in self._open.items() if self._alive(one, now)}
            self._open[_hash(token)] = Signed(name, now, now)
        return token

    def check(self, token: str | None, *, staying: bool = True) -> Signed | None:
        """The session of this token while it lasts; `staying` says that somebody is at work."""
        if not token:
            return None
        now = self.clock()
        with self._lock:
            found = self._open.get(_hash(token))
            if found is None or not self._alive(found, now):
                return None
            if staying:
                found.seen = now
            return found

    def close(self, token: str | None) -> None:
        """Sign out."""
        if token:
            with self._lock:
                self._open.pop(_hash(token), None)

    @staticmethod
    def _alive(one: Signed, now: datetime) -> bool:
        return now - one.seen <= IDLE and now - one.opened <= LONGEST


def _hash(token: str) -> bytes:
    return hashlib.sha256(token.encode()).digest()
