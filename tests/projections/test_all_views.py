"""All views are listed by name. The module of a view is imported only when it is needed."""

import sys
from typing import ClassVar

import pytest
import sqlalchemy as sa
from msgspec import Struct

from projections import all_views
from projections.information import queue
from projections.kernel.schema import ListedView, View, metadata, rows, tables_of


@rows("of_a_test", key=("one",))
class Row(Struct, frozen=True):
    table: ClassVar[sa.Table]
    one: str


def test_a_listed_view_is_what_its_module_declares() -> None:
    """A listed view is the same as the view that its module declares. Its name, logs and hash can
    be read without importing the module."""
    listed = ListedView("queue", "information.queue", "hash", ("evidence",), when_queried=False)
    module = "projections.information.queue"
    there = sys.modules.pop(module)
    try:
        assert (listed.name, listed.logs, listed.definition) == ("queue", ("evidence",), "hash")
        assert module not in sys.modules
    finally:
        sys.modules[module] = there
    assert listed.rows is queue.VIEW.rows
    assert listed.apply is queue.VIEW.apply
    assert [getattr(listed, name) for name in View.__slots__] == [
        getattr(queue.VIEW, name) for name in View.__slots__
    ]
    with pytest.raises(AttributeError):
        listed.nothing  # noqa: B018


def test_a_row_that_is_no_frozen_struct_is_refused() -> None:
    class Changeable(Struct):
        one: str

    for kind in (Changeable, type("Plain", (), {})):
        with pytest.raises(TypeError, match="is not a frozen Struct"):
            rows("of_another_test", key=("one",))(kind)


def test_no_table_is_of_two_views() -> None:
    tables = tables_of(all_views.VIEWS)
    assert len({table.name for table in tables}) == len(tables)


def test_what_serves_has_loaded_all(monkeypatch: pytest.MonkeyPatch) -> None:
    view = View("of a test", (Row,), queue.VIEW.apply)
    monkeypatch.setattr(all_views, "VIEWS", (view,))
    try:
        assert not isinstance(vars(Row)["table"], sa.Table)
        all_views.load()
        assert isinstance(vars(Row)["table"], sa.Table)
    finally:
        metadata.remove(Row.table)
