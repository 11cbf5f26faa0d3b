"""API keys of programs, with which another system of the police force calls the API.

A key opens no screen and starts no session. Its text is shown once; its hash, its last day and its
last use are stored.
"""

import secrets
from datetime import UTC, datetime, timedelta
from uuid import UUID

import sqlalchemy as sa
from msgspec import Struct

from access.signing_in.vault import Vault, hashed, service_keys
from domain.kernel.values import Refused

#: Beginning of each API key, by which a leaked key is recognised, for example in a repository or a
#: log.
PREFIX = "continuum_"
#: Shortest time between two updates of a key's last use, so that not every call has to write.
_USED_EVERY = timedelta(minutes=1)
_C = service_keys.c


class ServiceKey(Struct, frozen=True):
    """A program's API key, as an administrator sees it."""

    id: UUID
    user: str
    until: datetime
    made: datetime
    used: datetime | None


class Services:
    """The keys with which programs use the API, except keys that were ended."""

    def __init__(self, vault: Vault) -> None:
        self._vault = vault

    def make(self, user: str, key_id: UUID, until: datetime) -> str:
        """Make an API key and return its text, which cannot be shown again. Raises Refused if a key
        with this id was made before.
        """
        key = f"{PREFIX}{secrets.token_urlsafe(32)}"
        fresh = {"id": str(key_id), "token": hashed(key), "user": user}
        ends = int(until.timestamp())
        with self._vault.writing() as db:
            if db.scalar(sa.select(_C.user).where(_C.id == str(key_id))):
                raise Refused(
                    "this API key was shown once already, and cannot be shown again: end the "
                    "key, and make another"
                )
            db.execute(sa.insert(service_keys).values(**fresh, until=ends, made=self._vault.now))
        return key

    def check(self, key: str) -> ServiceKey | None:
        """Return the valid API key with this text, or None. The caller checks whether the key's
        account may be used.
        """
        now = self._vault.now
        row = self._vault.row(sa.select(service_keys).where(_C.token == hashed(key)))
        return _key(row) if row and now < row["until"] else None

    def used(self, key: ServiceKey) -> None:
        """Store the time at which an API key was last used. To save writing, the time is not stored
        again within a short time.
        """
        if key.used and self._vault.clock() - key.used < _USED_EVERY:
            return
        with self._vault.writing() as db:
            mine = sa.update(service_keys).where(_C.id == str(key.id))
            db.execute(mine.values(used=self._vault.now))

    def end(self, key_id: UUID) -> None:
        with self._vault.writing() as db:
            db.execute(sa.delete(service_keys).where(_C.id == str(key_id)))

    def list_keys(self) -> list[ServiceKey]:
        """Return all API keys, by program, the older first."""
        return [
            _key(r) for r in self._vault.rows(sa.select(service_keys).order_by(_C.user, _C.made))
        ]


def _key(row: sa.RowMapping) -> ServiceKey:
    return ServiceKey(
        UUID(row["id"]),
        row["user"],
        datetime.fromtimestamp(row["until"], UTC),
        datetime.fromtimestamp(row["made"], UTC),
        datetime.fromtimestamp(row["used"], UTC) if row["used"] else None,
    )
