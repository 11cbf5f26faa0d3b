"""A child's case: referrals, thresholds, allocations, missing episodes, closing.

Each case is a stream; log entries and later items refer to the case by its id. A case never closes
by itself: silence is not safety. This file is long because all events of a case are in one stream.
"""

from collections.abc import Sequence
from datetime import date, datetime
from typing import Annotated, ClassVar
from uuid import UUID

from msgspec import Struct, field
from msgspec.structs import replace

from domain import forms
from domain.forms.local import LONDON
from domain.kernel.card_effects import Counts
from domain.kernel.codes import (
    AllocatedFor,
    Engagement,
    Exit,
    Interview,
    MissingRisk,
    Unreported,
    Weighed,
)
from domain.kernel.deadline_effects import Begins, Ends
from domain.kernel.envelope import Event, Meaning, Stored
from domain.kernel.fields import (
    CHILD,
    CODE,
    IDENTIFYING,
    NOT_CHECKED,
    NOT_REACHED,
    OCCURRED,
    SAID,
    WRITTEN,
)
from domain.kernel.values import RATED, Origin, QualityCode, Refused, TakesTwo, Threshold

#: A child below this age is rated low only if a supervisor overrides the rule: Sexual Offences Act
#: 2003 ss.5-8 [verify].
YOUNGEST = 13
#: Outcomes of a case after which its child counts as out of harm's way.
OUT: tuple[Exit, ...] = ("no-longer-at-risk", "protected")


class CaseOpened(Event, frozen=True):
    """A child's case was opened. `reference` is the team's own number for it; `child` is the
    person's id.
    """

    stored: ClassVar = Stored("case.opened", "evidence", "subject")
    meaning: ClassVar = Meaning(
        ("refer",), step="beside", journey=("case opened",), doubts=("result",)
    )
    child: Annotated[UUID, NOT_CHECKED, CHILD]
    team: Annotated[str, CODE]
    reference: Annotated[str | None, CODE] = None


class ReferralReceived(Event, frozen=True):
    """A referral was received from an agency, a parent, or because of another family's log entries
    (`because_of`)."""

    stored: ClassVar = Stored(
        "case.referral_received", "evidence", "subject", ("origin", "concern", "referrer")
    )
    meaning: ClassVar = Meaning(
        ("refer", "record"),
        step="beside",
        journey=("referral",),
        contact=("stream",),
        when="received",
        card=(
            Counts("referred"),
            Counts("source-known", "source", but=("not-known",)),
            Counts("concern-dated", "received"),
        ),
        overtakes="a referral came in",
        brief="why",
    )
    received: Annotated[datetime | None, OCCURRED] = None
    source: Annotated[str, CODE] = "not-known"
    origin: Origin | None = None
    concern: Annotated[str | None, WRITTEN] = None
    referrer: Annotated[str | None, IDENTIFYING] = None

    @property
    def why(self) -> str:
        """Return the concern, or who referred the child if no concern was recorded."""
        return self.concern or self.source


class ThresholdAssessed(Event, frozen=True):
    """The level of risk in a child's case was rated. `definition` is the version of the threshold
    text that the assessor used.
    """

    stored: ClassVar = Stored(
        "case.threshold_assessed", "evidence", "subject", ("override", "reason"), version=2
    )
    meaning: ClassVar = Meaning(
        ("rate",),
        commands=("case.threshold",),
        step="beside",
        journey=("rated", "level"),
        card=(Counts("rated", "level", but=("unknown",)),),
        overtakes="the case was rated",
        brief="level",
    )
    level: Threshold
    definition: Annotated[str, CODE]
    override: Annotated[str | None, WRITTEN] = None
    reason: Annotated[str | None, WRITTEN] = None


class ThresholdAssessed1(ThresholdAssessed, frozen=True):
    """The level of risk in a child's case was rated. This is the form in which releases before 0.2
    stored the event: the text in `override` is not encrypted.
    """

    stored: ClassVar = Stored("case.threshold_assessed", "evidence", "subject", ("reason",))


