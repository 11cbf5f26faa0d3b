"""Court: hearings, bail, pleas, special measures, a child's accounts, and support for a family
before and after a trial.

The file is long because each command is declared here with its texts.
"""

from typing import TYPE_CHECKING, Annotated, TypeAlias

from msgspec import Meta

from commands.justice import court
from domain.kernel.codes import (
    BailEnd,
    CourtStep,
    HearingKind,
    MeasureState,
    Plea,
    SpecialMeasure,
    StepState,
)
from projections.justice import court as court_view
from usecases.kernel.question import Question, QuestionText, Table, of_case
from usecases.kernel.usecase import (
    Ask,
    CaseRef,
    Causes,
    Day,
    Line,
    Moment,
    PersonRef,
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
    from commands.kernel.unit_of_work import Desk
    from domain.kernel.values import Reader
    from projections.kernel.columns import Listed

HearingRef: TypeAlias = Annotated[
    Reference,
    Ref("hearing"),
    Ask("Which hearing is it?", "The full id or its last eight characters."),
]
BailRef: TypeAlias = Annotated[
    Reference,
    Ref("bail"),
    Ask("Which period of bail is it?", "The full id or its last eight characters."),
]
Count: TypeAlias = Annotated[int, Meta(ge=0, le=100)]
Note: TypeAlias = Annotated[Text | None, Ask("Note on this court record", option="--note", rows=2)]


class SetHearing(UseCase, frozen=True):
    """Record a court date. The hearing is due on that day."""

    named = UseCaseText(
        command="court hearing",
        records="court.hearing_set",
        about="case",
        title="Record a hearing",
        send="Record the hearing",
        success_message="Hearing recorded: {kind}",
        address="hearings",
    )
    case: CaseRef
    kind: Annotated[HearingKind, Ask("What is the hearing for?")]
    starts: Annotated[Moment, Ask("When does the hearing begin?", option="--at")]
    who: Annotated[
        PersonRef | None, Ask("Which defendant does the hearing concern?", "Empty: all defendants")
    ] = None
    court: Annotated[Line | None, Ask("At which court is the hearing?", option="--court")] = None
    note: Note = None
    because_of: Causes = ()

    def gives(self) -> "Declared":
        return court.set_hearing


class MoveHearing(UseCase, frozen=True):
    """Change the date of a hearing."""

    named = UseCaseText(
        command="court moved",
        records="court.hearing_moved",
        about="hearing",
        title="Change the date of a hearing",
        send="Change the date",
        success_message="Date changed",
        address="moves",
    )
    hearing: HearingRef
    starts: Annotated[Moment, Ask("What is the new date of the hearing?", option="--at")]
    reason: Annotated[Text, Ask("Why was the hearing moved?", option="--reason", rows=2)]
    because_of: Causes = ()

    def gives(self) -> "Declared":
        return court.move_hearing


class HoldHearing(UseCase, frozen=True):
    """Record what happened at a hearing."""

    named = UseCaseText(
        command="court held",
        records="court.hearing_held",
        about="hearing",
        title="Record the outcome of a hearing",
        send="Record the outcome",
        success_message="Outcome recorded",
        address="held",
    )
    hearing: HearingRef
    result: Annotated[Text, Ask("What was the outcome of the hearing?", option="--result", rows=2)]
    child_gave_evidence: Annotated[bool | None, Ask("Did the child give evidence?")] = None
    defence_barristers: Annotated[
        Count | None,
        Ask("By how many defence barristers was the child questioned?", option="--barristers"),
    ] = None
    because_of: Causes = ()

    def gives(self) -> "Declared":
        return court.hold_hearing


class SetBail(UseCase, frozen=True):
    """Record bail, its conditions and its end date."""

    named = UseCaseText(
        command="court bail",
        records="court.bail_set",
        about="case",
        title="Record bail",
        send="Record bail",
        success_message="Bail recorded",
        address="bails",
    )
    case: CaseRef
    who: PersonRef
    conditions: Annotated[
        Text, Ask("Under which conditions is the person bailed?", option="--conditions", rows=2)
    ]
    until: Annotated[Day | None, Ask("Until which day is the person on bail?")] = None
    because_of: Causes = ()

    def gives(self) -> "Declared":
        return court.set_bail


class EndBail(UseCase, frozen=True):
    """Record that bail ended or was breached."""

    named = UseCaseText(
        command="court bail-ended",
        records="court.bail_ended",
        about="bail",
        title="Record the end or a breach of bail",
        send="Record the end or breach",
        success_message="Bail: {how}",
        address="end",
    )
    bail: BailRef
    how: Annotated[BailEnd, Ask("Did the bail end, or was it breached?")]
    note: Note = None
    because_of: Causes = ()

    def gives(self) -> "Declared":
        return court.end_bail


class EnterPlea(UseCase, frozen=True):
    """Record a plea, or a change of plea."""

    named = UseCaseText(
        command="court plea",
        records="court.plea_entered",
        about="case",
        title="Record a plea",
        send="Record the plea",
        success_message="Plea recorded: {plea}",
        address="pleas",
    )
    case: CaseRef
    who: PersonRef
    plea: Annotated[Plea, Ask("How did the defendant plead?")]
    offence: Annotated[Text | None, Ask("To which charge is the plea?")] = None
    happened: Annotated[Moment | None, Ask("When was the plea entered?", option="--at")] = None
    note: Note = None
    because_of: Causes = ()

    def gives(self) -> "Declared":
        return court.enter_plea


class TellMeasure(UseCase, frozen=True):
    """Record a special measure. The measure was asked for, granted or refused."""

    named = UseCaseText(
        command="court measure",
        records="court.measure_told",
        about="case",
        title="Record a special measure",
        send="Record the measure",
        success_message="Special measure recorded: {measure}, {state}",
        address="measures",
    )
    case: CaseRef
    measure: Annotated[SpecialMeasure, Ask("Which special measure is it?")]
    state: Annotated[MeasureState, Ask("Was the special measure requested, granted or refused?")]
    note: Note = None
    because_of: Causes = ()

    def gives(self) -> "Declared":
        return court.tell_measure


class TakeAccount(UseCase, frozen=True):
    """Record a child's evidential interview (ABE). From the second interview on you are asked why
    another is needed."""

    named = UseCaseText(
        command="court account",
        records="court.account_taken",
        about="case",
        title="Record an evidential interview",
        send="Record the interview",
        success_message="Interview recorded",
        address="accounts",
    )
    case: CaseRef
    by: Annotated[Line, Ask("Who took the child's account?", option="--by")]
    happened: Annotated[Moment | None, Ask("When was the account taken?", option="--at")] = None
    why_again: Annotated[
        Text | None,
        Ask(
            "Why was a further account needed?",
            "Needed from the child's second account on",
            option="--why-again",
            rows=2,
        ),
    ] = None
    because_of: Causes = ()

    def gives(self) -> "Declared":
        return court.take_account


class TakeStep(UseCase, frozen=True):
    """Record a step in preparing a family for court. Steps are witness support, the pre-trial
    visit, travel, who sits with the child, the debrief, and how they are afterwards. A planned
    visit is due on its day."""

    named = UseCaseText(
        command="court step",
        records="court.step_taken",
        about="case",
        title="Record a court support step",
        send="Record the step",
        success_message="Step recorded: {step}, {state}",
        address="court-steps",
    )
    case: CaseRef
    step: Annotated[CourtStep, Ask("Which step towards the trial is it?")]
    state: Annotated[StepState, Ask("Is the step done?")] = "done"
    happened: Annotated[Moment | None, Ask("When was the step done?", option="--at")] = None
    words: Annotated[
        Text | None,
        Ask(
            "Note on this step towards the trial",
            "For example the person who sits with the child, and the reason for the choice",
            rows=2,
        ),
    ] = None
    because_of: Causes = ()

    def gives(self) -> "Declared":
        return court.take_step


class ListCourt(Question, frozen=True):
    """List a case's hearings, orders and court steps."""

    named = QuestionText(
        command="court list",
        title="Court",
        empty="No court records.",
        acts=("see-case", "work", "outcome"),
    )
    case: CaseRef

    @classmethod
    def tables(cls) -> tuple[Table, ...]:
        return (
            Table("hearings", "Hearings", "No hearings.", court_view.HearingRow),
            Table("bails", "Bail", "No bail is recorded.", court_view.BailRow),
            Table("pleas", "Pleas", "No pleas.", court_view.PleaRow),
            Table("measures", "Special measures", "No special measures.", court_view.MeasureRow),
            Table(
                "accounts",
                "The child's accounts",
                "No evidential interviews.",
                court_view.AccountRow,
            ),
            Table("steps", "Court support", "No court support steps.", court_view.StepRow),
        )

    def answer(
        self, desk: "Desk", reader: "Reader", now: "datetime"
    ) -> "tuple[Sequence[Listed], ...]":
        with of_case(desk, reader, self.case) as arguments:
            return court_view.of_case(*arguments)
