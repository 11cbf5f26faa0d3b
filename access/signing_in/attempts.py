"""Failed attempts to sign in, by name and by address, and the waits that follow them.

An attempt is counted before a password is compared, in one transaction, so that many attempts at
once, in many processes, count as if they came one after the other.

Wrong passwords that an attacker enters for a name must not lock out the owner of the name. So
failures are counted separately for each device on which the owner has signed in, for the second
factor in an open session, and for enrolment codes. All unknown devices share one count for the
name; the waits for this count become longer and longer.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from typing import NamedTuple

import sqlalchemy as sa

from access.signing_in.vault import NotRight, TooMany, Vault, attempts, upsert_statement

#: Number of failures after which there is a wait, the first wait, and the longest wait. Each
#: further failure doubles the wait.
TRIES, SLOW, SHUT = 5, timedelta(minutes=1), timedelta(minutes=15)
#: The same for failures from one network address, whatever the account: the number of failures
#: after which there is a wait, the first wait, and the longest wait.
FREE, WAIT, LONGEST_WAIT = 10, timedelta(seconds=2), timedelta(minutes=15)
#: Seconds after which a failed attempt to sign in no longer counts.
_FORGOTTEN = 86_400
_C = attempts.c


class Booked(NamedTuple):
    """A counted attempt to sign in: the kind and key of the counter, the counter's new value, the
    time of this attempt, and the time of the previous attempt. An attempt counts as failed until
    its result is known.
    """

    what: str
    whose: bytes
    failed: int
    at: int
    before: int


class Attempts:
    """The attempts to sign in that failed, or are in progress."""

    def __init__(self, vault: Vault) -> None:
        self._vault = vault

    @contextmanager
    def trying(self, user: str, address: str | None, apart: str = "") -> Iterator[None]:
        """Count one attempt to sign in, which is made inside this context. The attempt counts as a
        failure only if NotRight is raised inside the context. `apart`, if given, names a separate
        counter: of a device, of the second factor or of enrolment codes. Raises TooMany during a
        wait. Unknown names are counted in the same way.
        """
        booked = self._book(user, address, apart)
        try:
            yield
        except NotRight:
            self._sweep()
            raise
        except BaseException:
            self._take_back(booked)
            raise
        self._take_back(booked)

    def forgive(self, user: str, apart: str = "") -> None:
        """Reset a user's count of failed attempts, after a success or when an administrator orders
        it."""
        with self._vault.writing() as db:
            for counter_kind, whose in self._counters(user, None, apart):
                db.execute(sa.delete(attempts).where(_C.what == counter_kind, _C.whose == whose))

    def _book(self, user: str, address: str | None, apart: str) -> list[Booked]:
        now, booked = self._vault.now, []
        with self._vault.writing() as db:
            for counter_kind, whose in self._counters(user, address, apart):
                fresh = {"what": counter_kind, "whose": whose, "failed": 0, "last": now}
                # setting the row to its own value locks it until the transaction ends
                upsert = upsert_statement(db, attempts, fresh, {"failed": _C.failed})
                row = db.execute(upsert.returning(_C.failed, _C.last)).one()
                failed = 0 if row.last < now - _FORGOTTEN else row.failed
                left = row.last + int(_wait(counter_kind, failed).total_seconds()) - now
                if left > 0:
                    raise TooMany(timedelta(seconds=left))
                mine = sa.update(attempts).where(_C.what == counter_kind, _C.whose == whose)
                db.execute(mine.values(failed=failed + 1, last=now))
                booked.append(Booked(counter_kind, whose, failed + 1, now, row.last))
        return booked

    def _take_back(self, booked: list[Booked]) -> None:
        """Remove a sign-in attempt from the count of failed attempts, because it did not end with a
        wrong name, password or code. If other attempts failed meanwhile, the wait that follows them
        remains.
        """
        with self._vault.writing() as db:
            for attempt in booked:
                alone = sa.and_(_C.failed == attempt.failed, _C.last == attempt.at)
                db.execute(
                    sa.update(attempts)
                    .where(_C.what == attempt.what, _C.whose == attempt.whose, _C.failed > 0)
                    .values(
                        failed=_C.failed - 1, last=sa.case((alone, attempt.before), else_=_C.last)
                    )
                )

    def _sweep(self) -> None:
        """Delete the counts of failed sign-in attempts that are too old to matter, except counts
        that another transaction has locked.
        """
        old = sa.select(_C.what, _C.whose).where(_C.last < self._vault.now - _FORGOTTEN)
        free = old.with_for_update(skip_locked=True)
        with self._vault.writing() as db:
            db.execute(sa.delete(attempts).where(sa.tuple_(_C.what, _C.whose).in_(free)))

    def _counters(self, user: str, address: str | None, apart: str) -> list[tuple[str, bytes]]:
        """Return the counters of an attempt to sign in. Names are hashed with a key, because people
        sometimes type a password into the name field."""
        counter_kind, name = ("known", f"{apart}\n{user}") if apart else ("user", user)
        whose = [(counter_kind, self._vault.keys.digest(name.encode()))]
        if address:
            whose.append(("address", self._vault.keys.digest(address.encode())))
        return whose


def _wait(kind: str, failed: int) -> timedelta:
    if kind != "address":
        wait = SLOW * 2 ** min(max(failed - TRIES, 0), 10)
        return min(wait, SHUT) if failed >= TRIES else timedelta()
    return min(WAIT * 2 ** min(failed - FREE, 20), LONGEST_WAIT) if failed >= FREE else timedelta()
