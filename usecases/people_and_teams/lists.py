"""Lists of work: cases, due items, proposals, own entries.

The file is long because each command is declared here with its texts.
"""

from collections.abc import Sequence
from typing import TYPE_CHECKING, Annotated

from commands.intelligence import release
from commands.people_and_teams import due, escalating, two_person
from domain.kernel.codes import Clock, SentState, Tier
from network.people import missing
from projections.families import cases, child_timeline
from projections.information import continuum, feedback
from projections.intelligence import releases, silent_hits, waiting_for_second
from projections.kernel import queries
from projections.people_and_teams import confidential_reports
from questions.information import sent
from questions.people_and_teams import caseload
from usecases.families import missing_now
from usecases.kernel.question import Question, QuestionText, Table, of_case
from usecases.kernel.usecase import Ask, CaseRef, Line

if TYPE_CHECKING:
    from datetime import datetime

    from commands.kernel.unit_of_work import Desk
    from commands.people_and_teams.escalating import Escalated
    from domain.kernel.values import Reader
    from network.people.missing import FoundPattern, Missing
    from network.people.missing_now import First
    from projections.due import DueFilter as Part
    from projections.due import DueItem
    from projections.families.cases import Case
    from projections.families.cases import CaseFilter as CasePart
    from projections.families.child_timeline import JourneyRow
    from projections.information.feedback import Became
    from projections.intelligence.releases import PendingRelease
    from projections.intelligence.silent_hits import HitOpen
    from projections.intelligence.waiting_for_second import ProposalRow
    from projections.kernel.columns import Listed
    from projections.kernel.database import Db
    from projections.people_and_teams.confidential_reports import EscalationRow


class ListCases(Question, frozen=True):
    """List cases with their next date, ratings and workers."""

    named = QuestionText(
        command="cases",
        title="Cases",
        empty="No cases match.",
        acts=("work", "allocate", "rate", "find", "see-counts"),
        shown=200,
    )
    every: Annotated[bool, Ask("Include closed cases", option="--all")] = False
    unallocated: Annotated[bool, Ask("Only cases without a worker for the parents")] = False
    missing: Annotated[bool, Ask("Only cases of missing children")] = False
    worker: Annotated[Line | None, Ask("Only this worker's cases")] = None
    team: Annotated[Line | None, Ask("Only this team's cases")] = None

    def rows(self, desk: "Desk", reader: "Reader", now: "datetime") -> "Sequence[Case]":
        with desk.asking() as db:
            return caseload.list_visible_cases(desk, db, reader, now, self._asked(db))

    def part(
        self, desk: "Desk", reader: "Reader", now: "datetime", skip: int, most: int
    ) -> "tuple[Sequence[Case], int]":
        with desk.asking() as db:
            return caseload.page(desk, db, reader, now, self._asked(db), skip, most)

    def _asked(self, db: "Db") -> "CasePart":
        return caseload.part(
            db,
            include_all=self.every,
            missing=self.missing,
            unallocated=self.unallocated,
            worker=self.worker,
            team=self.team,
        )

    @classmethod
    def row(cls) -> "type[Case]":
        return cases.Case


class ListJourney(Question, frozen=True):
    """Show what happened with a child, from day one. The list covers the family too, as far as you
    may see it."""

    named = QuestionText(
        command="journey",
        title="Journey",
        empty="You have access to no steps of this case.",
        acts=("see-case", "work", "see-support"),
    )
    case: CaseRef

    def rows(self, desk: "Desk", reader: "Reader", now: "datetime") -> "Sequence[JourneyRow]":
        with of_case(desk, reader, self.case) as arguments:
            return child_timeline.of_case(*arguments)

    @classmethod
    def row(cls) -> "type[JourneyRow]":
        return child_timeline.JourneyRow


