"""The follower: a process that keeps a store's views up to date, so that commands and queries need
not do it.

On a server several processes share the views, part by part; on files one process does it and the
others wait to take over. Each part has a lease that expires. A process that paused until its lease
had expired sees that another process changed the views' positions, and writes nothing
(`projections.kernel.runner`). A server wakes the follower when there is a new fact; on files the
follower checks the logs every 50 ms. Reading few facts costs nearly as much as reading many. So a
follower that has read everything pauses for as long as it worked, and under load reads more facts
in the next step. The views of the access log are updated every few seconds, because each query
writes to that log; deadlines that follow from searches are updated at once.
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
#: Processor seconds of one step. On a busy machine the process waits for a free processor before
#: each step, however short the step is.
STEP = 0.05
#: Seconds until the lease expires, and seconds after which it is renewed.
LEASE, RENEWED = 3.0, 1.0
#: Seconds between two updates of the views of the access log.
LOOKED = 5.0
#: The smallest and the largest number of facts that are read in one step.
FEWEST, MOST = 50, 1000
#: Errors of an update that may not happen again at the next attempt.
TROUBLE = (LogUnavailable, Undecodable, *ViewsTrouble)


@dataclass
class ViewFollower:
    """Updates the views of a store from its logs.

    It reads at once as many facts as one step of `step` processor seconds can process, and adapts
    this number.
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
        most that time and returns whether to stop. Errors are logged, and the update is tried again
        later.
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
        """Update the views of the access log for one step, if some seconds have passed since they
        were last up to date. Return True if more facts have to be read.
        """
        if 0 not in self.parts or self.clock() - self._looked < LOOKED:
            return False
        try:
            more = self._step(lambda: self.views.look_on(self.size))
        # the views of recorded knowledge are updated in spite of the error
        except TROUBLE as error:
            log.error("who looked is not followed", reason=type(error).__name__)
            more = False
        if not more:
            self._looked = self.clock()
        return more

    def _step(self, read: Callable[[], bool]) -> bool:
        """Read the next facts into the views by calling `read`, and return whether more facts
        follow. Then set the number of facts to be read in the next step, by the time that this step
        took.
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
        """Renew, if the last renewal is long enough ago, the lease by which this process updates
        its parts of the views. Return whether this process has any parts.
        """
        if self.clock() - self._renewed >= RENEWED:
            self.parts = frozenset()
            self.parts = self.views.take_parts(self.holder, LEASE)
            self._renewed = self.clock() if self.parts else float("-inf")
        return bool(self.parts)
