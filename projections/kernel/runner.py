"""Update views from the logs: read new facts, or make a view again from the first fact on.

For each batch of facts, the rows and the view's position in the log are written in one transaction.
The position is changed only if no other process has changed it meanwhile, so that no fact is
applied twice. If a view cannot apply a fact, the fact's position is stored and reported, and the
view continues with the next fact. The file is long because all code that opens views, or that reads
or changes positions, is here.
"""

import gc
import sqlite3
from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from functools import cached_property, lru_cache, partial
from pathlib import Path
from typing import Any
from uuid import UUID

import msgspec
import sqlalchemy as sa
from msgspec import Struct
from msgspec.structs import replace
from sqlalchemy.engine.mock import MockConnection

from access.database import (
    SCHEMA,
    lock,
    make,
    open_database,
    reading,
    schema_of,
    within,
    writing,
    written_schema,
)
from domain.data_protection.erasure import ErasureApproved
from domain.kernel.envelope import Event, IntegrityFailure, LogName, LogUnavailable, Recorded
from domain.kernel.log import LogReader
from domain.people_and_teams.right_time import RightTime
from projections.kernel.batch import RowBatch
from projections.kernel.database import Db
from projections.kernel.handled import Shares, is_of_erased_item
from projections.kernel.older_ids import read_older_ids
from projections.kernel.schema import Position, SetAside, View, metadata, tables_of
from projections.kernel.statements import DriverErrors
from projections.kernel.upcoming import UpcomingFacts

BATCH = 1000
#: If a batch has at least this many facts for a view, the rows that they need are read together.
MANY = 20
#: A process keeps at most this many connections to a server's views open; under load it opens as
#: many more.
AT_ONCE = 10
#: Seconds to wait for a lock on a server (`open_database` has the limit for files); and seconds
#: after which the server ends an idle transaction, because its process may hang.
PATIENCE, IDLE = 30, 60


Logs = Mapping[LogName, LogReader]


class ErasedItems(Struct, frozen=True, dict=True):
    """The items that approved erasures removed from the logs. Views must contain nothing from the
    streams of these items. `last` is the position of the last approval. `right` are corrections of
    a wrong clock; views that were made before a correction have to be made again.
    """

    erasures: Mapping[UUID, frozenset[UUID]] = msgspec.field(default_factory=dict)
    last: int = 0
    right: RightTime = msgspec.field(default_factory=RightTime)

    @cached_property
    def streams(self) -> frozenset[UUID]:
        """Return the streams that all approved erasures removed."""
        return frozenset[UUID]().union(*self.erasures.values())

    def since(self, before: "ErasedItems") -> frozenset[UUID]:
        """Return the streams that were erased by those erasures that are not in `before`."""
        new = self.erasures.keys() - before.erasures.keys()
        return frozenset[UUID]().union(*(self.erasures[item] for item in new))


NOTHING = ErasedItems()
#: A function that removes, within a transaction, all rows of these views that name one of these
#: items.
Strike = Callable[[Db, Sequence[View], Collection[UUID]], object]


class PositionMoved(Exception):
    """Raised if another process changed a position first; nothing was written."""


class Outdated(Exception):
    """Raised if an erasure was approved meanwhile: the views have to be made without the erased
    items.
    """


class BatchFailed(Exception):
    """Raised if a batch failed. Nothing was written; the facts are then applied in smaller batches,
    which show which fact fails.
    """


class UnappliedFact(Exception):
    """Raised if a view could not apply a fact."""

    def __init__(self, view: str, log: LogName, seq: int, reason: str) -> None:
        super().__init__(f"view {view} could not apply {log}:{seq} ({reason})")
        self.view, self.log, self.seq, self.reason = view, log, seq, reason


#: While views are made again, pages all over the file are written: 32 MB of pages are cached, and
#: the write-ahead log is copied into the file every 40 MB.
_PRAGMAS = (
    "journal_mode=WAL",
    "synchronous=NORMAL",
    "secure_delete=ON",
    "cache_size=-32000",
    "wal_autocheckpoint=10000",
)


_POSITIONS = "SELECT view, log, position FROM {}.positions"


