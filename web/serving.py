"""Serve the screens on a port of this machine, by one process or by several.

Several processes share the port and the store, and nothing else: sessions, records and queries are
in files or on a server that all of them read, and caches in memory are checked against the logs at
each request. So a browser may be answered by a different process each time, and a process that dies
loses only the requests in progress.
"""

import gc
import os
import signal
import socket
import sys
import time
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from multiprocessing import connection, get_all_start_methods, get_context, parent_process
from multiprocessing.context import BaseContext
from multiprocessing.process import BaseProcess
from threading import Thread

import uvicorn
from fastapi import FastAPI

from access.connections import Connection
from access.logger import log
from domain import catalogue
from domain.kernel.envelope import LogUnavailable
from domain.kernel.values import Refused
from installation.log_lines import start_logging
from installation.opening import open_system
from installation.settings import Settings
from installation.system import INTEGRITY, System
from projections import all_views
from web.app import PATTERNS, make_app
from web.follower import AGAIN, PARTING, let_go, started
from web.server.due_releases import by_the_clock
from web.server.request_counts import Cells, RequestCounts
from web.server.tracing import traces
from web.server.view_rebuilder import watch
from web.server.warm_up import read_ahead

#: Exit code of a process that cannot open the store.
UNAVAILABLE = 5
#: Exit code reported for a process, which may still run, when its fork server was killed.
UNKNOWN = 255
#: Allocations between two garbage collections.
ANSWER = 20_000


@dataclass(frozen=True)
class AppOpener:
    """Opens the store and makes the app, in each process. It reaches them through a pipe, so that
    the settings, with a password, appear on no command line and in no environment."""

    settings: Settings
    now: datetime | None
    secure: bool
    begun: float = field(default_factory=time.monotonic)

    def system(self) -> System:
        """Return the store at the given time. Raises the errors of `open_system`."""
        told = self.now and self.now + timedelta(seconds=time.monotonic() - self.begun)
        system = open_system(self.settings, now=told)
        system.clock.run()
        return system

    def __call__(self, cells: Cells) -> FastAPI:
        start_logging(self.settings.log_level)
        try:
            tracer = traces(self.settings.traces_url)
            system = self.system()
            watch(system)
            by_the_clock(system)
            read_ahead(system)
            tally = RequestCounts(PATTERNS, cells)
            return make_app(system, secure=self.secure, tally=tally, tracer=tracer)
        except (LogUnavailable, Refused, *INTEGRITY) as error:
            log.error("the store does not open", reason=str(error))
            sys.exit(UNAVAILABLE)


def load() -> None:
    """Load the catalogue of events and the views, which would be loaded at the first request."""
    catalogue.events()
    all_views.load()


def settle() -> None:
    """Exempt loaded objects from garbage collection, which would delay all requests. A large answer
    allocates more than the default threshold of seven hundred objects."""
    load()
    gc.freeze()
    gc.set_threshold(ANSWER)


def configured(app: FastAPI) -> uvicorn.Config:
    """Return the configuration that serves an app. A proxy's statement about the caller is accepted
    from this machine, and from proxies that FORWARDED_ALLOW_IPS names."""
    return uvicorn.Config(
        app,
        http=Connection,
        log_config=None,
        lifespan="on",
        access_log=False,
        server_header=False,
        timeout_graceful_shutdown=PARTING,
    )


def serve(app: FastAPI, listening: socket.socket) -> None:
    """Serve until the process is ended."""
    config = configured(app)
    settle()
    with listening, suppress(KeyboardInterrupt):
        uvicorn.Server(config).run(sockets=[listening])


def serve_by(opening: AppOpener, listening: socket.socket, counts: Sequence[Cells]) -> None:
    """Serve with as many processes as there are `counts`, each counting in its own; replace any
    that ends. (The web server's own supervisor expects regular answers from each, takes a busy one
    for dead, and notices a death only after that interval.)"""
    crew: dict[int, BaseProcess] = {}
    start = from_loaded()
    signal.signal(signal.SIGTERM, _interrupted)
    try:
        with listening, suppress(KeyboardInterrupt):
            while True:
                for place, cells in enumerate(counts):
                    if place not in crew:
                        crew[place] = started(start, _serving, (opening, listening, cells))
                connection.wait([one.sentinel for one in crew.values()])
                ended = [one for one in crew.values() if one.exitcode is not None]
                crew = {place: one for place, one in crew.items() if one not in ended}
                for one in ended:
                    log.warning("another process takes over", ended=one.pid, code=one.exitcode)
                    if one.exitcode == UNKNOWN and one.pid:
                        with suppress(ProcessLookupError):
                            os.kill(one.pid, signal.SIGTERM)
                if any(one.exitcode == UNAVAILABLE for one in ended):
                    time.sleep(AGAIN)
    finally:
        let_go([*crew.values()])


def from_loaded() -> BaseContext:
    """Return the context that starts processes with the screens loaded: they are forked from one
    that did only this, and opened no store and no connection. It ends with this process. On systems
    without fork, each process loads them."""
    if "forkserver" not in get_all_start_methods():
        return get_context("spawn")
    start = get_context("forkserver")
    start.set_forkserver_preload(["web.loaded"])
    return start


def _serving(opening: AppOpener, listening: socket.socket, cells: Cells) -> None:
    """Run one of several processes. It ends with its parent, because no other process would end or
    restart it."""
    chief = parent_process()

    def end() -> None:
        if chief:
            chief.join()
            os.kill(os.getpid(), signal.SIGTERM)

    Thread(target=end, daemon=True).start()
    with suppress(KeyboardInterrupt):
        serve(opening(cells), listening)


def _interrupted(*_: object) -> None:
    raise KeyboardInterrupt
