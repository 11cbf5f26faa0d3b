"""Imported files: the data sets into which a team has already imported the same file."""

from typing import ClassVar
from uuid import UUID

import sqlalchemy as sa
from msgspec import Struct

from domain.kernel.envelope import Recorded
from domain.kernel.values import Reader
from domain.people_and_teams.store_admin import FileReceived
from projections.kernel.batch import RowBatch
from projections.kernel.database import Db
from projections.kernel.schema import View, rows

#: The data set of files for which an older release recorded none.
DEFAULT = "default"


@rows("received_files", key=("file",), index=(("sha256",),))
class FileRow(Struct, frozen=True):
    """A file that a team imported, once for each form and data set."""

    table: ClassVar[sa.Table]
    file: UUID
    team: str
    form: str
    sha256: str
    dataset: str


def apply(fact: Recorded, batch: RowBatch) -> None:
    match fact.event:
        case FileReceived() as event if not fact.erased:
            dataset = event.dataset or DEFAULT
            batch.put(FileRow(fact.stream, fact.team, event.form, event.sha256, dataset))


VIEW = View("received_files", (FileRow,), apply)


def datasets(db: Db, reader: Reader, sha256: str, form: str) -> list[str]:
    """Return the data sets into which the reader's own teams imported this file in this form."""
    c = FileRow.table.c
    select = sa.select(c.dataset).distinct().where(c.sha256 == sha256, c.form == form)
    if reader.closed:
        select = select.where(c.team.in_(sorted(reader.teams)))
    return list(db.scalars(select.order_by(c.dataset)))
