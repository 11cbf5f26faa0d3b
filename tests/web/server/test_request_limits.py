"""The server counts a request's body while it arrives. A body that is too large or too slow is
refused, and nothing of it stays in memory.

The tests use real sockets, because only then a body arrives in pieces, and use lower limits, so
that they are fast.
"""

import http.client
import json
import socket
import tracemalloc
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import anyio
import anyio.lowlevel
import pytest
from starlette.types import Message

from tests.support.web.bodies import opened
from tests.web.conftest import Served
from web.server import request_limits
from web.server.request_limits import TOO_SLOW, Body

PIECE = b"x" * 10_000
LOW, LOW_FILE = 50_000, 400_000
PARTS = "multipart/form-data; boundary=b"
PART = b'--b\r\nContent-Disposition: form-data; name="file"; filename="x.csv"\r\n\r\n'
FIELDS = "application/x-www-form-urlencoded"
READ = [
    ("/sign-in/passkey", "application/json"),
    ("/outbox/contact", "application/json"),
    ("/sign-in", FIELDS),
    ("/enrol", FIELDS),
    ("/record", FIELDS),
    ("/import", PARTS),
    ("/accounts", FIELDS),
]


@pytest.fixture
def low(monkeypatch: pytest.MonkeyPatch, served: Served) -> Served:
    """Serve the store with low limits for request bodies."""
    monkeypatch.setattr(request_limits, "FORM", LOW)
    monkeypatch.setattr("web.site.security_headers.FORM", LOW)
    for path, most in request_limits.CEILINGS.items():
        monkeypatch.setitem(
            request_limits.CEILINGS,
            path,
            LOW if most < request_limits.FILE else request_limits.FILE,
        )
    return served


def pieces(line: socket.socket, head: str, many: int) -> int:
    """Send a body in this many chunks; return how many bytes the server read before it closed the
    connection."""
    line.sendall(f"{head}\r\nTransfer-Encoding: chunked\r\n\r\n".encode())
    sent = 0
    if PARTS in head:
        line.sendall(f"{len(PART):x}\r\n".encode() + PART + b"\r\n")
    try:
        for _ in range(many):
            line.sendall(f"{len(PIECE):x}\r\n".encode() + PIECE + b"\r\n")
            sent += len(PIECE)
        line.sendall(b"0\r\n\r\n")
    except OSError:
        pass
    return sent


def status_of(line: socket.socket) -> tuple[int, str]:
    answer = http.client.HTTPResponse(line)
    try:
        answer.begin()
        return answer.status, answer.read().decode()
    finally:
        answer.close()


def head(path: str, kind: str = "application/json", cookie: str = "") -> str:
    said = f"POST {path} HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Type: {kind}"
    return f"{said}\r\nCookie: {cookie}" if cookie else said


@pytest.mark.parametrize(("path", "kind"), READ)
def test_a_body_without_a_length_is_ended_at_its_ceiling(low: Served, path: str, kind: str) -> None:
    with opened(low) as line:
        pieces(line, head(path, kind), 8)
        status, told = status_of(line)
    assert status == (401 if path == "/import" else 413)
    assert "othing was recorded" in told


def test_a_body_that_says_it_is_too_long_is_not_read(low: Served) -> None:
    with opened(low) as line:
        line.sendall(f"{head('/sign-in/passkey')}\r\nContent-Length: 200000000\r\n\r\n".encode())
        status, told = status_of(line)
    assert (status, json.loads(told)["status"]) == (413, 413)


def test_a_file_is_taken_from_people_who_are_signed_in(low: Served, tmp_path: Path) -> None:
    body = PART + PIECE * 30 + b"\r\n--b--\r\n"
    length = f"\r\nContent-Length: {len(body)}\r\n\r\n"
    with opened(low) as line:
        line.sendall((head("/import", PARTS) + length).encode() + body)
        status, told = status_of(line)
    assert (status, "Sign in first" in told) == (401, True)
    worker = low.house.somebody("psw.ellis")
    cookie = "; ".join(f"{one.name}={one.value}" for one in worker.client.cookies.jar)
    with opened(low) as line:
        line.sendall((head("/import", PARTS, cookie) + length).encode() + body)
        status, told = status_of(line)
    # the server accepts the body but refuses the request, because the form's token is missing
    assert status == 403


def test_a_slow_body_ends(low: Served, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(request_limits, "GRACE", 0.1)
    with opened(low) as line:
        line.sendall(f"{head('/sign-in/passkey')}\r\nContent-Length: 50\r\n\r\n{{".encode())
        status, told = status_of(line)
    assert (status, "too slow" in told) == (408, True)


@pytest.mark.parametrize(("rate", "taken"), [(1.0, 20), (0.5, 3)])
def test_a_slow_body_is_taken_as_long_as_enough_of_it_comes(rate: float, taken: int) -> None:
    """A slow body is accepted as long as it arrives at the slowest allowed rate. The test sends a
    piece every 20 seconds, at this rate or at half of it."""
    now, slowest = 0.0, round(20 * request_limits.SLOWEST * rate)

    async def receive() -> Message:
        nonlocal now
        # at this point, the server can drop a request for which it waited too long
        await anyio.lowlevel.checkpoint()
        now += 20
        return {"type": "http.request", "body": b"x" * slowest, "more_body": True}

    async def came() -> int:
        scope = {"type": "http", "method": "POST", "path": "/import", "headers": []}
        body = Body(scope, receive, request_limits.FILE, TOO_SLOW, clock=lambda: now)
        for number in range(20):
            if (await body.take())["type"] == "http.disconnect":
                assert body.excess is TOO_SLOW
                return number
        return 20

    # the calling thread may already have the event loop of the screens
    with ThreadPoolExecutor(1) as apart:
        assert apart.submit(anyio.run, came).result() == taken


def test_what_is_thrown_away_takes_no_memory_and_no_disk(
    low: Served, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    spooled = tmp_path / "spooled"
    spooled.mkdir()
    monkeypatch.setattr("tempfile.tempdir", str(spooled))
    low.house.anybody.get("/sign-in")
    tracemalloc.start()
    try:
        before, _ = tracemalloc.get_traced_memory()
        tracemalloc.reset_peak()
        for path in ("/sign-in/passkey", "/record"):
            for kind in ("application/json", FIELDS):
                with opened(low) as line:
                    pieces(line, head(path, kind), 2_000)  # these pieces have 20 MB in total
        _, peak = tracemalloc.get_traced_memory()
    finally:
        tracemalloc.stop()
    assert peak - before < 8_000_000
    assert list(spooled.iterdir()) == []


def test_every_address_that_takes_a_body_has_a_ceiling(low: Served) -> None:
    """Every address that accepts a body limits its size. An address that is not in the list of
    limits has the limit of a form."""
    assert request_limits.ceiling("/made/later") == LOW
    assert max(request_limits.CEILINGS.values()) == request_limits.FILE
