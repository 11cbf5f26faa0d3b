"""One call of another system: who calls, and what it may say of itself.

A call bears a token, never a cookie: no page of another site can make one in somebody's name.
"""

from collections.abc import Collection
from dataclasses import dataclass
from uuid import UUID

from fastapi import Request

from domain.consultation import SearchTouched
from system import System
from web.faults import Problem, Stopped
from web.house import House
from web.sessions import Signed
from web.visit import NotSignedIn, Visit

#: Who calls, where a store checks no names: an open one, or a synthetic one.
LABEL = "x-continuum-user"
#: Why somebody asks (s.62), kept with what they are shown.
WHY, LONGEST_WHY = "x-continuum-why", 2000
KEY = "idempotency-key"


@dataclass
class Call(Visit):
    """A request of a program. `asks` is what the command line calls it, `told` the command id that
    came with it, `touched` what the query met and may not show."""

    asks: str = ""
    told: UUID | None = None
    touched: tuple[SearchTouched, ...] = ()

    @property
    def query(self) -> str:
        return self.asks

    @property
    def command_id(self) -> UUID:
        """The id under which this is done once, however often it is sent."""
        assert self.told  # noqa: S101 (no command is reached without one)
        return self.told

    def causes(self, ids: Collection[UUID]) -> tuple[str, ...]:
        """What led to it. Raises NotThere for what the caller cannot see."""
        for one in ids:
            self.kind_of(one)
        return tuple(map(str, ids))


def calling(request: Request, house: House, asks: str) -> Call:
    """Who calls, and why. Raises NotSignedIn for nobody, Stopped for too long a reason."""
    system, why = _whose(request, house), request.headers.get(WHY, "").strip()
    if len(why) > LONGEST_WHY:
        words = f"{WHY}: at most {LONGEST_WHY} characters say why"
        raise Stopped(Problem("invalid", 422, "Something in it cannot be", words))
    signed = Signed(system.label.name, why=why or None)
    return Call(request, house, signed, system, asks=asks)


def _whose(request: Request, house: House) -> System:
    """The store for the owner of a token; a mere name counts only where the store checks none.
    Raises NotSignedIn."""
    system = house.system
    if given := request.headers.get("authorization"):
        scheme, _, token = given.partition(" ")
        known = system.credentials.sessions.check(token.strip())
        if scheme.lower() != "bearer" or known is None or known.kind != "command":
            raise NotSignedIn
        return house.serving(known.user)
    label = request.headers.get(LABEL, "").strip()
    if not label or system.asks_for_proof:
        raise NotSignedIn
    return house.serving(label[:100])


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
