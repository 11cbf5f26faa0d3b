"""A user can work with lists by keys, on an analyst's screen and on a phone."""

from collections.abc import Iterator
from typing import Any

import pytest
from playwright.sync_api import Page, expect

from domain.justice.unused_material import MaterialReviewed
from tests.commands.office import opened
from tests.web.chromium import PHONE, Seat, seat
from tests.web.conftest import House, Served, free_port
from tests.web.screens import MANAGER
from web.app import make_app

ANALYST = {"width": 1440, "height": 900}
#: The size of a desk's screen at a zoom of 400 %, at which letters are four times as large.
ZOOMED = {"width": 360, "height": 225}
MANY = 45
#: A script that returns the rows that are completely visible between the head of the table and the
#: end of its scroll area.
WHOLE = """() => {
  const region = document.querySelector(".c-rows__scroll");
  const head = region.querySelector("thead th").getBoundingClientRect().bottom;
  const end = Math.min(region.getBoundingClientRect().bottom, innerHeight);
  return [...region.querySelectorAll("tbody tr")].map((row) => row.getBoundingClientRect())
    .filter((box) => box.top >= head - 1 && box.bottom <= end).length;
}"""
#: A script that scrolls the table's area by this many pixels, and returns the place of the table's
#: head.
HEAD = """(by) => {
  const region = document.querySelector(".c-rows__scroll");
  region.scrollTop = by;
  const head = region.querySelector("thead th").getBoundingClientRect().top;
  return [region.scrollTop, Math.round(head - region.getBoundingClientRect().top)];
}"""
#: A script that selects all rows, and returns how many are selected.
CHOSEN = """() => {
  const all = document.querySelector("[data-all]");
  all.checked = true;
  all.dispatchEvent(new Event("change", { bubbles: true }));
  return document.querySelectorAll("input[name=rows]:checked").length;
}"""


@pytest.fixture(scope="module")
def shelf(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Served, str]]:
    """Yield the screens of a store with a case that has many items; records of one test remain for
    the next test.
    """
    office = opened(tmp_path_factory.mktemp("lists") / "store")
    case = str(office.case())
    for number in range(MANY):
        office.words(
            f"Number {number}: a grey van outside the school, at twenty past three.", case=case
        )
    served = Served(House(office, make_app(office.system)), free_port(), asks=False).start()
    yield served, f"/material/{case}"
    served.stop()
    office.system.close()


@pytest.fixture
def officer(shelf: tuple[Served, str], chromium: Any) -> Iterator[Seat]:
    with seat(chromium, shelf[0].url, ANALYST) as somebody:
        yield somebody.sign_in("do.marsh")


def focused_row(page: Page) -> Any:
    """Return the table row that has the focus."""
    return page.locator("tbody tr:focus")


def test_forty_rows_stand_on_an_analysts_screen_and_stay_so(
    officer: Seat, shelf: tuple[Served, str]
) -> None:
    page = officer.go(shelf[1])
    roomy = page.evaluate(WHOLE)
    page.get_by_role("button", name="Compact rows").click()
    expect(page.get_by_role("button", name="Roomy rows")).to_be_visible()
    assert page.evaluate(WHOLE) >= 40 > roomy
    officer.stays()
    officer.check()
    page = officer.go(shelf[1])
    expect(page.get_by_role("button", name="Roomy rows")).to_be_visible()
    down, head = page.evaluate(HEAD, 40)
    assert (down, head) == (40, 0), "the head stays while the rows go by"


def test_rows_are_walked_chosen_and_decided_by_keys(
    officer: Seat, shelf: tuple[Served, str]
) -> None:
    page = officer.go(shelf[1])
    page.wait_for_load_state()
    page.keyboard.press("j")
    expect(focused_row(page)).to_contain_text("Number 0:")
    page.keyboard.press("x")
    page.keyboard.press("j")
    page.keyboard.press("j")
    page.keyboard.press("Space")
    expect(page.get_by_role("status").filter(has_text="2 chosen:")).to_be_visible()
    page.keyboard.press("k")
    expect(focused_row(page)).to_contain_text("Number 1:")
    officer.check()
    page.locator("#stands-asked").focus()
    page.keyboard.press("j")  # in a text field, j is text and not a shortcut
    expect(focused_row(page)).to_have_count(0)

    page.get_by_role("button", name="Decide about material").click()
    expect(page.locator("h1")).to_have_text("Decide about material: 2 rows")
    officer.check()
    page.locator("[name=relevance]").select_option("not-relevant")
    page.locator("[name=description]").fill("words of a neighbour")
    page.get_by_role("button", name="Record the decision").click()
    expect(page.get_by_role("status").filter(has_text="2 of 2")).to_be_visible()
    officer.check()
    told = shelf[0].house.office.events(MaterialReviewed, "access")
    assert len(told) == 2
    page.get_by_role("link", name="Back to the list").click()
    # from now on, the page reacts to keys
    expect(page.locator("tbody tr").first).to_have_attribute("tabindex", "0")
    page.keyboard.press("j")
    expect(focused_row(page)).to_contain_text("Number 0:")
    page.keyboard.press("Enter")
    page.wait_for_url("**/items/*")
    expect(page.locator("#beside h1")).to_be_visible()
    officer.check()
    page.keyboard.press("Escape")
    page.wait_for_url(f"**{shelf[1]}*")
    expect(focused_row(page)).to_contain_text("Number 0:")
    expect(page.locator("#beside")).to_be_hidden()


