"""Forms that were sent after their sender's session had ended. The typed values are shown to that
sender again, and to no other person, after signing in.

The values are in the sign-in page itself, encrypted, and are not stored on the server.
"""

from fastapi import Request
from msgspec import Struct
from msgspec.structs import asdict
from starlette.routing import Match

from web.site import browser_tokens, form_again
from web.site.app_state import House
from web.site.request_context import current_address, safe_path


class UnsentForm(Struct, frozen=True):
    """A form that was not accepted because its session had ended: its address, its values, its
    sender (None if unknown), and its page.
    """

    who: str | None
    to: str
    fields: list[tuple[str, str]]
    back: str = "/"


def sealed(house: House, request: Request, who: str | None, fields: list[tuple[str, str]]) -> str:
    """Return the fields of a sent form, with its sender `who` and its page, as one encrypted text
    that is put into the sign-in page."""
    typed = [(name, text) for name, text in fields if name not in form_again.SECRET]
    back_address = dict(typed).get("back")
    back = safe_path(back_address) if back_address else _page_of(request)
    return browser_tokens.seal(
        house, "unsent", asdict(UnsentForm(who, current_address(request), typed, back))
    )


def _page_of(request: Request) -> str:
    """Return the address of the page that contains a form, derived from the form's own address.
    (Browsers do not send the page's address, because of `Referrer-Policy`.)"""
    for path in (request.url.path, request.url.path.rpartition("/")[0]):
        wanted = {"type": "http", "method": "GET", "path": path}
        if any(
            route.matches(wanted)[0] is Match.FULL for route in request.app.router.routes if path
        ):
            return safe_path(current_address(request).replace(request.url.path, path, 1))
    return "/"


def opened(house: House, text: str) -> UnsentForm | None:
    """Return the form that `sealed` encrypted into this text; None for a text that this server did
    not encrypt."""
    fields = browser_tokens.unseal(house, "unsent", text)
    return UnsentForm(**fields) if fields else None
