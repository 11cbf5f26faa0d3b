"""A connection is closed if its request's headers do not arrive in time. It stays open while its
request is being answered."""

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any
from unittest.mock import MagicMock

import pytest
import uvicorn
from uvicorn.server import ServerState

from access import connections
from access.connections import Connection
from tests.support.web.bodies import opened
from tests.web.conftest import Served

HEAD = b"GET /healthz HTTP/1.1\r\nHost: 127.0.0.1\r\n"


@dataclass
class Timer:
    """A scheduled call of a function, which the test makes when it chooses."""

    seconds: float
    call: Callable[[], None]
    cancelled: bool = False

    def cancel(self) -> None:
        self.cancelled = True


@dataclass
class Line:
    """A connection of the server, with a stand-in for the event loop in which the test makes time
    pass."""

    timers: list[Timer] = field(default_factory=list)
    closed: bool = False
    sent: bytes = b""
    tasks: list[Any] = field(default_factory=list)

    def call_later(self, seconds: float, call: Callable[[], None]) -> Timer:
        self.timers.append(Timer(seconds, call))
        return self.timers[-1]

    def create_task(self, work: Any, **_: object) -> Any:
        self.tasks.append(work)
        return MagicMock()

    def get_extra_info(self, name: str, default: object = None) -> object:
        return default

    def is_closing(self) -> bool:
        return self.closed

    def close(self) -> None:
        self.closed = True

    def write(self, data: bytes) -> None:
        self.sent += data

    def pause_reading(self) -> None: ...

    def resume_reading(self) -> None: ...

    def due(self) -> list[Timer]:
        """Return the timers that close connections whose request headers have not arrived."""
        return [t for t in self.timers if t.seconds == connections.HEAD and not t.cancelled]


async def _healthy(scope: Any, receive: Any, send: Any) -> None:
    await send({"type": "http.response.start", "status": 200, "headers": []})
    await send({"type": "http.response.body", "body": b"alive"})


def connected() -> tuple[Line, Connection]:
    line: Any = Line()
    config = uvicorn.Config(_healthy, http=Connection, log_config=None, lifespan="off")
    one = Connection(config, ServerState(), {}, line)
    one.connection_made(line)
    return line, one


def test_an_idle_connection_is_ended() -> None:
    line, _ = connected()
    (waits,) = line.due()
    waits.call()
    assert line.closed


def test_more_bytes_of_a_head_give_it_no_more_time() -> None:
    line, one = connected()
    for byte in HEAD:
        one.data_received(bytes([byte]))
    (waits,) = line.due()
    waits.call()
    assert line.closed


def test_a_request_that_is_being_answered_is_left_alone() -> None:
    line, one = connected()
    one.data_received(HEAD + b"\r\n")
    assert line.tasks
    assert not line.due()
    (answering,) = line.tasks
    # the coroutine is run by hand, because an earlier browser test may have left its event loop in
    # this thread
    with pytest.raises(StopIteration):
        answering.send(None)
    assert b"alive" in line.sent
    assert len(line.due()) == 1, "the next head is waited for"
    one.data_received(HEAD[:10])
    (waits,) = line.due()
    waits.call()
    assert line.closed


def test_a_connection_that_sends_no_whole_head_is_ended(
    served: Served, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(connections, "HEAD", 0.01)
    for begun in (b"", HEAD):
        with opened(served) as line:
            line.sendall(begun)
            assert line.recv(100) == b"", "the server ended it"
