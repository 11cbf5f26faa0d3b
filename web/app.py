"""The web face of an open store: screens for a worker at the door, a sergeant at the map, an
auditor at the trail, on the same commands and queries as the command line."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

from anyio.to_thread import current_default_thread_limiter
from fastapi import FastAPI
from starlette.responses import Response
from starlette.staticfiles import StaticFiles

from network.typeface import FOLDER
from system import System
from web import (
    accounts,
    asked,
    assess,
    audit,
    briefing,
    capture,
    complaints,
    declared,
    devices,
    disclosing,
    due,
    elsewhere,
    enrolling,
    entry,
    erasing,
    escalations,
    family,
    faults,
    following,
    glass,
    holding,
    items,
    keeping,
    listing,
    live,
    looking,
    manage,
    material,
    me,
    meetings,
    mine,
    missing,
    packing,
    people,
    proposing,
    proving,
    queue,
    releasing,
    requests,
    retaining,
    rota,
    search,
    signing,
    standing,
    upload,
    victim_requests,
    warnings,
)
from web import map as map_screens
from web.api import app as api
from web.guard import Guard
from web.house import House
from web.pulse import Pulse

#: Requests that one process works on at once; others wait their turn. More threads would only take
#: the interpreter from each other, and each may hold connections that a server has a hundred of.
AT_ONCE = 12
STATIC = Path(__file__).parent / "static"
SCREENS = (
    signing,
    elsewhere,
    enrolling,
    proving,
    me,
    live,
    entry,
    asked,
    capture,
    complaints,
    mine,
    upload,
    victim_requests,
    queue,
    assess,
    items,
    search,
    people,
    map_screens,
    briefing,
    audit,
    packing,
    manage,
    declared,
    proposing,
    listing,
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
    devices,
    keeping,
    retaining,
    holding,
    erasing,
    standing,
)


#: Each screen's own routes: an app that includes a router makes every one of its routes again.
ROUTES = [route for part in (*SCREENS, api) for route in part.router.routes]


class Letters(StaticFiles):
    """The typeface, which a browser may keep: nobody's words are in it."""

    def file_response(self, *given: Any, **more: Any) -> Response:
        answer = super().file_response(*given, **more)
        answer.headers["Cache-Control"] = "max-age=604800"
        return answer


@asynccontextmanager
async def _few_at_once(_: FastAPI) -> AsyncIterator[None]:
    current_default_thread_limiter().total_tokens = AT_ONCE
    yield


def make_app(system: System, *, secure: bool = False) -> FastAPI:
    """The app on this store; `secure` where https is spoken before it, or by it."""
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
    app.mount("/static/fonts", Letters(directory=FOLDER), name="fonts")
    app.mount("/static", StaticFiles(directory=STATIC), name="static")
    app.add_middleware(asked.Opens)
    app.add_middleware(
        Guard,
        secure=secure,
        fault=faults.fault,
        turned_away=faults.turned_away,
        known=faults.known,
    )
    return app
