"""Browsers cache the product's own files, and ask the server before each use whether a file has
changed."""

import os
import re
from http import HTTPStatus
from pathlib import Path

import pytest
from starlette.testclient import TestClient

from tests.web.conftest import House
from web.site.static_files import CachedFiles

STATIC = Path(__file__).parents[3] / "web" / "static"
KEPT = ("/static/continuum.css", "/static/js/page.js", "/static/fonts/arimo-400.woff2")


@pytest.mark.parametrize("path", KEPT)
def test_a_file_that_a_browser_has_is_not_sent_again(house: House, path: str) -> None:
    client = house.somebody().client
    first = client.get(path)
    assert first.headers["cache-control"] in ("no-cache", "max-age=604800")
    again = client.get(path, headers={"If-None-Match": first.headers["etag"]})
    assert (again.status_code, again.content) == (HTTPStatus.NOT_MODIFIED, b"")
    assert again.headers["cache-control"] == first.headers["cache-control"]


def test_that_a_file_is_missing_is_not_kept(house: House) -> None:
    missing = house.somebody().get("/static/nothing.js")
    assert missing.status_code == HTTPStatus.NOT_FOUND
    assert missing.headers["cache-control"] == "no-store"


@pytest.mark.parametrize("restarted", [False, True])
def test_a_release_is_taken_at_once_where_neither_length_nor_time_tells_it(
    tmp_path: Path, restarted: bool
) -> None:
    """After an upgrade, browsers get the new files at once, even if an old file has the same length
    and time."""
    file = tmp_path / "page.js"

    def released(words: str) -> None:
        made = tmp_path / "unpacked"
        made.write_text(words, "utf-8")
        os.utime(made, (0, 0))
        made.replace(file)

    released("one")
    client = TestClient(CachedFiles(directory=tmp_path))
    had = client.get("/page.js")
    released("two")
    if restarted:
        client = TestClient(CachedFiles(directory=tmp_path))
    for asked, kept in (("If-None-Match", "etag"), ("If-Modified-Since", "last-modified")):
        answer = client.get("/page.js", headers={asked: had.headers[kept]})
        assert (answer.status_code, answer.text) == (HTTPStatus.OK, "two"), asked


def test_every_brace_of_the_stylesheet_is_closed() -> None:
    """Every brace of the style sheet is closed. (A merge had left a media block open, so that all
    rules after it had no effect.)
    """
    style = (STATIC / "continuum.css").read_text("utf-8")
    depth, lowest = 0, 0
    for brace in re.findall(r"[{}]", re.sub(r"/\*.*?\*/", "", style, flags=re.DOTALL)):
        depth += 1 if brace == "{" else -1
        lowest = min(lowest, depth)
    assert (depth, lowest) == (0, 0)
