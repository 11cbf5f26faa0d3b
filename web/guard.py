"""What every answer carries: nothing from elsewhere, nothing kept, nothing framed.

A page may run only scripts that bear its own nonce or lie beside it, and may ask nobody but this
server (Content Security Policy, level 3).
"""

import secrets
from collections.abc import Callable, MutableMapping
from typing import Any

from starlette.datastructures import Headers, MutableHeaders
from starlette.requests import ClientDisconnect, Request
from starlette.responses import Response
from starlette.types import ASGIApp, Receive, Scope, Send

#: More than any form here can hold, and any log: a longer body is refused before it is read.
LONGEST_BODY, LONGEST_FILE = 2_000_000, 20_000_000
#: The one rule that cytoscape writes into a page: its container is positioned (we do that).
POLICY = (
    "default-src 'none'; script-src 'self' 'nonce-{nonce}'; style-src 'self'; "
    "img-src 'self' data: blob:; font-src 'self'; connect-src 'self'; manifest-src 'self'; "
    "worker-src 'self'; form-action 'self'; frame-ancestors 'none'; base-uri 'none'"
)
ALWAYS = {
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    "Referrer-Policy": "same-origin",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Permissions-Policy": "camera=(), microphone=(), geolocation=(), payment=(), usb=()",
}


class Guard:
    """Puts the headers on every answer, turns away what is too long, and answers a fault of the
    program itself: the framework would write a traceback, in which words may stand."""

    def __init__(
        self, app: ASGIApp, *, secure: bool, fault: Callable[[Request, Exception], Response]
    ) -> None:
        self.app, self.secure, self.fault = app, secure, fault

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return
        nonce = secrets.token_urlsafe(16)
        scope.setdefault("state", {})["nonce"] = nonce

        begun = False

        async def guarded(message: MutableMapping[str, Any]) -> None:
            nonlocal begun
            if message["type"] == "http.response.start":
                begun = True
                headers = MutableHeaders(scope=message)
                for name, value in ALWAYS.items():
                    headers[name] = value
                headers["Content-Security-Policy"] = POLICY.format(nonce=nonce)
                headers.setdefault("Cache-Control", "no-store")
                if self.secure:
                    headers["Strict-Transport-Security"] = "max-age=31536000"
            await send(message)

        refused = _refused(scope["path"], Headers(scope=scope))
        if refused:
            await guarded({"type": "http.response.start", "status": refused, "headers": []})
            await guarded({"type": "http.response.body", "body": b""})
            return
        try:
            await self.app(scope, receive, guarded)
        except ClientDisconnect:
            return  # whoever sent this went away before it was whole: nobody waits for an answer
        except Exception as error:  # noqa: BLE001
            answer = self.fault(Request(scope), error)
            if not begun:
                await answer(scope, receive, guarded)


def _refused(path: str, headers: Headers) -> int | None:
    """The status with which a request is turned away unread; programs are told in their own way."""
    if path.startswith("/api/"):
        return None
    length = headers.get("content-length", "0")
    longest = LONGEST_FILE if path == "/import" else LONGEST_BODY
    if not length.isdecimal() or int(length) > longest:
        return 413
    return None


def from_elsewhere(headers: Headers) -> bool:
    """Whether a page of another site sent this: browsers say so, other programs say nothing."""
    if headers.get("sec-fetch-site", "same-origin") not in ("same-origin", "none"):
        return True
    origin = headers.get("origin")
    return origin is not None and origin.partition("://")[2] != headers.get("host")
