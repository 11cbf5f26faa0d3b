"""How far each program was told what changed, and when it is told again: one process at a time, by
a claim that expires."""

import sqlalchemy as sa

from access.signing_in.vault import Vault, feeds, putting

#: Seconds for which a claim lasts: as long as a server may take.
CLAIM = 30
#: Seconds after which what was not taken is sent again, at first and at most.
SOON, LATE = 15, 3600
_C = feeds.c


class Feeds:
    """The places that programs have been told up to. Each raises LogUnavailable."""

    def __init__(self, vault: Vault) -> None:
        self._vault = vault

    def claim(self, user: str, head: int) -> int | None:
        """Claim a program: the place behind which it is to be told now. None while another process
        has claimed it, or it has to wait. A new program is told what follows on `head`."""
        now = self._vault.now
        with self._vault.writing() as db:
            fresh = {"user": user, "at": head, "tries": 0, "next": 0}
            # setting it to what it is holds the row for us until all of this is done
            held = putting(db, feeds, fresh, {"tries": _C.tries})
            row = db.execute(held.returning(_C.at, _C.next)).one()
            if row.next > now:
                return None
            db.execute(sa.update(feeds).where(_C.user == user).values(next=now + CLAIM))
        return int(row.at)

    def taken(self, user: str, at: int) -> None:
        """It was told up to there."""
        self._set(user, at=at, tries=0, next=0)

    def refused(self, user: str) -> int:
        """It did not take it: how many seconds it waits until it is told again."""
        tries = self.tries().get(user, 0)
        wait = min(SOON << min(tries, 16), LATE)
        self._set(user, tries=tries + 1, next=self._vault.now + wait)
        return wait

    def tries(self) -> dict[str, int]:
        """How often in a row each program did not take what it was told."""
        return {row["user"]: row["tries"] for row in self._vault.rows(sa.select(feeds))}

    def _set(self, user: str, **told: int) -> None:
        with self._vault.writing() as db:
            db.execute(sa.update(feeds).where(_C.user == user).values(**told))
