"""The headers of every answer. They forbid content from other sites, framing, and caching; only the
program's own files may be cached (`web.site.static_files`). Limits of requests are in
`web.server.request_limits`.

A page may run only scripts with its own nonce and scripts of this server, and may connect only to
this server (Content Security Policy, level 3).
"""

import secrets
from collections.abc import Callable, Collection, MutableMapping
from ipaddress import ip_address
from typing import Any
from urllib.parse import urlsplit

from starlette.concurrency import run_in_threadpool
from starlette.datastructures import Headers, MutableHeaders
from starlette.requests import ClientDisconnect, Request
from starlette.responses import PlainTextResponse, Response
from starlette.types import ASGIApp, Receive, Scope, Send

from web.server.request_limits import FILE, FORM, NOBODY, Body, ceiling, too_long

#: The content policy of every page. It forbids the style rule that cytoscape would write into a
#: page, which positions the map's container; the program's style sheet has this rule already.
POLICY = (
    "default-src 'none'; script-src 'self' 'nonce-{nonce}'; style-src 'self'; "
    "img-src 'self' data: blob:; font-src 'self'; connect-src 'self'; manifest-src 'self'; "
    "worker-src 'self'; object-src 'none'; form-action 'self'; frame-ancestors 'none'; "
    "base-uri 'none'"
)
ALWAYS = {
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    "Referrer-Policy": "no-referrer",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Permissions-Policy": "camera=(), microphone=(), geolocation=(), payment=(), usb=()",
}


Answers = Callable[[Request, Any], Response]


class SecurityHeaders:
    """Adds the security headers to every answer, and refuses request bodies that are too large or
    too slow. It also answers requests at which the program fails, because the error's traceback
    could contain words of the record.

    `known` says whether the sender is signed in, because only then a file is accepted. `names` are
    the host names of this machine that a request may use; None accepts any.
    """

    def __init__(
        self,
        app: ASGIApp,
        *,
        secure: bool,
        fault: Answers,
        turned_away: Answers,
        known: Callable[[Request], bool],
        names: Collection[str] | None = None,
    ) -> None:
        self.app, self.secure, self.fault = app, secure, fault
        self.turned_away, self.known, self.names = turned_away, known, names

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return
        if self.names is not None and not _is_here(Headers(scope=scope), self.names):
            elsewhere = (
                "This server has another name: use that name in the address, or set screens_url.\n"
            )
            await PlainTextResponse(elsewhere, 421)(scope, receive, send)
            return
        nonce = secrets.token_urlsafe(16)
        scope.setdefault("state", {})["nonce"] = nonce
        body = await self._body(scope, receive)
        begun = False

        async def guarded(message: MutableMapping[str, object]) -> None:
            nonlocal begun
            if message["type"] == "http.response.start":
                begun = True
                headers = MutableHeaders(scope=message)
                for name, value in ALWAYS.items():
                    headers[name] = value
                headers["Content-Security-Policy"] = POLICY.format(nonce=nonce)
                headers.setdefault("Cache-Control", "no-store")
                if self.secure:
                    headers["Strict-Transport-Security"] = "max-age=31536000; includeSubDomains"
            await send(message)

        async def unless_excess(message: MutableMapping[str, object]) -> None:
            # if the body is refused, an answer that the application only begins now is dropped,
            # and the refusal is sent below instead
            if begun or body.excess is None:
                await guarded(message)

        if not body.announced():
            try:
                await self.app(scope, body.take, unless_excess)
            except ClientDisconnect:
                pass  # the sender ended the connection before the request was complete
            except Exception as error:  # noqa: BLE001
                if body.excess is None:
                    answer = self.fault(Request(scope), error)
                    if not begun:
                        await answer(scope, receive, guarded)
        if body.excess and not begun:
            answer = await run_in_threadpool(self.turned_away, Request(scope), body.excess)
            await _last(answer, guarded, body)

    async def _body(self, scope: Scope, receive: Receive) -> Body:
        most = ceiling(scope["path"])
        if most == FILE and not await run_in_threadpool(self.known, Request(scope)):
            return Body(scope, receive, FORM, NOBODY)
        return Body(scope, receive, most, too_long(most))


def _is_here(headers: Headers, names: Collection[str]) -> bool:
    """Return whether the request's host is one of these names or a numeric address. A page of
    another site can make a browser call this machine by that site's own name (DNS rebinding),
    but not by these names."""
    name = urlsplit(f"//{headers.get('host', '')}").hostname or ""
    try:
        ip_address(name)
    except ValueError:
        return name in names
    return True


async def _last(answer: Response, send: Send, body: Body) -> None:
    """Answer a request whose body is refused, discard the rest of the body, and close the
    connection."""
    headers = [*answer.raw_headers, (b"connection", b"close")]
    await send({"type": "http.response.start", "status": answer.status_code, "headers": headers})
    await send({"type": "http.response.body", "body": bytes(answer.body), "more_body": True})
    await body.drop()
    await send({"type": "http.response.body", "body": b""})


def is_from_other_site(headers: Headers) -> bool:
    """Return whether a page of another site sent the request, as a browser says in a header.
    Requests of other programs do not have this header."""
    site, origin = headers.get("sec-fetch-site"), headers.get("origin")
    if site not in (None, "same-origin", "none"):
        return True
    if origin is None or (origin == "null" and site is not None):
        return False
    return origin.partition("://")[2] != headers.get("host")
