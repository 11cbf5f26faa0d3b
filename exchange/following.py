"""Follows the hub for one force: ends what could no longer be offered, and records what is told.

What was recorded and not acknowledged is told again and changes nothing: nothing is lost, and
nothing comes twice.
"""

from collections.abc import Callable
from dataclasses import dataclass, field
from time import monotonic

from access.logger import log
from commands.exchange import exchange
from commands.kernel.unit_of_work import Desk
from domain.kernel.envelope import LogUnavailable
from domain.kernel.values import Refused
from exchange.hublink import HubLink, NoHub

#: Seconds between two looks at what could no longer be offered, and at a hub that was away.
PAUSE, AWAY = 5.0, 2.0


@dataclass
class HubFollower:
    """Follows the hub on behalf of a force's desk."""

    desk: Desk
    hub: HubLink
    _looked: float = field(default=float("-inf"))

    def run(self, ended: Callable[[float], bool]) -> None:
        """Until `ended`, which waits so many seconds, says so."""
        while not ended(0):
            try:
                self.once()
                self.hub.wait(PAUSE)
            except NoHub as error:
                log.error("the hub is not followed", reason=str(error))
                ended(AWAY)
            except (LogUnavailable, Refused) as error:
                log.error("the exchange is not followed", reason=type(error).__name__)
                ended(AWAY)
        self.hub.close()

    def once(self) -> int:
        """Look once; how much of what was told is new. Raises NoHub, LogUnavailable, Refused."""
        if monotonic() - self._looked >= PAUSE:
            exchange.reconsider(self.desk)
            self._looked = monotonic()
        new = 0
        while told := self.hub.told():
            new += exchange.take(self.desk, told)
            self.hub.taken([one.id for one in told])
        return new