class RatingReopened(Event, frozen=True):
    """A fact was recorded later that forbids the low rating of a case. Until a person rates the
    case again, it counts as medium.
    """

    stored: ClassVar = Stored("case.rating_reopened", "evidence", "subject", ("lacked",))
    meaning: ClassVar = Meaning(("run-store",))
    of: Annotated[str, CODE]
    lacked: Annotated[str, CODE]


class ExitReopened(Event, frozen=True):
    """A fact was recorded later that contradicts the assessment that a child has left harm's way.
    Until a person assesses this again, the child counts as not out of harm's way.
    """

    stored: ClassVar = Stored("case.exit_reopened", "evidence", "subject", ("lacked",))
    meaning: ClassVar = Meaning(("run-store",))
    of: Annotated[str, CODE]
    lacked: Annotated[str, CODE]


class WorkerAllocated(Event, frozen=True):
    """A worker was allocated to the child or to the parents. `same_for_both` is True if this worker
    now supports both the child and the parents.
    """

    stored: ClassVar = Stored("case.worker_allocated", "evidence", "none")
    meaning: ClassVar = Meaning(
        ("allocate",),
        commands=("case.allocate",),
        step="beside",
        journey=("worker", "allocated_for"),
        card=(
            Counts("parents-worker", "allocated_for", ("parents",)),
            Counts("child-worker", "allocated_for", ("child",)),
        ),
        brief="allocation",
    )
    worker: Annotated[str, CODE]
    allocated_for: AllocatedFor
    same_for_both: bool = False

    @property
    def allocation(self) -> str:
        """Return in words who was allocated and for whom: "psw.ellis for the child"."""
        return f"{self.worker} for the {self.allocated_for}"


class AllocationReasoned(Event, frozen=True):
    """The reason for allocating a worker to a case was recorded. Parents who declined support get a
    worker only for a reason: "even if the parents do not want to engage. The PSW has to challenge
    this" (report).
    """

    stored: ClassVar = Stored("case.allocation_reasoned", "evidence", "subject", ("reason",))
    meaning: ClassVar = Meaning(
        ("allocate",), step="beside", journey=("why a worker was allocated",)
    )
    reason: Annotated[str, WRITTEN]


class EngagementRecorded(Event, frozen=True):
    """It was recorded whether the child or the parents of a case accept the support. Consent to
    support is not the legal basis for sharing information.
    """

    stored: ClassVar = Stored("case.engagement_recorded", "evidence", "subject", ("note",))
    meaning: ClassVar = Meaning(
        ("work", "allocate"),
        commands=("case.engagement",),
        journey=("engagement", "who", "engagement"),
        card=(Counts("engagement-known", "engagement", but=("not-known",)),),
    )
    who: AllocatedFor
    engagement: Engagement
    note: Annotated[str | None, WRITTEN] = None


class MissingReported(Event, frozen=True):
    """A child was reported missing. `carer_reported` is false if the person who cared for the child
    at the time did not report it; then `unreported` and, in this carer's words, `unreported_words`
    say why. `seen` is when the child was last seen; the event also says where and with whom.
    """

    stored: ClassVar = Stored(
        "case.missing_reported",
        "evidence",
        "subject",
        ("note", "unreported_words", "seen_where", "seen_with", "origin"),
    )
    meaning: ClassVar = Meaning(
        ("work", "allocate", "find"),
        commands=("case.missing",),
        step="beside",
        journey=("MISSING", "risk"),
        deadlines=(Begins("missing-child", by="anyone", in_case=True),),
        contact=("stream",),
        doubts=("exit",),
        when="since",
        card=(Counts("missing"),),
        overtakes="the child was reported missing",
    )
    since: Annotated[datetime | None, OCCURRED] = None
    carer_reported: bool | None = None
    note: Annotated[str | None, WRITTEN] = None
    risk: MissingRisk | None = None
    unreported: Unreported | None = None
    unreported_words: Annotated[str | None, SAID] = None
    seen: datetime | None = None
    seen_where: Annotated[str | None, IDENTIFYING] = None
    seen_with: Annotated[str | None, IDENTIFYING] = None
    origin: Origin | None = None


