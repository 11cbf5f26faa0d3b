"""Temporary access beyond a role: emergency access, authorities, and entries to the source
register.

The file is long because each of the three has commands to begin, use and end it.
"""

from typing import TYPE_CHECKING, Annotated, TypeAlias, Unpack

from commands.people_and_teams import grant
from domain.kernel.codes import AuthorityFor, Judged
from usecases.kernel.question import Question, QuestionText
from usecases.kernel.usecase import Ask, End, ItemRef, Line, Text, UseCase, UseCaseText

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import datetime

    from commands.kernel.declared import Declared
    from commands.kernel.unit_of_work import Command, Desk, Receipt
    from commands.people_and_teams.grant import OpenedAccess
    from domain.kernel.values import Reader

Which: TypeAlias = Annotated[
    ItemRef, Ask("Which temporary access do you mean?", "The full id or its last eight characters.")
]
Why: TypeAlias = Annotated[
    Text, Ask("What is the reason for your decision?", option="--reason", rows=2)
]
OnlyDue: TypeAlias = Annotated[bool, Ask("Only access that is due for a review or an approval")]
Judgement: TypeAlias = Annotated[Judged, Ask("Was the access justified?")]


class BreakGlass(UseCase, frozen=True):
    """See a case that is not yours, in an emergency. Access lasts an hour. The case holder gets a
    message, and another person reviews it within a day."""

    named = UseCaseText(
        command="glass break",
        warns=True,
        records="glass.broken",
        title="Emergency access to a case",
        send="Open the case for an hour",
        success_message=(
            "The case is open to you for an hour. The case holder has been informed. Close "
            "the access when you have seen enough"
        ),
        address="glass",
    )
    case: Annotated[
        Line, Ask("To which case do you need access?", "The case's number, reference or id.")
    ]
    reason: Annotated[
        Text,
        Ask(
            "Why can the access not wait?",
            "The access lasts an hour. The case holder is informed at once, and another person "
            "reviews the access within a day.",
            option="--reason",
            rows=2,
        ),
    ]

    def do(self, desk: "Desk", reader: "Reader", **command: "Unpack[Command]") -> "Receipt":
        return grant.break_glass(desk, reader, self.case, self.reason, **command)


class CloseGlass(UseCase, frozen=True):
    """Close your emergency access to a case. Close it once you have seen what you needed."""

    named = UseCaseText(
        command="glass close",
        records="glass.closed",
        title="Close the emergency access",
        send="Close the emergency access",
        success_message="Emergency access closed",
        address="glass/close",
    )
    which: Which

    def gives(self) -> "Declared":
        return grant.close_glass


class ReviewGlass(UseCase, frozen=True):
    """Review somebody's emergency access. You cannot review your own."""

    named = UseCaseText(
        command="glass review",
        records="glass.reviewed",
        title="Review emergency access",
        send="Save the review",
        success_message="Access reviewed: {judged}",
        address="glass/review",
    )
    which: Which
    judged: Judgement
    reason: Why

    def do(self, desk: "Desk", reader: "Reader", **command: "Unpack[Command]") -> "Receipt":
        return grant.review(
            desk, reader, self.which, self.judged, self.reason, kinds=("glass",), **command
        )


class GiveAuthority(UseCase, frozen=True):
    """Let somebody see one case for a time. An authority for disclosure needs a second person."""

    named = UseCaseText(
        command="authority give",
        records="authority.given",
        title="Give an authority to see a case",
        send="Give the authority",
        success_message="Authority to see the case given to {user}",
        address="authorities",
    )
    user: Annotated[Line, Ask("Who gets the access?")]
    case: Annotated[
        ItemRef, Ask("To which case is access given?", "The case's number, reference or id.")
    ]
    given_for: Annotated[AuthorityFor, Ask("For which purpose is the access?", option="--for")]
    until: Annotated[
        End,
        Ask(
            "Until when does the access last?",
            "The access lasts at most 92 days from now.",
            option="--until",
        ),
    ]
    reason: Why

    def do(self, desk: "Desk", reader: "Reader", **command: "Unpack[Command]") -> "Receipt":
        return grant.give_authority(
            desk, reader, self.user, self.case, self.given_for, self.until, self.reason, **command
        )

    def warning(self, desk: "Desk", reader: "Reader", receipt: "Receipt") -> str | None:
        return grant.next_step(self.given_for)


class ApproveAuthority(UseCase, frozen=True):
    """Approve an authority as the second person. Only an authority for disclosure needs a second
    person."""

    named = UseCaseText(
        command="authority approve",
        records="authority.approved",
        title="Approve an authority to see a case",
        send="Approve the authority",
        success_message="Authority approved",
        address="authorities/approve",
    )
    which: Which

    def do(self, desk: "Desk", reader: "Reader", **command: "Unpack[Command]") -> "Receipt":
        return grant.approve_authority(desk, reader, self.which, **command)


class EndAuthority(UseCase, frozen=True):
    """End an authority before its time."""

    named = UseCaseText(
        command="authority end",
        records="authority.ended",
        title="End an authority to see a case",
        send="End the authority",
        success_message="Authority ended",
        address="authorities/end",
    )
    which: Which

    def gives(self) -> "Declared":
        return grant.end_authority


