"""Serve the key service over HTTP, behind a proxy with TLS."""

import asyncio
from collections.abc import Awaitable, Callable, MutableMapping
from typing import Any

from exchange.keyservice import KeyService, answer
from exchange.tokens import ELEMENT, MOST

Message = MutableMapping[str, Any]
#: Largest size of a request in bytes: the largest number of elements in base64, and the JSON around
#: them.
LARGEST = MOST * ELEMENT * 4 // 3 + 1_000


def application(
    service: KeyService,
) -> Callable[
    [Message, Callable[[], Awaitable[Message]], Callable[[Message], Awaitable[None]]],
    Awaitable[None],
]:
    """Return the key service as an ASGI application."""

    async def serve(
        scope: Message,
        receive: Callable[[], Awaitable[Message]],
        send: Callable[[Message], Awaitable[None]],
    ) -> None:
        if scope["type"] != "http":
            return
        body, more = b"", True
        while more and len(body) <= LARGEST:
            part = await receive()
            body, more = body + part.get("body", b""), part.get("more_body", False)
        headers = dict(scope["headers"])
        bearer = headers.get(b"authorization", b"").decode("latin-1").removeprefix("Bearer ")
        if len(body) > LARGEST:
            status, told = 413, b'{"why":"that is too much at once"}'
        else:
            status, told = await asyncio.to_thread(
                answer, service, scope["method"], scope["path"], bearer, body
            )
        kind = [(b"content-type", b"application/json"), (b"cache-control", b"no-store")]
        await send({"type": "http.response.start", "status": status, "headers": kind})
        await send({"type": "http.response.body", "body": told})

    return serve