class MissingGraded(Event, frozen=True):
    """The risk to a missing child was graded."""

    stored: ClassVar = Stored("case.missing_graded", "evidence", "subject", ("reason",))
    meaning: ClassVar = Meaning(
        ("work", "allocate", "find"),
        commands=("case.missing_risk",),
        step="beside",
        contact=("stream",),
    )
    risk: MissingRisk
    reason: Annotated[str, WRITTEN]


class MissingFound(Event, frozen=True):
    """A missing child was found or came back, with the place, the company, and the person who found
    the child.
    """

    stored: ClassVar = Stored(
        "case.missing_found", "evidence", "subject", ("where", "note", "company", "finder")
    )
    meaning: ClassVar = Meaning(
        ("work", "allocate", "find"),
        commands=("case.found",),
        step="beside",
        journey=("found",),
        contact=("stream",),
        when="found",
        card=(Counts("found"),),
    )
    found: Annotated[datetime | None, OCCURRED] = None
    where: Annotated[str | None, IDENTIFYING] = None
    note: Annotated[str | None, WRITTEN] = None
    company: Annotated[str | None, IDENTIFYING] = None
    finder: Annotated[str | None, IDENTIFYING] = None


class ReturnInterviewRecorded(Event, frozen=True):
    """A return interview by an independent person was offered, held or declined; it is due within
    72 hours of the child's return. What the child says is a log entry of its own.

    `told_before` says whether the child heard beforehand what would be passed on. `withhold` is
    what the child did not want passed on. `weighed` is the decision whether this is passed on, if
    it was made at once; otherwise the event `WithholdingWeighed` has the decision.
    """

    stored: ClassVar = Stored(
        "case.return_interview_recorded",
        "evidence",
        "subject",
        ("by", "note", "withhold", "weighed"),
    )
    meaning: ClassVar = Meaning(
        ("work", "allocate", "find"),
        commands=("case.interview",),
        step="beside",
        journey=("return interview", "state"),
        contact=("stream",),
        card=(Counts("interview-held", "state", ("held",)),),
    )
    state: Interview
    by: Annotated[str, IDENTIFYING]
    happened: Annotated[datetime | None, OCCURRED] = None
    independent: bool | None = None
    told_before: bool | None = None
    withhold: Annotated[str | None, WRITTEN] = None
    weighed: Annotated[str | None, WRITTEN] = None
    note: Annotated[str | None, WRITTEN] = None


class WithholdingWeighed(Event, frozen=True):
    """A supervisor decided, with a reason, about information that a child did not want passed on
    after going missing.
    """

    stored: ClassVar = Stored("case.withholding_weighed", "evidence", "subject", ("reason",))
    meaning: ClassVar = Meaning(
        ("oversee",), commands=("case.weigh",), step="beside", deadlines=(Ends("withheld-words"),)
    )
    decision: Weighed
    reason: Annotated[str, WRITTEN]


class CaseFlagged(Event, frozen=True):
    """An inconsistency in the records of a case was flagged. The records stay as they are, and are
    never corrected.
    """

    stored: ClassVar = Stored("case.flagged", "evidence", "subject", ("raw",))
    meaning: ClassVar = Meaning(("work", "refer", "allocate", "find"), commands=("case.flag",))
    code: QualityCode
    field: Annotated[str, CODE]
    raw: Annotated[str | None, SAID] = None


class ExitAssessed(Event, frozen=True):
    """A person assessed that the child has left harm's way; the program never infers it."""

    stored: ClassVar = Stored("case.exit_assessed", "evidence", "subject", ("reason",))
    meaning: ClassVar = Meaning(
        ("work",),
        commands=("case.exit",),
        step="beside",
        journey=("exit", "outcome"),
        card=(Counts("out-of-harm", "outcome", OUT),),
    )
    outcome: Exit
    reason: Annotated[str, WRITTEN]


