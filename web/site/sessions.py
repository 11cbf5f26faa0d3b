"""Sessions of the screens.

A session is stored with the credentials, and only by the hash of its token. Everything else about
it is derived from the token, or is encrypted in the browser. So a restarted server, and a second
one beside it, have the same sessions.

While a store has no accounts, names are not checked, and every screen says so. The same is true for
the accounts of a synthetic store.
"""

from base64 import urlsafe_b64encode
from dataclasses import dataclass, field

from msgspec import Struct

from access.signing_in.sessions import IDLE, LONGEST
from installation.system import UNCHECKED, System

__all__ = ["IDLE", "LONGEST", "ScreenSessions", "SignedIn"]


@dataclass
class SignedIn:
    """A signed-in user with the session's form token (`csrf`), the notices for the next page, and
    the purpose of access (`why`). `checked` means that the user proved their identity, `fresh` that
    the last proof was a moment ago. `page` is the address of the current page."""

    name: str
    csrf: str = field(default="", repr=False)
    checked: bool = False
    fresh: bool = True
    notices: list[str] = field(default_factory=list)
    why: str | None = field(default=None, repr=False)
    page: str = field(default="", repr=False)


class ScreenSessions(Struct, frozen=True):
    """The open sessions of a store's screens."""

    system: System

    @property
    def closed(self) -> bool:
        """Return whether the store has accounts."""
        return self.system.closed

    @property
    def labels(self) -> bool:
        """Return whether the store accepts user names without a proof, as a synthetic store and a
        store without accounts do."""
        return self.system.synthetic or not self.system.closed

    @property
    def proves(self) -> bool:
        """Return whether users can prove their identity here. In a store without accounts, only the
        administrator can."""
        return self.closed or (not self.system.synthetic and self.system.can_sign_in)

    def open(self, name: str, device: str) -> str:
        """Open a session for a user whose identity was just checked; return its token."""
        return self.system.credentials.sessions.open(name, "screen", device)

    def open_label(self, name: str, device: str) -> str:
        """Open a session under an unchecked name; return its token. The session lasts only as long
        as the store accepts such names.
        """
        return self.system.credentials.sessions.open(f"{UNCHECKED}{name}", "screen", device)

    def check(self, token: str | None, *, staying: bool = True) -> SignedIn | None:
        """Return the session of a token. Return None if the session has ended or the account is not
        in use. `staying` means that the request prolongs the session."""
        session = self.system.credentials.sessions.check(token, staying=staying)
        if token is None or session is None or session.kind != "screen":
            return None
        name = session.user.removeprefix(UNCHECKED)
        checked = name == session.user
        return SignedIn(name, self._csrf(token), checked, session.fresh or not checked)

    def owner(self, signed: SignedIn) -> str:
        """Return the name under which this user's sessions are stored."""
        return signed.name if signed.checked else f"{UNCHECKED}{signed.name}"

    def close(self, token: str | None) -> None:
        """End the session of this token."""
        self.system.credentials.sessions.close(token)

    def _csrf(self, token: str) -> str:
        digest = self.system.keys.digest(b"csrf/" + token.encode())
        return urlsafe_b64encode(digest[:24]).decode()
