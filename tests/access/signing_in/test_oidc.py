"""Users sign in at an identity provider, which may be honest or lie."""

import hmac
import json
from base64 import urlsafe_b64encode
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from importlib import metadata
from typing import Any
from urllib.parse import parse_qs, urlsplit

import httpx
import pytest
from joserfc import jwt
from joserfc.jwk import RSAKey

from access.signing_in.oidc import LEEWAY, NotSignedInThere, Provider, Started
from domain.kernel.envelope import LogUnavailable
from tests.access.provider import CLIENT, Idp, running

BACK = "http://127.0.0.1:8000/signed-in"

AT = datetime(2011, 3, 18, 23, 40, tzinfo=UTC)
NOW = int(AT.timestamp())


@pytest.fixture
def idp() -> Iterator[Idp]:
    with running() as made:
        made.at = AT
        yield made


@pytest.fixture
def provider(idp: Idp) -> Iterator[Provider]:
    made = Provider(idp.issuer, CLIENT, lambda: AT)
    yield made
    made.close()


def browse(started: Started) -> dict[str, str]:
    """Open the provider's address as a browser does; return the parameters with which the browser
    returns.
    """
    answer = httpx.get(started.address)
    assert answer.status_code == 302
    place = urlsplit(answer.headers["location"])
    assert place.path == "/signed-in"
    return {name: values[0] for name, values in parse_qs(place.query).items()}


def sign_in(provider: Provider, **how: Any) -> str:
    started = provider.begin(BACK, **how)
    back = browse(started)
    return provider.finish(started, back["state"], back["code"])


def test_a_browser_signs_in_and_a_claim_names_the_account(idp: Idp, provider: Provider) -> None:
    assert sign_in(provider) == "dc.reed"
    idp.subject = "psw.ellis"
    assert sign_in(provider) == "psw.ellis"


@pytest.mark.skipif(
    metadata.version("oidc-provider-mock").startswith("0.3."),
    reason="the provider for Python 3.11 takes no client without a secret",
)
def test_a_provider_that_others_use_signs_in_as_well() -> None:
    """Signing in also works with a second implementation of an identity provider."""
    from oidc_provider_mock import run_server_in_thread

    with run_server_in_thread() as server:
        issuer = f"http://localhost:{server.server_port}"
        found = Provider(issuer, CLIENT, lambda: datetime.now(UTC), claim="sub")
        started = found.begin(BACK)
        answer = httpx.post(started.address, data={"sub": "dc.reed"})
        back = parse_qs(urlsplit(answer.headers["location"]).query)
        assert found.finish(started, back["state"][0], back["code"][0]) == "dc.reed"
        with pytest.raises(NotSignedInThere):
            found.finish(started, back["state"][0], back["code"][0])
        found.close()


def test_a_code_is_worth_nothing_without_the_verifier_that_began_it(provider: Provider) -> None:
    """An attacker who reads the address with which a browser returns from the identity provider
    cannot sign in with its code. The code is valid only with a secret of the process that began the
    sign-in.
    """
    begun, other = provider.begin(BACK), provider.begin(BACK)
    back = browse(begun)
    with pytest.raises(NotSignedInThere, match="invalid_grant"):
        provider.finish(other, other.state, back["code"])
    with pytest.raises(
        NotSignedInThere, match="this sign-in was begun in another browser or has expired"
    ):
        provider.finish(begun, other.state, back["code"])


def test_a_token_of_another_sign_in_is_refused(idp: Idp, provider: Provider) -> None:
    """A token of another sign-in is refused, because its nonce binds it to the sign-in that
    requested it.
    """
    idp.lie = lambda claims: claims | {"nonce": "of another sign-in"}
    with pytest.raises(NotSignedInThere):
        sign_in(provider)
    idp.lie = lambda claims: {k: v for k, v in claims.items() if k != "nonce"}
    with pytest.raises(NotSignedInThere):
        sign_in(provider)