class CaseClosed(Event, frozen=True):
    """Two people closed a case; the event counts the matters that were open then. The person who
    confirmed the closing recorded the event; `second` is the person who had proposed the closing.
    (In old events, `second` is only a name that the recorder typed.) `senior` is the supervisor or
    DCI who gave the reason for closing with open matters.
    """

    stored: ClassVar = Stored("case.closed", "evidence", "subject", ("reason", "senior_reason"))
    meaning: ClassVar = Meaning(
        ("close",),
        commands=("case.close",),
        turns="closed",
        step="beside",
        journey=("case closed",),
        overtakes="the case was closed",
    )
    second: Annotated[str, CODE]
    open_items: int
    reason: Annotated[str, WRITTEN]
    senior: Annotated[str | None, CODE] = None
    senior_reason: Annotated[str | None, WRITTEN] = None


class CaseReopened(Event, frozen=True):
    """A closed case was opened again."""

    stored: ClassVar = Stored("case.reopened", "evidence", "subject", ("reason",))
    meaning: ClassVar = Meaning(
        ("close", "work", "record"),
        turns="open",
        step="beside",
        journey=("case opened again",),
        overtakes="the case was opened again",
    )
    reason: Annotated[str, WRITTEN]


class CaseRedacted(Event, frozen=True):
    """A replacement text that a person wrote (a redaction) replaced all earlier texts of a case."""

    stored: ClassVar = Stored("case.redacted", "evidence", "subject", ("words",))
    meaning: ClassVar = Meaning(("erase",), step="beside", hides=True)
    erasure: Annotated[UUID, NOT_CHECKED, NOT_REACHED]
    words: Annotated[str, WRITTEN]


EVENTS = (
    CaseOpened,
    ReferralReceived,
    ThresholdAssessed1,
    ThresholdAssessed,
    RatingReopened,
    ExitReopened,
    WorkerAllocated,
    AllocationReasoned,
    EngagementRecorded,
    MissingReported,
    MissingGraded,
    MissingFound,
    ReturnInterviewRecorded,
    WithholdingWeighed,
    CaseFlagged,
    ExitAssessed,
    CaseClosed,
    CaseReopened,
    CaseRedacted,
)


class Case(Struct, frozen=True):
    """The state of one child's case.

    - `rated`: the last rating other than unknown; `times`: the start of each time that the child
      was missing, the newest last.
    - `returned`: a return interview is due, for the last return (at the time `back`) and, if
      `earlier`, for an earlier return too.
    - `declined`: the child declined the interview after the last return; `earlier_declined`: after
      an earlier return.
    - `withheld`: the child does not want some information passed on, and no decision about that was
      made yet.
    """

    child: UUID | None = None
    team: str = ""
    closed: bool = False
    missing: bool = False
    times: tuple[datetime, ...] = ()
    returned: bool = False
    back: datetime | None = None
    earlier: bool = False
    declined: bool = False
    earlier_declined: bool = False
    withheld: bool = False
    threshold: Threshold = "unknown"
    rated: Threshold = "unknown"
    workers: dict[AllocatedFor, str] = field(default_factory=dict)
    engagement: dict[AllocatedFor, Engagement] = field(default_factory=dict)


def evolve(state: Case, event: Event) -> Case:
    match event:
        case CaseOpened():
            return Case(child=event.child, team=event.team)
        case ThresholdAssessed():
            rated = event.level if event.level != "unknown" else state.rated
            return replace(state, threshold=event.level, rated=rated)
        case RatingReopened():
            return replace(state, threshold="medium", rated="medium")
        case WorkerAllocated():
            return replace(state, workers=state.workers | {event.allocated_for: event.worker})
        case EngagementRecorded():
            return replace(state, engagement=state.engagement | {event.who: event.engagement})
        case MissingReported():
            times = (*state.times, event.since) if event.since else state.times
            return replace(state, missing=True, times=times)
        case MissingFound():
            return replace(
                state,
                missing=False,
                returned=True,
                back=event.found,
                earlier=state.returned,
                declined=False,
                earlier_declined=state.declined or state.earlier_declined,
            )
        case ReturnInterviewRecorded():
            state = replace(state, withheld=state.withheld or needs_decision(event))
            if event.state == "offered":
                return state
            before, declined = is_for_earlier_return(event, state.back), event.state == "declined"
            return replace(
                state,
                returned=state.returned and before,
                earlier=False,
                declined=state.declined if before else declined,
                earlier_declined=declined if before else state.earlier_declined,
            )
        case WithholdingWeighed():
            return replace(state, withheld=False)
        case CaseClosed():
            return replace(state, closed=True)
        case CaseReopened():
            return replace(state, closed=False)
    return state


