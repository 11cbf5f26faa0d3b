"""The trail of an item is shown in a browser as a column of sentences. For the auditor, hidden
steps are hatched."""

from collections.abc import Iterator
from typing import Any

import pytest

from tests.support.access.closed_steps import ARREST
from tests.web.chromium import DESKTOP, PHONE, seat
from tests.web.conftest import House, Served, free_port
from web.app import make_app

#: A script that returns for each step its distance from the left in pixels, and whether the step is
#: hatched.
PLACES = """() => [...document.querySelectorAll(".c-lane")].map((one) => [
  Math.round(one.getBoundingClientRect().x),
  getComputedStyle(one).backgroundImage.startsWith("repeating-linear-gradient"),
])"""


@pytest.fixture(scope="module")
def arrested(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Served, str]]:
    home = tmp_path_factory.mktemp("arrested") / "store"
    with ARREST(home, None) as (office, (_, _, _, arrest)):
        served = Served(House(office, make_app(office.system)), free_port(), asks=False).start()
        yield served, f"/trail/{arrest}"
        served.stop()


def test_the_steps_are_one_column_on_a_phone_a_desk_and_paper(
    arrested: tuple[Served, str], chromium: Any
) -> None:
    served, trail = arrested
    for viewport, scheme in ((PHONE, "dark"), (DESKTOP, "light")):
        with seat(chromium, served.url, viewport, scheme) as auditor:
            page = auditor.sign_in("a.auditor").go(trail)
            places = page.evaluate(PLACES)
            assert len({left for left, _ in places}) == 1
            assert [hatched for _, hatched in places] == [True, False, False, True, False]
            page.locator(".c-lane a[href^='#step']").first.click()
            assert page.locator(".c-lane:target").count() == 1
            auditor.stays()
            auditor.check()
            page.emulate_media(media="print")
            assert len({left for left, _ in page.evaluate(PLACES)}) == 1
            assert not page.locator("#print").is_visible()
            auditor.fits()


def test_nobody_else_sees_that_a_step_is_closed(
    arrested: tuple[Served, str], chromium: Any
) -> None:
    served, trail = arrested
    with seat(chromium, served.url, DESKTOP) as detective:
        page = detective.sign_in("a.detective").go(trail)
        assert [hatched for _, hatched in page.evaluate(PLACES)] == [False, False, False]
        assert page.locator("#closed").count() == 1
        detective.check()
