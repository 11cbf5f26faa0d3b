"""Missing children: reports, returns and interviews, missing patterns, and trigger plans.

The file is long because each command is declared here with its texts.
"""

from typing import TYPE_CHECKING, Annotated, Unpack

from commands.families import casework, missing
from domain.kernel.codes import Interview, MissingRisk, PatternJudgement, Unreported, Weighed
from ingest.words import record_words
from usecases.kernel.usecase import (
    Ask,
    CaseRef,
    Causes,
    Day,
    ItemRef,
    Line,
    Moment,
    Text,
    UseCase,
    UseCaseText,
    Words,
)

if TYPE_CHECKING:
    from commands.kernel.declared import Declared
    from commands.kernel.unit_of_work import Command, Desk, Receipt
    from domain.kernel.values import Reader


class ReportMissing(UseCase, frozen=True):
    """Report a child missing. If the carer did not report it, you are asked why: in order to help,
    not to blame."""

    named = UseCaseText(
        command="missing reported",
        warns=True,
        records="case.missing_reported",
        about="case",
        title="Report missing",
        send="Report missing",
        success_message="Reported missing",
        address="missing",
    )
    case: CaseRef
    since: Annotated[
        Moment | None,
        Ask(
            "Since when is the child missing?",
            "Empty: now. If the police do not know yet, ring 999 first.",
            option="--at",
        ),
    ] = None
    risk: Annotated[
        MissingRisk | None,
        Ask(
            "How high is the risk to the child?",
            "Give the risk as the police grade it. The risk can be graded again later.",
        ),
    ] = None
    seen: Annotated[Moment | None, Ask("When was the child last seen?")] = None
    seen_where: Annotated[Line | None, Ask("Where was the child last seen?")] = None
    seen_with: Annotated[Line | None, Ask("Who was with the child when last seen?")] = None
    carer_reported: Annotated[
        bool | None, Ask("Did the child's carer report that they were missing?")
    ] = None
    unreported: Annotated[
        Unreported | None,
        Ask(
            "Why did the carer not report the child missing?",
            "The reason helps the search. The answer blames nobody.",
            option="--why-not",
        ),
    ] = None
    unreported_words: Annotated[
        Text | None,
        Ask("The carer's reason, in their own words", option="--why-not-words", rows=2),
    ] = None
    note: Annotated[Text | None, Ask("Note for the people who search for the child", rows=2)] = None
    because_of: Causes = ()

    def gives(self) -> "Declared":
        return casework.report_missing


class GradeMissing(UseCase, frozen=True):
    """Grade the risk to a missing child. The risk is absent (no apparent risk), low, medium or
    high."""

    named = UseCaseText(
        command="missing risk",
        records="case.missing_graded",
        about="case",
        title="Grade the risk to the missing child again",
        send="Grade the risk",
        success_message="Risk: {risk}",
        address="missing-risk",
    )
    case: CaseRef
    risk: Annotated[MissingRisk, Ask("How high is the risk to the child now?")]
    reason: Annotated[Text, Ask("Why is the risk graded like this?", option="--reason", rows=2)]
    because_of: Causes = ()

    def gives(self) -> "Declared":
        return missing.grade


class RecordFound(UseCase, frozen=True):
    """Record that a missing child is found or back. Say where, with whom and by whom. Record what
    you know of the episode as a log entry, too."""

    named = UseCaseText(
        command="missing found",
        records="case.missing_found",
        about="case",
        title="Record that the child is found",
        send="Record that the child is found",
        success_message="Child recorded as found",
        address="found",
    )
    case: CaseRef
    found: Annotated[
        Moment | None, Ask("When was the child found?", "Empty: now", option="--at")
    ] = None
    where: Annotated[
        Text | None,
        Ask(
            "Where was the child found?",
            "Write only the place: a name or an address. Places are compared by this text.",
        ),
    ] = None
    company: Annotated[
        Line | None, Ask("Who was with the child when they were found?", option="--with")
    ] = None
    finder: Annotated[Line | None, Ask("Who found the child?", option="--by")] = None
    note: Annotated[Text | None, Ask("Note on the child's return", rows=2)] = None
    because_of: Causes = ()

    def gives(self) -> "Declared":
        return casework.record_found


class RecordInterview(UseCase, frozen=True):
    """Record a return home interview. An independent person offers the interview within 72 hours of
    the return; the interview is held or declined. If the child asks that something is not passed
    on, a supervisor decides about that. What the child says is recorded as a log entry (missing
    child-account)."""

    named = UseCaseText(
        command="missing interview",
        records="case.return_interview_recorded",
        about="case",
        title="Record a return home interview",
        send="Record the interview",
        success_message="Return home interview: {state}",
        address="interviews",
    )
    case: CaseRef
    state: Annotated[Interview, Ask("Was the return home interview held?")]
    by: Annotated[Line, Ask("Who offered or held the interview?", option="--by")]
    happened: Annotated[Moment | None, Ask("When was the interview?", option="--at")] = None
    independent: Annotated[
        bool | None,
        Ask(
            "Is the interviewer independent?",
            "Independent means: of the police and of the child's home.",
        ),
    ] = None
    told_before: Annotated[
        bool | None, Ask("Was the child told beforehand what would be passed on?")
    ] = None
    withhold: Annotated[
        Text | None,
        Ask(
            "What did the child ask not to be passed on?",
            "A supervisor decides whether to pass it on, with a reason.",
            rows=2,
        ),
    ] = None
    note: Annotated[Text | None, Ask("Note on the interview", rows=2)] = None
    because_of: Causes = ()

    def gives(self) -> "Declared":
        return casework.record_interview