def require_case(state: Case) -> Case:
    if state.child is None:
        raise Refused("there is no case with this number or id")
    return state


def open_case(state: Case, child: UUID, team: str, reference: str | None) -> tuple[Event, ...]:
    if state.child is not None:
        raise Refused("this case is open already, so it cannot be opened again")
    return (CaseOpened(child, team, reference),)


def receive_referral(state: Case, referral: ReferralReceived) -> tuple[Event, ...]:
    """Record the referral of a child to the team. A referral to a closed case reopens it."""
    require_case(state)
    if state.closed:
        return (CaseReopened(reason="a new referral came in"), referral)
    return (referral,)


class AgeTold(Struct, frozen=True):
    """A statement about a child's age on a day: a date of birth, words, or that they are an
    adult."""

    on: date
    born: date | None = None
    words: str | None = None
    under_18: bool | None = None


def never_low(ages: Sequence[AgeTold], learning_disability: bool, day: date) -> str | None:
    """Return why a child may not be rated low on this day without a supervisor's override; None if
    nothing prevents it. If several ages are stated, the youngest counts. If neither an age nor
    adulthood is recorded, the child may not be rated low. (Sexual Offences Act 2003 ss.5-8; the
    risk assessment tool of Croydon) [verify]
    """
    born = {age.born for age in ages if age.born}
    births = set(born)
    for age in ages:
        stated_age = forms.age(age.words or "")
        # If a recorded date of birth agrees with the stated age, the date is used, because it is
        # more exact.
        if stated_age and not any(
            forms.age_on(birth, age.on) == stated_age.years for birth in born
        ):
            births.add(forms.latest_birth(stated_age, age.on))
    if any(forms.age_on(birth, day) < YOUNGEST for birth in births):
        return f"this child is under {YOUNGEST}"
    if learning_disability:
        return "this child has a learning disability"
    adult = any(age.under_18 is False for age in ages)
    if not births and not adult:
        return f"nobody knows that this child is {YOUNGEST} or older"
    return None


def lowers(state: Case, level: Threshold) -> bool:
    """Return whether the rating `level` is lower than the case's last rating other than "unknown".
    After the ratings high and then unknown, the rating low counts as lower, too.
    """
    return RATED[level] < RATED[state.rated]


def assess_threshold(
    state: Case,
    level: Threshold,
    definition: str,
    *,
    reason: str | None,
    override: str | None,
    never_low: str | None,
    agreed: bool = False,
) -> tuple[Event, ...]:
    """Rate the level of risk in a child's case: low, medium, high or unknown. `never_low` is the
    reason why this child may not be rated low, such as an age under 13 (Sexual Offences Act 2003
    ss.5-8) [verify]; a low rating then needs a supervisor's `override`. Raises Refused if the
    override is missing. Raises TakesTwo for a rating below the last one if no second person
    `agreed`.
    """
    require_case(state)
    if level == "low" and never_low and not (override or "").strip():
        raise Refused(
            f"{never_low}, so a low rating needs a supervisor's override with a reason",
            field="override",
        )
    if lowers(state, level) and not agreed:
        raise TakesTwo("a lower rating takes two people")
    return (ThresholdAssessed(level, definition, override, reason),)


