"""Serves the screens on a port of this machine, in this process, which is the only one or one of
several (`crew.py`).
"""

import gc
import socket
import sys
from collections.abc import Callable
from contextlib import suppress
from threading import Event

import uvicorn
from fastapi import FastAPI

from access.connections import Connection
from access.logger import log
from domain import catalogue
from domain.kernel.envelope import LogUnavailable
from domain.kernel.values import Refused
from installation.log_lines import start_logging
from installation.settings import Settings
from installation.system import INTEGRITY, System
from projections import all_views
from web.app import PARTS, PATTERNS, make_app
from web.follower import PARTING, UNAVAILABLE
from web.server.due_releases import by_the_clock
from web.server.erasure_completion import complete_erasures
from web.server.request_counts import Cells, RequestCounts
from web.server.tracing import Traces, traces
from web.server.view_rebuilder import watch
from web.server.warm_up import prepare
from web.site import rendering

#: Number of allocations after which the garbage collector runs.
ANSWER = 20_000


def make_app_of(
    system: System, cells: Cells | None, tracer: Traces | None, *, secure: bool
) -> FastAPI:
    """Return the web application of an open store, with the background tasks of a
    serving process.
    """
    watch(system)
    by_the_clock(system)
    if not system.settings.first_site:
        complete_erasures(system)
    answered = Event()
    prepare(system, answered, settle)
    tally = RequestCounts(PATTERNS, cells)
    return make_app(system, secure=secure, tally=tally, tracer=tracer, answered=answered)


def make_served(
    settings: Settings, opened: Callable[[], System], cells: Cells | None, *, secure: bool
) -> FastAPI:
    """Return the web application for one of several serving processes. The application opens the
    store, and counts requests in the shared memory `cells`. If the store does not open, the process
    ends.
    """
    start_logging(settings.log_level)
    try:
        tracer = traces(settings.traces_url)
        return make_app_of(opened(), cells, tracer, secure=secure)
    except (LogUnavailable, Refused, *INTEGRITY) as error:
        log.error("the store does not open", reason=str(error))
        sys.exit(UNAVAILABLE)


def load() -> None:
    """Import the events, the views and the screens. Otherwise the first request that needs them
    would wait for this."""
    catalogue.events()
    all_views.load()
    for part in PARTS:
        part.routes  # noqa: B018 (reading this attribute imports the routes)


def settle() -> None:
    """Load the whole program with its templates, and exempt the loaded objects from garbage
    collection, which would delay all requests. Also let collections begin after more new objects
    than Python's default of seven hundred, because one large answer makes more objects than that.
    """
    gc.disable()  # with garbage collection, loading the modules would take a quarter longer
    load()
    rendering.compile_templates()
    gc.enable()
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
    """Serve an app until the process is ended."""
    config = configured(app)
    gc.freeze()
    gc.set_threshold(ANSWER)
    with listening, suppress(KeyboardInterrupt):
        uvicorn.Server(config).run(sockets=[listening])
