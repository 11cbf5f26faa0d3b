"""Every link and every form on a page works for the user who sees it. A page shows an id only if
the user may need to copy it."""

import html
import re
from collections import Counter
from dataclasses import dataclass, field

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
#: Addresses whose answers never end, and which are not opened.
ENDLESS = {"/live"}
#: A pattern of a whole id, or the end of an id, in the text of a page; digits alone are a date or a
#: number.
ID = re.compile(
    r"\b[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}\b"
    r"|\b(?=[0-9a-f]*[a-f])(?=[0-9a-f]*[0-9])[0-9a-f]{8}\b"
)
_NOT_READ = re.compile(r"<(script|style|template)\b.*?</\1>|<[^>]*>", re.DOTALL)
#: A pattern of pages that may show ids: they show what an id proves, or text to type into a
#: program, such as addresses and commands.
PROVING = re.compile(r"/verify\b|/api/v1\b|/story\b|.*\brebuilt=")
#: The name of the page before the first page of a walk through the pages.
START = "the start"


def kind(address: str) -> str:
    """Return the path of a page without the ids in it, so that pages of the same kind have equal
    paths.
    """
    return ONE.sub("ONE", address.partition("#")[0].partition("?")[0])


@dataclass
class Walk:
    """The result of following all links from some pages. It has the number of opened pages by kind,
    the broken links with their pages, the shown ids, and the forms."""

    seen: Counter[str] = field(default_factory=Counter)
    dead: dict[str, str] = field(default_factory=dict)
    ids: dict[str, str] = field(default_factory=dict)
    forms: set[str] = field(default_factory=set)


def walked(client: Client, starts: list[str], of_a_kind: int, most: int) -> Walk:
    """Open the pages `starts` and follow their links; return the result. At most `of_a_kind` pages
    of each kind and `most` pages in all are opened."""
    walk, waiting = Walk(), [(start, START) for start in starts]
    while waiting and walk.seen.total() < most:
        address, before = waiting.pop(0)
        where = kind(address)
        if (before != START and walk.seen[where] >= of_a_kind) or where in ENDLESS:
            continue
        walk.seen[where] += 1
        answer = client.get(address)
        if answer.status_code >= 400:
            walk.dead[where] = f"{answer.status_code} from {before}"
        if "text/html" in answer.headers.get("content-type", ""):
            waiting += [(html.unescape(link), where) for link in LINK.findall(answer.text)]
            walk.forms |= {html.unescape(form) for form in FORM.findall(answer.text)}
            found = ID.search(_NOT_READ.sub(" ", answer.text))
            if found and not PROVING.match(address):
                walk.ids[address] = found[0]
    return walk


@pytest.mark.in_turn
@pytest.mark.parametrize("person", PEOPLE)
def test_every_way_leads_on(shown: Showcase, person: str, request: pytest.FixtureRequest) -> None:
    system: System = shown.office.system
    client = Client(make_app(system))
    client.post("/sign-in", data={"name": person})
    mine = [shown.address(one.at) for one in EVERY if one.who == person and one.name != "problem"]
    every = request.config.getoption("--every")
    limits = (TWO_OF_A_KIND, MOST_OF_ALL) if every else (ONE_OF_A_KIND, MOST)
    walk = walked(client, ["/", *mine], *limits)
    assert (walk.dead, walk.ids) == ({}, {})
    assert walk.seen.total() > 20
    reader = system.vouched_for(person).reader
    assert {form for form in walk.forms if not opens(reader, form)} == set()
