"""Looking further than one's role, for a time: by breaking glass, by an authority, and who told us
one thing, for a threat to life. Longer than others: three kinds of grant each are begun, used and
ended."""

from typing import TYPE_CHECKING, Annotated, TypeAlias, Unpack

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

Which: TypeAlias = Annotated[ItemRef, Ask("Which one?", "Its id or the last eight digits of it.")]
Why: TypeAlias = Annotated[Text, Ask("Why?", option="--reason", rows=2)]
Judgement: TypeAlias = Annotated[Judged, Ask("Was it justified?")]


class BreakGlass(UseCase, frozen=True):
    """See a case that is not yours, in an emergency. It lasts an hour. The case holder is told, and
    somebody else reviews it within a day."""

    named = UseCaseText(
        command="glass break",
        warns=True,
        records="glass.broken",
        title="Break glass: see a case that is not mine",
        send="Break glass",
        success_message="It is open for an hour. Whose it is has been told; "
        "close it when you have seen enough",
        address="glass",
    )
    case: Annotated[Line, Ask("Which case?", "Its number, reference or id.")]
    reason: Annotated[
        Text,
        Ask(
            "Why can it not wait?",
            "For an hour. Whose it is learns of it at once, and somebody else reviews it within a "
            "day.",
            option="--reason",
            rows=2,
        ),
    ]

    def do(self, desk: "Desk", reader: "Reader", **command: "Unpack[Command]") -> "Receipt":
        from commands.people_and_teams import grant

        return grant.break_glass(desk, reader, self.case, self.reason, **command)


class CloseGlass(UseCase, frozen=True):
    """Close your emergency access to a case. Close it once you have seen what you needed."""

    named = UseCaseText(
        command="glass close",
        records="glass.closed",
        title="I have seen enough",
        send="I have seen enough",
        success_message="Closed",
        address="glass/close",
    )
    which: Which

    def gives(self) -> "Declared":
        from commands.people_and_teams.grant import close_glass

        return close_glass


class ReviewGlass(UseCase, frozen=True):
    """Review somebody's emergency access. You cannot review your own."""

    named = UseCaseText(
        command="glass review",
        records="glass.reviewed",
        title="Review it",
        send="Review it",
        success_message="Reviewed ({judged})",
        address="glass/review",
    )
    which: Which
    judged: Judgement
    reason: Why

    def do(self, desk: "Desk", reader: "Reader", **command: "Unpack[Command]") -> "Receipt":
        from commands.people_and_teams import grant

        return grant.review(
            desk, reader, self.which, self.judged, self.reason, kinds=("glass",), **command
        )


class GiveAuthority(UseCase, frozen=True):
    """Let somebody see one case for a time. An authority for disclosure waits for a second
    person."""

    named = UseCaseText(
        command="authority give",
        records="authority.given",
        title="Give an authority",
        send="Give it",
        success_message="Given to {user}",
        address="authorities",
    )
    user: Annotated[Line, Ask("To whom?")]
    case: Annotated[ItemRef, Ask("For which case?", "Its number, reference or id.")]
    given_for: Annotated[AuthorityFor, Ask("For what?", option="--for")]
    until: Annotated[End, Ask("Until when?", "At most 92 days from now.", option="--until")]
    reason: Why

    def do(self, desk: "Desk", reader: "Reader", **command: "Unpack[Command]") -> "Receipt":
        from commands.people_and_teams import grant

        return grant.give_authority(
            desk, reader, self.user, self.case, self.given_for, self.until, self.reason, **command
        )

    def warning(self, desk: "Desk", reader: "Reader", receipt: "Receipt") -> str | None:
        from commands.people_and_teams import grant

        return grant.waits(self.given_for)


class ApproveAuthority(UseCase, frozen=True):
    """Approve an authority as the second person. Only an authority for disclosure needs a second
    person."""

    named = UseCaseText(
        command="authority approve",
        records="authority.approved",
        title="Approve it",
        send="Approve",
        success_message="Approved",
        address="authorities/approve",
    )
    which: Which

    def do(self, desk: "Desk", reader: "Reader", **command: "Unpack[Command]") -> "Receipt":
        from commands.people_and_teams import grant

        return grant.approve_authority(desk, reader, self.which, **command)


class EndAuthority(UseCase, frozen=True):
    """End an authority before its time."""

    named = UseCaseText(
        command="authority end",
        records="authority.ended",
        title="End it",
        send="End it",
        success_message="Ended",
        address="authorities/end",
    )
    which: Which

    def gives(self) -> "Declared":
        from commands.people_and_teams.grant import end_authority

        return end_authority


