"""How often a name, or an address, failed to prove something; and how long it waits for that.

A try is booked before anything is compared, in one transaction: as many at once as somebody likes,
through as many processes, are no more tries than one after the other.

Wrong passwords that somebody else types under a name must not shut its owner out. So a device on
which they have signed in has a count of its own, as have a session that proves itself again and a
code of enrolment; all devices that are not known share the name's, which waits ever longer.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from typing import NamedTuple

import sqlalchemy as sa

from access.signing_in.vault import NotRight, TooMany, Vault, attempts, putting

#: So many failures in a row are free; then each one doubles the wait, up to the longest.
TRIES, SLOW, SHUT = 5, timedelta(minutes=1), timedelta(minutes=15)
#: From one address: the first are free, then each failure doubles the wait.
FREE, WAIT, LONGEST_WAIT = 10, timedelta(seconds=2), timedelta(minutes=15)
#: Failures are forgotten after a day.
_FORGOTTEN = 86_400
_C = attempts.c


class Booked(NamedTuple):
    """A try: of what, as the how many-eth, when; and when the one before was."""

    what: str
    whose: bytes
    failed: int
    at: int
    before: int


class Attempts:
    """The tries that failed, or are under way."""

    def __init__(self, vault: Vault) -> None:
        self._vault = vault

    @contextmanager
    def trying(self, user: str, address: str | None, apart: str = "") -> Iterator[None]:
        """One try. What raises NotRight within it counts as a failure, everything else does not.
        `apart` is what is known of who tries, such as their device: it has a count of its own.
        Raises TooMany while somebody, or an address, has to wait; a name that nobody
        has waits like any other."""
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
        """Somebody's failures are forgotten, as they are counted: they were right, or an
        administrator says so."""
        with self._vault.writing() as db:
            for what, whose in self._who(user, None, apart):
                db.execute(sa.delete(attempts).where(_C.what == what, _C.whose == whose))

    def _book(self, user: str, address: str | None, apart: str) -> list[Booked]:
        now, booked = self._vault.now, []
        with self._vault.writing() as db:
            for what, whose in self._who(user, address, apart):
                fresh = {"what": what, "whose": whose, "failed": 0, "last": now}
                # setting it to what it is holds the row for us until all of this is done
                held = putting(db, attempts, fresh, {"failed": _C.failed})
                row = db.execute(held.returning(_C.failed, _C.last)).one()
                failed = 0 if row.last < now - _FORGOTTEN else row.failed
                left = row.last + int(_wait(what, failed).total_seconds()) - now
                if left > 0:
                    raise TooMany(timedelta(seconds=left))
                mine = sa.update(attempts).where(_C.what == what, _C.whose == whose)
                db.execute(mine.values(failed=failed + 1, last=now))
                booked.append(Booked(what, whose, failed + 1, now, row.last))
        return booked

    def _take_back(self, booked: list[Booked]) -> None:
        """It was no failure; nobody waits longer for it, unless others failed meanwhile."""
        with self._vault.writing() as db:
            for one in booked:
                alone = sa.and_(_C.failed == one.failed, _C.last == one.at)
                db.execute(
                    sa.update(attempts)
                    .where(_C.what == one.what, _C.whose == one.whose, _C.failed > 0)
                    .values(failed=_C.failed - 1, last=sa.case((alone, one.before), else_=_C.last))
                )

    def _sweep(self) -> None:
        """Old ones go; those that another try holds at this moment are left to the next time."""
        old = sa.select(_C.what, _C.whose).where(_C.last < self._vault.now - _FORGOTTEN)
        free = old.with_for_update(skip_locked=True)
        with self._vault.writing() as db:
            db.execute(sa.delete(attempts).where(sa.tuple_(_C.what, _C.whose).in_(free)))

    def _who(self, user: str, address: str | None, apart: str) -> list[tuple[str, bytes]]:
        """Under a key: people type passwords where their name belongs."""
        what, name = ("known", f"{apart}\n{user}") if apart else ("user", user)
        whose = [(what, self._vault.keys.digest(name.encode()))]
        if address:
            whose.append(("address", self._vault.keys.digest(address.encode())))
        return whose


def _wait(what: str, failed: int) -> timedelta:
    if what != "address":
        wait = SLOW * 2 ** min(max(failed - TRIES, 0), 10)
        return min(wait, SHUT) if failed >= TRIES else timedelta()
    return min(WAIT * 2 ** min(failed - FREE, 20), LONGEST_WAIT) if failed >= FREE else timedelta()
