"""Follows the views of a store, so that those who record and ask need not.

On a server several processes share the views, part by part; on files one does it, and others stand
by. Each part is held by a lease that expires: one that was paused and comes back finds positions
moved by another and writes nothing (`projections.kernel.runner`). A server wakes those who wait
with a fact; else the logs are asked every 50 ms how far they are. Each step costs something,
however few facts it reads: one that has read everything rests for as long as it worked, so that of
many who record the next step reads more. Who looked is followed every few seconds, because each
question tells of it; what a search made due is followed at once.
"""

import time
from collections.abc import Callable
from dataclasses import dataclass, field
from secrets import token_hex

from access.logger import log
from domain.kernel.envelope import LogUnavailable, Undecodable
from projections.kernel.schema import ViewsTrouble
from projections.upkeep import Upkeep

#: Seconds between two looks at the logs.
PAUSE = 0.05
#: Seconds of a processor that a step takes. Where others keep the processors busy a step waits for
#: its turn with each question: of fewer facts it would wait as long.
STEP = 0.05
#: Seconds for which the lease is taken, and after which it is taken again.
LEASE, RENEWED = 3.0, 1.0
#: Seconds between two times that those views are followed which tell who looked.
LOOKED = 5.0
#: So many facts at once, at least and at most.
FEWEST, MOST = 50, 1000
#: What may go wrong while the views are followed, and may be well the next time.
TROUBLE = (LogUnavailable, Undecodable, *ViewsTrouble)


@dataclass
class ViewFollower:
    """Who follows, and how many facts it reads at once: as many as it can in one step."""

    views: Upkeep
    holder: str = field(default_factory=lambda: token_hex(8))
    size: int = 100
    parts: frozenset[int] = frozenset()
    clock: Callable[[], float] = time.monotonic
    #: Seconds of a processor that this thread has had.
    worked: Callable[[], float] = time.thread_time
    _renewed: float = float("-inf")
    _looked: float = float("-inf")

    def run(self, ended: Callable[[float], bool]) -> None:
        """Follow until `ended`, which waits so many seconds, says so. What goes wrong is logged and
        tried again."""
        self.views.follows = True
        try:
            while not ended(0):
                begun = self.worked()
                try:
                    self._follow(ended)
                    rested = self.clock() + min(self.worked() - begun, STEP)
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
        """A step of who looked, every few seconds until there is no more of it; whether there is:
        what is prompted is followed between two of them."""
        if 0 not in self.parts or self.clock() - self._looked < LOOKED:
            return False
        try:
            more = self._step(lambda: self.views.look_on(self.size))
        except TROUBLE as error:  # it holds up nothing that is known
            log.error("who looked is not followed", reason=type(error).__name__)
            more = False
        if not more:
            self._looked = self.clock()
        return more

    def _step(self, read: Callable[[], bool]) -> bool:
        """Read as many facts as one step takes; whether there is more."""
        begun = self.worked()
        more = read()
        took = self.worked() - begun
        if took > STEP:
            self.size = max(self.size // 2, FEWEST)
        elif more and took < STEP / 3:
            self.size = min(self.size * 2, MOST)
        return more

    def _holds(self) -> bool:
        """Whether some part is ours; our share is taken again in time."""
        if self.clock() - self._renewed >= RENEWED:
            self.parts = frozenset()
            self.parts = self.views.take_parts(self.holder, LEASE)
            self._renewed = self.clock() if self.parts else float("-inf")
        return bool(self.parts)
