"""Keeping views up with the logs: catch up, rebuild, compare.

Rows and position move in one transaction a batch, the position by compare-and-set, so that rival
runners can never apply a fact twice. A fact that a view cannot apply is set aside by its position,
loudly, and the rest goes on.
"""

from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Any, Protocol

import sqlalchemy as sa

from domain.envelope import LogName, Recorded
from projections.batch import Batch
from projections.schema import Db, Position, SetAside, View, metadata

BATCH = 1000


class Log(Protocol):
    """What a runner needs of a log."""

    def read(
        self, after: int, limit: int, on_error: Callable[[int, str], None] | None = None
    ) -> list[Recorded]: ...

    def last(self) -> int: ...


Logs = Mapping[LogName, Log]


class Raced(Exception):
    """Another runner moved a position first; nothing was written."""


class Poison(Exception):
    """A view could not apply a fact."""

    def __init__(self, view: str, log: LogName, seq: int, reason: str) -> None:
        super().__init__(f"view {view} could not apply {log}:{seq} ({reason})")
        self.view, self.log, self.seq, self.reason = view, log, seq, reason


def open_views(url: str | Path, schema: str = "views") -> sa.Engine:
    """The engine of the views: a SQLite file, or a schema of a PostgreSQL database."""
    if isinstance(url, Path):
        engine = sa.create_engine(f"sqlite:///{url}", connect_args={"timeout": 30})
        sa.event.listen(engine, "connect", _prepare_sqlite)
        sa.event.listen(engine, "begin", lambda db: db.exec_driver_sql("BEGIN IMMEDIATE"))
        return engine
    address = sa.make_url(url).set(drivername="postgresql+psycopg")
    return sa.create_engine(address, connect_args={"options": f"-csearch_path={schema}"})


def _prepare_sqlite(connection: Any, record: Any) -> None:
    connection.isolation_level = None
    for pragma in ("journal_mode=WAL", "synchronous=NORMAL", "secure_delete=ON"):
        connection.execute(f"PRAGMA {pragma}")


def create(engine: sa.Engine, schema: str = "views") -> None:
    """Make the views' tables where they are missing."""
    with engine.begin() as db:
        if engine.dialect.name == "postgresql":
            db.execute(sa.text("SELECT pg_advisory_xact_lock(20101031)"))
            db.execute(sa.schema.CreateSchema(schema, if_not_exists=True))
        metadata.create_all(db)


def positions(db: Db) -> dict[tuple[str, str], int]:
    """How far each view has read each log."""
    return {(r.view, r.log): r.position for r in db.execute(sa.select(Position.table))}


def set_aside(db: Db) -> list[SetAside]:
    """The facts that a view could not apply."""
    table = SetAside.table
    return [SetAside(*row) for row in db.execute(sa.select(table).order_by(*table.primary_key))]


def catch_up(
    engine: sa.Engine,
    views: Sequence[View],
    logs: Logs,
    *,
    until: Mapping[LogName, int] | None = None,
    on_poison: Callable[[Poison], None] | None = None,
    on_progress: Callable[[LogName, int], None] | None = None,
) -> None:
    """Apply to every view what its logs hold beyond its position (up to `until`)."""
    for name, log in logs.items():
        reading = [view for view in views if name in view.logs]
        while reading:
            try:
                at = _step(engine, reading, name, log, (until or {}).get(name))
            except Raced:
                continue
            except Poison as poison:
                _set_aside(engine, poison)
                if on_poison:
                    on_poison(poison)
                continue
            if at is None:
                break
            if on_progress:
                on_progress(name, at)