LIES: dict[str, Callable[[dict[str, Any]], dict[str, Any]]] = {
    "expired": lambda c: c | {"exp": NOW - LEEWAY - 5, "iat": NOW - 600},
    "no expiry": lambda c: {k: v for k, v in c.items() if k != "exp"},
    "another audience": lambda c: c | {"aud": "payroll"},
    "no audience": lambda c: {k: v for k, v in c.items() if k != "aud"},
    "for several, given to another": lambda c: c | {"aud": [CLIENT, "payroll"], "azp": "payroll"},
    "another issuer": lambda c: c | {"iss": "https://idp.example"},
    "from the future": lambda c: c | {"iat": NOW + 600, "nbf": NOW + 600},
    "no subject": lambda c: {k: v for k, v in c.items() if k != "sub"},
    "nobody": lambda c: c | {"preferred_username": ""},
    "a list of names": lambda c: c | {"preferred_username": ["dc.reed", "it.khan"]},
}


@pytest.mark.parametrize("lie", LIES)
def test_a_claim_that_does_not_fit_signs_nobody_in(idp: Idp, provider: Provider, lie: str) -> None:
    idp.lie = LIES[lie]
    with pytest.raises(NotSignedInThere):
        sign_in(provider)
    device = provider.begin_device()
    idp.approve()
    with pytest.raises(NotSignedInThere):
        provider.poll(device)


def test_a_token_that_somebody_else_signed_is_refused(idp: Idp, provider: Provider) -> None:
    idp.shown = RSAKey.generate_key(2048, {"kid": "one"})
    with pytest.raises(NotSignedInThere):
        sign_in(provider)


def test_a_key_that_the_provider_changed_is_fetched_anew(idp: Idp, provider: Provider) -> None:
    assert sign_in(provider) == "dc.reed"
    idp.key = RSAKey.generate_key(2048, {"kid": "one"})
    assert sign_in(provider) == "dc.reed"


def test_neither_no_signature_nor_a_shared_secret_counts(
    idp: Idp, provider: Provider, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A token signed with the public key as a shared secret is refused, and so is one with the
    algorithm "none".
    """
    claims = _part(jwt.decode(idp.token("n"), idp.key).claims)
    public = idp.key.as_pem(private=False)
    forged = f"{_part({'alg': 'HS256', 'kid': 'one'})}.{claims}"
    signature = hmac.digest(public, forged.encode(), "sha256")
    for token in (
        f"{forged}.{urlsafe_b64encode(signature).rstrip(b'=').decode()}",
        f"{_part({'alg': 'none', 'kid': 'one'})}.{claims}.",
        "no token at all",
    ):
        monkeypatch.setattr(idp, "token", lambda nonce=None, token=token: token)
        with pytest.raises(NotSignedInThere):
            sign_in(provider)


def _part(told: dict[str, Any]) -> str:
    return urlsafe_b64encode(json.dumps(told).encode()).rstrip(b"=").decode()


def test_who_has_to_prove_anew_does_so_now(idp: Idp, provider: Provider) -> None:
    assert sign_in(provider, again=True) == "dc.reed"
    idp.auth_time = NOW - 3600
    with pytest.raises(NotSignedInThere, match="again"):
        sign_in(provider, again=True)
    assert sign_in(provider) == "dc.reed"


def test_a_command_line_waits_until_somebody_signed_in(idp: Idp, provider: Provider) -> None:
    device = provider.begin_device()
    assert device.code == "WDJB-MJHT"
    assert provider.poll(device) == device.interval
    idp.approve()
    assert provider.poll(device) == "dc.reed"
    with pytest.raises(NotSignedInThere, match="expired_token"):
        provider.poll(device)


def test_a_provider_that_does_not_answer_is_out_of_reach(idp: Idp) -> None:
    for issuer in ("http://127.0.0.1:1", f"{idp.issuer}/elsewhere", "http://idp.example"):
        away = Provider(issuer, CLIENT, lambda: datetime.now(UTC))
        with pytest.raises(LogUnavailable):
            away.begin(BACK)
        away.close()