class AskEntry(UseCase, frozen=True):
    """Ask to see a source, because of a threat to life. A second person has to join before anybody
    sees it."""

    named = UseCaseText(
        command="entry ask",
        records="entry.asked",
        title="A threat to life: who told this?",
        send="Ask; a second person has to join",
        success_message="Asked",
        address="entries",
    )
    item: Annotated[ItemRef, Ask("Which words?", "Their id or the end of it.")]
    reason: Annotated[Text, Ask("Whose life, and how?", option="--reason", rows=2)]

    def do(self, desk: "Desk", reader: "Reader", **command: "Unpack[Command]") -> "Receipt":
        from commands.people_and_teams import grant

        return grant.ask_entry(desk, reader, self.item, self.reason, **command)

    def warning(self, desk: "Desk", reader: "Reader", receipt: "Receipt") -> str | None:
        joins = f"A second person joins with the number {receipt.id.hex[-8:]} (entry join)"
        return f"{joins}; after ten minutes without one an inspector opens it (entry alone)."


class JoinEntry(UseCase, frozen=True):
    """Join a request to see a source. You are the second person: both of you see it for an hour,
    and the handler is alerted."""

    named = UseCaseText(
        command="entry join",
        records="entry.opened",
        title="Join somebody who asks",
        send="Join: both see it for an hour",
        success_message="Open to the two of you for an hour",
        address="entries/join",
    )
    which: Annotated[ItemRef, Ask("Which one?", "The number that they were given.")]

    def gives(self) -> "Declared":
        from commands.people_and_teams.grant import join_entry

        return join_entry


class OpenAlone(UseCase, frozen=True):
    """See a source alone in an emergency, as inspector. It opens only after ten minutes without a
    second person. The handler is alerted, and the entry is reviewed within a day."""

    named = UseCaseText(
        command="entry alone",
        records="entry.opened_alone",
        title="No second person in ten minutes: open it alone",
        send="No second person in ten minutes: open it alone",
        success_message="Open to you alone for an hour. Its handler has been told; "
        "a review is owed in a day",
        address="entries/alone",
    )
    which: Which

    def do(self, desk: "Desk", reader: "Reader", **command: "Unpack[Command]") -> "Receipt":
        from commands.people_and_teams import grant

        return grant.open_alone(desk, reader, self.which, **command)


class ReviewEntry(UseCase, frozen=True):
    """Review an entry to the source register. The register's handler does this."""

    named = UseCaseText(
        command="entry review",
        records="entry.reviewed",
        title="Review it",
        send="Review it",
        success_message="Reviewed ({judged})",
        address="entries/review",
    )
    which: Which
    judged: Judgement
    reason: Why

    def do(self, desk: "Desk", reader: "Reader", **command: "Unpack[Command]") -> "Receipt":
        from commands.people_and_teams import grant

        return grant.review(
            desk, reader, self.which, self.judged, self.reason, kinds=("entry",), **command
        )


class ListGlass(Question, frozen=True):
    """List emergency access: open, and due for review."""

    named = QuestionText(
        command="glass list",
        title="Broken glass",
        empty="Nothing is open, and no review is owed.",
        acts=("break-glass", "review-glass", "give-authority", "open-entry"),
    )

    def rows(self, desk: "Desk", reader: "Reader", now: "datetime") -> "Sequence[OpenedAccess]":
        from commands.people_and_teams import grant

        with desk.asking() as db:
            return grant.of_kinds(db, reader, now, "glass")

    @classmethod
    def row(cls) -> "type[OpenedAccess]":
        from commands.people_and_teams.grant import OpenedAccess

        return OpenedAccess


class ListAuthorities(Question, frozen=True):
    """List authorities in force or awaiting approval."""

    named = QuestionText(
        command="authority list",
        title="Authorities",
        empty="Nothing is open, and no review is owed.",
        acts=("break-glass", "review-glass", "give-authority", "open-entry"),
    )

    def rows(self, desk: "Desk", reader: "Reader", now: "datetime") -> "Sequence[OpenedAccess]":
        from commands.people_and_teams import grant

        with desk.asking() as db:
            return grant.of_kinds(db, reader, now, "audit", "disclosure")

    @classmethod
    def row(cls) -> "type[OpenedAccess]":
        from commands.people_and_teams.grant import OpenedAccess

        return OpenedAccess


class ListEntries(Question, frozen=True):
    """List requests to see a source. They are waiting, open, or due for review."""

    named = QuestionText(
        command="entry list",
        title="Entries opened by two",
        empty="Nothing is open, and no review is owed.",
        acts=("break-glass", "review-glass", "give-authority", "open-entry"),
    )

    def rows(self, desk: "Desk", reader: "Reader", now: "datetime") -> "Sequence[OpenedAccess]":
        from commands.people_and_teams import grant

        with desk.asking() as db:
            return grant.of_kinds(db, reader, now, "entry")

    @classmethod
    def row(cls) -> "type[OpenedAccess]":
        from commands.people_and_teams.grant import OpenedAccess

        return OpenedAccess
