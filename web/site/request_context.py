"""One request of a user: the store with the user's rights, and the page that answers the request.

Screens use a `Visit` and never the store itself, so that identity, rights and the access log are
handled in one place.

The file is long because every screen reads its request through it.
"""

import hmac
import secrets
from collections.abc import Collection, Sequence
from contextlib import AbstractContextManager, suppress
from dataclasses import dataclass, field
from datetime import date, datetime
from functools import partial
from typing import Annotated, Any
from urllib.parse import quote, urlsplit
from uuid import UUID

import msgspec
from fastapi import Depends, Request
from fastapi.responses import HTMLResponse, RedirectResponse, Response
from msgspec.structs import replace
from starlette.concurrency import run_in_threadpool

from access.who_may import telling
from access.who_may.decide import decide
from commands.kernel.blaming_language import describe as said
from commands.kernel.unit_of_work import Desk
from domain.data_protection.access_log import SearchTouched, ids_in
from domain.data_protection.copies import destroyed_by
from domain.forms.intervals import LONDON
from domain.kernel.acts import Act
from domain.kernel.envelope import LogUnavailable
from domain.kernel.values import Reader
from installation.system import System
from projections.information.queue import Clocks
from projections.kernel import item_ids
from projections.kernel.database import Db
from projections.kernel.schema import View
from web.site import browser_tokens, danger, row_density
from web.site.app_state import House
from web.site.danger import DangerStrip
from web.site.navigation import opens
from web.site.places import places_of
from web.site.rendering import render
from web.site.security_headers import is_from_other_site
from web.site.sessions import SignedIn

#: The header of an open page's automatic requests: such requests do not prolong the session, so
#: that an unused session ends.
UNASKED = "x-unasked"
#: Screens whose use is recorded under the name of a command, because the command has the same
#: query.
QUERIES = {
    "/": "due",
    "/queue": "queue",
    "/search": "search",
    "/items/{item}": "show",
    "/assess/{item}": "show",
    "/assess/{item}/chips": "show",
    "/assess/{item}/corroboration": "said-before",
    "/receipt/{item}": "show",
    "/photographs/{item}/{number}": "log-photo",
    "/people/{who}": "person show",
    "/inbox/duplicates": "suggestions",
    "/meetings": "network for-decision",
    "/meetings/{meeting}": "meeting minutes",
    "/mine": "mine",
    "/cases/mine": "cases",
    "/import": "cases",
    "/manage": "cases",
    "/trail/{item}": "trail",
    "/proof/{item}": "proof",
    "/map": "network whole",
    "/map/whole": "network whole",
    "/map/whole/data": "network whole",
    "/map/whole/table": "network whole",
    "/map/whole/export": "network export",
    "/map/{who}": "network ego",
    "/map/{who}/data": "network ego",
    "/map/{who}/table": "network ego",
    "/map/{who}/export": "network export",
    "/path": "network whole",
    "/then": "network changes",
}


#: Status codes of an answer that says that a page does not exist, or that the reader may not see
#: it.
REFUSED = (403, 404)
#: The largest number of language suggestions in a notice, which travels in a small cookie.
OFFERED = 3


class NotSignedIn(Exception):
    """Raised if the user is not signed in, or not any more."""


class FormFromElsewhere(Exception):
    """Raised if a page of another site sent the form."""


class TooOld(Exception):
    """Raised if the page of a form is older than the user's last sign-in or last proof
    of identity.
    """


class NeedsProof(Exception):
    """Raised if the act needs a second factor given just now."""


class NotThere(Exception):
    """Raised if the reader can see no item of this id."""


