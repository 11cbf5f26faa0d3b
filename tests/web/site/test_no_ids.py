"""People read names, not ids: a page shows an id only where a user has to copy it."""

import re

import pytest

from tests.web.client import Client
from tests.web.screens import EVERY, PEOPLE
from tests.web.showcase import Showcase
from web.app import make_app

#: A whole id, or the end of one, in the text of a page; digits alone are a date or a number.
ID = re.compile(
    r"\b[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}\b"
    r"|\b(?=[0-9a-f]*[a-f])(?=[0-9a-f]*[0-9])[0-9a-f]{8}\b"
)
_NOT_READ = re.compile(r"<(script|style|template)\b.*?</\1>|<[^>]*>", re.DOTALL)
#: Screens that show ids as a proof, or text to type into a program: addresses, commands.
PROVING = {"verify", "replay", "api", "story"}
#: Of other users' screens, each person opens one in this many; with `--every` all.
SHARES = 3


@pytest.mark.parametrize("person", PEOPLE)
def test_no_page_shows_an_id(shown: Showcase, person: str, request: pytest.FixtureRequest) -> None:
    """Each screen is opened by its own user and by two or more other users."""
    shares = 1 if request.config.getoption("--every") else SHARES
    turn = [*PEOPLE].index(person)
    mine = [
        screen
        for number, screen in enumerate(EVERY)
        if screen.who == person or (number + turn) % shares == 0
    ]
    showing = dict[str, str]()
    client = Client(make_app(shown.office.system))
    client.post("/sign-in", data={"name": person})
    addresses = {screen.at: screen.name for screen in mine if screen.name not in PROVING}
    for at, name in addresses.items():
        page = client.get(shown.address(at))
        if page.status_code == 200 and (found := ID.search(_NOT_READ.sub(" ", page.text))):
            showing[name] = found[0]
    assert not showing
