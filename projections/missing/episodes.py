"""Missing episodes, as recorded, with the result of the interview after each."""

from uuid import UUID

from msgspec.structs import replace

from domain.data_protection.retention import RestrictionChanged
from domain.families import referral
from domain.families.missing import (
    PatternJudged,
    PlanWritten,
    night,
    nights,
    place,
)
from domain.families.referral import (
    CaseOpened,
    CaseRedacted,
    MissingFound,
    MissingGraded,
    MissingReported,
    ReturnInterviewRecorded,
    WithholdingWeighed,
)
from domain.kernel.envelope import Recorded
from projections.kernel.batch import RowBatch
from projections.kernel.restricted import restrict
from projections.missing import patterns
from projections.missing.rows import ChildRow, EpisodeRow, PatternRow, PlanRow, RestrictedRow


def apply(fact: Recorded, batch: RowBatch) -> None:
    item = fact.stream
    match fact.event:
        case CaseOpened() as event:
            batch.put(ChildRow(item, event.child, event.team))
        case MissingReported() as event:
            _reported(fact, event, batch)
        case MissingGraded() as event:
            if now := _latest(batch, item):
                batch.put(replace(now, risk=event.risk))
        case MissingFound() as event:
            _end_episode(fact, event, batch)
        case ReturnInterviewRecorded() as event:
            _interviewed(fact, event, batch)
        case WithholdingWeighed() as event:
            why = None if fact.erased else event.reason
            for row in batch.having(EpisodeRow, case=item, withheld=True):
                batch.put(replace(row, withheld=False, weighed=event.decision, weighed_why=why))
        case CaseRedacted():
            _redacted(item, batch)
        case PatternJudged() as event:
            if pattern := batch.get(PatternRow, item):
                why = None if fact.erased else event.reason
                batch.put(
                    replace(
                        pattern,
                        state=event.judgement,
                        by=fact.by,
                        judged=fact.recorded,
                        reason=why,
                    )
                )
        case PlanWritten() as event if not fact.erased:
            told_of = (event.call, event.usual, event.tell, event.review)
            batch.put(PlanRow(event.case, *told_of, fact.by, fact.recorded))
        case RestrictionChanged():
            restrict(fact, batch, RestrictedRow)


def _redacted(case: UUID, batch: RowBatch) -> None:
    """Remove all free text of this case's episodes, because it was redacted."""
    for row in batch.having(EpisodeRow, case=case):
        batch.put(
            replace(
                row,
                unreported_words=None,
                seen_where=None,
                seen_with=None,
                note=None,
                found_where=None,
                place=None,
                company=None,
                finder=None,
                interview_by=None,
                withhold=None,
                weighed_why=None,
            )
        )
    for pattern in batch.either(PatternRow, [case], ("case", "other"), kind="same-place"):
        batch.drop(PatternRow, pattern.id)


def _latest(batch: RowBatch, case: UUID) -> EpisodeRow | None:
    child = batch.get(ChildRow, case)
    return batch.get(EpisodeRow, case, child.episodes) if child else None


def _interviewed(fact: Recorded, event: ReturnInterviewRecorded, batch: RowBatch) -> None:
    """Store the result of an interview in the last episode that ended before the interview."""
    back = _latest(batch, fact.stream)
    while back and (back.until is None or referral.is_for_earlier_return(event, back.until)):
        back = batch.get(EpisodeRow, back.case, back.number - 1)
    if back is None:
        return
    needs_decision = referral.needs_decision(event) and not fact.erased
    batch.put(
        replace(
            back,
            interview=event.state,
            interview_ref=fact.ref,
            interview_by=None if fact.erased else event.by,
            withhold=event.withhold if needs_decision else back.withhold,
            withheld=needs_decision or back.withheld,
        )
    )


def _reported(fact: Recorded, event: MissingReported, batch: RowBatch) -> None:
    child = batch.get(ChildRow, fact.stream)
    if child is None:
        return
    child = replace(child, episodes=child.episodes + 1)
    batch.put(child)
    since = event.since or fact.recorded
    row = EpisodeRow(
        child.case,
        child.episodes,
        child.child,
        child.team,
        fact.ref,
        fact.recorded,
        since,
        night(since),
        fact.by,
        event.carer_reported,
        event.unreported,
        risk=event.risk,
        seen=event.seen,
    )
    if not fact.erased:
        row = replace(
            row,
            unreported_words=event.unreported_words,
            seen_where=event.seen_where,
            seen_with=event.seen_with,
            note=event.note,
        )
    batch.put(row)
    patterns.repeats(fact, batch, row)


def _end_episode(fact: Recorded, event: MissingFound, batch: RowBatch) -> None:
    row = _latest(batch, fact.stream)
    if row is None:
        return
    until = event.found or fact.recorded
    many = nights(row.since, until)
    row = replace(row, until=until, nights=many, last=row.first + many)
    if not fact.erased:
        row = replace(
            row,
            found_where=event.where,
            place=place(event.where),
            company=event.company,
            finder=event.finder,
        )
    batch.put(row)
    patterns.repeats(fact, batch, row)
    patterns.pairs(fact, batch, row)
