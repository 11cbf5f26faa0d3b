"""What follows: arrest, charge, notice, result. Each is a stream of its own.

What caused it stands in the envelope's `because_of`, as a person told it; "none-known" is said,
never assumed.
"""

from calendar import isleap
from dataclasses import dataclass
from datetime import date, datetime
from typing import ClassVar, Literal
from uuid import UUID

from domain.envelope import Event, Stored
from domain.values import Refused

ResultKind = Literal[
    "convicted",
    "acquitted",
    "sentenced",
    "nfa-insufficient-evidence",
    "nfa-other",
    "not-prosecuted-best-interests",
    "registered-sex-offender",
]
NoticeBasis = Literal["s2-caa-1984", "s49-ca-1989"]


class ArrestMade(Event, frozen=True):
    """Somebody was arrested."""

    stored: ClassVar = Stored("justice.arrest_made", "evidence", "subject", ("offence", "note"))
    person: UUID
    case: UUID | None = None
    happened: datetime | None = None
    offence: str | None = None
    note: str | None = None


class ChargeBrought(Event, frozen=True):
    """Somebody was charged."""

    stored: ClassVar = Stored("justice.charge_brought", "evidence", "subject", ("offence", "note"))
    person: UUID
    case: UUID | None = None
    happened: datetime | None = None
    offence: str | None = None
    note: str | None = None


class NoticeServed(Event, frozen=True):
    """A child abduction warning notice; it needs no consent of the child. It ends on the child's
    16th birthday (s.2 Child Abduction Act 1984), or 18th in care (s.49 Children Act 1989)."""

    stored: ClassVar = Stored("justice.notice_served", "evidence", "subject", ("rationale", "note"))
    person: UUID
    child: UUID
    basis: NoticeBasis
    case: UUID | None = None
    happened: datetime | None = None
    expires: date | None = None
    recipient_under_18: bool | None = None
    rationale: str | None = None
    note: str | None = None


class ResultRecorded(Event, frozen=True):
    """What a court or a decision not to prosecute came to. `sentence_months` is None where the
    sentence is not known: not known is never zero."""

    stored: ClassVar = Stored(
        "justice.result_recorded",
        "evidence",
        "subject",
        ("rationale", "parents_view", "childs_view", "decided_by", "note"),
    )
    kind: ResultKind
    person: UUID | None = None
    case: UUID | None = None
    happened: datetime | None = None
    sentence_months: int | None = None
    suspended: bool = False
    review_due: date | None = None
    rationale: str | None = None
    parents_view: str | None = None
    childs_view: str | None = None
    decided_by: tuple[str, ...] = ()
    note: str | None = None


EVENTS = (ArrestMade, ChargeBrought, NoticeServed, ResultRecorded)
Outcome = ArrestMade | ChargeBrought | NoticeServed | ResultRecorded


@dataclass(frozen=True)
class Proceeding:
    """The one thing that happened in this stream."""

    happened: Outcome | None = None


def evolve(state: Proceeding, event: Event) -> Proceeding:
    match event:
        case ArrestMade() | ChargeBrought() | NoticeServed() | ResultRecorded():
            return Proceeding(event)
    return state


def record(outcome: Outcome, because_of: tuple[str, ...]) -> tuple[Event, ...]:
    """Record what followed. Raises Refused where the cause is neither named nor said to be
    unknown, where a notice to a young recipient lacks a supervisor's rationale, or where a
    decision not to prosecute lacks its reasons and the family's views."""
    if not because_of:
        raise Refused("say what led to it; where nothing is known to have, say: none-known")
    match outcome:
        case NoticeServed() if outcome.recipient_under_18 and not outcome.rationale:
            raise Refused("a notice to somebody under 18 needs a supervisor's rationale")
        case ResultRecorded(kind="not-prosecuted-best-interests"):
            missing = [
                word
                for word, value in (
                    ("its rationale", outcome.rationale),
                    ("the parents' view", outcome.parents_view),
                    ("the child's view, or why it is not recorded", outcome.childs_view),
                    ("who decided", outcome.decided_by),
                )
                if not value
            ]
            if missing:
                raise Refused("a decision not to prosecute needs " + ", ".join(missing))
    return (outcome,)


def notice_ends(born: date, basis: NoticeBasis) -> date:
    """The last day of a notice: the child's 16th birthday, or the 18th in care. A child born on
    29 February has it on 1 March where the year has no such day."""
    year = born.year + (16 if basis == "s2-caa-1984" else 18)
    leap = (born.month, born.day) == (2, 29)
    return date(year, 3, 1) if leap and not isleap(year) else born.replace(year=year)
