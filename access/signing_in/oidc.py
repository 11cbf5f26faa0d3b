"""Sign users in at an identity provider of the police force (OpenID Connect Core 1.0).

Screens use the code flow with PKCE (RFC 7636), the command line the device flow (RFC 8628). A token
is trusted only after its signature, issuer, audience, expiry and nonce were checked; merely
decoding it would accept an expired token. One claim of the token names the account; without that
claim the sign-in is refused. The file is long because both flows share one discovery, one exchange
of tokens and one check.
"""

import json
import secrets
from base64 import urlsafe_b64encode
from collections.abc import Callable
from datetime import datetime, timedelta
from hashlib import sha256
from hmac import compare_digest
from typing import Any
from urllib.parse import urlencode, urlsplit

import httpx
from joserfc import jwt
from joserfc.errors import JoseError
from joserfc.jwk import KeySet
from joserfc.jwt import ClaimsOption
from msgspec import Struct

from access.signing_in.sessions import FRESH
from domain.kernel.envelope import LogUnavailable
from domain.kernel.values import Denied

#: The permitted algorithms for the provider's signatures: never "none", and never one with a shared
#: secret.
ALGORITHMS = ("RS256", "PS256", "ES256", "EdDSA", "RS384", "RS512", "ES384")
#: Seconds by which the provider's clock may differ from this machine's, and seconds to wait for an
#: answer.
LEEWAY, TIMEOUT = 60, 10.0
#: Largest answer that is accepted, in bytes; the provider's keys and description take a few
#: thousand.
MOST = 1_000_000
_LOOPBACK = ("127.0.0.1", "::1", "localhost")


class NotSignedInThere(Denied):
    """Raised if the identity provider did not say who the user is, or if its answer cannot be
    trusted."""


class Started(Struct, frozen=True):
    """A sign-in at the identity provider that has begun: the user's browser was sent to `address`.
    The server stores all other fields until the browser returns, and finds them by the session's
    cookie. Each sign-in is used once.
    """

    address: str
    state: str
    nonce: str
    verifier: str
    redirect: str
    again: bool


class Device(Struct, frozen=True):
    """A sign-in at the command line: the user opens `address` on any device and types `code`. The
    provider is polled every `interval` seconds, for at most `lasts` seconds."""

    address: str
    code: str
    whole: str | None
    secret: str
    interval: float
    lasts: timedelta


