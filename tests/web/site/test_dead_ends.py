"""Every link and every form on a page opens for the user who sees it."""

import html
import re
from collections import Counter

import pytest

from installation.system import System
from tests.web.client import Client
from tests.web.screens import EVERY, PEOPLE
from tests.web.showcase import Showcase
from web.app import make_app
from web.site.navigation import opens

LINK = re.compile(r'<a [^>]*href="(/[^"]*)"')
FORM = re.compile(r'(?:form)?action="(/[^"?#]*)')
ONE = re.compile(r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}|[0-9a-f]{32}|\d{6}")
#: How many pages of one kind each user opens; the second number is for `--every`.
ONE_OF_A_KIND, TWO_OF_A_KIND = 1, 2
#: The most pages that each user opens; the second number is for `--every`.
MOST, MOST_OF_ALL = 50, 80
#: Addresses whose answers never end.
ENDLESS = {"/live"}


def kind(address: str) -> str:
    """Return an address without the ids in it."""
    return ONE.sub("ONE", address.partition("#")[0].partition("?")[0])


def walked(
    client: Client, starts: list[str], of_a_kind: int, most: int
) -> tuple[dict[str, str], set[str], int]:
    """Return the links that do not open, each with its page; the forms that were shown; the
    number of pages."""
    waiting, seen = [(start, "the start") for start in starts], Counter[str]()
    dead, forms = dict[str, str](), set[str]()
    while waiting and seen.total() < most:
        address, before = waiting.pop(0)
        where = kind(address)
        if seen[where] >= of_a_kind or where in ENDLESS:
            continue
        seen[where] += 1
        answer = client.get(address)
        if answer.status_code >= 400:
            dead[where] = f"{answer.status_code} from {before}"
        if "text/html" in answer.headers.get("content-type", ""):
            waiting += [(html.unescape(link), where) for link in LINK.findall(answer.text)]
            forms |= {html.unescape(form) for form in FORM.findall(answer.text)}
    return dead, forms, seen.total()


@pytest.mark.parametrize("person", PEOPLE)
def test_every_way_leads_on(shown: Showcase, person: str, request: pytest.FixtureRequest) -> None:
    system: System = shown.office.system
    client = Client(make_app(system))
    client.post("/sign-in", data={"name": person})
    mine = [shown.address(one.at) for one in EVERY if one.who == person and one.name != "problem"]
    every = request.config.getoption("--every")
    limits = (TWO_OF_A_KIND, MOST_OF_ALL) if every else (ONE_OF_A_KIND, MOST)
    dead, forms, pages = walked(client, ["/", *mine], *limits)
    assert dead == {}
    assert pages > 20
    reader = system.vouched_for(person).reader
    assert {form for form in forms if not opens(reader, form)} == set()
