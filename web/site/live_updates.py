"""Something was recorded that this person sees: open screens are told, and ask again (server-sent
events).

Nothing else is told, and nothing of what others record: neither a place in the log, which would
count it, nor the moment at which it came.
"""

import asyncio
import time
from collections.abc import AsyncIterator
from dataclasses import dataclass
from uuid import UUID

from fastapi import APIRouter, Request
from fastapi.responses import Response, StreamingResponse
from starlette.concurrency import run_in_threadpool

from access.who_may import scope
from domain.kernel.envelope import LogUnavailable
from installation.system import System
from projections.information import queue
from projections.information.queue import Clocks
from projections.kernel.database import Db
from web.server.log_position import EVERY, Pulse
from web.site.app_state import House
from web.site.request_context import NotSignedIn, session_of

router = APIRouter()
#: Seconds between two signs of life, so that a proxy does not take the silence for death.
ALIVE = 15.0
#: Seconds between two looks whether the session still lasts.
STILL = 4.0


@router.get("/live")
def live(request: Request) -> Response:
    """A channel that says "changed"; it ends with the session, and does not prolong it."""
    signed = session_of(request, staying=False)
    if signed is None:
        raise NotSignedIn
    house: House = request.app.state.house
    told = _told(request, house.pulse, Own(house, signed.name))
    return StreamingResponse(told, media_type="text/event-stream")


@dataclass
class Own:
    """What one person sees of what is recorded."""

    house: House
    name: str
    waiting: int | None = None

    def changed(self, after: int, last: int) -> bool:
        """Whether any of the facts behind `after` is about something that they see, or in their
        queue, or something left it. Their rights are those of this moment; what cannot be looked up
        has not changed."""
        try:
            system = self.house.serving(self.name)
            if not system.reader.closed:
                return True
            with system.reading() as db:
                touched = self.house.pulse.touched(after, last)
                before, self.waiting = self.waiting, _waiting(db, system)
                seen = scope.seen(db, system.reader, touched)
                return bool(seen) or before != self.waiting or self._clocked(db, system, touched)
        except LogUnavailable:
            return False

    def _clocked(self, db: Db, system: System, touched: frozenset[UUID]) -> bool:
        """Whether they see the clock of any of these words: a long queue is not counted to its
        end, and what is decided is seen no more by those who see only what waits."""
        return any(
            scope.allowed(system.reader, "see-clock", [one for one in held if one.sort == "words"])
            for held in scope.things(db, touched).values()
        )


def _waiting(db: Db, system: System) -> int:
    policy = system.desk.policy
    clocks = Clocks(policy.urgent, policy.other, policy.on_call)
    return queue.tally(db, system.reader, system.clock(), clocks).waiting


async def _told(request: Request, pulse: Pulse, own: Own) -> AsyncIterator[str]:
    """Waiting takes no thread: of a hundred channels one looks, twice a second at most."""
    known = await _position(pulse)
    await run_in_threadpool(own.changed, known, known)
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
        before, known = known, reached
        if reached != before and await run_in_threadpool(own.changed, before, reached):
            spoke = now
            yield "event: changed\ndata: -\n\n"
        elif now - spoke > ALIVE:
            spoke = now
            yield ": still here\n\n"


async def _position(pulse: Pulse) -> int:
    recent = pulse.recent()
    return await run_in_threadpool(pulse.position) if recent is None else recent
