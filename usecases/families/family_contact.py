"""Contacts with a family: answers to the family, promises, invitations, and the family's feedback.

The file is long because each command is declared here with its texts.
"""

from typing import TYPE_CHECKING, Annotated, TypeAlias, Unpack

from msgspec import Meta

from commands.families import charity_support, choice, family_contact, family_member
from commands.kernel import item_references
from domain.families import choice as choice_domain
from domain.forms import words
from domain.kernel.codes import (
    About,
    Answered,
    Became,
    Came,
    Channel,
    ChildsView,
    Offer,
    Private,
    PromiseEnd,
    Valued,
    VictimStep,
)
from projections.families import family_contact as family_contact_view
from questions.families import sessions, signs
from usecases.kernel.question import Question, QuestionText, Table, of_case
from usecases.kernel.usecase import (
    Ask,
    CaseRef,
    Causes,
    Day,
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
    from collections.abc import Sequence
    from datetime import datetime

    from commands.kernel.declared import Declared
    from commands.kernel.unit_of_work import Command, Desk, Receipt
    from domain.kernel.values import Reader
    from projections.families.family_contact import ChoiceRow, Voice
    from projections.kernel.columns import Listed
    from questions.families.signs import SignRow

Whom: TypeAlias = Annotated[
    About, Ask("Which family member did you speak or write to?", option="--with")
]
PromiseRef: TypeAlias = Annotated[
    Reference,
    Ref("family-promise"),
    Ask("Which promise to the family is it?", "The full id or its last eight characters."),
]


class TellFamily(UseCase, frozen=True):
    """Tell a family what came of their information. The prepared sentence reveals nothing; your own
    words are checked for names, plates, places, sources and police tactics. Before you pass on what
    the child said, or anything about health, a placement or a police step, ask the child. A family
    is informed of a step of the case within a working day, unless they prefer not to be."""

    named = UseCaseText(
        command="family told",
        records="family.told",
        about="case",
        title="Record what you told the family",
        send="Record the information given",
        success_message="Family told: {became}",
        address="told",
    )
    case: CaseRef
    became: Annotated[
        Became,
        Ask(
            "What was the result of the family's information?",
            "The family is told a fixed sentence without names.",
        ),
    ]
    whom: Whom = "parent"
    carer: Annotated[
        ItemRef | None, Ask("Which carer did you tell?", "A person's id or name.", rare=True)
    ] = None
    channel: Annotated[Channel, Ask("How did you tell the family?", option="--by")] = "phone"
    words: Annotated[
        Text | None,
        Ask("What else did you tell the family?", "Write no name, plate, place or source.", rows=3),
    ] = None
    steps: Annotated[
        tuple[VictimStep, ...],
        Meta(max_length=10),
        Ask(
            "Which steps of the case did you tell the family?",
            "Choose each step. Choose news-declined, too, if the family does not want this news",
            option="--of",
        ),
    ] = ()
    rests_on: Annotated[
        tuple[Private, ...],
        Meta(max_length=4),
        Ask("Which private information does your message to the family include?", rare=True),
    ] = ()
    childs_view: Annotated[
        ChildsView | None,
        Ask("Does the child agree that the family hears the private information?", rare=True),
    ] = None
    weighed: Annotated[
        Text | None, Ask("How did you weigh the child's view?", rows=2, rare=True)
    ] = None
    to: Annotated[
        Line | None,
        Ask(
            "To which number, account or address was the information sent?",
            "Continuum first checks if this way of contact is safe. Write phone:NUMBER, "
            "handle:NAME or place:ADDRESS",
            rare=True,
        ),
    ] = None
    done: Annotated[bool, Ask("The family has already received the information", rare=True)] = False
    happened: Annotated[
        Moment | None, Ask("When did you tell the family?", "Empty: now", option="--at", rare=True)
    ] = None
    because_of: Causes = ()

    def gives(self) -> "Declared":
        return family_contact.record_feedback

    def warning(self, desk: "Desk", reader: "Reader", receipt: "Receipt") -> str | None:
        texts = (
            charity_support.warning(desk, reader, receipt.id),
            family_member.entitlement_warning(desk, reader, receipt.id),
        )
        return " ".join(text for text in texts if text) or None


class PromiseFamily(UseCase, frozen=True):
    """Record a promise to a family, with its date. A promise may be a call back, news or a visit.
    It is due on its date."""

    named = UseCaseText(
        command="family promise",
        records="family.promised",
        about="case",
        title="Record a promise",
        send="Record the promise",
        success_message="Promise recorded, due {by}",
        address="promises",
    )
    case: CaseRef
    words: Annotated[Text, Ask("What did you promise the family?", option="--what", rows=2)]
    by: Annotated[Day, Ask("By which day is the promise due?", option="--by")]
    whom: Whom = "parent"
    because_of: Causes = ()

    def gives(self) -> "Declared":
        return family_contact.promise


class EndPromise(UseCase, frozen=True):
    """Record whether a promise was kept. If not, say why."""

    named = UseCaseText(
        command="family kept",
        records="family.promise_ended",
        about="family-promise",
        title="Record whether a promise was kept",
        send="Record the answer",
        success_message="Promise: {kept}",
        address="end",
    )
    promise: PromiseRef
    kept: Annotated[PromiseEnd, Ask("Was the promise to the family kept?")]
    words: Annotated[
        Text | None,
        Ask(
            "Note on the promise",
            "If it was not kept: why, and what you told the family.",
            option="--note",
            rows=2,
        ),
    ] = None
    because_of: Causes = ()

    def gives(self) -> "Declared":
        return family_contact.end_promise


class InviteFamily(UseCase, frozen=True):
    """Record an invitation or a booklet for a family. The family is invited to a session, a group
    or another parent. Record also whether the family came."""

    named = UseCaseText(
        command="family invited",
        records="family.invited",
        about="case",
        title="Record an invitation",
        send="Record the invitation",
        success_message="Invitation recorded: {offer}, {came}",
        address="invitations",
    )
    case: CaseRef
    offer: Annotated[Offer, Ask("To what was the family invited?")]
    came: Annotated[Came, Ask("Did the family come, or accept what was offered?")] = "invited"
    whom: Whom = "parents"
    invited_by: Annotated[
        Channel,
        Ask(
            "How was the family invited?", "Few families come after a letter alone.", option="--by"
        ),
    ] = "phone"
    held: Annotated[Day | None, Ask("On which day did the event take place?", option="--on")] = None
    words: Annotated[Text | None, Ask("Note on the invitation", option="--note", rows=2)] = None
    because_of: Causes = ()

    def gives(self) -> "Declared":
        return family_contact.invite


class AskFamily(UseCase, frozen=True):
    """Record a family's feedback on the support. Record which of the eight things that parents
    value they agree with, and their own words."""

    named = UseCaseText(
        command="family asked",
        records="family.asked",
        about="case",
        title="Record a family's feedback",
        send="Record the feedback",
        success_message="Feedback: {answered}",
        address="answers",
    )
    case: CaseRef
    answered: Annotated[Answered, Ask("Did the family answer when asked for feedback?")] = (
        "answered"
    )
    whom: Whom = "parent"
    felt: Annotated[
        tuple[Valued, ...], Meta(max_length=8), Ask("Which points does the family agree with?")
    ] = ()
    not_felt: Annotated[
        tuple[Valued, ...], Meta(max_length=8), Ask("Which points does the family disagree with?")
    ] = ()
    words: Annotated[
        Text | None,
        Ask(
            "What feedback did the family give?",
            "Parents' words may be passed on without names.",
            rows=3,
        ),
    ] = None
    because_of: Causes = ()

    def gives(self) -> "Declared":
        return family_contact.ask


class ListFamily(Question, frozen=True):
    """List the contacts and promises of a family. It shows what the family was told and promised,
    their invitations and their feedback."""

    named = QuestionText(
        command="family list",
        title="Contacts and promises",
        empty="No contacts, promises or feedback are recorded.",
        acts=("see-support",),
    )
    case: CaseRef

    @classmethod
    def tables(cls) -> tuple[Table, ...]:
        return (
            Table(
                "told",
                "Information given to the family",
                "No information given to the family is recorded.",
                family_contact_view.ToldRow,
            ),
            Table("promises", "Promises", "No promises.", family_contact_view.PromiseRow),
            Table(
                "invitations", "Invitations", "No invitations.", family_contact_view.InvitationRow
            ),
            Table("asked", "Feedback", "No feedback.", family_contact_view.AskedRow),
        )

    def answer(
        self, desk: "Desk", reader: "Reader", now: "datetime"
    ) -> "tuple[Sequence[Listed], ...]":
        with of_case(desk, reader, self.case) as arguments:
            return (
                family_contact_view.list_news(*arguments),
                family_contact_view.promises(*arguments),
                family_contact_view.invitations(*arguments),
                family_contact_view.list_feedback(*arguments),
            )


class ListVoices(Question, frozen=True):
    """Show how families rate the support, in figures. For each of the things that parents value it
    says how many agree. It shows no words, no name, and no figure under five families."""

    named = QuestionText(
        command="voices",
        title="Families' feedback",
        empty="No feedback is recorded.",
        acts=("see-counts",),
    )

    def rows(self, desk: "Desk", reader: "Reader", now: "datetime") -> "Sequence[Voice]":
        with desk.asking() as db:
            return family_contact_view.voices(db, reader)

    @classmethod
    def row(cls) -> "type[Voice]":
        return family_contact_view.Voice


class RecordChoice(UseCase, frozen=True):
    """Record a choice that a family was given. Write each option as you offered it, and which
    option the family chose. Record the choice again if the family chooses later."""

    named = UseCaseText(
        command="family choice",
        records="family.choice_recorded",
        about="case",
        title="Record a family's choice",
        send="Record the choice",
        success_message="Choice recorded",
        address="choices",
    )
    case: CaseRef
    words: Annotated[Text, Ask("What was the family's choice about?", option="--about", rows=2)]
    options: Annotated[
        Text,
        Ask(
            "Which options did the family have?",
            "As you offered them: one in each line, or separated by semicolons",
            option="--options",
            rows=3,
        ),
    ]
    chosen: Annotated[
        Annotated[int, Meta(ge=1, le=10)] | None,
        Ask(
            "Which option did the family choose?",
            "The option's number; empty if the family has not chosen yet",
            option="--chosen",
        ),
    ] = None
    whom: Whom = "parents"
    because_of: Causes = ()

    def do(self, desk: "Desk", reader: "Reader", **command: "Unpack[Command]") -> "Receipt":
        options = [text for line in self.options.splitlines() for text in words.split_names(line)]
        made = choice_domain.ChoiceRecorded(
            item_references.UNNAMED, self.whom, self.words, "\n".join(options), self.chosen
        )
        return choice.record(desk, reader, made, self.case, **command)


class ListChoices(Question, frozen=True):
    """List a family's choices. It shows the options as they were offered, and what they chose."""

    named = QuestionText(
        command="family choices",
        title="Choices",
        empty="No choices are recorded.",
        acts=("see-support",),
    )
    case: CaseRef

    def rows(self, desk: "Desk", reader: "Reader", now: "datetime") -> "Sequence[ChoiceRow]":
        with of_case(desk, reader, self.case) as arguments:
            return family_contact_view.choices(*arguments)

    @classmethod
    def row(cls) -> "type[ChoiceRow]":
        return family_contact_view.ChoiceRow


class ListSigns(Question, frozen=True):
    """List the signs that parents noticed in a family. It counts the signs that were ticked on the
    entry form, or recognised in the words, of the log entries that you may read. A sign alone
    decides nothing."""

    named = QuestionText(
        command="family signs",
        title="Signs of exploitation that a parent noticed",
        empty="No signs are mentioned in the log entries.",
        acts=("see-words",),
    )
    case: CaseRef

    def rows(self, desk: "Desk", reader: "Reader", now: "datetime") -> "Sequence[SignRow]":
        with of_case(desk, reader, self.case) as arguments:
            return signs.list_signs(desk, *arguments)

    @classmethod
    def row(cls) -> "type[SignRow]":
        return signs.SignRow


class ListSessions(Question, frozen=True):
    """List group sessions. It shows which families were invited, in which way, and who came."""

    named = QuestionText(
        command="family sessions",
        title="Group sessions",
        empty="No invitations to sessions are recorded.",
        acts=("see-support",),
    )
    on: Annotated[
        Day | None,
        Ask("Sessions of which day are shown?", "Leave it empty for all days", option="--on"),
    ] = None

    @classmethod
    def tables(cls) -> tuple[Table, ...]:
        return (
            Table(
                "invited",
                "Invited families",
                "No family is invited to a session.",
                sessions.Invited,
            ),
            Table(
                "ways",
                "Invited families by way of invitation",
                "No family is invited to a session.",
                sessions.ByWay,
            ),
        )

    def answer(
        self, desk: "Desk", reader: "Reader", now: "datetime"
    ) -> "tuple[Sequence[Listed], ...]":
        with desk.asking() as db:
            return sessions.list_sessions(db, reader, self.on)
