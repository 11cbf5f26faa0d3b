"""Record contacts with a family, and notes.

Contacts and notes are the charity's own records.
"""

from typing import TYPE_CHECKING, Annotated, TypeAlias

from msgspec import Meta

from commands.families import charity_support
from domain.kernel.codes import About, Channel, ContactKind, NoteKind, With
from domain.kernel.values import FactOrOpinion
from projections.families import charity_support as charity_support_view
from usecases.kernel.question import Question, QuestionText, Table, of_case
from usecases.kernel.usecase import (
    Ask,
    CaseRef,
    Causes,
    Day,
    Line,
    Moment,
    Text,
    UseCase,
    UseCaseText,
)

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import datetime

    from commands.kernel.declared import Declared
    from commands.kernel.unit_of_work import Desk, Receipt
    from domain.kernel.values import Reader
    from projections.kernel.columns import Listed

#: A note may be a long account, so its limit is high.
Long: TypeAlias = Annotated[str, Meta(max_length=500_000)]


class RecordContact(UseCase, frozen=True):
    """Record a contact with a family. The program checks whether the phone, account or address is
    safe. A planned contact that is not safe is refused. An unsafe contact that was already made is
    recorded, and raises an alert."""

    named = UseCaseText(
        command="support contact",
        records="support.contact_made",
        about="case",
        title="Record a contact",
        send="Record the contact",
        success_message="Contact recorded: {kind}",
        address="contacts",
    )
    case: CaseRef
    kind: Annotated[ContactKind, Ask("For which purpose is the contact?", option="--kind")]
    channel: Annotated[Channel, Ask("How was contact made?", option="--by")] = "visit"
    whom: Annotated[With, Ask("With which family member was the contact?", option="--with")] = (
        "parent"
    )
    to: Annotated[
        Line | None,
        Ask(
            "Which number, account or address was used for the contact?",
            "Continuum first checks if this way of contact is safe. Write phone:NUMBER, "
            "handle:NAME or place:ADDRESS",
        ),
    ] = None
    done: Annotated[bool, Ask("The contact was already made, or the message sent")] = False
    happened: Annotated[
        Moment | None, Ask("When was the contact?", "Empty: now", option="--at")
    ] = None
    minutes: Annotated[int | None, Ask("How many minutes did the contact take?")] = None
    travel: Annotated[
        int | None, Ask("How many minutes did the travel take?", "The journey there and back")
    ] = None
    words: Annotated[Long | None, Ask("Note on the contact", option="--note", rows=5)] = None
    because_of: Causes = ()

    def gives(self) -> "Declared":
        return charity_support.make_contact

    def warning(self, desk: "Desk", reader: "Reader", receipt: "Receipt") -> str | None:
        return charity_support.warning(desk, reader, receipt.id)


class WriteNote(UseCase, frozen=True):
    """Write a note about a family. An opinion needs its author, its basis and its review date. An
    attitude is always an opinion."""

    named = UseCaseText(
        command="support note",
        records="support.note_written",
        about="case",
        title="Write a note",
        send="Save the note",
        success_message="Note saved: {kind}",
        address="notes",
    )
    case: CaseRef
    words: Annotated[Long, Ask("Text of the note", piped=True, rows=5)]
    kind: Annotated[NoteKind, Ask("Which kind of note is it?")] = "note"
    about: Annotated[About, Ask("Which person is the note about, or from?")] = "family"
    opinion: Annotated[
        FactOrOpinion,
        Ask(
            "Does the note state a fact or an opinion?",
            "A note on an attitude is always an opinion.",
        ),
    ] = "not-known"
    holder: Annotated[
        Text | None, Ask("Whose opinion is it?", "Leave it empty for a fact.", option="--of")
    ] = None
    basis: Annotated[Text | None, Ask("What is the opinion based on?")] = None
    review: Annotated[Day | None, Ask("When is the opinion reviewed?")] = None
    because_of: Causes = ()

    def gives(self) -> "Declared":
        return charity_support.write_note


class ListSupport(Question, frozen=True):
    """Show a family's contacts and notes. Opinions stand apart from facts."""

    named = QuestionText(
        command="support list",
        title="Support",
        empty="No contacts or notes are recorded.",
        acts=("see-support",),
    )
    case: CaseRef

    @classmethod
    def tables(cls) -> tuple[Table, ...]:
        return (
            Table(
                "contacts", "Contacts", "No contacts are recorded.", charity_support_view.ContactRow
            ),
            Table("notes", "Notes", "No notes are recorded.", charity_support_view.NoteRow),
            Table(
                "opinions",
                "Opinions (not facts)",
                "No opinions are recorded.",
                charity_support_view.Opinion,
            ),
        )

    def answer(
        self, desk: "Desk", reader: "Reader", now: "datetime"
    ) -> "tuple[Sequence[Listed], ...]":
        with of_case(desk, reader, self.case) as arguments:
            return (
                charity_support_view.contacts(*arguments),
                charity_support_view.facts(*arguments),
                charity_support_view.opinions(*arguments),
            )
