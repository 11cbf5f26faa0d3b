"""A call from another system, with its caller and the purpose that the caller gives.

A call has a token, never a cookie, so that no page of another site can make a call in a user's
name. The token belongs to a signed-in user, or is a program's own key, which is refused for
everything that needs a second factor.
"""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from uuid import UUID

from fastapi import Request

from access.signing_in.sessions import GRAVE
from domain.data_protection.access_log import SearchTouched, ids_in
from domain.kernel.values import Denied
from domain.people_and_teams.account import legible
from installation.problems import Problem, invalid
from installation.system import System
from web.error_pages import ReportedProblem
from web.site.app_state import House
from web.site.request_context import NotSignedIn, Visit
from web.site.sessions import SignedIn

#: The header with the caller's name, used only on a store that does not check names (an open or a
#: synthetic store).
LABEL = "x-continuum-user"
#: The header with the purpose of access (Data Protection Act 2018, s.62), and its greatest length.
#: The purpose is stored with the items that are shown.
WHY, LONGEST_WHY = "x-continuum-why", 2000
#: The header in which a program names the person for whom it asks, and its greatest length. The
#: name is stored in the access log with the items that are shown.
PERSON, LONGEST_PERSON = "x-continuum-for", 200
KEY = "idempotency-key"


@dataclass
class ApiCall(Visit):
    """A request to the API. `told` is the command id in the request. `touched` are matches of a
    search with records that the caller may not see. `service` means that a program calls under
    its own name; `person` is then the user for whom it says that it calls."""

    service: bool = False
    person: str | None = None
    told: UUID | None = None
    touched: tuple[SearchTouched, ...] | None = None

    @property
    def command_id(self) -> UUID:
        """Return the id of the command. However often a command with this id is sent, it is carried
        out once.
        """
        assert self.told  # noqa: S101 (every operation that reads this has a command id)
        return self.desk.own_command(self.told, self.reader.name)

    def causes(self, ids: Collection[UUID]) -> tuple[str, ...]:
        """Return the ids of the items that caused the command, as texts that commands accept.
        Raises NotThere for an item that the caller may not see."""
        for item in ids:
            self.require_kind(item)
        return tuple(map(str, ids))

    def consulted(self, shown: bytes, touched: Sequence[SearchTouched] | None = None) -> None:
        """Record in the access log which items are about to be shown, as for a screen. Every use of
        a program's key is recorded, even if the answer shows no item.
        """
        ids = ids_in(shown)
        if ids or touched is not None or self.service:
            self.system.consulted(self.query, ids, self.signed.why, touched or (), self.person)

    def prove(self) -> None:
        """Raise Denied for a program, and ReportedProblem for a person whose second factor was
        given too long ago."""
        if self.service:
            raise Denied(
                "a program's key cannot do what needs a second factor: sign in as a person"
            )
        if not self.signed.fresh:
            words = "Run: continuum login --again. Then call with the new token"
            raise ReportedProblem(
                Problem("needs-proof", 403, "This request needs a second factor", words)
            )


def calling(request: Request, house: House, asks: str) -> ApiCall:
    """Return the call that a request makes. Raises NotSignedIn if there is no caller,
    ReportedProblem for values that are too long, and the errors of `ApiCall.prove` if the operation
    needs a second factor."""
    system, fresh, service = _store_of_caller(request, house)
    why = _header_value(request, WHY, LONGEST_WHY)
    person = _header_value(request, PERSON, LONGEST_PERSON)
    signed = SignedIn(system.label.name, fresh=fresh, why=why)
    call = ApiCall(request, house, signed, system, asks=asks, service=service, person=person)
    if asks in GRAVE:
        call.prove()
    return call


def _header_value(request: Request, header: str, longest: int) -> str | None:
    text = legible(request.headers.get(header, "").strip())
    if len(text) > longest:
        words = f"{header}: at most {longest} characters"
        raise ReportedProblem(invalid(words))
    return text or None


def _store_of_caller(request: Request, house: House) -> tuple[System, bool, bool]:
    """Return the store with the caller's rights, whether the caller's second factor was checked
    recently, and whether the caller is a program. A caller may send a name without a token only if
    the store does not check names. Raises NotSignedIn if the request identifies no caller."""
    system = house.system
    if authorization := request.headers.get("authorization"):
        scheme, _, token = authorization.partition(" ")
        if scheme.lower() != "bearer":
            raise NotSignedIn
        session = system.credentials.sessions.check(token.strip())
        if session is not None and session.kind == "command":
            return house.serving(session.user), session.fresh, False
        if program := system.program(token.strip()):
            return house.serving(program), False, True
        raise NotSignedIn
    label = request.headers.get(LABEL, "").strip()
    if not label or system.requires_sign_in:
        raise NotSignedIn
    return house.serving(label[:100]), True, False


def key_of(request: Request) -> UUID:
    """Return the command id in a request's header Idempotency-Key. Raises ReportedProblem if there
    is none or it is not a UUID."""
    header = request.headers.get(KEY, "").strip().strip('"')
    try:
        return UUID(header)
    except ValueError:
        raise ReportedProblem(
            Problem(
                "no-command-id",
                400,
                "The command has no id",
                f"Send a new UUID as {KEY.title()}: a command that is sent twice is then done once",
            )
        ) from None
