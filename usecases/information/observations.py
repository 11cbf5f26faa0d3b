"""What a worker does with words that came in: taken, urgent, corrected, filed elsewhere, taken
back; and a child referred because of them.

Long because these are declarations.
"""

from collections.abc import Mapping
from typing import TYPE_CHECKING, Annotated, TypeAlias, Unpack

from msgspec import Meta

from domain.kernel.codes import Direction, Threatened, WithdrawnFor
from usecases.kernel.usecase import (
    Ask,
    Causes,
    Day,
    ItemRef,
    Line,
    Ref,
    Reference,
    Text,
    UseCase,
    UseCaseText,
    Words,
)

if TYPE_CHECKING:
    from commands.kernel.declared import Declared
    from commands.kernel.unit_of_work import Command, Desk, Receipt
    from domain.kernel.values import Reader

WordsRef: TypeAlias = Annotated[
    Reference, Ref("observation"), Ask("Which words?", "Their id or its ending.")
]
#: What a worker may tell a parent who wishes words to be withdrawn.
POLICE_KEEP = (
    "Do not promise the parent that it is deleted. Police keep what they were told about harm to a "
    "child, and that it was withdrawn: it may matter to an investigation or a trial (Criminal "
    "Procedure and Investigations Act 1996, code of practice [verify])."
)
#: What a worker is told once it is done, by the ground and the answer about threats.
BESIDE: Mapping[tuple[WithdrawnFor | None, Threatened | None], str] = {
    ("parent-wishes", "yes"): f"{POLICE_KEEP} Record the threat, too.",
    ("parent-wishes", "no"): POLICE_KEEP,
    ("parent-wishes", "could-not-ask"): f"{POLICE_KEEP} Ask about threats as soon as you can.",
}
Why: TypeAlias = Annotated[Text, Ask("Why?", option="--reason", rows=2)]


class TakeWords(UseCase, frozen=True):
    """Take a log entry, so that others see you have it."""

    named = UseCaseText(
        command="take",
        records="observation.taken",
        about="observation",
        title="Take it",
        send="Take",
        success_message="You have it",
    )
    item: WordsRef
    because_of: Causes = ()

    def do(self, desk: "Desk", reader: "Reader", **command: "Unpack[Command]") -> "Receipt":
        from commands.information import observation

        return observation.take(desk, reader, self.item, **command)


class ChangeUrgency(UseCase, frozen=True):
    """Raise or lower a log entry's urgency. Anyone raises it; a named assessor lowers it, and two
    of them where a person gave it."""

    named = (
        UseCaseText(
            command="urgency",
            records="observation.urgency_raised",
            about="observation",
            title="How urgent it is",
            send="Keep it",
            success_message="Urgency: {direction}",
            proposes=("lower-urgency",),
        ),
        UseCaseText(
            command="urgent",
            help="Mark a log entry as urgent. Anyone may.",
            records="observation.urgency_raised",
            about="observation",
            title="It is urgent after all",
            send="It is urgent",
            success_message="Urgent",
            fixed={"direction": "up"},
        ),
    )
    item: WordsRef
    direction: Annotated[Direction, Ask("Up or down?", "Up: anyone may.")]
    reason: Why
    because_of: Causes = ()

    def do(self, desk: "Desk", reader: "Reader", **command: "Unpack[Command]") -> "Receipt":
        from commands.information import observation

        return observation.change_urgency(
            desk, reader, self.item, self.direction, self.reason, **command
        )


class CorrectWords(UseCase, frozen=True):
    """Add a correction to a log entry. The original words stay."""

    named = UseCaseText(
        command="correct",
        records="observation.corrected",
        about="observation",
        title="Something wrong in it?",
        send="Add",
        success_message="Added beside the first words, which stay",
        address="corrections",
    )
    item: WordsRef
    words: Annotated[
        Words, Ask("What is right instead?", "The first words stay.", piped=True, rows=3)
    ]
    reason: Annotated[Line | None, Ask("Why?", rare=True)] = None
    because_of: Causes = ()

    def do(self, desk: "Desk", reader: "Reader", **command: "Unpack[Command]") -> "Receipt":
        from ingest.words import record_words

        return record_words.correct(desk, reader, self.item, self.words, self.reason, **command)


class ConfirmMention(UseCase, frozen=True):
    """Confirm that a log entry names this person. It confirms a vehicle, phone, place or account as
    well."""

    named = UseCaseText(
        command="confirm",
        records="observation.mention_confirmed",
        about="observation",
        title="They name somebody or something",
        send="Confirm it",
        success_message="Confirmed",
        address="mentions",
    )
    item: WordsRef
    who: Annotated[ItemRef, Ask("Whom or what?", "An id, a name, or vehicle:PLATE …", placed=True)]
    words: Annotated[Line | None, Ask("Which words name it?", "Exactly as in the entry.")] = None
    because_of: Causes = ()

    def do(self, desk: "Desk", reader: "Reader", **command: "Unpack[Command]") -> "Receipt":
        from commands.information import observation

        return observation.confirm(desk, reader, self.item, self.who, self.words, **command)


