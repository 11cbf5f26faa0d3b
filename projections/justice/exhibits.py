"""Exhibits: items of evidence with their mark and case.

A mark such as AB1 should belong to only one exhibit in a case. If two exhibits have the same mark,
both are stored as they were labelled.
"""

from collections.abc import Collection
from datetime import datetime
from typing import ClassVar
from uuid import UUID

import sqlalchemy as sa
from msgspec import Struct
from msgspec.structs import replace

from access.who_may import scope
from domain import forms
from domain.data_protection.retention import (
    RestrictionChanged,
)
from domain.information.observation import (
    ObservationMoved,
    ObservationRecorded,
)
from domain.justice.evidence import EvidenceGathered
from domain.kernel.codes import EvidenceKind
from domain.kernel.envelope import Recorded
from domain.kernel.values import Reader
from projections.kernel.batch import RowBatch
from projections.kernel.database import Db
from projections.kernel.queries import is_one_of
from projections.kernel.schema import View, rows


@rows("exhibits", key=("item",), index=(("case", "normal"), ("words",)))
class ExhibitRow(Struct, frozen=True):
    """An item of evidence.

    `normal` is the exhibit mark in a normal form, which is the same for different spellings of the
    mark. `case` is the case for which the item was gathered or, if no case was named, the case of
    the log entry that led to the item (`words`).
    """

    table: ClassVar[sa.Table]
    item: UUID
    kind: EvidenceKind
    mark: str
    normal: str
    case: UUID | None
    words: UUID | None
    by: str
    known_from: datetime
    produced_by: str | None = None
    restricted: bool = False


@rows("exhibit_words", key=("words",))
class FiledRow(Struct, frozen=True):
    """The case under which a log entry is filed."""

    table: ClassVar[sa.Table]
    words: UUID
    case: UUID


def apply(fact: Recorded, batch: RowBatch) -> None:
    match fact.event:
        case ObservationRecorded() as event if event.case:
            batch.put(FiledRow(fact.stream, event.case))
        case ObservationMoved() as event:
            if event.case:
                batch.put(FiledRow(fact.stream, event.case))
            else:
                batch.drop(FiledRow, fact.stream)
            for exhibit in batch.having(ExhibitRow, words=fact.stream):
                batch.put(replace(exhibit, case=event.case))
        case EvidenceGathered() as event:
            found_rows = (batch.get(FiledRow, observation) for observation in event.observations)
            filed = [filed_row for filed_row in found_rows if filed_row]
            words = None if event.case else next(iter(event.observations), None)
            case = event.case or (filed[0].case if filed else None)
            normal = forms.name(event.mark).replace(" ", "")
            batch.put(
                ExhibitRow(
                    fact.stream,
                    event.kind,
                    event.mark,
                    normal,
                    case,
                    words,
                    fact.by,
                    fact.recorded,
                    event.produced_by,
                )
            )
        case RestrictionChanged() as event:
            if row := batch.get(ExhibitRow, event.item):
                batch.put(replace(row, restricted=event.placed))


VIEW = View("exhibits", (ExhibitRow, FiledRow), apply)


# --- queries ------------------------------------------------------------------------------------


def list_with_shared_mark(db: Db, reader: Reader) -> list[ExhibitRow]:
    """Return the items of evidence whose mark another item of the same case has, too; oldest
    first."""
    c = ExhibitRow.table.c
    several = sa.select(c.case, c.normal).where(c.case.is_not(None)).group_by(c.case, c.normal)
    borne = several.having(sa.func.count() > 1)
    return _fetch(db, reader, sa.tuple_(c.case, c.normal).in_(borne))


def like(db: Db, reader: Reader, items: Collection[UUID]) -> list[ExhibitRow]:
    """Return every item of evidence that has the same mark as one of these items in the same case,
    oldest first."""
    c = ExhibitRow.table.c
    ours = sa.select(c.case, c.normal).where(c.item.in_(sorted(items)), c.case.is_not(None))
    return _fetch(db, reader, sa.tuple_(c.case, c.normal).in_(ours))


def of_case(db: Db, reader: Reader, case: UUID) -> list[ExhibitRow]:
    """Return the items of evidence of a case, oldest first."""
    return _fetch(db, reader, ExhibitRow.table.c.case == case)


def of_cases(db: Db, reader: Reader, cases: Collection[UUID]) -> list[ExhibitRow]:
    """Return the items of evidence of these cases, oldest first in each."""
    return _fetch(db, reader, is_one_of(db, ExhibitRow.table.c.case, cases)) if cases else []


def _fetch(db: Db, reader: Reader, where: sa.ColumnElement[bool]) -> list[ExhibitRow]:
    c = ExhibitRow.table.c
    db_rows = scope.read(db, reader, c.item, [where, sa.not_(c.restricted)], (c.known_from, c.item))
    return [ExhibitRow(*row) for row in db_rows]
