"""Count how many SQL statements of the measured pages use each index of the views.

All pages of `bench.pages` are opened once on a store on files, each after something was recorded.
SQLite explains each different statement on the views that the pages ran. An index that no statement
uses may still be needed by a page of another role, by a command, or by a rule of its table (unique
rows). So the table proposes indexes to drop, and does not prove that they are useless. Run alone:
`python -m bench.plans [EVENTS]`.
"""

import re
import sqlite3
import sys
import tempfile
from collections import Counter
from collections.abc import Iterable, Iterator
from contextlib import closing, contextmanager
from pathlib import Path

import sqlalchemy as sa
from sqlalchemy.pool import Pool

from bench import pages
from installation.system import System

#: A pattern of a literal value in an SQL statement: a text, bytes, or a number.
_VALUE = re.compile(r"x?'(?:[^']|'')*'|\b\d+(?:\.\d+)?\b")
_USED = re.compile(r"USING (?:COVERING )?INDEX (\w+)")


def measure(system: System) -> Counter[str]:
    """Open every page of this store once; return for each index of the views how many different
    statements use it. The store is closed afterwards.
    """
    (views,) = system.home.glob("views-*.db")
    with _traced() as statements:
        pages.opened(system)
    return counted(views, statements.values())


def counted(views: Path, statements: Iterable[str]) -> Counter[str]:
    """Return each index of a database with the number of these statements that use it."""
    with closing(sqlite3.connect(views)) as db:
        declared = "SELECT name FROM sqlite_schema WHERE type = 'index' AND sql IS NOT NULL"
        uses = Counter({name: 0 for (name,) in db.execute(declared)})
        for statement in statements:
            try:
                plan = db.execute(f"EXPLAIN QUERY PLAN {statement}").fetchall()
            # SQLite cannot explain a statement about the log or about a temporary table
            except sqlite3.Error:
                continue
            uses.update({name for row in plan for name in _USED.findall(row[-1]) if name in uses})
    return uses


@contextmanager
def _traced() -> Iterator[dict[str, str]]:
    """Within the block, collect the statements that SQLite runs in this process. The yielded
    dictionary has one example of each statement, by its text without values."""
    statements: dict[str, str] = {}

    def remember(statement: str) -> None:
        statements.setdefault(_VALUE.sub("?", statement), statement)

    def trace(connection: sqlite3.Connection, *_: object) -> None:
        connection.set_trace_callback(remember)

    sa.event.listen(Pool, "checkout", trace)
    try:
        yield statements
    finally:
        sa.event.remove(Pool, "checkout", trace)


def table(uses: Counter[str]) -> str:
    unused = sum(not number for number in uses.values())
    lines = [f"{len(uses)} indexes of the views; no statement uses {unused} of them"]
    lines += [f"{number:>8,}  {name}" for name, number in sorted(uses.items(), key=_by_use)]
    return "\n".join(lines)


def _by_use(row: tuple[str, int]) -> tuple[int, str]:
    return row[1], row[0]


if __name__ == "__main__":
    asked = [int(word) for word in sys.argv[1:]] or [10_000]
    with tempfile.TemporaryDirectory() as place:
        print(table(measure(pages.filled(Path(place), None, *asked))))
