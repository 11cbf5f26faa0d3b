"""The screens on a port of this machine, by one process or by several.

Several share the port and the store, and nothing else: who is signed in, what was recorded and what
was asked stand in files or on a server that all of them read, and what one keeps in memory it holds
to the logs at each request. So a browser may be answered by a different one each time, and one that
dies takes nothing with it but the requests that it was answering.
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

from access.logger import log
from domain import catalogue
from domain.kernel.envelope import LogUnavailable
from domain.kernel.values import Refused
from exchange.connections import Connection
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

#: How a process ends that cannot open the store.
UNAVAILABLE = 5
#: What is said of one, which may go on, when what it was forked from was killed.
UNKNOWN = 255
#: So many things are made before garbage is looked for.
ANSWER = 20_000


@dataclass(frozen=True)
class AppOpener:
    """Opens the store and makes the app, in each process. It goes to them through a pipe: what the
    settings hold, a password among it, stands on no command line and in no environment."""

    settings: Settings
    now: datetime | None
    secure: bool
    begun: float = field(default_factory=time.monotonic)

    def system(self) -> System:
        """The store at the time that it is told. Raises as `open_system`."""
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
    """Load what would be loaded when it is first asked for."""
    catalogue.events()
    all_views.load()


def settle() -> None:
    """What is loaded stays: to look it through for garbage held all requests up. And a large answer
    is made of more than the seven hundred things after which it would be looked for."""
    load()
    gc.freeze()
    gc.set_threshold(ANSWER)


def configured(app: FastAPI) -> uvicorn.Config:
    """How an app is served. What a proxy says of who asks is believed of one on this machine, and
    of those that FORWARDED_ALLOW_IPS names."""
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
    """Serve until somebody ends it."""
    config = configured(app)
    settle()
    with listening, suppress(KeyboardInterrupt):
        uvicorn.Server(config).run(sockets=[listening])


def serve_by(opening: AppOpener, listening: socket.socket, counts: Sequence[Cells]) -> None:
    """As `serve`, by as many processes as there are `counts`, each counting in its own; another
    takes the place of one that ended. (The web server's own keeper of processes asks each for a
    sign of life, takes a busy one for dead, and notices only after that time that one has died.)"""
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
    """What starts processes that have loaded the screens already: they are forked from one that
    did only this, and opened no store and no connection. It ends with this one. Where a system
    does not fork, each loads them."""
    if "forkserver" not in get_all_start_methods():
        return get_context("spawn")
    start = get_context("forkserver")
    start.set_forkserver_preload(["web.loaded"])
    return start


def _serving(opening: AppOpener, listening: socket.socket, cells: Cells) -> None:
    """What each of several does. It ends with its parent: no other process would end it, or
    start it again."""
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
