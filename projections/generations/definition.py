"""The definition of a view. Releases with different definitions of a view do not use each other's
rows."""

import hashlib
import re
from collections.abc import Iterator
from functools import lru_cache

import sqlalchemy as sa

from projections.kernel.column_types import OrderedText, Packed
from projections.kernel.schema import ListedView, View

#: Matches the folders in the name of a module of `domain`, without the name of the file.
_FOLDERS = re.compile(r"(?<=\bdomain\.)(?:\w+\.)+(?=\w+\.\w+\b)")


def of(view: View) -> str:
    """Return the SHA-256 of a view's definition: its tables, columns, types and indexes, its logs,
    and the version of its rule for making rows from facts. The hash is the same on SQLite and
    PostgreSQL. For a `ListedView` it is read from the list of definitions.
    """
    return view.definition if isinstance(view, ListedView) else _hashed(view)


@lru_cache(maxsize=512)
def _hashed(view: View) -> str:
    return hashlib.sha256("\n".join(_lines_of(view)).encode()).hexdigest()


def _lines_of(view: View) -> Iterator[str]:
    yield f"{view.name} {view.version} {' '.join(view.logs)}"
    for row in view.rows:
        table: sa.Table = row.table  # type: ignore[attr-defined]
        yield f"{table.name} {' '.join(sorted(map(str, table.info)))}"
        for column in table.columns:
            yield f"{column.name} {_kind(column)} {column.nullable} {column.primary_key}"
        for index in sorted(table.indexes, key=lambda one: str(one.name)):
            yield f"{index.name} {' '.join(column.name for column in index.columns)}"


def _kind(column: sa.Column[object]) -> str:
    kind = column.type
    # without the folders of the class, so that views need not be made again if its file is moved
    named = _FOLDERS.sub("", str(kind.kind)) if isinstance(kind, Packed) else ""
    if named:
        return f"Packed {named}"
    # the former name of the class; with the new name, all views would have to be made again
    return "Told" if isinstance(kind, OrderedText) else type(kind).__name__