def _step(
    engine: sa.Engine, views: Sequence[View], name: LogName, log: Log, until: int | None
) -> int | None:
    """One batch in one transaction; the position reached, or None where nothing was left."""
    with engine.connect() as db:
        known = positions(db)
        aside = {(r.view, r.log, r.seq) for r in db.execute(sa.select(SetAside.table))}
    start = min(known.get((view.name, name), 0) for view in views)
    unreadable: list[tuple[int, str]] = []
    limit = BATCH if until is None else min(BATCH, until - start)
    if limit <= 0:
        return None
    facts = log.read(start, limit, lambda seq, reason: unreadable.append((seq, reason)))
    if not facts and not unreadable:
        return None
    end = max([fact.seq for fact in facts[-1:]] + [seq for seq, _ in unreadable])
    for seq, reason in unreadable:
        for view in views:
            if (view.name, name, seq) not in aside:
                raise Poison(view.name, name, seq, reason)
    with engine.begin() as db:
        batch = Batch(db)
        for view in views:
            before = known.get((view.name, name), 0)
            if before >= end:
                continue
            for fact in facts:
                if fact.seq <= before or (view.name, name, fact.seq) in aside:
                    continue
                try:
                    view.apply(fact, batch)
                except sa.exc.OperationalError:
                    raise  # the database is in trouble, not the fact
                except Exception as error:
                    raise Poison(view.name, name, fact.seq, type(error).__name__) from error
        batch.flush()
        for view in views:
            before = known.get((view.name, name), 0)
            if before < end:
                _move(db, view.name, name, before, end)
    return end


def _move(db: Db, view: str, log: LogName, before: int, after: int) -> None:
    table = Position.table
    if before == 0:
        known = db.execute(
            sa.select(table.c.position).where(table.c.view == view, table.c.log == log)
        ).first()
        if known is None:
            try:
                db.execute(sa.insert(table).values(view=view, log=log, position=after))
            except sa.exc.IntegrityError as error:
                raise Raced from error
            return
    moved = db.execute(
        sa.update(table)
        .where(table.c.view == view, table.c.log == log, table.c.position == before)
        .values(position=after)
    )
    if moved.rowcount != 1:
        raise Raced


def _set_aside(engine: sa.Engine, poison: Poison) -> None:
    with engine.begin() as db:
        batch = Batch(db)
        batch.put(SetAside(poison.view, poison.log, poison.seq, poison.reason))
        batch.flush()


def clear(engine: sa.Engine, views: Sequence[View]) -> None:
    """Drop and recreate the tables of these views, and forget their positions."""
    names = [view.name for view in views]
    tables = [row.table for view in views for row in view.rows]  # type: ignore[attr-defined]
    with engine.begin() as db:
        metadata.drop_all(db, tables=tables)
        metadata.create_all(db, tables=tables)
        for table in (Position.table, SetAside.table):
            db.execute(sa.delete(table).where(table.c.view.in_(names)))


def rebuild(engine: sa.Engine, views: Sequence[View], logs: Logs, **options: Any) -> None:
    """Make the views anew from the logs."""
    clear(engine, views)
    catch_up(engine, views, logs, **options)


def compare(engine: sa.Engine, scratch: sa.Engine, views: Sequence[View], logs: Logs) -> list[str]:
    """Rebuild the views beside the running ones, to the same positions; name every difference."""
    differences: list[str] = []
    with engine.connect() as db:
        known = positions(db)
    for view in views:
        until: dict[LogName, int] = {log: known.get((view.name, log), 0) for log in view.logs}
        catch_up(scratch, [view], {log: logs[log] for log in view.logs}, until=until)
    with engine.connect() as one, scratch.connect() as other:
        for view in views:
            for row in view.rows:
                differences += _differences(one, other, view, row.table)  # type: ignore[attr-defined]
    return differences


def _differences(one: Db, other: Db, view: View, table: sa.Table) -> list[str]:
    select = sa.select(table).order_by(*table.primary_key)
    keys = [column.name for column in table.primary_key]
    found: list[str] = []
    running = {tuple(getattr(r, k) for k in keys): r for r in one.execute(select)}
    rebuilt = {tuple(getattr(r, k) for k in keys): r for r in other.execute(select)}
    for key in sorted(running.keys() | rebuilt.keys(), key=str):
        name = f"{view.name}: {table.name} {'/'.join(map(str, key))}"
        if key not in rebuilt:
            found.append(f"{name} stands in the view but not in the log")
        elif key not in running:
            found.append(f"{name} is missing from the view")
        elif tuple(running[key]) != tuple(rebuilt[key]):
            found.append(f"{name} differs from what the log says")
    return found
