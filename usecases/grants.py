"""Looking further than one's role, for a time: by breaking glass, by an authority, and who told us
one thing, for a threat to life. Longer than others: three kinds of grant each are begun, used and
ended."""

from typing import TYPE_CHECKING, Annotated, TypeAlias, Unpack

from domain.codes import AuthorityFor, Judged
from usecases.question import Asked, Question
from usecases.usecase import Ask, End, ItemRef, Line, Named, Text, UseCase

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import datetime

    from commands.desk import Command, Desk, Receipt
    from commands.grant import Opened
    from domain.values import Reader

Which: TypeAlias = Annotated[ItemRef, Ask("Which one?", "Its id or the last eight digits of it.")]
Why: TypeAlias = Annotated[Text, Ask("Why?", option="--reason", rows=2)]
Judgement: TypeAlias = Annotated[Judged, Ask("Was it justified?")]


class BreakGlass(UseCase, frozen=True):
    """See one case that is not yours, for an hour. Whose it is learns of it, and somebody else
    reviews it within a day."""

    told_as = Named(
        command="glass break",
        warns=True,
        records="glass.broken",
        title="Break glass: see a case that is not mine",
        send="Break glass",
        done="It is open for an hour. Whose it is has been told; close it when you have seen "
        "enough",
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
        from commands import grant

        return grant.break_glass(desk, reader, self.case, self.reason, **command)


class CloseGlass(UseCase, frozen=True):
    """Close what you opened by breaking glass: you have seen what you opened it for."""

    told_as = Named(
        command="glass close",
        records="glass.closed",
        title="I have seen enough",
        send="I have seen enough",
        done="Closed",
        address="glass/close",
    )
    which: Which

    def do(self, desk: "Desk", reader: "Reader", **command: "Unpack[Command]") -> "Receipt":
        from commands import grant

        return grant.close_glass(desk, reader, self.which, **command)


class ReviewGlass(UseCase, frozen=True):
    """Say what you think of a broken glass; the person who looked does not review."""

    told_as = Named(
        command="glass review",
        records="glass.reviewed",
        title="Review it",
        send="Review it",
        done="Reviewed ({judged})",
        address="glass/review",
    )
    which: Which
    judged: Judgement
    reason: Why

    def do(self, desk: "Desk", reader: "Reader", **command: "Unpack[Command]") -> "Receipt":
        from commands import grant

        return grant.review(
            desk, reader, self.which, self.judged, self.reason, kinds=("glass",), **command
        )


class GiveAuthority(UseCase, frozen=True):
    """Let somebody see one case for a time; what is for disclosure waits for a second person."""

    told_as = Named(
        command="authority give",
        records="authority.given",
        title="Give an authority",
        send="Give it",
        done="Given to {user}",
        address="authorities",
    )
    user: Annotated[Line, Ask("To whom?")]
    case: Annotated[ItemRef, Ask("For which case?", "Its number, reference or id.")]
    given_for: Annotated[AuthorityFor, Ask("For what?", option="--for")]
    until: Annotated[End, Ask("Until when?", "At most 92 days from now.", option="--until")]
    reason: Why

    def do(self, desk: "Desk", reader: "Reader", **command: "Unpack[Command]") -> "Receipt":
        from commands import grant

        return grant.give_authority(
            desk, reader, self.user, self.case, self.given_for, self.until, self.reason, **command
        )

    def beside(self, desk: "Desk", reader: "Reader", receipt: "Receipt") -> str | None:
        from commands import grant

        return grant.waits(self.given_for)


class ApproveAuthority(UseCase, frozen=True):
    """Approve an authority for disclosure, as the second person."""

    told_as = Named(
        command="authority approve",
        records="authority.approved",
        title="Approve it",
        send="Approve",
        done="Approved",
        address="authorities/approve",
    )
    which: Which

    def do(self, desk: "Desk", reader: "Reader", **command: "Unpack[Command]") -> "Receipt":
        from commands import grant

        return grant.approve_authority(desk, reader, self.which, **command)


class EndAuthority(UseCase, frozen=True):
    """An authority ends now, before its time."""

    told_as = Named(
        command="authority end",
        records="authority.ended",
        title="End it",
        send="End it",
        done="Ended",
        address="authorities/end",
    )
    which: Which

    def do(self, desk: "Desk", reader: "Reader", **command: "Unpack[Command]") -> "Receipt":
        from commands import grant

        return grant.end_authority(desk, reader, self.which, **command)


class AskEntry(UseCase, frozen=True):
    """Ask who told one thing, for a threat to life. It is seen once a second person has joined."""

    told_as = Named(
        command="entry ask",
        records="entry.asked",
        title="A threat to life: who told this?",
        send="Ask; a second person has to join",
        done="Asked",
        address="entries",
    )
    item: Annotated[ItemRef, Ask("Which words?", "Their id or the end of it.")]
    reason: Annotated[Text, Ask("Whose life, and how?", option="--reason", rows=2)]

    def do(self, desk: "Desk", reader: "Reader", **command: "Unpack[Command]") -> "Receipt":
        from commands import grant

        return grant.ask_entry(desk, reader, self.item, self.reason, **command)

    def beside(self, desk: "Desk", reader: "Reader", receipt: "Receipt") -> str | None:
        joins = f"A second person joins with the number {receipt.id.hex[-8:]} (entry join)"
        return f"{joins}; after ten minutes without one an inspector opens it (entry alone)."


class JoinEntry(UseCase, frozen=True):
    """Join, as the second person, somebody who asks who told one thing: both see it for an hour;
    the handler is alerted."""

    told_as = Named(
        command="entry join",
        records="entry.opened",
        title="Join somebody who asks",
        send="Join: both see it for an hour",
        done="Open to the two of you for an hour",
        address="entries/join",
    )
    which: Annotated[ItemRef, Ask("Which one?", "The number that they were given.")]

    def do(self, desk: "Desk", reader: "Reader", **command: "Unpack[Command]") -> "Receipt":
        from commands import grant

        return grant.join_entry(desk, reader, self.which, **command)


class OpenAlone(UseCase, frozen=True):
    """See alone, as an inspector, who told one thing where no second person joined within ten
    minutes. The handler is alerted, and it is reviewed within a day."""

    told_as = Named(
        command="entry alone",
        records="entry.opened_alone",
        title="No second person in ten minutes: open it alone",
        send="No second person in ten minutes: open it alone",
        done="Open to you alone for an hour. Its handler has been told; a review is owed in a day",
        address="entries/alone",
    )
    which: Which

    def do(self, desk: "Desk", reader: "Reader", **command: "Unpack[Command]") -> "Receipt":
        from commands import grant

        return grant.open_alone(desk, reader, self.which, **command)


class ReviewEntry(UseCase, frozen=True):
    """Say, as the register's handler, what you think of an entry that was opened."""

    told_as = Named(
        command="entry review",
        records="entry.reviewed",
        title="Review it",
        send="Review it",
        done="Reviewed ({judged})",
        address="entries/review",
    )
    which: Which
    judged: Judgement
    reason: Why

    def do(self, desk: "Desk", reader: "Reader", **command: "Unpack[Command]") -> "Receipt":
        from commands import grant

        return grant.review(
            desk, reader, self.which, self.judged, self.reason, kinds=("entry",), **command
        )


class ListGlass(Question, frozen=True):
    """Which glass is broken, and what waits for its review."""

    asked_as = Asked(
        command="glass list",
        title="Broken glass",
        empty="Nothing is open, and no review is owed.",
        acts=("break-glass", "review-glass", "give-authority", "open-entry"),
    )

    def rows(self, desk: "Desk", reader: "Reader", now: "datetime") -> "Sequence[Opened]":
        from commands import grant

        with desk.asking() as db:
            return grant.of_kinds(db, reader, now, "glass")

    @classmethod
    def row(cls) -> "type[Opened]":
        from commands.grant import Opened

        return Opened


class ListAuthorities(Question, frozen=True):
    """Which authorities stand or wait."""

    asked_as = Asked(
        command="authority list",
        title="Authorities",
        empty="Nothing is open, and no review is owed.",
        acts=("break-glass", "review-glass", "give-authority", "open-entry"),
    )

    def rows(self, desk: "Desk", reader: "Reader", now: "datetime") -> "Sequence[Opened]":
        from commands import grant

        with desk.asking() as db:
            return grant.of_kinds(db, reader, now, "audit", "disclosure")

    @classmethod
    def row(cls) -> "type[Opened]":
        from commands.grant import Opened

        return Opened


class ListEntries(Question, frozen=True):
    """Who told us: what is asked, open, or waits for its review."""

    asked_as = Asked(
        command="entry list",
        title="Entries opened by two",
        empty="Nothing is open, and no review is owed.",
        acts=("break-glass", "review-glass", "give-authority", "open-entry"),
    )

    def rows(self, desk: "Desk", reader: "Reader", now: "datetime") -> "Sequence[Opened]":
        from commands import grant

        with desk.asking() as db:
            return grant.of_kinds(db, reader, now, "entry")

    @classmethod
    def row(cls) -> "type[Opened]":
        from commands.grant import Opened

        return Opened
