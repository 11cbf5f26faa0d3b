"""Counts each request, writes it to the request log, and traces it if tracing is set up. A request
is recorded by the pattern of its address, without a name, an id, a machine's address or a word.
"""

import time
from collections.abc import MutableMapping
from contextlib import AbstractContextManager, nullcontext
from threading import Event
from typing import Any, Protocol

from starlette.types import ASGIApp, Receive, Scope, Send

from access.logger import log
from web.server.request_counts import ELSEWHERE, RequestCounts


class Trace(Protocol):
    """A trace of one request, while it is answered."""

    def record_request(self, route: str, status: int) -> None: ...


class Tracer(Protocol):
    """Begins the trace of a request. If the request's `headers` name a trace of the sender, the new
    trace is a part of it."""

    def request(self, method: str, headers: Any) -> AbstractContextManager[Trace]: ...


class RequestLog:
    """Measures and logs each request of the app. The time of a request ends when its answer begins,
    because the channel of an open page (`live_updates`) stays open for hours."""

    def __init__(
        self, app: ASGIApp, *, tally: RequestCounts, tracer: Tracer | None, answered: Event
    ) -> None:
        self.app, self.tally, self.tracer, self.answered = app, tally, tracer, answered

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return
        begun = time.monotonic()
        # 499 is the status if the sender ends the connection before the answer
        took, status = None, 499

        async def timed(message: MutableMapping[str, Any]) -> None:
            nonlocal took, status
            if message["type"] == "http.response.start":
                took, status = time.monotonic() - begun, message["status"]
            await send(message)

        method = scope["method"] if scope["method"] in METHODS else "OTHER"
        tracing: AbstractContextManager[Trace | None] = nullcontext()
        if self.tracer:
            tracing = self.tracer.request(method, scope["headers"])
        with tracing as trace:
            try:
                await self.app(scope, receive, timed)
            finally:
                route = pattern(scope)
                took = time.monotonic() - begun if took is None else took
                self.tally.add(route, status, took)
                log.info(
                    "request", method=method, route=route, status=status, ms=round(took * 1000, 1)
                )
                if trace:
                    trace.record_request(route, status)
                self.answered.set()


#: HTTP methods that the log names. The name of any other method is not logged, because the sender
#: can write any words there.
METHODS = frozenset({"GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"})


def pattern(scope: Scope) -> str:
    """Return the pattern of the route that answers a request, such as "/items/{item}", which
    contains no id."""
    path = getattr(scope.get("route"), "path", None)
    return path if isinstance(path, str) else ELSEWHERE
