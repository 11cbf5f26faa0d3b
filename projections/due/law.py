"""Deadlines that follow from two laws of 2026: requests for a victim's information, and the duty to
report abuse.
"""

from msgspec.structs import replace

from domain.justice.duty_to_report import DutyArose, ReportDelayed
from domain.justice.victim_request import (
    GIVES,
    InformationAsked,
    InformationDecided,
)
from domain.kernel.codes import Clock
from domain.kernel.envelope import Recorded
from projections.due.rows import CaseRow, begin, end, find_waiting, owned
from projections.kernel.batch import RowBatch

INFORMATION: Clock = "victim-information-request"
REPORT: Clock = "duty-to-report"


def begin_request_deadline(fact: Recorded, batch: RowBatch) -> None:
    """Begin the deadline for deciding whether to give the charity's information about a child to a
    person or authority that requested it. If the charity refuses, end the deadline.
    """
    match fact.event:
        case InformationAsked() as event:
            case = batch.get(CaseRow, event.case)
            since = min(event.received or fact.recorded, fact.recorded)
            team = case.team if case else None
            day = event.answer_by
            begin(batch, fact, fact.stream, INFORMATION, day, since=since, anybody=True, team=team)
            owned(batch, fact.stream, INFORMATION, case.worker if case else None)
        case InformationDecided() as event if event.decision not in GIVES:
            end(batch, fact.stream, INFORMATION)


def to_report(fact: Recorded, batch: RowBatch) -> None:
    """Begin the deadline to report abuse: it is due at once, or on the day until which a report may
    wait."""
    match fact.event:
        case DutyArose() as event:
            begin(batch, fact, fact.stream, REPORT, since=event.since)
        case ReportDelayed() as event:
            if row := find_waiting(batch, fact.stream, REPORT):
                batch.put(replace(row, due=event.until, ref=fact.ref))
