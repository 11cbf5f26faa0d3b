"""Passkeys (WebAuthn, level 3) for the screens: a phone or a security key that its owner unlocks.

A passkey is two factors at once: a passkey signs a user in without a password, and proves their
identity again before a sensitive act. Each challenge is valid for five minutes and can be answered
once.
"""

import secrets
from datetime import UTC, datetime, timedelta
from typing import Any

import sqlalchemy as sa
import webauthn
from msgspec import Struct
from webauthn.helpers import base64url_to_bytes, bytes_to_base64url
from webauthn.helpers.exceptions import WebAuthnException
from webauthn.helpers.structs import (
    AuthenticatorSelectionCriteria,
    PublicKeyCredentialDescriptor,
    ResidentKeyRequirement,
    UserVerificationRequirement,
)

from access.signing_in.vault import NotRight, Vault, challenges, hashed, passkeys
from domain.kernel.strict_json import read_json
from domain.kernel.values import Refused

LASTS = timedelta(minutes=5)
_C = passkeys.c
_REQUIRED = UserVerificationRequirement.REQUIRED


class Site(Struct, frozen=True):
    """The site for which passkeys are made: its host name, and the origin that a browser's answer
    must have."""

    host: str
    origin: str


class Challenge(Struct, frozen=True):
    """A challenge that a passkey answers. The browser sends `handle` back with its answer;
    `options` is JSON for navigator.credentials."""

    handle: str
    options: str


class Passkey(Struct, frozen=True):
    """A registered passkey, as shown to its user."""

    id: str
    name: str
    added: datetime
    used: datetime | None


class Passkeys:
    """The registered passkeys of all users, and the open challenges."""

    def __init__(self, vault: Vault) -> None:
        self._vault = vault

    def registration_challenge(self, user: str, site: Site) -> Challenge:
        """Return a challenge for registering a passkey of a signed-in user whose second factor was
        just checked."""
        passkey_rows = self._vault.rows(sa.select(_C.id).where(_C.user == user))
        options = webauthn.generate_registration_options(
            rp_id=site.host,
            rp_name="Continuum",
            user_name=user,
            user_id=hashed(user),
            authenticator_selection=AuthenticatorSelectionCriteria(
                resident_key=ResidentKeyRequirement.REQUIRED, user_verification=_REQUIRED
            ),
            exclude_credentials=[
                PublicKeyCredentialDescriptor(id=row["id"]) for row in passkey_rows
            ],
        )
        return self._asked(user, options.challenge, webauthn.options_to_json(options))

    def register(self, user: str, handle: str, answer: str, name: str, site: Site) -> None:
        """Register the passkey that answered this challenge. Raises Refused if the answer does not
        fit the challenge."""
        challenge, whose = self._answered(handle)
        if challenge is None or whose != user:
            raise Refused("registering this device took too long: begin again")
        try:
            registration = webauthn.verify_registration_response(
                credential=answer,
                expected_challenge=challenge,
                expected_rp_id=site.host,
                expected_origin=site.origin,
                require_user_verification=True,
            )
        except (WebAuthnException, ValueError) as error:
            raise Refused(
                "the answer of your device belongs to another registration: begin again"
            ) from error
        with self._vault.writing() as db:
            if db.scalar(sa.select(_C.user).where(_C.id == registration.credential_id)):
                raise Refused("this device is registered for sign-in already: sign in with it")
            db.execute(
                sa.insert(passkeys).values(
                    id=registration.credential_id,
                    user=user,
                    key=registration.credential_public_key,
                    count=registration.sign_count,
                    name=name.strip()[:60] or "a device",
                    added=self._vault.now,
                )
            )

    def sign_in_challenge(self, site: Site, user: str | None = None) -> Challenge:
        """Return a challenge that any passkey may answer to sign in. With `user`, the challenge is
        for this user, to prove their identity again. The challenge does not reveal which passkeys
        exist.
        """
        options = webauthn.generate_authentication_options(
            rp_id=site.host, user_verification=_REQUIRED
        )
        return self._asked(user, options.challenge, webauthn.options_to_json(options))

    def check(self, handle: str, answer: str, site: Site) -> str:
        """Return the user whose passkey answered the challenge. Raises NotRight if the passkey is
        unknown, was copied or belongs to another user, and if the account may not be used.
        """
        challenge, text = self._answered(handle)
        row = self._vault.row(sa.select(passkeys).where(_C.id == _id_in(answer)))
        if challenge is None or row is None or text not in (None, row["user"]):
            raise NotRight
        try:
            authentication = webauthn.verify_authentication_response(
                credential=answer,
                expected_challenge=challenge,
                expected_rp_id=site.host,
                expected_origin=site.origin,
                credential_public_key=row["key"],
                credential_current_sign_count=row["count"],
                require_user_verification=True,
            )
        except (WebAuthnException, ValueError) as error:
            raise NotRight from error
        if not self._vault.live(row["user"]):
            raise NotRight
        used = sa.update(passkeys).where(_C.id == row["id"])
        with self._vault.writing() as db:
            db.execute(used.values(count=authentication.new_sign_count, used=self._vault.now))
        user: str = row["user"]
        return user

    def list_devices(self, user: str) -> list[Passkey]:
        oldest = sa.select(passkeys).where(_C.user == user).order_by(_C.added)
        return [
            Passkey(
                bytes_to_base64url(row["id"]),
                row["name"],
                datetime.fromtimestamp(row["added"], UTC),
                datetime.fromtimestamp(row["used"], UTC) if row["used"] else None,
            )
            for row in self._vault.rows(oldest)
        ]

    def forget(self, user: str, passkey: str) -> None:
        """Delete a passkey of a user."""
        with self._vault.writing() as db:
            db.execute(sa.delete(passkeys).where(_C.id == _bytes(passkey), _C.user == user))

    def _asked(self, user: str | None, challenge: bytes, options: str) -> Challenge:
        handle, now = secrets.token_urlsafe(24), self._vault.now
        until = now + int(LASTS.total_seconds())
        with self._vault.writing() as db:
            db.execute(sa.delete(challenges).where(challenges.c.until < now))
            db.execute(
                sa.insert(challenges).values(
                    handle=hashed(handle), challenge=challenge, user=user, until=until
                )
            )
        return Challenge(handle, options)

    def _answered(self, handle: str) -> tuple[bytes | None, str | None]:
        """Return the open challenge with this handle, and its user; the challenge cannot be used
        again.
        """
        mine = sa.delete(challenges).where(challenges.c.handle == hashed(handle))
        with self._vault.writing() as db:
            row = db.execute(mine.returning(challenges)).mappings().first()
        if row is None or row["until"] < self._vault.now:
            return None, None
        return row["challenge"], row["user"]


def _id_in(answer: str) -> bytes:
    """Return the id of the passkey in a browser's answer; b"" for an invalid answer."""
    try:
        credential: Any = read_json(answer.encode())
    except (Refused, UnicodeEncodeError):
        return b""
    text = credential.get("rawId") if isinstance(credential, dict) else None
    return _bytes(text) if isinstance(text, str) else b""


def _bytes(text: str) -> bytes:
    try:
        return base64url_to_bytes(text)
    except ValueError:
        return b""
