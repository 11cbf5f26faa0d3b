"""Send changes of the record to other programs, by signed calls, until the programs accept them.

A call contains only references: the item, its kind, the step. The program then requests the content
with its own key and rights. If a program rejects a call, the call is sent again, after longer and
longer pauses. A call may arrive twice; the program recognises duplicates by the reference of each
step.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Protocol

import msgspec

from access.logger import log
from commands.kernel.changes import ChangePage
from domain.kernel.envelope import Conflict, IntegrityFailure, LogUnavailable, Undecodable
from domain.kernel.values import Refused
from notifying.message import Undelivered
from notifying.webhook import Caller

#: Seconds between two rounds in which changes are sent.
PAUSE = 2.0


class Places(Protocol):
    """A store with a position for each program: the position in the log up to which the program has
    received changes. `access.signing_in.feeds` is such a store.
    """

    def claim(self, user: str, head: int) -> int | None: ...

    def record_delivery(self, user: str, at: int) -> None: ...

    def refused(self, user: str) -> int: ...


@dataclass
class Feeder:
    """Sends changes of the record to programs. `callers` maps the account of each program to the
    object that sends to its address. `head` is a function that returns the last position of the
    log. `changes` is a function that returns the changes after a position that a program's account
    may see; it records them in the access log before they are sent.
    """

    callers: Mapping[str, Caller]
    places: Callable[[], Places]
    head: Callable[[], int]
    changes: Callable[[str, int], ChangePage]
    tell: Callable[[str], None] = lambda text: None
    _reached: dict[str, int] = field(default_factory=dict, repr=False)

    def run(self, ended: Callable[[float], bool]) -> None:
        """Send changes to the programs until the function `ended` returns True; `ended(seconds)`
        waits for this many seconds before it returns.
        """
        while not ended(PAUSE):
            for user in self.callers:
                try:
                    while self.once(user) and not ended(0):
                        pass
                except (LogUnavailable, Conflict, Refused, IntegrityFailure, Undecodable) as error:
                    log.error("a program is not told", reason=type(error).__name__)

    def once(self, user: str) -> bool:
        """Send a program its changes with one call; return whether there are more. Raises
        LogUnavailable, Refused."""
        places, head = self.places(), self.head()
        # the program has received all changes up to the end of the log
        if self._reached.get(user) == head:
            return False
        at = places.claim(user, head)
        if at is None:
            return False
        page = self.changes(user, at)
        if not page.rows:
            self._taken(places, user, page.reached)
            return False
        body = msgspec.json.encode({"changes": page.rows, "more": page.more})
        try:
            self.callers[user].call(body)
        except Undelivered as error:
            wait = places.refused(user)
            log.error("a program did not take what changed", reason=str(error), again=wait)
            self.tell(f"{user} was not told what changed ({error}); tried again in {wait} s")
            return False
        self._taken(places, user, page.reached)
        return page.more

    def _taken(self, places: Places, user: str, reached: int) -> None:
        places.record_delivery(user, reached)
        self._reached[user] = reached