class MisreadWords(UseCase, frozen=True):
    """Mark a machine reading as wrong. The log entry does not change."""

    named = UseCaseText(
        command="misread",
        records="observation.misread",
        about="observation",
        title="That was read wrongly",
        send="It is not right",
        success_message="Kept: it is not right",
        address="misread",
    )
    item: WordsRef
    words: Annotated[Line, Ask("Which words were read wrongly?", "Exactly as in the entry.")]
    because_of: Causes = ()

    def gives(self) -> "Declared":
        from commands.information.observation import misread

        return misread


class RefileWords(UseCase, frozen=True):
    """Move a log entry to the right family. Where it was stays on record."""

    named = UseCaseText(
        command="refile",
        records="observation.refiled",
        about="observation",
        title="It belongs to another family",
        send="Move it",
        success_message="It is with that family now; where it was stays on record",
    )
    item: WordsRef
    case: Annotated[
        Reference,
        Ref("case"),
        Ask("Which family?", "A case's number or reference.", option="--case"),
    ]
    reason: Annotated[Line | None, Ask("Why?")] = None
    because_of: Causes = ()

    def do(self, desk: "Desk", reader: "Reader", **command: "Unpack[Command]") -> "Receipt":
        from commands.information import observation

        return observation.refile(desk, reader, self.item, self.case, self.reason, **command)


class Withdraw(UseCase, frozen=True):
    """Withdraw a log entry or a report. It also withdraws an item of evidence. What is withdrawn
    stays on record and shows as that. An assessor decides about a log entry that is urgent, that
    nobody else has read, or that is said to be recorded in error; the last one leaves its family at
    once."""

    named = UseCaseText(
        command="withdraw",
        records="observation.withdrawn",
        about="item",
        title="I take it back",
        send="Take it back",
        success_message="Taken back. It stays on record as that",
        address="withdrawal",
        proposes=("withdraw-words", "withdraw-report", "withdraw-exhibit"),
    )
    item: Annotated[ItemRef, Ask("Which one?", "Its id or its ending.")]
    reason: Annotated[
        Text,
        Ask(
            "Why?",
            "It stays on record, and counts as taken back. What is only partly wrong is corrected "
            "instead.",
            option="--reason",
            rows=2,
        ),
    ]
    ground: Annotated[
        WithdrawnFor | None,
        Ask("Why is a log entry withdrawn?", POLICE_KEEP, option="--ground"),
    ] = None
    threatened: Annotated[
        Threatened | None,
        Ask(
            "Is the parent threatened?",
            "Ask before you send this, where the parent wishes it. Yes makes the words urgent.",
            option="--threatened",
        ),
    ] = None
    because_of: Causes = ()

    def do(self, desk: "Desk", reader: "Reader", **command: "Unpack[Command]") -> "Receipt":
        from commands.justice import taking_back

        return taking_back.withdraw(
            desk, reader, self.item, self.reason, self.ground, self.threatened, **command
        )

    def warning(self, desk: "Desk", reader: "Reader", receipt: "Receipt") -> str | None:
        return BESIDE.get((self.ground, self.threatened))


class ReferChild(UseCase, frozen=True, kw_only=True):
    """Refer a child, to a new or an existing case. A log entry leads to it, or a request before
    there is one."""

    named = UseCaseText(
        command="refer",
        records="case.opened",
        title="Refer a child",
        send="Refer",
        success_message="Referred",
        then="/items/{id}",
        address="referrals",
    )
    because_of: Annotated[
        tuple[ItemRef, ...], Meta(max_length=100), Ask("Because of what?", "Ids.", placed=True)
    ] = ()
    child: Annotated[
        Line,
        Ask(
            "Which child?",
            "A case's number or reference, a person's id, or a new name.",
            option="--child",
        ),
    ]
    concern: Annotated[Text | None, Ask("What is the concern?", rows=4)] = None
    referrer: Annotated[
        Line | None, Ask("Who refers the child?", "A school, a nurse, a parent.", rare=True)
    ] = None
    age: Annotated[Line | None, Ask("Their age, as reported", "11, or 14y8m.", rare=True)] = None
    born: Annotated[Day | None, Ask("When were they born?", rare=True)] = None
    learning_disability: Annotated[bool, Ask("The child has a learning disability", rare=True)] = (
        False
    )

    def do(self, desk: "Desk", reader: "Reader", **command: "Unpack[Command]") -> "Receipt":
        from commands.families import referral

        return referral.refer(
            desk,
            reader,
            command.get("because_of", ()),
            self.child,
            concern=self.concern,
            referrer=self.referrer,
            age_words=self.age,
            born=self.born,
            learning_disability=self.learning_disability,
            command_id=command.get("command_id"),
        )
