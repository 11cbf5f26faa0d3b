from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa
from sqlalchemy.sql.compiler import SQLCompiler

from access.database import open_database, reading, within

ONE = sa.Table("one", sa.MetaData(), sa.Column("number", sa.Integer))


def test_a_statement_is_compiled_once_for_all_engines_and_tells_what_each_holds(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    compiled: list[object] = []
    visited: Any = SQLCompiler.visit_select

    def counted(self: SQLCompiler, *given: Any, **more: Any) -> Any:
        compiled.append(self)
        return visited(self, *given, **more)

    monkeypatch.setattr(SQLCompiler, "visit_select", counted)
    found: list[int] = []
    for n, place in enumerate((tmp_path / "first.db", tmp_path / "second.db", None)):
        engine = within(open_database(place, "one", pragmas=(), at_once=1), "main")
        with engine.begin() as db:
            ONE.create(db)
            db.execute(sa.insert(ONE), [{"number": n}, {"number": n + 10}])
        with reading(engine) as db:
            found += db.execute(sa.select(ONE.c.number).where(ONE.c.number < n + 10)).scalars()
        engine.dispose()
    assert found == [0, 1, 2]
    assert len(compiled) == 1
