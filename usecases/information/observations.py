"""A worker's use cases for log entries: take, mark as urgent, correct, move, withdraw; and refer a
child because of them.

The file is long because each command is declared here with its texts.
"""

from collections.abc import Mapping
from typing import TYPE_CHECKING, Annotated, TypeAlias, Unpack

from msgspec import Meta

from commands.families import referral
from commands.information import observation
from commands.justice import taking_back
from domain.kernel.codes import Direction, Threatened, WithdrawnFor
from ingest.words import record_words
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
    Reference,
    Ref("observation"),
    Ask("Which log entry is it?", "The full id or its last eight characters."),
]
#: Texts that a worker can say to a parent who wants a log entry withdrawn.
POLICE_KEEP = (
    "Do not promise the parent that the log entry is deleted. Police keep what was "
    "reported about harm to a child, and the fact that it was withdrawn: it may matter "
    "to an investigation or a trial (Criminal Procedure and Investigations Act 1996, "
    "code of practice [verify])."
)
#: The message after a withdrawal, by its ground and by the answer to whether the parent is
#: threatened.
BESIDE: Mapping[tuple[WithdrawnFor | None, Threatened | None], str] = {
    ("parent-wishes", "yes"): f"{POLICE_KEEP} Record the threat, too.",
    ("parent-wishes", "no"): POLICE_KEEP,
    ("parent-wishes", "could-not-ask"): f"{POLICE_KEEP} Ask about threats as soon as you can.",
}
Why: TypeAlias = Annotated[
    Text, Ask("Why is the urgency raised or lowered?", option="--reason", rows=2)
]


class TakeWords(UseCase, frozen=True):
    """Take a log entry, so that others see you have it."""

    named = UseCaseText(
        command="take",
        records="observation.taken",
        about="observation",
        title="Take the log entry for assessment",
        send="Take the log entry",
        success_message="You have taken the log entry for assessment",
    )
    item: WordsRef
    because_of: Causes = ()

    def do(self, desk: "Desk", reader: "Reader", **command: "Unpack[Command]") -> "Receipt":
        return observation.take(desk, reader, self.item, **command)


class ChangeUrgency(UseCase, frozen=True):
    """Raise or lower a log entry's urgency. Anyone may raise it. A named assessor may lower it; if
    a person set the urgency, two people have to agree."""

    named = (
        UseCaseText(
            command="urgency",
            records="observation.urgency_raised",
            about="observation",
            title="Change the urgency of a log entry",
            send="Change the urgency",
            success_message="Urgency: {direction}",
            proposes=("lower-urgency",),
        ),
        UseCaseText(
            command="urgent",
            help="Mark a log entry as urgent. Any user may do this.",
            records="observation.urgency_raised",
            about="observation",
            title="Mark a log entry as urgent",
            send="Mark as urgent",
            success_message="Log entry marked as urgent",
            fixed={"direction": "up"},
        ),
    )
    item: WordsRef
    direction: Annotated[
        Direction, Ask("Do you raise or lower the urgency?", "Any user may raise the urgency.")
    ]
    reason: Why
    because_of: Causes = ()

    def do(self, desk: "Desk", reader: "Reader", **command: "Unpack[Command]") -> "Receipt":
        return observation.change_urgency(
            desk, reader, self.item, self.direction, self.reason, **command
        )


class CorrectWords(UseCase, frozen=True):
    """Add a correction to a log entry. The original words stay."""

    named = UseCaseText(
        command="correct",
        records="observation.corrected",
        about="observation",
        title="Add a correction to a log entry",
        send="Add the correction",
        success_message="Correction added. The original words stay",
        address="corrections",
    )
    item: WordsRef
    words: Annotated[
        Words, Ask("What is correct instead?", "The original words stay.", piped=True, rows=3)
    ]
    reason: Annotated[Line | None, Ask("Why is the log entry corrected?", rare=True)] = None
    because_of: Causes = ()

    def do(self, desk: "Desk", reader: "Reader", **command: "Unpack[Command]") -> "Receipt":
        return record_words.correct(desk, reader, self.item, self.words, self.reason, **command)


class ConfirmMention(UseCase, frozen=True):
    """Confirm that a log entry names this person. It confirms a vehicle, phone, place or account as
    well."""

    named = UseCaseText(
        command="confirm",
        records="observation.mention_confirmed",
        about="observation",
        title="Add a mention",
        send="Add the mention",
        success_message="Mention added",
        address="mentions",
    )
    item: WordsRef
    who: Annotated[
        ItemRef,
        Ask(
            "Which record is mentioned?",
            "An id, a name, or vehicle:PLATE …",
            placed=True,
        ),
    ]
    words: Annotated[
        Line | None,
        Ask(
            "Which words of the entry mention that record?",
            "Write the words exactly as in the log entry.",
        ),
    ] = None
    because_of: Causes = ()

    def do(self, desk: "Desk", reader: "Reader", **command: "Unpack[Command]") -> "Receipt":
        return observation.confirm(desk, reader, self.item, self.who, self.words, **command)


