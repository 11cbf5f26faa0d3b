"""The views of release 0.1 contain ids as text. Today's program reads and updates them until it
rebuilds the views.
"""

import sqlite3
from contextlib import closing
from pathlib import Path

import pytest
import sqlalchemy as sa

from access.database import reading
from access.ids import Id
from commands.erasure import erasure
from commands.kernel import entity
from projections import due
from projections.all_views import VIEWS
from projections.kernel import item_ids
from projections.kernel.schema import tables_of
from tests.commands.conftest import office
from tests.commands.office import Office
from tests.support.projections.generations import another, forget, rows_of, waiting

__all__ = ["office"]


def store_ids_as_text(path: Path) -> None:
    """Give a file of views the form that release 0.1 gave it."""
    tables = {
        table.name: [column.name for column in table.columns if isinstance(column.type, Id)]
        for table in tables_of(VIEWS)
    }
    with closing(sqlite3.connect(path)) as db:
        db.execute("PRAGMA writable_schema = ON")
        for table in tables:
            db.execute(
                "UPDATE sqlite_schema SET sql = replace(sql, ' BLOB', ' CHAR(32)') "
                "WHERE type = 'table' AND name = ?",
                (table,),
            )
        db.commit()
    with closing(sqlite3.connect(path)) as db:
        for table, columns in tables.items():
            for column in columns:
                db.execute(f'UPDATE {table} SET "{column}" = lower(hex("{column}"))')
                db.execute(f'UPDATE {table} SET "{column}" = NULL WHERE "{column}" = \'\'')
        db.commit()


@pytest.fixture
def older(office: Office) -> Office:
    office.words("a red van")
    office.person("Baz")
    office.case()
    office.system.keep_up()
    forget(office.system, *(view.name for view in VIEWS))
    path = office.system.views._places.path(1)  # type: ignore[attr-defined]
    store_ids_as_text(path)
    return office


def test_they_are_read_and_updated_and_made_again(older: Office) -> None:
    one, reader = older.system, older.somebody("psw.ellis")
    with one.views._current.using() as now:
        assert now.outdated
        assert not now.frozen
    (first,) = waiting(one, older)
    second = older.words("and a blue one")
    assert waiting(one, older) == {first, second}
    assert entity.find(older.desk, older.reader, "Baz")[1] == "person", (
        "decisions are based on them"
    )
    with one.reading() as db:
        mine = [row.id for row in item_ids.list_row_ids(db, reader, "case")[0]]
        assert mine
        assert set(item_ids.of(db, reader, mine)) == set(mine)
        assert item_ids.among(db, reader, [*mine, second]) >= set(mine)
        for row in due.fetch(db, older.reader, lambda c: (sa.true(),)):
            assert row.id in due.named(db, older.reader, str(row.id)[-12:])
    assert one.views.make()
    assert waiting(one, older) == {first, second}
    assert one.views.compare() == []


def test_an_erased_item_is_removed_from_them(older: Office) -> None:
    one, gone = older.system, older.words("Fluxmarrow waits")
    assert gone in waiting(one, older)
    erasure.propose(older.desk, older.reader, [gone], "part-3-s47")
    other = another(older)
    with one.views.taking_out([gone]):
        pass
    assert gone not in waiting(other, older)
    with reading(other.views.engine) as db:
        held = " ".join(str(row) for view in VIEWS for row in rows_of(db, view))
    assert "Fluxmarrow" not in held
    assert str(gone) not in held.replace(gone.hex, str(gone))
    other.close()


def test_an_id_takes_sixteen_bytes_in_the_next_ones(older: Office) -> None:
    older.system.views.make()
    path = older.system.views._places.path(2)  # type: ignore[attr-defined]
    with closing(sqlite3.connect(path)) as db:
        for table in tables_of(VIEWS):
            for column in (c.name for c in table.columns if isinstance(c.type, Id)):
                select = f'SELECT DISTINCT typeof("{column}"), length("{column}") FROM {table.name}'
                assert set(db.execute(select)) <= {("blob", 16), ("null", None)}
