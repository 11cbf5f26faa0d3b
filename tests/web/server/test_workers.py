"""Several processes serve one store. Users do not notice which process answers, nor when a process
ends and is replaced."""

import os
import subprocess
import sys
import threading
from collections.abc import Iterator
from contextlib import ExitStack, closing, contextmanager, suppress
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path
from ssl import PROTOCOL_TLS_CLIENT, SSLContext
from uuid import uuid4

import httpx
import psutil
import pytest

from domain.data_protection.access_log import RecordConsulted
from domain.information.observation import ObservationRecorded
from tests.commands.office import Office, opened
from tests.processes import LIMIT, below, end, gone, until
from tests.web.conftest import free_port

#: Tested on both databases, because the processes inform each other about new records through the
#: database.
pytestmark = pytest.mark.usually_on("sqlite", "postgres")

WORKERS = 2
#: A TLS context without certificates, because reading the machine's certificates takes longer than
#: a request.
PLAIN = SSLContext(PROTOCOL_TLS_CLIENT)


@dataclass
class Team:
    """A server with several worker processes on one store. A test can pause a process, so that
    another one answers.
    """

    office: Office
    port: int = field(default_factory=free_port)
    chief: subprocess.Popen[bytes] = field(init=False, repr=False)

    def __post_init__(self) -> None:
        self.start()

    def start(self) -> None:
        program = str(Path(sys.executable).with_name("continuum"))
        settings = self.office.settings
        store = ["--home", str(settings.home), "serve", "--port", str(self.port)]
        self.chief = subprocess.Popen(
            [program, *store, "--workers", str(WORKERS)],
            stderr=subprocess.DEVNULL,
            env=os.environ | {"CONTINUUM_STORE": settings.store},
        )

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    def workers(self) -> list[psutil.Process]:
        """Return the processes that serve, the oldest first."""
        found = below(self.chief.pid)
        serving = [one for one in found if _serves(one, self.port)]
        return sorted(serving, key=lambda one: one.create_time())

    def ready(self) -> None:
        """Wait until each of the processes answers."""
        until(lambda: len(self.workers()) == WORKERS, "not every process serves")
        # all processes must answer first, because no process can start while another is paused
        until(self.answers, "no process answers")
        for worker in self.workers():
            with self.only(worker):
                until(self.answers, "a process does not answer")

    def answers(self) -> bool:
        try:
            return httpx.get(f"{self.url}/offline", timeout=5, verify=PLAIN).is_success
        except httpx.HTTPError:
            return False

    @contextmanager
    def only(self, one: psutil.Process) -> Iterator[None]:
        """Within the block, pause all serving processes except `one`, so that it answers all
        requests."""
        with ExitStack() as held:
            for other in self.workers():
                if other != one:
                    held.enter_context(paused(other))
            yield

    def end(self) -> None:
        """End all processes of the server through its main process. Serving processes that still
        run after a while are killed.
        """
        workers = self.workers() if self.chief.poll() is None else []
        self.chief.terminate()
        try:
            self.chief.wait(LIMIT)
            until(lambda: all(map(gone, workers)), "a process serves on")
        finally:
            for worker in filter(psutil.Process.is_running, workers):
                worker.kill()
            end(self.chief)


@contextmanager
def paused(one: psutil.Process) -> Iterator[None]:
    """Pause this process within the block."""
    one.suspend()
    try:
        yield
    finally:
        one.resume()


def _serves(one: psutil.Process, port: int) -> bool:
    """Return whether a process serves requests: it is not the follower, not a helper of the
    standard library, and has not ended.
    """
    try:
        return any(connection.laddr.port == port for connection in one.net_connections("tcp"))
    except psutil.NoSuchProcess:
        return False


@contextmanager
def working(home: Path, url: str | None = None) -> Iterator[Team]:
    """Run processes that serve one store; yield the server."""
    office = opened(home, url)
    with closing(office.system):
        made = Team(office)
        try:
            made.ready()
            yield made
        finally:
            made.end()


@pytest.fixture(
    scope="module", params=["sqlite", pytest.param("postgres", marks=pytest.mark.postgres)]
)
def shared_team(
    request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Team]:
    """Yield a server, once with each database. All tests share it, because it starts slowly."""
    postgres = request.param == "postgres"
    url = request.getfixturevalue("fresh_database")() if postgres else None
    with working(tmp_path_factory.mktemp("workers") / "store", url) as made:
        yield made


@pytest.fixture
def team(shared_team: Team) -> Team:
    """Yield the shared server; start it again if a test has ended its main process."""
    if shared_team.chief.poll() is not None:
        shared_team.start()
        shared_team.ready()
    return shared_team


@pytest.fixture(autouse=True)
def _nothing_left_running(team: Team, _nothing_left_running: None) -> None:
    """Replace the check that a test leaves no process running, because the server of these tests
    runs on."""


@dataclass
class Browser:
    """A signed-in user who opens a new connection for each request, so that any serving process may
    answer."""

    team: Team
    name: str
    cookies: httpx.Cookies = field(default_factory=httpx.Cookies)
    csrf: str = ""

    def __post_init__(self) -> None:
        with self.line() as line:
            line.post("/sign-in", data={"name": self.name})
            self.csrf = line.get("/session").json()["csrf"]
            self.cookies = line.cookies

    def line(self) -> httpx.Client:
        return httpx.Client(
            base_url=self.team.url, cookies=self.cookies, timeout=LIMIT, verify=PLAIN
        )

    def read(self, path: str) -> httpx.Response:
        with self.line() as line:
            return line.get(path)

    def record(self, words: str, command: str | None = None) -> httpx.Response:
        given = {"words": words, "command_id": command or str(uuid4())}
        with self.line() as line:
            return line.post("/record", json=given, headers={"X-CSRF-Token": self.csrf})


