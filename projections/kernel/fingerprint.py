"""A hash over all rows of the views: equal hashes mean equal views.

Readers' rights are not included, because they always follow the present rules.
"""

import hashlib
from collections.abc import Sequence

from access.who_may.conditions import REACH
from projections.kernel.database import Db
from projections.kernel.schema import Definition, Position, SetAside, View, in_key_order, tables_of


def of(db: Db, views: Sequence[View]) -> str:
    """Return the SHA-256 over all rows of these views, in the order of their keys. The tables of
    positions, definitions and facts that could not be applied are left out, and so is the table of
    who may see an item.
    """
    total = hashlib.sha256()
    for table in sorted(tables_of(views), key=lambda one: one.name):
        if table in (Position.table, SetAside.table, Definition.table) or table.name == REACH:
            continue
        total.update(f"{table.name}\n".encode())
        for row in in_key_order(db, table):
            total.update(repr(row).encode())
    return total.hexdigest()
