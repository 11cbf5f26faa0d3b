"""The query plans of SQLite, with which a test shows that a query uses an index. (Without an index,
the query would give the same answer, but more slowly.)"""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import pytest
import sqlalchemy as sa


@contextmanager
def plans(db: sa.Connection) -> Iterator[list[str]]:
    """Record the queries on a connection within the block; afterwards the yielded list contains the
    plan of each query as one line. Skip the test on a server, which has no statistics yet and reads
    small tables whole.
    """
    if db.dialect.name != "sqlite":
        pytest.skip("SQLite's own plans")
    asked: list[tuple[str, Any]] = []
    told: list[str] = []

    def hear(*was: Any) -> None:
        asked.append((was[2], was[3]))

    sa.event.listen(db, "before_cursor_execute", hear)
    yield told
    sa.event.remove(db, "before_cursor_execute", hear)
    for statement, values in asked:
        if statement.startswith(("SELECT", "WITH")):
            plan = db.exec_driver_sql(f"EXPLAIN QUERY PLAN {statement}", values).all()
            told.append("; ".join(row[-1] for row in plan))
