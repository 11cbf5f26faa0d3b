"""Notifies open screens when records that their reader may see have changed, so that they reload
(server-sent events).

The notice says nothing about other records: it contains neither a position in the log, by which
they could be counted, nor a time.
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
from web.server.log_position import EVERY, LogPositionCache
from web.site.app_state import House
from web.site.request_context import NotSignedIn, session_of

router = APIRouter()
#: Seconds between two keep-alive messages for proxies.
ALIVE = 15.0
#: Seconds between two checks that the session is still valid.
STILL = 4.0


@router.get("/live")
def live(request: Request) -> Response:
    """Open a channel over which the server sends "changed". It ends with the session, and does not
    prolong it."""
    signed = session_of(request, staying=False)
    if signed is None:
        raise NotSignedIn
    house: House = request.app.state.house
    messages = _messages(request, house.pulse, Own(house, signed.name))
    return StreamingResponse(messages, media_type="text/event-stream")


@dataclass
class Own:
    """Checks for one open screen whether a record that its reader may see has changed."""

    house: House
    name: str
    waiting: int | None = None

    def changed(self, after: int, last: int) -> bool:
        """Return whether a fact after the position `after` is about an item that the reader may see
        now, or changes the reader's queue. If this cannot be looked up, return False."""
        try:
            system = self.house.serving(self.name)
            if not system.reader.closed:
                return True
            with system.reading() as db:
                touched = self.house.pulse.touched(after, last)
                before, self.waiting = self.waiting, _waiting(db, system)
                seen = scope.visible_items(db, system.reader, touched)
                return bool(seen) or before != self.waiting or self._clocked(db, system, touched)
        except LogUnavailable:
            return False

    def _clocked(self, db: Db, system: System, touched: frozenset[UUID]) -> bool:
        """Return whether the reader may see a deadline of a log entry in `touched`. The list on the
        page is not enough for this, because it may be cut off, and because some readers no longer
        see an entry after the decision about it."""
        return any(
            scope.allowed(
                system.reader,
                "see-clock",
                [item_row for item_row in item_rows if item_row.sort == "words"],
            )
            for item_rows in scope.find_items(db, touched).values()
        )


def _waiting(db: Db, system: System) -> int:
    policy = system.desk.policy
    clocks = Clocks(policy.urgent, policy.other, policy.on_call)
    return queue.tally(db, system.reader, system.clock(), clocks).waiting


async def _messages(request: Request, pulse: LogPositionCache, own: Own) -> AsyncIterator[str]:
    """Yield the messages that a browser gets through the open connection of a page (its channel). A
    waiting channel occupies no thread. All channels together read the log at most twice a second.
    """
    position = await _position(pulse)
    await run_in_threadpool(own.changed, position, position)
    spoke = checked_at = time.monotonic()
    yield "retry: 3000\n\n"
    while not await request.is_disconnected():
        await asyncio.sleep(EVERY)
        now = time.monotonic()
        if now - checked_at > STILL:
            checked_at = now
            if await run_in_threadpool(session_of, request, staying=False) is None:
                yield "event: ended\ndata: -\n\n"
                return
        reached = await _position(pulse)
        before, position = position, reached
        if reached != before and await run_in_threadpool(own.changed, before, reached):
            spoke = now
            yield "event: changed\ndata: -\n\n"
        elif now - spoke > ALIVE:
            spoke = now
            yield ": still here\n\n"


async def _position(pulse: LogPositionCache) -> int:
    recent = pulse.recent()
    return await run_in_threadpool(pulse.position) if recent is None else recent
