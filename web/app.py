"""The web face of an open store: screens for a worker at the door, a sergeant at the map, an
auditor at the trail, on the same commands and queries as the command line."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from socket import gethostname
from urllib.parse import urlsplit

from anyio.to_thread import current_default_thread_limiter
from fastapi import FastAPI
from starlette.routing import Route

from installation.system import System
from network.picture.typeface import FOLDER
from web import faults
from web.api import app as api
from web.desk import (
    assess,
    briefing,
    chips,
    due,
    following,
    items,
    manage,
    meetings,
    missing,
    others,
    people,
    proposing,
    queue,
    releasing,
    rota,
    search,
    standing,
    warnings,
)
from web.made import asked, declared, each, listing
from web.map import charts, then
from web.map import map as map_screens
from web.records import (
    accounts,
    audit,
    complaints,
    disclosing,
    erasing,
    escalations,
    glass,
    glossary,
    holding,
    keeping,
    looking,
    material,
    offering,
    packing,
    requests,
    retaining,
    victim_requests,
    waiting_access,
)
from web.server.measured import Measured, Tracer
from web.server.pulse import Pulse
from web.server.tally import Tally
from web.signing_in import elsewhere, enrolling, me, proving, signing
from web.site import health, live
from web.site.files import A_WEEK, Files
from web.site.guard import Guard
from web.site.house import House
from web.worker import capture, devices, entry, family, first, mine, photographs, upload

#: Requests that one process works on at once; others wait their turn. More threads would only take
#: the interpreter from each other, and each may hold connections that a server has a hundred of.
AT_ONCE = 12
STATIC = Path(__file__).parent / "static"
SCREENS = (
    first,
    signing,
    elsewhere,
    enrolling,
    proving,
    me,
    glossary,
    live,
    entry,
    asked,
    capture,
    photographs,
    complaints,
    mine,
    upload,
    victim_requests,
    queue,
    offering,
    others,
    assess,
    chips,
    items,
    search,
    people,
    map_screens,
    charts,
    briefing,
    audit,
    packing,
    manage,
    declared,
    proposing,
    listing,
    each,
    family,
    following,
    warnings,
    due,
    rota,
    missing,
    looking,
    meetings,
    material,
    disclosing,
    releasing,
    requests,
    escalations,
    glass,
    accounts,
    waiting_access,
    devices,
    keeping,
    retaining,
    holding,
    erasing,
    standing,
    then,
)


#: Each screen's own routes: an app that includes a router makes every one of its routes again.
ROUTES = [route for part in (*SCREENS, health, api) for route in part.router.routes]
#: What requests are counted by.
PATTERNS = tuple(route.path for route in ROUTES if isinstance(route, Route))


@asynccontextmanager
async def _few_at_once(_: FastAPI) -> AsyncIterator[None]:
    current_default_thread_limiter().total_tokens = AT_ONCE
    yield


def _own_names(screens: str | None) -> frozenset[str]:
    """What this machine is called: for a store that takes anybody's name without a proof."""
    told = urlsplit(screens or "").hostname
    return frozenset({"localhost", gethostname().lower(), *([told] if told else [])})


def make_app(
    system: System,
    *,
    secure: bool = False,
    tally: Tally | None = None,
    tracer: Tracer | None = None,
) -> FastAPI:
    """The app on this store; `secure` where https is spoken before it, or by it. Its requests are
    counted in `tally` and traced by `tracer`."""
    app = FastAPI(
        title="Continuum",
        routes=ROUTES,
        docs_url=None,
        redoc_url=None,
        openapi_url=None,
        lifespan=_few_at_once,
    )
    app.state.house = House(system, Pulse(system), secure)
    faults.register(app)
    app.mount("/static/fonts", Files(directory=FOLDER, kept=A_WEEK), name="fonts")
    app.mount("/static", Files(directory=STATIC), name="static")
    app.add_middleware(asked.Opens)
    app.add_middleware(
        Guard,
        secure=secure,
        fault=faults.fault,
        turned_away=faults.turned_away,
        known=faults.known,
        names=None if system.asks_for_proof else _own_names(system.settings.screens_url),
    )
    app.add_middleware(Measured, tally=tally or Tally(PATTERNS), tracer=tracer)
    return app
