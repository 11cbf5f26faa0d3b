"""The view of publications about a child, and of texts that were checked for the press."""

from datetime import datetime
from typing import ClassVar
from uuid import UUID

import sqlalchemy as sa
from msgspec import Struct
from msgspec.structs import replace

from access.who_may import scope
from domain.families.publication import PressChecked, PublicationAnswered, PublicationNoted
from domain.kernel.codes import MediaDone, MediaKind
from domain.kernel.envelope import Recorded
from domain.kernel.values import Reader
from projections.kernel.batch import RowBatch
from projections.kernel.columns import Column
from projections.kernel.database import Db
from projections.kernel.event_rows import row_of
from projections.kernel.schema import View, rows


@rows("publications", key=("id",), index=(("case",),))
class PublicationRow(Struct, frozen=True):
    """A past or planned publication about a child: whether it identifies the child, and the answer
    to it."""

    columns: ClassVar[tuple[Column, ...]] = (
        Column("happened", "published", "moment"),
        Column("kind", "kind"),
        Column("words", "place and content"),
        Column("identifies", "identifies the child", "mark"),
        Column("did", "response"),
        Column("answer", "details of the response"),
        Column("by", "recorded by"),
        Column("id", "id", "key"),
    )
    order: ClassVar[tuple[str, ...]] = ("happened", "id")
    table: ClassVar[sa.Table]
    id: UUID
    case: UUID
    kind: MediaKind
    identifies: bool
    words: str
    happened: datetime
    by: str
    did: MediaDone | None = None
    answer: str | None = None


@rows("press_texts", key=("id",), index=(("case",),))
class PressRow(Struct, frozen=True):
    """A text for the press that was checked and may be published in this wording."""

    columns: ClassVar[tuple[Column, ...]] = (
        Column("recorded", "checked", "moment"),
        Column("outlet", "outlet"),
        Column("words", "text"),
        Column("by", "checked by"),
    )
    order: ClassVar[tuple[str, ...]] = ("recorded", "id")
    table: ClassVar[sa.Table]
    id: UUID
    case: UUID
    outlet: str
    words: str
    by: str
    recorded: datetime


def apply(fact: Recorded, batch: RowBatch) -> None:
    item, at = fact.stream, fact.recorded
    match fact.event:
        case PublicationNoted() as noted:
            batch.put(row_of(PublicationRow, fact, happened=noted.happened or at))
        case PublicationAnswered() as answered:
            if row := batch.get(PublicationRow, item):
                batch.put(replace(row, did=answered.did, answer=answered.words))
        case PressChecked():
            batch.put(row_of(PressRow, fact))


VIEW = View("publications", (PublicationRow, PressRow), apply)


def published(db: Db, reader: Reader, case: UUID) -> list[PublicationRow]:
    """Return the publications about a child, for the child's worker, in the order in which they
    appeared."""
    c = PublicationRow.table.c
    db_rows = scope.read(db, reader, c.id, [c.case == case, scope.in_use(c.id)], (c.happened, c.id))
    return [PublicationRow(*row) for row in db_rows]


def texts(db: Db, reader: Reader, case: UUID) -> list[PressRow]:
    """Return the texts about a case that may be published, in the order in which they were
    checked."""
    c = PressRow.table.c
    db_rows = scope.read(db, reader, c.id, [c.case == case, scope.in_use(c.id)], (c.recorded, c.id))
    return [PressRow(*row) for row in db_rows]
