"""One call of another system: who calls, and what it may say of itself.

A call bears a token, never a cookie: no page of another site can make one in somebody's name. The
token is that of somebody who signed in, or a program's own key, with which it may do nothing that
asks for a second factor.
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
from web.error_pages import Stopped
from web.site.app_state import House
from web.site.request_context import NotSignedIn, Visit
from web.site.sessions import Signed

#: Who calls, where a store checks no names: an open one, or a synthetic one.
LABEL = "x-continuum-user"
#: Why somebody asks (s.62), kept with what they are shown.
WHY, LONGEST_WHY = "x-continuum-why", 2000
#: For whom a program asks, as it says itself; kept as told with what it is shown.
PERSON, LONGEST_PERSON = "x-continuum-for", 200
KEY = "idempotency-key"


@dataclass
class ApiCall(Visit):
    """A request of a program. `told` is the command id that came with it, `touched` what the query
    met and may not show; `service` says that the program calls under its own name, `person` for
    whom."""

    service: bool = False
    person: str | None = None
    told: UUID | None = None
    touched: tuple[SearchTouched, ...] | None = None

    @property
    def command_id(self) -> UUID:
        """The id under which this is done once, however often it is sent."""
        assert self.told  # noqa: S101 (no command is reached without one)
        return self.desk.own_command(self.told, self.reader.name)

    def causes(self, ids: Collection[UUID]) -> tuple[str, ...]:
        """What led to it. Raises NotThere for what the caller cannot see."""
        for one in ids:
            self.kind_of(one)
        return tuple(map(str, ids))

    def consulted(self, shown: bytes, touched: Sequence[SearchTouched] | None = None) -> None:
        """As for a screen; each use of a program's key, whatever it was answered."""
        ids = ids_in(shown)
        if ids or touched is not None or self.service:
            self.system.consulted(self.query, ids, self.signed.why, touched or (), self.person)

    def prove(self) -> None:
        """Raises Denied for a program, Stopped where the second factor was given longer ago."""
        if self.service:
            raise Denied("a program's key does nothing that asks for a second factor")
        if not self.signed.fresh:
            words = "Give it once more (continuum login --again), and call with the new token"
            raise Stopped(Problem("needs-proof", 403, "This asks for a second factor", words))


def calling(request: Request, house: House, asks: str) -> ApiCall:
    """Who calls, for whom, and why. Raises NotSignedIn for nobody, Stopped for too much of it;
    where it is grave, as `ApiCall.prove`."""
    system, fresh, service = _whose(request, house)
    why = _said(request, WHY, LONGEST_WHY)
    person = _said(request, PERSON, LONGEST_PERSON)
    signed = Signed(system.label.name, fresh=fresh, why=why)
    call = ApiCall(request, house, signed, system, asks=asks, service=service, person=person)
    if asks in GRAVE:
        call.prove()
    return call


def _said(request: Request, header: str, longest: int) -> str | None:
    told = legible(request.headers.get(header, "").strip())
    if len(told) > longest:
        words = f"{header}: at most {longest} characters"
        raise Stopped(invalid(words))
    return told or None


def _whose(request: Request, house: House) -> tuple[System, bool, bool]:
    """The store for the owner of a token, whether their second factor is fresh, and whether it is
    a program's own; a mere name counts only where the store checks none. Raises NotSignedIn."""
    system = house.system
    if given := request.headers.get("authorization"):
        scheme, _, token = given.partition(" ")
        if scheme.lower() != "bearer":
            raise NotSignedIn
        known = system.credentials.sessions.check(token.strip())
        if known is not None and known.kind == "command":
            return house.serving(known.user), known.fresh, False
        if program := system.program(token.strip()):
            return house.serving(program), False, True
        raise NotSignedIn
    label = request.headers.get(LABEL, "").strip()
    if not label or system.asks_for_proof:
        raise NotSignedIn
    return house.serving(label[:100]), True, False


def key_of(request: Request) -> UUID:
    """The command id. Raises Stopped where none came that is a UUID."""
    told = request.headers.get(KEY, "").strip().strip('"')
    try:
        return UUID(told)
    except ValueError:
        raise Stopped(
            Problem(
                "no-command-id",
                400,
                "This needs a command id",
                f"Send a new UUID as {KEY.title()}: whatever is sent twice is then done once",
            )
        ) from None
