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
    """The state that all requests of one process share. It has the open store, the position of its
    log, whether browsers use https, the rate limits, and the users who were already shown the
    demo's story (None if no user is shown it)."""

    system: System
    pulse: LogPositionCache
    secure: bool
    meter: RateLimiter = field(default_factory=RateLimiter)
    led_to_story: set[str] | None = None

    @cached_property
    def atlas(self) -> "LayoutCache":
        """Return the cache of map layouts, which needs the libraries for networks. These are
        imported with the first map."""
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
        """Return the store with the current rights of the user `name`. The caller has already
        checked who the user is, as far as the store checks names."""
        return self.system.briefly(name)
