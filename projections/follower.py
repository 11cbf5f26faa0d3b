"""Follower of a store's views, so that commands and queries need not update them.

On a server several processes share the views, part by part; on files one does it, and the others
stand by. Each part has a lease that expires: a process that was paused and comes back sees that
another moved the positions, and writes nothing (`projections.kernel.runner`). A server wakes
waiting followers at a new fact; else the logs are checked every 50 ms. Each step has a cost,
however few facts it reads: a follower that has read everything pauses for as long as it worked, so
that under load the next step reads more. The access log is followed every few seconds, because each
query writes to it; deadlines because of searches are followed at once.
"""

import time
from collections.abc import Callable
from dataclasses import dataclass, field
from secrets import token_hex

from access.logger import log
from domain.kernel.envelope import LogUnavailable, Undecodable
from projections.kernel.schema import ViewsTrouble
from projections.upkeep import Upkeep

#: Seconds between two checks of the logs.
PAUSE = 0.05
#: Processor seconds of a step. On busy processors each step waits for its turn with each query:
#: with fewer facts it would wait as long.
STEP = 0.05
#: Seconds of the lease, and after which it is renewed.
LEASE, RENEWED = 3.0, 1.0
#: Seconds between two updates of the views of the access log.
LOOKED = 5.0
#: The least and the largest number of facts that are read at once.
FEWEST, MOST = 50, 1000
#: Errors that may occur while views are updated, and may be gone at the next attempt.
TROUBLE = (LogUnavailable, Undecodable, *ViewsTrouble)


@dataclass
class ViewFollower:
    """A follower, and the number of facts that it reads at once: as many as one step of `step`
    processor seconds can process."""

    views: Upkeep
    step: float = STEP
    holder: str = field(default_factory=lambda: token_hex(8))
    size: int = 100
    parts: frozenset[int] = frozenset()
    clock: Callable[[], float] = time.monotonic
    #: Returns the processor seconds of this thread.
    worked: Callable[[], float] = time.thread_time
    _renewed: float = float("-inf")
    _looked: float = float("-inf")

    def run(self, ended: Callable[[float], bool]) -> None:
        """Follow until `ended`, which waits for some seconds, returns True. Errors are logged, and
        the step is tried again."""
        self.views.follows = True
        try:
            while not ended(0):
                begun = self.worked()
                try:
                    self._follow(ended)
                    rested = self.clock() + min(self.worked() - begun, self.step)
                    self.views.wait(PAUSE)
                    ended(max(rested - self.clock(), 0))
                except TROUBLE as error:
                    log.error("the views are not followed", reason=type(error).__name__)
                    ended(RENEWED)
        finally:
            self.views.let_follow(self.holder)

    def _follow(self, ended: Callable[[float], bool]) -> None:
        while self._holds() and not ended(0):
            more = self._step(lambda: self.views.follow_on(self.size, self.parts))
            if not more and not self._look():
                break

    def _look(self) -> bool:
        """Update the views of the access log every few seconds, for one step; return True if
        there is more: deadlines are updated between two such steps."""
        if 0 not in self.parts or self.clock() - self._looked < LOOKED:
            return False
        try:
            more = self._step(lambda: self.views.look_on(self.size))
        except TROUBLE as error:  # it blocks no view of the knowledge
            log.error("who looked is not followed", reason=type(error).__name__)
            more = False
        if not more:
            self._looked = self.clock()
        return more

    def _step(self, read: Callable[[], bool]) -> bool:
        """Read as many facts as fit in a step; return True if there are more."""
        begun = self.worked()
        more = read()
        took = self.worked() - begun
        if took > self.step:
            self.size = max(self.size // 2, FEWEST)
        elif more and took < self.step / 3:
            self.size = min(self.size * 2, MOST)
        return more

    def _holds(self) -> bool:
        """Renew this follower's share of the parts in time; return whether it has any."""
        if self.clock() - self._renewed >= RENEWED:
            self.parts = frozenset()
            self.parts = self.views.take_parts(self.holder, LEASE)
            self._renewed = self.clock() if self.parts else float("-inf")
        return bool(self.parts)
