"""Each figure of the team's overview links to a list with exactly as many rows."""

import re
from typing import Any

import pytest

from tests.web.conftest import House, Somebody
from tests.web.screens import AUDITOR, MANAGER, SERGEANT
from web.app import make_app

FIGURE = re.compile(r'class="c-figure[^"]*" href="([^"]+)"><strong>(\d+)</strong>')
LINKED = re.compile(r'href="(/list/cases\?(?:worker|team)=[^"]+)">(\d+)<')
#: Addresses of pages whose items are not rows of a table; each item is one line of text.
ITEMS = ("/queue",)


def rows(page: str, path: str) -> int:
    """Return the number of rows of the first list on this page. `path` is the page's address, by
    which the function knows the list's HTML."""
    if path in ITEMS:
        return page.count('c-item__words">')
    body = re.search(r"<tbody>.*?</tbody>", page, re.DOTALL)
    return len(re.findall(r"<tr[ >]", body[0])) if body else 0


def figures(somebody: Somebody) -> dict[str, int]:
    """Return each figure of the overview by the address of the list that the figure opens."""
    page = somebody.get("/manage").text.replace("&amp;", "&")
    return {href: int(many) for href, many in FIGURE.findall(page) + LINKED.findall(page)}


@pytest.mark.parametrize("who", [MANAGER, SERGEANT, AUDITOR])
def test_a_figure_is_the_number_of_its_rows(shown: Any, who: str) -> None:
    somebody = House(shown.office, make_app(shown.office.system)).somebody(who)
    told = figures(somebody)
    assert len(told) >= 5
    assert any(told.values())
    for href, number in told.items():
        found = somebody.get(href)
        assert found.status_code == 200, href
        many = rows(found.text, href.partition("?")[0])
        looking = "unusual-access" in href  # this list also counts the reading by this test
        assert number <= many <= (figures(somebody)[href] if looking else number), href


def test_what_is_recorded_about_a_team_is_one_list(shown: Any) -> None:
    """The page of a team has one list of all actions that record something about the team. Each
    opens a form and then leads back. Readers who may do none of them see no list."""
    house = House(shown.office, make_app(shown.office.system))
    manager = house.somebody(MANAGER)
    page = manager.get("/manage").text
    acts = re.findall(r'<li><a href="(/do/[^"]+)">', page)
    assert "/do/team-capacity?back=/manage" in acts
    assert len(acts) >= 5
    assert "<details" not in page.partition("<main")[2]
    for address in acts:
        form = manager.get(address)
        assert form.status_code == 200, address
        assert 'name="back" value="/manage"' in form.text, address
    auditor = house.somebody(AUDITOR).get("/manage").text
    assert 'data-opens="add"' not in auditor
