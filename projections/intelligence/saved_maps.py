"""Saved maps of the network ("charts"), and the notes on them.

A chart is visible to the readers of its team who see the person or thing at its centre. Of the
chart's fixed positions, hidden items and notes, a reader sees only those of items that the reader
sees.
"""

from datetime import datetime
from typing import ClassVar
from uuid import UUID

import msgspec
import sqlalchemy as sa
from msgspec import Struct
from msgspec.structs import replace

from access.who_may import scope
from domain.data_protection.erasure import ItemErased
from domain.data_protection.retention import (
    RestrictionChanged,
)
from domain.intelligence.saved_map import (
    Arranged,
    ChartNoted,
    ChartSaved,
    ChartWithdrawn,
    Shows,
    visible_layout,
)
from domain.kernel.decoding import decoder
from domain.kernel.envelope import Recorded
from domain.kernel.values import Reader
from projections.kernel.batch import RowBatch
from projections.kernel.columns import Column
from projections.kernel.database import Db
from projections.kernel.event_rows import row_of
from projections.kernel.restricted import restrict, restricted_rows
from projections.kernel.schema import View, rows


@rows("charts", key=("id",))
class ChartRow(Struct, frozen=True):
    """A chart as last saved. `shows` is the query of the map, as JSON."""

    table: ClassVar[sa.Table]
    id: UUID
    name: str
    focus: UUID | None
    shows: str
    also: tuple[UUID, ...]
    hidden: tuple[UUID, ...]
    opened: tuple[UUID, ...]
    pinned: tuple[UUID, ...]
    spots: tuple[tuple[float, float], ...]
    by: str
    saved: datetime


@rows("chart_notes", key=("id",), index=(("chart",),))
class NoteRow(Struct, frozen=True):
    """A note on a person, a thing or a link of a chart."""

    table: ClassVar[sa.Table]
    id: UUID
    chart: UUID
    of: UUID
    words: str
    by: str
    noted: datetime


#: The rows of restricted items, which no chart shows.
RestrictedRow = restricted_rows("charts_restricted")


def apply(fact: Recorded, batch: RowBatch) -> None:
    item = fact.stream
    match fact.event:
        case ChartSaved() as event if not fact.erased:
            shows = msgspec.json.encode(event.shows).decode()
            batch.put(row_of(ChartRow, fact, shows=shows, saved=fact.recorded))
        case ChartNoted() as event if not fact.erased:
            if event.words:
                batch.put(row_of(NoteRow, fact, noted=fact.recorded))
            else:
                batch.drop(NoteRow, item)
        case RestrictionChanged():
            restrict(fact, batch, RestrictedRow)
        case ChartWithdrawn() | ItemErased():
            batch.drop(ChartRow, item)
            batch.drop(NoteRow, item)
            batch.drop_all(NoteRow, "chart", item)


VIEW = View("charts", (ChartRow, NoteRow, RestrictedRow), apply)


# --- queries ------------------------------------------------------------------------------------


class Saved(Struct, frozen=True):
    """A saved chart, as a row of the list of charts."""

    columns: ClassVar[tuple[Column, ...]] = (
        Column("name", "name"),
        Column("by", "saved by"),
        Column("saved", "saved", "moment"),
        Column("id", "chart", "key"),
    )
    order: ClassVar[tuple[str, ...]] = ("name", "id")
    id: UUID
    name: str
    by: str
    saved: datetime


class OpenedMap(Struct, frozen=True):
    """A chart as this reader may open it: with the positions and notes of the items that the reader
    sees."""

    chart: ChartRow
    shows: Shows
    notes: tuple[NoteRow, ...]


def list_saved_maps(db: Db, reader: Reader) -> list[Saved]:
    """Return the charts that the reader may open, sorted by name."""
    c = ChartRow.table.c
    where = scope.sees(reader, c.id), *_open(c.id, c.focus)
    select = sa.select(c.id, c.name, c.by, c.saved).where(*where)
    maps = [Saved(*row) for row in db.execute(select.order_by(c.name, c.id))]
    return scope.checked(db, reader, maps, lambda row: row.id)


def opened(db: Db, reader: Reader, chart: UUID) -> OpenedMap | None:
    """Return a chart; None if there is none that the reader sees."""
    table, notes = ChartRow.table, NoteRow.table
    where = table.c.id == chart, scope.sees(reader, table.c.id), *_open(table.c.id, table.c.focus)
    found_row = db.execute(sa.select(table).where(*where)).first()
    if found_row is None or not scope.is_item_visible(db, reader, chart):
        return None
    row = ChartRow(*found_row)
    both = scope.sees(reader, notes.c.id), scope.sees(reader, notes.c.of)
    noted = notes.c.chart == chart, *both, *_open(notes.c.id, notes.c.of)
    select = sa.select(notes).where(*noted)
    note_rows = [NoteRow(*note) for note in db.execute(select.order_by(notes.c.noted, notes.c.of))]
    told_of = {item for note in note_rows for item in (note.id, note.of)}
    seen = scope.visible_items(db, reader, told_of)
    saved_map = replace(row, **visible_layout(row, placed(db, reader, row)))
    shows = decoder(Shows)(row.shows)
    return OpenedMap(
        saved_map, shows, tuple(note for note in note_rows if {note.id, note.of} <= seen)
    )


def placed(db: Db, reader: Reader, chart: Arranged) -> set[UUID]:
    """Return the items of the chart's arrangement that the reader sees."""
    named = {*chart.also, *chart.hidden, *chart.opened, *chart.pinned}
    closed = sa.select(RestrictedRow.table.c.item)
    return scope.visible_items(db, reader, named) - set(db.execute(closed).scalars())


def noted(db: Db, reader: Reader, chart: UUID, of: UUID) -> UUID | None:
    """Return the oldest note that the reader sees on this item (`of`) of this chart, or None."""
    c = NoteRow.table.c
    where = c.chart == chart, c.of == of, scope.sees(reader, c.id)
    ids = db.execute(sa.select(c.id).where(*where).order_by(c.noted)).scalars().all()
    return next(iter(scope.checked(db, reader, ids, lambda one: one)), None)


def _open(*named: sa.ColumnElement[UUID]) -> list[sa.ColumnElement[bool]]:
    """Return for each of these columns of item ids the SQL condition that the item in the column is
    not restricted, or the column is empty.
    """
    closed = sa.select(RestrictedRow.table.c.item)
    return [sa.or_(column.is_(None), column.not_in(closed)) for column in named]
