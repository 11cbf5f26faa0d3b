"""What led to this, and what became of it: causation in both directions.

A cause is what a person told (`because_of` in the envelope) or what the event itself rests on: a
report's observation, a link's report, an exhibit's first words. Nothing is inferred. A trail ends
where the reader sees no further, as if there were no more.
"""

from dataclasses import dataclass, replace
from datetime import datetime
from typing import ClassVar
from uuid import UUID

import sqlalchemy as sa

from access import scope, telling
from domain.corroboration import CorroborationJudged
from domain.envelope import Event, Recorded
from domain.erasure import ItemErased
from domain.evidence import EVENTS as EVIDENCE
from domain.evidence import EvidenceGathered
from domain.intelligence import (
    ItemGraded,
    ItemSanitised,
    ReportDisseminated,
    ReportOpened,
    ReportRedacted,
    ReportWithdrawn,
)
from domain.justice import EVENTS as JUSTICE
from domain.justice import ArrestMade, ChargeBrought, NoticeServed, ResultRecorded
from domain.link import LinkAsserted, LinkRetracted
from domain.observation import (
    ObservationAssessed,
    ObservationCorrected,
    ObservationRecorded,
    ObservationRedacted,
    ObservationRefiled,
    ObservationTaken,
    ObservationTriaged,
    ObservationWithdrawn,
    UrgencyLowered,
    UrgencyRaised,
)
from domain.referral import (
    CaseClosed,
    CaseOpened,
    CaseRedacted,
    CaseReopened,
    ExitAssessed,
    MissingFound,
    MissingReported,
    ReferralReceived,
    ThresholdAssessed,
    WorkerAllocated,
)
from domain.values import Reader, Stage
from projections.batch import Batch
from projections.schema import Db, View, causes, rows

#: What each event that is a step makes of the item; None stands outside the continuum.
STEPS: dict[type[Event], Stage | None] = {
    ObservationRecorded: "information",
    ObservationCorrected: "information",
    ObservationRefiled: "information",
    ObservationTaken: "information",
    UrgencyRaised: "information",
    UrgencyLowered: "information",
    ObservationTriaged: "information",
    ObservationWithdrawn: "information",
    ObservationRedacted: "information",
    ObservationAssessed: "intelligence",
    ReportOpened: "intelligence",
    ItemGraded: "intelligence",
    CorroborationJudged: "intelligence",
    ItemSanitised: "intelligence",
    ReportDisseminated: "intelligence",
    ReportWithdrawn: "intelligence",
    ReportRedacted: "intelligence",
    LinkRetracted: None,
    CaseOpened: None,
    ReferralReceived: None,
    ThresholdAssessed: None,
    WorkerAllocated: None,
    MissingReported: None,
    MissingFound: None,
    ExitAssessed: None,
    CaseClosed: None,
    CaseReopened: None,
    CaseRedacted: None,
    ItemErased: None,
    **dict.fromkeys(EVIDENCE, "evidence"),
    **dict.fromkeys(JUSTICE, None),
}


@rows("steps", key=("seq",), index=(("id",),))
@dataclass(frozen=True, slots=True)
class StepRow:
    """One event of an item. `occurred` is when it happened in the world, as claimed; `learned` is
    when the log took it in; `because_of` holds the items that led to it."""

    table: ClassVar[sa.Table]
    seq: int
    id: UUID
    ref: str
    event: str
    stage: Stage | None
    occurred: datetime | None
    learned: datetime
    by: str
    because_of: tuple[UUID, ...]
    opinion: bool = False


@rows("causes", key=("effect", "cause", "seq"), index=(("cause",),))
@dataclass(frozen=True, slots=True)
class CauseRow:
    """`cause` led to `effect`, says the event `ref`."""

    table: ClassVar[sa.Table]
    effect: UUID
    cause: UUID
    seq: int
    ref: str


