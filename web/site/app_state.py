"""State that the screens share."""

from dataclasses import dataclass, field
from functools import cached_property
from typing import TYPE_CHECKING

from installation.system import System
from web.server.log_position import LogPositionCache
from web.server.rate_limit import RateLimiter
from web.site.sessions import ScreenSessions

if TYPE_CHECKING:
    from web.map_data import LayoutCache


@dataclass
class House:
    """The state that all requests of one process share: the open store and the position of its log,
    whether browsers use https, the rate limits, and which users were already shown the demo's story
    (None if it is never shown).
    """

    system: System
    pulse: LogPositionCache
    secure: bool
    meter: RateLimiter = field(default_factory=RateLimiter)
    led_to_story: set[str] | None = None

    @cached_property
    def atlas(self) -> "LayoutCache":
        """Return the last maps. They need the libraries of the network, so the first map imports
        these."""
        from web.map_data import LayoutCache

        return LayoutCache()

    @property
    def sessions(self) -> ScreenSessions:
        """Return the sessions."""
        return ScreenSessions(self.system)

    @property
    def cookie(self) -> str:
        """Return the cookie's name, which browsers accept only over https and from this host."""
        return "__Host-continuum" if self.secure else "continuum"

    def serving(self, name: str) -> System:
        """Return the store for this person, whose name was checked as far as possible, with current
        rights."""
        return self.system.briefly(name)
