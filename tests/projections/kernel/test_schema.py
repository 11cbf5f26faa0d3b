"""The tables of the views have the right keys and indexes."""

from itertools import permutations
from typing import ClassVar

import pytest
import sqlalchemy as sa
from msgspec import Struct

from projections.all_views import VIEWS
from projections.kernel.schema import metadata, rows


def test_a_key_has_its_columns_in_the_declared_order() -> None:
    """The columns of a table's key have the declared order. The database sorts the rows by this
    key, so a look-up by its first column reads few rows.
    """

    @rows("of_a_test", key=("second", "first"))
    class OfATestRow(Struct, frozen=True):
        table: ClassVar[sa.Table]
        first: int
        second: int

    assert OfATestRow.table.primary_key.columns.keys() == ["second", "first"]
    metadata.remove(OfATestRow.table)


TABLES: list[sa.Table] = [row.table for view in VIEWS for row in view.rows]  # type: ignore[attr-defined]


@pytest.mark.parametrize("table", TABLES, ids=str)
def test_no_index_has_the_first_columns_of_another_index_or_of_the_key(table: sa.Table) -> None:
    """No index consists of the first columns of another index or of the key. A database would use
    the longer index for the same queries, so the shorter one would only make writing slower.
    """
    whole = [index for index in table.indexes if index.dialect_options["sqlite"]["where"] is None]
    columns = [index.columns.keys() for index in whole]
    pairs = permutations([*columns, table.primary_key.columns.keys()], 2)
    assert [shorter for shorter, longer in pairs if shorter == longer[: len(shorter)]] == []
