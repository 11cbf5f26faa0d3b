"""A case in court and after the trial: hearings, bail, pleas, special measures, the accounts that a
child gives, and a worker's support of a family before, at and after a trial.

Each hearing and each bail has a stream of its own; the other events are single facts of a case. The
file is long because hearings, bail and support of a family share their states.
"""

from datetime import date, datetime
from typing import Annotated, ClassVar
from uuid import UUID

from msgspec import Struct

from domain.kernel.card_effects import Counts
from domain.kernel.codes import (
    BailEnd,
    CourtStep,
    HearingKind,
    MeasureState,
    Plea,
    ResultKind,
    SpecialMeasure,
    StepState,
)
from domain.kernel.deadline_effects import Begins, Ends
from domain.kernel.envelope import Event, Meaning, Stored
from domain.kernel.fields import ABOUT, CODE, IDENTIFYING, NAMED, OCCURRED, OWNER, WRITTEN
from domain.kernel.values import Refused

#: Results that end a trial for a family: then they are debriefed and get aftercare.
TRIAL_ENDS: frozenset[ResultKind] = frozenset({"convicted", "acquitted", "sentenced"})


class HearingSet(Event, frozen=True):
    """A court hearing was set for a day."""

    stored: ClassVar = Stored("court.hearing_set", "evidence", "subject", ("court", "note"))
    meaning: ClassVar = Meaning(
        ("outcome", "work"),
        commands=("court.hearing",),
        enters=("hearing", "kind"),
        reach="court",
        step="beside",
        journey=("hearing set", "kind"),
        files=True,
        contact=("person", "case"),
        activity=True,
        card=(Counts("hearing"),),
    )
    case: Annotated[UUID, ABOUT, OWNER]
    kind: HearingKind
    starts: datetime
    person: Annotated[UUID | None, NAMED, OWNER] = None
    court: Annotated[str | None, IDENTIFYING] = None
    note: Annotated[str | None, WRITTEN] = None


class HearingMoved(Event, frozen=True):
    """A court hearing was moved to another day."""

    stored: ClassVar = Stored("court.hearing_moved", "evidence", "subject", ("reason",))
    meaning: ClassVar = Meaning(
        ("outcome", "work"), commands=("court.move",), step="beside", journey=("hearing moved",)
    )
    starts: datetime
    reason: Annotated[str, WRITTEN]


class HearingHeld(Event, frozen=True):
    """A hearing took place: its result, and how many defence barristers questioned the child
    ("multiple defence barristers questioning one young person"), or None if that is not known.
    """

    stored: ClassVar = Stored("court.hearing_held", "evidence", "subject", ("result",))
    meaning: ClassVar = Meaning(
        ("outcome", "work"),
        commands=("court.hold",),
        turns="held",
        step="beside",
        journey=("hearing held",),
        deadlines=(Ends("hearing"),),
    )
    result: Annotated[str, WRITTEN]
    child_gave_evidence: bool | None = None
    defence_barristers: int | None = None


class BailSet(Event, frozen=True):
    """A person was bailed, with conditions, until a day."""

    stored: ClassVar = Stored("court.bail_set", "evidence", "subject", ("conditions",))
    meaning: ClassVar = Meaning(
        ("outcome", "work"),
        commands=("court.bail",),
        enters=("bail", "set"),
        reach="court",
        step="beside",
        journey=("bail",),
        deadlines=(Begins("bail-ends", due="until"),),
        files=True,
        contact=("person", "case"),
        activity=True,
    )
    case: Annotated[UUID, ABOUT, OWNER]
    person: Annotated[UUID, NAMED, OWNER]
    conditions: Annotated[str, CODE]
    until: date | None = None


class BailEnded(Event, frozen=True):
    """A person's bail ended, or the person breached it. A breach alone does not end the bail."""

    stored: ClassVar = Stored("court.bail_ended", "evidence", "subject", ("note",))
    meaning: ClassVar = Meaning(
        ("outcome", "work"),
        commands=("court.end_bail",),
        turns="how",
        step="beside",
        journey=("bail", "how"),
    )
    how: BailEnd
    note: Annotated[str | None, WRITTEN] = None


class PleaEntered(Event, frozen=True):
    """A person pleaded guilty or not guilty."""

    stored: ClassVar = Stored("court.plea_entered", "evidence", "subject", ("offence", "note"))
    meaning: ClassVar = Meaning(
        ("outcome", "work"),
        commands=("court.plea",),
        enters=("plea", "plea"),
        reach="court",
        step="beside",
        journey=("plea", "plea"),
        files=True,
        contact=("person", "case"),
        activity=True,
        card=(
            Counts("plea"),
            Counts("guilty-plea", "plea", but=("not-guilty",)),
        ),
    )
    case: Annotated[UUID, ABOUT, OWNER]
    person: Annotated[UUID, NAMED, OWNER]
    plea: Plea
    happened: Annotated[datetime | None, OCCURRED] = None
    offence: Annotated[str | None, CODE] = None
    note: Annotated[str | None, WRITTEN] = None


class MeasureTold(Event, frozen=True):
    """A special measure for a witness was requested, granted or refused."""

    stored: ClassVar = Stored("court.measure_told", "evidence", "subject", ("note",))
    meaning: ClassVar = Meaning(
        ("outcome", "work"),
        commands=("court.measure",),
        enters=("special-measure", "state"),
        reach="court",
        step="beside",
        journey=("special measure", "measure", "state"),
        files=True,
    )
    case: Annotated[UUID, ABOUT, OWNER]
    measure: SpecialMeasure
    state: MeasureState
    note: Annotated[str | None, WRITTEN] = None


