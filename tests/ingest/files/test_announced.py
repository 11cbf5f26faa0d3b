"""An import uses each column that it reports as used: a value in the column changes the record, or
the row is refused because of the value.
"""

from datetime import UTC, datetime
from functools import partial
from typing import Any

import pytest

from ingest.files.columns import ColumnMap, ImportForm
from ingest.files.problems import BadRow, FilePosition
from ingest.files.rows import FileRow
from ingest.forms import log_headings, provenance_log
from ingest.forms.table_plan import TABLES

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
