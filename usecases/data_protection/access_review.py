"""What is done about whose looking stands out, about searches that met what is held here, and about
copies that left the store."""

from typing import TYPE_CHECKING, Annotated, Unpack

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
        title="I looked into it",
        send="Keep it",
        success_message="Looked into",
    )
    user: Annotated[Line, Ask("Whose consultations?")]
    finding: Annotated[Text, Ask("What did you find?", option="--finding", rows=3)]

    def do(self, desk: "Desk", reader: "Reader", **command: "Unpack[Command]") -> "Receipt":
        from commands.data_protection import access_log

        return access_log.review_access(desk, reader, self.user, self.finding, **command)


class DecideContact(UseCase, frozen=True):
    """Decide whether to contact the searcher. The searcher does not learn of the decision."""

    named = UseCaseText(
        command="hits decide",
        records="search.contact_decided",
        about="hit",
        title="Decide",
        send="Decide",
        success_message="Decided: {contact}",
        address="decide",
    )
    hit: Annotated[ItemRef, Ask("Which search?", "Its id or the end of it, as the list tells it.")]
    contact: Annotated[Contact, Ask("Get in touch?")]
    reason: Annotated[Text, Ask("Why?", option="--reason", rows=3)]

    def gives(self) -> "Declared":
        from commands.data_protection.access_log import decide_contact

        return decide_contact


class DestroyCopy(UseCase, frozen=True):
    """Record that a copy was destroyed. No certificate of an erasure names it from then on."""

    named = UseCaseText(
        command="copies destroyed",
        records="copy.destroyed",
        about="copy",
        title="It is destroyed",
        send="It is destroyed",
        success_message="Destroyed",
        address="destroyed",
        warns=True,
    )
    copy: Annotated[ItemRef, Ask("Which copy?", "Its id or the end of it, as the list tells it.")]
    how: Annotated[Text, Ask("How was it destroyed, and who saw it?", option="--how", rows=3)]

    def do(self, desk: "Desk", reader: "Reader", **command: "Unpack[Command]") -> "Receipt":
        from commands.data_protection import copies

        return copies.destroyed(desk, reader, self.copy, self.how, **command)