@dataclass
class Visit:
    """One request of a signed-in user. `given` are the fields of the sent form. `asks` is the name
    of the command under which the access log records the page, if its address does not show
    this."""

    request: Request
    house: House
    signed: SignedIn
    system: System
    given: dict[str, str] = field(default_factory=dict)
    asks: str = ""
    strip: DangerStrip | None = field(default=None, repr=False)

    @property
    def desk(self) -> Desk:
        return self.system.desk

    @property
    def reader(self) -> Reader:
        return self.system.reader

    @property
    def now(self) -> datetime:
        return self.system.clock()

    def today(self, *commands: UUID) -> date:
        """Return today's date in London. If the form of this request, or one of `commands`, was
        sent before, return the date on which it was first recorded. So "yesterday" means the same
        day as at the first time, and the command is recognised as a repetition."""
        if not commands:
            with suppress(ValueError):
                commands = (UUID(self.given.get("command_id", "")),)
        first = next(filter(None, map(self.desk.first_recorded_at, commands)), self.now)
        return first.astimezone(LONDON).date()

    @property
    def clocks(self) -> Clocks:
        policy = self.desk.policy
        return Clocks(policy.urgent, policy.other, policy.on_call)

    def reading(self) -> AbstractContextManager[Db]:
        """Open the views for a query; return their context."""
        return self.system.reading()

    def reading_with_access_log(self, *only: View) -> AbstractContextManager[Db]:
        """Open the views as `reading` does, and also the views of the access log."""
        return self.system.reading_with_access_log(*only)

    def may_ever(self, act: Act) -> bool:
        """Return whether any role of this reader may ever do this action."""
        return decide(self.reader, act).allowed

    def require_kind(self, item: UUID, *kinds: str) -> str:
        """Return the kind of an item. Raises NotThere if the item does not exist, or if it is not
        of one of these kinds.
        """
        with self.reading() as db:
            rows = item_ids.resolve(db, self.reader, str(item))
        if not rows or (kinds and rows[0].kind not in kinds):
            raise NotThere(" or ".join(kinds) or "item")
        return rows[0].kind

    def provable(self, *items: UUID) -> tuple[UUID, ...]:
        """Return those of these items for which the reader may get a proof. Raises Denied for a
        role that may not follow trails, and NotThere if the first item is not among them."""
        log = self.system.logs["evidence"]
        with self.reading() as db:
            found_items = telling.provable(db, self.reader, map(log.history, items))
        if items[0] not in found_items:
            raise NotThere("item")
        return tuple(item for item in items if item in found_items)

    def page(
        self,
        template: str,
        *,
        status: int = 200,
        touched: Sequence[SearchTouched] | None = None,
        **values: object,
    ) -> HTMLResponse:
        """Return a page, after recording the items on it in the access log (Data Protection Act
        2018, s.62)."""
        own = {"notices": self.signed.notices, "command_id": new_id()}
        shown = self.part(template, status=status, touched=touched, **own, **values)
        if self.signed.notices:
            browser_tokens.drop(self.house, shown, "-said")
        return shown

    def part(
        self,
        template: str,
        *,
        status: int = 200,
        touched: Sequence[SearchTouched] | None = None,
        **values: object,
    ) -> HTMLResponse:
        """Return a part of a page that is already open. `touched` are hidden matches of the query,
        which are recorded in the access log."""
        if self.request.method == "GET" and not self.signed.page:
            self.signed.page = current_address(self.request)
        own = self._own(status)
        shown = page(self.request, template, status, **own, **values)
        try:
            self._consulted_page(shown, touched)
        except LogUnavailable:
            if not (self.strip and self.strip.names and self.strip.missing.rows):
                raise
            # the page shows no names, so the danger strip shows none either
            self.strip = replace(self.strip, names=False)
            shown = page(self.request, template, status, **own, **values)
            self._consulted_page(shown, touched)
        self.say_behind(shown)
        return shown

    def _own(self, status: int = 200) -> dict[str, Any]:
        """Return the values that every page needs."""
        return {
            "signed": self.signed,
            "reader": self.reader,
            "now": self.now,
            "new_id": new_id,
            "rail": places_of(self.reader),
            # a page that is refused looks like a page that does not exist
            "rail_at": "" if status in REFUSED else self.request.url.path,
            "may": self.may_ever,
            "opens": partial(opens, self.reader),
            "wants_why": self.wants_why and status < 400,
            "called": self.called,
            "on_paper": self.route in danger.PAPERS,
            "on_their_feet": row_density.on_their_feet(self.reader),
            "system": self.system,
            "kept_until": destroyed_by(None, self.now.astimezone(LONDON).date()),
            "density": row_density.read_density(self.house, self.request, self.reader),
        }

    def rendered(self, template: str, **values: object) -> str:
        """Return a page as HTML. The items on it are not recorded in the access log."""
        own: dict[str, Any] = {"notices": (), "command_id": new_id(), **self._own(), **values}
        return bytes(page(self.request, template, **own).body).decode()

    def _consulted_page(
        self, shown: HTMLResponse, touched: Sequence[SearchTouched] | None = None
    ) -> None:
        body = bytes(shown.body)
        self.consulted(without_ids(body, self.asked) if shown.status_code >= 400 else body, touched)

    def called(self) -> DangerStrip:
        """Return the danger strip of this page, which is looked up once."""
        if self.strip is None:
            self.strip = danger.strip(self.system, self.route)
        return self.strip

    def data(self, value: object) -> Response:
        """Return the answer for a program, as JSON; the items that it shows are first recorded in
        the access log.
        """
        body = msgspec.json.encode(value)
        self.consulted(body)
        answer = Response(body, media_type="application/json")
        self.say_behind(answer)
        return answer

    def say_behind(self, answer: Response) -> None:
        """Add a header to an answer: the number of facts that are not yet in the views. The body
        does not change.
        """
        if lacking := self.system.lacking:
            answer.headers["Continuum-Behind"] = str(lacking)

    def consulted(self, shown: bytes, touched: Sequence[SearchTouched] | None = None) -> None:
        """Record in the access log that the ids in `shown` are about to be shown. Raises
        LogUnavailable; in that case nothing may be shown. An answer without any id contains nothing
        of the record.
        """
        ids = ids_in(shown)
        if ids or touched is not None:
            self.system.consulted(self.query, ids, self.signed.why, touched or ())

    @property
    def asked(self) -> tuple[UUID, ...]:
        """Return the ids that the request itself contains. A refusal may repeat them, because the
        user knows them already."""
        url = self.request.url
        text = " ".join([url.path, url.query, *self.given.values()])
        return ids_in(text.encode())

    @property
    def query(self) -> str:
        """Return the name under which the access log records this page's query, which is that of a
        command."""
        if self.asks:
            return self.asks
        return QUERIES.get(self.route, f"screen {self.route}")

    @property
    def route(self) -> str:
        """Return the pattern of the page's address, such as "/items/{item}"; "nowhere" for an
        unknown address."""
        path: str = getattr(self.request.scope.get("route"), "path", "nowhere")
        return path

    @property
    def wants_why(self) -> bool:
        """Return whether the user must first give a purpose of access, and the page can be
        requested again with it."""
        lacks_purpose = self.request.method == "GET" and not self.signed.why
        return lacks_purpose and self.system.wants_why(self.query)

    def lead(self, path: str) -> RedirectResponse:
        """Redirect from a former address to the page that replaced it, keeping the query."""
        query = address_query(self.request)
        return self.go(f"{path}?{query}" if query else path)

    def go(self, path: str, notice: str | None = None) -> RedirectResponse:
        """Redirect to another page, with a notice that says which action was done. The notice also
        has suggestions about blaming words in the recorded text, and a note if the recorded time is
        uncertain."""
        answer = RedirectResponse(path, status_code=303)
        language = [f"Language: {said(phrase)}." for phrase in self.desk.offered[:OFFERED]]
        clock = self.desk.clock_said
        notice = " ".join([*([notice] if notice else []), *([clock] if clock else []), *language])
        if notice:
            browser_tokens.set_sealed_cookie(self.house, answer, "said", [self.signed.csrf, notice])
        return answer

    def prove(self) -> None:
        """Raise NeedsProof unless the second factor was given just now."""
        if not self.signed.fresh:
            raise NeedsProof


