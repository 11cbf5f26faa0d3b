"""The app of the screens of an open store: for a support worker, a sergeant and an auditor, with
the same commands and queries as the command line."""

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
from web import error_pages
from web.api import app as api
from web.desk import (
    act_pages,
    alerts,
    assess,
    covert_source_review,
    due,
    items,
    manage,
    meeting_papers,
    meetings,
    mention_chips,
    missing,
    objects,
    outcomes,
    people,
    queue,
    releasing,
    rota,
    search,
    second_person,
    to_decide,
)
from web.made import act_forms, bulk_actions, declared, listing, private_queries
from web.map import as_at, saved_maps
from web.map import map as map_screens
from web.records import (
    access_log,
    accounts,
    audit,
    confidential_reports,
    disclosing,
    erasing,
    erasure_plan,
    glossary,
    legal_holds,
    material,
    proof_pack,
    requests,
    retention,
    store_admin,
    story,
    victim_requests,
    waiting_access,
)
from web.server.log_position import Pulse
from web.server.request_counts import RequestCounts
from web.server.request_log import Measured, Tracer
from web.signing_in import enrolling, my_account, oidc, second_factor, signing
from web.site import health, live_updates
from web.site.app_state import House
from web.site.security_headers import Guard
from web.site.static_files import A_WEEK, CachedFiles
from web.worker import (
    devices,
    entry,
    entry_form,
    family,
    home_page,
    my_entries,
    photographs,
    upload,
)

#: Requests that one process works on at once; others wait. More threads would only compete for the
#: interpreter, and each may use connections, of which a server has a hundred.
AT_ONCE = 12
STATIC = Path(__file__).parent / "static"
SCREENS = (
    home_page,
    signing,
    oidc,
    enrolling,
    second_factor,
    my_account,
    glossary,
    story,
    live_updates,
    entry,
    private_queries,
    entry_form,
    photographs,
    my_entries,
    upload,
    victim_requests,
    queue,
    assess,
    mention_chips,
    items,
    search,
    objects,
    act_pages,
    people,
    map_screens,
    saved_maps,
    audit,
    proof_pack,
    manage,
    declared,
    act_forms,
    second_person,
    to_decide,
    listing,
    bulk_actions,
    outcomes,
    alerts,
    due,
    rota,
    missing,
    access_log,
    meeting_papers,
    meetings,
    material,
    disclosing,
    releasing,
    requests,
    confidential_reports,
    accounts,
    waiting_access,
    devices,
    store_admin,
    retention,
    legal_holds,
    erasure_plan,  # before the addresses of one erasure
    erasing,
    covert_source_review,
    as_at,
    family,  # after the tabs whose addresses begin as a case's
)


#: The routes of each screen, made once: an app that includes a router would make each of its
#: routes again.
ROUTES = [route for part in (*SCREENS, health, api) for route in part.router.routes]
#: The patterns of addresses by which requests are counted.
PATTERNS = tuple(route.path for route in ROUTES if isinstance(route, Route))


@asynccontextmanager
async def _few_at_once(_: FastAPI) -> AsyncIterator[None]:
    current_default_thread_limiter().total_tokens = AT_ONCE
    yield


def _own_names(screens: str | None) -> frozenset[str]:
    """Return this machine's names: for a store that accepts any name without a proof."""
    told = urlsplit(screens or "").hostname
    return frozenset({"localhost", gethostname().lower(), *([told] if told else [])})


def make_app(
    system: System,
    *,
    secure: bool = False,
    tally: RequestCounts | None = None,
    tracer: Tracer | None = None,
) -> FastAPI:
    """Return the app on this store; `secure` if https is spoken before it, or by it. Its requests
    are counted in `tally` and traced by `tracer`."""
    app = FastAPI(
        title="Continuum",
        routes=ROUTES,
        docs_url=None,
        redoc_url=None,
        openapi_url=None,
        lifespan=_few_at_once,
    )
    app.state.house = House(system, Pulse(system), secure)
    error_pages.register(app)
    app.mount("/static/fonts", CachedFiles(directory=FOLDER, kept=A_WEEK), name="fonts")
    app.mount("/static", CachedFiles(directory=STATIC), name="static")
    app.add_middleware(private_queries.Opens)
    app.add_middleware(
        Guard,
        secure=secure,
        fault=error_pages.fault,
        turned_away=error_pages.turned_away,
        known=error_pages.is_identified,
        names=None if system.requires_sign_in else _own_names(system.settings.screens_url),
    )
    app.add_middleware(Measured, tally=tally or RequestCounts(PATTERNS), tracer=tracer)
    return app