@pytest.mark.skipif(not sys.platform.startswith("linux"), reason="told by what Linux maps")
@pytest.mark.usually_on("sqlite")
def test_the_process_that_replaces_others_loads_no_screens(team: Team) -> None:
    """The main process, which restarts the serving processes, imports no screens. With them it
    would need twice the memory."""
    serving = team.workers()[0]
    assert any("/scipy/" in memory_map.path for memory_map in serving.memory_maps())
    assert not any(
        "/scipy/" in memory_map.path for memory_map in psutil.Process(team.chief.pid).memory_maps()
    )


def test_whichever_answers_knows_the_same(team: Team) -> None:
    """Every serving process gives the same answers. Each recognises a session, a form's token and a
    repeated command that another process handled."""
    first, second = team.workers()
    before = len(team.office.facts("access"))
    command = str(uuid4())
    with team.only(first):
        worker = Browser(team, "psw.ellis")
        made = worker.record("He waits at the gate of Town A school", command)
        assert made.status_code == 201
    with team.only(second):
        again = worker.record("He waits at the gate of Town A school", command)
        assert again.json()["id"] == made.json()["id"]
        sergeant = Browser(team, "ds.hale")
        assert "gate of Town A school" in sergeant.read(f"/items/{made.json()['id']}").text
        more = worker.record("and again on Tuesday")
        assert more.status_code == 201
    with team.only(first):
        assert "again on Tuesday" in sergeant.read(f"/items/{more.json()['id']}").text
        with sergeant.line() as line:
            line.post("/sign-out", data={"csrf": sergeant.csrf})
    with team.only(second):
        assert sergeant.read("/queue").status_code == 303
    since = team.office.facts("access")[before:]
    looked = [fact for fact in since if type(fact.event) is RecordConsulted]
    assert [fact.by for fact in looked] == ["ds.hale", "ds.hale"]


def test_they_are_forked_from_one_that_loaded_the_screens_and_opened_nothing(team: Team) -> None:
    (loaded,) = {worker.parent() for worker in team.workers()}
    assert loaded
    assert loaded.pid != team.chief.pid
    assert loaded.net_connections() == []
    home = str(team.office.settings.home)
    assert not [file.path for file in loaded.open_files() if file.path.startswith(home)]


def test_an_open_screen_hears_of_what_another_process_recorded(team: Team) -> None:
    first = team.workers()[0]
    with team.only(first):
        worker = Browser(team, "psw.ellis")
        line = worker.line()
        channel = line.send(line.build_request("GET", "/live"), stream=True)
        lines = channel.iter_lines()
        assert next(lines) == "retry: 3000"
    with paused(first):
        made = worker.record("something new")
    assert made.status_code == 201
    assert next(one for one in lines if one and not one.startswith(":")) == "event: changed"
    channel.close()
    line.close()


def test_one_that_is_killed_loses_nothing_and_is_replaced(
    team: Team, request: pytest.FixtureRequest
) -> None:
    """If a serving process is killed, another replaces it and no entry is lost. Users repeat each
    entry with the same command id until it is answered."""
    kills = 2 if request.config.getoption("--every") else 1
    people = [Browser(team, f"psw.{number}") for number in range(4)]
    acknowledged: list[str] = []
    ended = threading.Event()

    def answered(one: Browser, words: str, command: str) -> bool:
        with suppress(httpx.HTTPError):
            return one.record(words, command).status_code in (200, 201)
        return False

    def work(one: Browser) -> None:
        while not ended.is_set():
            words, command = f"told {uuid4()}", str(uuid4())
            until(partial(answered, one, words, command), "nobody answers", pause=0.05)
            acknowledged.append(words)

    threads = [threading.Thread(target=work, args=(person,)) for person in people]
    for thread in threads:
        thread.start()
    try:
        for _ in range(kills):
            enough = len(acknowledged) + 10
            until(lambda: len(acknowledged) >= enough, "nobody is answered")  # noqa: B023 (the lambda is called at once)
            victim = team.workers()[0]
            victim.kill()
            until(lambda: victim not in team.workers(), "it lives on")  # noqa: B023
            team.ready()
    finally:
        ended.set()
        for thread in threads:
            thread.join()
    events = [fact.event for fact in team.office.facts()]
    told = [event.words for event in events if isinstance(event, ObservationRecorded)]
    assert set(acknowledged) <= set(told)
    assert len(told) == len(set(told))
    assert len(acknowledged) >= 10 * kills
    assert team.office.system.views.compare() == []


@pytest.mark.usually_on("sqlite")  # the database makes no difference
def test_where_what_they_are_forked_from_is_killed_others_take_over(team: Team) -> None:
    before = team.workers()
    (loaded,) = {one.parent() for one in before}
    assert loaded
    loaded.kill()
    until(lambda: all(map(gone, before)), "a process serves on beside those that took over")
    team.ready()
    assert Browser(team, "psw.ellis").record("they serve on").status_code == 201


def test_nobody_serves_on_after_their_chief_was_killed(team: Team) -> None:
    """If the main process is killed, all serving processes end. (This is the file's last test,
    because it ends the server.)"""
    until(team.office.system.views.followed, "a process follows the views")
    started = below(team.chief.pid)
    assert len(started) > WORKERS
    team.chief.kill()
    # the process that inherits the ended processes may not reap them, so this waits until they have
    # ended or are zombies
    until(lambda: all(map(gone, started)), "a process serves on")
    team.chief.wait(LIMIT)