def page(request: Request, template: str, status: int = 200, **values: object) -> HTMLResponse:
    """Return a page made from a template. Nothing is recorded in the access log, so pages for users
    who are not signed in are made in this way."""
    house: House = request.app.state.house
    html = render(
        template,
        cspNonce=request.state.nonce,
        path=request.url.path,
        here=current_address(request),
        synthetic=house.system.synthetic,
        views_picture=house.system.views.picture(),
        **values,
    )
    return HTMLResponse(html, status_code=status)


def without_ids(shown: bytes, ids: Collection[UUID]) -> bytes:
    """Return the bytes of an answer without these ids."""
    for item in ids:
        shown = shown.replace(str(item).encode(), b"")
    return shown


def new_id() -> str:
    """Return a new command id for a form. If the form is sent twice, its command is carried out
    once."""
    return UUID(bytes=secrets.token_bytes(16), version=4).hex


def _house(request: Request) -> House:
    house: House = request.app.state.house
    return house


def session_of(request: Request, *, staying: bool = True) -> SignedIn | None:
    """Return the session to which this request belongs."""
    house = _house(request)
    signed = house.sessions.check(request.cookies.get(house.cookie), staying=staying)
    if signed is None:
        return None
    notice, why = (
        _of(signed, browser_tokens.read_cookie(house, request, part)) for part in ("said", "why")
    )
    signed.notices, signed.why = [notice] if notice else [], why
    return signed


