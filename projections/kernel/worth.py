"""Queries for pairs of items that are stored in the order in which people should review them."""

from collections.abc import Iterable
from operator import attrgetter
from typing import Any, Protocol, TypeVar
from uuid import UUID

import sqlalchemy as sa

from access.who_may import scope
from domain.kernel.values import Reader
from projections.kernel.database import Db
from projections.kernel.queries import place_of
from projections.kernel.schema import Row


class RankedPair(Row, Protocol):
    """A pair of items for review. `worth` is a negative number, so that the pairs that matter most
    come first.
    """

    @property
    def a(self) -> UUID: ...
    @property
    def b(self) -> UUID: ...
    @property
    def worth(self) -> float: ...


P = TypeVar("P", bound=RankedPair)


def first(
    db: Db,
    reader: Reader,
    row: type[P],
    after: P | None,
    limit: int | None,
    where: Iterable[sa.ColumnElement[bool]] = (),
) -> list[P]:
    """Return pairs of which the reader sees both items, in the order of review (by `worth`, then by
    id); with `after`, only the pairs after this pair.
    """
    c = row.table.c
    place: list[Any] = [c.worth, c.a, c.b]
    conditions = [*where, *(scope.sees(reader, end, singly=True) for end in (c.a, c.b))]
    if after:
        values = after.worth, after.a, after.b
        conditions.append(sa.tuple_(*place) > place_of(place, values))
    select = sa.select(row.table).where(*conditions).order_by(*place).limit(limit)
    rows = [row(*db_row) for db_row in db.execute(select)]
    for end in ("a", "b"):
        rows = scope.checked(db, reader, rows, attrgetter(end))
    return rows
