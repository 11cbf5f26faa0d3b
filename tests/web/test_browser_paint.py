"""How soon a screen can be read and a map be used: twice what is aimed at, for busy machines.

Where others use the processors the work that it took counts, of the server and the page's main
thread. The medians that were measured stand in docs/measured.md.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Page

from tests.web.chromium import DESKTOP, PHONE, seat
from tests.web.conftest import House, Served, free_port
from tests.web.paint import MAIN, MAPS, PAINT, grown, in_work, painted, usable
from web.app import make_app

LENIENT = 2.0
TIMES = 3


def looked(page: Page, address: str, times: int) -> float:
    """When a page can be read, or what it takes, if that is less: milliseconds."""
    work, took = in_work(page, lambda: painted(page, address, times)[1])
    return min(work / times, took)


@pytest.mark.parametrize("person", sorted({screen.who for screen in MAIN}))
def test_every_main_screen_can_be_read_within_a_second(
    chromium: Any, open_house: Served, shown: Any, person: str
) -> None:
    """Within the aim itself a first look is enough: others would only say so again."""
    with seat(chromium, open_house.url, DESKTOP) as somebody:
        page = somebody.sign_in(person).go("/")
        for screen in (one for one in MAIN if one.who == person):
            address = open_house.url + shown.address(screen.at)
            if looked(page, address, 1) >= PAINT:
                assert looked(page, address, TIMES) < PAINT * LENIENT, screen.name


def test_the_next_page_brings_none_of_the_files_again(chromium: Any, open_house: Served) -> None:
    brought = "performance.getEntriesByType('resource').reduce((all, r) => all + r.transferSize, 0)"
    with seat(chromium, open_house.url, PHONE) as worker:
        worker.sign_in("psw.ellis").go("/")
        worker.page.wait_for_load_state()
        whole = worker.page.evaluate(brought)
        worker.go("/queue").wait_for_load_state()
        assert worker.page.evaluate(brought) < whole / 20


def test_what_a_map_shows_stands_where_it_did_when_less_of_it_had_come(
    chromium: Any, open_house: Served, shown: Any
) -> None:
    """A page is painted while it comes: what stands on it already moves no more."""
    with seat(chromium, open_house.url, DESKTOP) as somebody:
        page = somebody.sign_in("ds.hale").go(shown.address("/map/{suspect}?hops=2"))
        place = "document.getElementById('filters').getBoundingClientRect().top"
        whole = page.evaluate(place)
        page.evaluate("for (const one of document.querySelectorAll('#ask > * ~ *')) one.remove()")
        assert page.evaluate(place) == whole


@contextmanager
def behind_screens(house: House) -> Iterator[Served]:
    served = Served(house, free_port()).start()
    try:
        yield served
    finally:
        served.stop()
        house.office.system.close()


@pytest.mark.parametrize(("people", "aim"), MAPS.items())
def test_a_map_is_soon_of_use(chromium: Any, tmp_path: Path, people: int, aim: float) -> None:
    """From asking for it, its places not reckoned before, until it has answered a key."""
    office = grown(tmp_path / "store", people)
    with behind_screens(House(office, make_app(office.system))) as served:
        with seat(chromium, served.url, DESKTOP) as sergeant:
            sergeant.sign_in("ds.hale").go("/")
            work, took = in_work(sergeant.page, lambda: usable(sergeant.page, served.url, people))
            shown = int(sergeant.page.locator("#map").get_attribute("data-shown") or "0")
            assert shown > people * 0.9
            assert sergeant.complaints == []
        assert min(work, took) < aim * LENIENT
