"""Makes the web app of an opened store, for support workers, sergeants and auditors alike. Its
screens run the same commands and queries as the command line."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from socket import gethostname
from threading import Event
from urllib.parse import urlsplit

from anyio.to_thread import current_default_thread_limiter
from fastapi import FastAPI
from starlette.routing import BaseRoute

from installation.system import System
from network.picture.typeface import FOLDER
from web import error_pages
from web.made import private_queries
from web.server.log_position import LogPositionCache
from web.server.request_counts import RequestCounts
from web.server.request_log import RequestLog, Tracer
from web.site.app_state import House
from web.site.screen_routes import Screen
from web.site.security_headers import SecurityHeaders
from web.site.static_files import A_WEEK, CachedFiles

#: The number of requests on which one process works at once; further requests wait. More threads
#: would only compete for the Python interpreter, and each thread may use database connections, of
#: which a server has a hundred.
AT_ONCE = 12
STATIC = Path(__file__).parent / "static"
#: The modules of the screens, in the order in which their addresses are tried.
SCREENS = tuple(
    Screen(f"web.{name}")
    for name in (
        "worker.home_page",
        "signing_in.signing",
        "signing_in.oidc",
        "signing_in.enrolling",
        "signing_in.second_factor",
        "signing_in.my_account",
        "records.glossary",
        "records.story",
        "site.live_updates",
        "worker.entry",
        "made.private_queries",
        "worker.entry_form",
        "worker.photographs",
        "worker.my_entries",
        "worker.upload",
        "records.victim_requests",
        "desk.queue",
        "desk.assess",
        "desk.mention_chips",
        "desk.items",
        "desk.search",
        "desk.objects",
        "desk.act_pages",
        "desk.people",
        "map.map",
        "map.saved_maps",
        "records.audit",
        "records.proof_pack",
        "desk.manage",
        "made.declared",
        "made.act_forms",
        "desk.second_person",
        "records.to_decide",
        "made.listing",
        "made.bulk_actions",
        "desk.outcomes",
        "desk.alerts",
        "desk.due",
        "desk.rota",
        "desk.missing",
        "records.access_log",
        "desk.meeting_papers",
        "desk.meetings",
        "records.material",
        "records.disclosing",
        "desk.releasing",
        "records.requests",
        "records.confidential_reports",
        "records.accounts",
        "records.waiting_access",
        "worker.devices",
        "records.store_admin",
        "records.retention",
        "records.legal_holds",
        # these addresses are tried before the addresses of a single erasure, which begin in the
        # same way
        "records.erasure_plan",
        "records.erasing",
        "records.covert_source_review",
        "map.as_at",
        # the addresses of families begin like the addresses of tabs, so the tabs are tried first
        "worker.family",
    )
)


#: All parts of the app: the screens, the health checks, and the API.
PARTS = (*SCREENS, Screen("web.site.health"), Screen("web.api.app"))
#: The patterns of addresses by which requests are counted.
PATTERNS = tuple(pattern for part in PARTS for pattern in part.patterns)


def routes() -> list[BaseRoute]:
    """Return all routes of the app; this imports all screens."""
    return [route for part in PARTS for route in part.routes]


@asynccontextmanager
async def _few_at_once(_: FastAPI) -> AsyncIterator[None]:
    current_default_thread_limiter().total_tokens = AT_ONCE
    yield


def _own_names(screens: str | None) -> frozenset[str]:
    """Return the host names that browsers may use for this server. The names are checked only if
    the store accepts user names without a proof of identity."""
    hostname = urlsplit(screens or "").hostname
    return frozenset({"localhost", gethostname().lower(), *([hostname] if hostname else [])})


def make_app(
    system: System,
    *,
    secure: bool = False,
    tally: RequestCounts | None = None,
    tracer: Tracer | None = None,
    answered: Event | None = None,
) -> FastAPI:
    """Return the web application of a store. `secure` means that browsers reach it by https,
    directly or through a proxy. Requests are counted in `tally` and traced by `tracer`.
    `answered` is set after the first answer."""
    app = FastAPI(
        title="Continuum",
        routes=[*PARTS],
        docs_url=None,
        redoc_url=None,
        openapi_url=None,
        lifespan=_few_at_once,
    )
    app.state.house = House(system, LogPositionCache(system), secure)
    error_pages.register(app)
    app.mount("/static/fonts", CachedFiles(directory=FOLDER, cache_control=A_WEEK), name="fonts")
    app.mount("/static", CachedFiles(directory=STATIC), name="static")
    app.add_middleware(private_queries.QueryDecrypter)
    app.add_middleware(
        SecurityHeaders,
        secure=secure,
        fault=error_pages.fault,
        turned_away=error_pages.turned_away,
        known=error_pages.is_identified,
        names=None if system.requires_sign_in else _own_names(system.settings.screens_url),
    )
    app.add_middleware(
        RequestLog,
        tally=tally or RequestCounts(PATTERNS),
        tracer=tracer,
        answered=answered or Event(),
    )
    return app
