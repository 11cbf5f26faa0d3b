"""What takes two people: the options by which another confirms or refuses, and what waits."""

from typing import TYPE_CHECKING, Annotated, Any
from uuid import UUID

import typer

from console.engine.parsing import BadInput, parse_uuid
from console.engine.session import CommandSession, note

if TYPE_CHECKING:
    from commands.kernel.unit_of_work import Receipt
    from domain.kernel.codes import What

Confirm = Annotated[
    bool, typer.Option("--confirm", help="Confirm what somebody else proposed, in your own name.")
]
Refuse = Annotated[
    bool,
    typer.Option("--refuse", help="Refuse it, or take back your own proposal; with --reason."),
]
MaybeReason = Annotated[
    str | None, typer.Option("--reason", help="Why. Needed to propose and to refuse.")
]


def needed(reason: str | None) -> str:
    """The reason of a proposal. Raises BadInput where none is given."""
    if reason is None:
        raise BadInput("say why: --reason")
    return reason


def decided(
    session: CommandSession,
    what: "What",
    named: UUID | str,
    *,
    confirm: bool,
    refuse: bool,
    reason: str | None,
    command_id: str | None,
) -> bool:
    """Confirms or refuses, where one of the two is asked for. Raises BadInput for both."""
    from commands.people_and_teams import two_person
    from domain.people_and_teams.two_person import SAID

    if confirm and refuse:
        raise BadInput("say one of --confirm and --refuse")
    one = parse_uuid(command_id)
    if confirm:
        receipt = two_person.confirm(
            session.desk, session.reader, named, what, reason=reason, command_id=one
        )
        session.receipt(receipt, f"Confirmed: {SAID[what]}")
    if refuse:
        receipt = two_person.refuse(
            session.desk, session.reader, named, what, needed(reason), command_id=one
        )
        session.receipt(receipt, f"Refused: {SAID[what]}; nothing changed")
    return confirm or refuse


def receipt(session: CommandSession, given: Any, done: str, following: str) -> None:
    """What a write answers that may only have been proposed; `following` is how it is confirmed."""

    if not given.proposed:
        session.receipt(given, done)
        return
    what = done.removesuffix(": case")
    session.receipt(
        given,
        f"Proposed, it waits for a second person ({what.lower()})",
        f"Another confirms it with: continuum --user SOMEBODY-ELSE {following} --confirm",
    )
    note_confirmers(session, given)


def note_confirmers(session: CommandSession, given: "Receipt") -> None:
    """Say who can confirm at this hour what was proposed."""
    if given.proposed:
        from commands.people_and_teams.confirming import who_confirms

        if confirms := who_confirms(session.desk, given):
            note(confirms)