def open_views(url: str | Path | None, schema: str = "views", *, whole: bool = True) -> sa.Engine:
    """Return the engine of the views: a SQLite file, a schema of a PostgreSQL database or, if `url`
    is None, temporary views of one connection.

    With `whole` False, the file is still being made; after a crash it would be useless, so that its
    writes do not wait for the disk.
    """
    # if a crash of the server loses rows, it loses the views' positions as well, so that the rows
    # are made again from the logs
    lazily = "-csynchronous_commit=off"
    patiently = f"-clock_timeout={PATIENCE}s -cidle_in_transaction_session_timeout={IDLE}s"
    engine = open_database(
        url,
        "pg_catalog",
        pragmas=_PRAGMAS if whole else (*_PRAGMAS, "synchronous=OFF"),
        options=f"{lazily} {patiently}",
        at_once=AT_ONCE,
    )
    if isinstance(url, Path):
        read_older_ids(engine)
    return within(engine, schema if engine.dialect.name == "postgresql" else "main")


def create(engine: sa.Engine, views: Sequence[View]) -> None:
    """Create the missing tables of these views."""
    tables = tables_of(views)
    with writing(engine) as db:
        schema = schema_of(db)
        make(db, sa.MetaData(), schema)
        if {table.name for table in tables}.intersection(sa.inspect(db).get_table_names(schema)):
            metadata.create_all(db, tables)
            return
        # In an empty schema, cached statements create all tables, on a server in one round trip. In
        # a schema with tables, SQLAlchemy looks up and compiles each table, which takes three times
        # as long.
        speech: Callable[[], sa.Dialect] = type(db.dialect)
        creation = _creation(frozenset(tables), speech)
        statements = [statement.replace(SCHEMA, schema) for statement in creation]
        if db.dialect.name == "postgresql":
            statements = [";\n".join(statements)]
        cursor = db.connection.cursor()
        for statement in statements:
            with DriverErrors(db, statement):
                cursor.execute(statement)


@lru_cache(maxsize=4)
def _creation(tables: frozenset[sa.Table], speech: Callable[[], sa.Dialect]) -> list[str]:
    """Return the statements that create these tables, with the word SCHEMA in place of their
    schema.
    """
    dialect, statements = speech(), list[str]()

    def say(statement: Any, *given: object) -> None:
        statements.append(str(statement.compile(dialect=dialect, schema_translate_map={None: ""})))

    listening: Any = MockConnection(dialect, say)
    metadata.create_all(
        listening,
        [sorted_table for sorted_table in metadata.sorted_tables if sorted_table in tables],
    )
    return statements


def positions(db: Db) -> dict[tuple[str, str], int]:
    """Return each view's position in each log. The driver is used directly, because every query
    needs the positions and SQLAlchemy would take twice as long.
    """
    statement = _POSITIONS.format(schema_of(db))
    cursor = db.connection.cursor()
    with DriverErrors(db, statement):
        cursor.execute(statement)
        rows = cursor.fetchall()
    return {(view, name): position for view, name, position in rows}


def set_aside(db: Db) -> list[SetAside]:
    """Return the facts that a view could not apply."""
    table = SetAside.table
    return [SetAside(*row) for row in db.execute(sa.select(table).order_by(*table.primary_key))]


@dataclass
class SkippedFacts:
    """For each view, how far its logs were examined beyond the view's position without finding a
    fact that concerns the view.

    This saves writes: every query adds to the access log, and a view that only needs changes of
    accounts would otherwise write its new position at every query.
    """

    _far: dict[object, tuple[int, int]] = field(default_factory=dict)

    def over(self, view: View, name: LogName, log: LogReader, at: int, last: int) -> bool:
        """Return whether the view needs none of the facts after position `at` and up to `last`. If
        these are more than one batch, return False without reading them, so that the view is
        updated.
        """
        if not view.passes or not at or last - at > BATCH:
            return False
        return self._through((view.name, name), log, at, last, view.passes.__contains__)

    def nothing_after(
        self, name: LogName, log: LogReader, at: int, last: int, moving: frozenset[type[Event]]
    ) -> bool:
        """Return whether none of the events `moving` is in the log after `at`, up to `last`."""
        return self._through((name, moving), log, at, last, lambda kind: not _is_of(kind, moving))

    def _through(
        self,
        key: object,
        log: LogReader,
        at: int,
        last: int,
        passes: Callable[[type[Event]], bool],
    ) -> bool:
        start, far = self._far.get(key, (at, at))
        far = max(far, at) if start <= at else at
        while far < last:
            kinds = log.kinds(far, BATCH)
            if not all(kind and passes(kind) for _, kind in kinds):
                return False
            far = max(kinds[-1][0] if kinds else last, far)
            self._far[key] = at, far
        return True


