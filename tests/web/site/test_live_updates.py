"""A page shows records of other users without a reload, and its open connection occupies no
thread.
"""

import http.client
import threading
from collections.abc import Iterator
from typing import Any

import pytest

from tests.processes import LIMIT
from tests.web.chromium import DESKTOP, seat
from tests.web.conftest import Served

WAITING = 100


def test_what_another_records_comes_into_the_open_queue(chromium: Any, served: Served) -> None:
    with seat(chromium, served.url, DESKTOP) as sergeant:
        sergeant.sign_in("ds.hale")
        page = sergeant.go("/queue")
        page.evaluate("window.mark = 'the same page'")
        worker = served.house.somebody("psw.ellis")
        worker.send("/record", words="He waits at the gate of Town A school")
        page.get_by_text("He waits at the gate of Town A school").wait_for()
        assert page.evaluate("window.mark") == "the same page"
        sergeant.check()


class Lines:
    """The open connections of one browser for live updates; they are closed when the test ends."""

    def __init__(self, served: Served) -> None:
        self.port = served.port
        self.worker = served.house.somebody("psw.ellis")
        jar = self.worker.client.cookies.jar
        self.cookie = "; ".join(f"{one.name}={one.value}" for one in jar)
        self.opened: list[http.client.HTTPConnection] = []

    def ask(self, path: str) -> http.client.HTTPResponse:
        line = http.client.HTTPConnection("127.0.0.1", self.port, timeout=LIMIT)
        self.opened.append(line)
        line.request("GET", path, headers={"Cookie": self.cookie})
        answer = line.getresponse()
        assert answer.status == 200
        return answer

    def channel(self) -> http.client.HTTPResponse:
        answer = self.ask("/live")
        assert answer.readline() == b"retry: 3000\n"
        assert answer.readline() == b"\n"
        return answer


@pytest.fixture
def lines(served: Served) -> Iterator[Lines]:
    made = Lines(served)
    yield made
    for line in made.opened:
        line.close()


def test_a_hundred_open_channels_starve_nobody(lines: Lines) -> None:
    channels = [lines.channel() for _ in range(WAITING)]
    # there are more open connections than worker threads: if each occupied a thread, all requests
    # would wait
    for _ in range(20):
        with lines.ask("/session") as answer:
            assert answer.read()
    assert threading.active_count() < WAITING
    lines.worker.send("/record", words="something new")
    for channel in channels:
        with channel:
            assert channel.readline() == b"event: changed\n"


def test_a_channel_ends_with_its_session(lines: Lines, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("web.site.live_updates.STILL", 0.5)
    with lines.channel() as one:
        lines.worker.client.post("/sign-out", data={"csrf": lines.worker.csrf})
        assert one.readline() == b"event: ended\n"
