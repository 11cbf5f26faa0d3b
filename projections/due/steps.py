"""Escalation steps of deadlines that were not met, and acknowledgements."""

from datetime import datetime
from typing import ClassVar
from uuid import UUID

import sqlalchemy as sa
from msgspec import Struct
from msgspec.structs import replace

from domain.clocks import CLOCKS
from domain.information.observation import ObservationTaken
from domain.kernel.codes import Clock, Tier
from domain.kernel.envelope import Recorded
from domain.kernel.values import Role
from domain.people_and_teams.notifying import (
    IN_HAND,
    SPACING,
    DueAcknowledged,
    DueBegan,
    DueEscalated,
)
from domain.people_and_teams.store_admin import StoreMade
from projections.due.rows import DueRow
from projections.kernel.batch import RowBatch
from projections.kernel.schema import rows


@rows("escalated", key=("id",), index=(("tier", "at"), ("at",)))
class EscalatedRow(Struct, frozen=True):
    """An escalation step that was taken; `due_id` is the id of the deadline, `id` the id of the
    command.
    """

    table: ClassVar[sa.Table]
    id: UUID
    due_id: UUID
    item: UUID
    clock: Clock
    tier: Tier
    role: Role
    step: int
    due: datetime
    at: datetime


@rows("due_begun", key=("clock",))
class BegunRow(Struct, frozen=True):
    """A type of deadline, and the time since when this store has it."""

    table: ClassVar[sa.Table]
    clock: str
    at: datetime


def began(fact: Recorded, batch: RowBatch) -> None:
    """Store since when this store has each type of deadline: from its beginning, or from a later
    release on.
    """
    if isinstance(fact.event, StoreMade | DueBegan):
        for clock in fact.event.clocks:
            batch.put(BegunRow(clock, fact.recorded))


def _escalating(row: DueRow) -> DueRow:
    """Return the deadline's row with the time of its next escalation step."""
    rule = CLOCKS[row.clock]
    if rule.tier != "danger" and row.step > len(rule.chain):
        return replace(row, escalates=None)
    after = row.stepped + SPACING[rule.tier] if row.stepped else row.due
    return replace(row, escalates=max(after, row.in_hand) if row.in_hand else after)


def row_for_others(row: DueRow) -> DueRow:
    """Return the deadline's row for other people, who have to meet it now: without the
    acknowledgements of the people who had to meet it before.
    """
    return _escalating(replace(row, in_hand=None, had=()))


def stepped(fact: Recorded, batch: RowBatch, kind: type[DueRow]) -> None:
    """Store an escalation step or an acknowledgement."""
    match fact.event:
        case DueEscalated() as event:
            if kind is DueRow:
                _went_on(fact, batch, event)
            row = batch.get(kind, event.of)
            if row and row.due == event.due and not row.ended:
                taken = replace(row, step=event.step + 1, stepped=fact.recorded)
                batch.put(_escalating(taken))
        case DueAcknowledged() as event:
            if row := batch.get(kind, event.of):
                _in_hand(batch, fact, row)
        case ObservationTaken():
            for row in batch.having(kind, item=fact.stream):
                _in_hand(batch, fact, row)


def _went_on(fact: Recorded, batch: RowBatch, step: DueEscalated) -> None:
    """Store an escalation step."""
    clock = next((candidate for candidate in CLOCKS if candidate == step.clock), None)
    if clock is None:
        return
    batch.put(
        EscalatedRow(
            fact.command_id,
            step.of,
            step.item,
            clock,
            CLOCKS[clock].tier,
            step.role,
            step.step,
            step.due,
            fact.recorded,
        )
    )


def _in_hand(batch: RowBatch, fact: Recorded, row: DueRow) -> None:
    """Store that a person acknowledged an urgent deadline, so that it does not escalate for a
    while. A second acknowledgement by the same person has no effect.
    """
    rings = CLOCKS[row.clock].tier == "danger" and not row.ended
    if rings and fact.by not in row.had:
        had = replace(row, in_hand=fact.recorded + IN_HAND, had=(*row.had, fact.by))
        batch.put(_escalating(had))
