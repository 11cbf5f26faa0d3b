"""The search box, which every page has, finds actions; and a form is sent only once, even if the
user taps twice.
"""

import re
from typing import Any

from playwright.sync_api import expect

from domain.families.referral import MissingReported
from tests.web.chromium import DESKTOP, PHONE, seat
from tests.web.conftest import Served

#: A script that presses a form's button twice, and returns how often the form was sent and the
#: button's label.
TWICE = """() => {
  const button = document.querySelector("main form [type=submit]");
  let sent = 0;
  addEventListener("submit", (event) => { sent += event.defaultPrevented ? 0 : 1; });
  button.click();
  button.click();
  return [sent, button.textContent, button.form.getAttribute("aria-busy")];
}"""


def test_a_child_is_reported_missing_from_the_search_box(served: Served, chromium: Any) -> None:
    case = served.house.office.case("Ellie Crane")
    with seat(chromium, served.url, DESKTOP) as worker:
        page = worker.sign_in("psw.ellis").go("/today/on-call")
        page.wait_for_load_state()
        page.keyboard.press("Control+k")
        offered = page.request.get(f"{served.url}/palette").json()["acts"]
        (act,) = (one for one in offered if one["href"] == "/do/missing-reported")
        page.keyboard.type("missing reported Ellie")
        chosen = page.locator("#go-to-found li[aria-selected=true]")
        expect(chosen).to_contain_text(f"{act['label']}: Ellie Crane")
        worker.check()
        page.keyboard.press("Enter")
        page.wait_for_url(re.compile("/do/missing-reported"))
        expect(page.locator("h1")).to_contain_text("Ellie Crane")
        page.locator("main form select[name=risk]").select_option("high")
        assert page.evaluate(TWICE) == [1, "Sending…", "true"]
        page.wait_for_url("**/today/on-call")
        expect(page.locator(".c-notice")).to_be_visible()
    reported = served.house.office.events(MissingReported)
    assert [one.risk for one in reported] == ["high"]
    assert case in {fact.stream for fact in served.house.office.facts()}


def test_a_phone_has_the_places_at_the_bottom_and_their_screens_in_a_list(
    served: Served, chromium: Any
) -> None:
    with seat(chromium, served.url, PHONE) as worker:
        page = worker.sign_in("psw.ellis").go("/queue")
        tabs = page.locator(".c-places a")
        for tab in tabs.all():
            box = tab.bounding_box()
            assert box
            assert box["y"] + box["height"] <= PHONE["height"]
            assert box["height"] >= 44
        expect(page.locator(".c-places [aria-current]")).to_have_text("Inbox")
        listed = page.locator(".c-sub a", has_text="Import")
        expect(listed).not_to_be_visible()
        page.locator(".c-sub summary").click()
        expect(listed).to_be_visible()
        page.locator(".c-tabs a", has_text="Possible duplicates").click()
        page.wait_for_url("**/inbox/duplicates")
        worker.check_day_and_night()
