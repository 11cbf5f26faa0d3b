"""The view of erasures: which are proposed, approved, refused and certified, by whom and when."""

from datetime import datetime
from typing import Any, ClassVar
from uuid import UUID

import sqlalchemy as sa
from msgspec import Struct
from msgspec.structs import replace

from access.who_may.decide import Thing, decide
from domain.data_protection.erasure import (
    Basis,
    ErasureApproved,
    ErasureCertified,
    ErasureProposed,
    ErasureRefused,
)
from domain.kernel.envelope import Recorded
from domain.kernel.values import Reader
from projections.kernel.batch import RowBatch
from projections.kernel.database import Db
from projections.kernel.schema import View, rows


@rows("erasures", key=("erasure",))
class ErasureRow(Struct, frozen=True):
    """An erasure: its state, and who proposed, approved, refused or certified it."""

    table: ClassVar[sa.Table]
    erasure: UUID
    seq: int
    basis: Basis
    subjects: int
    proposed: datetime
    proposed_by: str
    team: str
    state: str = "proposed"
    decided: datetime | None = None
    decided_by: str | None = None
    certified: datetime | None = None


def apply(fact: Recorded, batch: RowBatch) -> None:
    at = fact.recorded
    match fact.event:
        case ErasureProposed() as event:
            fields = (event.basis, len(event.subjects), at, fact.by, fact.team)
            batch.put(ErasureRow(fact.stream, fact.seq, *fields))
        case ErasureApproved() as event:
            _change(batch, event.erasure, state="approved", decided=at, decided_by=fact.by)
        case ErasureRefused():
            _change(batch, fact.stream, state="refused", decided=at, decided_by=fact.by)
        case ErasureCertified():
            _change(batch, fact.stream, state="certified", certified=at)


def _change(batch: RowBatch, erasure: UUID, **changes: Any) -> None:
    if row := batch.get(ErasureRow, erasure):
        batch.put(replace(row, **changes))


VIEW = View("erasures", (ErasureRow,), apply)


def list_erasures(db: Db, reader: Reader, *, carried_out: bool = False) -> list[ErasureRow]:
    """Return erasures, oldest first. A reader who approves erasures gets all of them; other readers
    get those that their team proposed. With `carried_out`, return only approved erasures.
    """
    c = ErasureRow.table.c
    where = [c.state.in_(("approved", "certified"))] if carried_out else []
    select = sa.select(ErasureRow.table).where(*where).order_by(c.seq)
    found_rows = [ErasureRow(*row) for row in db.execute(select)]
    if not reader.closed:
        return found_rows
    seen = [row for row in found_rows if _concerns(reader, row)]
    return [replace(row, seq=number) for number, row in enumerate(seen, start=1)]


def _concerns(reader: Reader, row: ErasureRow) -> bool:
    target = Thing("report", row.erasure, row.team, row.proposed_by)
    return any(decide(reader, act, target).allowed for act in ("erase", "approve-erasure"))


def find(db: Db, reader: Reader, text: str) -> list[UUID]:
    """Return the erasures whose id is, or ends with, this text."""
    wanted = text.strip().lower().replace("-", "")
    return [row.erasure for row in list_erasures(db, reader) if row.erasure.hex.endswith(wanted)]
