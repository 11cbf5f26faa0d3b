"""Local accounts: a password and a six-digit code, or a passkey.

Passwords are stored as argon2id hashes (19 MiB, two passes; OWASP). The secret of the six-digit
codes (TOTP, RFC 6238) is encrypted under the store's keys, and each code can be used once. Checking
an unknown name takes as long as checking a wrong password. `access.who_may` decides at each request
what the user of an account may do. The file is long because passwords, codes and sessions of an
account are checked together.
"""

import secrets
import unicodedata
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from functools import cache
from hmac import compare_digest
from threading import BoundedSemaphore

import pyotp
import sqlalchemy as sa
from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError
from msgspec import Struct

from access.signing_in.allowance import Allowance
from access.signing_in.attempts import Attempts
from access.signing_in.feeds import Feeds
from access.signing_in.outboxes import Outboxes
from access.signing_in.passkeys import Passkeys, Site
from access.signing_in.passwords import LONGEST, refuse_easy
from access.signing_in.services import Services
from access.signing_in.sessions import Sessions
from access.signing_in.vault import (
    NotRight,
    Row,
    Vault,
    VaultKeys,
    Where,
    codes,
    enrolments,
    hashed,
    metadata,
    people,
    put,
)

#: Time for which a code to set a password is valid.
CODE_LASTS = timedelta(days=7)
#: Names of separate counters of failures: for the second factor in an open session, and for
#: enrolment codes. These failures do not count as failed attempts to sign in.
PROVING, ENROLLING = "a session", "a code"
#: Seconds for which a six-digit code is valid; the name of this service in authenticator apps.
STEP, ISSUER = 30, "Continuum"
_HASHER = PasswordHasher(time_cost=2, memory_cost=19_456, parallelism=1)
_ALPHABET = "23456789ABCDEFGHJKMNPQRSTUVWXYZ"


class Enrolment(Struct, frozen=True):
    """Data to set up an authenticator app: the address for a QR code, and the secret for typing."""

    address: str
    secret: str


