"""The answer of a passkey or an identity provider can sign a user in only once. It is refused a
second time, in the same browser and in any other."""

import json
from typing import Any
from urllib.parse import parse_qs, urlsplit

import httpx
import pytest

from access.signing_in.passkeys import LASTS, Site
from tests.access.authenticator import Phone
from tests.access.provider import Idp
from tests.support.web.elsewhere import there_and_back
from tests.web.live import Live, live

__all__ = ["live"]
HOST = Site("127.0.0.1", "http://127.0.0.1")


@pytest.fixture
def phone(live: Live) -> Phone:
    live.hire("dc.reed", "detective")
    made, keys = Phone(HOST.origin), live.system.credentials.passkeys
    asked = keys.registration_challenge("dc.reed", HOST)
    keys.register("dc.reed", asked.handle, made.make(asked.options), "my phone", HOST)
    return made


def passkey_fields(client: Any, phone: Phone) -> dict[str, str]:
    """Return the form fields that the browser sends to sign in with the passkey."""
    asked = client.post("/sign-in/ask").json()
    return {"handle": asked["handle"], "answer": phone.sign(asked["options"])}


def test_a_passkeys_answer_signs_in_once(live: Live, phone: Phone) -> None:
    client, thief = (live.client(follow_redirects=False) for _ in range(2))
    told = passkey_fields(client, phone)
    assert client.post("/sign-in/passkey", json=told).json() == {"name": "dc.reed"}
    for one in (client, thief):
        assert one.post("/sign-in/passkey", json=told).status_code == 401
    assert thief.get("/queue").status_code == 303, "nobody is signed in there"


def test_a_passkeys_answer_fits_its_own_challenge_alone(live: Live, phone: Phone) -> None:
    client = live.client(follow_redirects=False)
    first, second = passkey_fields(client, phone), passkey_fields(client, phone)
    mixed = first | {"handle": second["handle"]}
    assert client.post("/sign-in/passkey", json=mixed).status_code == 401
    late = passkey_fields(client, phone)
    live.later(seconds=LASTS.total_seconds() + 1)
    assert client.post("/sign-in/passkey", json=late).status_code == 401
    made_up = first | {"handle": "x"}
    assert client.post("/sign-in/passkey", json=made_up).status_code == 401
    assert client.get("/queue").status_code == 303


def test_a_challenge_to_prove_again_signs_nobody_else_in(live: Live, phone: Phone) -> None:
    """When a signed-in user must prove their identity again, only this user's own device can
    answer. Another person's device is refused."""
    live.hire("dc.lowe", "detective")
    asked = live.system.credentials.passkeys.sign_in_challenge(HOST, "dc.lowe")
    told = {"handle": asked.handle, "answer": phone.sign(asked.options)}
    client = live.client(follow_redirects=False)
    assert client.post("/sign-in/passkey", json=told).status_code == 401


def begun(client: Any) -> str:
    """Start a sign-in at the provider; return the address with which the browser would return."""
    there = client.get("/sign-in/elsewhere").headers["location"]
    return urlsplit(httpx.get(there).headers["location"]).query


def test_the_way_back_from_a_provider_counts_once(staff: Live) -> None:
    """The address with which an identity provider sends a user back works only once, even if the
    browser's cookie is restored."""
    client = staff.client(follow_redirects=False)
    query = begun(client)
    kept = {one.name: str(one.value) for one in client.cookies.jar if one.name.endswith("-there")}
    assert len(kept) == 1
    assert client.get(f"/sign-in/back/on?{query}").status_code == 303
    thief = staff.client(follow_redirects=False)
    for one in (client, thief):
        for name, value in kept.items():
            one.cookies.set(name, value)
        assert one.get(f"/sign-in/back/on?{query}").status_code == 401
    assert thief.get("/queue").status_code == 303


def test_two_ways_to_a_provider_are_not_mixed(staff: Live, idp: Idp) -> None:
    """Two sign-ins at an identity provider cannot be mixed. A state or code of another sign-in is
    refused, and a user who follows an attacker's link is not signed in as the attacker."""
    client, attacker = (staff.client(follow_redirects=False) for _ in range(2))
    theirs = parse_qs(begun(attacker))
    older = parse_qs(begun(client))
    mine = parse_qs(begun(client))
    for code, state in (
        (theirs["code"], theirs["state"]),
        (theirs["code"], mine["state"]),
        (older["code"], older["state"]),
        (older["code"], mine["state"]),
        (mine["code"], [""]),
    ):
        told = {"code": code[0], "state": state[0]}
        assert client.get("/sign-in/back/on", params=told).status_code == 401, told
    assert client.get("/queue").status_code == 303
    told = {"code": mine["code"][0], "state": mine["state"][0]}
    assert client.get("/sign-in/back/on", params=told).status_code == 303


def test_a_token_of_another_sign_in_signs_nobody_in(staff: Live, idp: Idp) -> None:
    """A token of another sign-in signs no user in. In the test, only the token's nonce is wrong."""
    client, right = staff.client(follow_redirects=False), idp.lie
    for nonce in ("of another sign-in", "", None):
        idp.lie = lambda claims, nonce=nonce: right(claims) | {"nonce": nonce}  # type: ignore[misc]
        assert client.get(f"/sign-in/back/on?{begun(client)}").status_code == 401, nonce
    assert client.get("/queue").status_code == 303
    idp.lie = right
    assert client.get(f"/sign-in/back/on?{begun(client)}").status_code == 303


def test_each_sign_in_at_a_provider_has_secrets_of_its_own(staff: Live) -> None:
    client = staff.client(follow_redirects=False)
    asked = [
        parse_qs(urlsplit(client.get("/sign-in/elsewhere").headers["location"]).query)
        for _ in range(4)
    ]
    for name in ("state", "nonce", "code_challenge"):
        values = {one[name][0] for one in asked}
        assert len(values) == len(asked), name
        assert min(map(len, values)) >= 43, name  # 43 characters of base64 contain 256 bits
    assert {one["code_challenge_method"][0] for one in asked} == {"S256"}
    assert "verifier" not in json.dumps(asked)


def test_no_token_of_the_provider_comes_to_the_browser(
    staff: Live, idp: Idp, monkeypatch: pytest.MonkeyPatch
) -> None:
    given, make = list[str](), idp.token

    def token(nonce: str | None = None) -> str:
        given.append(make(nonce))
        return given[-1]

    monkeypatch.setattr(idp, "token", token)
    client = staff.client(follow_redirects=False)
    answer = there_and_back(client)
    page = client.get("/queue")
    assert len(given) == 1
    came = [answer.text, str(answer.headers), page.text, str(client.cookies.jar)]
    for one in came:
        assert given[0] not in one
        assert given[0].split(".")[1] not in one
