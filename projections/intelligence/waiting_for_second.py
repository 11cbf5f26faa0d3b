"""Proposals that wait for a second person, with their proposer, time and reason."""

from datetime import datetime
from typing import ClassVar
from uuid import UUID

import sqlalchemy as sa
from msgspec import Struct

from access.who_may import scope
from domain.kernel.codes import What
from domain.kernel.envelope import Recorded
from domain.kernel.values import Reader
from domain.people_and_teams.two_person import (
    SAID,
    ProposalDecided,
    ProposalMade,
    becomes,
    describe_matters,
)
from projections.kernel.batch import RowBatch
from projections.kernel.columns import Column
from projections.kernel.database import Db
from projections.kernel.schema import View, rows


@rows("proposals", key=("item", "what"))
class ProposalRow(Struct, frozen=True):
    """A proposal about a case, a person or a legal hold that waits for a second person. `choice` is
    the proposed value if several are possible: a rating, an exit, a result, the ground of a hold.
    `open` is the number of open matters in the case, and `matters` names them.
    """

    columns: ClassVar[tuple[Column, ...]] = (
        Column("item", "item", "id"),
        Column("said", "proposal"),
        Column("choice", "proposed outcome"),
        Column("by", "proposed by"),
        Column("since", "since", "moment"),
        Column("matters", "open matters"),
        Column("reason", "reason"),
    )
    order: ClassVar[tuple[str, ...]] = ("since", "item", "what")
    table: ClassVar[sa.Table]
    item: UUID
    what: What
    by: str
    reason: str
    choice: str | None
    open: int
    since: datetime
    ref: str
    matters: str = ""

    @property
    def said(self) -> str:
        """Return the proposal in words."""
        return SAID[self.what]


def apply(fact: Recorded, batch: RowBatch) -> None:
    match fact.event:
        case ProposalMade() as event:
            batch.put(
                ProposalRow(
                    event.item,
                    event.what,
                    event.by,
                    event.reason,
                    _choice(event),
                    len(event.open),
                    fact.recorded,
                    fact.ref,
                    describe_matters(event.open),
                )
            )
        case ProposalDecided() as event:
            batch.drop(ProposalRow, event.item, event.what)


def _choice(made: ProposalMade) -> str | None:
    event = becomes(made)
    names = ("level", "outcome", "kind", "ground", "category", "judgement")
    return next((str(getattr(event, name)) for name in names if hasattr(event, name)), None)


VIEW = View("proposals", (ProposalRow,), apply)


def list_proposals(db: Db, reader: Reader) -> list[ProposalRow]:
    """Return the proposals about items that the reader sees, oldest first."""
    c = ProposalRow.table.c
    seen = sa.or_(scope.sees(reader, c.item), scope.may_act_on(reader, "approve-erasure", c.item))
    select = sa.select(ProposalRow.table).where(seen).order_by(c.since, c.item, c.what)
    return [ProposalRow(*row) for row in db.execute(select)]


def of(db: Db, reader: Reader, item: UUID) -> list[ProposalRow]:
    """Return the proposals about this item, if the reader sees it."""
    return [row for row in list_proposals(db, reader) if row.item == item]