class Credentials:
    """The credentials of all accounts. `live(user)` returns whether an account may be used at all.

    `where` is the address or file of the vault (the database with the secrets for signing in).
    Every method raises LogUnavailable if the vault does not answer.
    """

    def __init__(
        self,
        where: Where,
        keys: VaultKeys,
        clock: Callable[[], datetime],
        live: Callable[[str], bool],
    ) -> None:
        self._vault = Vault(where, keys, clock, live)
        self._attempts = Attempts(self._vault)
        self.forgive = self._attempts.forgive
        # each hashing takes 19 MiB, so many at once would fill the memory
        self._hashing = BoundedSemaphore(2)
        self.sessions = Sessions(self._vault)
        self.passkeys = Passkeys(self._vault)
        self.outboxes = Outboxes(self._vault)
        self.allowance = Allowance(self._vault)
        self.feeds = Feeds(self._vault)
        self.services = Services(self._vault)

    def close(self) -> None:
        """Close the files and connections of the credentials."""
        self._vault.close()

    # --- enrolling -------------------------------------------------------------------------------

    def invite(self, user: str) -> str:
        """Return a code with which a user sets their password, once, within seven days; the new
        code replaces any earlier code. `commands.people_and_teams.account` decides who may request
        a code."""
        code = "-".join("".join(secrets.choice(_ALPHABET) for _ in range(5)) for _ in range(4))
        until = self._vault.now + int(CODE_LASTS.total_seconds())
        sealed = self._vault.keys.seal(pyotp.random_base32().encode(), user.encode())
        with self._vault.writing() as db:
            put(db, codes, user=user, code=hashed(code), until=until, totp=sealed)
        return code

    def begin(self, user: str, code: str, address: str | None = None) -> Enrolment:
        """Check an enrolment code, in the first step of the enrolment, and return the data with
        which the user sets up the authenticator app. The code remains valid. Raises NotRight if the
        code is wrong, and TooMany after too many failures.
        """
        with self._attempts.trying(user, address, ENROLLING):
            secret = self._invited(user, code)
            if secret is None:
                raise NotRight
        return Enrolment(pyotp.TOTP(secret).provisioning_uri(name=user, issuer_name=ISSUER), secret)

    def redeem(
        self, user: str, code: str, password: str, digits: str, address: str | None = None
    ) -> None:
        """Set a user's password, in the second step of the enrolment: the user proves with six
        digits that the authenticator app works. The user's earlier sessions and passkeys end.
        Raises Refused if the password is too easy, NotRight if the enrolment code or the digits are
        wrong, and TooMany after too many failures.
        """
        with self._attempts.trying(user, address, ENROLLING):
            secret = self._invited(user, code)
            step = _step(secret, digits, self._vault.now, 0) if secret else None
            if secret is None or step is None:
                raise NotRight
            refuse_easy(password, user)
            password_hash = self._hash(password)
            sealed = self._vault.keys.seal(secret.encode(), user.encode())
            code_hash = hashed(_typed(code))
            mine = sa.delete(codes).where(codes.c.user == user, codes.c.code == code_hash)
            with self._vault.writing() as db:
                # another request used the code first, or the code was replaced
                if not db.execute(mine).rowcount:
                    raise NotRight
                _forget(db, user, "sessions", "passkeys")
                put(db, people, user=user, password=password_hash, totp=sealed, step=step)
                put(db, enrolments, user=user, since=self._vault.now)
        self.forgive(user)
        self.forgive(user, ENROLLING)

    def enrolled(self, user: str) -> bool:
        """Return whether a user has set a password."""
        return self._person(user) is not None

    def proves_since(self, user: str) -> datetime | None:
        """Return when a user set up their current password and authenticator app. Return None for
        an unknown name, and if they were set up before the program stored this time.
        """
        row = self._vault.row(sa.select(enrolments).where(enrolments.c.user == user))
        return datetime.fromtimestamp(row["since"], UTC) if row else None

    def anybody(self) -> bool:
        """Return whether any user has set a password."""
        return self._vault.row(sa.select(people.c.user).limit(1)) is not None

    def _person(self, user: str) -> Row | None:
        return self._vault.row(sa.select(people).where(people.c.user == user))

    def _invited(self, user: str, code: str) -> str | None:
        row = self._vault.row(sa.select(codes).where(codes.c.user == user))
        code_hash = hashed(_typed(code))
        good = compare_digest(code_hash, row["code"] if row else hashed(""))
        if row is None or not good or row["until"] < self._vault.now or not self._vault.live(user):
            return None
        return self._vault.keys.unseal(row["totp"], user.encode()).decode()

    # --- signing in ------------------------------------------------------------------------------

    def check(
        self,
        user: str,
        password: str,
        digits: str,
        address: str | None = None,
        device: str = "",
    ) -> None:
        """Check the password and the six digits of a user who signs in. Raises NotRight if the
        password or the digits are wrong, or if the digits were used before; TooMany after too many
        failures. `address` is the remote address, if any. `device` identifies a device on which the
        user has signed in before; failures on it are counted separately.
        """
        # Make the hash before the name is looked up: otherwise the first sign-in would take longer
        # if the name is unknown.
        decoy = _decoy(_HASHER)
        with self._attempts.trying(user, None if device else address, device):
            row = self._person(user)
            matches = self._verify(row["password"] if row else decoy, password)
            if not (row and matches and self._vault.live(user) and self._digits(user, digits)):
                raise NotRight
        if _HASHER.check_needs_rehash(row["password"]):
            again = self._hash(password)
            with self._vault.writing() as db:
                db.execute(_changing(user).values(password=again))
        self.forgive(user, device)

    def prove(self, token: str, digits: str) -> str:
        """Check the six digits again before a sensitive act; return a new token, which replaces the
        session's token. Raises NotRight if the digits are wrong, and TooMany after too many
        failures.
        """
        session = self.sessions.check(token)
        if session is None:
            raise NotRight
        with self._attempts.trying(session.user, None, PROVING):
            if not self._digits(session.user, digits):
                raise NotRight
        self.forgive(session.user, PROVING)
        if (fresh := self.sessions.proved(token)) is None:
            raise NotRight
        return fresh

    def prove_with(self, token: str, handle: str, answer: str, site: Site) -> str:
        """Check the user of a session again, before a sensitive act, by one of the user's passkeys.
        Return a new token, which replaces the session's token. Raises NotRight if the session has
        ended, or if `answer`, the passkey's answer to the challenge, is wrong.
        """
        session = self.sessions.check(token)
        if session is None or self.passkeys.check(handle, answer, site) != session.user:
            raise NotRight
        if (fresh := self.sessions.proved(token)) is None:
            raise NotRight
        return fresh

    def change_password(self, user: str, old: str, new: str, digits: str) -> None:
        """Change a user's password; their other sessions end. Raises Refused if the new password is
        too easy, NotRight if the old password or the six digits are wrong, and TooMany after too
        many failures.
        """
        refuse_easy(new, user)
        self.check(user, old, digits, device=PROVING)
        password_hash = self._hash(new)
        with self._vault.writing() as db:
            db.execute(_changing(user).values(password=password_hash))
            _forget(db, user, "sessions")

    def revoke(self, user: str, *, for_good: bool = False) -> None:
        """Delete the sessions, codes, passkeys and keys of a user whose account was locked. With
        `for_good`, also delete the password; this is for a user who left, so that the password does
        not work if the user returns.
        """
        with self._vault.writing() as db:
            _forget(db, user, "sessions", "codes", "passkeys", "service_keys")
            if for_good:
                _forget(db, user, "people")

    def _digits(self, user: str, digits: str) -> bool:
        """Return whether these six digits are valid now and were not used before; mark them as
        used."""
        row = self._person(user)
        if row is None:
            return False
        secret = self._vault.keys.unseal(row["totp"], user.encode()).decode()
        step = _step(secret, digits, self._vault.now, row["step"])
        if step is None:
            return False
        used = _changing(user).where(people.c.step < step).values(step=step)
        # if two requests have the same digits, only one of them changes the row
        with self._vault.writing() as db:
            return db.execute(used).rowcount == 1

    def _verify(self, stored_hash: str, password: str) -> bool:
        with self._hashing:
            try:
                return _HASHER.verify(stored_hash, _normal(password)[:LONGEST])
            except (VerificationError, InvalidHashError):
                return False

    def _hash(self, password: str) -> str:
        with self._hashing:
            return _HASHER.hash(_normal(password))


