"""A form that came too late: its sender had been signed out. What they typed is given back to
them, and to nobody else, once they have signed in again.

It travels sealed in the page itself, so nothing of it is stored.
"""

from dataclasses import asdict, dataclass

from fastapi import Request
from starlette.routing import Match

from web.site import browser_tokens
from web.site.app_state import House
from web.site.request_context import here, safe_path

#: Fields of the forms of signing in, which never travel.
SECRET = frozenset({"csrf", "password", "digits", "code", "again", "old", "unsent"})


@dataclass(frozen=True)
class Unsent:
    """Where it was to go, what was typed, by whom (None: that is not known any more), and on which
    page."""

    who: str | None
    to: str
    fields: list[tuple[str, str]]
    back: str = "/"


def sealed(house: House, request: Request, who: str | None, fields: list[tuple[str, str]]) -> str:
    """The form as a page can carry it."""
    typed = [(name, text) for name, text in fields if name not in SECRET]
    told = dict(typed).get("back")
    back = safe_path(told) if told else _page_of(request)
    return browser_tokens.seal(house, "unsent", asdict(Unsent(who, here(request), typed, back)))


def _page_of(request: Request) -> str:
    """The page on which the form stands, as far as its address tells: browsers tell nobody where
    they come from (`Referrer-Policy`)."""
    for path in (request.url.path, request.url.path.rpartition("/")[0]):
        wanted = {"type": "http", "method": "GET", "path": path}
        if any(one.matches(wanted)[0] is Match.FULL for one in request.app.router.routes if path):
            return safe_path(here(request).replace(request.url.path, path, 1))
    return "/"


def opened(house: House, text: str) -> Unsent | None:
    """The form again; None for what we did not seal."""
    told = browser_tokens.unseal(house, "unsent", text)
    return Unsent(**told) if told else None
