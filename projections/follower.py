"""The follower: a process that keeps a store's views up to date, so that commands and queries need
not do it.

On a server several followers share the views out among them, in parts; on files one follower
updates all parts, and the others wait to take over. A follower has a lease for its parts, which
expires. A follower that paused for longer sees that another one has changed the positions of the
views, and writes nothing (`projections.kernel.runner`).

A server wakes the follower when there is a new fact; on files the follower checks the logs every 50
ms. Reading few facts costs nearly as much as reading many. A follower that has read all facts
therefore pauses for as long as it worked, and under load reads more facts in a step. The views of
the access log are updated every few seconds, because each query writes to that log. Deadlines that
follow from searches are updated at once.
"""

import time
from collections.abc import Callable
from dataclasses import dataclass, field
from secrets import token_hex

from access.logger import log
from domain.kernel.envelope import LogUnavailable, Undecodable
from projections.kernel.schema import ViewsTrouble
from projections.upkeep import Upkeep

#: Seconds between two checks of the logs for new facts.
PAUSE = 0.05
#: Processor seconds that one step may take. Waiting for a free processor does not count.
STEP = 0.05
#: The lease expires after the first number of seconds, and is renewed after the second.
LEASE, RENEWED = 3.0, 1.0
#: Seconds between two updates of the views of the access log.
LOOKED = 5.0
#: The smallest and the largest number of facts that one step reads.
FEWEST, MOST = 50, 1000
#: Errors of an update after which the update is tried again.
TROUBLE = (LogUnavailable, Undecodable, *ViewsTrouble)


@dataclass
class ViewFollower:
    """Updates the views of a store from its logs. Each step reads as many facts as `step` processor
    seconds allow; `size` is that number of facts.
    """

    views: Upkeep
    step: float = STEP
    holder: str = field(default_factory=lambda: token_hex(8))
    size: int = 100
    parts: frozenset[int] = frozenset()
    clock: Callable[[], float] = time.monotonic
    #: A function that returns the processor seconds of this thread.
    worked: Callable[[], float] = time.thread_time
    _renewed: float = float("-inf")
    _looked: float = float("-inf")

    def run(self, ended: Callable[[float], bool]) -> None:
        """Update the views repeatedly until `ended` returns True. `ended(seconds)` waits for at
        most that time and returns whether to stop. After an error, which is logged, the update is
        tried again.
        """
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
        """Update the views of the access log by one step, if at least `LOOKED` seconds have passed
        since they were up to date. Return True if more facts have to be read.
        """
        if 0 not in self.parts or self.clock() - self._looked < LOOKED:
            return False
        try:
            more = self._step(lambda: self.views.look_on(self.size))
        # the error is only logged, so that the views of recorded knowledge are still updated
        except TROUBLE as error:
            log.error("who looked is not followed", reason=type(error).__name__)
            more = False
        if not more:
            self._looked = self.clock()
        return more

    def _step(self, read: Callable[[], bool]) -> bool:
        """Read the next facts into the views by calling `read`, and return whether more facts
        follow. The time that this takes determines how many facts the next step reads.
        """
        begun = self.worked()
        more = read()
        took = self.worked() - begun
        if took > self.step:
            self.size = max(self.size // 2, FEWEST)
        elif more and took < self.step / 3:
            self.size = min(self.size * 2, MOST)
        return more

    def _holds(self) -> bool:
        """Renew the lease by which this process updates its parts of the views, if the last renewal
        is more than a second ago. Return whether this process has any parts.
        """
        if self.clock() - self._renewed >= RENEWED:
            self.parts = frozenset()
            self.parts = self.views.take_parts(self.holder, LEASE)
            self._renewed = self.clock() if self.parts else float("-inf")
        return bool(self.parts)
