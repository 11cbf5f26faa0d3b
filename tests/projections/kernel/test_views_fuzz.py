"""If another program changes the tables of the views at random, the change is detected, or it
changes no answer."""

import random
import sqlite3
from collections.abc import Callable, Iterator
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest

from projections.all_views import VIEWS
from projections.kernel import comparing, runner
from tests.fuzz import TIMES, dice
from tests.projections.histories import history
from tests.projections.tale import Tale, Views

MUTATIONS = 12 if TIMES == 1 else 48 * TIMES
Cells = list[tuple[Any, ...]]


class File:
    """The SQLite file of the views, which the test damages, and a copy of it before the damage."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self.kept = sqlite3.connect(":memory:")
        with closing(self.open()) as file:
            file.backup(self.kept)
            names = file.execute("SELECT name FROM sqlite_master WHERE type = 'table'")
            self.tables = [
                name
                for (name,) in names.fetchall()
                if "_words" not in name and self.rows(file, name)
            ]
        self.held = self.all(self.kept)

    @staticmethod
    def rows(db: sqlite3.Connection, table: str) -> Cells:
        return list(db.execute(f"SELECT * FROM {table}"))

    def all(self, db: sqlite3.Connection) -> dict[str, Cells]:
        return {table: sorted(self.rows(db, table), key=str) for table in self.tables}

    def open(self) -> sqlite3.Connection:
        return sqlite3.connect(self.path)

    def put_back(self) -> None:
        with closing(self.open()) as file:
            self.kept.backup(file)


@pytest.fixture
def file(tmp_path: Path, sqlite_views: Views) -> Iterator[tuple[File, Views, Tale]]:
    tale = history(7, 250)
    sqlite_views.follow(tale)
    with sqlite_views.engine.begin() as db:
        db.exec_driver_sql("INSERT INTO set_aside VALUES ('queue', 'evidence', 9999, 'x')")
        db.exec_driver_sql("DELETE FROM set_aside")
    one = File(tmp_path / "views.db")
    yield one, sqlite_views, tale
    one.kept.close()


def _columns(db: sqlite3.Connection, table: str) -> list[str]:
    return [f'"{name}"' for _, name, *_ in db.execute(f"PRAGMA table_info({table})")]


def _random_row(db: sqlite3.Connection, table: str, r: random.Random) -> tuple[Any, ...]:
    return tuple(r.choice(db.execute(f"SELECT * FROM {table}").fetchall()))


def _is(db: sqlite3.Connection, table: str) -> str:
    return " AND ".join(f"{column} IS ?" for column in _columns(db, table))


def _changed_value(value: object, r: random.Random) -> object:
    if isinstance(value, int):
        return value + r.choice([-1, 1, 1000])
    if isinstance(value, str) and value:
        at = r.randrange(len(value))
        return value[:at] + r.choice("abz019 ") + value[at + 1 :]
    if isinstance(value, bytes):
        at = r.randrange(len(value))
        changed_byte = value[:at] + bytes([value[at] ^ 1]) + value[at + 1 :]
        return r.choice([changed_byte, value[:at], value.hex(), None])
    return "x" if value is None else None


def _put(
    db: sqlite3.Connection, table: str, row: tuple[Any, ...], column: str, value: object
) -> None:
    which = _is(db, table)
    db.execute(f"UPDATE OR IGNORE {table} SET {column} = ? WHERE {which}", (value, *row))


def cell(db: sqlite3.Connection, table: str, r: random.Random) -> None:
    row, columns = _random_row(db, table, r), _columns(db, table)
    at = r.randrange(len(row))
    _put(db, table, row, columns[at], _changed_value(row[at], r))


def swapped(db: sqlite3.Connection, table: str, r: random.Random) -> None:
    one, other, columns = _random_row(db, table, r), _random_row(db, table, r), _columns(db, table)
    unlike = [at for at in range(len(columns)) if one[at] != other[at]]
    at = r.choice(unlike or range(len(columns)))
    _put(db, table, one, columns[at], other[at])
    _put(db, table, other, columns[at], one[at])


def lost(db: sqlite3.Connection, table: str, r: random.Random) -> None:
    db.execute(f"DELETE FROM {table} WHERE {_is(db, table)}", _random_row(db, table, r))


def invented(db: sqlite3.Connection, table: str, r: random.Random) -> None:
    row = list(_random_row(db, table, r))
    columns = db.execute(f"PRAGMA table_info({table})").fetchall()
    at = r.choice([number for number, *_, key in columns if key] or range(len(row)))
    row[at] = _changed_value(row[at], r)
    db.execute(f"INSERT OR IGNORE INTO {table} VALUES ({','.join('?' * len(row))})", row)


def index(db: sqlite3.Connection, table: str, r: random.Random) -> None:
    """Change the search index so that a search does not find a text, or finds the text by a word
    that it does not contain."""
    seq, words = r.choice(db.execute("SELECT seq, words FROM search_texts").fetchall())
    into = "INSERT INTO search_texts_words"
    if r.random() < 0.5:
        columns = "search_texts_words, rowid, words"
        db.execute(f"{into}({columns}) VALUES ('delete', ?, ?)", (seq, words))
    else:
        db.execute(f"{into}(rowid, words) VALUES (?, 'somebody else')", (seq,))


def aside(db: sqlite3.Connection, table: str, r: random.Random) -> None:
    view = r.choice([view.name for view in VIEWS])
    db.execute("INSERT INTO set_aside VALUES (?, 'evidence', ?, 'x')", (view, r.randint(1, 250)))


EVERY: list[Callable[[sqlite3.Connection, str, random.Random], None]] = [
    cell, swapped, lost, invented, index, aside,
]  # fmt: skip


def test_views_changed_at_random(file: tuple[File, Views, Tale], tmp_path: Path) -> None:
    stored, views, tale = file
    scratch = runner.open_views(tmp_path / "scratch.db")
    runner.create(scratch, VIEWS)
    assert comparing.compare(views.engine, scratch, VIEWS, tale.logs) == []
    r, found = dice(), dict.fromkeys((mutation.__name__ for mutation in EVERY), 0)
    tables = [table for table in stored.tables if table != "positions"]
    for number in range(MUTATIONS):
        mutate, table = EVERY[number % len(EVERY)], r.choice(tables)
        with closing(stored.open()) as db:
            mutate(db, table, r)
            db.commit()
            now = stored.all(db)
        odd = comparing.compare(views.engine, scratch, VIEWS, tale.logs)
        found[mutate.__name__] += bool(odd)
        assert odd or now == stored.held, (number, mutate.__name__, table)
        views.engine.dispose()
        stored.put_back()
    assert comparing.compare(views.engine, scratch, VIEWS, tale.logs) == []
    assert min(found.values()) >= MUTATIONS / len(EVERY) / 4, found
    scratch.dispose()


def test_an_id_that_is_stored_as_text_is_detected(
    file: tuple[File, Views, Tale], tmp_path: Path
) -> None:
    """The comparison of views reports an id that was changed to text in a table, because no query
    of this program finds such an id."""
    stored, views, tale = file
    with closing(stored.open()) as db:
        db.execute("UPDATE queue SET observation = lower(hex(observation))")
        db.commit()
    scratch = runner.open_views(tmp_path / "scratch.db")
    runner.create(scratch, VIEWS)
    assert comparing.compare(views.engine, scratch, VIEWS, tale.logs)
    scratch.dispose()


@pytest.mark.parametrize("to", ["position - 5", "position + 5", "0"])
def test_a_view_that_says_it_has_read_more_or_less(
    file: tuple[File, Views, Tale], tmp_path: Path, to: str
) -> None:
    stored, views, tale = file
    with closing(stored.open()) as db:
        db.execute(f"UPDATE positions SET position = max({to}, 0) WHERE log = 'evidence'")
        db.commit()
    tale.words("what comes next")
    views.follow(tale)
    scratch = runner.open_views(tmp_path / "scratch.db")
    runner.create(scratch, VIEWS)
    odd = comparing.compare(views.engine, scratch, VIEWS, tale.logs)
    scratch.dispose()
    fresh = runner.open_views(tmp_path / "fresh.db")
    runner.create(fresh, VIEWS)
    runner.catch_up(fresh, VIEWS, tale.logs)
    fresh.dispose()
    with closing(sqlite3.connect(tmp_path / "fresh.db")) as whole, closing(stored.open()) as db:
        assert odd or stored.all(db) == stored.all(whole)
