"""Screens load little, and a large map can be used.

docs/measured/pages.md has the measured medians.
"""

import re
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest

from bench.paint import MAIN, MAPS, grown, usable
from tests.web.chromium import DESKTOP, PHONE, seat
from tests.web.conftest import House, Served, free_port
from web.app import make_app

#: The most that a main screen may load: the bytes of its page, the elements in it, and the number
#: of other files; and the number of files for a map, with the modules that its scripts import.
PAGE, ELEMENTS, FILES, MAP_FILES = 100_000, 1_500, 14, 24


@pytest.mark.parametrize("person", sorted({screen.who for screen in MAIN}))
def test_every_main_screen_is_light(open_house: Served, shown: Any, person: str) -> None:
    somebody = open_house.house.somebody(person)
    for screen in (one for one in MAIN if one.who == person):
        page = somebody.get(shown.address(screen.at)).text
        brought = set(re.findall(r'(?:src|<link[^>]* href)="([^"]+)"', page))
        assert len(page.encode()) < PAGE, screen.name
        assert len(re.findall("<[a-z]", page)) < ELEMENTS, screen.name
        most = MAP_FILES if screen.name.startswith("map") else FILES
        assert 0 < len(brought) <= most, screen.name


def test_the_next_page_brings_none_of_the_files_again(chromium: Any, open_house: Served) -> None:
    brought = "performance.getEntriesByType('resource').reduce((all, r) => all + r.transferSize, 0)"
    with seat(chromium, open_house.url, PHONE) as worker:
        worker.sign_in("psw.ellis").go("/")
        worker.page.wait_for_load_state()
        whole = worker.page.evaluate(brought)
        worker.go("/queue").wait_for_load_state()
        assert worker.page.evaluate(brought) < whole / 20


def test_what_a_map_shows_is_where_it_did_when_less_of_it_had_come(
    chromium: Any, open_house: Served, shown: Any
) -> None:
    """The parts of a page that are already shown do not move while the rest of the page loads."""
    with seat(chromium, open_house.url, DESKTOP) as somebody:
        page = somebody.sign_in("ds.hale").go(shown.address("/map/{suspect}?hops=2"))
        place = "document.getElementById('filters').getBoundingClientRect().top"
        whole = page.evaluate(place)
        page.evaluate("for (const one of document.querySelectorAll('#ask > * ~ *')) one.remove()")
        assert page.evaluate(place) == whole


def test_the_band_of_an_object_is_painted_as_a_whole(
    chromium: Any, open_house: Served, shown: Any
) -> None:
    """The head of an item's page is painted at once. The place of its facts depends on its buttons,
    which come later in the HTML, so a browser that has received half of the head paints nothing
    yet."""
    with seat(chromium, open_house.url, DESKTOP) as somebody:
        for who, address in (
            ("mgr.quill", "/records/erasures/{erasure}"),
            ("ds.hale", "/items/{graded}"),
        ):
            page = somebody.sign_in(who).go(shown.address(address))
            awaited = page.locator("head link[rel=expect][blocking=render][href='#band']")
            assert awaited.count() == 1, address
            assert page.locator("#band .c-band__acts").count() == 1, address
        place = "document.querySelector('.c-band__facts').getBoundingClientRect().top"
        whole = page.evaluate(place)
        page.evaluate("document.querySelector('.c-band__acts').remove()")
        assert page.evaluate(place) != whole


@contextmanager
def behind_screens(house: House) -> Iterator[Served]:
    served = Served(house, free_port()).start()
    try:
        yield served
    finally:
        served.stop()
        house.office.system.close()


@pytest.mark.parametrize("people", [min(MAPS), pytest.param(max(MAPS), marks=pytest.mark.seldom)])
def test_a_map_is_of_use(chromium: Any, tmp_path: Path, people: int) -> None:
    """A user can work with a large map: it shows nearly all people and reacts to a key, even if no
    positions of people were stored before."""
    office = grown(tmp_path / "store", people)
    house = House(office, make_app(office.system))
    with behind_screens(house) as served, seat(chromium, served.url, DESKTOP) as sergeant:
        sergeant.sign_in("ds.hale").go("/")
        usable(sergeant.page, served.url, people)
        shown = int(sergeant.page.locator("#map").get_attribute("data-shown") or "0")
        assert shown > people * 0.9
        assert sergeant.complaints == []