@cache
def _decoy(hasher: PasswordHasher) -> str:
    """Return the hash of random letters. If the name is unknown, the password is compared with this
    hash, so that the answer takes as long as for a wrong password. The hash is made at the first
    sign-in, because most commands need no password."""
    return hasher.hash(secrets.token_urlsafe(32))


def _changing(user: str) -> sa.Update:
    return sa.update(people).where(people.c.user == user)


def _forget(db: sa.Connection, user: str, *tables: str) -> None:
    for table in map(metadata.tables.__getitem__, tables):
        db.execute(sa.delete(table).where(table.c.user == user))


def _typed(code: str) -> str:
    return code.strip().upper()


def _normal(password: str) -> str:
    """Return the password in Unicode's form NFC, in which it is the same from any keyboard."""
    return unicodedata.normalize("NFC", password)


def _step(secret: str, digits: str, now: int, used: int) -> int | None:
    """Return the time step of an authenticator app to which these six digits belong; None if they
    are wrong, or if the step is not later than the last one that was accepted (`used`). The clock
    of the user's device may be one step off.
    """
    totp = pyotp.TOTP(secret)
    typed_digits = "".join(digits.split()).encode()
    here = now // STEP
    fits = [
        step
        for step in (here - 1, here, here + 1)
        if compare_digest(totp.at(step * STEP).encode(), typed_digits) and step > used
    ]
    return fits[0] if fits else None
