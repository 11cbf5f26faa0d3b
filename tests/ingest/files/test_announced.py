"""An import uses each column that its report calls used. A value in such a column changes the
record, or is the reason for refusing its row."""

from datetime import UTC, datetime
from functools import partial
from pathlib import Path
from typing import Any

import pytest

from ingest.files.columns import ColumnMap, ImportForm
from ingest.files.mapping import Mapping
from ingest.files.problems import BadRow, FilePosition
from ingest.files.rows import FileRow
from ingest.forms import log_headings, provenance_log
from ingest.forms.table_plan import TABLES
from ingest.importing.plan import plans
from ingest.words.context import Context

NOW = datetime(2011, 6, 1, 12, tzinfo=UTC)
LOG = (log_headings.FORM, partial(provenance_log.draft, case=None))
#: Values of several kinds, so that each column accepts at least one of them.
VALUES = (
    "x",
    "yes",
    "2011-02-14",
    "2011-06-20",
    "7",
    "owns",
    "vehicle",
    "PK95 ABC",
    "23:10",
    "summary",
)
#: The cells that a row must have so that its other columns are read.
NEEDED = {
    "links": {"source": "A", "target": "B"},
    "people": {"identifier": "N1", "name": "Ash"},
    "incidents": {"identifier": "I1", "what": "Theft"},
    "calls": {"caller": "07700 900111", "called": "07700 900112", "start": "2011-02-14 10:00"},
    "missing": {"child": "Erin Vale", "since": "2011-02-14"},
    "referrals": {"child": "Erin Vale", "concern": "worried"},
    "provenance-log": {"words": "He was there again"},
}


def drafted(form: ImportForm, draft: Any, cells: dict[str, str]) -> object:
    fields = {name: index for index, name in enumerate(cells)}
    columns = ColumnMap(form, 1, fields, tuple(cells))
    row = FileRow(FilePosition("a.csv", None, 2), 2, columns, list(cells.values()), 1000)
    try:
        return draft(row, NOW)
    except BadRow as bad:
        return bad.reason


@pytest.mark.parametrize(
    ("form", "draft"), [*TABLES, LOG], ids=lambda one: getattr(one, "name", "")
)
def test_each_column_of_a_form_counts(form: ImportForm, draft: Any) -> None:
    needed = NEEDED[form.name]
    plain = drafted(form, draft, needed)
    for field in form.fields:
        others = [drafted(form, draft, needed | {field.name: value}) for value in VALUES]
        assert any(one != plain for one in others), field.name


@pytest.mark.parametrize(
    ("form", "draft"), [*TABLES, LOG], ids=lambda one: getattr(one, "name", "")
)
def test_another_column_is_recorded_with_the_row_or_listed_as_not_read(
    form: ImportForm, draft: Any, tmp_path: Path
) -> None:
    needed = NEEDED[form.name] | ({"area": "Town A"} if form.name == "incidents" else {})
    cells = {**needed, "hair dye": "violet"}
    columns = ColumnMap(form, 1, {name: at for at, name in enumerate(needed)}, tuple(cells))
    row = FileRow(FilePosition("a.csv", None, 2), 2, columns, list(cells.values()), 1000)
    path = tmp_path / "a.csv"
    path.write_text("\n".join(",".join(line) for line in (cells, cells.values())), "utf-8")
    mapping = Mapping({name: name for name in needed})
    (plan,) = plans(path, Context(NOW, form=form.name, mapping=mapping))
    listed = any("not read: the column 'hair dye'" in note for note in plan.notes)
    assert listed != ("violet" in repr(draft(row, NOW)))


def test_columns_of_a_table_of_messages_that_no_field_uses_are_listed(tmp_path: Path) -> None:
    path = tmp_path / "chat.csv"
    path.write_text("sender,text,date,v,w,x,y,z,q\nJade,hi,2011-02-14,1,2,3,4,5,6\n", "utf-8")
    (plan,) = plans(path, Context(NOW, form="messages", conversations=("all",)))
    (note,) = (note for note in plan.notes if "not read" in note)
    assert "not read: the columns 'v', 'w', 'x', 'y', 'z' and 1 more" in note
