"""What somebody keeps on their own machine: the token that proves who they are, and words that
could not be sent while they were not signed in. Both for its owner alone (mode 0600)."""

import os
from collections.abc import Iterator
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path
from secrets import token_hex

from platformdirs import user_config_path

from access.signing_in import sessions
from domain.kernel.envelope import LogUnavailable
from domain.kernel.values import Denied, SignInFirst
from installation.system import System

_OTHERS = 0o077


@dataclass(frozen=True)
class TokenFile:
    """The token file and the outbox of one person for one store."""

    token: Path
    outbox: Path

    def read(self) -> str | None:
        """The token; None if there is none. Raises SignInFirst for a file that others may read:
        the person who read it may have copied it."""
        try:
            _own(self.token)
            return self.token.read_text("ascii").strip() or None
        except FileNotFoundError:
            return None
        except (OSError, UnicodeDecodeError) as error:
            raise LogUnavailable(f"the token {self.token} cannot be read") from error

    def token_or_none(self) -> str | None:
        """As `read`, whatever is wrong with the file: it proves nothing here."""
        try:
            return self.token.read_text("ascii").strip() or None
        except (OSError, UnicodeDecodeError):
            return None

    def write(self, token: str) -> None:
        """Keep a token in the place of the older one."""
        _write(self.token, token.encode())

    def forget(self) -> None:
        """Throw the token away."""
        self.token.unlink(missing_ok=True)

    def keep(self, sealed: bytes) -> None:
        """Put what could not be sent into the outbox. Raises OSError."""
        _write(self.outbox / f"{token_hex(8)}.sealed", sealed)

    def waiting(self) -> Iterator[Path]:
        """What waits in the outbox, oldest first."""
        if self.outbox.is_dir():
            yield from sorted(self.outbox.iterdir(), key=lambda each: each.stat().st_mtime_ns)


def tokens(system: System) -> TokenFile:
    """Where this person keeps what belongs to this store."""
    store = sha256(os.fsencode(system.shown)).hexdigest()[:12]
    kept = system.settings.token_file or user_config_path("continuum") / f"token-{store}"
    return TokenFile(kept, kept.parent / f"outbox-{store}")


def proved(system: System, user: str | None, query: str) -> System:
    """The store for the person who the token on this machine belongs to; for nobody where there is
    none that lasts. Raises SignInFirst, Denied for another name than the token's, and before
    something grave where the second factor was given longer ago."""
    found = system.credentials.sessions.check(tokens(system).read())
    if found is None:
        if query in sessions.GRAVE and (query != "user enrol" or system.credentials.anybody()):
            raise SignInFirst
        return system
    if user and user != found.user:
        raise Denied(f"you are signed in as {found.user}, not as {user}")
    if query in sessions.GRAVE:
        _require_fresh(found)
    return system.vouched_for(found.user)


def recognised(system: System, user: str | None) -> System:
    """On a live store that asks nobody to sign in yet: the store for the person who has signed in
    on this machine, unless another name is given. A token that cannot be used proves nothing."""
    own = tokens(system)
    if user or not own.token.exists():
        return system
    try:
        found = system.credentials.sessions.check(own.read())
    except (SignInFirst, LogUnavailable):
        return system
    return system.vouched_for(found.user) if found else system


def require_fresh(system: System) -> None:
    """As `proved`, for what is grave by what it says, not by its name."""
    found = system.credentials.sessions.check(tokens(system).read())
    if found is None:
        raise SignInFirst
    _require_fresh(found)


def _require_fresh(found: "sessions.Session") -> None:
    if not found.fresh:
        raise Denied("this asks for your six digits once more: continuum login --again")


def _own(path: Path) -> None:
    if os.name == "nt":
        return
    held = path.stat()
    if held.st_mode & _OTHERS or held.st_uid != os.getuid():
        raise SignInFirst(
            f"{path} is open to others, who may have copied it: it was not used. "
            f"Close it with: chmod 600 {path}, and sign in again: continuum login"
        )


def _write(path: Path, body: bytes) -> None:
    _make_closed(path.parent)
    fresh = path.with_name(f".{path.name}.{token_hex(4)}")
    file = os.open(fresh, os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o600)
    with open(file, "wb") as out:  # noqa: PTH123 (a descriptor, opened for its owner alone)
        out.write(body)
        out.flush()
        os.fsync(out.fileno())
    fresh.replace(path)


def _make_closed(directory: Path) -> None:
    """Make a directory and the parents that it lacks, each for its owner alone: `mkdir` closes the
    last one only, and an account's own directory may be the store's home. Raises OSError."""
    if not directory.is_dir():
        _make_closed(directory.parent)
        directory.mkdir(mode=0o700, exist_ok=True)
