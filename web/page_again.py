"""Makes the page of a refused form again, with the typed values in the form
(`web.site.form_again`)."""

from collections.abc import Callable, Mapping
from typing import Any
from urllib.parse import urlsplit

from starlette.requests import Request
from starlette.responses import HTMLResponse, Response
from starlette.types import ASGIApp, Message

from web.site.form_again import PAGE, given_back
from web.site.request_context import safe_path, typed


async def page_again(
    app: ASGIApp,
    request: Request,
    errors: Mapping[str, str],
    log_error: Callable[[Exception], None],
) -> Response | None:
    """Return the page of a refused form with the form filled in; None if the form does not name its
    page, or the page has no such form. If making the page fails, `log_error` is called with the
    error.
    """
    sent = typed(request)
    at = dict(sent).get(PAGE)
    address = urlsplit(safe_path(at))
    if request.method != "POST" or at is None:
        return None
    state = {name: value for name, value in request.scope["state"].items() if name == "nonce"}
    scope: dict[str, Any] = {
        **request.scope,
        "method": "GET",
        "path": address.path,
        "raw_path": address.path.encode(),
        "query_string": address.query.encode(),
        "state": state,
    }
    parts: list[bytes] = []
    status = 500
    kind = b""

    async def receive() -> Message:
        return {"type": "http.request", "body": b"", "more_body": False}

    async def send(message: Message) -> None:
        nonlocal status, kind
        if message["type"] == "http.response.start":
            status = message["status"]
            kind = dict(message["headers"]).get(b"content-type", b"")
        parts.append(message.get("body", b""))

    with given_back(request.url.path, sent, errors) as again:
        try:
            await app(scope, receive, send)
        except Exception as error:  # noqa: BLE001 (if this fails, the form's error is shown on a page of its own)
            log_error(error)
            return None
    body = b"".join(parts)
    if status != 200 or not kind.startswith(b"text/html") or not again.drawn:
        return None
    return HTMLResponse(body, status_code=422)
