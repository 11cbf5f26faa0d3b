"""The searched text is in no address, and appears again when the user comes back to the page."""

import re
from pathlib import Path
from typing import Any

import pytest

from installation.system import UNCHECKED
from tests.web.chromium import DESKTOP, seat
from tests.web.conftest import House, Served
from web.made.private_queries import LONGEST

TEMPLATES = Path(__file__).parents[3] / "web" / "templates"
#: Kinds of field that a search form may put into the address, because they contain only times,
#: numbers or choices.
PLAIN = {"hidden", "date", "range", "checkbox", "radio", "number"}


def test_no_form_puts_words_into_an_address() -> None:
    pages = [*TEMPLATES.rglob("*.html")]
    assert len(pages) > 100
    for page in pages:
        for form in re.findall(r'<form method="get".*?</form>', page.read_text(), re.DOTALL):
            kinds = {
                (re.search(r'type="(\w+)"', one) or ["", "text"])[1]
                for one in re.findall(r"<input[^>]*>", form)
                if not re.search('id="(until|known|day|since)"', one)  # these fields contain a time
            }
            assert kinds <= PLAIN, page.name
            assert not re.search(r"<textarea|area\(|text\(", form), page.name


def test_the_token_answers_its_own_session_alone(house: House) -> None:
    house.office.person("Barry Sleight")
    sergeant = house.somebody("ds.hale")
    page = sergeant.ask("/search", q="barry sleight")
    assert "Barry Sleight" in page.text
    address = str(page.url)
    assert "barry" not in address.lower()
    assert "sleight" not in address.lower()
    # the text appears when the page is loaded again, or when the user returns to it
    assert "Barry Sleight" in sergeant.get(address).text
    other = house.somebody("ds.hale").get(address)
    assert other.status_code == 200
    assert "Barry Sleight" not in other.text
    altered = address[:-5] + ("A" if address[-5] != "A" else "B") + address[-4:]
    assert "Barry Sleight" not in sergeant.get(altered).text


def test_signing_in_first_keeps_the_words_sealed(house: House) -> None:
    sergeant = house.somebody("ds.hale")
    address = str(sergeant.ask("/search", q="barry sleight").url)
    house.office.system.credentials.sessions.revoke(f"{UNCHECKED}ds.hale")
    sent = sergeant.client.get(address, follow_redirects=False)
    assert sent.status_code == 303
    assert "barry" not in sent.headers["location"].lower()


def test_it_goes_to_pages_of_this_server_and_not_without_end(house: House) -> None:
    sergeant = house.somebody("ds.hale")
    for elsewhere in ("https://elsewhere.invalid/", "//elsewhere.invalid", "/\\elsewhere.invalid"):
        sent = sergeant.client.post(
            "/asked",
            data={"csrf": sergeant.csrf, "to": elsewhere, "q": "x"},
            follow_redirects=False,
        )
        assert sent.headers["location"].startswith("/?asked=")
    assert sergeant.ask("/search", q="x" * (LONGEST + 1)).status_code == 422
    forged = sergeant.client.post("/asked", data={"to": "/search", "q": "x"})
    assert forged.status_code == 403


def test_a_browser_searches_without_words_in_its_address(chromium: Any, served: Served) -> None:
    served.house.office.person("Barry Sleight")
    with seat(chromium, served.url, DESKTOP) as sergeant:
        sergeant.sign_in("ds.hale")
        page = sergeant.go("/search")
        page.get_by_role("searchbox").press_sequentially("barry")
        page.get_by_text("Barry Sleight").click()
        page.wait_for_url("**/people/**")
        assert page.evaluate("document.referrer") == ""
        page.go_back()
        page.locator("h1", has_text="Barry Sleight").wait_for(state="detached")
        page.get_by_text("Barry Sleight").wait_for()
        assert "barry" not in page.url.lower()
        assert "asked=" in page.url
        # a browser without JavaScript sends the form in this way
        page.get_by_role("button", name="Search").click()
        page.get_by_text("Barry Sleight").wait_for()
        assert "barry" not in page.url.lower()


@pytest.mark.parametrize("path", ["/search", "/people", "/nowhere"])
def test_no_page_tells_another_where_it_was_opened_from(house: House, path: str) -> None:
    answer = house.somebody("ds.hale").get(path)
    assert answer.headers["referrer-policy"] == "no-referrer"


def test_what_was_found_is_counted_and_narrowed(house: House) -> None:
    house.office.person("Barry Sleight")
    house.office.words("Barry was at the gate")
    sergeant = house.somebody("ds.hale")
    page = sergeant.ask("/search", q="barry").text
    assert '<option value="person">person (1)</option>' in page
    assert '<option value="observation">observation (1)</option>' in page
    narrow = sergeant.ask("/search", q="barry", kind="person").text
    assert "1 record found" in narrow
    assert "at the gate" not in narrow
    assert '<option value="person" selected>person (1)</option>' in narrow
    assert sergeant.ask("/search", q="barry", period="March").status_code == 422
