"""Turn errors into problem documents (RFC 9457), the same for the API and the command line."""

from collections.abc import Callable, Mapping
from functools import cache
from typing import Any

from msgspec import Struct, field


class Problem(Struct, frozen=True):
    """An error as it is shown to a user: its kind, its HTTP status, a title, advice on what to do,
    and what is wrong with each field of the input.
    """

    kind: str
    status: int
    title: str
    detail: str
    fields: Mapping[str, str] = field(default_factory=dict)

    def document(self) -> dict[str, Any]:
        """Return the error as a problem document (RFC 9457)."""
        return {
            "type": f"urn:continuum:{self.kind}",
            "title": self.title,
            "status": self.status,
            "detail": self.detail,
            **({"errors": dict(self.fields)} if self.fields else {}),
        }


def invalid(detail: str, fields: Mapping[str, str] | None = None) -> Problem:
    """Return the problem document for an input that cannot be used."""
    return Problem("invalid", 422, "A value is not valid", detail, fields or {})


def broken(detail: str) -> Problem:
    """Return the problem document for a fault of the program."""
    return Problem("fault", 500, "The program has a fault", detail)


def problem_of(error: Exception) -> Problem | None:
    """Return the problem document for an expected error; None for any other error."""
    makers_by_kind = problems()
    make = next(
        (makers_by_kind[kind] for kind in type(error).__mro__ if kind in makers_by_kind), None
    )
    return make(error) if make else None


@cache
def problems() -> Mapping[type[Exception], Callable[[Exception], Problem]]:
    """Return for each class of expected errors the function that makes its problem document. This
    function is called only after a failure, because it imports all these classes."""
    # imported here, because a command that succeeds needs none of them
    from access.signing_in.vault import NotRight, TooMany
    from commands.kernel.unit_of_work import LostRace
    from domain.kernel.envelope import CommandReused, LogUnavailable, Unprovable
    from domain.kernel.values import Denied, Hidden, Refused, SignInFirst
    from installation.system import INTEGRITY
    from usecases.kernel.usecase import FieldErrors

    refused = _problem_maker("refused", 422, "The request was refused")
    return {
        LostRace: _problem_maker("raced", 409, "Another user changed the item first"),
        SignInFirst: _problem_maker("not-signed-in", 401, "Sign in"),
        Hidden: _problem_maker("not-there", 404, "There is no such item"),
        Denied: _problem_maker("denied", 403, "Your role does not permit this"),
        NotRight: _problem_maker("not-right", 401, "The sign-in was refused"),
        TooMany: _problem_maker("too-many", 429, "Too many attempts"),
        FieldErrors: lambda error: invalid(str(error), getattr(error, "faults", None)),
        Refused: refused,
        Unprovable: refused,
        CommandReused: _problem_maker(
            "command-reused", 409, "The command id was used for another command"
        ),
        LogUnavailable: _problem_maker("unavailable", 503, "The store does not answer"),
        **dict.fromkeys(
            INTEGRITY, _problem_maker("integrity", 500, "The record is not as it was written")
        ),
    }


#: Kinds of problems that name the field which was refused.
_OF_A_FIELD = frozenset({"refused", "not-there"})


def _problem_maker(kind: str, status: int, title: str) -> Callable[[Exception], Problem]:
    def make(error: Exception) -> Problem:
        about = getattr(error, "field", None) if kind in _OF_A_FIELD else None
        return Problem(kind, status, title, str(error), {about: str(error)} if about else {})

    return make
