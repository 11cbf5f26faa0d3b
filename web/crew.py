"""Several processes that serve the screens on one port. If a process ends, another replaces it.

The processes share only the port and the store: sessions, records and queries are in files or on a
server that all of them read, and caches in memory are checked against the logs at each request. So
a browser may be answered by a different process each time, and a process that dies loses only the
requests in progress. The process that replaces ended processes loads no screens.
"""

import os
import signal
import socket
import time
from collections.abc import Sequence
from contextlib import suppress
from datetime import datetime, timedelta
from multiprocessing import connection, get_all_start_methods, get_context, parent_process
from multiprocessing.context import BaseContext
from multiprocessing.process import BaseProcess
from threading import Thread
from typing import TYPE_CHECKING

from msgspec import Struct, field

from access.logger import log
from installation.opening import open_system
from installation.settings import Settings
from installation.system import System
from web.follower import AGAIN, UNAVAILABLE, let_go, started

if TYPE_CHECKING:
    from web.server.request_counts import Cells

#: The exit code of a serving process whose fork server was killed. Its own code is unknown then,
#: and the process may still run.
UNKNOWN = 255


class AppOpener(Struct, frozen=True):
    """Opens the store in a serving process and makes the app. Each new process gets this object
    through a pipe, because it contains a password, which must appear neither in a command line
    nor in the environment."""

    settings: Settings
    now: datetime | None
    secure: bool
    begun: float = field(default_factory=time.monotonic)

    def system(self) -> System:
        """Return the opened store, with its clock at the given time if one was given. Raises the
        errors of `open_system`.
        """
        moment = self.now and self.now + timedelta(seconds=time.monotonic() - self.begun)
        system = open_system(self.settings, now=moment)
        system.clock.run()
        return system


def serve_by(
    opening: AppOpener, listening: socket.socket, counts: "Sequence[Cells | None]"
) -> None:
    """Run as many serving processes as `counts` has elements, each of which counts its requests in
    its own element. Replace each process that ends. (The web server's own supervisor would take
    a busy process for dead.)"""
    crew: dict[int, BaseProcess] = {}
    start = from_loaded()
    signal.signal(signal.SIGTERM, _interrupted)
    try:
        with listening, suppress(KeyboardInterrupt):
            while True:
                for place, cells in enumerate(counts):
                    if place not in crew:
                        crew[place] = started(start, _serving, (opening, listening, cells))
                connection.wait([process.sentinel for process in crew.values()])
                ended = [process for process in crew.values() if process.exitcode is not None]
                crew = {place: process for place, process in crew.items() if process not in ended}
                for process in ended:
                    log.warning(
                        "another process takes over", ended=process.pid, code=process.exitcode
                    )
                    if process.exitcode == UNKNOWN and process.pid:
                        with suppress(ProcessLookupError):
                            os.kill(process.pid, signal.SIGTERM)
                if any(process.exitcode == UNAVAILABLE for process in ended):
                    time.sleep(AGAIN)
    finally:
        let_go([*crew.values()])


def from_loaded() -> BaseContext:
    """Return the context in which serving processes are started. They are forked from a process
    that has imported the screens but opened no store, and that ends with this process. On
    systems without fork, each process imports the screens itself."""
    if "forkserver" not in get_all_start_methods():
        return get_context("spawn")
    start = get_context("forkserver")
    start.set_forkserver_preload(["web.loaded"])
    return start


def _serving(opening: AppOpener, listening: socket.socket, cells: "Cells | None") -> None:
    """Run one of the serving processes, until it ends itself or its parent process ends."""
    from web import serving  # imported here, because the parent process imports no screens

    chief = parent_process()

    def end() -> None:
        if chief:
            chief.join()
            os.kill(os.getpid(), signal.SIGTERM)

    Thread(target=end, daemon=True).start()
    with suppress(KeyboardInterrupt):
        app = serving.make_served(opening.settings, opening.system, cells, secure=opening.secure)
        serving.serve(app, listening)


def _interrupted(*_: object) -> None:
    raise KeyboardInterrupt
