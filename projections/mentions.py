"""Which entities did a person confirm in which words?

Only confirmed mentions: what the machine read stays a suggestion and ties nobody to anything.
"""

from collections import defaultdict
from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime
from typing import ClassVar
from uuid import UUID

import sqlalchemy as sa

from access import scope
from domain import erasure
from domain.envelope import Recorded
from domain.erasure import ItemErased
from domain.observation import MentionConfirmed, ObservationWithdrawn
from domain.values import Reader
from projections.batch import Batch
from projections.schema import Db, View, rows


@rows("mentions", key=("observation", "entity"), index=(("entity",),))
@dataclass(frozen=True)
class MentionRow:
    """`entity` is named in `observation`, says `by`."""

    table: ClassVar[sa.Table]
    observation: UUID
    entity: UUID
    by: str
    known_from: datetime


def apply(fact: Recorded, batch: Batch) -> None:
    match fact.event:
        case MentionConfirmed() as event:
            batch.put(MentionRow(fact.stream, event.entity, fact.by, fact.recorded))
        case ObservationWithdrawn():
            batch.drop_all(MentionRow, "observation", fact.stream)
        case ItemErased() as event if erasure.gone(event):
            batch.drop_all(MentionRow, "entity", fact.stream)


VIEW = View("mentions", (MentionRow,), apply)


def named_together(db: Db, reader: Reader) -> dict[tuple[UUID, UUID], list[UUID]]:
    """Every pair of entities confirmed in the same words, with those observations: what the reader
    sees of both."""
    words: dict[UUID, list[UUID]] = defaultdict(list)
    table = MentionRow.table
    both = scope.sees(reader, table.c.observation), scope.sees(reader, table.c.entity)
    order = table.c.observation, table.c.entity
    for row in db.execute(sa.select(table).where(*both).order_by(*order)):
        words[row.observation].append(row.entity)
    pairs: dict[tuple[UUID, UUID], list[UUID]] = defaultdict(list)
    for observation, named in words.items():
        for position, one in enumerate(named):
            for other in named[position + 1 :]:
                pairs[one, other].append(observation)
    return dict(pairs)


def naming(db: Db, reader: Reader, entities: Collection[UUID]) -> list[UUID]:
    """The observations that the reader sees in which a person confirmed any of these entities."""
    c = MentionRow.table.c
    where = c.entity.in_(sorted(entities)), scope.sees(reader, c.observation)
    found = db.execute(sa.select(c.observation).where(*where).distinct()).scalars()
    return sorted(scope.checked(db, reader, found, lambda one: one))
