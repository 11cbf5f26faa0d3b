"""The web server's protocol for connections, which closes a connection if it does not send a
complete request head in time.

uvicorn's own time limit (`timeout_keep_alive`) is not enough: it does not apply to a new
connection, and it ends when the first byte of a request arrives.
"""

import asyncio
from typing import Any

from uvicorn.protocols.http.h11_impl import H11Protocol

HEAD = 20.0
"""Seconds within which the head of a request has to arrive, after the connection was opened or the
last answer was sent."""


class Connection(H11Protocol):
    """One HTTP connection of a client, which is closed if the head of a request does not arrive in
    time.
    """

    _ending: asyncio.TimerHandle | None = None

    def connection_made(self, transport: Any) -> None:
        super().connection_made(transport)
        self._expect_head()

    def handle_events(self) -> None:
        super().handle_events()
        self._expect_head()

    def on_response_complete(self) -> None:
        super().on_response_complete()
        self._expect_head()

    def connection_lost(self, exc: Exception | None) -> None:
        self._stop_waiting()
        super().connection_lost(exc)

    def _expect_head(self) -> None:
        """Start the time limit within which the head of the next request has to arrive, unless a
        request is being answered. Further bytes from the client do not extend the limit.
        """
        # `cycle`, the current request, is None before the first request
        if not getattr(self.cycle, "response_complete", True):
            self._stop_waiting()
        elif self._ending is None and not self.transport.is_closing():
            self._ending = self.loop.call_later(HEAD, self.timeout_keep_alive_handler)

    def _stop_waiting(self) -> None:
        if self._ending is not None:
            self._ending.cancel()
            self._ending = None