class ListDue(Question, frozen=True):
    """List what is due, and who owns it. Missing children come first, then the items that are due
    soonest. Each shows its priority."""

    named = QuestionText(
        command="due",
        title="Due",
        empty="Nothing is due.",
        acts=("triage", "support", "outcome", "erase", "find", "disclose", "see-counts"),
        shown=200,
    )
    mine: Annotated[bool, Ask("Only my deadlines")] = False
    owner: Annotated[Line | None, Ask("Only this person's deadlines")] = None
    team: Annotated[Line | None, Ask("Only this team's deadlines")] = None
    past: Annotated[bool, Ask("Only overdue deadlines")] = False
    clock: Annotated[Clock | None, Ask("Only this type of deadline", option="--kind")] = None
    tier: Annotated[Tier | None, Ask("Only deadlines of this priority")] = None

    def rows(self, desk: "Desk", reader: "Reader", now: "datetime") -> "Sequence[DueItem]":
        return due.list_due(desk, reader, now, self._asked())

    def part(
        self, desk: "Desk", reader: "Reader", now: "datetime", skip: int, most: int
    ) -> "tuple[Sequence[DueItem], int]":
        return due.page(desk, reader, now, self._asked(), skip=skip, most=most)

    def above(self, desk: "Desk", reader: "Reader", now: "datetime") -> "First":
        return missing_now.first_lines(desk, reader, now)

    def _asked(self) -> "Part":
        from projections.due import DueFilter as Part

        return Part(self.mine, self.owner, self.team, self.past, self.clock, self.tier)

    @classmethod
    def row(cls) -> "type[DueItem]":
        from projections.due import DueItem

        return DueItem


class ListEscalated(Question, frozen=True):
    """List overdue items that were escalated. Each item shows to whom it was escalated, and who was
    informed."""

    named = QuestionText(
        command="due escalated",
        title="Escalated items",
        empty="No items were escalated.",
        acts=("triage", "support", "outcome", "erase", "see-counts"),
    )

    def rows(self, desk: "Desk", reader: "Reader", now: "datetime") -> "Sequence[Escalated]":
        return escalating.list_escalations(desk, reader)

    @classmethod
    def row(cls) -> "type[Escalated]":
        return escalating.Escalated


class ListProposals(Question, frozen=True):
    """List what waits for a second person. You can confirm others' proposals and withdraw your
    own."""

    named = QuestionText(
        command="proposals",
        title="To countersign",
        empty="No proposals to countersign.",
        acts=("confirm", "oversee", "outcome", "erase", "approve-erasure"),
    )
    confirm: Annotated[bool, Ask("Only proposals that you can confirm")] = False

    def rows(self, desk: "Desk", reader: "Reader", now: "datetime") -> "Sequence[ProposalRow]":
        return two_person.list_waiting(desk, reader, own=not self.confirm)

    @classmethod
    def row(cls) -> "type[ProposalRow]":
        return waiting_for_second.ProposalRow


class ListHits(Question, frozen=True):
    """List silent search alerts. Another team's search or referral matched records of your team.
    Your team has to decide within 24 hours, in urgent cases at once, whether to contact the
    searcher."""

    named = QuestionText(
        command="hits",
        title="Silent search alerts",
        empty="No silent search alerts.",
        acts=("refer", "work", "allocate"),
        shown=200,
    )
    overdue: Annotated[bool, Ask("Only overdue search alerts")] = False

    def rows(self, desk: "Desk", reader: "Reader", now: "datetime") -> "Sequence[HitOpen]":
        with desk.looked(silent_hits.VIEW) as db:
            return silent_hits.list_due_decisions(db, reader, now, overdue_only=self.overdue)

    def part(
        self, desk: "Desk", reader: "Reader", now: "datetime", skip: int, most: int
    ) -> "tuple[Sequence[HitOpen], int]":
        late, most_counted = self.overdue, max(queries.COUNTED, skip + most)
        with desk.looked(silent_hits.VIEW) as db:
            rows = silent_hits.list_due_decisions(
                db, reader, now, overdue_only=late, skip=skip, most=most
            )
            return rows, silent_hits.count(db, reader, now, overdue_only=late, most=most_counted)

    @classmethod
    def row(cls) -> "type[HitOpen]":
        return silent_hits.HitOpen