def allocate(
    state: Case, worker: str, allocated_for: AllocatedFor, reason: str | None = None
) -> tuple[Event, ...]:
    """Allocate a worker to a child or to the parents. If the same worker supports both, the event
    says so. Raises Refused if there is no `reason` for parents who declined support.
    """
    require_case(state)
    if not worker.strip():
        raise Refused("say which worker takes the case", field="worker")
    other: AllocatedFor = "parents" if allocated_for == "child" else "child"
    both = state.workers.get(other) == worker
    if state.workers.get(allocated_for) == worker:
        return ()
    allocated = WorkerAllocated(worker, allocated_for, both)
    declined = allocated_for == "parents" and state.engagement.get("parents") == "declined"
    why = (reason or "").strip()
    if declined and not why:
        raise Refused(
            "the parents declined support: say why they still get a worker, or record "
            "first that they accept support now",
            field="reason",
        )
    return (allocated, AllocationReasoned(why)) if why else (allocated,)


def record_engagement(
    case: Case, who: AllocatedFor, state: Engagement, note: str | None
) -> tuple[Event, ...]:
    require_case(case)
    return (EngagementRecorded(who, state, note),)


def report_missing(state: Case, report: MissingReported) -> tuple[Event, ...]:
    """Record that a child is missing. Raises Refused if the child is already reported missing, and
    if a report by the carer also gives a reason why the carer did not report.
    """
    require_case(state)
    if state.missing:
        raise Refused("the child is reported missing already")
    if report.carer_reported and (report.unreported or report.unreported_words):
        raise Refused(
            "the carer reported the child missing, so there is no reason for a missed "
            "report: leave it out",
            field="unreported",
        )
    refuse_backwards(report.seen, report.since, "seen", "last seen after going missing")
    events: tuple[Event, ...] = (report,)
    if report.carer_reported is False:
        events += (CaseFlagged("unreported-missing", "missing", None),)
    return events


def refuse_backwards(
    first: datetime | None, later: datetime | None, field: str, wrong: str
) -> None:
    """Raise Refused if the time `first` is after the time `later`, with the message `wrong` for the
    form's field `field`. If one of the times is None, nothing is raised.
    """
    if first and later and first > later:
        raise Refused(f"{wrong}: correct one of the times", field=field)


def grade_missing(state: Case, graded: MissingGraded) -> tuple[Event, ...]:
    """Record a further grading of the risk to a missing child. Raises Refused if the child is not
    missing, and if no reason is given.
    """
    require_case(state)
    if not state.missing:
        raise Refused("the child is not reported missing")
    if not graded.reason.strip():
        raise Refused(
            "give the reason for this level of danger to the missing child", field="reason"
        )
    return (graded,)


def record_found(state: Case, event: MissingFound) -> tuple[Event, ...]:
    """Record that a missing child was located. Raises Refused if the child is not missing, and if
    the time is before the child went missing.
    """
    require_case(state)
    if not state.missing:
        raise Refused("the child is not reported missing")
    since = state.times[-1] if state.times else None
    refuse_backwards(since, event.found, "found", "found before going missing")
    return (event,)


def record_interview(state: Case, event: ReturnInterviewRecorded) -> tuple[Event, ...]:
    """Record a return interview as offered, held or declined (statutory guidance on children who
    run away or go missing from home or care, 2014 [verify]).

    Information that the child does not want passed on waits for a supervisor's decision. An
    interview is recorded but flagged if the interviewer was not independent, or if it is not
    recorded that the child was informed first. A child who declined an interview may agree to it
    later.

    Raises Refused if no interview is due after a return. Raises Refused also if the interview was
    before the last return; an interview after an earlier return is accepted while it is still due,
    or if the child had declined it.
    """
    require_case(state)
    if not interview_fits(state, event):
        raise Refused("no return interview is due for this child: record the child's return first")
    if (
        state.back
        and is_for_earlier_return(event, state.back)
        and not (state.earlier or is_held_after_declining(state, event))
    ):
        day = state.back.astimezone(LONDON).date()
        raise Refused(
            f"this return interview was before the child came back on {day:%d %B %Y}: correct "
            "its date",
            field="happened",
        )
    flags = []
    if event.state == "held" and event.independent is False:
        flags.append(CaseFlagged("other", "return interview", "not by somebody independent"))
    if event.state == "held" and not event.told_before:
        missing_statement = (
            "not recorded that the child was told beforehand what would be passed on"
        )
        flags.append(CaseFlagged("other", "return interview", missing_statement))
    return (event, *flags)


