"""A child's case: its rating, who works on it, missing and found, and how it ends."""

from typing import TYPE_CHECKING, Annotated, Unpack

from domain.codes import AllocatedFor, Engagement, Exit, Interview
from domain.values import QualityCode, Threshold
from usecases.usecase import Ask, CaseRef, Causes, Line, Moment, Named, Text, UseCase

if TYPE_CHECKING:
    from commands.desk import Command, Desk, Receipt
    from domain.values import Reader


class RateCase(UseCase, frozen=True):
    """Rate a case low, medium, high or unknown. A lower rating is proposed, and another confirms
    it; a child who is or may be under 13, or has a learning disability, is not low."""

    told_as = Named(
        command="threshold",
        records="case.threshold_assessed",
        about="case",
        title="Rate the risk",
        send="Rate it",
        done="Rated {level}",
        proposes="lower-rating",
    )
    case: CaseRef
    level: Annotated[Threshold, Ask("How high is it?")]
    reason: Annotated[Text | None, Ask("Why?", rows=2)] = None
    learning_disability: Annotated[bool, Ask("The child has a learning disability")] = False
    override: Annotated[
        Text | None,
        Ask(
            "A supervisor's reason for low",
            "Only for a child who is or may be under 13, or has a learning disability: otherwise "
            "such a child is never low. It is a supervisor's or DCI's to give.",
            rows=2,
        ),
    ] = None
    definition: Annotated[Line | None, Ask("Version of the threshold's text", rare=True)] = None
    because_of: Causes = ()

    def do(self, desk: "Desk", reader: "Reader", **command: "Unpack[Command]") -> "Receipt":
        from commands import casework

        return casework.assess_threshold(
            desk,
            reader,
            self.case,
            self.level,
            definition=self.definition,
            reason=self.reason,
            override=self.override,
            learning_disability=self.learning_disability,
            **command,
        )


class AllocateWorker(UseCase, frozen=True):
    """Give the child or the parents a worker."""

    told_as = Named(
        command="allocate",
        records="case.worker_allocated",
        about="case",
        title="Give it a worker",
        send="Give it",
        done="{worker} works with the {whom}",
        address="workers",
    )
    case: CaseRef
    worker: Annotated[Line, Ask("Who takes it?")]
    whom: Annotated[AllocatedFor, Ask("For whom?", option="--for")]
    because_of: Causes = ()

    def do(self, desk: "Desk", reader: "Reader", **command: "Unpack[Command]") -> "Receipt":
        from commands import casework

        return casework.allocate(desk, reader, self.case, self.worker, self.whom, **command)


class ReportMissing(UseCase, frozen=True):
    """Report a child missing; a carer who did not report it is marked."""

    told_as = Named(
        command="missing reported",
        warns=True,
        records="case.missing_reported",
        about="case",
        title="The child is missing",
        send="Report it",
        done="Reported missing",
        address="missing",
    )
    case: CaseRef
    since: Annotated[
        Moment | None,
        Ask(
            "Since when?",
            "Empty: now. If the police have not been told, ring 999 first.",
            option="--at",
        ),
    ] = None
    carer_reported: Annotated[bool | None, Ask("Did the carer at the time report it?")] = None
    note: Annotated[Text | None, Ask("A note", rows=2)] = None
    because_of: Causes = ()

    def do(self, desk: "Desk", reader: "Reader", **command: "Unpack[Command]") -> "Receipt":
        from commands import casework
        from domain.referral import MissingReported

        missing = MissingReported(self.since, self.carer_reported, self.note)
        return casework.report_missing(desk, reader, self.case, missing, **command)


class RecordFound(UseCase, frozen=True):
    """A missing child is found, or came back. Where and with whom the child was is worth an
    entry."""

    told_as = Named(
        command="missing found",
        records="case.missing_found",
        about="case",
        title="Found, or back",
        send="Found",
        done="Found",
        address="found",
    )
    case: CaseRef
    found: Annotated[Moment | None, Ask("When?", "Empty: now", option="--at")] = None
    where: Annotated[
        Text | None, Ask("Where, or with whom?", "It is worth an entry of its own, too.")
    ] = None
    note: Annotated[Text | None, Ask("A note", rows=2)] = None
    because_of: Causes = ()

    def do(self, desk: "Desk", reader: "Reader", **command: "Unpack[Command]") -> "Receipt":
        from commands import casework
        from domain.referral import MissingFound

        found = MissingFound(self.found, self.where, self.note)
        return casework.record_found(desk, reader, self.case, found, **command)


