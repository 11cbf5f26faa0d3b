"""Who is signed in at a screen.

The session itself is kept with the credentials, by the hash of its token alone; what else belongs
to it is derived from the token, or sealed in the browser. So a server that is started again, and a
second one beside it, know the same people.

While a store has no accounts, and on a synthetic one for its accounts, a name is a label that
nobody checks, and every screen says so.
"""

from base64 import urlsafe_b64encode
from dataclasses import dataclass, field

from access.signing_in.sessions import IDLE, LONGEST
from installation.system import UNCHECKED, System

__all__ = ["IDLE", "LONGEST", "ScreenSessions", "Signed"]


@dataclass
class Signed:
    """Somebody at a screen: the token that their forms carry, what their next page has to say, and
    why they ask, as they said last. `checked`: they proved who they are; `fresh`: just now."""

    name: str
    csrf: str = field(default="", repr=False)
    checked: bool = False
    fresh: bool = True
    notices: list[str] = field(default_factory=list)
    why: str | None = field(default=None, repr=False)


@dataclass(frozen=True)
class ScreenSessions:
    """The open sessions of a store's screens."""

    system: System

    @property
    def closed(self) -> bool:
        """Whether the store has accounts."""
        return self.system.closed

    @property
    def labels(self) -> bool:
        """Whether a name counts unchecked here."""
        return self.system.synthetic or not self.system.closed

    @property
    def proves(self) -> bool:
        """Whether anybody can prove who they are here: of an open store its administrator may."""
        return self.closed or (not self.system.synthetic and self.system.somebody_proves)

    def open(self, name: str, device: str) -> str:
        """A new session of somebody who was just checked; its token."""
        return self.system.credentials.sessions.open(name, "screen", device)

    def open_label(self, name: str, device: str) -> str:
        """A new session under a name that nobody checks; its token. It lasts no longer than such
        names count."""
        return self.system.credentials.sessions.open(f"{UNCHECKED}{name}", "screen", device)

    def check(self, token: str | None, *, staying: bool = True) -> Signed | None:
        """The session of this token while it lasts and its account lives; `staying` says that
        somebody is at work."""
        found = self.system.credentials.sessions.check(token, staying=staying)
        if token is None or found is None or found.kind != "screen":
            return None
        name = found.user.removeprefix(UNCHECKED)
        checked = name == found.user
        return Signed(name, self._csrf(token), checked, found.fresh or not checked)

    def owner(self, signed: Signed) -> str:
        """Under which name this person's sessions are kept."""
        return signed.name if signed.checked else f"{UNCHECKED}{signed.name}"

    def close(self, token: str | None) -> None:
        """Sign out."""
        self.system.credentials.sessions.close(token)

    def _csrf(self, token: str) -> str:
        digest = self.system.keys.digest(b"csrf/" + token.encode())
        return urlsafe_b64encode(digest[:24]).decode()
