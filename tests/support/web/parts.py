"""Requests a page that is sent in parts."""

import asyncio
from collections.abc import Callable, Mapping
from typing import Any

from starlette.concurrency import run_in_threadpool

from tests.web.conftest import Somebody


def parts_of(somebody: Somebody, app: Any, address: str, sent: Callable[[str], object]) -> None:
    """Request a page and call `sent` with each part of the answer, before the next part is made."""
    cookie = "; ".join(f"{one.name}={one.value}" for one in somebody.client.cookies.jar)
    path, _, query = address.partition("?")
    scope = {
        "type": "http",
        "method": "GET",
        "path": path,
        "raw_path": path.encode(),
        "query_string": query.encode(),
        "http_version": "1.1",
        "scheme": "http",
        "headers": [(b"host", b"localhost"), (b"cookie", cookie.encode())],
        "client": ("127.0.0.1", 1),
        "server": ("localhost", 80),
        "root_path": "",
    }

    async def receive() -> dict[str, Any]:
        await asyncio.Event().wait()  # the reader stays
        return {}

    async def send(message: Mapping[str, Any]) -> None:
        if message.get("body"):
            await run_in_threadpool(sent, message["body"].decode())

    first = iter([{"type": "http.request", "body": b"", "more_body": False}])

    async def take() -> dict[str, Any]:
        return next(first, None) or await receive()

    assert somebody.client.portal
    somebody.client.portal.call(app, scope, take, send)
