"""Open a file of views in which an older release stored ids as text.

Up to release 0.1 an id was stored as 32 hexadecimal digits. Until the views are made again, this
release uses such a file with its own statements: the connection writes an id as text wherever a
statement has 16 bytes.
"""

import re
import sqlite3
from collections.abc import Iterable, Sequence
from contextlib import closing
from typing import Any

import sqlalchemy as sa

from access.ids import add_unhex
from access.who_may.conditions import REACH

#: The type of a column of ids in a file of views that an older release made.
OLDER_TYPE = "char(32)"
_LITERAL = re.compile(r"X'([0-9a-f]{32})'")
_IS_OLDER = "SELECT 1 FROM sqlite_schema WHERE name = ? AND lower(sql) LIKE ?"


class _Cursor(sqlite3.Cursor):
    def execute(self, sql: str, parameters: Any = (), /) -> "_Cursor":
        super().execute(_as_text(sql), _texts(parameters))
        return self

    def executemany(self, sql: str, parameters: Iterable[Any], /) -> "_Cursor":
        super().executemany(_as_text(sql), map(_texts, parameters))
        return self


class _Connection(sqlite3.Connection):
    def cursor(self, factory: Any = _Cursor) -> Any:
        return super().cursor(_Cursor)


def _as_text(sql: str) -> str:
    return _LITERAL.sub(r"'\1'", sql) if "X'" in sql else sql


def _texts(values: Sequence[Any]) -> Sequence[Any]:
    return [value.hex() if isinstance(value, bytes) else value for value in values]


def read_older_ids(engine: sa.Engine) -> None:
    """Let an engine's connections to a file of an older release read and write ids as text."""
    sa.event.listen(engine, "do_connect", _connect)


def _connect(
    dialect: object, record: object, place: Sequence[Any], options: dict[str, Any]
) -> sqlite3.Connection:
    connection: sqlite3.Connection = sqlite3.connect(*place, **options)
    try:
        with closing(connection.execute(_IS_OLDER, (REACH, f"%{OLDER_TYPE}%"))) as rows:
            is_older = rows.fetchone() is not None
    except BaseException:
        connection.close()
        raise
    if not is_older:
        add_unhex(connection)
        return connection
    connection.close()
    older = _Connection(*place, **options)
    for name in ("hex", "unhex"):
        older.create_function(name, 1, lambda text: text, deterministic=True)
    return older
