"""Complaints about the use of data: acknowledgement, steps and outcome."""

from datetime import date, datetime
from typing import ClassVar
from uuid import UUID

import sqlalchemy as sa
from msgspec import Struct
from msgspec.structs import replace

from access.who_may import scope
from access.who_may.decide import answers_for, decide
from domain.data_protection import complaint
from domain.data_protection.complaint import (
    ComplaintAcknowledged,
    ComplaintOutcomeTold,
    ComplaintReceived,
    ComplaintStepTaken,
)
from domain.kernel.codes import ComplaintOutcome
from domain.kernel.envelope import Recorded
from domain.kernel.values import Reader
from projections.kernel.batch import RowBatch
from projections.kernel.columns import Column
from projections.kernel.database import Db
from projections.kernel.event_rows import row_of
from projections.kernel.schema import View, rows


@rows("complaints", key=("id",))
class ComplaintRow(Struct, frozen=True):
    """A complaint: its state, its `steps` in order, and the `controller` who has to answer it."""

    columns: ClassVar[tuple[Column, ...]] = (
        Column("received", "received", "moment"),
        Column("complainant", "who"),
        Column("words", "complaint"),
        Column("controller", "controller"),
        Column("acknowledged", "acknowledged", "day"),
        Column("steps", "steps taken"),
        Column("outcome", "outcome"),
        Column("answer", "answer"),
        Column("told", "complainant told", "day"),
        Column("id", "id", "key"),
    )
    order: ClassVar[tuple[str, ...]] = ("received", "id")
    table: ClassVar[sa.Table]
    id: UUID
    received: datetime
    complainant: str
    words: str
    subject: UUID | None
    controller: str
    team: str
    by: str
    acknowledged: date | None = None
    steps: tuple[str, ...] = ()
    outcome: ComplaintOutcome | None = None
    answer: str | None = None
    told: date | None = None


def apply(fact: Recorded, batch: RowBatch) -> None:
    if not isinstance(fact.event, complaint.EVENTS):
        return
    row = batch.get(ComplaintRow, fact.stream)
    match fact.event:
        case ComplaintReceived() as event:
            batch.put(row_of(ComplaintRow, fact, controller=fact.controller, team=fact.team))
        case ComplaintAcknowledged() as event if row:
            batch.put(replace(row, acknowledged=event.on))
        case ComplaintStepTaken() as event if row:
            step = f"{event.words} (they were told)" if event.told else event.words
            batch.put(replace(row, steps=(*row.steps, step)))
        case ComplaintOutcomeTold() as event if row:
            outcome, answer = event.outcome, event.words
            batch.put(replace(row, outcome=outcome, answer=answer, told=event.on))


VIEW = View("complaints", (ComplaintRow,), apply, ("access",), when_queried=True)


def list_complaints(db: Db, reader: Reader, *, include_all: bool = False) -> list[ComplaintRow]:
    """Return the complaints that the reader has to answer, in the order of receipt; closed
    complaints only with `include_all`.

    These are complaints to the reader's own controller about people whom the reader sees or, if the
    complainant is not recorded here, complaints received by the reader's team.
    """
    if not any(decide(reader, act).allowed for act in ("disclose", "support")):
        return []
    c = ComplaintRow.table.c
    found_rows = [
        ComplaintRow(*row)
        for row in db.execute(sa.select(ComplaintRow.table).order_by(c.received, c.id))
    ]
    if reader.closed:
        found_rows = [row for row in found_rows if row.controller == answers_for(reader)]
        seen = scope.visible_items(db, reader, {row.subject for row in found_rows if row.subject})
        found_rows = [
            row
            for row in found_rows
            if (row.subject in seen if row.subject else row.team in reader.teams)
        ]
    return [row for row in found_rows if include_all or not row.told]
