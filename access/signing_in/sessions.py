"""Sessions: signed-in users, on a screen or at a command line, each with a random token.

Only hashes of tokens are stored. A session ends after a quarter of an hour without activity, after
ten hours, when it is closed, and when the account is locked or the user leaves.
"""

import secrets
from datetime import UTC, datetime, timedelta
from typing import Literal
from uuid import UUID, uuid5

import sqlalchemy as sa
from msgspec import Struct

from access.signing_in.vault import Row, Vault, hashed, sessions

Kind = Literal["screen", "command"]
#: Longest time of a session without activity, and longest time of a session with activity.
IDLE, LONGEST = timedelta(minutes=15), timedelta(hours=10)
#: Time for which a second factor is accepted for commands that need a fresh one: export, erasure,
#: emergency access and keys.
FRESH = timedelta(minutes=5)
#: Commands that need a fresh second factor: exports, erasures, emergency access, keys, and commands
#: with which one user could act as another. A program may not run them. Disclosures are checked
#: separately, because a disclosure to prevent harm must never wait.
GRAVE = frozenset(
    {
        "network export",
        "pack",
        "material reveal",
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
#: Shortest time between two updates of a session's last activity, so that not every page has to
#: write.
_SEEN_EVERY = timedelta(seconds=20)
_C = sessions.c
#: The query for the session of a token; the query is built once, because each page uses it.
_OF_TOKEN = sa.select(sessions).where(_C.token == sa.bindparam("token"))
_NAMES = UUID("5f0e7d0c-6a3e-5c3b-9a51-2f4f0c8d7a21")


class Session(Struct, frozen=True):
    """A session, as its user sees it in a list. `id` identifies the session, for example to end it,
    but gives no access. `fresh` means that the second factor was checked a short time ago.
    """

    id: UUID
    user: str
    kind: Kind
    device: str
    opened: datetime
    seen: datetime
    fresh: bool


class Sessions:
    """The open sessions of all users."""

    def __init__(self, vault: Vault) -> None:
        self._vault = vault

    def open(self, user: str, kind: Kind, device: str = "") -> str:
        """Open a session for a user whose credentials were just checked; return its token, which
        cannot be read again."""
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
        """Return the valid session with this token, or None. `staying` is True if the user is
        active, and False if the request comes from a page that reloads by itself.
        """
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

    def user_of_token(self, token: str | None) -> str | None:
        """Return the user of this token's session, even if it has ended; None if the token is
        unknown. The returned name is no proof of identity.
        """
        row = self._vault.row(sa.select(_C.user).where(_C.token == hashed(token or "")))
        return row["user"] if row else None

    def proved(self, token: str) -> str | None:
        """Store that the second factor was just checked; return a new token for the session, so
        that a stolen older token is worthless. Return None if the session has ended.
        """
        if (session := self.check(token)) is None:
            return None
        fresh = secrets.token_urlsafe(32)
        mine = sa.update(sessions).where(_C.token == hashed(token), _C.user == session.user)
        with self._vault.writing() as db:
            changed = db.execute(mine.values(token=hashed(fresh), proved=self._vault.now))
        return fresh if changed.rowcount else None

    def close(self, token: str | None) -> None:
        """Sign out: end the session with this token."""
        if token:
            with self._vault.writing() as db:
                db.execute(sa.delete(sessions).where(_C.token == hashed(token)))

    def revoke(self, user: str) -> int:
        """End every session of a user; return how many there were."""
        with self._vault.writing() as db:
            return db.execute(sa.delete(sessions).where(_C.user == user)).rowcount

    def list_sessions(self, user: str) -> list[Session]:
        """Return a user's open sessions, newest first: their devices."""
        now = self._vault.now
        newest = sa.select(sessions).where(_C.user == user).order_by(_C.opened.desc())
        sessions_of_user = self._vault.rows(newest)
        return [
            _session(r, now) for r in sessions_of_user if self._lasts(r["opened"], r["seen"], now)
        ]

    def end(self, user: str, session: UUID) -> None:
        """End one session of a user, such as that of a lost phone."""
        rows = self._vault.rows(sa.select(_C.token).where(_C.user == user))
        named = [row["token"] for row in rows if _name(row["token"]) == session]
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
