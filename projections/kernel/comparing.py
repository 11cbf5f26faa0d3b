"""Compare the views with the logs: make all views again in another place, and compare them with the
stored views row by row.
"""

from collections.abc import Iterator, Mapping, Sequence

import sqlalchemy as sa

from access.database import schema_of, writing
from domain.kernel.envelope import LogName
from projections.kernel.database import Db
from projections.kernel.runner import NOTHING, ErasedItems, Logs, catch_up, positions, set_aside
from projections.kernel.schema import SetAside, View, in_key_order, index_fits


def compare(
    engine: sa.Engine,
    scratch: sa.Engine,
    views: Sequence[View],
    logs: Logs,
    items: ErasedItems = NOTHING,
) -> list[str]:
    """Make the views again in `scratch`, up to the log positions of the stored views, and return
    every difference in words. Views that are not made from a log are left out
    (`projections.intelligence.computed`).
    """
    differences = list(_indexes(engine, views))
    logged_views = [view for view in views if view.logs]
    with _standing_still(engine) as connection:
        for reached, views_together in _together(logged_views, positions(connection)):
            read = {name: log for name, log in logs.items() if name in reached}
            catch_up(scratch, views_together, read, until=reached, gone=items)
        differences += _all_differences(connection, scratch, logged_views)
    return differences


def _all_differences(
    first_connection: Db, scratch: sa.Engine, views: Sequence[View]
) -> Iterator[str]:
    with scratch.connect() as second_connection:
        filled = _filled(first_connection, views) | _filled(second_connection, views)
        aside = set_aside(first_connection), set_aside(second_connection)
        for view in views:
            for row in view.rows:
                table: sa.Table = row.table  # type: ignore[attr-defined]
                if table.name not in filled:
                    continue
                try:
                    yield from _differences(first_connection, second_connection, view, table)
                except (TypeError, ValueError, LookupError):
                    yield f"{view.name}: {table.name} holds what no view writes"
            yield from _set_aside_otherwise(view, *aside)


def _together(
    views: Sequence[View], positions: Mapping[tuple[str, str], int]
) -> list[tuple[dict[LogName, int], list[View]]]:
    """Return groups of views with the same positions in their logs, each group with these
    positions. A group is made together, because each pass over a log decodes all its records.
    """
    found_views: dict[tuple[tuple[LogName, int], ...], list[View]] = {}
    for view in views:
        reached = tuple((log, positions.get((view.name, log), 0)) for log in view.logs)
        found_views.setdefault(reached, []).append(view)
    return [(dict(reached), group) for reached, group in found_views.items()]


def _filled(db: Db, views: Sequence[View]) -> set[str]:
    """Return the names of those tables of the views that have rows; in most stores most tables are
    empty.
    """
    schema = schema_of(db)
    names = [row.table.name for view in views for row in view.rows]  # type: ignore[attr-defined]
    template = f"SELECT '{{0}}' WHERE EXISTS (SELECT 1 FROM {schema}.{{0}})"  # noqa: S608
    query = " UNION ALL ".join(map(template.format, names))
    return {name for (name,) in db.exec_driver_sql(query)}


def _indexes(engine: sa.Engine, views: Sequence[View]) -> Iterator[str]:
    with writing(engine) as db:
        for view in views:
            for row in view.rows:
                table: sa.Table = row.table  # type: ignore[attr-defined]
                if not index_fits(db, table):
                    yield f"{view.name}: the index of {table.name} holds other words than it"


def _set_aside_otherwise(
    view: View, asides: Sequence[SetAside], set_asides: Sequence[SetAside]
) -> Iterator[str]:
    """Yield the differences between two lists of facts that a view could not apply."""
    here, there = (
        {(p.log, p.seq) for p in skipped if p.view == view.name} for skipped in (asides, set_asides)
    )
    for log, seq in sorted(here ^ there):
        explanation = (
            "is said to be set aside" if (log, seq) in here else "was set aside in silence"
        )
        yield f"{view.name}: {log} {seq} {explanation}"


def _standing_still(engine: sa.Engine) -> sa.Connection:
    """Return a connection that always shows the database as at one moment, as a connection to
    SQLite does.
    """
    if engine.dialect.name == "postgresql":
        return engine.connect().execution_options(isolation_level="REPEATABLE READ")
    return engine.connect()


def _differences(
    first_connection: Db, second_connection: Db, view: View, table: sa.Table
) -> Iterator[str]:
    """Yield the differences between two tables. They are read side by side in the order of their
    keys, so that little memory is used.
    """
    width = len(table.primary_key)
    running, rebuilt = in_key_order(first_connection, table), in_key_order(second_connection, table)
    left, right = next(running, None), next(rebuilt, None)
    while left or right:
        here, there = left and left[:width], right and right[:width]
        name = f"{view.name}: {table.name} "
        if left and (not there or (here and here < there)):
            yield f"{name}{_key_as_text(here)} stands in the view but not in the log"
            left = next(running, None)
        elif right and (not here or (there and there < here)):
            yield f"{name}{_key_as_text(there)} is missing from the view"
            right = next(rebuilt, None)
        else:
            if left != right:
                yield f"{name}{_key_as_text(here)} differs from what the log says"
            left, right = next(running, None), next(rebuilt, None)


def _key_as_text(key: tuple[object, ...] | None) -> str:
    return "/".join(map(str, key or ()))
