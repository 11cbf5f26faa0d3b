"""Feedback to the sender of an observation: the observation's progress, in codes that reveal no
name, no grade and no other source.

Reports, links, exhibits and outcomes count as progress if they name the observation, or an item
that was itself made from the observation.
"""

from collections.abc import Iterable
from datetime import datetime
from typing import ClassVar, get_args
from uuid import UUID

import sqlalchemy as sa
from msgspec import Struct
from msgspec.structs import replace

from domain.families.referral import ReferralReceived
from domain.information.observation import (
    NoValueAudited,
    ObservationRecorded,
    ObservationTaken,
    ObservationTriaged,
    ObservationWithdrawn,
    Outcome,
)
from domain.intelligence.intelligence_report import ItemGraded, ReportDisseminated
from domain.intelligence.link import LinkAsserted
from domain.justice import arrest_to_result as justice
from domain.justice.evidence import EvidenceGathered
from domain.kernel.codes import SentState
from domain.kernel.envelope import Recorded
from domain.kernel.values import Reader
from projections.kernel.batch import RowBatch
from projections.kernel.columns import Column
from projections.kernel.database import Db
from projections.kernel.schema import View, causes, rows

#: The states in their order: a later state replaces an earlier one.
FURTHER: tuple[SentState, ...] = get_args(SentState)
#: The words for each state. They reveal nothing about the content.
BECAME: dict[SentState, str] = {
    "received": "received; not taken yet",
    "taken": "taken by an assessor",
    "more-needed": "more information was requested",
    "assessed": "assessed",
    "referred": "led to a referral",
    "safeguarding": "passed to safeguarding",
    "no-value": "no action for now",
    "used-in-report": "used in a report",
    "led-to-evidence": "led to evidence",
    "led-to-police-action": "led to police action",
    "withdrawn": "withdrawn",
}
#: The state after each outcome of a triage decision. If the decision is made again, the newest
#: outcome decides the state.
DECIDED: dict[Outcome, SentState] = {
    "assess": "taken",
    "more-needed": "more-needed",
    "no-value": "no-value",
    "safeguard": "safeguarding",
    "refer": "referred",
}


@rows("feedback", key=("observation",), index=(("by",),))
class FeedbackRow(Struct, frozen=True):
    """The progress of an observation, for the worker who recorded it: its state, and since when."""

    table: ClassVar[sa.Table]
    observation: UUID
    by: str
    recorded: datetime
    state: SentState
    since: datetime


@rows("feedback_sources", key=("item", "source"))
class SourceRow(Struct, frozen=True):
    """An item, and the item from which it was made: an observation, or an item that was itself made
    from one.
    """

    table: ClassVar[sa.Table]
    item: UUID
    source: UUID


def apply(fact: Recorded, batch: RowBatch) -> None:
    item = fact.stream
    match fact.event:
        case ObservationRecorded():
            batch.put(FeedbackRow(item, fact.by, fact.recorded, "received", fact.recorded))
        case ObservationTaken():
            _reach(batch, fact, (item,), "taken")
        case ObservationTriaged() as event:
            _decide(batch, fact, DECIDED[event.outcome])
        case NoValueAudited(answer="assess"):
            _decide(batch, fact, "received")
        case ObservationWithdrawn():
            _reach(batch, fact, (item,), "withdrawn")
        case ItemGraded() as event:
            _goes_back(batch, item, (event.observation,))
            _reach(batch, fact, (event.observation,), "assessed")
        case LinkAsserted() as event:
            basis = (event.observation, event.report, event.exhibit)
            _goes_back(batch, item, (source for source in basis if source))
        case ReferralReceived() if fact.because_of:
            _reach(batch, fact, _observations(batch, causes(fact)), "referred")
        case ReportDisseminated():
            _reach(batch, fact, _observations(batch, (item,)), "used-in-report")
        case EvidenceGathered() as event:
            sources = (*event.observations, *causes(fact))
            _goes_back(batch, item, sources)
            _reach(batch, fact, _observations(batch, sources), "led-to-evidence")
        case event if isinstance(event, justice.Outcome):
            _goes_back(batch, item, causes(fact))
            _reach(batch, fact, _observations(batch, causes(fact)), "led-to-police-action")


def _goes_back(batch: RowBatch, item: UUID, sources: Iterable[UUID]) -> None:
    for source in sources:
        batch.put(SourceRow(item, source))


def _observations(batch: RowBatch, items: Iterable[UUID]) -> set[UUID]:
    """Return the observations from which these items were made, with all items in between."""
    reached: set[UUID] = set()
    following = set(items)
    while following:
        reached |= following
        found_rows = batch.among(SourceRow, "item", sorted(following))
        following = {row.source for row in found_rows} - reached
    return reached


def _reach(batch: RowBatch, fact: Recorded, items: Iterable[UUID], state: SentState) -> None:
    for item in items:
        row = batch.get(FeedbackRow, item)
        if row and FURTHER.index(state) > FURTHER.index(row.state):
            batch.put(replace(row, state=state, since=fact.recorded))


def _decide(batch: RowBatch, fact: Recorded, state: SentState) -> None:
    row = batch.get(FeedbackRow, fact.stream)
    if row and (row.state == "received" or row.state in DECIDED.values()):
        batch.put(replace(row, state=state, since=fact.recorded))


VIEW = View("feedback", (FeedbackRow, SourceRow), apply)


class Became(Struct, frozen=True):
    """The outcome of a log entry, for the worker who recorded the entry."""

    columns: ClassVar[tuple[Column, ...]] = (
        Column("id", "id", "id"),
        Column("recorded", "sent", "moment"),
        Column("became", "status"),
        Column("since", "since", "moment"),
    )
    order: ClassVar[tuple[str, ...]] = ("-recorded", "id")
    id: UUID
    recorded: datetime
    state: SentState
    since: datetime

    @property
    def became(self) -> str:
        """Return in words the state that the log entry has reached."""
        return BECAME[self.state]


def list_sent(
    db: Db, reader: Reader, worker: str, most: int | None = None, state: SentState | None = None
) -> list[Became]:
    """Return the observations that a worker sent, newest first: at most `most`; with `state`, only
    those in this state. On a store with accounts, readers get only their own observations.
    """
    if reader.closed and worker != reader.name:
        return []
    c = FeedbackRow.table.c
    select = (
        sa.select(c.observation, c.recorded, c.state, c.since)
        .where(c.by == worker, c.state == state if state else sa.true())
        .order_by(c.recorded.desc(), c.observation)
        .limit(most)
    )
    return [Became(*row) for row in db.execute(select)]
