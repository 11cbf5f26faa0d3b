"""The pages of Cases and Today work in a browser: their actions, their heights on the screen, and
their printed sheets."""

import io
from collections.abc import Iterator
from typing import Any

import pytest
from playwright.sync_api import expect
from pypdf import PdfReader

from tests.rotation import todays
from tests.web.chromium import DESKTOP, Seat, seat
from tests.web.conftest import Served
from tests.web.screens import MANAGER, SERGEANT, WORKER
from tests.web.showcase import Showcase

#: The most pixels of the first part of a page on a screen 1280 pixels wide, and the most sheets of
#: A4 when the page is printed.
HIGHEST, SHEETS = 2_000, 2
#: For each page of Today and Cases, a user of the page and the first element that a screen reader
#: reads.
FIRST = {
    SERGEANT: (
        *("/", "/meetings", "/meetings?tab=changed", "/meetings?tab=minutes", "/meetings?tab=all"),
        *(
            "/today/deadlines",
            "/today/on-call",
            "/today/alerts",
            "/today/missing",
            "/cases/at-risk",
            "/list/cases",
            "/list/notices",
        ),
    ),
    MANAGER: ("/", "/today/deadlines", "/manage", "/list/card"),
    WORKER: ("/", "/cases/mine", "/today/missing"),
}


@pytest.fixture
def desk(open_house: Served, chromium: Any) -> Iterator[Seat]:
    with seat(chromium, open_house.url, DESKTOP) as somebody:
        yield somebody


def test_whom_to_decide_about_first_and_why_is_two_acts_away(desk: Seat) -> None:
    page = desk.sign_in(SERGEANT).go("/")
    page.locator(".c-rail a", has_text="Cases").first.click()
    page.locator(".c-sub a", has_text="Meeting").click()
    order = page.locator("main p", has_text="First Craig Dunmore: ")
    expect(order).to_contain_text("the decision that is overdue the longest, since 15 Apr 2011")
    first = page.locator(".c-aloud__one").first
    expect(first).to_contain_text("1. Craig Dunmore: decide. Overdue since 15 Apr 2011.")
    expect(first).to_contain_text("recorded twice in April 2011 (2C). Two children: ")
    expect(first).to_contain_text("No whole plate. Next: ")


def test_a_decision_is_recorded_from_where_it_is_read(desk: Seat) -> None:
    page = desk.sign_in(SERGEANT).go("/meetings")
    page.locator(".c-aloud__one").first.get_by_role("link", name="Record a decision").click()
    desk.check()
    form = page.locator("main form")
    form.locator("textarea").fill("Ask the hotel for its bookings")
    form.locator("[name=task]").select_option("check-records")
    form.locator("[name=owner]").fill(SERGEANT)
    form.locator("[name=by]").fill("2010-01-01")
    form.locator("button[type=submit]").click()
    expect(page.locator(".govuk-error-message")).to_contain_text("past")


def test_it_is_printed_on_two_sides(desk: Seat) -> None:
    page = desk.sign_in(SERGEANT).go("/meetings")
    for address in ("/meetings", "/meetings?tab=changed", "/meetings?tab=minutes", "/brief"):
        page = desk.go(address)
        paper = PdfReader(io.BytesIO(page.pdf(format="A4", prefer_css_page_size=True)))
        assert len(paper.pages) <= SHEETS, address
        if address == "/meetings":
            said = " ".join(one.extract_text() for one in paper.pages)
            assert "1. Craig Dunmore: decide." in " ".join(said.split())
            assert "Who carries it out:" in said


@pytest.mark.parametrize("person", FIRST)
def test_a_first_read_is_no_higher_than_two_screens(
    desk: Seat, shown: Showcase, person: str
) -> None:
    desk.sign_in(person)
    heights = {
        at: desk.go(at).evaluate("document.documentElement.scrollHeight")
        for at in todays(FIRST[person])
    }
    assert not {at: high for at, high in heights.items() if high > HIGHEST}