class AskEntry(UseCase, frozen=True):
    """Ask to see a source, because of a threat to life. A second person has to join before anybody
    sees the source."""

    named = UseCaseText(
        command="entry ask",
        records="entry.asked",
        title="Request to see a source because of a threat to life",
        send="Request access to the source",
        success_message="Access requested",
        address="entries",
    )
    item: Annotated[
        ItemRef,
        Ask(
            "The source of which log entry do you need to see?",
            "The full id or its last eight characters.",
        ),
    ]
    reason: Annotated[Text, Ask("Whose life is at risk, and how?", option="--reason", rows=2)]

    def do(self, desk: "Desk", reader: "Reader", **command: "Unpack[Command]") -> "Receipt":
        return grant.ask_entry(desk, reader, self.item, self.reason, **command)

    def warning(self, desk: "Desk", reader: "Reader", receipt: "Receipt") -> str | None:
        joins = f"A second person joins with the number {receipt.id.hex[-8:]} (command: entry join)"
        return (
            f"{joins}. If none joins within ten minutes, an inspector can see the source alone "
            "(command: entry alone)."
        )


class JoinEntry(UseCase, frozen=True):
    """Join a request to see a source. You are the second person: both of you see the source for an
    hour, and the handler gets an alert."""

    named = UseCaseText(
        command="entry join",
        records="entry.opened",
        title="Join a request to see a source",
        send="Join the request and see the source for an hour",
        success_message="You and the first person can see the source for an hour",
        address="entries/join",
    )
    which: Annotated[
        ItemRef,
        Ask(
            "Which request for a source's name do you join?",
            "The number that Continuum gave to the person who made the request.",
        ),
    ]

    def gives(self) -> "Declared":
        return grant.join_entry


class OpenAlone(UseCase, frozen=True):
    """See a source alone in an emergency, as inspector. You see the source only if no second person
    has joined your request within ten minutes. The source's handler gets an alert, and your access
    is reviewed within a day."""

    named = UseCaseText(
        command="entry alone",
        records="entry.opened_alone",
        title="See a source without a second person",
        send="See the source alone",
        success_message=(
            "The source is open to you alone for an hour. Its handler has been informed. A "
            "review is due within a day"
        ),
        address="entries/alone",
    )
    which: Which

    def do(self, desk: "Desk", reader: "Reader", **command: "Unpack[Command]") -> "Receipt":
        return grant.open_alone(desk, reader, self.which, **command)


class ReviewEntry(UseCase, frozen=True):
    """Review the opening of an entry of the source register. The handler does this."""

    named = UseCaseText(
        command="entry review",
        records="entry.reviewed",
        title="Review access to a source",
        send="Save the review",
        success_message="Access reviewed: {judged}",
        address="entries/review",
    )
    which: Which
    judged: Judgement
    reason: Why

    def do(self, desk: "Desk", reader: "Reader", **command: "Unpack[Command]") -> "Receipt":
        return grant.review(
            desk, reader, self.which, self.judged, self.reason, kinds=("entry",), **command
        )


class ListGlass(Question, frozen=True):
    """List emergency access: open, and due for review."""

    named = QuestionText(
        command="glass list",
        title="Emergency access",
        empty="No emergency access is open or due for review.",
        acts=("break-glass", "review-glass", "give-authority", "open-entry"),
    )
    due: OnlyDue = False

    def rows(self, desk: "Desk", reader: "Reader", now: "datetime") -> "Sequence[OpenedAccess]":
        with desk.asking() as db:
            return grant.list_of_kinds(db, reader, now, "glass", due=self.due)

    @classmethod
    def row(cls) -> "type[OpenedAccess]":
        return grant.OpenedAccess


class ListAuthorities(Question, frozen=True):
    """List authorities in force or awaiting approval."""

    named = QuestionText(
        command="authority list",
        title="Authorities",
        empty="No authority is open or due for review.",
        acts=("break-glass", "review-glass", "give-authority", "open-entry"),
    )
    due: OnlyDue = False

    def rows(self, desk: "Desk", reader: "Reader", now: "datetime") -> "Sequence[OpenedAccess]":
        with desk.asking() as db:
            return grant.list_of_kinds(db, reader, now, "audit", "disclosure", due=self.due)

    @classmethod
    def row(cls) -> "type[OpenedAccess]":
        return grant.OpenedAccess


class ListEntries(Question, frozen=True):
    """List requests to see a source. Requests are waiting, open, or due for review."""

    named = QuestionText(
        command="entry list",
        title="Access to sources",
        empty="No access to a source is open or due for review.",
        acts=("break-glass", "review-glass", "give-authority", "open-entry"),
    )
    due: OnlyDue = False

    def rows(self, desk: "Desk", reader: "Reader", now: "datetime") -> "Sequence[OpenedAccess]":
        with desk.asking() as db:
            return grant.list_of_kinds(db, reader, now, "entry", due=self.due)

    @classmethod
    def row(cls) -> "type[OpenedAccess]":
        return grant.OpenedAccess
