"""Every answer has the security headers, and no answer has a forbidden header."""

import asyncio
from concurrent.futures import ThreadPoolExecutor
from uuid import uuid4

import pytest

from tests.support.web.guard import HOSTILE
from tests.web.client import Client
from tests.web.conftest import House
from web.app import make_app


def test_every_answer_carries_the_headers(house: House) -> None:
    worker = house.somebody()
    for path in ("/", "/record", "/nowhere", "/static/continuum.css", "/session", "/offline"):
        headers = worker.get(path).headers
        policy = headers["content-security-policy"]
        assert "default-src 'none'" in policy
        assert "unsafe" not in policy
        assert headers["x-content-type-options"] == "nosniff"
        assert headers["x-frame-options"] == "DENY"
        assert headers["cache-control"] in ("no-store", "no-cache"), path


def test_every_page_has_a_nonce_of_its_own_and_no_other_inline_script(house: House) -> None:
    worker = house.somebody()
    one, other = worker.get("/record"), worker.get("/record")
    nonce = one.headers["content-security-policy"].partition("'nonce-")[2].partition("'")[0]
    assert nonce not in other.headers["content-security-policy"]
    for script in one.text.split("<script")[1:]:
        assert f'nonce="{nonce}"' in script.partition(">")[0]
    assert " style=" not in one.text
    assert " onclick" not in one.text


def test_over_https_the_cookie_belongs_to_this_host_alone(house: House) -> None:
    app = make_app(house.office.system, secure=True)
    client = Client(app, "https://127.0.0.1", follow_redirects=False)
    cookie = client.post("/sign-in", data={"name": "psw.ellis"}).headers["set-cookie"]
    assert cookie.startswith("__Host-continuum=")
    for said in ("HttpOnly", "Secure", "SameSite=strict", "Path=/"):
        assert said in cookie
    assert "Domain" not in cookie
    assert client.get("/record").headers["strict-transport-security"]


def test_too_long_a_body_is_turned_away_unread(house: House) -> None:
    worker = house.somebody()
    assert worker.send("/record", words="x" * 2_100_000).status_code == 413


@pytest.mark.parametrize("words", HOSTILE, ids=range(len(HOSTILE)))
def test_hostile_words_are_shown_and_do_nothing(house: House, words: str) -> None:
    worker = house.somebody()
    told = f"He said {words} twice"
    page = worker.send("/record", words=told, when=words[:50], case=words[:40], urgent_reason=words)
    assert page.status_code == 200
    for shown in (page.text, worker.get("/mine").text):
        assert "<script>alert" not in shown
        assert "<img src=x" not in shown
        assert not set("\u202e\u2066\u2069\u200f\u0007\x1b") & set(shown)
    named = house.somebody(f"{words[:50]}")
    assert "<script>alert" not in named.get("/record").text


def test_a_fault_of_the_program_tells_nothing(
    house: House, monkeypatch: pytest.MonkeyPatch
) -> None:
    worker = house.somebody()
    secret = f"words {uuid4()}"

    def broken(*_: object, **__: object) -> None:
        raise RuntimeError(secret)

    monkeypatch.setattr("projections.information.feedback.list_sent", broken)
    quiet = Client(house.app, raise_server_exceptions=False)
    quiet.cookies = worker.client.cookies
    answer = quiet.get("/mine")
    assert answer.status_code == 500
    assert secret not in answer.text
    assert "RuntimeError" in answer.text


def test_a_person_who_goes_away_in_the_middle_makes_no_fault(house: House) -> None:
    """If a user closes the connection while the server sends an answer, the program reports no
    error of its own. (The framework signals the closed connection by an exception.)
    """
    sent: list[object] = []

    async def gone() -> dict[str, object]:
        return {"type": "http.disconnect"}

    async def send(message: object) -> None:
        sent.append(message)

    scope = {
        "type": "http",
        "method": "POST",
        "path": "/record",
        "query_string": b"",
        "headers": [
            (b"host", b"localhost"),
            (b"content-type", b"application/x-www-form-urlencoded"),
        ],
    }
    # a browser test may have left an event loop in the calling thread
    with ThreadPoolExecutor(1) as apart:
        apart.submit(asyncio.run, house.app(scope, gone, send)).result()
    assert sent == []
