"""Phones whose outbox was in contact: whose it is, how much waits there, what it is asked to do.

An outbox is known by a random number that it made itself. It is registered by whoever signed in on
it; from then on the number alone is enough to ask what is wanted, so that a lost phone on which
nobody signs in any more can still be wiped.
"""

import sqlite3
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Literal
from uuid import UUID

from access.vault import Vault

Wish = Literal["collect", "wipe"]
#: Entries that an outbox may claim, so that no phone fills a page.
MOST = 100_000


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
        anew."""
        with self._vault.writing() as db:
            db.execute(
                "INSERT INTO outboxes VALUES (?, ?, ?, ?, 0, NULL, NULL, NULL) ON CONFLICT (id) "
                "DO UPDATE SET user = excluded.user, device = excluded.device, lost = NULL",
                (str(one), user, device[:100], self._vault.now),
            )

    def contact(self, one: UUID, waiting: int, oldest: datetime | None) -> Wish | None:
        """A known outbox tells how much waits in it: what it is asked to do. An unknown one is
        asked nothing, and nothing of it is kept."""
        since = int(oldest.timestamp()) if oldest else None
        with self._vault.writing() as db:
            db.execute(
                "UPDATE outboxes SET seen = ?, waiting = ?, oldest = ? WHERE id = ?",
                (self._vault.now, min(max(waiting, 0), MOST), since, str(one)),
            )
        found = self.get(one)
        return found.wish if found else None

    def ask(self, one: UUID, wish: Wish | None) -> None:
        """What the outbox is told at its next contact."""
        with self._vault.writing() as db:
            db.execute("UPDATE outboxes SET wish = ? WHERE id = ?", (wish, str(one)))

    def wiped(self, one: UUID, lost: int) -> None:
        """It did what it was asked."""
        with self._vault.writing() as db:
            db.execute(
                "UPDATE outboxes SET wish = NULL, waiting = 0, oldest = NULL, lost = ? "
                "WHERE id = ?",
                (min(max(lost, 0), MOST), str(one)),
            )

    def get(self, one: UUID) -> Outbox | None:
        """One of them."""
        found = self._vault.rows("SELECT * FROM outboxes WHERE id = ?", str(one))
        return self._told(found)[0] if found else None

    def listed(self) -> list[Outbox]:
        """All of them: those in which something waits first, then by who was seen last."""
        order = "SELECT * FROM outboxes ORDER BY waiting = 0, seen DESC, id"
        return self._told(self._vault.rows(order))

    @staticmethod
    def _told(rows: list[sqlite3.Row]) -> list[Outbox]:
        return [
            Outbox(
                UUID(row["id"]),
                row["user"],
                row["device"],
                datetime.fromtimestamp(row["seen"], UTC),
                row["waiting"],
                datetime.fromtimestamp(row["oldest"], UTC) if row["oldest"] else None,
                row["wish"],
                row["lost"],
            )
            for row in rows
        ]
