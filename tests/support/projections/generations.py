"""A second process with the same store, simulated by a second store object; and functions that read
the rows of the views."""

from collections.abc import Iterator
from uuid import UUID

import sqlalchemy as sa

from access.database import writing
from installation.opening import open_system
from installation.system import System
from projections.information import queue
from projections.kernel.schema import Definition, View
from tests.commands.office import Office


def another(office: Office) -> System:
    """Open the same store as another process would, and return it."""
    return open_system(office.settings, now=office.system.clock.given_time)


def waiting(system: System, office: Office) -> set[UUID]:
    with system.reading() as db:
        now = office.system.clock()
        return {item.id for item in queue.queue(db, system.reader, now, queue.Clocks())}


def forget(system: System, *views: str, definition: str = "another") -> None:
    """Make it look as if another version of the program had built these views."""
    c = Definition.table.c
    with writing(system.views.engine) as db:
        db.execute(
            sa.update(Definition.table).where(c.view.in_(views)).values(definition=definition)
        )
    system.views._current.let_go()


def number(system: System) -> int:
    found = system.views._places.current()
    assert found is not None
    return found


def rows_of(db: sa.Connection, view: View) -> Iterator[sa.Row[tuple[object, ...]]]:
    for row in view.rows:
        yield from db.execute(sa.select(row.table))  # type: ignore[attr-defined]
