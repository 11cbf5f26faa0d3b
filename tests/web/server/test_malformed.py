"""Invalid text, invalid JSON and endless input are refused with a clear message at every address,
and nothing of them is stored."""

import gc
import re
import threading
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from urllib.parse import urlencode
from uuid import UUID, uuid4

import pytest
from starlette.testclient import TestClient

from domain.data_protection.erasure import ErasureApproved, ErasureCertified
from ingest.words.record_words import LONGEST
from tests.commands.office import opened
from tests.support.domain.told_json import BAD
from tests.support.web.attacks import ROUTES
from tests.web.client import Client
from tests.web.conftest import House
from web.app import make_app
from web.server.request_limits import Text

FORMS = {
    "no UTF-8": b"words=a%FFb",
    "no UTF-8, bare": b"words=a\xff\xfe",
    "cut off": b"words=a%C3",
    "NUL": b"words=a%00b",
    "NUL, bare": b"words=a\0b",
    "a name of NUL": b"%00=a",
}
#: Addresses that accept only JSON, or accept no body.
SCRIPTS = {
    "/sign-in/passkey",
    "/outbox/contact",
    "/outbox/wiped",
    "/prove/passkey",
    "/me/passkeys",
}
NO_BODY = {"/sign-in/ask", "/prove/ask", "/me/passkeys/ask"}
FIELDS = "application/x-www-form-urlencoded"


@pytest.fixture
def quiet(house: House) -> TestClient:
    """Return the client of a signed-in user, in which an error of the program gives an error page
    and raises no exception in the test."""
    worker = house.somebody("ds.hale")
    client = Client(house.app, raise_server_exceptions=False)
    client.cookies, client.follow_redirects = worker.client.cookies, False
    client.headers["x-csrf-token"] = worker.csrf
    return client


def sizes(house: House) -> dict[str, int]:
    return {log: len(house.office.facts(log)) for log in ("evidence", "sources", "product")}


@pytest.mark.parametrize("body", BAD.values(), ids=BAD)
def test_json_of_no_one_meaning_is_refused_everywhere(
    house: House, quiet: TestClient, body: bytes
) -> None:
    before = sizes(house)
    for path in (*SCRIPTS, "/record", "/api/v1/observations", "/api/v1/people"):
        more = {"x-continuum-user": "rms.north", "idempotency-key": str(uuid4())}
        kind = {"content-type": "application/json"}
        refused = quiet.post(path, content=body, headers=kind | more)
        assert 400 <= refused.status_code < 500, path
        assert refused.json()["detail"], path
    assert sizes(house) == before


@pytest.mark.in_turn
@pytest.mark.parametrize("body", FORMS.values(), ids=FORMS)
def test_a_form_that_is_no_text_is_refused_everywhere(
    house: House, quiet: TestClient, body: bytes, request: pytest.FixtureRequest
) -> None:
    """Every address that takes a form refuses a form that is not valid text."""
    before = sizes(house)
    posts = {route.path for route in ROUTES if "POST" in (route.methods or ())}
    turns = 1 if request.config.getoption("--every") else 3
    first = list(FORMS.values()).index(body) % turns
    for path in sorted(posts - SCRIPTS - NO_BODY)[first::turns]:
        where = re.sub(r"{\w+}", str(uuid4()), path)
        refused = quiet.post(where, content=body, headers={"content-type": FIELDS})
        assert refused.status_code == 422, path
        assert "not UTF-8, or a NUL" in refused.text
    assert sizes(house) == before


def test_an_address_that_is_no_text_is_refused(quiet: TestClient) -> None:
    for path in ("/search?q=%FF", "/search?q=a%00b", "/looked?by=%00", "/items/%00", "/%00"):
        assert quiet.get(path).status_code == 422, path


@pytest.mark.parametrize("words", ["é", "🚗 & 100 %", "a+b", "\ufffd"])
def test_text_is_text_however_it_is_cut(words: str) -> None:
    whole = urlencode({"words": words}).encode()
    for place in range(len(whole) + 1):
        read = Text()
        assert read.goes_on(whole[:place], last=False), place
        assert read.goes_on(whole[place:], last=True), place


def test_no_file_is_taken_where_none_is_requested(quiet: TestClient) -> None:
    refused = quiet.post("/record", files={"words": ("x", b"\xff\xff")})
    assert refused.status_code == 415


def test_words_without_end_are_refused_with_a_reason(quiet: TestClient) -> None:
    long = {"words": "a" * (LONGEST + 1), "command_id": str(uuid4())}
    refused = quiet.post("/record", json=long)
    assert refused.status_code == 422


@pytest.fixture(params=["sqlite", pytest.param("postgres", marks=pytest.mark.postgres)])
def open_house_on_each(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[House]:
    url = request.getfixturevalue("fresh_database")() if request.param == "postgres" else None
    office = opened(tmp_path / "store", url)
    yield House(office, make_app(office.system))
    office.system.close()


@pytest.mark.in_turn("six")
def test_six_who_approve_at_once_erase_once(open_house_on_each: House) -> None:
    """If six users approve an erasure at the same moment, one approval is recorded. The other users
    read that another approval was first, or that the store was busy."""
    baz = open_house_on_each.office.person("Baz")
    officer = open_house_on_each.somebody("do.marsh")
    made = officer.send("/erasures", of=str(baz), basis="uk-gdpr-art17")
    which = UUID(made.url.path.rpartition("/")[2])
    people = [open_house_on_each.somebody(f"mgr.{number}") for number in range(6)]
    gate, answers = threading.Barrier(len(people)), []

    def approve(one: Any) -> None:
        quiet = TestClient(
            open_house_on_each.app, base_url="http://127.0.0.1", raise_server_exceptions=False
        )
        quiet.cookies, quiet.follow_redirects = one.client.cookies, False
        gate.wait()
        answers.append(quiet.post(f"/records/erasures/{which}/approve", data={"csrf": one.csrf}))

    at_once = [threading.Thread(target=approve, args=(person,)) for person in people]
    for each in at_once:
        each.start()
    for each in at_once:
        each.join()
    told = sorted(answer.status_code for answer in answers)
    # 404 is the answer while the views are made again without the erased items
    assert set(told) <= {303, 404, 409, 422, 503}, [answer.text for answer in answers]
    assert len(open_house_on_each.office.events(ErasureApproved)) == 1
    # if the store was busy, the erasure is approved but not carried out, and a user finishes it
    if not open_house_on_each.office.events(ErasureCertified):
        people[0].send(f"/records/erasures/{which}/finish")
    assert len(open_house_on_each.office.events(ErasureCertified)) == 1
    for family in ("record", "subject", "source"):
        assert len(open_house_on_each.office.system.key_store.epochs(family)) == 1
    gc.collect()  # if a connection to older views was left open, Python reports it now