class Provider:
    """The police force's identity provider, at which its users sign in. Every method raises
    LogUnavailable if the provider does not answer correctly."""

    def __init__(
        self,
        issuer: str,
        client: str,
        clock: Callable[[], datetime],
        *,
        secret: str | None = None,
        claim: str = "preferred_username",
        scope: str = "openid profile",
    ) -> None:
        self.issuer, self.client, self.claim = issuer, client, claim
        self._secret, self._scope, self._clock = secret, scope, clock
        self._http = httpx.Client(timeout=TIMEOUT)
        self._known: dict[str, Any] | None = None
        self._keys: KeySet | None = None

    def close(self) -> None:
        """Close the connection to the identity provider."""
        self._http.close()

    # --- signing in with a browser -----------------------------------------------------------

    def begin(self, redirect: str, *, again: bool = False) -> Started:
        """Return a new sign-in that sends a browser to the provider, and from there back to
        `redirect`. With `again`, the user has to prove their identity even if they are still signed
        in at the provider.
        """
        state, nonce, verifier = (secrets.token_urlsafe(32) for _ in range(3))
        parameters = {
            "response_type": "code",
            "client_id": self.client,
            "redirect_uri": redirect,
            "scope": self._scope,
            "state": state,
            "nonce": nonce,
            "code_challenge": _challenge(verifier),
            "code_challenge_method": "S256",
        }
        if again:
            parameters |= {"prompt": "login", "max_age": "0"}
        there = self._endpoint("authorization_endpoint")
        address = f"{there}{'&' if '?' in there else '?'}{urlencode(parameters)}"
        return Started(address, state, nonce, verifier, redirect, again)

    def finish(self, started: Started, state: str, code: str) -> str:
        """Return the account that the configured claim of the provider's token names, after the
        user's browser has returned from the provider. Raises NotSignedInThere if the provider's
        answer cannot be trusted."""
        if not compare_digest(state.encode(), started.state.encode()):
            raise NotSignedInThere(
                "this sign-in was begun in another browser or has expired: sign in again"
            )
        token_reply = self._token(
            grant_type="authorization_code",
            code=code,
            redirect_uri=started.redirect,
            code_verifier=started.verifier,
        )
        if "id_token" not in token_reply:
            raise NotSignedInThere(
                f"the identity provider did not sign you in ({_error_code(token_reply)}): sign "
                "in again"
            )
        return self._name(token_reply["id_token"], nonce=started.nonce, again=started.again)

    # --- signing in at a command line --------------------------------------------------------

    def begin_device(self) -> Device:
        """Request a code from the provider that the user types on another device."""
        reply = self._post(self._endpoint("device_authorization_endpoint"), scope=self._scope)
        try:
            return Device(
                reply["verification_uri"],
                reply["user_code"],
                reply.get("verification_uri_complete"),
                reply["device_code"],
                float(reply.get("interval", 5)),
                timedelta(seconds=float(reply["expires_in"])),
            )
        except (KeyError, TypeError, ValueError) as error:
            raise LogUnavailable(
                "the identity provider gave no code with which you can sign in on this device "
                f"({_error_code(reply)}): try again later"
            ) from error

    def poll(self, device: Device, *, again: bool = False) -> str | float:
        """Return the account that signed in on the other device, or the seconds to wait before the
        next call. Raises NotSignedInThere if the user refused, or took too long."""
        token_reply = self._token(
            grant_type="urn:ietf:params:oauth:grant-type:device_code", device_code=device.secret
        )
        match token_reply.get("error"):
            case "authorization_pending":
                return device.interval
            case "slow_down":
                return device.interval + 5
        if "id_token" not in token_reply:
            raise NotSignedInThere(
                f"the identity provider did not sign you in ({_error_code(token_reply)}): sign "
                "in again"
            )
        return self._name(token_reply["id_token"], nonce=None, again=again)

    # --- reading the provider's answers ------------------------------------------------------

    def _name(self, token: object, *, nonce: str | None, again: bool) -> str:
        """Return the account that a token of the provider names, after checking the token."""
        claims = self._checked(token, nonce)
        now = self._clock()
        if again:
            proved = claims.get("auth_time")
            if not isinstance(proved, int) or now.timestamp() - proved > FRESH.total_seconds():
                raise NotSignedInThere(
                    "the identity provider did not ask you to enter your password again: sign in "
                    "once more"
                )
        name = claims.get(self.claim)
        if not isinstance(name, str) or not name:
            raise NotSignedInThere(
                "the identity provider's answer does not name you: it has no claim "
                f"{self.claim}. Ask an administrator to check the setting oidc_claim"
            )
        return name

    def _checked(self, token: object, nonce: str | None) -> dict[str, Any]:
        wanted: dict[str, ClaimsOption] = {
            "iss": {"essential": True, "value": self.issuer},
            "aud": {"essential": True, "value": self.client},
            "sub": {"essential": True},
            "exp": {"essential": True},
            "iat": {"essential": True},
        }
        if nonce:
            wanted["nonce"] = {"essential": True, "value": nonce}
        now = int(self._clock().timestamp())
        registry = jwt.JWTClaimsRegistry(now=now, leeway=LEEWAY, **wanted)
        try:
            read = self._decoded(token)
            registry.validate(read.claims)
        except (JoseError, ValueError, TypeError) as error:
            raise NotSignedInThere(
                f"the identity provider's answer is not valid ({type(error).__name__}): sign "
                "in again"
            ) from error
        party = read.claims.get("azp", self.client)
        if party != self.client:
            raise NotSignedInThere(
                "the identity provider's answer was made for another program, not for "
                "Continuum: sign in again"
            )
        claims: dict[str, Any] = read.claims
        return claims

    def _decoded(self, token: Any) -> jwt.Token:
        """Return the decoded token if one of the provider's keys signed it; if none did, the keys
        are fetched again first."""
        try:
            return jwt.decode(token, self._key_set(), algorithms=ALGORITHMS)
        except (JoseError, ValueError):
            self._keys = None
            return jwt.decode(token, self._key_set(), algorithms=ALGORITHMS)

    def _key_set(self) -> KeySet:
        if self._keys is None:
            try:
                self._keys = KeySet.import_key_set(self._get(self._endpoint("jwks_uri")))  # type: ignore[arg-type]
            except (JoseError, ValueError, KeyError, TypeError) as error:
                raise LogUnavailable(
                    "the public keys of the identity provider cannot be read: ask an "
                    "administrator to check the provider"
                ) from error
        return self._keys

    def _endpoint(self, name: str) -> str:
        if self._known is None:
            address = f"{self.issuer.rstrip('/')}/.well-known/openid-configuration"
            configuration = self._get(self._safe(address))
            if configuration.get("issuer") != self.issuer:
                raise LogUnavailable(
                    "the identity provider gives another name than the setting oidc_issuer: ask "
                    "an administrator to correct the setting"
                )
            self._known = configuration
        there = self._known.get(name)
        if not isinstance(there, str):
            raise LogUnavailable(
                f"the identity provider's configuration has no {name}: ask an administrator to "
                "check the provider"
            )
        return self._safe(there)

    def _safe(self, address: str) -> str:
        """Return an address that the identity provider gave, if it is safe to use. Raises
        LogUnavailable for an address without HTTPS, except if it and the provider are on this
        machine. Raises LogUnavailable also if only the address is on this machine: the provider
        must not be able to send requests to local services.
        """
        parts, here = urlsplit(address), urlsplit(self.issuer).hostname in _LOOPBACK
        if parts.hostname in _LOOPBACK and here and parts.scheme in ("http", "https"):
            return address
        if parts.scheme == "https" and parts.hostname not in _LOOPBACK:
            return address
        raise LogUnavailable(
            "the identity provider's address must begin with https:// unless the provider is on "
            "this machine: ask an administrator to correct the setting oidc_issuer"
        )

    def _token(self, **given: str) -> dict[str, Any]:
        return self._post(self._endpoint("token_endpoint"), **given)

    def _post(self, address: str, **given: str) -> dict[str, Any]:
        if self._secret:
            given["client_secret"] = self._secret
        return self._told("POST", address, data=given | {"client_id": self.client})

    def _get(self, address: str) -> dict[str, Any]:
        return self._told("GET", address)

    def _told(self, method: str, address: str, **more: Any) -> dict[str, Any]:
        came = b""
        try:
            with self._http.stream(method, address, **more) as answer:
                for piece in answer.iter_bytes():
                    came += piece
                    if len(came) > MOST:
                        raise LogUnavailable(
                            "the identity provider's answer is too long to be read: ask an "
                            "administrator to check the provider"
                        )
            reply = json.loads(came)
        except (httpx.HTTPError, ValueError, RecursionError) as error:
            raise LogUnavailable(
                f"the identity provider does not answer ({type(error).__name__}): try again later"
            ) from error
        if not isinstance(reply, dict) or answer.status_code >= 500:
            raise LogUnavailable(
                f"the identity provider does not answer ({answer.status_code}): try again later"
            )
        return reply


def _challenge(verifier: str) -> str:
    return urlsafe_b64encode(sha256(verifier.encode()).digest()).rstrip(b"=").decode()


def _error_code(error_document: dict[str, object]) -> str:
    """Return the identity provider's error code, if it has only plain letters."""
    code = error_document.get("error")
    return code if isinstance(code, str) and code.replace("_", "").isalnum() else "no reason given"
