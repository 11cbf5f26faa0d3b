"""Keys of programs: another system of the force calls the API with one, and with nothing else.

A key opens no screen and starts no session. It is told once; its hash is kept, until when it
lasts, and when it was used last.
"""

import secrets
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from uuid import UUID

import sqlalchemy as sa

from access.signing_in.vault import Vault, hashed, service_keys
from domain.kernel.values import Refused

#: By which a key is known where it lies about: in a repository, in a log.
PREFIX = "continuum_"
#: "Used" is written this often at most, so that not every call is a write.
_USED_EVERY = timedelta(minutes=1)
_C = service_keys.c


@dataclass(frozen=True, slots=True)
class ServiceKey:
    """A program's key as who keeps the accounts sees it."""

    id: UUID
    user: str
    until: datetime
    made: datetime
    used: datetime | None


class Services:
    """The keys that were made and have not been ended."""

    def __init__(self, vault: Vault) -> None:
        self._vault = vault

    def make(self, user: str, one: UUID, until: datetime) -> str:
        """The key, which is told this once. Raises Refused where it was told before."""
        key = f"{PREFIX}{secrets.token_urlsafe(32)}"
        fresh = {"id": str(one), "token": hashed(key), "user": user}
        ends = int(until.timestamp())
        with self._vault.writing() as db:
            if db.scalar(sa.select(_C.user).where(_C.id == str(one))):
                raise Refused("this key was made and shown before: end it, and make another")
            db.execute(sa.insert(service_keys).values(**fresh, until=ends, made=self._vault.now))
        return key

    def check(self, key: str) -> ServiceKey | None:
        """Which key this is while it lasts. Whether its account may be used is asked elsewhere."""
        now = self._vault.now
        row = self._vault.row(sa.select(service_keys).where(_C.token == hashed(key)))
        return _key(row) if row and now < row["until"] else None

    def used(self, key: ServiceKey) -> None:
        """It opened something just now."""
        if key.used and self._vault.clock() - key.used < _USED_EVERY:
            return
        with self._vault.writing() as db:
            mine = sa.update(service_keys).where(_C.id == str(key.id))
            db.execute(mine.values(used=self._vault.now))

    def end(self, one: UUID) -> None:
        """It counts for nothing any more."""
        with self._vault.writing() as db:
            db.execute(sa.delete(service_keys).where(_C.id == str(one)))

    def listed(self) -> list[ServiceKey]:
        """Every key, by its program, the older first."""
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
