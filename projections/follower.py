"""Follows the views of a store, so that those who record and ask need not.

One process at a time does it, by a lease that expires: who was paused and comes back finds
positions moved by another and writes nothing (`projections.runner`). The logs are asked every 50 ms
how far they are; who looked is followed every few seconds, because each question tells of it.
"""

import time
from collections.abc import Callable
from dataclasses import dataclass, field
from secrets import token_hex

import structlog

from domain.envelope import LogUnavailable
from projections import all_views
from projections.schema import ViewsTrouble
from projections.upkeep import Upkeep

#: Seconds between two looks at the logs, and for which a transaction may hold others up.
PAUSE = STEP = 0.05
#: Seconds for which the lease is taken, and after which it is taken again.
LEASE, RENEWED = 3.0, 1.0
#: Seconds between two times that those views are followed which tell who looked.
LOOKED = 5.0
#: So many facts at once, at least and at most.
FEWEST, MOST = 10, 1000
log = structlog.get_logger("continuum")


@dataclass
class Follower:
    """Who follows, and how many facts it reads at once: as many as it can in one step."""

    views: Upkeep
    holder: str = field(default_factory=lambda: token_hex(8))
    size: int = 100
    _renewed: float = float("-inf")
    _looked: float = float("-inf")

    def run(self, ended: Callable[[float], bool]) -> None:
        """Follow until `ended`, which waits so many seconds, says so. What goes wrong is logged and
        tried again."""
        self.views.follows = True
        try:
            while not ended(PAUSE):
                try:
                    self._follow(ended)
                except (LogUnavailable, *ViewsTrouble) as error:
                    log.error("the views are not followed", reason=type(error).__name__)
                    ended(RENEWED)
        finally:
            self.views.let_follow(self.holder)

    def _follow(self, ended: Callable[[float], bool]) -> None:
        while self._holds() and not ended(0):
            begun = time.monotonic()
            more = self.views.follow_on(self.size)
            took = time.monotonic() - begun
            if took > STEP:
                self.size = max(self.size // 2, FEWEST)
            elif more and took < STEP / 3:
                self.size = min(self.size * 2, MOST)
            if not more:
                break
        if self._renewed > float("-inf") and time.monotonic() - self._looked >= LOOKED:
            self.views.keep_up(all_views.VIEWS)
            self._looked = time.monotonic()

    def _holds(self) -> bool:
        """Whether the lease is ours, taken again in time."""
        if time.monotonic() - self._renewed >= RENEWED:
            if not self.views.take_lease(self.holder, LEASE):
                self._renewed = float("-inf")
                return False
            self._renewed = time.monotonic()
        return True
