"""Each former address leads to a page that shows what it showed."""

import html

import pytest

from tests.web.client import Client
from tests.web.screens import FORMER_LISTS, PEOPLE
from tests.web.showcase import Showcase
from usecases.kernel.registry import QUESTIONS
from web.app import make_app
from web.site.list_pages import FORMER, LIST_PAGES
from web.site.navigation import opens

LISTS = {one.named.slug: one.named for one in QUESTIONS.values()}


@pytest.mark.parametrize("person", PEOPLE)
def test_a_former_address_opens_its_list_for_those_who_had_it(shown: Showcase, person: str) -> None:
    client = Client(make_app(shown.office.system))
    client.post("/sign-in", data={"name": person})
    reader = shown.office.system.vouched_for(person).reader
    for former in FORMER_LISTS:
        page = client.get(former)
        if not opens(reader, former):
            assert page.status_code == 404, former
            continue
        assert page.status_code == 200, former
        name = page.url.path.removeprefix("/list/")
        assert name in FORMER[former]
        assert LISTS[name].title in html.unescape(page.text)


def test_what_was_asked_goes_along(shown: Showcase) -> None:
    client = Client(make_app(shown.office.system))
    client.post("/sign-in", data={"name": "do.marsh"})
    assert str(client.get("/complaints?every=true").url).endswith("complaint-list?every=true")


def test_each_list_that_has_more_beside_it_exists() -> None:
    assert set(LIST_PAGES) <= set(LISTS)
    assert {one for lists in FORMER.values() for one in lists} <= set(LISTS)