class AccountTaken(Event, frozen=True):
    """A child gave an account in an interview that may be evidence (Achieving Best Evidence). From
    the second account on, the event has the reason why a further account was needed.
    """

    stored: ClassVar = Stored("court.account_taken", "evidence", "subject", ("by", "why_again"))
    meaning: ClassVar = Meaning(
        ("outcome", "work"),
        commands=("court.account",),
        enters=("child-account", "taken"),
        reach="court",
        step="beside",
        journey=("the child gave an account",),
        files=True,
        activity=True,
    )
    case: Annotated[UUID, ABOUT, OWNER]
    by: Annotated[str, IDENTIFYING]
    happened: Annotated[datetime | None, OCCURRED] = None
    why_again: Annotated[str | None, WRITTEN] = None


class StepTaken(Event, frozen=True):
    """A worker's step to support a family around or after a trial was recorded. A person, not the
    program, decides who sits with the child.
    """

    stored: ClassVar = Stored("court.step_taken", "evidence", "record", ("words",))
    meaning: ClassVar = Meaning(
        ("support",),
        commands=("court.step",),
        enters=("court-step", "state"),
        reach="support",
        journey=("around the trial", "step", "state"),
        card=(Counts("court-support", "state", ("done",)),),
    )
    case: Annotated[UUID, ABOUT, OWNER]
    step: CourtStep
    state: StepState
    happened: datetime | None = None
    words: Annotated[str | None, WRITTEN] = None


EVENTS = (
    HearingSet,
    HearingMoved,
    HearingHeld,
    BailSet,
    BailEnded,
    PleaEntered,
    MeasureTold,
    AccountTaken,
    StepTaken,
)


class Hearing(Struct, frozen=True):
    """The state of one court hearing: its time, and whether it took place."""

    starts: datetime | None = None
    held: HearingHeld | None = None


class Bail(Struct, frozen=True):
    """The state of one person's bail: set or ended."""

    set: bool = False
    ended: bool = False


def hearing(state: Hearing, event: Event) -> Hearing:
    match event:
        case HearingSet() | HearingMoved():
            return Hearing(event.starts, state.held)
        case HearingHeld():
            return Hearing(state.starts, event)
    return state


def bail(state: Bail, event: Event) -> Bail:
    match event:
        case BailSet():
            return Bail(set=True)
        case BailEnded(how="ended"):
            return Bail(state.set, ended=True)
    return state


def move(state: Hearing, moved: HearingMoved) -> tuple[Event, ...]:
    """Move a court hearing to another day. Raises Refused if there is no such hearing, if it
    already took place, and if no reason is given.
    """
    if state.starts is None:
        raise Refused("there is no hearing with this id")
    if state.held:
        raise Refused("this hearing took place already")
    if not moved.reason.strip():
        raise Refused("say why the hearing was moved", field="reason")
    return () if moved.starts == state.starts else (moved,)


def hold(state: Hearing, event: HearingHeld, now: datetime) -> tuple[Event, ...]:
    """Record that a court hearing took place. Raises Refused if there is no such hearing, if it is
    in the future, if its result is missing, and if the number of barristers is negative. If exactly
    this is already recorded, nothing is recorded.
    """
    if state.starts is None:
        raise Refused("there is no hearing with this id")
    if state.starts > now:
        raise Refused("this hearing is in the future: change its date if it took place earlier")
    if not event.result.strip():
        raise Refused("say what the outcome of the hearing was", field="result")
    if event.defence_barristers is not None and event.defence_barristers < 0:
        raise Refused(
            "give the number of defence barristers as 0 or more, or leave it out",
            field="defence_barristers",
        )
    return () if event == state.held else (event,)


def end_bail(state: Bail, ended: BailEnded) -> tuple[Event, ...]:
    """Record that a person's bail ended, or that the person breached it. Raises Refused if there is
    no such bail. Each breach is recorded, even after the bail has ended. A second end of the same
    bail is not recorded.
    """
    if not state.set:
        raise Refused("this record is not about bail: give the id of the bail")
    return () if state.ended and ended.how == "ended" else (ended,)


def grant_bail(event: BailSet) -> tuple[Event, ...]:
    """Record that a person was bailed. Raises Refused if the text of the conditions is empty; for
    bail without conditions, the text has to say that there are none.
    """
    if not event.conditions.strip():
        raise Refused(
            "give the conditions of the bail, or say that there are none", field="conditions"
        )
    return (event,)


def take_account(account: AccountTaken, before: int) -> tuple[Event, ...]:
    """Record a child's account in an interview; `before` is the number of earlier accounts. Raises
    Refused if the interviewer is missing, and if the account is not the child's first and the
    reason for it is missing: "the young person has to repeatedly go over what has happened"
    (report).
    """
    if not account.by.strip():
        raise Refused("say who took the child's account", field="by")
    if before and not (account.why_again or "").strip():
        times = "once" if before == 1 else f"{before} times"
        raise Refused(
            f"the child gave an account {times} already: say why another account is needed",
            field="why_again",
        )
    return (account,)


def take_step(step: StepTaken) -> tuple[Event, ...]:
    """Record a worker's step to support a family around a trial. If the step is that a person sits
    with the child, the record has to say who that is and who decided it; otherwise raises Refused.
    """
    if step.step == "sits-with-child" and not (step.words or "").strip():
        raise Refused(
            "say who sits with the child, and who decided that: it is an exception that "
            "a Parent Support Worker sits with the child",
            field="words",
        )
    return (step,)
