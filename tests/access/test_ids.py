"""Ids have the right form in SQL that is written as text and in the columns of views."""

import sqlite3
from contextlib import closing
from uuid import UUID

import pytest
import sqlalchemy as sa

from access.ids import Id, add_unhex, as_json, sql_text
from access.who_may import conditions
from domain.kernel.values import Reader
from projections.kernel.statements import speech_of

ONE = UUID("00ff0000-0000-7000-8000-0000000000ab")
DIALECTS = ["sqlite", "postgresql"]


def written(text: str, dialect: str) -> str:
    return str(sql_text(text).compile(dialect=speech_of(dialect)))


def test_sqlite_gets_an_id_as_bytes() -> None:
    text = f"a IN (uuid '{ONE.hex}')"
    assert written(text, "sqlite") == f"a IN (X'{ONE.hex}')"
    assert written(text, "postgresql") == text


@pytest.mark.parametrize("dialect", DIALECTS)
@pytest.mark.parametrize("name", [f"uuid '{ONE.hex}'", f"' uuid '{ONE.hex}", ONE.hex])
def test_a_name_is_never_taken_for_an_id(dialect: str, name: str) -> None:
    reader = Reader(name, "Engage", "police", roles=frozenset({"psw"}), closed=True)
    text = conditions.item_in_parameter(reader, "see", '"t"."id"')
    quoted = name.replace("'", "''")
    assert f"'{quoted}'" in text
    assert f"'{quoted}'" in written(text, dialect)


def test_the_ids_of_a_reader_are_found_on_sqlite() -> None:
    reader = Reader(
        "psw", "Engage", "police", cases=frozenset({ONE}), roles=frozenset({"psw"}), closed=True
    )
    text = conditions.item_in_parameter(reader, "see", '"t"."id"')
    assert f"X'{ONE.hex}'" in written(text, "sqlite")
    assert f"uuid '{ONE.hex}'" in written(text, "postgresql")


@pytest.mark.parametrize("dialect", DIALECTS)
def test_the_type_of_a_column_of_ids(dialect: str) -> None:
    kind = sa.Column("id", Id()).type.compile(speech_of(dialect))
    assert kind == {"sqlite": "BLOB", "postgresql": "UUID"}[dialect]


@pytest.mark.parametrize(("version", "added"), [((3, 40, 1), True), ((3, 41, 0), False)])
def test_an_older_sqlite_gets_the_function_that_reads_ids(
    monkeypatch: pytest.MonkeyPatch, version: tuple[int, int, int], added: bool
) -> None:
    monkeypatch.setattr(sqlite3, "sqlite_version_info", version)
    with closing(sqlite3.connect(":memory:")) as connection:
        add_unhex(connection)
        own = "SELECT 1 FROM pragma_function_list WHERE name = 'unhex' AND NOT builtin"
        assert (connection.execute(own).fetchone() is not None) is added
        if added:
            ids = connection.execute("SELECT unhex(value) FROM json_each(?)", (as_json([ONE]),))
            assert ids.fetchall() == [(ONE.bytes,)]
