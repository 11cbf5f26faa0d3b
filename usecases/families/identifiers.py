"""Record a child's single number across agencies.

Users record, withdraw and open the number, and check whether the child with a number is known.
"""

from typing import TYPE_CHECKING, Annotated, TypeAlias, Unpack

from commands.families import identifier
from commands.kernel import item_references
from domain.kernel.codes import IdentifierAgency, IdentifierDuty, IdentifierKind
from usecases.kernel.question import Answer, Question, QuestionText
from usecases.kernel.usecase import Ask, Causes, Day, Line, PersonRef, Text, UseCase, UseCaseText

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import datetime

    from commands.families.identifier import KnownChild, ShownIdentifier
    from commands.kernel.unit_of_work import Command, Desk, Receipt
    from domain.kernel.values import Reader

Kind: TypeAlias = Annotated[
    IdentifierKind, Ask("Which kind of number of the child is it?", option="--kind", rare=True)
]


class TellIdentifier(UseCase, frozen=True):
    """Record a child's single number across agencies. Say who gave the number. It is encrypted, is
    shown in no list, and can be opened only by people whose duty needs it."""

    named = UseCaseText(
        command="identifier record",
        records="identifier.told",
        about="person",
        title="Record or correct the child's NHS number",
        send="Record the number",
        success_message="Number recorded. Screens show it masked",
        address="identifier",
    )
    who: PersonRef
    number: Annotated[
        Line,
        Ask(
            "The child's NHS number",
            "Ten digits. The check digit is verified.",
            option="--number",
            sealed=True,
        ),
    ]
    source: Annotated[
        Line, Ask("Who gave the number, or where did you read it?", option="--source")
    ]
    as_of: Annotated[Day, Ask("On which day did you get the number?", option="--as-of")]
    why: Annotated[
        Text | None,
        Ask(
            "What was wrong with the earlier number?", "Only if another number is recorded", rows=2
        ),
    ] = None
    kind: Kind = "nhs-number"
    because_of: Causes = ()

    def do(self, desk: "Desk", reader: "Reader", **command: "Unpack[Command]") -> "Receipt":
        arguments = (self.who, self.kind, self.number, self.source, self.as_of)
        return identifier.record_number(desk, reader, *arguments, why=self.why, **command)


class WithdrawIdentifier(UseCase, frozen=True):
    """Withdraw a number that is not the child's."""

    named = UseCaseText(
        command="identifier withdraw",
        records="identifier.withdrawn",
        about="person",
        title="Withdraw a wrong NHS number",
        send="Withdraw the number",
        success_message="The number is withdrawn",
        address="identifier-withdrawn",
    )
    who: PersonRef
    reason: Annotated[
        Text, Ask("Why does the number not belong to this child?", option="--reason", rows=2)
    ]
    kind: Kind = "nhs-number"
    because_of: Causes = ()

    def do(self, desk: "Desk", reader: "Reader", **command: "Unpack[Command]") -> "Receipt":
        return identifier.withdraw(desk, reader, self.who, self.kind, self.reason, **command)


class OpenIdentifier(UseCase, frozen=True):
    """Open a child's number for 15 minutes. Open it only for a duty that needs it, and say whom you
    give it to. The opening is written to the access log."""

    named = UseCaseText(
        command="identifier open",
        records="identifier.opened",
        about="person",
        title="Open the child's NHS number",
        send="Open the number",
        success_message="You can read the number for 15 minutes. The access log records the duty: "
        "{duty}",
        address="identifier-opened",
    )
    who: PersonRef
    duty: Annotated[IdentifierDuty, Ask("For which duty is the number needed?")]
    agency: Annotated[
        IdentifierAgency | None,
        Ask(
            "To which agency do you give the child's number?",
            "Leave it empty if you read the number yourself",
        ),
    ] = None
    to: Annotated[
        Line | None,
        Ask(
            "Which person at the agency receives the number?",
            "The person's name or post",
            option="--to",
        ),
    ] = None
    kind: Kind = "nhs-number"
    because_of: Causes = ()

    def do(self, desk: "Desk", reader: "Reader", **command: "Unpack[Command]") -> "Receipt":
        arguments = (self.who, self.kind, self.duty)
        return identifier.unseal(
            desk, reader, *arguments, agency=self.agency, to=self.to, **command
        )


class ShowIdentifier(Question, frozen=True):
    """Show a child's number, masked. The whole number shows while you have it open."""

    named = QuestionText(
        command="identifier show",
        title="The child's NHS number",
        empty="No number of the child is recorded.",
        acts=("see-identifier",),
    )
    who: PersonRef

    def rows(self, desk: "Desk", reader: "Reader", now: "datetime") -> "Sequence[ShownIdentifier]":
        with desk.asking() as db:
            who = item_references.item(desk, db, reader, self.who, "person")
            return identifier.visible_numbers(desk, db, reader, who, now)

    @classmethod
    def row(cls) -> "type[ShownIdentifier]":
        return identifier.ShownIdentifier


class AskKnown(Question, frozen=True):
    """Check if a child with this number is known here. Give the whole number. The answer covers the
    cases that you may see. If another team has a record of the child, that team is notified of your
    query."""

    named = QuestionText(
        command="identifier known",
        title="Check if a child is recorded",
        empty="No child that you may see has this number.",
        acts=("see-identifier",),
    )
    number: Annotated[
        Line,
        Ask(
            "The child's NHS number",
            "The whole number. It is not stored.",
            placed=True,
            sealed=True,
        ),
    ]
    kind: Kind = "nhs-number"

    def told(self, desk: "Desk", reader: "Reader", now: "datetime") -> Answer:
        with desk.asking() as db:
            rows, touched = identifier.find_children(desk, db, reader, self.kind, self.number)
        return Answer((rows,), touched=touched)

    @classmethod
    def row(cls) -> "type[KnownChild]":
        return identifier.KnownChild