@lru_cache(maxsize=4096)
def _is_of(kind: type[Event], classes: frozenset[type[Event]]) -> bool:
    """Return whether the event class `kind` is one of the classes in `classes`, or a subclass of
    one of them.
    """
    return issubclass(kind, tuple(classes))


def damaged(error: sa.exc.SQLAlchemyError) -> bool:
    """Return whether an error means that a file of views is damaged, and not locked or out of
    reach.
    """
    cause = getattr(error, "orig", None)
    return isinstance(cause, sqlite3.DatabaseError) and not isinstance(
        cause, sqlite3.OperationalError
    )


def heads(views: Sequence[View], logs: Logs) -> dict[LogName, int]:
    """Return the position of the last fact of each log of these views. The source register is left
    out if it does not answer, because the other logs are readable without it. Raise LogUnavailable
    if another log does not answer.
    """
    head_by_log: dict[LogName, int] = {}
    for name in dict.fromkeys(name for view in views for name in view.logs):
        try:
            head_by_log[name] = logs[name].last()
        except LogUnavailable:
            if name != "sources":
                raise
    return head_by_log


def lacking(
    db: Db, views: Sequence[View], logs: Logs, heads: Mapping[LogName, int], skimmed: SkippedFacts
) -> int:
    """Return how many facts the view that is furthest behind has yet to read, up to the positions
    `heads` of the logs; 0 if no view lacks a fact. Raises IntegrityFailure if a view has read more
    facts than its log has.
    """
    stored_positions, most, ahead = positions(db), 0, False
    for view in views:
        for name in view.logs:
            last, at = heads.get(name, 0), stored_positions.get((view.name, name), 0)
            ahead = ahead or (at > last and name in heads)
            if last - at > most and not skimmed.over(view, name, logs[name], at, last):
                most = last - at
    if ahead:
        require_not_ahead(db, logs)
    return most


def require_not_ahead(db: Db, logs: Logs) -> None:
    """Raise IntegrityFailure if a view has read more facts than its log has: the log was replaced
    by an older copy, or its last records were removed.
    """
    stored_positions = positions(db)
    for name, log in logs.items():
        read = max((at for (_, of), at in stored_positions.items() if of == name), default=0)
        try:
            # read after the views' positions, which may increase meanwhile
            last = log.last()
        except LogUnavailable:
            continue
        if read > last:
            raise IntegrityFailure(
                f"The views have read record {read} of the {name} log, which ends at "
                f"{last}: the log was replaced by an older copy. Run: continuum verify. "
                "If this log is the right one, run: continuum views rebuild"
            )


