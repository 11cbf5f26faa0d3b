"""Health checks for proxies and service managers. They need no sign-in, and say nothing about the
contents of the record: only whether the server works or, if not, why."""

from contextlib import suppress

from fastapi import APIRouter, Request
from fastapi.responses import PlainTextResponse

from domain.kernel.envelope import LogHeld, LogMissing, LogUnavailable
from installation import clock_standing
from installation.system import INTEGRITY
from projections.kernel import runner
from web.site.app_state import House

router = APIRouter()


@router.get("/healthz")
def lives() -> PlainTextResponse:
    """Answer that the process is alive. A process that does not answer should be restarted."""
    return PlainTextResponse("alive\n")


@router.get("/readyz")
def ready(request: Request) -> PlainTextResponse:
    """Answer whether the logs can be read and written, and the views read. A process that is not
    ready should get no requests; restarting it would not help. A process is ready even if the
    machine's clock has jumped, because this does not prevent recording."""
    house: House = request.app.state.house
    try:
        house.pulse.position()
        for log in house.system.logs.values():
            with suppress(LogMissing):  # entries can be recorded without the source register
                log.require_turn()
        if not house.system.has_keys():
            return PlainTextResponse("not ready: the store's keys were taken away\n", 503)
        with house.system.views.asking() as (db, _):
            runner.require_not_ahead(db, house.system.logs)
        jumped = clock_standing.differs(house.system)
    except LogHeld as error:
        return PlainTextResponse(f"not ready: {error}\n", 503)
    except LogUnavailable:
        return PlainTextResponse("not ready\n", 503)
    except INTEGRITY:
        return PlainTextResponse("not ready: run continuum verify\n", 503)
    return PlainTextResponse(
        "ready: the clock may be wrong, run continuum doctor\n" if jumped else "ready\n"
    )
