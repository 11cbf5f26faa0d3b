"""Exchange data with the hub (the database in which the forces' offers are matched) for one police
force: end the force's offers that may no longer be made, and record the hub's messages.

If a message was recorded but not acknowledged, the hub sends it again, and recording it again
changes nothing: no message is lost or counted twice.
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

#: Seconds between two checks for offers that may no longer be made (`PAUSE`), and between two
#: attempts to reach the hub (`AWAY`).
PAUSE, AWAY = 5.0, 2.0


@dataclass
class HubFollower:
    """Reads the messages of the hub for one police force and records them, and ends the force's
    offers that may no longer be made."""

    desk: Desk
    hub: HubLink
    _looked: float = field(default=float("-inf"))

    def run(self, ended: Callable[[float], bool]) -> None:
        """Follow the hub until the function `ended` returns True. `ended(seconds)` waits for this
        many seconds before it returns.
        """
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
        """Read and record the hub's messages until there are no more; return how many of them were
        not recorded before. Every few seconds, also end the offers that may no longer be made.
        Raises NoHub, LogUnavailable, Refused."""
        if monotonic() - self._looked >= PAUSE:
            exchange.reconsider(self.desk)
            self._looked = monotonic()
        new = 0
        while statuses := self.hub.read_messages():
            new += exchange.take(self.desk, statuses)
            self.hub.acknowledge([status.id for status in statuses])
        return new
