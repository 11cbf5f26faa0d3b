"""Phones whose outbox was in contact: whose it is, how much waits there, what it is asked to do.

An outbox is known by a random number that it made itself. It is registered by the person who signed
in on it; from then on the number alone is enough to ask what is wanted, so that a lost phone on
which nobody signs in any more can still be wiped.
"""

from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Literal
from uuid import UUID

import sqlalchemy as sa

from access.signing_in.vault import Row, Vault, outboxes, putting

Wish = Literal["collect", "wipe"]
#: Entries that an outbox may claim, so that no phone fills a page.
MOST = 100_000
_C = outboxes.c


@dataclass(frozen=True, slots=True)
class Outbox:
    """An outbox as it told last. `oldest` is since when something waits; `lost` is how many
    entries it deleted when it was wiped."""

    id: UUID
    user: str
    device: str
    seen: datetime
    waiting: int
    oldest: datetime | None
    wish: Wish | None
    lost: int | None


class Outboxes:
    """The phones that are known."""

    def __init__(self, vault: Vault) -> None:
        self._vault = vault

    def register(self, one: UUID, user: str, device: str) -> None:
        """Somebody signed in on this phone: from now on it is theirs. One that was wiped begins
        again."""
        owned = {"user": user, "device": device[:100], "lost": None}
        fresh = {"id": str(one), "seen": self._vault.now, "waiting": 0, **owned}
        with self._vault.writing() as db:
            db.execute(putting(db, outboxes, fresh, owned))

    def contact(self, one: UUID, waiting: int, oldest: datetime | None) -> Wish | None:
        """A known outbox tells how much waits in it: what it is asked to do. An unknown one is
        asked nothing, and nothing of it is kept."""
        since = int(oldest.timestamp()) if oldest else None
        self._set(one, seen=self._vault.now, waiting=min(max(waiting, 0), MOST), oldest=since)
        found = self.get(one)
        return found.wish if found else None

    def ask(self, one: UUID, wish: Wish | None) -> None:
        """What the outbox is told at its next contact."""
        self._set(one, wish=wish)

    def wiped(self, one: UUID, lost: int) -> None:
        """It did what it was asked."""
        self._set(one, wish=None, waiting=0, oldest=None, lost=min(max(lost, 0), MOST))

    def _set(self, one: UUID, **told: object) -> None:
        with self._vault.writing() as db:
            db.execute(sa.update(outboxes).where(_C.id == str(one)).values(**told))

    def get(self, one: UUID) -> Outbox | None:
        """One of them."""
        found = self._vault.row(sa.select(outboxes).where(_C.id == str(one)))
        return _told(found) if found else None

    def listed(self) -> list[Outbox]:
        """All of them: those in which something waits first, then by who was seen last."""
        order = (_C.waiting == 0, _C.seen.desc(), _C.id)
        return [_told(row) for row in self._vault.rows(sa.select(outboxes).order_by(*order))]


def _told(row: Row) -> Outbox:
    return Outbox(
        UUID(row["id"]),
        row["user"],
        row["device"],
        datetime.fromtimestamp(row["seen"], UTC),
        row["waiting"],
        datetime.fromtimestamp(row["oldest"], UTC) if row["oldest"] else None,
        row["wish"],
        row["lost"],
    )
