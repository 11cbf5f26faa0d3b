"""docs/screens.md shows a picture of every screen on a phone and on a desk."""

import pytest
from starlette.routing import Route

from tests.web.screens import EVERY, NO_PAGES
from tests.web.screenshots import LARGEST, PAGE, PICTURES, WAYS, written
from web.app import PARTS

#: The beginning of addresses that are for programs and have no screen.
API = "/api/v1/"
ADDRESSES = {
    route.path
    for part in PARTS
    if part.module != "web.site.health"
    for route in part.routes
    if isinstance(route, Route)
    and "GET" in (route.methods or ())
    and not route.path.startswith(API)
}


def test_every_address_is_a_screen_or_says_what_it_is_instead() -> None:
    shown = {state.serves for state in EVERY}
    assert shown | set(NO_PAGES) == ADDRESSES
    assert not shown & set(NO_PAGES)


def test_the_page_is_as_it_would_be_written_today() -> None:
    assert PAGE.read_text("utf-8") == written(), "make screenshots"


@pytest.mark.parametrize("way", [way for way, _, _ in WAYS])
def test_every_screen_has_its_picture(way: str) -> None:
    pictures = {path.name: path for path in PICTURES.glob(f"*-{way}.webp")}
    assert set(pictures) == {f"{one.name}-{way}.webp" for one in EVERY if one.name}
    for path in pictures.values():
        assert path.read_bytes()[8:12] == b"WEBP"
        assert path.stat().st_size <= LARGEST
