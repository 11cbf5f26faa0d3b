"""Mentions: the people, things and places named in an observation, as confirmed by a person.

Names that only a program read in the text are suggestions, and are not in this view.
"""

from collections import defaultdict
from collections.abc import Collection
from datetime import datetime
from typing import ClassVar
from uuid import UUID

import sqlalchemy as sa
from msgspec import Struct

from access.who_may import scope
from domain.data_protection import erasure
from domain.information.observation import MentionConfirmed, ObservationWithdrawn
from domain.kernel.envelope import Recorded
from domain.kernel.values import Reader
from projections.kernel import worth
from projections.kernel.batch import RowBatch
from projections.kernel.database import Db
from projections.kernel.queries import select_each
from projections.kernel.schema import View, rows


@rows("mentions", key=("observation", "entity"), index=(("entity",),))
class MentionRow(Struct, frozen=True):
    """A confirmed mention: the user `by` confirmed that `observation` names `entity`."""

    table: ClassVar[sa.Table]
    observation: UUID
    entity: UUID
    by: str
    known_from: datetime


@rows("mentioned_together", key=("a", "b"), index=(("worth", "a", "b"),))
class TogetherRow(Struct, frozen=True):
    """Two entities that are named in the same observations, and the number of these observations
    (`words`). Pairs are sorted for review by `worth`, which is lower the more observations there
    are.
    """

    table: ClassVar[sa.Table]
    a: UUID
    b: UUID
    words: int
    worth: float


def apply(fact: Recorded, batch: RowBatch) -> None:
    match fact.event:
        case MentionConfirmed() as event:
            if not batch.get(MentionRow, fact.stream, event.entity):
                named = batch.having(MentionRow, observation=fact.stream)
                for row in named:
                    _count(batch, row.entity, event.entity, 1)
            batch.put(MentionRow(fact.stream, event.entity, fact.by, fact.recorded))
        case ObservationWithdrawn():
            _forget(batch, fact.stream)
        case event if erasure.is_destroyed(event):
            batch.drop_all(MentionRow, "entity", fact.stream)
            for column in ("a", "b"):
                batch.drop_all(TogetherRow, column, fact.stream)
            _forget(batch, fact.stream)


def _forget(batch: RowBatch, words: UUID) -> None:
    """Delete all mentions in this observation."""
    named = batch.having(MentionRow, observation=words)
    for number, row in enumerate(named):
        for other in named[number + 1 :]:
            _count(batch, row.entity, other.entity, -1)
    batch.drop_all(MentionRow, "observation", words)


def _count(batch: RowBatch, item: UUID, other: UUID, more: int) -> None:
    a, b = sorted((item, other))
    before = batch.get(TogetherRow, a, b)
    number = (before.words if before else 0) + more
    if number > 0:
        batch.put(TogetherRow(a, b, number, -round(1 - 0.5**number, 3)))
    elif before:
        batch.drop(TogetherRow, a, b)


VIEW = View("mentions", (MentionRow, TogetherRow), apply)


def list_named_together(
    db: Db, reader: Reader, after: TogetherRow | None = None, limit: int | None = None
) -> list[TogetherRow]:
    """Return pairs of entities that are named together in observations and that the reader sees,
    the most frequent pair first; with `after`, only the pairs that come after this pair. The
    frequency includes observations that the reader does not see; the function `words` returns those
    that the reader sees.
    """
    return worth.first(db, reader, TogetherRow, after, limit)


def words(db: Db, reader: Reader, entities: Collection[UUID]) -> dict[UUID, set[UUID]]:
    """Return for each of these entities the observations that name it and that the reader sees."""
    found_items: dict[UUID, set[UUID]] = defaultdict(set)
    c = MentionRow.table.c
    select = sa.select(c.entity, c.observation).where(scope.sees(reader, c.observation))
    for entity, observation in select_each(db, select, c.entity, entities):
        found_items[entity].add(observation)
    return found_items


def naming(db: Db, reader: Reader, entities: Collection[UUID]) -> list[UUID]:
    """Return the observations that the reader sees in which a person confirmed one of these
    entities."""
    c = MentionRow.table.c
    where = c.entity.in_(sorted(entities)), scope.sees(reader, c.observation)
    items = db.execute(sa.select(c.observation).where(*where).distinct()).scalars()
    return sorted(scope.checked(db, reader, items, lambda item: item))
