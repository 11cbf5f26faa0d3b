"""What may this person do now? Asked before every command and every request.

Rights that were looked up are kept in memory and used again only after the logs were read as far as
they go: as soon as they hold an event that may change anybody's rights, all are looked up again. So
nobody has a right for one request longer than the log says, whichever process wrote it.
"""

from collections.abc import Callable, Mapping
from contextlib import AbstractContextManager
from dataclasses import dataclass, field
from datetime import datetime
from threading import Lock

from access.database import DecisionDb
from domain.kernel.envelope import LogName
from domain.kernel.log import History, LogEnd
from domain.kernel.values import Reader
from domain.people_and_teams.store_admin import CLOSING
from projections.people_and_teams import accounts
from projections.people_and_teams.accounts import MOVING, AccountRights

#: Of so many new facts it is quicker to look rights up than to read them all.
_MANY = 200
#: The rights of so many labels are kept at most.
_KEPT = 1000
_LOGS: tuple[LogName, ...] = ("access", "evidence")


@dataclass
class Rights:
    """The rights that were looked up, and how far the logs were looked through since. Many threads
    may ask at once."""

    access: History
    tails: Mapping[LogName, LogEnd]
    _reached: dict[LogName, int] = field(default_factory=dict)
    _known: dict[Reader, AccountRights] = field(default_factory=dict)
    _times: int = 0
    _closed: bool = False
    _lock: Lock = field(default_factory=Lock, repr=False)

    @property
    def closed(self) -> bool:
        """Whether a name counts for nothing without an account, which stays so for good. Asked of
        the log: no view that is behind opens a store again. Raises LogUnavailable and what tells of
        damage."""
        self._closed = self._closed or bool(self.access.history(CLOSING))
        return self._closed

    def of(
        self,
        label: Reader,
        now: datetime,
        deciding: Callable[[], AbstractContextManager[DecisionDb]],
    ) -> Reader:
        """Who asks, as they stand at this moment, by accounts that are complete up to the last look
        at the logs. Raises LogUnavailable."""
        with self._lock:
            if self._moved():
                self._known.clear()
                self._times += 1
                self._reached = {name: self.tails[name].last() for name in _LOGS}
            times = self._times
            if found := self._known.get(label):
                return found.at(now)
        with deciding() as db:
            found = accounts.standing(db, label)
        with self._lock:
            if times == self._times and len(self._known) < _KEPT:
                self._known[label] = found
        return found.at(now)

    def _moved(self) -> bool:
        """Whether the logs hold anything new that may change rights; what does not is passed."""
        return any(name not in self._reached or self._moved_in(name) for name in _LOGS)

    def _moved_in(self, name: LogName) -> bool:
        new = self.tails[name].kinds(self._reached[name], _MANY)
        if len(new) >= _MANY or any(kind is None or kind in MOVING for _, kind in new):
            return True
        if new:
            self._reached[name] = new[-1][0]
        return False
