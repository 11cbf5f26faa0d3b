"""Fixtures: a store with its screens, which a test requests in this process or opens in a real
Chromium.
"""

import re
import socket
import threading
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from uuid import uuid4

import jinja2
import pytest
import uvicorn
from starlette.routing import Mount
from starlette.testclient import TestClient

from access.connections import Connection
from tests.commands.office import Office, opened
from tests.processes import LIMIT, until
from tests.web.client import Client
from web.app import make_app
from web.site.static_files import A_WEEK, CachedFiles

#: The names of the packages' folders in this checkout.
OURS = {one.parent.name for one in Path(__file__).parents[2].glob("*/__init__.py")}
_attribute = jinja2.Environment.getattr


def _exact_attribute(made: jinja2.Environment, value: Any, name: str) -> Any:
    """Return the attribute `name` of a value in a template. If the value has no such attribute, the
    template fails, whereas Jinja alone would print an empty text."""
    found = _attribute(made, value, name)
    if isinstance(found, jinja2.Undefined) and type(value).__module__.partition(".")[0] in OURS:
        return jinja2.StrictUndefined(obj=value, name=name)
    return found


pytest.MonkeyPatch().setattr(jinja2.Environment, "getattr", _exact_attribute)

CSRF = re.compile(r'name="csrf" value="([^"]+)"')


@dataclass
class Somebody:
    """A user who opens the screens in a browser without JavaScript, which is a client in this
    process.
    """

    client: TestClient
    name: str
    csrf: str = ""

    def sign_in(self) -> "Somebody":
        """Sign in without loading a page first, which would take longer than all other requests."""
        given = {"name": self.name}
        answer = self.client.post("/sign-in", data=given, follow_redirects=False)
        assert answer.status_code == 303, answer.text
        self.csrf = self.client.get("/session").json()["csrf"]
        return self

    def get(self, path: str, **more: Any) -> Any:
        return self.client.get(path, **more)

    def ask(self, path: str, **words: Any) -> Any:
        """Search on the page at `path` by its form, which sends the searched text in the request's
        body and not in an address; return the answer.
        """
        return self.client.post("/asked", data={"csrf": self.csrf, "to": path} | words)

    def send(self, path: str, **form: Any) -> Any:
        given = {"csrf": self.csrf, "command_id": str(uuid4())} | form
        return self.client.post(path, data=given)

    def tell(self, command: str, back: str = "/", **fields: Any) -> Any:
        """Send the form of the use case `command`; return the page `back`, to which the browser
        returns."""
        return self.send(f"/do/{command.replace(' ', '-')}", back=back, **fields)

    def do(self, command: str, case: object, **fields: Any) -> Any:
        """Send the form of the use case `command` as from the page of this case; return the page
        that follows."""
        return self.tell(command, f"/cases/{case}", case=str(case), **fields)

    def told_of(self, command: str, item: object, **fields: Any) -> Any:
        """Send the form of the use case `command` from the receipt of this log entry."""
        return self.tell(command, f"/receipt/{item}", item=str(item), **fields)

    def describe(self, command: str, who: object, **fields: Any) -> Any:
        """Send the form of the use case `command` from the page of this person."""
        return self.tell(f"person {command}", f"/people/{who}", who=str(who), **fields)


@dataclass
class House:
    """A test's open store, its web application, and functions that return users of it."""

    office: Office
    app: Any

    def somebody(self, name: str = "psw.ellis") -> Somebody:
        return Somebody(Client(self.app), name).sign_in()

    @property
    def anybody(self) -> TestClient:
        return Client(self.app, follow_redirects=False)


@pytest.fixture
def house(tmp_path: Path) -> Iterator[House]:
    office = opened(tmp_path / "store")
    yield House(office, make_app(office.system))
    office.system.close()


@dataclass
class Served:
    """A `House` on a port that a browser can reach; a test can kill its server and start it
    again.
    """

    house: House
    port: int
    running: uvicorn.Server | None = None
    thread: threading.Thread | None = field(default=None, repr=False)
    #: Whether the browser asks, with each page, whether the product's own files have changed, as in
    #: real use.
    asks: bool = True

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    def start(self) -> "Served":
        """Start a new server on this port, with an empty memory, as after a crash; the users'
        sessions remain.
        """
        self.house.app = make_app(self.house.office.system)
        if not self.asks:
            _without_questions(self.house.app)
        config = uvicorn.Config(
            self.house.app,
            http=Connection,
            host="127.0.0.1",
            port=self.port,
            log_config=None,
            lifespan="off",
            timeout_graceful_shutdown=1,
        )
        self.running = uvicorn.Server(config)
        self.thread = threading.Thread(target=self.running.run, daemon=True)
        self.thread.start()
        until(self._is_up, "the server does not start")
        return self

    def _is_up(self) -> bool:
        assert self.running
        assert self.thread
        assert self.thread.is_alive()
        return self.running.started

    def stop(self) -> None:
        if self.running and self.thread:
            self.running.should_exit = self.running.force_exit = True
            self.thread.join(LIMIT)
            assert not self.thread.is_alive()


def _without_questions(app: Any) -> None:
    """Let the browser take the product's own files from its cache without asking the server. (The
    ten requests with which a page asks whether its files have changed are tested in
    test_static_files.py.)"""
    for route in app.routes:
        if isinstance(route, Mount) and isinstance(route.app, CachedFiles):
            route.app.kept = A_WEEK


def free_port() -> int:
    with socket.socket() as one:
        one.bind(("127.0.0.1", 0))
        port: int = one.getsockname()[1]
        return port


@pytest.fixture
def served(house: House) -> Iterator[Served]:
    made = Served(house, free_port(), asks=False).start()
    yield made
    made.stop()


@pytest.fixture
def served_to_phones(house: House) -> Iterator[Served]:
    """Serve a store to browsers that request the product's own files for each page. If the server
    is dead, a page can therefore only come from the service worker."""
    made = Served(house, free_port()).start()
    yield made
    made.stop()


@pytest.fixture(scope="session")
def shown(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Any]:
    """Yield the demo's filled store (`showcase`); records of one test remain for the next test."""
    from tests.told import run_of
    from tests.web.showcase import copied

    made = copied(run_of(tmp_path_factory), tmp_path_factory.mktemp("showcase"))
    yield made
    made.office.system.close()


@pytest.fixture(scope="session")
def open_house(shown: Any) -> Iterator[Served]:
    """Serve the demo's store to a test that opens many pages."""
    house = House(shown.office, make_app(shown.office.system))
    made = Served(house, free_port(), asks=False).start()
    yield made
    made.stop()


@pytest.fixture(scope="session")
def chromium(request: pytest.FixtureRequest) -> Iterator[Any]:
    """Yield one browser for all tests; each test uses a context of its own."""
    from playwright.sync_api import sync_playwright

    from tests.web import chromium as seats
    from tests.web.chromium import EXECUTABLE, MISSING, launch

    seats.every_row = request.config.getoption("--every")
    if not EXECUTABLE.exists():
        pytest.skip(MISSING)
    with sync_playwright() as playwright, launch(playwright.chromium) as browser:
        yield browser
