"""The position of each program in the feed of changes, and the time of its next delivery: one
process at a time, by a claim that expires.
"""

import sqlalchemy as sa

from access.signing_in.vault import Vault, feeds, putting

#: Seconds for which a claim lasts: longer than a server may take.
CLAIM = 30
#: Seconds until a failed delivery is repeated, at first and at most.
SOON, LATE = 15, 3600
_C = feeds.c


class Feeds:
    """The positions of the programs. Each method raises LogUnavailable."""

    def __init__(self, vault: Vault) -> None:
        self._vault = vault

    def claim(self, user: str, head: int) -> int | None:
        """Claim a program and return its position; None while another process has claimed it, or it
        has to wait. A new program starts after `head`."""
        now = self._vault.now
        with self._vault.writing() as db:
            fresh = {"user": user, "at": head, "tries": 0, "next": 0}
            # setting the row to its own value locks it until all of this is done
            upsert = putting(db, feeds, fresh, {"tries": _C.tries})
            row = db.execute(upsert.returning(_C.at, _C.next)).one()
            if row.next > now:
                return None
            db.execute(sa.update(feeds).where(_C.user == user).values(next=now + CLAIM))
        return int(row.at)

    def record_delivery(self, user: str, at: int) -> None:
        """Record a delivery up to this position."""
        self._set(user, at=at, tries=0, next=0)

    def refused(self, user: str) -> int:
        """Record a failed delivery; return the seconds until the next one."""
        tries = self.tries().get(user, 0)
        wait = min(SOON << min(tries, 16), LATE)
        self._set(user, tries=tries + 1, next=self._vault.now + wait)
        return wait

    def tries(self) -> dict[str, int]:
        """Return for each program the number of failed deliveries in a row."""
        return {row["user"]: row["tries"] for row in self._vault.rows(sa.select(feeds))}

    def _set(self, user: str, **told: int) -> None:
        with self._vault.writing() as db:
            db.execute(sa.update(feeds).where(_C.user == user).values(**told))
