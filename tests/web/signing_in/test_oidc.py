"""Users sign in at the screens through the force's identity provider."""

from urllib.parse import urlsplit

import httpx

from tests.access.provider import Idp
from tests.support.web.elsewhere import there_and_back
from tests.support.web.signing import carried, token
from tests.web.live import Live, live

__all__ = ["live"]


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
    assert "Continuum has no account with that name" in answer.text
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
