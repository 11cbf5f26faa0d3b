"""A saved map works in a real browser: one user moves a person aside and adds a note, and a
colleague sees the same map.
"""

import re
from typing import Any

from playwright.sync_api import expect

from tests.support.web.browser_desk import CHOOSE, SEEN
from tests.support.web.map import world
from tests.web.chromium import DESKTOP, PHONE, seat
from tests.web.conftest import Served

#: A script that returns a person's position on the map, in the map's own units and on the screen.
AT = """(id) => {
  const one = document.getElementById("map")._cyreg.cy.getElementById(id);
  const { x, y } = one.position();
  return [Math.round(x), Math.round(y)];
}"""
ON_SCREEN = """(id) => {
  const { x, y } = document.getElementById("map")._cyreg.cy.getElementById(id).renderedPosition();
  const { left, top } = document.getElementById("map").getBoundingClientRect();
  return [left + x, top + y];
}"""
RINGED = """(id) =>
  document.getElementById("map")._cyreg.cy.getElementById(id).hasClass("noted")"""


def test_a_colleague_opens_the_map_as_it_was_saved(served: Served, chromium: Any) -> None:
    people = {name: str(one) for name, one in world(served.house).items()}
    with seat(chromium, served.url, DESKTOP) as sergeant:
        page = sergeant.sign_in("ds.hale").go(f"/map/{people['baz']}")
        expect(page.locator("#map")).to_have_attribute("data-shown", "3")
        x, y = page.evaluate(ON_SCREEN, people["kay"])
        page.mouse.move(x, y)
        page.mouse.down()
        page.mouse.move(x + 60, y + 40, steps=4)
        page.mouse.up()
        put = page.evaluate(AT, people["kay"])
        page.select_option("#min_grade", "any")
        expect(page.locator("#map")).to_have_attribute("data-shown", "4")
        page.evaluate(CHOOSE, people["gaz"])
        page.locator("#map").press("h")
        page.wait_for_function(SEEN, arg=3)
        page.locator("#save").click()
        expect(page.locator("#chart-name")).to_be_focused()
        sergeant.check()
        page.locator("#chart-name").fill("The arcade")
        page.keyboard.press("Enter")
        expect(page.locator("h1")).to_contain_text("The arcade: Around Baz")
        expect(page.locator("#map")).to_have_attribute("data-shown", "4")

        # this key adds a note to the person in the centre of the map
        page.locator("#map").press("n")
        page.locator("#note-words").fill("Ask her mother, who saw him.")
        page.get_by_role("button", name="Save the note").click()
        expect(page.locator("#panel .c-note")).to_contain_text("who saw him.")
        sergeant.check()

    with seat(chromium, served.url, PHONE, "dark") as colleague:
        page = colleague.sign_in("dc.rowe").go("/map")
        page.get_by_text("Saved maps (1)").click()
        page.get_by_role("link", name="The arcade").click()
        page.wait_for_url(re.compile("chart="))
        expect(page.locator("#map")).to_have_attribute("data-shown", "4")
        page.wait_for_function(SEEN, arg=3)
        assert page.evaluate(AT, people["kay"]) == put
        page.wait_for_function(RINGED, arg=people["baz"])
        expect(page.locator("#panel .c-note")).to_contain_text("ds.hale")
        expect(page.locator("#min_grade")).to_have_value("any")
        colleague.check()
        page.get_by_role("button", name="List", exact=True).click()
        expect(page.locator("#map")).to_be_hidden()
        page.locator("#rows li", has_text="Baz").click()
        page.get_by_role("button", name="Map", exact=True).click()
        expect(page.locator("#panel h2")).to_have_text("Baz")
        page.get_by_role("button", name="Change the note").click()
        page.locator("#note-words").fill("")
        page.get_by_role("button", name="Save the note").click()
        expect(page.locator("#panel .c-note")).to_have_count(0)
