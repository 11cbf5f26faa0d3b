"""Encrypts the words of a search, so that they never appear in an address. Browsers, proxies and
their logs store addresses, and a nickname or a plate identifies a person.

A search form is sent to `/asked`, which redirects to the page with the query as a token. The token
is encrypted and useless in another session; the back button and reloading still work.
"""

from typing import Annotated
from urllib.parse import urlencode

from fastapi import APIRouter, Form, Request
from fastapi.responses import RedirectResponse, Response
from starlette.datastructures import QueryParams
from starlette.types import ASGIApp, Receive, Scope, Send

from domain.kernel.values import Refused
from web.site import browser_tokens
from web.site.app_state import House
from web.site.request_context import Sending, safe_path

router = APIRouter()
NAME = "asked"
#: The largest number of characters of all fields together, because an address can have only some
#: thousands.
LONGEST = 4_000
_OWN = ("csrf", "command_id", "to")


@router.post("/asked")
def go_on(visit: Sending, to: Annotated[str, Form(max_length=200)] = "/") -> Response:
    """Redirect to the page that answers the sent query; the address contains the query encrypted.
    Raises Refused for a query that is too long for an address."""
    fields = {name: text for name, text in visit.given.items() if name not in _OWN and text}
    if sum(map(len, fields.values())) > LONGEST:
        raise Refused(f"the search is too long: write at most {LONGEST} characters")
    mine = visit.request.cookies.get(visit.house.cookie, "")
    token = browser_tokens.seal(visit.house, NAME, [mine, fields])
    return RedirectResponse(f"{safe_path(to)}?{urlencode({NAME: token})}", status_code=303)


class QueryDecrypter:
    """Decrypts the token in an address before the request is handled, so that pages get the query's
    words. A token of another session is ignored."""

    def __init__(self, app: ASGIApp) -> None:
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        query_string = scope.get("query_string", b"")
        if scope["type"] == "http" and NAME.encode() + b"=" in query_string:
            parameters = QueryParams(query_string)
            fields = self._fields(Request(scope), parameters.get(NAME))
            rest = [(name, text) for name, text in parameters.multi_items() if name != NAME]
            scope.setdefault("state", {})["address"] = query_string.decode("latin-1")
            scope["query_string"] = urlencode([*rest, *fields.items()]).encode()
        await self.app(scope, receive, send)

    @staticmethod
    def _fields(request: Request, token: str | None) -> dict[str, str]:
        house: House = request.app.state.house
        unsealed = browser_tokens.unseal(house, NAME, token)
        mine = request.cookies.get(house.cookie, "")
        return unsealed[1] if unsealed and mine and unsealed[0] == mine else {}
