"""The present rights of a user, which are checked before every command and every request.

Rights are cached in memory, and before each use the new events of the logs are read: an event that
may change any rights empties the cache. So a withdrawn right ends with the next request, no matter
which process recorded the withdrawal.
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

#: The number of new facts from which a new lookup of rights is faster than reading the facts.
_MANY = 200
#: The largest number of users in the cache of rights.
_KEPT = 1000
_LOGS: tuple[LogName, ...] = ("access", "evidence")


@dataclass
class Rights:
    """The cached rights of users, and the positions up to which the logs have been read.
    Thread-safe.
    """

    access: History
    tails: Mapping[LogName, LogEnd]
    _reached: dict[LogName, int] = field(default_factory=dict)
    _known: dict[Reader, AccountRights] = field(default_factory=dict)
    _times: int = 0
    _closed: bool = False
    _lock: Lock = field(default_factory=Lock, repr=False)

    @property
    def closed(self) -> bool:
        """Return whether every user of the store needs an account. This is read from the log,
        because a view may be outdated. A store with accounts never becomes a store without
        accounts. Raises LogUnavailable and the errors of a damaged log.
        """
        self._closed = self._closed or bool(self.access.history(CLOSING))
        return self._closed

    def reader_with_rights(
        self,
        label: Reader,
        now: datetime,
        deciding: Callable[[], AbstractContextManager[DecisionDb]],
    ) -> Reader:
        """Return the reader with their present rights. They are read from the views of accounts,
        which are complete up to the end of the logs, or from the cache if no later event may have
        changed them. Raises LogUnavailable.
        """
        with self._lock:
            if self._moved():
                self._known.clear()
                self._times += 1
                self._reached = {name: self.tails[name].last() for name in _LOGS}
            times = self._times
            if rights := self._known.get(label):
                return rights.at(now)
        with deciding() as db:
            rights = accounts.read_rights(db, label)
        with self._lock:
            if times == self._times and len(self._known) < _KEPT:
                self._known[label] = rights
        return rights.at(now)

    def _moved(self) -> bool:
        """Return whether the logs have a new event that may change rights; other events are
        skipped.
        """
        return any(name not in self._reached or self._moved_in(name) for name in _LOGS)

    def _moved_in(self, name: LogName) -> bool:
        new = self.tails[name].kinds(self._reached[name], _MANY)
        if len(new) >= _MANY or any(kind is None or kind in MOVING for _, kind in new):
            return True
        if new:
            self._reached[name] = new[-1][0]
        return False
