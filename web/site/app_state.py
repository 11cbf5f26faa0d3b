"""What the screens share."""

from dataclasses import dataclass, field

from installation.system import System
from web.map_data import Atlas
from web.server.log_position import Pulse
from web.server.rate_limit import Meter
from web.site.sessions import ScreenSessions


@dataclass
class House:
    """The open store and how far it has come, whether https is spoken, the maps that were drawn
    last, and how much each program may ask."""

    system: System
    pulse: Pulse
    secure: bool
    atlas: Atlas = field(default_factory=Atlas)
    meter: Meter = field(default_factory=Meter)

    @property
    def sessions(self) -> ScreenSessions:
        """Who is signed in."""
        return ScreenSessions(self.system)

    @property
    def cookie(self) -> str:
        """A name that browsers take only over https and from this very host."""
        return "__Host-continuum" if self.secure else "continuum"

    def serving(self, name: str) -> System:
        """The store for this person, whose name was checked as far as it is; rights again."""
        return self.system.briefly(name)
