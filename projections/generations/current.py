"""The current generation (set) of the views, shared by all readers in this process.

A unit of work reads the same generation from beginning to end. When a generation is no longer
current, its last reader closes it.
"""

import contextlib
import time
from collections import Counter
from collections.abc import Collection, Iterator, Sequence
from datetime import datetime
from threading import Lock

from msgspec import Struct
from msgspec.structs import replace

from access.database import reading as opened
from domain.kernel.envelope import LogUnavailable
from projections.generations import making
from projections.generations.making import RebuildProgress
from projections.generations.one import Generation, GenerationRecord, refuse_deciding_by, shape
from projections.kernel import runner
from projections.kernel.database import Db, Engine
from projections.kernel.schema import View, ViewsTrouble, struck, tables_of

#: Seconds between two checks whether another process removed rows from the views.
AGAIN = 5.0

NO_ANSWER = (
    "the views do not answer ({}); nothing recorded is lost: make them again with: "
    "continuum views rebuild"
)


class FrozenViews(Struct, frozen=True):
    """Views that show no new facts until they are made again. `at` is the time of the last fact in
    them, None if they contain none; `percent` is the progress of making them again, None if no
    process does so.
    """

    views: tuple[str, ...]
    at: datetime | None
    percent: int | None


class Current:
    """The current generation of the views, stored at `places`. `looked_at` are the names of views
    that a decision may read even if they are frozen: the caller checks first whether anything has
    changed since (`Upkeep._decides`).
    """

    def __init__(
        self,
        places: making.Generations,
        logs: runner.Logs,
        views: Sequence[View],
        looked_at: Collection[str],
    ) -> None:
        self.places = places
        self._logs = logs
        self._views = views
        self._looked_at = looked_at
        self._now: Generation | None = None
        self._users: Counter[Engine] = Counter()
        self._lock = Lock()
        self._fitted = False
        self._looked = float("-inf")

    @contextlib.contextmanager
    def using(self) -> Iterator[Generation]:
        """Yield the current generation. Raise LogUnavailable if there is none that can be read."""
        with self._lock:
            now = self._now = self._now or self._opened()
            self._users[now.engine] += 1
        try:
            yield now
        finally:
            with self._lock:
                self._users[now.engine] -= 1
                self._close_unused(now)

    def _opened(self) -> Generation:
        number = self.places.current()
        if number is None:
            raise self._none_to_read()
        engine = self.places.engine(number)
        try:
            record = making.read_record(engine)
            if record is None:
                raise self._none_to_read()
            return self._of(number, engine, record)
        except BaseException:
            making.let_go(engine)
            raise

    def _none_to_read(self) -> LogUnavailable:
        how = "they are being made" if self.progress() else "there are none that can be read"
        return LogUnavailable(NO_ANSWER.format(how))

    def _of(self, number: int, engine: Engine, record: GenerationRecord) -> Generation:
        """Return the generation with this number, from its stored record."""
        differing = record.differing(self._views)
        shown = follows = engine
        frozen: frozenset[str] = frozenset()
        if differing:
            with opened(engine) as db:
                tables = shape(db, [table.name for table in tables_of(self._views)])
            others = [view for view in self._views if view.name in differing]
            frozen = tables.frozen(others, engine.dialect)
            picture = self.places.picture(
                number, list(tables.pictures(self._views, engine.dialect))
            )
            lacking = tables.lacking(self._views, engine.dialect)
            shown = follows = picture.execution_options(lacking=lacking)
            refuse_deciding_by(shown)
        self._fitted |= not differing
        self._looked = time.monotonic()
        outdated = differing | record.struck
        undecidable = frozenset(
            row.table.name  # type: ignore[attr-defined]
            for view in self._views
            if view.name in frozen and view.name not in self._looked_at
            for row in view.rows
        )
        return Generation(
            number, engine, shown, follows, outdated, frozen, record.program, undecidable
        )

    def let_go(self) -> None:
        """Give up the stored current generation of the views, so that its next use determines again
        which generation is current.
        """
        with self._lock:
            old, self._now = self._now, None
            if old:
                self._close_unused(old)

    def _close_unused(self, generation: Generation) -> None:
        """Close the connections to a generation that is no longer current and that no unit of work
        uses."""
        current = self._now
        if self._users[generation.engine] or (current and current.engine is generation.engine):
            return
        del self._users[generation.engine]
        making.let_go(generation.engine)
        if generation.shown is not generation.engine:
            generation.shown.dispose()

    @property
    def outdated(self) -> bool:
        """Return whether a new generation of the views has to be made for this release to read all
        views. If a later release made the current generation, return False: this release then shows
        those parts of the views that it can read.
        """
        try:
            with self.using() as now:
                return (
                    bool(now.outdated or self._struck_elsewhere(now))
                    and not now.newer
                    and not (self._fitted and now.shown is not now.engine)
                )
        except (LogUnavailable, *ViewsTrouble):
            return True

    def _struck_elsewhere(self, now: Generation) -> bool:
        """Return whether another process removed rows from this generation without making the next
        one, so that this process has to make it. If the last check was less than `AGAIN` seconds
        ago, return False without a check.
        """
        if time.monotonic() - self._looked < AGAIN:
            return False
        self._looked = time.monotonic()
        with opened(now.engine) as db:
            is_struck = struck(db, [view.name for view in self._views])
        if is_struck:
            self.struck(now)
        return is_struck

    def progress(self) -> RebuildProgress | None:
        """Return the progress of the next generation; None if no process makes one."""
        number = self.places.half_made()
        if number is None:
            return None
        engine = self.places.engine(number)
        try:
            with opened(engine) as db:
                reached = runner.positions(db)
        except ViewsTrouble:
            return RebuildProgress(0, 1)
        finally:
            making.let_go(engine)
        wanted = [(view.name, name) for view in self._views for name in view.logs]
        lasts = {name: self._logs[name].last() for _, name in wanted}
        processed = sum(min(reached.get(view_log, 0), lasts[view_log[1]]) for view_log in wanted)
        return RebuildProgress(processed, sum(lasts[name] for _, name in wanted))

    def picture(self) -> FrozenViews | None:
        """Return the frozen views, which show no new facts: their names, the time of their last
        fact, and the progress of the next generation. Return None if no view is frozen, or if the
        database does not answer.
        """
        try:
            with self.using() as now:
                if not now.frozen:
                    return None
                with opened(now.engine) as db:
                    reached = runner.positions(db)
        except (LogUnavailable, *ViewsTrouble):
            return None
        progress = self.progress()
        frozen = (
            at for (view, name), at in reached.items() if name == "evidence" and view in now.frozen
        )
        at = min(frozen, default=0)
        facts = self._logs["evidence"].read(at - 1, 1) if at else []
        when = facts[0].recorded if facts else None
        return FrozenViews(tuple(sorted(now.frozen)), when, progress.percent if progress else None)

    @contextlib.contextmanager
    def reading(self) -> Iterator[tuple[Generation, Db]]:
        try:
            while True:
                with (
                    self.using() as now,
                    self.places.reading(now.number, now.shown) as db,
                ):
                    if db is not None:
                        yield now, db
                        return
                self.let_go()
        except ViewsTrouble as error:
            raise LogUnavailable(NO_ANSWER.format(type(error).__name__)) from error

    def struck(self, generation: Generation) -> None:
        """Store that this generation has to be made again, because rows were removed from it."""
        with self._lock:
            if self._now and self._now.number == generation.number:
                names = frozenset(view.name for view in self._views)
                self._now = replace(self._now, outdated=names)
