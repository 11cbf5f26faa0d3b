"""Who is signed in: on a screen or at a command line, known by a random token alone.

Only hashes of tokens are kept. A session ends when nobody was at work for a quarter of an hour,
after ten hours, when it is closed, and when its account is locked or left.
"""

import secrets
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Literal
from uuid import UUID, uuid5

import sqlalchemy as sa

from access.signing_in.vault import Row, Vault, hashed, sessions

Kind = Literal["screen", "command"]
#: Hands off the keyboard for so long, or signed in for so long, and it asks again.
IDLE, LONGEST = timedelta(minutes=15), timedelta(hours=10)
#: For so long a second factor counts as just given (export, erasure, break-glass, keys).
FRESH = timedelta(minutes=5)
#: What asks for it: export, erasure, breaking glass, keys, and what lets somebody be another. By
#: the name of the command; a program never does any of it. Sharing asks for it by itself, as what
#: is shared at once to prevent harm waits for nothing.
GRAVE = frozenset(
    {
        "network export",
        "pack",
        "erase",
        "authority approve",
        "authority give",
        "glass break",
        "entry ask",
        "entry join",
        "entry alone",
        "keys rotate",
        "user enrol",
        "user key make",
        "user role confirm",
        "user role alone",
        "user role lend",
        "user team confirm",
    }
)
#: "Seen" is written this often at most, so that not every page is a write.
_SEEN_EVERY = timedelta(seconds=20)
_C = sessions.c
#: Asked by each page: put into words once.
_OF_TOKEN = sa.select(sessions).where(_C.token == sa.bindparam("token"))
_NAMES = UUID("5f0e7d0c-6a3e-5c3b-9a51-2f4f0c8d7a21")


@dataclass(frozen=True, slots=True)
class Session:
    """A session as its owner may see it. `id` tells it from others and opens nothing; `fresh` says
    that its second factor was given just now."""

    id: UUID
    user: str
    kind: Kind
    device: str
    opened: datetime
    seen: datetime
    fresh: bool


class Sessions:
    """The open sessions."""

    def __init__(self, vault: Vault) -> None:
        self._vault = vault

    def open(self, user: str, kind: Kind, device: str = "") -> str:
        """A session of somebody who was just checked; its token, which is told this once."""
        token, now = secrets.token_urlsafe(32), self._vault.now
        with self._vault.writing() as db:
            db.execute(sa.delete(sessions).where(_C.opened < now - _seconds(LONGEST)))
            db.execute(
                sa.insert(sessions).values(
                    token=hashed(token),
                    user=user,
                    kind=kind,
                    device=device[:100],
                    opened=now,
                    seen=now,
                    proved=now,
                )
            )
        return token

    def check(self, token: str | None, *, staying: bool = True) -> Session | None:
        """The session of this token while it lasts and its account lives; `staying` says that
        somebody is at work, rather than a page that asks by itself."""
        if not token:
            return None
        key, now = hashed(token), self._vault.now
        row = self._vault.row(_OF_TOKEN, token=key)
        if row is None or not self._lasts(row["opened"], row["seen"], now):
            return None
        if not self._vault.live(row["user"]):
            self.close(token)
            return None
        if staying and now - row["seen"] >= _seconds(_SEEN_EVERY):
            with self._vault.writing() as db:
                db.execute(sa.update(sessions).where(_C.token == key).values(seen=now))
        return _session(row, now)

    def whose(self, token: str | None) -> str | None:
        """Whose session this token was, though it may have ended; None if nothing is known of it.
        It proves nothing."""
        row = self._vault.row(sa.select(_C.user).where(_C.token == hashed(token or "")))
        return row["user"] if row else None

    def proved(self, token: str) -> str | None:
        """Its owner gave a second factor again: the token that replaces it (a stolen older one is
        worth nothing any more); None for a session that ended."""
        if (session := self.check(token)) is None:
            return None
        fresh = secrets.token_urlsafe(32)
        mine = sa.update(sessions).where(_C.token == hashed(token), _C.user == session.user)
        with self._vault.writing() as db:
            changed = db.execute(mine.values(token=hashed(fresh), proved=self._vault.now))
        return fresh if changed.rowcount else None

    def close(self, token: str | None) -> None:
        """Sign out."""
        if token:
            with self._vault.writing() as db:
                db.execute(sa.delete(sessions).where(_C.token == hashed(token)))

    def revoke(self, user: str) -> int:
        """End every session of somebody; how many there were."""
        with self._vault.writing() as db:
            return db.execute(sa.delete(sessions).where(_C.user == user)).rowcount

    def of(self, user: str) -> list[Session]:
        """Somebody's sessions that last, newest first: their devices."""
        now = self._vault.now
        newest = sa.select(sessions).where(_C.user == user).order_by(_C.opened.desc())
        found = self._vault.rows(newest)
        return [_session(r, now) for r in found if self._lasts(r["opened"], r["seen"], now)]

    def end(self, user: str, one: UUID) -> None:
        """End one session of somebody, such as that of a lost phone."""
        found = self._vault.rows(sa.select(_C.token).where(_C.user == user))
        named = [row["token"] for row in found if _name(row["token"]) == one]
        with self._vault.writing() as db:
            db.execute(sa.delete(sessions).where(_C.token.in_(named)))

    @staticmethod
    def _lasts(opened: int, seen: int, now: int) -> bool:
        return now - seen <= _seconds(IDLE) and now - opened <= _seconds(LONGEST)


def _session(row: Row, now: int) -> Session:
    return Session(
        id=_name(row["token"]),
        user=row["user"],
        kind=row["kind"],
        device=row["device"],
        opened=datetime.fromtimestamp(row["opened"], UTC),
        seen=datetime.fromtimestamp(row["seen"], UTC),
        fresh=0 <= now - row["proved"] <= _seconds(FRESH),
    )


def _name(token: bytes) -> UUID:
    return uuid5(_NAMES, token.hex())


def _seconds(length: timedelta) -> int:
    return int(length.total_seconds())
