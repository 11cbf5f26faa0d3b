"""A client of the screens and of the API in the same process.

Starlette's own client starts an event loop, and with it two threads, for each request, which takes
a third of a page's time. With this client, all requests of a process share one event loop, as in a
server.
"""

import threading
from functools import cache
from queue import SimpleQueue
from typing import Any

import anyio
from anyio.from_thread import BlockingPortal
from starlette.testclient import TestClient


class Client(TestClient):
    """A test client that sends requests under this machine's address."""

    def __init__(self, app: Any, base_url: str = "http://127.0.0.1", **more: Any) -> None:
        super().__init__(app, base_url=base_url, **more)
        self.portal = _portal()


@cache
def _portal() -> BlockingPortal:
    """Return the portal into the shared event loop, through which threads send requests. The loop
    ends with the main thread."""
    made: SimpleQueue[BlockingPortal] = SimpleQueue()

    async def run() -> None:
        async with BlockingPortal() as portal:
            made.put(portal)
            await portal.sleep_until_stopped()

    def end() -> None:
        threading.main_thread().join()
        portal.start_task_soon(portal.stop)

    threading.Thread(target=anyio.run, args=(run,), daemon=True).start()
    portal = made.get()
    threading.Thread(target=end, daemon=True).start()
    return portal
