"""Evidence: gathered, handed over, excluded, undermined or withdrawn."""

from typing import TYPE_CHECKING, Annotated, TypeAlias, Unpack

from msgspec import Meta

from commands.justice import evidence
from domain.kernel.codes import EvidenceEnd, EvidenceKind
from usecases.kernel.usecase import (
    Ask,
    CaseRef,
    Causes,
    ItemRef,
    Line,
    Moment,
    Ref,
    Reference,
    Text,
    UseCase,
    UseCaseText,
)

if TYPE_CHECKING:
    from commands.kernel.declared import Declared
    from commands.kernel.unit_of_work import Command, Desk, Receipt
    from domain.kernel.values import Reader

EvidenceRef: TypeAlias = Annotated[Reference, Ref("evidence"), Ask("Which item of evidence is it?")]


class GatherEvidence(UseCase, frozen=True):
    """Add an exhibit, statement or interview. The evidence is a new item that points to the log
    entries that led to it. The entries stay information, and no image is stored here."""

    named = UseCaseText(
        command="evidence add",
        records="evidence.gathered",
        title="Add evidence",
        send="Add the evidence",
        success_message="Evidence {mark} added. Next, add the links that the evidence supports",
        then="/items/{id}",
        address="evidence",
    )
    kind: Annotated[EvidenceKind, Ask("Which kind of evidence is it?")]
    mark: Annotated[
        Line,
        Ask(
            "Which exhibit mark does the item have?",
            "The producer's initials and a number, for example AB1",
            option="--mark",
        ),
    ]
    of: Annotated[
        tuple[ItemRef, ...],
        Meta(max_length=100),
        Ask("Which log entries led to the evidence?", "Ids, separated by commas", option="--from"),
    ] = ()
    description: Annotated[Text | None, Ask("What is the item of evidence?", rows=2)] = None
    produced_by: Annotated[Line | None, Ask("Who produced the item?")] = None
    location: Annotated[Line | None, Ask("Where is the item stored?")] = None
    gathered: Annotated[Moment | None, Ask("When was the item gathered?", option="--at")] = None
    case: Annotated[
        CaseRef | None, Ask("For which case is the item?", "A number or a reference")
    ] = None
    sha256: Annotated[Line | None, Ask("SHA-256 of a file that is stored elsewhere")] = None
    because_of: Causes = ()

    def gives(self) -> "Declared":
        return evidence.gather

    def warning(self, desk: "Desk", reader: "Reader", receipt: "Receipt") -> str | None:
        return evidence.describe(desk, reader, receipt.id, self.kind)


class HandOver(UseCase, frozen=True):
    """Record who an exhibit was handed to. This keeps its continuity."""

    named = UseCaseText(
        command="evidence transfer",
        records="evidence.transferred",
        about="evidence",
        title="Record that an exhibit was handed over",
        send="Record the handover",
        success_message="Item handed to {receiver}",
        address="transfers",
    )
    item: EvidenceRef
    receiver: Annotated[Line, Ask("Who receives the item?", option="--to")]
    giver: Annotated[
        Line | None,
        Ask(
            "Who hands the item over?",
            "The holder on record. Another person would break the continuity.",
            option="--by",
        ),
    ] = None
    place: Annotated[Line | None, Ask("Where is the item stored from now on?")] = None
    transferred: Annotated[Moment | None, Ask("When was the item handed over?", option="--at")] = (
        None
    )
    because_of: Causes = ()

    def gives(self) -> "Declared":
        return evidence.transfer


class MarkEvidence(UseCase, frozen=True):
    """Mark an item of evidence as excluded, undermined or withdrawn. The item stays on record."""

    named = (
        UseCaseText(
            command="evidence exclude",
            help=(
                "Mark an item of evidence as excluded. A court or the prosecution will not "
                "use the item. The item stays on record and is shown as excluded."
            ),
            warns=True,
            records="evidence.excluded",
            about="evidence",
            title="Mark the evidence as excluded",
            send="Mark the evidence as excluded",
            success_message="Evidence excluded",
            address="exclude",
            fixed={"becomes": "excluded"},
            proposes=("withdraw-exhibit",),
        ),
        UseCaseText(
            command="evidence undermine",
            help=(
                "Mark an item of evidence as undermined. Other information contradicts it. "
                "The item stays on record and is shown as undermined."
            ),
            warns=True,
            records="evidence.undermined",
            about="evidence",
            title="Mark the evidence as undermined",
            send="Mark the evidence as undermined",
            success_message="Evidence undermined",
            address="undermine",
            fixed={"becomes": "undermined"},
        ),
        UseCaseText(
            command="evidence withdraw",
            help=(
                "Withdraw an item of evidence. The person who gathered it can do this. The "
                "item stays on record and is shown as withdrawn."
            ),
            records="evidence.withdrawn",
            about="evidence",
            title="Withdraw the evidence",
            send="Withdraw the evidence",
            success_message="Evidence withdrawn",
            address="withdraw",
            fixed={"becomes": "withdrawn"},
            proposes=("withdraw-exhibit",),
        ),
    )
    item: EvidenceRef
    becomes: Annotated[EvidenceEnd, Ask("What is the new status of the item?")]
    reason: Annotated[
        Text, Ask("Why does the status of the item change?", option="--reason", rows=2)
    ]
    because_of: Causes = ()

    def do(self, desk: "Desk", reader: "Reader", **command: "Unpack[Command]") -> "Receipt":
        return evidence.change_status(desk, reader, self.item, self.becomes, self.reason, **command)
