"""The tables of the views have the right keys and indexes."""

from itertools import permutations
from typing import ClassVar

import pytest
import sqlalchemy as sa
from msgspec import Struct

from projections.all_views import VIEWS
from projections.kernel.schema import metadata, rows


def test_a_key_has_its_columns_in_the_declared_order() -> None:
    """The rows of a table are in the order of its key, so a look-up by the key's first column reads
    few of them.
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
    """A database uses the longer index for the same queries, so the shorter one only makes each
    write slower.
    """
    whole = [index for index in table.indexes if index.dialect_options["sqlite"]["where"] is None]
    columns = [index.columns.keys() for index in whole]
    pairs = permutations([*columns, table.primary_key.columns.keys()], 2)
    assert [shorter for shorter, longer in pairs if shorter == longer[: len(shorter)]] == []