def apply(fact: Recorded, batch: Batch) -> None:
    event = fact.event
    if isinstance(event, LinkAsserted):
        stage: Stage | None = event.stage
    elif type(event) in STEPS:
        stage = STEPS[type(event)]
    else:
        return
    led = tuple(dict.fromkeys((*causes(fact), *_rests_on(event))))
    batch.put(
        StepRow(
            fact.seq,
            fact.stream,
            fact.ref,
            event.stored.name,
            stage,
            _occurred(event),
            fact.recorded,
            fact.by,
            led,
            getattr(event, "opinion", None) == "opinion",
        )
    )
    for cause in led:
        if cause != fact.stream:
            batch.put(CauseRow(fact.stream, cause, fact.seq, fact.ref))


def _rests_on(event: Event) -> tuple[UUID, ...]:
    match event:
        case ItemGraded():
            return (event.observation,)
        case LinkAsserted():
            basis = (event.observation, event.report, event.exhibit)
            return tuple(one for one in basis if one)
        case EvidenceGathered() | CorroborationJudged():
            return event.observations
    return ()


def _occurred(event: Event) -> datetime | None:
    match event:
        case ObservationRecorded() | ObservationRedacted():
            return event.happened.start if event.happened else None
        case ReportOpened():
            return event.dated
        case LinkAsserted():
            return event.valid_from
        case ReferralReceived():
            return event.received
        case MissingReported():
            return event.since
        case MissingFound():
            return event.found
        case EvidenceGathered():
            return event.gathered
        case ArrestMade() | ChargeBrought() | NoticeServed() | ResultRecorded():
            return event.happened
    return None


VIEW = View("trail", (StepRow, CauseRow), apply)


# --- queries ------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Step:
    """One step of a trail: an event, what it made of the item, and the items that led to it."""

    id: UUID
    ref: str
    event: str
    stage: Stage | None
    occurred: datetime | None
    learned: datetime
    by: str
    because_of: tuple[UUID, ...]
    opinion: bool = False


@dataclass(frozen=True)
class Trail:
    """The steps of an item and of all that led to it, or followed from it, as they were learned."""

    id: UUID
    steps: tuple[Step, ...]


def back(db: Db, reader: Reader, item: UUID) -> Trail:
    """From an item back to the first words."""
    c = CauseRow.table.c
    return _trail(db, reader, item, c.effect, c.cause)


def forward(db: Db, reader: Reader, item: UUID) -> Trail:
    """From an item forward to what became of it."""
    c = CauseRow.table.c
    return _trail(db, reader, item, c.cause, c.effect)


def _trail(
    db: Db,
    reader: Reader,
    item: UUID,
    here: sa.ColumnElement[UUID],
    there: sa.ColumnElement[UUID],
) -> Trail:
    reached = scope.seen(db, reader, [item])
    frontier = sorted(reached)
    while frontier:
        found: set[UUID] = set()
        for some in _chunks(frontier):
            further = sa.select(there).where(here.in_(some), scope.sees(reader, there)).distinct()
            found |= set(db.execute(further).scalars())
        frontier = sorted(scope.seen(db, reader, found - reached))
        reached |= set(frontier)
    c = StepRow.table.c
    steps: list[tuple[int, Step]] = []
    for some in _chunks(sorted(reached)):
        select = sa.select(StepRow.table).where(c.id.in_(some))
        steps += [(row.seq, Step(*row[1:])) for row in db.execute(select)]
    told = _told(db, reader, [step for _, step in sorted(steps, key=lambda one: one[0])])
    return Trail(item, tuple(told))


def _told(db: Db, reader: Reader, steps: list[Step]) -> list[Step]:
    """The steps that the reader is told, each with those causes that they see."""
    if not reader.closed:
        return steps
    seen = scope.seen(db, reader, {cause for step in steps for cause in step.because_of})
    follows = telling.follow(db, reader, {step.id for step in steps})
    return [
        replace(step, because_of=tuple(cause for cause in step.because_of if cause in seen))
        for step in steps
        if step.event not in telling.INSIDE_NAMES or step.id in follows or step.by == reader.name
    ]


def _chunks(ids: list[UUID]) -> list[list[UUID]]:
    return [ids[start : start + 500] for start in range(0, len(ids), 500)]
