"""The files of one user on their own machine: the token that proves the user's identity, and the
outbox of entries written while signed out. Other users cannot read these files (mode 0600).
"""

import os
from collections.abc import Iterator
from hashlib import sha256
from pathlib import Path
from secrets import token_hex

from msgspec import Struct
from platformdirs import user_config_path

from access.signing_in import sessions
from domain.kernel.envelope import LogUnavailable
from domain.kernel.values import Denied, SignInFirst
from installation.system import System

_OTHERS = 0o077


class TokenFile(Struct, frozen=True):
    """The token file and the outbox of one user for one store."""

    token: Path
    outbox: Path

    def read(self) -> str | None:
        """Return the user's token from the file, or None. Raises SignInFirst if other accounts on
        this machine can read the file, because they may have copied the token.
        """
        try:
            _own(self.token)
            return self.token.read_text("ascii").strip() or None
        except FileNotFoundError:
            return None
        except (OSError, UnicodeDecodeError) as error:
            raise LogUnavailable(
                f"the file of your sign-in, {self.token}, cannot be read: delete it, and sign in "
                "again with continuum login"
            ) from error

    def token_or_none(self) -> str | None:
        """Return the user's token, or None if the file cannot be used for any reason. The token is
        not checked.
        """
        try:
            return self.token.read_text("ascii").strip() or None
        except (OSError, UnicodeDecodeError):
            return None

    def write(self, token: str) -> None:
        """Save a user's token in place of the older one."""
        _write(self.token, token.encode())

    def forget(self) -> None:
        """Delete the user's token."""
        self.token.unlink(missing_ok=True)

    def keep(self, sealed: bytes) -> None:
        """Put an encrypted log entry into the outbox. Raises OSError."""
        _write(self.outbox / f"{token_hex(8)}.sealed", sealed)

    def outbox_files(self) -> Iterator[Path]:
        """Yield the files of log entries in the outbox, oldest first."""
        if self.outbox.is_dir():
            yield from sorted(self.outbox.iterdir(), key=lambda file: file.stat().st_mtime_ns)


def tokens(system: System) -> TokenFile:
    """Return the sign-in token file and the outbox that the user of this machine has for this
    store."""
    store = sha256(os.fsencode(system.printable_address)).hexdigest()[:12]
    path = system.settings.token_file or user_config_path("continuum") / f"token-{store}"
    return TokenFile(path, path.parent / f"outbox-{store}")


def proved(system: System, user: str | None, query: str) -> System:
    """Return the store, opened for the user whose token is on this machine or, without a valid
    token, for an unauthenticated user.

    Raises SignInFirst if the command `query` needs a signed-in person, and Denied if `user` is not
    the token's account, or if the command is sensitive and needs the second factor again.
    """
    session = system.credentials.sessions.check(tokens(system).read())
    if session is None:
        if query in sessions.GRAVE and (query != "user enrol" or system.credentials.anybody()):
            raise SignInFirst
        return system
    if user and user != session.user:
        raise Denied(f"you are signed in as {session.user}, not as {user}")
    if query in sessions.GRAVE:
        _require_fresh(session)
    return system.vouched_for(session.user)


def open_for_token(system: System, user: str | None) -> System:
    """Return a live store, opened for the user whose token is on this machine or, if `user` is
    given, for that user. A token that cannot be used is ignored, because the store does not require
    a sign-in yet."""
    own = tokens(system)
    if user or not own.token.exists():
        return system
    try:
        session = system.credentials.sessions.check(own.read())
    except (SignInFirst, LogUnavailable):
        return system
    return system.vouched_for(session.user) if session else system


def require_fresh(system: System) -> None:
    """Raise an error unless the user gave a second factor a moment ago. Commands call this if they
    are sensitive only with certain arguments."""
    session = system.credentials.sessions.check(tokens(system).read())
    if session is None:
        raise SignInFirst
    _require_fresh(session)


def _require_fresh(session: "sessions.Session") -> None:
    if not session.fresh:
        raise Denied(
            "this command needs a fresh sign-in: enter your six-digit code with continuum login "
            "--again"
        )


def _own(path: Path) -> None:
    if os.name == "nt":
        return
    status = path.stat()
    if status.st_mode & _OTHERS or status.st_uid != os.getuid():
        raise SignInFirst(
            f"{path} is open to other users, who may have copied it: this sign-in was not used. "
            "Close the file "
            f"with: chmod 600 {path}. Then sign in again: continuum login"
        )


def _write(path: Path, body: bytes) -> None:
    _make_closed(path.parent)
    fresh = path.with_name(f".{path.name}.{token_hex(4)}")
    file = os.open(fresh, os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o600)
    with open(file, "wb") as out:  # noqa: PTH123 (the file descriptor was opened with mode 0600)
        out.write(body)
        out.flush()
        os.fsync(out.fileno())
    fresh.replace(path)


def _make_closed(directory: Path) -> None:
    """Make a directory and its missing parents, each readable by its owner only. (`mkdir` would
    restrict only the directory itself, and a parent may be the store's home.) Raises OSError.
    """
    if not directory.is_dir():
        _make_closed(directory.parent)
        directory.mkdir(mode=0o700, exist_ok=True)
