"""Store how far each program has received the feed of changes, and when the next delivery is due.
Only one process at a time delivers to a program: it claims the delivery for some seconds.
"""

import sqlalchemy as sa

from access.signing_in.vault import Vault, feeds, upsert_statement

#: Seconds for which a process's claim on a program's feed is valid: longer than a receiving server
#: may take.
CLAIM = 30
#: Seconds until a failed delivery is repeated, at first and at most.
SOON, LATE = 15, 3600
_C = feeds.c


class Feeds:
    """For each program, the position up to which it received the feed of changes. Each method
    raises LogUnavailable if the database does not answer.
    """

    def __init__(self, vault: Vault) -> None:
        self._vault = vault

    def claim(self, user: str, head: int) -> int | None:
        """Reserve the delivery of changes to a program for the calling process, for a limited time.
        Return the position in the feed after which changes are due; for a new program this is
        `head`. Return None if another process has reserved the delivery, or if it is not due yet.
        """
        now = self._vault.now
        with self._vault.writing() as db:
            fresh = {"user": user, "at": head, "tries": 0, "next": 0}
            # writing the row's own value locks the row until the transaction ends
            upsert = upsert_statement(db, feeds, fresh, {"tries": _C.tries})
            row = db.execute(upsert.returning(_C.at, _C.next)).one()
            if row.next > now:
                return None
            db.execute(sa.update(feeds).where(_C.user == user).values(next=now + CLAIM))
        return int(row.at)

    def record_delivery(self, user: str, at: int) -> None:
        """Record that changes up to this position were delivered to a program."""
        self._set(user, at=at, tries=0, next=0)

    def refused(self, user: str) -> int:
        """Record that a delivery of changes to a program failed. Return the seconds until the next
        attempt.
        """
        tries = self.tries().get(user, 0)
        wait = min(SOON << min(tries, 16), LATE)
        self._set(user, tries=tries + 1, next=self._vault.now + wait)
        return wait

    def tries(self) -> dict[str, int]:
        """Return for each program how many deliveries of changes failed in a row."""
        return {row["user"]: row["tries"] for row in self._vault.rows(sa.select(feeds))}

    def _set(self, user: str, **told: int) -> None:
        with self._vault.writing() as db:
            db.execute(sa.update(feeds).where(_C.user == user).values(**told))
