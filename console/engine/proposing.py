"""The options by which a second person confirms or refuses a decision of two people, and the
messages about open proposals. Several commands share them.
"""

from typing import TYPE_CHECKING, Annotated, Any
from uuid import UUID

import typer

from commands.people_and_teams import confirming, two_person
from console.engine.parsing import BadInput, parse_uuid
from console.engine.session import CommandSession, note
from domain.people_and_teams import two_person as two_person_domain

if TYPE_CHECKING:
    from commands.kernel.unit_of_work import Receipt
    from domain.kernel.codes import What

Confirm = Annotated[
    bool, typer.Option("--confirm", help="Confirm another person's proposal, in your own name.")
]
Refuse = Annotated[
    bool,
    typer.Option("--refuse", help="Refuse the proposal, or withdraw your own; with --reason."),
]


def require_reason(reason: str | None) -> str:
    """Return the reason that the user gave for a proposal; raise BadInput if there is none."""
    if reason is None:
        raise BadInput("a reason is needed: give --reason")
    return reason


def decided(
    session: CommandSession,
    action: "What",
    named: UUID | str,
    *,
    confirm: bool,
    refuse: bool,
    reason: str | None,
    command_id: str | None,
) -> bool:
    """Confirm or refuse the proposal about the item `named`, if the command has --confirm or
    --refuse. Return whether it has one of the two. Raises BadInput if it has both."""
    if confirm and refuse:
        raise BadInput("give --confirm or --refuse, not both")
    given_id = parse_uuid(command_id)
    if confirm:
        receipt = two_person.confirm(
            session.desk, session.reader, named, action, reason=reason, command_id=given_id
        )
        session.receipt(receipt, f"Confirmed: {two_person_domain.SAID[action]}")
    if refuse:
        receipt = two_person.refuse(
            session.desk, session.reader, named, action, require_reason(reason), command_id=given_id
        )
        session.receipt(receipt, f"Refused: {two_person_domain.SAID[action]}; nothing changed")
    return confirm or refuse


def receipt(session: CommandSession, given: Any, done: str, following: str) -> None:
    """Print the receipt of a command that may only have made a proposal; `following` is the command
    that confirms it.
    """

    if not given.proposed:
        session.receipt(given, done)
        return
    summary = done.removesuffix(": case")
    session.receipt(
        given,
        f"Proposed; a second person has to confirm it ({summary.lower()})",
        f"They confirm it with: continuum --user SECOND-PERSON {following} --confirm",
    )
    note_confirmers(session, given)


def note_confirmers(session: CommandSession, given: "Receipt") -> None:
    """Print the names of the accounts that can confirm the proposed decision now."""
    if given.proposed and (confirms := confirming.describe_confirmers(session.desk, given)):
        note(confirms)
