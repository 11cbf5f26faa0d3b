"""Something was recorded: open screens are told, and ask anew (server-sent events).

Nothing else is told: a place in the log would count what others record.
"""

import asyncio
import time
from collections.abc import AsyncIterator

from fastapi import APIRouter, Request
from fastapi.responses import Response, StreamingResponse
from starlette.concurrency import run_in_threadpool

from web.house import House
from web.pulse import EVERY, Pulse
from web.visit import NotSignedIn, session_of

router = APIRouter()
#: Seconds between two signs of life, so that a proxy does not take the silence for death.
ALIVE = 15.0
#: Seconds between two looks whether the session still lasts.
STILL = 4.0


@router.get("/live")
def live(request: Request) -> Response:
    """A channel that says "changed"; it ends with the session, and does not prolong it."""
    if session_of(request, staying=False) is None:
        raise NotSignedIn
    house: House = request.app.state.house
    return StreamingResponse(_told(request, house.pulse), media_type="text/event-stream")


async def _told(request: Request, pulse: Pulse) -> AsyncIterator[str]:
    """Waiting takes no thread: of a hundred channels one looks, twice a second at most."""
    known = await _position(pulse)
    spoke = asked = time.monotonic()
    yield "retry: 3000\n\n"
    while not await request.is_disconnected():
        await asyncio.sleep(EVERY)
        now = time.monotonic()
        if now - asked > STILL:
            asked = now
            if await run_in_threadpool(session_of, request, staying=False) is None:
                yield "event: ended\ndata: -\n\n"
                return
        reached = await _position(pulse)
        if reached != known:
            known, spoke = reached, now
            yield "event: changed\ndata: -\n\n"
        elif now - spoke > ALIVE:
            spoke = now
            yield ": still here\n\n"


async def _position(pulse: Pulse) -> int:
    recent = pulse.recent()
    return await run_in_threadpool(pulse.position) if recent is None else recent
