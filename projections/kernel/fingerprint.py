"""One hash over all rows of the views: two states of knowledge are equal if theirs are.

Who may see what is no part of it: that is always as it stands today.
"""

import hashlib
from collections.abc import Sequence

from access.who_may.conditions import REACH
from projections.kernel.database import Db
from projections.kernel.schema import Definition, Position, SetAside, View, in_key_order, tables_of


def of(db: Db, views: Sequence[View]) -> str:
    """SHA-256 over the rows of these views' tables in key order, positions and reach left out."""
    total = hashlib.sha256()
    for table in sorted(tables_of(views), key=lambda one: one.name):
        if table in (Position.table, SetAside.table, Definition.table) or table.name == REACH:
            continue
        total.update(f"{table.name}\n".encode())
        for row in in_key_order(db, table):
            total.update(repr(row).encode())
    return total.hexdigest()
