"""The module of a screen is imported at the first request for one of the screen's addresses."""

import json
import subprocess
import sys

import pytest
from starlette.routing import Match

from tests.house.tree import ROOT
from tests.web.addresses import written
from web.app import PARTS
from web.site.screen_routes import ADDRESSES, Screen

#: Names of libraries that only a few pages need.
FEW = {"httpx", "joserfc", "networkx", "numpy", "scipy", "webauthn", "xlsxwriter"}
PROGRAM = """
import json, sys
from web.app import PARTS
from web import serving
begun = sorted(sys.modules)
[part] = [part for part in PARTS if part.matches(
    {"type": "http", "method": "GET", "path": "/offline", "headers": []}
)[0].value == 2]
json.dump([part.module, begun, sorted(sys.modules)], sys.stdout)
"""


def test_the_list_of_addresses_is_that_of_the_routes() -> None:
    assert ADDRESSES.read_text("utf-8") == written(), "python -m tests.web.addresses"


def test_a_server_imports_only_the_screen_of_its_first_page() -> None:
    done = subprocess.run(
        [sys.executable, "-c", PROGRAM], capture_output=True, text=True, check=True, cwd=ROOT
    )
    answers, begun, ended = json.loads(done.stdout)
    screens = {part.module for part in PARTS}
    assert answers == "web.worker.entry_form"
    # the application itself imports this module; the first request for the entry form imports the
    # others
    assert screens & {*begun} == {"web.made.private_queries"}
    assert screens & {*ended} - {*begun} == {
        "web.desk.mention_chips",
        "web.made.listing",
        "web.worker.entry",
        "web.worker.entry_form",
        "web.worker.my_entries",
    }
    assert not FEW & {*ended}


@pytest.mark.parametrize(
    ("path", "method", "match"),
    [
        ("/offline", "GET", Match.FULL),
        ("/offline", "DELETE", Match.PARTIAL),
        ("/offline/more", "GET", Match.NONE),
        ("/", "GET", Match.NONE),
    ],
)
def test_a_screen_answers_its_own_addresses(path: str, method: str, match: Match) -> None:
    screen = Screen("web.worker.entry_form")
    found, scope = screen.matches({"type": "http", "path": path, "method": method, "headers": []})
    assert found is match
    assert getattr(scope.get("route"), "path", None) == (path if scope else None)


def test_a_screen_that_is_not_listed_yet_answers_too(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("web.site.screen_routes.patterns", dict)
    screen = Screen("web.worker.entry_form")
    assert not screen.patterns
    scope = {"type": "http", "path": "/offline", "method": "GET", "headers": []}
    assert screen.matches(scope)[0] is Match.FULL