def interview_fits(state: Case, event: ReturnInterviewRecorded) -> bool:
    """Return True if a return interview may be recorded: the interview is due, or it was held after
    the child had at first declined it.
    """
    return state.returned or is_held_after_declining(state, event)


def is_held_after_declining(state: Case, event: ReturnInterviewRecorded) -> bool:
    """Return whether this return interview was held although the child had declined it."""
    declined = (
        state.earlier_declined if is_for_earlier_return(event, state.back) else state.declined
    )
    return declined and event.state == "held"


def is_for_earlier_return(event: ReturnInterviewRecorded, back: datetime | None) -> bool:
    """Return whether an interview was held, or declined, before the day of the child's last return
    (`back`; None if no return is recorded). Such an interview belongs to an earlier return, and the
    interview after the last return is still due.
    """
    if event.happened is None or back is None:
        return False
    return event.happened.astimezone(LONDON).date() < back.astimezone(LONDON).date()


def needs_decision(event: ReturnInterviewRecorded) -> bool:
    """Return whether a return interview records that the child asked to withhold information, and
    not yet how that was decided.
    """
    return bool((event.withhold or "").strip()) and not (event.weighed or "").strip()


def weigh(state: Case, weighed: WithholdingWeighed) -> tuple[Event, ...]:
    """Record the decision about all information that a child did not want passed on after going
    missing. Raises Refused if no such information waits for a decision, and if no reason is given.
    """
    require_case(state)
    if not state.withheld:
        raise Refused("no information that the child wants withheld waits for a decision")
    if not weighed.reason.strip():
        raise Refused("say why this information is passed on or withheld", field="reason")
    return (weighed,)


def flag(state: Case, code: QualityCode, field: str, words: str | None) -> tuple[Event, ...]:
    """Flag an inconsistency in the records of this case; the records stay unchanged."""
    require_case(state)
    if not field.strip():
        raise Refused("say what this flag on the case is about")
    return (CaseFlagged(code, field, words),)


def assess_exit(
    state: Case, outcome: Exit, reason: str, *, agreed: bool = False
) -> tuple[ExitAssessed]:
    """Record that a child has left harm's way. Raises TakesTwo unless a second person
    `agreed`.
    """
    require_case(state)
    if state.missing:
        raise Refused("the child is missing: record the return first")
    if not reason.strip():
        raise Refused(
            "give the reason of the exit: silence alone does not show that the child is safe",
            field="reason",
        )
    if not agreed:
        raise TakesTwo("recording an exit takes two people")
    return (ExitAssessed(outcome, reason),)


def require_closable(state: Case, reason: str) -> None:
    """Raise Refused if a child's case cannot be closed: because it is closed already, or because no
    reason is given.
    """
    require_case(state)
    if state.closed:
        raise Refused("this case is closed already")
    if not reason.strip():
        raise Refused("give the reason for closing the case", field="reason")


def close(
    state: Case,
    reason: str,
    *,
    proposed_by: str,
    open_items: int,
    senior: str | None = None,
    senior_reason: str | None = None,
) -> tuple[Event, ...]:
    """Close a child's case that another person proposed to close. While suspects, alerts,
    unassessed log entries or a missing child are open, a senior's reason is required.
    """
    require_closable(state, reason)
    if open_items and not (senior and (senior_reason or "").strip()):
        raise Refused(
            "this case has open matters: a supervisor or DCI has to give a reason for closing it"
        )
    return (CaseClosed(proposed_by, open_items, reason, senior, senior_reason),)
