"""Reviews of unusual access, decisions about silent search alerts, and destroyed copies."""

from typing import TYPE_CHECKING, Annotated, Unpack

from commands.data_protection import access_log, copies
from domain.kernel.codes import Contact
from usecases.kernel.usecase import Ask, ItemRef, Line, Text, UseCase, UseCaseText

if TYPE_CHECKING:
    from commands.kernel.declared import Declared
    from commands.kernel.unit_of_work import Command, Desk, Receipt
    from domain.kernel.values import Reader


class LookInto(UseCase, frozen=True):
    """Record your review of somebody's access."""

    named = UseCaseText(
        command="unusual-access review",
        records="access.reviewed",
        title="Review unusual access",
        send="Save the review",
        success_message="Review recorded",
    )
    user: Annotated[Line, Ask("Whose access did you review?")]
    finding: Annotated[Text, Ask("What did the review find?", option="--finding", rows=3)]

    def do(self, desk: "Desk", reader: "Reader", **command: "Unpack[Command]") -> "Receipt":
        return access_log.review_access(desk, reader, self.user, self.finding, **command)


class DecideContact(UseCase, frozen=True):
    """Decide whether to contact the searcher. The searcher does not learn of the decision."""

    named = UseCaseText(
        command="hits decide",
        records="search.contact_decided",
        about="hit",
        title="Contact the searcher?",
        send="Record the decision",
        success_message="Decided: {contact}",
        address="decide",
    )
    hit: Annotated[
        ItemRef,
        Ask(
            "Which search alert is the decision about?",
            "The full id or its last eight characters, from the list.",
        ),
    ]
    contact: Annotated[Contact, Ask("Do you contact the searcher?")]
    reason: Annotated[
        Text, Ask("Why do you contact the searcher, or not?", option="--reason", rows=3)
    ]

    def gives(self) -> "Declared":
        return access_log.decide_contact


class DestroyCopy(UseCase, frozen=True):
    """Record that a copy was destroyed. No later certificate of an erasure names it."""

    named = UseCaseText(
        command="copies destroyed",
        records="copy.destroyed",
        about="copy",
        title="Record that a copy is destroyed",
        send="Record the destruction",
        success_message="Copy recorded as destroyed",
        address="destroyed",
        warns=True,
    )
    copy: Annotated[
        ItemRef,
        Ask(
            "Which copy was destroyed?", "The full id or its last eight characters, from the list."
        ),
    ]
    how: Annotated[Text, Ask("How was the copy destroyed, and who saw it?", option="--how", rows=3)]

    def do(self, desk: "Desk", reader: "Reader", **command: "Unpack[Command]") -> "Receipt":
        return copies.record_destroyed(desk, reader, self.copy, self.how, **command)
