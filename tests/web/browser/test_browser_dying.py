"""A worker's entries are not lost when the server is killed; as in real use, the server is a
separate process.
"""

import os
import subprocess
from collections.abc import Iterator
from contextlib import AbstractContextManager, nullcontext
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Any

import httpx
import pytest
from playwright.sync_api import Page, expect

from domain.information.observation import ObservationRecorded
from tests.commands.office import Office, opened
from tests.forked import programs
from tests.processes import LIMIT, end, until
from tests.support.web.browser_worker import emptied, ready
from tests.web.chromium import seat
from tests.web.conftest import free_port

#: The moments at which the server is killed: before it records the entry, while it records it, and
#: after that.
MOMENTS = ("tapped", "asked", "answered")


@dataclass
class Killable:
    """A server that a test can kill as in a power cut, and start again on the same store."""

    office: Office
    port: int
    process: "subprocess.Popen[bytes] | None" = None

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    def start(self) -> None:
        store = ["--store", self.office.settings.store]
        serve = [*store, "serve", "--port", str(self.port), "--no-watch"]
        self.process = subprocess.Popen(
            [programs() / "continuum", *serve],
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
            env={name: value for name, value in os.environ.items() if "CONTINUUM" not in name},
        )
        until(self._answers, "the server does not answer")

    def _answers(self) -> bool:
        assert self.process
        assert self.process.poll() is None
        try:
            return httpx.get(f"{self.url}/offline", timeout=LIMIT).is_success
        except httpx.TransportError:
            return False

    def kill(self) -> None:
        if self.process:
            end(self.process)
            self.process = None

    def recorded(self) -> list[str]:
        events = [fact.event for fact in self.office.facts()]
        return [event.words for event in events if isinstance(event, ObservationRecorded)]


@pytest.fixture
def killable(tmp_path: Path) -> Iterator[Killable]:
    one = Killable(opened(tmp_path / "store"), free_port())
    yield one
    one.kill()
    one.office.system.close()


def send(page: Page, words: str) -> None:
    page.fill("#words", words)
    page.get_by_role("button", name="Send").click()


def wait_for_moment(page: Page, moment: str) -> AbstractContextManager[Any]:
    """Return a context that ends when the browser sends the entry ("asked") or gets the answer
    ("answered"). For any other `moment` it ends at once."""
    if moment == "asked":
        return page.expect_request("**/record")
    return page.expect_response("**/record") if moment == "answered" else nullcontext()


def is_stored(page: Page, killable: Killable, words: str) -> bool:
    """Return whether the phone or the server stores the entry."""
    return page.locator("#kept").is_visible() or words in killable.recorded()


def test_a_server_killed_while_it_records_loses_and_doubles_nothing(
    killable: Killable, chromium: Any
) -> None:
    killable.start()
    with seat(chromium, killable.url, offline=True) as worker:
        page = worker.sign_in("psw.ellis").go("/record")
        ready(page)
        for moment in MOMENTS:
            page = worker.go("/record")
            with wait_for_moment(page, moment):
                send(page, f"killed when {moment}")
            with worker.without_server():
                killable.kill()
                until(partial(is_stored, page, killable, f"killed when {moment}"), "it is not kept")
            killable.start()
            worker.sign_in("psw.ellis").go("/")
        emptied(worker.page)
        assert worker.complaints == []
    assert sorted(killable.recorded()) == sorted(f"killed when {one}" for one in MOMENTS)


def test_an_answer_that_dies_with_its_server_is_requested_again(
    killable: Killable, chromium: Any
) -> None:
    """If the server dies before it answers, the phone sends the entry again, even if the log
    already contains the entry."""
    killable.start()
    with seat(chromium, killable.url, offline=True) as worker:
        page = worker.sign_in("psw.ellis").go("/record")

        def die(route: Any) -> None:
            route.fetch()
            killable.kill()
            route.abort()

        page.route("**/record", die, times=1)
        send(page, "told at midnight")
        # while an entry is being sent, another page of the browser also shows it as "not sent yet"
        until(lambda: page.evaluate("1") and not killable.process, "nothing was sent")
        expect(page.locator("#outbox")).to_contain_text("1 not sent yet")
        assert killable.recorded() == ["told at midnight"]
        killable.start()
        # the page opens this address by itself; if the test opened it too, the two requests could
        # conflict
        page.wait_for_url("**/receipt/*")
        emptied(page)
    assert killable.recorded() == ["told at midnight"]
