"""Lists that people work from."""

from collections.abc import Sequence
from typing import TYPE_CHECKING, Annotated

from usecases.question import Asked, Question
from usecases.usecase import Ask, Line

if TYPE_CHECKING:
    from datetime import datetime

    from commands.desk import Desk
    from domain.values import Reader
    from network.missing import Found, Missing
    from projections.cases import Case
    from projections.columns import Column
    from projections.due import Due
    from projections.proposals import ProposalRow


class ListCases(Question, frozen=True):
    """The cases, with their rating and workers."""

    asked_as = Asked(
        command="cases",
        title="Cases",
        empty="No such case is open.",
        acts=("work", "allocate", "rate", "find", "see-counts"),
    )
    every: Annotated[bool, Ask("Closed ones too", option="--all")] = False
    unallocated: Annotated[bool, Ask("Only those without a worker")] = False

    def rows(self, desk: "Desk", reader: "Reader", now: "datetime") -> "Sequence[Case]":
        from commands import colleague
        from projections import cases

        with desk.asking() as db:
            if self.unallocated:
                return colleague.unallocated(db, reader)
            return cases.listed(db, reader, open_only=not self.every)

    def columns(self) -> "tuple[Column, ...]":
        from projections.cases import Case

        return Case.columns


class ListDue(Question, frozen=True):
    """Reviews, notices that end, decisions to be audited: soonest first."""

    asked_as = Asked(
        command="due",
        title="What is due",
        empty="Nothing is due.",
        acts=("triage", "support", "outcome", "erase", "see-counts"),
    )
    mine: Annotated[bool, Ask("Mine to answer")] = False
    owner: Annotated[Line | None, Ask("One person's")] = None
    team: Annotated[Line | None, Ask("A team's")] = None
    past: Annotated[bool, Ask("Only what is past")] = False

    def rows(self, desk: "Desk", reader: "Reader", now: "datetime") -> "Sequence[Due]":
        from projections import due

        asked = due.Asked(self.mine, self.owner, self.team, self.past)
        with desk.asking() as db:
            return due.listed(db, reader, now, asked)

    def columns(self) -> "tuple[Column, ...]":
        from projections.due import Due

        return Due.columns


class ListProposals(Question, frozen=True):
    """What waits for a second person and is yours to confirm or to take back."""

    asked_as = Asked(
        command="proposals",
        title="Waits for a second person",
        empty="Nothing waits for a second person.",
        acts=("confirm", "oversee", "outcome", "erase", "approve-erasure"),
    )

    def rows(self, desk: "Desk", reader: "Reader", now: "datetime") -> "Sequence[ProposalRow]":
        from commands import proposal

        return proposal.waiting(desk, reader)

    def columns(self) -> "tuple[Column, ...]":
        from projections.proposals import ProposalRow

        return ProposalRow.columns


class ListMissing(Question, frozen=True):
    """Who is missing now, how great the danger is, and what is known that may find them."""

    asked_as = Asked(
        command="missing",
        title="Missing now",
        empty="No child is recorded as missing.",
        acts=("find", "work"),
    )

    def rows(self, desk: "Desk", reader: "Reader", now: "datetime") -> "Sequence[Missing]":
        from network import missing

        with desk.asking() as db:
            return missing.now(db, reader, now)

    def columns(self) -> "tuple[Column, ...]":
        from network.missing import Missing

        return Missing.columns


class ListPatterns(Question, frozen=True):
    """What the machine found among missing children, and somebody has to look at."""

    asked_as = Asked(
        command="patterns",
        title="Missing again and again, or together",
        empty="Nothing waits to be looked at.",
        acts=("find", "work"),
    )
    every: Annotated[bool, Ask("Those too that somebody has looked at", option="--all")] = False

    def rows(self, desk: "Desk", reader: "Reader", now: "datetime") -> "Sequence[Found]":
        from network import missing

        with desk.asking() as db:
            return missing.patterns(db, reader, every=self.every)

    def columns(self) -> "tuple[Column, ...]":
        from network.missing import Found

        return Found.columns
