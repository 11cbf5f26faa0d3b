"""The state that the screens share."""

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
        """Return the cache of the maps that were shown last. It needs the libraries of the network,
        which are imported with the first map.
        """
        from web.map_data import LayoutCache

        return LayoutCache()

    @property
    def sessions(self) -> ScreenSessions:
        """Return the sessions of the screens."""
        return ScreenSessions(self.system)

    @property
    def cookie(self) -> str:
        """Return the name of the session's cookie, which browsers accept only over https and from
        this host.
        """
        return "__Host-continuum" if self.secure else "continuum"

    def serving(self, name: str) -> System:
        """Return the store as it is opened for the person `name`, with the person's current rights.
        The caller has checked the name before, as far as the store can check names."""
        return self.system.briefly(name)