class WeighWithheld(UseCase, frozen=True):
    """Decide what a child asked not to be passed on. A supervisor withholds it, passes it on in
    part, or passes it on, and says why."""

    named = UseCaseText(
        command="missing weighed",
        records="case.withholding_weighed",
        about="case",
        title="Decide what to withhold of what the child said",
        send="Record the decision",
        success_message="Decided: {decision}",
        address="weighing",
    )
    case: CaseRef
    decision: Annotated[Weighed, Ask("Is what the child said passed on?")]
    reason: Annotated[
        Text,
        Ask(
            "What is the reason for this decision?",
            "Write also how the child hears of the decision.",
            option="--reason",
            rows=2,
        ),
    ]
    because_of: Causes = ()

    def gives(self) -> "Declared":
        return missing.weigh


class RecordTold(UseCase, frozen=True):
    """Record what a child said in a return home interview. The child's words become a log entry
    caused by the interview."""

    named = UseCaseText(
        command="missing told",
        records="observation.recorded",
        about="case",
        title="Record what the child said in the interview",
        send="Record what the child said",
        success_message="Log entry recorded, caused by the interview",
        address="interview-words",
    )
    case: CaseRef
    words: Annotated[
        Words, Ask("What did the child say?", "Use the child's words.", piped=True, rows=4)
    ]
    heard_from: Annotated[
        Line | None,
        Ask(
            "Who reported the child's words?",
            "Leave it empty if the child reported them.",
            rare=True,
        ),
    ] = None

    def do(self, desk: "Desk", reader: "Reader", **command: "Unpack[Command]") -> "Receipt":
        command_id = command.get("command_id")
        return record_words.record_entry(
            desk,
            reader,
            self.words,
            desk.clock(),
            case=self.case,
            heard_from=self.heard_from,
            relation="child",
            command_id=command_id,
            because_of=(missing.last_interview(desk, reader, self.case, command_id),),
        ).receipt


class JudgePattern(UseCase, frozen=True):
    """Confirm or dismiss a missing pattern. The pattern is a child missing repeatedly, two missing
    on the same nights, or two found in one place. A pattern links no people."""

    named = UseCaseText(
        command="missing judged",
        records="missing.pattern_judged",
        about="pattern",
        title="Judge a pattern of missing episodes",
        send="Record the judgement",
        success_message="{judgement}",
        address="judgement",
    )
    pattern: Annotated[
        ItemRef,
        Ask(
            "Which pattern of missing episodes is it?",
            "The full id or its last eight characters, from the list of patterns",
        ),
    ]
    judgement: Annotated[PatternJudgement, Ask("Do these episodes form a pattern?")]
    reason: Annotated[
        Text, Ask("What is the reason for this judgement?", option="--reason", rows=2)
    ]
    because_of: Causes = ()

    def do(self, desk: "Desk", reader: "Reader", **command: "Unpack[Command]") -> "Receipt":
        return missing.judge(desk, reader, self.pattern, self.judgement, self.reason, **command)


class WritePlan(UseCase, frozen=True):
    """Write a child's trigger plan. It says whom to call, where the child is usually found, and
    what to tell the call taker. The plan is due for review on its date."""

    named = UseCaseText(
        command="missing plan",
        records="missing.plan_written",
        about="case",
        title="Write a trigger plan",
        send="Save the trigger plan",
        success_message="Trigger plan saved. The plan applies until you save another",
        address="missing-plan",
    )
    case: CaseRef
    call: Annotated[
        Text,
        Ask(
            "Who is called, and in which order, if the child goes missing?", option="--call", rows=2
        ),
    ]
    review: Annotated[Day, Ask("When is the trigger plan reviewed?", option="--review")]
    usual: Annotated[Text | None, Ask("Where is the child usually found when missing?", rows=2)] = (
        None
    )
    tell: Annotated[
        Text | None,
        Ask(
            "What does the police call taker need to know?",
            "Dangers, names and needs that the call taker does not know.",
            rows=2,
        ),
    ] = None
    because_of: Causes = ()

    def do(self, desk: "Desk", reader: "Reader", **command: "Unpack[Command]") -> "Receipt":
        return missing.write_plan(
            desk,
            reader,
            self.case,
            self.call,
            self.review,
            usual=self.usual,
            tell=self.tell,
            **command,
        )
