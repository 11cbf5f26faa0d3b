"""A hash over all rows of the views: two states are equal if their hashes are.

Access is not part of it: it always follows the present rules.
"""

import hashlib
from collections.abc import Sequence

from access.who_may.conditions import REACH
from projections.kernel.database import Db
from projections.kernel.schema import Definition, Position, SetAside, View, in_key_order, tables_of


def of(db: Db, views: Sequence[View]) -> str:
    """Return the SHA-256 over the rows of these views' tables in key order, without positions and
    access."""
    total = hashlib.sha256()
    for table in sorted(tables_of(views), key=lambda one: one.name):
        if table in (Position.table, SetAside.table, Definition.table) or table.name == REACH:
            continue
        total.update(f"{table.name}\n".encode())
        for row in in_key_order(db, table):
            total.update(repr(row).encode())
    return total.hexdigest()
