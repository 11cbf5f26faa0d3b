"""A question about the map can be asked in a browser, and its answer appears beside the map."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Route, expect

from commands.intelligence import links
from tests.commands.office import opened
from tests.web.chromium import DESKTOP, seat
from tests.web.conftest import House, Served, free_port
from web.app import make_app


@pytest.fixture
def served(tmp_path: Path) -> Iterator[Served]:
    """Yield the screens of a store in which a car was seen in two towns."""
    office = opened(tmp_path / "store")
    words = office.words()
    for place in ("1 Mill Lane, Town A", "2 Mill Lane, Town B"):
        ends = ("vehicle:PK95 ABC", f"place:{place}")
        links.assert_link(office.desk, office.reader, words, *ends, "seen-at")
    made = Served(House(office, make_app(office.system)), free_port()).start()
    yield made
    made.stop()
    office.system.close()


def test_a_click_on_an_answer_before_its_script_has_run_is_not_lost(
    served: Served, chromium: Any
) -> None:
    held: list[Route] = []

    def hold(route: Route) -> None:
        held.append(route)

    with seat(chromium, served.url, DESKTOP) as sergeant:
        page = sergeant.sign_in("ds.hale").page
        page.route("**/js/map.js", hold)
        page.goto(f"{served.url}/map?a=Town+A&b=Town+B&min_grade=any", wait_until="commit")
        page.locator("#answer li").click()
        expect(page.locator("#panel h2")).to_have_count(0)
        held[0].continue_()
        expect(page.locator("#panel h2")).to_have_text("PK95ABC")
        sergeant.check()
