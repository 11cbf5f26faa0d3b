"""Commands for missing children: grade the risk, decide about information that the child does not
want passed on, judge patterns, write trigger plans, and import rows of a list.
"""

from collections.abc import Sequence
from datetime import date, datetime
from typing import Unpack
from uuid import UUID

from msgspec import structs

from access.who_may.event_rules import require_for_event
from commands.families.referral import NEW, Flag, find_referred_child, recorded_case
from commands.families.same_child import OnEachCase, cases_of
from commands.kernel.item_references import ending, resolve_case
from commands.kernel.submission import Prepared
from commands.kernel.unit_of_work import Command, Desk, Receipt, act_on_named, facts
from domain.families import missing, referral
from domain.families.missing import Last, PatternJudged, PlanWritten
from domain.families.referral import (
    Case,
    CaseFlagged,
    MissingFound,
    MissingReported,
    ReturnInterviewRecorded,
)
from domain.kernel.codes import PatternJudgement
from domain.kernel.envelope import Event, Submission
from domain.kernel.values import Origin, Reader, Refused
from projections import missing as view
from projections.families import cases
from projections.missing.rows import PatternRow

#: Grade the risk to a missing child again.
grade = OnEachCase(lambda case, made: case.missing, referral.grade_missing)
#: Record a supervisor's decision about information that a child does not want to be passed on.
weigh = OnEachCase(lambda case, made: case.withheld, referral.weigh)


def write_plan(
    desk: Desk,
    reader: Reader,
    case: str,
    call: str,
    review: date,
    *,
    usual: str | None = None,
    tell: str | None = None,
    **command: Unpack[Command],
) -> Receipt:
    """Record a child's trigger plan, for when the child goes missing: whom to call, the usual
    places, and information for the call taker. Raises what `missing.write_plan` raises.
    """
    today = desk.today()

    def decided(_: Last) -> tuple[Event, ...]:
        found_item = resolve_case(desk, reader, case)
        return missing.write_plan(PlanWritten(found_item, review, call, usual, tell), today)

    return act_on_named(
        desk,
        reader,
        "missing.plan",
        case,
        lambda: missing.plan_stream(resolve_case(desk, reader, case)),
        Last(),
        missing.evolve,
        decided,
        [call, review, usual, tell],
        **command,
    )


def judge(
    desk: Desk,
    reader: Reader,
    pattern: str,
    judgement: PatternJudgement,
    reason: str,
    **command: Unpack[Command],
) -> Receipt:
    """Confirm or dismiss a pattern of missing episodes that the program detected. Raises Hidden if
    the reader may not see the pattern, and what `missing.judge` raises."""

    def find() -> PatternRow:
        with desk.deciding() as db:
            rows = view.pattern_named(db, reader, pattern)
        item = ending(pattern, (row.id for row in rows), "pattern")
        return next(row for row in rows if row.id == item)

    def decided(_: Last) -> tuple[Event, ...]:
        row = find()
        return missing.judge(PatternJudged(row.kind, row.case, judgement, reason, row.other))

    return act_on_named(
        desk,
        reader,
        "missing.judge",
        pattern,
        lambda: find().id,
        Last(),
        missing.evolve,
        decided,
        [judgement, reason],
        **command,
    )


def last_interview(desk: Desk, reader: Reader, case: str, command_id: UUID | None) -> str:
    """Return the reference of the last return interview with the child of this case, in this case
    or, if there is none, in another case of the child. A log entry with the child's words refers to
    the interview as its source. A repeated command gets the same reference again. Raises Refused if
    there was no interview.
    """
    made = desk.logs["evidence"].command(command_id) if command_id else None
    if made and made[0].because_of:
        return made[0].because_of[0]
    found_item = resolve_case(desk, reader, case)
    with desk.deciding() as db:
        its = cases_of(db, reader, found_item)
    for item in its:
        interviews = [
            fact.ref
            for fact in desk.logs["evidence"].history(item)
            if isinstance(fact.event, ReturnInterviewRecorded) and fact.event.state == "held"
        ]
        if interviews:
            return interviews[-1]
    raise Refused(
        "no return interview with this child is recorded as held: record the interview first "
        "(missing interview)"
    )


def prepare(
    desk: Desk,
    reader: Reader,
    *,
    command_id: UUID,
    since: datetime,
    report: MissingReported,
    reference: str | None = None,
    child: str | None = None,
    found: MissingFound | None = None,
    interview: ReturnInterviewRecorded | None = None,
    origin: Origin | None = None,
    flags: Sequence[Flag] = (),
) -> Prepared:
    """Prepare the events of one row of a list of missing children: a missing episode and its end.
    If the episode is already recorded without an end, only the end is added.

    Raises Refused if the row does not name exactly one case, if it adds nothing to a recorded
    episode, or if the child is recorded as missing now in another episode.
    """
    require_for_event(reader, "case.missing_reported")
    report = structs.replace(report, origin=origin)
    body = [since, report, reference, child, found, interview]
    digest = desk.digest("case.missing_row", body)
    # A repeated command is recognised here, before the case is looked up, because the case may no
    # longer exist.
    if desk.known_commands([command_id]):
        again = Submission(command_id, digest, ())
        return Prepared(NEW, {"evidence": again}, reader)
    case = _case(desk, reader, reference, child)
    state, version = desk.current_state(reader, case, Case(), referral.evolve)
    events: list[Event] = []

    def decided(new: tuple[Event, ...]) -> None:
        nonlocal state
        for event in new:
            state = referral.evolve(state, event)
            events.append(event)

    if since not in state.times:
        decided(referral.report_missing(state, report))
    elif not (state.missing and state.times[-1] == since and found):
        raise Refused("this missing episode is recorded already, and this row adds nothing to it")
    if found:
        decided(referral.record_found(state, found))
    if found and interview:
        decided(referral.record_interview(state, interview))
    events += [CaseFlagged(*flag) for flag in flags]
    submission = Submission(command_id, digest, facts(reader, case, version, events))
    desk.draft(submission)
    return Prepared(case, {"evidence": submission}, reader)


def _case(desk: Desk, reader: Reader, reference: str | None, child: str | None) -> UUID:
    """Return the case with this reference, or else the case of the child with this name."""
    if reference:
        with desk.deciding() as db:
            found_item = cases.by_reference(db, reader, reference)
        if found_item := found_item or recorded_case(desk, reader, reference):
            return found_item
        if not child:
            raise Refused(f"there is no case {reference!r}: refer the child first")
    if (found_item := find_referred_child(desk, reader, str(child))[0]) is None:
        raise Refused(f"there is no case of {child!r}: refer the child first")
    return found_item
