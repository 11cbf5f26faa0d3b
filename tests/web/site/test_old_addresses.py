"""Addresses of before lead to the pages that show what they showed."""

import re

import pytest

from tests.web.conftest import House
from web.app import PATTERNS
from web.made.tab_pages import TABS
from web.site.navigation import title_of


@pytest.mark.parametrize("path", sorted(TABS))
def test_an_old_address_leads_to_its_tab(house: House, path: str) -> None:
    before = TABS[path].before
    assert before in PATTERNS
    answer = house.somebody().get(before)
    assert answer.status_code == 200
    assert answer.url.path == path
    assert re.search(rf"<h1[^>]*>{title_of(path)}</h1>", answer.text)
    assert f'<a href="{path}" aria-current="page">' in answer.text


def test_what_an_old_address_asks_is_asked_of_its_tab(house: House) -> None:
    baz = house.office.person("Baz")
    worker = house.somebody("ds.hale")
    assert worker.get("/due?mine=true").url.query == b"mine=true"
    assert "Baz" in worker.get(f"/risk?of={baz}").text
    sealed = worker.ask("/risk", of="Baz")
    assert sealed.url.path == "/cases/at-risk"
    assert "baz" not in str(sealed.url).lower()
    assert "Baz" in sealed.text
