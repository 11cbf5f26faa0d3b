"""How soon a screen can be read and a map be used: twice what is aimed at, for busy machines.

Where others use the processors the work that it took counts, of the server and the page's main
thread. The medians that were measured stand in docs/measured.md.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest

from tests.web.chromium import DESKTOP, seat
from tests.web.conftest import House, Served, free_port
from tests.web.paint import MAIN, MAPS, PAINT, grown, in_work, painted, usable
from web.app import make_app

LENIENT = 2.0
TIMES = 3


@pytest.mark.parametrize("screen", MAIN, ids=lambda screen: screen.name)
def test_every_main_screen_can_be_read_within_a_second(
    chromium: Any, open_house: Served, shown: Any, screen: Any
) -> None:
    with seat(chromium, open_house.url, DESKTOP) as somebody:
        somebody.sign_in(screen.who)
        page, address = somebody.page, open_house.url + shown.address(screen.at)
        work, took = in_work(page, lambda: painted(page, address, TIMES)[1])
        assert min(work / TIMES, took) < PAINT * LENIENT


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
            sergeant.sign_in("ds.hale")
            work, took = in_work(sergeant.page, lambda: usable(sergeant.page, served.url, people))
            shown = int(sergeant.page.locator("#map").get_attribute("data-shown") or "0")
            assert shown > people * 0.9
            assert sergeant.complaints == []
        assert min(work, took) < aim * LENIENT
