"""What a view is made of: two programs whose definitions of it differ do not share its rows."""

import hashlib
from collections.abc import Iterator

import sqlalchemy as sa
from sqlalchemy.dialects import postgresql
from sqlalchemy.schema import CreateIndex, CreateTable

from projections.schema import View


def of(view: View) -> str:
    """SHA-256 over a view's tables, columns, types and indexes, the logs it reads and the version
    of its fold; the same on both databases."""
    return hashlib.sha256("\n".join(_told(view)).encode()).hexdigest()


def _told(view: View) -> Iterator[str]:
    yield f"{view.name} {view.version} {' '.join(view.logs)}"
    speech: sa.Dialect = postgresql.dialect()  # type: ignore[no-untyped-call]
    for row in view.rows:
        table: sa.Table = row.table  # type: ignore[attr-defined]
        yield str(CreateTable(table).compile(dialect=speech))
        for index in sorted(table.indexes, key=lambda one: str(one.name)):
            yield str(CreateIndex(index).compile(dialect=speech))
        yield "whole words" if "whole words" in table.info else ""