class MisreadWords(UseCase, frozen=True):
    """Mark a machine reading as wrong. The log entry does not change."""

    named = UseCaseText(
        command="misread",
        records="observation.misread",
        about="observation",
        title="Mark a machine reading as wrong",
        send="Mark the reading as wrong",
        success_message="Machine reading marked as wrong",
        address="misread",
    )
    item: WordsRef
    words: Annotated[
        Line,
        Ask(
            "Which words did the program read wrongly?",
            "Write the words exactly as in the log entry.",
        ),
    ]
    because_of: Causes = ()

    def gives(self) -> "Declared":
        return observation.misread


class RefileWords(UseCase, frozen=True):
    """Move a log entry to the right family. The earlier family stays on record."""

    named = UseCaseText(
        command="refile",
        records="observation.refiled",
        about="observation",
        title="Move a log entry to another family",
        send="Move the log entry",
        success_message="Log entry moved. The earlier family stays on record",
    )
    item: WordsRef
    case: Annotated[
        Reference,
        Ref("case"),
        Ask(
            "Which family is the log entry about?", "A case's number or reference.", option="--case"
        ),
    ]
    reason: Annotated[Line | None, Ask("Why does the log entry belong to that family?")] = None
    because_of: Causes = ()

    def do(self, desk: "Desk", reader: "Reader", **command: "Unpack[Command]") -> "Receipt":
        return observation.refile(desk, reader, self.item, self.case, self.reason, **command)


class Withdraw(UseCase, frozen=True):
    """Withdraw a log entry or a report. Items of evidence can be withdrawn too. A withdrawn item
    stays on record and is shown as withdrawn. An assessor decides about a log entry that is urgent,
    that no other person has read, or that is said to be recorded in error. A log entry that is said
    to be recorded in error is removed from its family's case at once."""

    named = UseCaseText(
        command="withdraw",
        records="observation.withdrawn",
        about="item",
        title="Withdraw the item",
        send="Withdraw the item",
        success_message="Item withdrawn. It stays on record as withdrawn",
        address="withdrawal",
        proposes=("withdraw-words", "withdraw-report", "withdraw-exhibit"),
    )
    item: Annotated[
        ItemRef, Ask("Which item do you withdraw?", "The full id or its last eight characters.")
    ]
    reason: Annotated[
        Text,
        Ask(
            "Why is the item withdrawn?",
            "The item stays on record as withdrawn. If only part is wrong, add a correction.",
            option="--reason",
            rows=2,
        ),
    ]
    ground: Annotated[
        WithdrawnFor | None,
        Ask("On which ground is a log entry withdrawn?", POLICE_KEEP, option="--ground"),
    ] = None
    threatened: Annotated[
        Threatened | None,
        Ask(
            "Is the parent threatened?",
            "Ask the parent before you withdraw the entry at their wish. The answer yes makes "
            "the log entry urgent.",
            option="--threatened",
        ),
    ] = None
    because_of: Causes = ()

    def do(self, desk: "Desk", reader: "Reader", **command: "Unpack[Command]") -> "Receipt":
        return taking_back.withdraw(
            desk, reader, self.item, self.reason, self.ground, self.threatened, **command
        )

    def warning(self, desk: "Desk", reader: "Reader", receipt: "Receipt") -> str | None:
        return BESIDE.get((self.ground, self.threatened))


class ReferChild(UseCase, frozen=True, kw_only=True):
    """Refer a child, to a new or an existing case. The referral is based on a log entry. If there
    is no log entry yet, it is based on the request that led to it."""

    named = UseCaseText(
        command="refer",
        records="case.opened",
        title="Refer a child",
        send="Refer the child",
        success_message="Child referred",
        then="/items/{id}",
        address="referrals",
    )
    because_of: Annotated[
        tuple[ItemRef, ...],
        Meta(max_length=100),
        Ask(
            "Which log entries or requests led to the referral?",
            "The ids of the entries or requests.",
            placed=True,
        ),
    ] = ()
    child: Annotated[
        Line,
        Ask(
            "Which child do you refer?",
            "A case's number or reference, a person's id, or a new name.",
            option="--child",
        ),
    ]
    concern: Annotated[Text | None, Ask("What is the concern about the child?", rows=4)] = None
    referrer: Annotated[
        Line | None,
        Ask("Who refers the child?", "For example a school, a nurse or a parent.", rare=True),
    ] = None
    age: Annotated[
        Line | None,
        Ask(
            "The child's age, as reported",
            "For example 11, or 14y8m for 14 years and 8 months.",
            rare=True,
        ),
    ] = None
    born: Annotated[Day | None, Ask("When was the child born?", rare=True)] = None
    learning_disability: Annotated[bool, Ask("The child has a learning disability", rare=True)] = (
        False
    )

    def do(self, desk: "Desk", reader: "Reader", **command: "Unpack[Command]") -> "Receipt":
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