def _of(signed: SignedIn, cookie: Any) -> str | None:
    """Return the value in a cookie, which is a notice or the purpose of access. Return None if
    there is no cookie, or if it belongs to another session."""
    return cookie[1] if cookie and cookie[0] == signed.csrf else None


def visiting(request: Request) -> Visit:
    """Return the visit of a signed-in user who opens a page. Raises NotSignedIn, and NotThere for a
    screen that the user may not open."""
    staying = UNASKED not in request.headers
    house, signed = _house(request), session_of(request, staying=staying)
    if signed is None:
        raise NotSignedIn
    visit = Visit(request, house, signed, house.serving(signed.name))
    request.state.visit = visit
    if not opens(visit.reader, request.scope["route"].path):
        raise NotThere("page")
    return visit


async def sending(request: Request) -> Visit:
    """Return the visit of a signed-in user who sends a form. Raises NotSignedIn, FormFromElsewhere,
    TooOld."""
    if is_from_other_site(request.headers):
        raise FormFromElsewhere
    if not _is_json(request):
        form = await request.form()
        pairs = [(name, text) for name, text in form.multi_items() if isinstance(text, str)]
        request.state.given = pairs
    fields = dict(typed(request))
    visit = await run_in_threadpool(visiting, request)
    visit.given = fields
    csrf_token = request.headers.get("x-csrf-token", fields.get("csrf"))
    if csrf_token is None or not hmac.compare_digest(
        csrf_token.encode(), visit.signed.csrf.encode()
    ):
        raise TooOld if csrf_token and request.headers.get("sec-fetch-site") else FormFromElsewhere
    return visit


def typed(request: Request) -> list[tuple[str, str]]:
    """Return the values of a form, field by field; several fields may have one name."""
    return list(getattr(request.state, "given", []))


def _is_json(request: Request) -> bool:
    return request.headers.get("content-type", "").startswith("application/json")


def require_own_page(request: Request) -> Request:
    """Return the request after checking that it comes from a page of this server. The user need not
    be signed in. Raises FormFromElsewhere."""
    if is_from_other_site(request.headers):
        raise FormFromElsewhere
    return request


Own = Annotated[Request, Depends(require_own_page)]
Looking = Annotated[Visit, Depends(visiting)]
Sending = Annotated[Visit, Depends(sending)]


def safe_path(text: str | None) -> str:
    """Return the path if it is a page of this server, otherwise the path of the first page. So no
    link can redirect a user to another site."""
    parts = urlsplit(text or "")
    odd = not text or "\\" in text or any(char <= " " for char in text)
    if odd or parts.scheme or parts.netloc or not (text or "").startswith("/"):
        return "/"
    return text if text and not text.startswith("//") else "/"


def address_query(request: Request) -> str:
    """Return the query of the requested address, in which words stay encrypted."""
    query: str = getattr(request.state, "address", request.url.query)
    return query


def current_address(request: Request) -> str:
    """Return the requested address, so that the user can return to it; the words of a query stay
    encrypted.
    """
    query = address_query(request)
    return request.url.path + (f"?{query}" if query else "")


def sign_in_first(request: Request) -> Response:
    """Redirect to the sign-in page, from which the user returns to this page."""
    return RedirectResponse(
        f"/sign-in?next={quote(current_address(request), safe='/')}", status_code=303
    )