class ListMine(Question, frozen=True):
    """List what you sent, and what became of it."""

    named = QuestionText(
        command="mine",
        title="Sent",
        empty="You have sent no log entries that match.",
        acts=(),
    )
    words: Annotated[
        Line | None, Ask("Words in the log entry", "Whole words, or the beginnings of words")
    ] = None
    case: Annotated[
        CaseRef | None, Ask("Which family are the log entries about?", option="--case")
    ] = None
    became: Annotated[SentState | None, Ask("Status of the log entry")] = None

    def rows(self, desk: "Desk", reader: "Reader", now: "datetime") -> "Sequence[Became]":
        with desk.asking() as db:
            return sent.mine(desk, db, reader, words=self.words, case=self.case, became=self.became)

    @classmethod
    def row(cls) -> "type[Became]":
        return feedback.Became


class ListReleases(Question, frozen=True):
    """List releases that wait for another officer. It also lists reviews of urgent releases, with
    their dates."""

    named = QuestionText(
        command="releases",
        title="Report releases that wait for another officer",
        empty="No report release waits for another officer.",
        acts=("disseminate",),
    )

    def rows(self, desk: "Desk", reader: "Reader", now: "datetime") -> "Sequence[PendingRelease]":
        return release.list_waiting(desk, reader)

    @classmethod
    def row(cls) -> "type[PendingRelease]":
        return releases.PendingRelease


class ListEscalations(Question, frozen=True):
    """List the concerns reported to the auditor. You see your own; the auditor sees and answers all
    of them."""

    named = QuestionText(
        command="escalations",
        title="Concerns reported to the auditor",
        empty="No concerns were reported to the auditor.",
        acts=(),
    )

    def rows(self, desk: "Desk", reader: "Reader", now: "datetime") -> "Sequence[EscalationRow]":
        with desk.looked() as db:
            return confidential_reports.list_reports(db, reader)

    @classmethod
    def row(cls) -> "type[EscalationRow]":
        return confidential_reports.EscalationRow


class ListStages(Question, frozen=True):
    """Count items at each stage, and their time there."""

    named = QuestionText(
        command="stages",
        title="Stages",
        empty="No items have reached a stage yet.",
        acts=(),
        free=True,
    )

    @classmethod
    def tables(cls) -> tuple[Table, ...]:
        empty = cls.named.empty
        return (
            Table("counts", "Items at each stage", empty, continuum.StageCount),
            Table("dwell", "Time that items spend at each stage", empty, continuum.Dwell),
        )

    def answer(
        self, desk: "Desk", reader: "Reader", now: "datetime"
    ) -> "tuple[Sequence[Listed], ...]":
        with desk.asking() as db:
            counts = continuum.counts(db, reader).items()
            return [continuum.StageCount(*count) for count in counts], continuum.dwell(db, reader)


class ListMissing(Question, frozen=True):
    """List the children who are missing now. It shows the risk, and what may help to find them."""

    named = QuestionText(
        command="missing",
        title="Missing now",
        empty="No child is recorded as missing.",
        acts=("find", "work"),
    )

    def rows(self, desk: "Desk", reader: "Reader", now: "datetime") -> "Sequence[Missing]":
        with desk.asking() as db:
            return missing.now(db, reader, now)

    @classmethod
    def row(cls) -> "type[Missing]":
        return missing.Missing


class ListPatterns(Question, frozen=True):
    """List missing patterns to look at. The program found them among missing episodes; a person
    judges them."""

    named = QuestionText(
        command="patterns",
        title="Repeat and linked missing",
        empty="No patterns of missing episodes to judge.",
        acts=("find", "work"),
    )
    every: Annotated[bool, Ask("Include patterns that were judged already", option="--all")] = False

    def rows(self, desk: "Desk", reader: "Reader", now: "datetime") -> "Sequence[FoundPattern]":
        with desk.asking() as db:
            return missing.patterns(db, reader, include_all=self.every)

    @classmethod
    def row(cls) -> "type[FoundPattern]":
        return missing.FoundPattern