def test_keys_can_be_switched_off(officer: Seat, shelf: tuple[Served, str]) -> None:
    page = officer.go(shelf[1])
    page.get_by_label("Keyboard shortcuts").uncheck()
    page.locator("h1").click()
    page.keyboard.press("j")
    expect(focused_row(page)).to_have_count(0)
    page = officer.go(shelf[1])
    expect(page.get_by_label("Keyboard shortcuts")).not_to_be_checked()


def test_the_row_that_somebody_is_on_is_meant_where_none_is_chosen(
    officer: Seat, shelf: tuple[Served, str]
) -> None:
    page = officer.go(shelf[1])
    page.locator("tbody tr td").nth(2).click()
    expect(focused_row(page)).to_contain_text("Number 0:")
    page.get_by_role("button", name="Decide about material").click()
    expect(page.locator("h1")).to_have_text("Decide about material: 1 row")


@pytest.mark.parametrize("window", [PHONE, ZOOMED], ids=["phone", "400 %"])
def test_a_list_is_read_on_a_phone_and_at_four_times_its_size(
    shelf: tuple[Served, str], chromium: Any, window: dict[str, int]
) -> None:
    with seat(chromium, shelf[0].url, window, "dark") as somebody:
        page = somebody.sign_in("do.marsh").go(shelf[1])
        somebody.stays()
        somebody.check()
        assert (
            page.evaluate("getComputedStyle(document.querySelector('.c-rows__scroll')).maxHeight")
            == "none"
        )


def test_a_phone_shows_twenty_rows_first_and_a_choice_of_all_means_these(
    shelf: tuple[Served, str], chromium: Any
) -> None:
    with seat(chromium, shelf[0].url, PHONE) as somebody:
        page = somebody.sign_in("do.marsh").go(shelf[1])
        rows = page.locator("tbody tr")
        expect(rows.nth(19)).to_be_visible()
        expect(rows.nth(20)).to_be_hidden()
        assert page.evaluate(CHOSEN) == 20
        page.get_by_label("Show all 45 rows").check()
        expect(rows.nth(MANY - 1)).to_be_visible()
        assert page.evaluate(CHOSEN) == MANY
        page.set_viewport_size({"width": 1440, "height": 900})
        expect(page.get_by_label("Show all 45 rows")).to_be_hidden()


def test_a_list_that_is_whole_is_sorted_by_a_column(open_house: Served, chromium: Any) -> None:
    """A complete list can be sorted by any column. In the list of families, those without a next
    date come last in either direction."""
    dates = """() => [...document.querySelectorAll("tbody tr")]
      .map((row) => row.querySelector("[data-is='Next date'] time")?.dateTime ?? "")"""
    with seat(chromium, open_house.url, ANALYST) as manager:
        page = manager.sign_in(MANAGER).go("/list/cases?every=true")
        before = [one for one in page.evaluate(dates) if one]
        empty = [""] * (page.locator("tbody tr").count() - len(before))
        assert before
        assert empty
        head = page.get_by_role("columnheader", name="Next date")
        head.get_by_role("link").click()
        expect(head).to_have_attribute("aria-sort", "ascending")
        assert page.evaluate(dates) == sorted(before) + empty
        manager.check()
        head.get_by_role("link").press("Enter")
        expect(head).to_have_attribute("aria-sort", "descending")
        assert page.evaluate(dates) == sorted(before, reverse=True) + empty
        page.keyboard.press("j")
        expect(page.locator("tbody tr").first).to_be_focused()