class RecordInterview(UseCase, frozen=True):
    """The interview that a child is offered, by somebody independent, within 72 hours of coming
    back: offered, held or declined. What the child tells is recorded as an entry of its own."""

    told_as = Named(
        command="missing interview",
        records="case.return_interview_recorded",
        about="case",
        title="Return interview",
        send="Keep it",
        done="Return interview: {state}",
        address="interviews",
    )
    case: CaseRef
    state: Annotated[Interview, Ask("Was it held?")]
    by: Annotated[Line, Ask("By whom?", "Who offered or held it.", option="--by")]
    happened: Annotated[Moment | None, Ask("When?", option="--at")] = None
    independent: Annotated[
        bool | None, Ask("Are they independent?", "Of the police, and of where the child lives.")
    ] = None
    told_before: Annotated[
        bool | None, Ask("Was the child told beforehand what would be passed on?")
    ] = None
    withhold: Annotated[Text | None, Ask("What did the child ask not to be passed on?", rows=2)] = (
        None
    )
    weighed: Annotated[
        Text | None,
        Ask("How was that weighed?", "Needed where the child asked for something.", rows=2),
    ] = None
    note: Annotated[Text | None, Ask("A note", rows=2)] = None
    because_of: Causes = ()

    def do(self, desk: "Desk", reader: "Reader", **command: "Unpack[Command]") -> "Receipt":
        from commands import casework
        from domain.referral import ReturnInterviewRecorded

        told = ReturnInterviewRecorded(
            self.state,
            self.by,
            self.happened,
            self.independent,
            self.told_before,
            self.withhold,
            self.weighed,
            self.note,
        )
        return casework.record_interview(desk, reader, self.case, told, **command)


class RecordEngagement(UseCase, frozen=True):
    """Who takes the support; to take it or not is no basis for sharing."""

    told_as = Named(
        command="engagement",
        records="case.engagement_recorded",
        about="case",
        title="Do they take the support?",
        send="Keep it",
        done="Kept: {who}, {state}",
    )
    case: CaseRef
    who: Annotated[AllocatedFor, Ask("Who?")]
    state: Annotated[Engagement, Ask("Do they?")]
    note: Annotated[Text | None, Ask("A note", rows=2)] = None
    because_of: Causes = ()

    def do(self, desk: "Desk", reader: "Reader", **command: "Unpack[Command]") -> "Receipt":
        from commands import casework

        return casework.record_engagement(
            desk, reader, self.case, self.who, self.state, self.note, **command
        )


class FlagCase(UseCase, frozen=True):
    """Mark what is odd in what was told about a case; nothing told is mended."""

    told_as = Named(
        command="flag",
        records="case.flagged",
        about="case",
        title="Something told does not fit",
        send="Mark it",
        done="Flagged {code}",
        address="flags",
    )
    case: CaseRef
    code: Annotated[QualityCode, Ask("What is odd?")]
    field: Annotated[Line, Ask("What is it about?", "The placement, the exit …", option="--about")]
    words: Annotated[Text | None, Ask("What was told, as it was told", rows=2)] = None
    because_of: Causes = ()

    def do(self, desk: "Desk", reader: "Reader", **command: "Unpack[Command]") -> "Receipt":
        from commands import casework

        return casework.flag(desk, reader, self.case, self.code, self.field, self.words, **command)


class AssessExit(UseCase, frozen=True):
    """Propose that a child has left harm's way; a supervisor or DCI confirms it. Silence alone
    never says so."""

    told_as = Named(
        command="exit",
        records="case.exit_assessed",
        about="case",
        title="The child has left harm's way",
        send="Propose it",
        done="Assessed as {outcome}",
        proposes="exit",
    )
    case: CaseRef
    outcome: Annotated[Exit, Ask("What was assessed?", option="--outcome")]
    reason: Annotated[
        Text,
        Ask(
            "What says so?",
            "Silence alone is not safety. A supervisor or DCI confirms it.",
            option="--reason",
            rows=2,
        ),
    ]
    because_of: Causes = ()

    def do(self, desk: "Desk", reader: "Reader", **command: "Unpack[Command]") -> "Receipt":
        from commands import casework

        return casework.assess_exit(desk, reader, self.case, self.outcome, self.reason, **command)


class CloseCase(UseCase, frozen=True):
    """Close a case: one proposes it, another confirms it. With a suspect, an alert, unassessed
    words or the child's absence still open it takes a supervisor's or DCI's reason."""

    told_as = Named(
        command="close",
        records="case.closed",
        about="case",
        title="Close the case",
        send="Propose to close it",
        done="Closing",
        proposes="close",
    )
    case: CaseRef
    reason: Annotated[
        Text,
        Ask(
            "Why?",
            "You propose it, somebody else confirms it. With a suspect, an alert, unassessed words "
            "or the child's absence still open it takes a supervisor's or DCI's reason.",
            option="--reason",
            rows=2,
        ),
    ]
    because_of: Causes = ()

    def do(self, desk: "Desk", reader: "Reader", **command: "Unpack[Command]") -> "Receipt":
        from commands import proposal

        return proposal.close(desk, reader, self.case, self.reason, **command)
