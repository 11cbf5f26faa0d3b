"""Serves a witness, which signs the checkpoints of other organisations' logs. It has one address
(C2SP tlog-witness).

The witness opens no store and shows no page; its protocol is in `ledger`. The size of a request is
checked while it arrives, with the same time limits as on other servers.
"""

import socket
from collections.abc import Callable
from contextlib import suppress

import uvicorn
from anyio.to_thread import run_sync
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from access.connections import Connection
from web.server.request_limits import Body, Excess, too_long

#: Largest size of a request in bytes: a proof has at most 63 lines.
MOST = 64_000
#: Seconds in which requests in progress have to be answered when the server ends.
PARTING = 3
GONE = Excess(400, "", "The request ended before it was complete")

Answers = Callable[[bytes], tuple[int, str, bytes]]
"""A function that answers the body of a request with a status, a content type and a text."""


def witness_app(answers: Answers) -> Starlette:
    """Return the web app of a witness."""

    async def add_checkpoint(request: Request) -> Response:
        body = Body(request.scope, request.receive, MOST, too_long(MOST))
        came, gone = b"", body.announced() is not None
        while not (gone or body.whole):
            message = await body.take()
            gone = message["type"] == "http.disconnect"
            came += message.get("body", b"")
        if gone:
            why = body.excess or GONE
            await body.drop()
            return Response(f"{why.detail}\n", why.status, media_type="text/plain")
        status, kind, answer_body = await run_sync(answers, came)
        return Response(answer_body, status, {"content-type": kind})

    return Starlette(routes=[Route("/add-checkpoint", add_checkpoint, methods=["POST"])])


def serve_witness(answers: Answers, listening: socket.socket) -> None:
    """Serve a witness until the process is ended."""
    config = uvicorn.Config(
        witness_app(answers),
        http=Connection,
        log_config=None,
        access_log=False,
        server_header=False,
        timeout_graceful_shutdown=PARTING,
    )
    with listening, suppress(KeyboardInterrupt):
        uvicorn.Server(config).run(sockets=[listening])
