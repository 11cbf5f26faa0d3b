"""The outboxes (unsent entries) of workers' phones: who uses each outbox, how many entries it has,
and which order (collect or wipe) the phone gets at its next contact.

An outbox has a random identifier. The user who signs in on the phone registers it. After that the
identifier is enough to fetch orders, so that a lost phone can be wiped although no user signs in on
it any more.
"""

from datetime import UTC, datetime
from typing import Literal
from uuid import UUID

import sqlalchemy as sa
from msgspec import Struct

from access.signing_in.vault import Row, Vault, outboxes, upsert_statement

Wish = Literal["collect", "wipe"]
#: Largest number of unsent entries that is stored for a phone, however many the phone reports.
MOST = 100_000
_C = outboxes.c


class Outbox(Struct, frozen=True):
    """A phone's outbox, as it was at the phone's last contact. `oldest` is when the oldest waiting
    entry was written; `lost` is how many entries were deleted when the outbox was wiped.
    """

    id: UUID
    user: str
    device: str
    seen: datetime
    waiting: int
    oldest: datetime | None
    wish: Wish | None
    lost: int | None


class Outboxes:
    """The registered outboxes of workers' phones."""

    def __init__(self, vault: Vault) -> None:
        self._vault = vault

    def register(self, number: UUID, user: str, device: str) -> None:
        """Register a phone's outbox (its unsent entries) for the user who signed in on the phone.
        If the outbox was wiped before, delete the stored number of entries that were lost by wiping
        it.
        """
        owned = {"user": user, "device": device[:100], "lost": None}
        fresh = {"id": str(number), "seen": self._vault.now, "waiting": 0, **owned}
        with self._vault.writing() as db:
            db.execute(upsert_statement(db, outboxes, fresh, owned))

    def contact(self, number: UUID, waiting: int, oldest: datetime | None) -> Wish | None:
        """Store that a phone made contact and how many unsent entries its outbox has. Return the
        order for the phone ("collect", or "wipe" to delete the entries), or None. An outbox that is
        not registered gets no order, and its contact is not stored.
        """
        since = int(oldest.timestamp()) if oldest else None
        self._set(number, seen=self._vault.now, waiting=min(max(waiting, 0), MOST), oldest=since)
        outbox = self.get(number)
        return outbox.wish if outbox else None

    def set_order(self, number: UUID, wish: Wish | None) -> None:
        """Set the order that the phone gets at its next contact; None removes the order."""
        self._set(number, wish=wish)

    def wiped(self, number: UUID, lost: int) -> None:
        """Store that a phone's outbox was wiped, and how many entries were lost."""
        self._set(number, wish=None, waiting=0, oldest=None, lost=min(max(lost, 0), MOST))

    def _set(self, item: UUID, **told: object) -> None:
        with self._vault.writing() as db:
            db.execute(sa.update(outboxes).where(_C.id == str(item)).values(**told))

    def get(self, number: UUID) -> Outbox | None:
        """Return the outbox with this number; None if it is not registered."""
        row = self._vault.row(sa.select(outboxes).where(_C.id == str(number)))
        return _told(row) if row else None

    def list_outboxes(self) -> list[Outbox]:
        """Return all outboxes, sorted by last contact; those with waiting entries or an order come
        first.
        """
        order = (sa.and_(_C.waiting == 0, _C.wish.is_(None)), _C.seen.desc(), _C.id)
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
