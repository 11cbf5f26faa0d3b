"""Signing in at the screens through the force's identity provider."""

from collections.abc import Iterator
from typing import Any
from urllib.parse import urlsplit

import httpx
import pytest

from tests.access.provider import CLIENT, Idp, running
from tests.web.live import Live, live
from tests.web.signing_in.test_signing import carried, token

__all__ = ["live"]


@pytest.fixture
def idp() -> Iterator[Idp]:
    with running() as made:
        yield made


@pytest.fixture
def staff(live: Live, idp: Idp) -> Live:
    live.hire("dc.reed", "detective")
    told = {"oidc_issuer": idp.issuer, "oidc_client": CLIENT}
    live.system.settings = live.system.settings.model_copy(update=told)

    def of_now(claims: dict[str, Any]) -> dict[str, Any]:
        now = int(live.now.timestamp())
        return claims | {"iat": now, "auth_time": now, "exp": now + 300}

    idp.lie = of_now  # its clock goes with ours
    return live


def there_and_back(client: Any, to: str = "/queue", **asked: str) -> Any:
    """What a browser does: to the provider, back from its site, and on within ours."""
    there = client.get("/sign-in/elsewhere", params={"next": to} | asked)
    assert there.status_code == 303
    back = httpx.get(there.headers["location"]).headers["location"]
    place = urlsplit(back)
    assert (place.hostname, place.path) == ("127.0.0.1", "/sign-in/back")
    landed = client.get(f"{place.path}?{place.query}")
    assert landed.status_code == 200
    assert "set-cookie" not in landed.headers
    on = landed.text.partition('content="0; url=')[2].partition('"')[0].replace("&amp;", "&")
    return client.get(on)


def test_the_account_that_the_provider_names_is_signed_in(staff: Live) -> None:
    client = staff.client(follow_redirects=False)
    assert "/sign-in/elsewhere" in client.get("/sign-in").text
    answer = there_and_back(client)
    assert (answer.status_code, answer.headers["location"]) == (303, "/queue")
    page = client.get("/queue")
    assert "dc.reed" in page.text
    assert "unchecked" not in page.text


def test_a_person_who_has_no_account_is_nobody(staff: Live, idp: Idp) -> None:
    idp.subject = "somebody.else"
    client = staff.client(follow_redirects=False)
    answer = there_and_back(client)
    assert answer.status_code == 401
    assert "no account here" in answer.text
    assert client.get("/queue").status_code == 303


def test_what_comes_back_fits_one_browser_and_once(staff: Live) -> None:
    client, other = (staff.client(follow_redirects=False) for _ in range(2))
    there = client.get("/sign-in/elsewhere").headers["location"]
    query = urlsplit(httpx.get(there).headers["location"]).query
    assert other.get(f"/sign-in/back/on?{query}").status_code == 401
    assert client.get(f"/sign-in/back/on?{query}&state=x").status_code == 401
    assert client.get(f"/sign-in/back/on?{query}").status_code == 303
    assert client.get(f"/sign-in/back/on?{query}").status_code == 401


def test_it_is_proved_anew_there_by_the_same_person(staff: Live, idp: Idp) -> None:
    client = staff.client(follow_redirects=False)
    there_and_back(client)
    before = token(client)
    staff.later(minutes=6)
    idp.subject = "psw.ellis"
    assert there_and_back(client, "/brief", again="true").status_code == 401
    assert token(client) == before
    idp.subject = "dc.reed"
    answer = there_and_back(client, "/brief", again="true")
    assert answer.headers["location"] == "/brief"
    assert token(client) != before


def test_a_form_that_came_too_late_is_still_there(staff: Live) -> None:
    client = staff.client(follow_redirects=False)
    there_and_back(client)
    staff.later(minutes=20)
    late = client.post(
        "/escalations", data={"csrf": "old", "words": "A long story.", "reason": "r"}
    )
    assert late.status_code == 401
    assert 'target="_blank"' in late.text
    form = {"unsent": carried(late)}
    assert client.post("/sign-in/carried", data=form).status_code == 401
    there_and_back(client)
    assert "A long story." in client.post("/sign-in/carried", data=form).text
    assert "A long story." not in client.post("/sign-in/carried", data={"unsent": "x"}).text


def test_without_a_provider_there_is_no_way_there(live: Live) -> None:
    client = live.client(follow_redirects=False)
    assert "/sign-in/elsewhere" not in client.get("/sign-in").text
    assert client.get("/sign-in/elsewhere").status_code == 404
