"""Whether this process lives, and whether it can serve now: for a proxy and for whatever starts
it again. Asked without signing in, they tell one word and nothing of the record."""

from fastapi import APIRouter, Request
from fastapi.responses import PlainTextResponse

from domain.envelope import LogUnavailable
from installation import clock_standing
from installation.system import INTEGRITY
from projections import runner
from web.house import House

router = APIRouter()


@router.get("/healthz")
def lives() -> PlainTextResponse:
    """It answers. One that does not is to be started again."""
    return PlainTextResponse("alive\n")


@router.get("/readyz")
def ready(request: Request) -> PlainTextResponse:
    """The logs and the views answer it. One that is not ready is sent no requests meanwhile: to
    start it again helps nothing. A clock that jumped keeps nobody from recording."""
    house: House = request.app.state.house
    try:
        house.pulse.position()
        with house.system.views.asking() as (db, _):
            runner.require_behind(db, house.system.logs)
        jumped = clock_standing.differs(house.system)
    except LogUnavailable:
        return PlainTextResponse("not ready\n", 503)
    except INTEGRITY:
        return PlainTextResponse("not ready: run continuum verify\n", 503)
    return PlainTextResponse(
        "ready: the clock may be wrong, run continuum doctor\n" if jumped else "ready\n"
    )
