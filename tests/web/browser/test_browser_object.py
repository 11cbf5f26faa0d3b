"""The pages of people and things work in a browser: the dialog of actions, their heights on the
screen, and their printed sheets."""

import re
from collections import Counter
from collections.abc import Iterator
from typing import Any
from uuid import UUID

import pytest
from playwright.sync_api import expect

from projections.families import cases
from projections.intelligence import people
from tests.rotation import todays
from tests.web.chromium import DESKTOP, Seat, seat
from tests.web.conftest import Served
from tests.web.screens import SERGEANT, WORKER
from tests.web.showcase import Showcase
from usecases.kernel.registry import USE_CASES

#: The most pixels of the first part of a page on a screen 1280 pixels wide, and the most sheets of
#: A4 when a person's page is printed.
HIGHEST, SHEETS = 2_000, 2


@pytest.fixture
def desk(open_house: Served, chromium: Any) -> Iterator[Seat]:
    with seat(chromium, open_house.url, DESKTOP) as somebody:
        yield somebody


def test_add_finds_an_act_by_typed_words_and_returns_with_a_message(
    desk: Seat, shown: Showcase
) -> None:
    page = desk.sign_in(WORKER).go(shown.address("/cases/{case}"))
    page.get_by_role("button", name="Add…").or_(page.get_by_role("link", name="Add…")).click()
    expect(page.locator("#add-filter")).to_be_focused()
    desk.check()
    page.keyboard.type("no such act")
    expect(page.locator("#add-none")).to_be_visible()
    page.locator("#add-filter").fill(USE_CASES["support contact"].named.title)
    expect(page.locator("#add .c-verbs li:visible")).to_have_count(1)
    page.keyboard.press("Enter")
    page.wait_for_url("**/do/support-contact")
    form = page.locator("#support-contact")
    form.locator("[name=kind]").select_option("advocacy")
    form.locator("summary").first.click()
    form.locator("[name=minutes]").fill("two")
    form.locator("button[type=submit]").click()
    expect(page.locator("#minutes-support-contact-error")).to_be_visible()
    expect(page.locator("[name=minutes]")).to_have_value("two")
    page.locator("[name=minutes]").fill("20")
    page.locator("main form button[type=submit]").click()
    expect(page.locator(".c-notice")).to_be_visible()
    expect(page.locator("#contacts")).to_be_visible()


def test_escape_closes_the_dialog_and_an_old_address_leads_to_its_tab(
    desk: Seat, shown: Showcase
) -> None:
    page = desk.sign_in(WORKER).go(shown.address("/cases/{case}#promised"))
    page.wait_for_url("**?tab=contacts#promised")
    page.locator("[data-opens=add]").click()
    page.keyboard.press("ArrowDown")
    expect(page.locator("#add .c-verbs a").first).to_be_focused()
    page.keyboard.press("Escape")
    expect(page.locator("#add")).to_be_hidden()


def test_a_first_read_is_no_higher_than_two_screens(desk: Seat, shown: Showcase) -> None:
    office, ids = shown.office, shown.ids
    with office.system.reading() as db:
        some = people.entities(db, office.reader).values()
        case = cases.get(db, office.reader, UUID(ids["case"]))
    assert case
    things = [
        min(one.id for one in some if one.kind == kind)
        for kind in ("vehicle", "place", "phone", "handle")
    ]
    pages = [f"/people/{one}" for one in (ids["suspect"], case.child, *things)]
    tabs = ("", "?tab=contacts", "?tab=court", "?tab=people")
    pages += [f"/cases/{case.case}{tab}" for tab in tabs] + [f"/items/{ids['graded']}"]
    desk.sign_in(SERGEANT)
    heights = {
        page: desk.go(page).evaluate("document.documentElement.scrollHeight")
        for page in todays(pages)
    }
    assert {one: high for one, high in heights.items() if high > HIGHEST} == {}


def test_a_person_prints_on_two_sheets(desk: Seat, shown: Showcase) -> None:
    """The pages of the people with the most links, and the page of a family, are printed on two
    sheets at most. Each run prints a third of them."""
    office = shown.office
    with office.system.reading() as db:
        some = people.entities(db, office.reader).values()
    links = Counter(end for link in office.links() for end in (link.a, link.b))
    persons = [one.id for one in some if one.kind == "person"]
    linked = sorted(persons, key=lambda person: -links[person])[:5]
    pages = [*(f"/people/{person}" for person in linked), shown.address("/cases/{case}")]
    desk.sign_in(SERGEANT)
    for address in todays(pages):
        paper = desk.go(address).pdf(format="A4", prefer_css_page_size=True)
        assert 1 <= len(re.findall(rb"/MediaBox ", paper)) <= SHEETS, address
