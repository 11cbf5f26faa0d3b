"""What a fact takes away, and how it is taken out of rows to which no fact is applied any more.

Rows that are only shown as they stood, while a view is made anew, must not go on showing what was
erased, restricted, filed elsewhere or withdrawn since: every row that names such an item goes, also
one that would only have changed. What is wanting then is right again in the next generation.
"""

import re
from collections.abc import Collection, Iterator, Sequence
from typing import Any
from uuid import UUID

import sqlalchemy as sa

from access.database import writing
from domain import erasure
from domain.envelope import Recorded
from domain.evidence import EvidenceWithdrawn
from domain.intelligence import ReportRedacted, ReportWithdrawn
from domain.link import LinkRetracted
from domain.observation import ObservationRedacted, ObservationRefiled, ObservationWithdrawn
from domain.referral import CaseRedacted
from domain.retention import RestrictionPlaced
from projections.schema import Definition, Packed, Told, View

_AT_ONCE = 500
_ID = re.compile(r"[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}")


def taken(fact: Recorded) -> UUID | None:
    """The item that is not to be shown any more as it stood before this fact; None for most."""
    match fact.event:
        case RestrictionPlaced(item=item):
            return item
        case (
            ObservationRedacted()
            | ObservationRefiled()
            | ObservationWithdrawn()
            | ReportRedacted()
            | ReportWithdrawn()
            | CaseRedacted()
            | EvidenceWithdrawn()
            | LinkRetracted()
        ):
            return fact.stream
        case event if isinstance(event, erasure.Told):
            return fact.stream
    return None


def strike(engine: sa.Engine, views: Sequence[View], items: Collection[UUID]) -> None:
    """Take every row of these views that names one of the items out of them, and write down that
    they have to be made again. Broken off and repeated it goes on."""
    if not items:
        return
    mark(engine, views)
    for view in views:
        for row in view.rows:
            table: sa.Table = row.table  # type: ignore[attr-defined]
            for named in _naming(engine, table, frozenset(items)):
                with writing(engine) as db:
                    db.execute(sa.delete(table).where(named))


def mark(engine: sa.Engine, views: Sequence[View]) -> None:
    """Write down that these views have to be made again."""
    c = Definition.table.c
    marked = sa.update(Definition.table).where(c.view.in_([view.name for view in views]))
    if sa.inspect(engine).has_table(Definition.table.name, schema=_schema(engine)):
        with writing(engine) as db:
            db.execute(marked.values(struck=True))


def _schema(engine: sa.Engine) -> str:
    return str(engine.get_execution_options()["schema_translate_map"][None])


def _naming(
    engine: sa.Engine, table: sa.Table, items: frozenset[UUID]
) -> Iterator[sa.ColumnElement[bool]]:
    """Conditions that together hold for each row that names one of the items: in a column for ids,
    or within a list or a text."""
    inspector = sa.inspect(engine)
    if not inspector.has_table(table.name, schema=_schema(engine)):
        return
    there = {one["name"] for one in inspector.get_columns(table.name, schema=_schema(engine))}
    columns = [column for column in table.columns if column.name in there]
    ids = [column for column in columns if isinstance(column.type, sa.Uuid)]
    some = sorted(items)
    for start in range(0, len(some), _AT_ONCE):
        for column in ids:
            yield column.in_(some[start : start + _AT_ONCE])
    keys = [column for column in table.primary_key if column.name in there]
    texts = [column for column in columns if isinstance(column.type, (Told, Packed))]
    if not texts or len(keys) < len(table.primary_key):
        return
    plain: list[Any] = [sa.type_coerce(column, sa.Text) for column in texts]
    select = sa.select(*keys, *plain)
    found = []
    with engine.connect() as db:
        for row in db.execute(select, execution_options={"yield_per": 1000}):
            told = " ".join(text for text in row[len(keys) :] if text)
            if any(UUID(one) in items for one in _ID.findall(told)):
                found.append(row[: len(keys)])
    for key in found:
        yield sa.and_(*(column == value for column, value in zip(keys, key, strict=True)))
