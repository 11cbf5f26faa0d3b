"""The sign-in services of a test store, its clock, and the authenticator apps of its users."""

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pyotp

from access.signing_in.credentials import Credentials
from ledger.keys.keys import Keys

PASSWORD = "copper kettle seventeen"
START = datetime(2026, 11, 25, 9, 0, tzinfo=UTC)


@dataclass
class Door:
    """The sign-in services of a test store. The store's passwords and keys are in a file in the
    folder `home`, or in the database at `url`."""

    home: Path
    url: str | None = None
    now: datetime = START
    gone: set[str] = field(default_factory=set)
    apps: dict[str, pyotp.TOTP] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self.keys = Keys.create(self.home / "keys")
        self.open()

    @property
    def file(self) -> Path:
        return self.home / "credentials.db"

    def another(self) -> Credentials:
        """Return the sign-in services of the same store as a second machine opens them."""
        live: Callable[[str], bool] = lambda user: user not in self.gone  # noqa: E731
        where = (self.url, self.file) if self.url else (self.file, None)
        return Credentials(where, self.keys, lambda: self.now, live)

    def open(self) -> None:
        self.credentials = self.another()

    def later(self, length: timedelta) -> None:
        self.now += length

    def digits(self, user: str) -> str:
        return self.apps[user].at(self.now)

    def enrol(self, user: str, password: str = PASSWORD) -> None:
        """Enrol a user, who gets a code, sets up the authenticator app and chooses a password; then
        half a minute passes.
        """
        code = self.credentials.invite(user)
        secret = self.credentials.begin(user, code).secret
        self.apps[user] = pyotp.TOTP(secret)
        self.credentials.redeem(user, code, password, self.digits(user))
        self.later(timedelta(seconds=30))

    def check(self, user: str, password: str = PASSWORD, address: str | None = None) -> None:
        self.credentials.check(user, password, self.digits(user), address)
