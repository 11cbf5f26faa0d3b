"""An address of an earlier version of a screen leads to the page that shows the same today."""

import html
import re

import pytest
from starlette.routing import Match

from tests.web.client import Client
from tests.web.conftest import House
from tests.web.screens import FORMER_LISTS, PEOPLE
from tests.web.showcase import Showcase
from usecases.kernel.registry import QUESTIONS
from web.app import PARTS, PATTERNS, make_app, routes
from web.made.tab_pages import TABS
from web.site.lists import FORMER, address
from web.site.lists import LISTS as DECLARED
from web.site.navigation import opens, title_of

LISTS = {one.named.slug: one.named for one in QUESTIONS.values()}


@pytest.mark.in_turn
@pytest.mark.parametrize("person", PEOPLE)
def test_a_former_address_opens_its_list_for_those_who_had_it(shown: Showcase, person: str) -> None:
    client = Client(make_app(shown.office.system))
    client.post("/sign-in", data={"name": person})
    reader = shown.office.system.vouched_for(person).reader
    for former in FORMER_LISTS:
        page = client.get(former)
        if not opens(reader, former):
            assert page.status_code == 404, former
            continue
        assert page.status_code == 200, former
        name = page.url.path.removeprefix("/list/")
        assert page.url.path in map(address, FORMER[former])
        assert LISTS[name].title in html.unescape(page.text)


def test_what_was_asked_goes_along(shown: Showcase) -> None:
    client = Client(make_app(shown.office.system))
    client.post("/sign-in", data={"name": "do.marsh"})
    assert str(client.get("/complaints?every=true").url).endswith("complaint-list?every=true")


def test_each_list_that_has_more_beside_it_exists() -> None:
    assert set(DECLARED) <= {one.command for one in LISTS.values()}


def test_an_answered_complaint_shows_its_answer(house: House) -> None:
    officer = house.somebody("dpo.lane")
    officer.tell("complaint received", complainant="Dot", words="You wrote me down.")
    rows = re.findall(r'name="rows" value="([^"]+)"', officer.get("/complaints").text)
    outcome = {"complaint": rows[0], "outcome": "upheld", "words": "It was corrected."}
    officer.tell("complaint outcome", **outcome)
    assert "It was corrected." in officer.get("/complaints?every=true").text


#: The addresses of the pages of 0.1.0, and of pages that were merged into others since.
FORMER_PAGES = """
    /accounts /accounts/{name} /alerts /assess/{item} /brief /cases/{case} /devices /disclose
    /disclosures /due /enrol /erasures /erasures/new /erasures/{which} /erasures/{which}/certificate
    /escalations /families /glass /hits /holds /holds/{one} /import /import/{one}
    /import/{one}/rejects /items/{item} /list/{name} /live /log /log.xlsx /looked /manage
    /manifest.webmanifest /map /map/whole /map/whole/data /map/whole/table /map/{who}
    /map/{who}/data /map/{who}/table /material /material/{case} /me /meetings /mine /missing
    /missing/do/{act} /offline /path /people/{who} /proof/{item} /proposals /prove /queue
    /receipt/{item} /receipt/{item}/state /record /refer/{item} /releases /replay /requests
    /requests/{which} /retention /risk /rota /same /search /session /sign-in /sign-in/back
    /sign-in/back/on /sign-in/elsewhere /standing /standing/{which} /store /sw.js /trail
    /trail/{item} /unusual /verify / /api/v1 /brief/items /help /map/areas /meetings/{meeting}
    /meetings/{meeting}/people /others/{item} /then
"""


@pytest.mark.parametrize("address", FORMER_PAGES.split())
def test_each_former_page_has_an_answer(address: str) -> None:
    scope = {"type": "http", "method": "GET", "path": re.sub("{.+?}", "1", address)}
    assert Match.FULL in [part.matches(scope)[0] for part in PARTS]


@pytest.mark.parametrize(
    ("former", "today"),
    [
        ("/missing/do/missing-risk?row=1", "/today/missing/do/missing-risk?row=1"),
        ("/erasures/1/certificate", "/records/erasures/1/certificate"),
    ],
)
def test_a_former_address_below_a_page_leads_to_todays(
    house: House, former: str, today: str
) -> None:
    answer = house.somebody().get(former, follow_redirects=False)
    assert (answer.status_code, answer.headers["location"]) == (303, today)


routes()  # importing the routes declares the tabs of the screens


@pytest.mark.parametrize("path", sorted(TABS))
def test_a_former_address_leads_to_its_tab(house: House, path: str) -> None:
    somebody = house.somebody()
    for before in TABS[path].before:
        assert before in PATTERNS
        answer = somebody.get(before)
        assert answer.status_code == 200
        assert answer.url.path == path
        assert re.search(rf"<h1[^>]*>{title_of(path)}</h1>", answer.text)
        assert f'<a href="{path}" aria-current="page">' in answer.text


def test_what_a_former_address_asks_is_asked_of_its_tab(house: House) -> None:
    # the name is long, because a short one could occur in the encrypted query by chance
    who = house.office.person("Barnaby Quorn")
    worker = house.somebody("ds.hale")
    assert worker.get("/due?mine=true").url.query == b"mine=true"
    assert "Barnaby" in worker.get(f"/risk?of={who}").text
    sealed = worker.ask("/risk", of="Barnaby Quorn")
    assert sealed.url.path == "/cases/at-risk"
    assert "barnaby" not in str(sealed.url).lower()
    assert "Barnaby" in sealed.text
