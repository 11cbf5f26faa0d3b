"""Make the next generation (complete set) of the views while the current generation is being read.

Views with an unchanged definition are copied; the others are made again from the logs. Then all
views read the newest facts, and the pointer to the current generation is moved. Only one process
makes a generation at a time, in a place where no other process reads or writes. If this process is
killed, the next attempt deletes the unfinished generation.

For a large store, a second process makes half of the views (`Helper`). The first process completes
them at the end, so that nothing depends on when or how the second process ends.
"""

from collections.abc import Callable, Collection, Iterator, Sequence
from contextlib import AbstractContextManager, nullcontext
from typing import Protocol

import sqlalchemy as sa
from msgspec import Struct

from access.database import reading, writing
from domain.kernel.envelope import LogName
from projections.generations.one import GenerationRecord, read_stored_record, write_down
from projections.kernel import runner
from projections.kernel.database import Db
from projections.kernel.schema import View

#: A generation reports its progress, and is written to the disk, each time this many facts were
#: read.
_STRIDE = 5 * runner.BATCH
#: Number of attempts to make a generation; an attempt fails if an erasure is approved meanwhile.
_TRIES = 5
#: With fewer facts than this, no second process is started: its start takes as long as reading
#: them.
LARGE = 20_000


class Generations(Protocol):
    """The interface to the place of a store's generations: files or a server."""

    def current(self) -> int | None: ...

    def engine(self, number: int) -> sa.Engine: ...

    def unfinished(self, number: int) -> sa.Engine: ...

    def picture(self, number: int, statements: Sequence[str]) -> sa.Engine: ...

    def reading(self, number: int, engine: sa.Engine) -> AbstractContextManager[Db | None]: ...

    def sweep(self) -> bool: ...

    def prepare(self) -> None: ...

    def making(self) -> AbstractContextManager[None]: ...

    def renewing(self) -> AbstractContextManager[None]: ...

    def taking(self, seconds: float) -> AbstractContextManager[None]: ...

    def half_made(self) -> int | None: ...

    def begin(self) -> int: ...

    def copy(self, old: int, new: int, view: View) -> None: ...

    def flush(self, number: int) -> bool: ...

    def point(self, number: int) -> None: ...

    def take_parts(self, holder: str, seconds: float, parts: int) -> frozenset[int]: ...

    def leased(self) -> bool: ...

    def release_parts(self, holder: str) -> None: ...

    def lead(self, holder: str, seconds: float) -> bool: ...

    def beat(self, holder: str) -> None: ...

    def stop_leading(self, holder: str) -> None: ...

    def since_beat(self) -> float | None: ...

    def close(self) -> None: ...


class RebuildProgress(Struct, frozen=True):
    """The progress of a generation that is being made: the number of facts read so far, and the
    `total` for its views."""

    done: int
    total: int

    @property
    def percent(self) -> int:
        return 100 * self.done // self.total if self.total else 100


Tell = Callable[[RebuildProgress], None]
#: A function that starts a second process to make some of these views of an unfinished generation,
#: and yields the other views. At its end it waits for the second process; after an exception it
#: ends that process.
Helper = Callable[[int, Sequence[View]], AbstractContextManager[Sequence[View]]]


def make(
    places: Generations,
    views: Sequence[View],
    logs: runner.Logs,
    gone: Callable[[], runner.ErasedItems],
    again: Callable[[GenerationRecord], Collection[str]],
    on_poison: Callable[[runner.UnappliedFact], None],
    tell: Tell = lambda progress: None,
    helper: Helper | None = None,
) -> bool:
    """Make the next generation if one is needed, and return whether one was made. `again` returns
    the names of the views of the current generation that have to be made again from the logs.

    Raise Busy while another process makes a generation, LogUnavailable, and the database's errors.
    """
    with places.making():
        for _ in range(_TRIES):
            current = places.current()
            record = None if current is None else read_generation(places, current)
            replayed = set(again(record)) if record else {view.name for view in views}
            if record and not replayed:
                return False
            try:
                _make(places, current, views, replayed, logs, gone(), on_poison, tell, helper)
            except runner.Outdated:
                continue
            return True
    raise runner.Outdated


def read_generation(places: Generations, number: int) -> GenerationRecord | None:
    """Return the stored record of a generation; None if the generation cannot be read."""
    engine = places.engine(number)
    try:
        return read_record(engine)
    finally:
        let_go(engine)


def read_record(engine: sa.Engine) -> GenerationRecord | None:
    """Return the stored record of the generation that this engine reads; None if it cannot be
    read."""
    try:
        with reading(engine) as db:
            return read_stored_record(db)
    except sa.exc.SQLAlchemyError as error:
        if runner.damaged(error):
            return None
        raise


def let_go(engine: sa.Engine) -> None:
    """Close the connections if the views are in a file (SQLite). On a database server all
    generations share the connections, which stay open."""
    if engine.dialect.name == "sqlite":
        engine.dispose()


def _make(
    places: Generations,
    current: int | None,
    views: Sequence[View],
    replayed: Collection[str],
    logs: runner.Logs,
    items: runner.ErasedItems,
    on_poison: Callable[[runner.UnappliedFact], None],
    tell: Tell,
    helper: Helper | None,
) -> None:
    number = places.begin()
    engine = places.unfinished(number)
    try:
        runner.create(engine, views)
        if current is not None:
            copied = [view for view in views if view.name not in replayed]
            for view in copied:
                places.copy(current, number, view)
            record = read_generation(places, current)
            if record and any(view.name in record.struck for view in copied):
                # the copied rows may be incomplete, because rows were removed from the old
                # generation
                raise runner.Outdated
        first = [view for view in views if view.name in replayed]
        large = sum(runner.heads(first, logs).values()) >= LARGE
        with helper(number, first) if helper and large else nullcontext(first) as own:
            for progress in followed(
                engine, own, logs, items, on_poison, shared=len(own) < len(first)
            ):
                places.flush(number)
                tell(progress)
        runner.catch_up(engine, views, logs, on_poison=on_poison, gone=items)
        with writing(engine) as db:
            write_down(db, views)
    finally:
        let_go(engine)
    places.point(number)


def followed(
    engine: sa.Engine,
    views: Sequence[View],
    logs: runner.Logs,
    items: runner.ErasedItems,
    on_poison: Callable[[runner.UnappliedFact], None],
    *,
    shared: bool,
) -> Iterator[RebuildProgress]:
    """Read every log to its present end, in portions, and yield the progress after each portion."""
    lasts: dict[LogName, int] = {
        name: log.last() for name, log in logs.items() if any(name in v.logs for v in views)
    }
    processed, total = 0, sum(lasts.values())
    for name, last in lasts.items():
        for start in range(0, last, _STRIDE):
            until = min(start + _STRIDE, last)
            until_by_log: dict[LogName, int] = {name: until}
            runner.catch_up(
                *(engine, views, {name: logs[name]}),
                until=until_by_log,
                on_poison=on_poison,
                gone=items,
                shared=shared,
            )
            processed += until - start
            yield RebuildProgress(processed, total)