def catch_up(
    engine: sa.Engine,
    views: Sequence[View],
    logs: Logs,
    *,
    until: Mapping[LogName, int] | None = None,
    on_poison: Callable[[UnappliedFact], None] | None = None,
    gone: ErasedItems = NOTHING,
    strike: Strike | None = None,
    batch: int = BATCH,
    enough: Callable[[], bool] = lambda: False,
    shared: bool = False,
) -> bool:
    """Apply to every view, in batches, the facts of its logs after its position (up to `until`),
    without the erased items in `gone`. Return True at the end of the logs; return False if `enough`
    returned True after a batch. With `shared`, a file is locked only while a batch is written,
    because another process writes other views in the file.

    When a view reads the approval of an erasure, `strike` removes the rows that name the erased
    items. (A view made from the first fact on has no such rows.)

    Raise Outdated if an erasure was approved that is not in `gone`, and the database's errors if
    the database is out of reach, full or locked.
    """
    whole = True
    known_positions = _StoredPositions(engine)
    for name, log in logs.items():
        reading = [view for view in views if name in view.logs]
        size, more = batch, bool(reading)
        while more:
            try:
                with _collector_resting():
                    end = (until or {}).get(name)
                    more = _step(
                        *(
                            engine,
                            reading,
                            name,
                            log,
                            end,
                            size,
                            on_poison,
                            gone,
                            known_positions,
                            strike,
                        ),
                        shared=shared,
                    )
            except PositionMoved:
                known_positions = _StoredPositions(engine)
                continue
            except BatchFailed:
                size = max(1, size // 10)
                continue
            except UnappliedFact as poison:
                _set_aside(engine, [poison], on_poison)
                known_positions = _StoredPositions(engine)
                continue
            size = batch
            if more and enough():
                whole = more = False
    return whole


@contextmanager
def _collector_resting() -> Iterator[None]:
    """Pause Python's garbage collector for a batch. Rows and facts form no cycles; examining them
    again and again would take a third of the time.
    """
    working = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if working:
            gc.enable()


class _StoredPositions:
    """The positions of the views, and the facts that views could not apply, read once for all logs.
    If another process has changed a position since, the next attempt to change it fails.
    """

    def __init__(self, engine: sa.Engine) -> None:
        with reading(engine) as db:
            self.positions = positions(db)
            rows = db.exec_driver_sql(f"SELECT view, log, seq FROM {schema_of(db)}.set_aside")  # noqa: S608
            self.aside = {(view, log, seq) for view, log, seq in rows}


def _step(
    engine: sa.Engine,
    views: Sequence[View],
    name: LogName,
    log: LogReader,
    until: int | None,
    size: int,
    on_poison: Callable[[UnappliedFact], None] | None,
    items: ErasedItems,
    known_positions: _StoredPositions,
    strike: Strike | None,
    *,
    shared: bool,
) -> bool:
    """Apply a batch of facts in a transaction; return False if no fact was left to read."""
    before = {view.name: known_positions.positions.get((view.name, name), 0) for view in views}
    start = min(before.values())
    limit = size if until is None else min(size, until - start)
    if limit <= 0:
        return False
    unreadable: list[tuple[int, str]] = []
    read = log.read(start, limit, lambda seq, reason: unreadable.append((seq, reason)))
    facts = [_dated(fact, items.right) for fact in read]
    if not facts and not unreadable:
        return False
    for fact in facts:
        if type(fact.event) is ErasureApproved and fact.event.erasure not in items.erasures:
            raise Outdated
    end = max([fact.seq for fact in facts[-1:]] + [seq for seq, _ in unreadable])
    poisons = [
        UnappliedFact(view.name, name, seq, reason)
        for seq, reason in unreadable
        for view in views
        if seq > before[view.name] and (view.name, name, seq) not in known_positions.aside
    ]
    _set_aside(engine, poisons, on_poison)
    known_positions.aside.update((poison.view, poison.log, poison.seq) for poison in poisons)
    with writing(engine, late=shared) as db:
        batch = RowBatch(db)
        batch.upcoming = UpcomingFacts(facts)
        behind = [view for view in views if before[view.name] < end]
        move = partial(_move, db, name, behind, {v.name: before[v.name] for v in behind}, end)
        if not shared:
            move()
        for fact in facts:
            if strike and type(fact.event) is ErasureApproved:
                past = [view for view in behind if before[view.name] < fact.seq]
                strike(db, past, items.erasures[fact.event.erasure])
        shares = Shares(facts, items.streams)
        for view in behind:
            new = shares.of(view)
            if before[view.name] > start:
                new = [f for f in new if f.seq > before[view.name]]
            if new and known_positions.aside:
                new = [f for f in new if (view.name, name, f.seq) not in known_positions.aside]
            _apply(batch, view, new, items.streams, blamed=size == 1)
        if shared:
            lock(db)
            move()
        _flush(batch)
    known_positions.positions.update({(view.name, name): end for view in behind})
    return len(facts) + len(unreadable) >= size


def _dated(fact: Recorded, right: RightTime) -> Recorded:
    """Return the fact with its corrected time in place of its recorded time, if the clock was
    wrong. Views read no other recorded time, so that deadlines run from the corrected time.
    """
    if fact.clock is None and not right.set_right:
        return fact
    return replace(fact, recorded=right.came(fact))


def _apply(
    batch: RowBatch, view: View, facts: Sequence[Recorded], gone: frozenset[UUID], *, blamed: bool
) -> None:
    """Apply the facts of a batch that the view handles. With `blamed`, the facts are applied one at
    a time to find the one that fails, and the rows are written after each fact.
    """
    if not facts:
        return
    try:
        if len(facts) >= MANY and view.ahead:
            view.ahead(facts, batch)
        for fact in facts:
            batch.upcoming.current = fact
            if gone and is_of_erased_item(fact, gone):
                if view.left:
                    view.left(fact, batch)
            else:
                view.apply(fact, batch)
        if blamed:
            for row in view.rows:
                batch.flush(row)
    except Exception as error:
        if _in_trouble(error):
            raise
        if not blamed:
            raise BatchFailed from error
        raise UnappliedFact(view.name, facts[0].log, facts[0].seq, type(error).__name__) from error


def _flush(batch: RowBatch) -> None:
    try:
        batch.flush()
    except Exception as error:
        if _in_trouble(error):
            raise
        raise BatchFailed from error


def _in_trouble(error: Exception) -> bool:
    """Return whether the error is an error of the database, and not caused by the fact."""
    ours = (sa.exc.DataError, sa.exc.IntegrityError)
    theirs = (sa.exc.DBAPIError, sa.exc.TimeoutError)
    return isinstance(error, theirs) and not isinstance(error, ours)


def _move(
    db: Db, log: LogName, views: Sequence[View], before: Mapping[str, int], after: int
) -> None:
    """Set the positions of these views in a log to `after`. If another process has changed them
    from `before` meanwhile, raise PositionMoved.

    On a server, the positions of these views in their other logs are locked, too, in the same order
    by all processes: a row may depend on facts of two logs, and two processes that each read one of
    the logs would not see each other's rows. A file has only one writer at a time.
    """
    server, place = db.dialect.name == "postgresql", f"{written_schema(db)}.positions"
    began = [view for view in views if not before[view.name]]
    names, mark = sorted(before), "%s" if server else "?"
    if first := sorted(
        (v.name, log_name) for v in began for log_name in (v.logs if server else (log,))
    ):
        put = f"INSERT INTO {place} (view, log, position) VALUES ({mark}, {mark}, 0)"  # noqa: S608
        db.exec_driver_sql(f"{put} ON CONFLICT DO NOTHING", first)
    condition = "= ANY(%s)" if server else f"IN ({', '.join('?' * len(names))})"
    named: tuple[Any, ...] = (names,) if server else tuple(names)
    query = f"SELECT view, log, position FROM {place} WHERE view {condition}"  # noqa: S608
    query += " ORDER BY view, log FOR UPDATE" if server else ""
    rows = db.exec_driver_sql(query, named)
    if {row.view: row.position for row in rows if row.log == log} != before:
        raise PositionMoved
    move = f"UPDATE {place} SET position = {mark} WHERE log = {mark} AND view {condition}"  # noqa: S608
    db.exec_driver_sql(move, (after, log, *named))


def _set_aside(
    engine: sa.Engine,
    poisons: Sequence[UnappliedFact],
    on_poison: Callable[[UnappliedFact], None] | None,
) -> None:
    if not poisons:
        return
    with writing(engine) as db:
        batch = RowBatch(db)
        for poison in poisons:
            batch.put(SetAside(poison.view, poison.log, poison.seq, poison.reason))
        batch.flush()
    for poison in poisons:
        if on_poison:
            on_poison(poison)


def clear(engine: sa.Engine, views: Sequence[View]) -> None:
    """Empty the tables of these views, and delete their positions."""
    names = [view.name for view in views]
    with writing(engine) as db:
        for view in views:
            for row in view.rows:
                db.execute(sa.delete(row.table))  # type: ignore[attr-defined]
        for table in (Position.table, SetAside.table):
            db.execute(sa.delete(table).where(table.c.view.in_(names)))


def rebuild(engine: sa.Engine, views: Sequence[View], logs: Logs, **options: Any) -> None:
    """Delete the rows of these views and make them again from the logs."""
    clear(engine, views)
    catch_up(engine, views, logs, **options)
