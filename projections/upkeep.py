"""The views of an open store: kept up with its logs, read, made anew, compared.

Every unit of work reads one generation from its beginning to its end. Where today's program would
make some views otherwise, they are shown as they stood until the next generation is made, which
somebody does by `make`: the command line before it answers a question, a server beside its work.
"""

import contextlib
import time
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from pathlib import Path
from threading import Lock
from typing import Protocol
from uuid import UUID

import structlog

from access.database import reading
from domain.envelope import LogName, LogUnavailable, Recorded, StillHeld, Undecodable
from domain.erasure import ErasureApproved
from projections import accounts, all_views, comparing, reach, runner
from projections.generations import making, taking
from projections.generations.files import Busy, Files
from projections.generations.making import Progress, Tell
from projections.generations.one import Generation, Held, shape
from projections.schema import Db, Engine, View, ViewsTrouble
from projections.turns import Turns

#: Seconds that an erasure waits for those who still read the older generation.
LAST_READERS = 10.0
#: Seconds between two looks at what another process makes.
_AGAIN = 0.1
_NO_ANSWER = (
    "the views do not answer ({}); nothing recorded is lost: make them anew with: "
    "continuum views rebuild"
)
log = structlog.get_logger("continuum")


@dataclass(frozen=True)
class Picture:
    """What is shown while views are made anew: the rows of these views as they stood at a time
    (None: before anything was recorded), and how far the next generation is, if one is made."""

    views: tuple[str, ...]
    at: datetime | None
    percent: int | None


class Beside(Protocol):
    """Makes the next generation in a process of its own."""

    def __call__(self) -> None:
        """Begin, unless it has begun."""

    def make(self) -> None:
        """Return once it was made, or could not be."""


class Upkeep:
    """The running views of one store; all who are served share them.

    `place` is the directory that holds them, or the address of their server; `gone` tells what
    approved erasures took out of the logs. A view that cannot follow is named in `behind`: it never
    fails a recording. `beside` makes the next generation in another process, where people are
    served.
    """

    def __init__(
        self, place: Path | str, logs: runner.Logs, gone: Callable[[], runner.Gone]
    ) -> None:
        self.behind: list[str] = []
        self.beside: Beside | None = None
        self._logs, self._gone = logs, gone
        self._known_gone = runner.NOTHING
        self._places = _places(place)
        self._generation: Generation | None = None
        self._users: Counter[Engine] = Counter()
        self._lock = Lock()
        self._turns = {width: Turns() for width in ("all", "known", "few")}
        self._skimmed = runner.Skimmed()
        self._fitted = False
        self._looked_through: dict[tuple[str, LogName], int] = {}

    @property
    def engine(self) -> Engine:
        """The engine of the current generation. Raises LogUnavailable."""
        with self._using() as now:
            return now.engine

    # --- which generation -----------------------------------------------------------------------

    @contextlib.contextmanager
    def _using(self) -> Iterator[Generation]:
        """The generation that was current when this was last asked; its last user closes it once
        another one is. Raises LogUnavailable where there is none that can be read."""
        with self._lock:
            now = self._generation = self._generation or self._opened()
            self._users[now.engine] += 1
        try:
            yield now
        finally:
            with self._lock:
                self._users[now.engine] -= 1
                self._close_unused(now)

    def _opened(self) -> Generation:
        number = self._places.current()
        known = None if number is None else making.told_of(self._places, number)
        if number is None or known is None:
            made = self.progress()
            how = "they are being made" if made else "there are none that can be read"
            raise LogUnavailable(_NO_ANSWER.format(how))
        engine = self._places.engine(number)
        differing = known.differing(all_views.VIEWS)
        shown = follows = engine
        frozen: frozenset[str] = frozenset()
        if differing:
            with reading(engine) as db:
                tables = shape(db)
            others = [view for view in all_views.VIEWS if view.name in differing]
            frozen = tables.frozen(others, engine.dialect)
            picture = self._places.picture(number, list(tables.pictures(engine.dialect)))
            lacking = tables.lacking(engine.dialect)
            shown = follows = picture.execution_options(lacking=lacking)
        self._fitted |= not differing
        self._looked_through.clear()
        outdated = differing | known.struck
        return Generation(number, engine, shown, follows, outdated, frozen, known.program)

    def _let_go(self) -> None:
        """The next unit of work looks which generation is current."""
        with self._lock:
            old, self._generation = self._generation, None
            if old:
                self._close_unused(old)

    def _close_unused(self, one: Generation) -> None:
        """Close the connections to a generation that is neither used nor the current one."""
        current = self._generation
        if self._users[one.engine] or (current and current.engine is one.engine):
            return
        del self._users[one.engine]
        making.let_go(one.engine)
        if one.shown is not one.engine:
            one.shown.dispose()

    @property
    def outdated(self) -> bool:
        """Whether a generation has to be made that this program would read. Not by one that found
        its own taken over by another release's: that one goes on showing what it can."""
        try:
            with self._using() as now:
                return (
                    bool(now.outdated)
                    and not now.newer
                    and not (self._fitted and now.shown is not now.engine)
                )
        except (LogUnavailable, *ViewsTrouble):
            return True

    def progress(self) -> Progress | None:
        """How far somebody is in making the next generation; None while nobody is."""
        number = self._places.half_made()
        if number is None:
            return None
        engine = self._places.engine(number)
        try:
            with reading(engine) as db:
                reached = runner.positions(db)
        except ViewsTrouble:
            return Progress(0, 1)
        finally:
            making.let_go(engine)
        wanted = [(view.name, name) for view in all_views.VIEWS for name in view.logs]
        lasts = {name: self._logs[name].last() for _, name in wanted}
        done = sum(min(reached.get(one, 0), lasts[one[1]]) for one in wanted)
        return Progress(done, sum(lasts[name] for _, name in wanted))

    def picture(self) -> Picture | None:
        """What is shown that is not followed any more; None where everything is."""
        try:
            with self._using() as now:
                if not now.frozen:
                    return None
                with reading(now.engine) as db:
                    reached = runner.positions(db)
        except (LogUnavailable, *ViewsTrouble):
            return None
        progress = self.progress()
        at = (
            min(
                at
                for (view, name), at in reached.items()
                if name == "evidence" and view in now.frozen
            )
            if reached
            else 0
        )
        facts = self._logs["evidence"].read(at - 1, 1) if at else []
        when = facts[0].recorded if facts else None
        return Picture(tuple(sorted(now.frozen)), when, progress.percent if progress else None)

    # --- reading and following ------------------------------------------------------------------

    @contextlib.contextmanager
    def reading(self, views: Sequence[View] = ()) -> Iterator[Db]:
        """The current generation, with these views brought up to date first. Raises LogUnavailable
        if it is out of reach."""
        try:
            while True:
                with (
                    self._using() as now,
                    self._places.reading(now.number, now.shown) as db,
                ):
                    if db is not None:
                        if views:
                            self._follow(now, db, views)
                        yield db
                        return
                self._let_go()
        except ViewsTrouble as error:
            raise LogUnavailable(_NO_ANSWER.format(type(error).__name__)) from error

    def keep_up(self, views: Sequence[View]) -> bool:
        """Bring views up to date; whether they are. Trouble is logged, and shown by `views status`.

        Who looked waits until it is asked: it would make every reader write.
        """
        before = len(self.behind)
        try:
            with self.reading(views):
                return len(self.behind) <= before
        except LogUnavailable as error:
            self._is_behind(error)
            return False

    def _follow(self, now: Generation, db: Db, views: Sequence[View]) -> None:
        try:
            if now.frozen:
                self._take_away(now)
            if runner.behind(db, now.following(views), self._logs, self._skimmed):
                db.rollback()
                width, wanted = _width(views)
                some = now.following(wanted)
                self._turns[width].after_now(lambda: self._catch_up(now, some))
            elif not self._moved(now, db, views):
                self.behind.clear()
        except (*ViewsTrouble, LogUnavailable, Undecodable) as error:
            self._is_behind(error)
        finally:
            db.rollback()  # what is read from here on sees what was written
        if self.beside and self.outdated:
            self.beside()

    def _is_behind(self, error: Exception) -> None:
        self.behind.append(type(error).__name__)
        log.error("views are behind", reason=type(error).__name__)

    def _catch_up(self, now: Generation, views: Sequence[View]) -> None:
        try:
            runner.catch_up(
                now.follows, views, self._logs, on_poison=_set_aside, gone=self._known_gone
            )
        except runner.Outdated:
            self._known_gone = self._gone()
            taking.strike(now.engine, all_views.VIEWS, self._known_gone.streams)
            self._let_go_of_struck()
            runner.catch_up(
                now.follows, views, self._logs, on_poison=_set_aside, gone=self._known_gone
            )
        self.behind.clear()

    def _let_go_of_struck(self) -> None:
        """What was struck is outdated from now on."""
        with self._lock:
            if self._generation:
                names = frozenset(view.name for view in all_views.VIEWS)
                self._generation = replace(self._generation, outdated=names)

    # --- what is shown as it stood --------------------------------------------------------------

    def _take_away(self, now: Generation) -> None:
        """Take out of frozen views what was taken away since they stood still."""
        frozen = [view for view in all_views.VIEWS if view.name in now.frozen]
        with self._lock:
            if not self._looked_through:
                with reading(now.engine) as db:
                    known = runner.positions(db)
                wanted = [(view.name, name) for view in frozen for name in view.logs]
                self._looked_through = {one: known.get(one, 0) for one in wanted}
            reached = dict(self._looked_through)
            taken: dict[str, set[UUID]] = {}
            for name in {name for _, name in reached}:
                start = min(at for (_, log), at in reached.items() if log == name)
                for fact in self._since(name, start):
                    item = taking.taken(fact)
                    items = {item} if item else set()
                    if type(fact.event) is ErasureApproved:
                        items |= self._gone().streams
                    for (view, log), at in reached.items():
                        if log == name and at < fact.seq:
                            reached[view, log] = fact.seq
                            taken.setdefault(view, set()).update(items)
            for one in frozen:
                taking.strike(now.engine, [one], taken.get(one.name, ()))
            self._looked_through = reached

    def _since(self, name: LogName, after: int) -> Iterator[Recorded]:
        """What is readable of a log behind a position."""
        while facts := self._logs[name].read(after, runner.BATCH, lambda seq, why: None):
            yield from facts
            after = facts[-1].seq

    def _moved(self, now: Generation, db: Db, views: Sequence[View]) -> bool:
        """Whether something happened since that changes what is decided by a frozen view: then
        nobody can be sure of it, and it counts as behind."""
        deciding = [view for view in views if view.name in now.frozen and view.moved_by]
        for view in deciding:
            for name, at in _reached(db, [view]).items():
                moving = view.moved_by or ()
                if any(type(fact.event) in moving for fact in self._since(name, at)):
                    self.behind.append(view.name)
                    return True
        return False

    # --- making ---------------------------------------------------------------------------------

    def create(self) -> None:
        """Make what is missing. Raises LogUnavailable."""
        try:
            self._places.prepare()
        except ViewsTrouble as error:
            raise LogUnavailable(f"the views cannot be made: {_reason(error)}") from error
        self._patiently(
            lambda: self._make(lambda held: held.differing(all_views.VIEWS) | held.struck)
        )

    def make(self, tell: Tell = lambda progress: None) -> bool:
        """Make the next generation if one has to be; false while another process makes it. Raises
        LogUnavailable."""
        try:
            self._make(lambda held: held.differing(all_views.VIEWS) | held.struck, tell)
        except Busy:
            return False
        return True

    def rebuild(self, tell: Tell = lambda progress: None) -> None:
        """Make every view anew from the logs. Raises LogUnavailable where they cannot be
        written."""
        every = frozenset(view.name for view in all_views.VIEWS)
        self._patiently(lambda: self._make(lambda held: every, tell))

    def renew(self) -> None:
        """As `rebuild`, and nothing of the older generation stays: an index keeps words in pages
        that it no longer uses. Raises StillHeld while somebody reads it."""
        if self.beside:
            with contextlib.suppress(LogUnavailable, *ViewsTrouble), self._using() as now:
                taking.mark(now.engine, all_views.VIEWS)
                self._let_go_of_struck()
            self.beside.make()
            self._let_go()
        if self.beside is None or self.outdated:
            self.rebuild()
        self._known_gone = self._gone()
        until = time.monotonic() + LAST_READERS
        while not self._swept():
            if time.monotonic() > until:
                raise StillHeld(
                    "somebody still reads views from before this; once they have ended, do it "
                    "once more"
                )
            time.sleep(_AGAIN)

    def _swept(self) -> bool:
        try:
            return self._places.sweep()
        except ViewsTrouble as error:
            raise LogUnavailable(f"the views cannot be written: {_reason(error)}") from error

    def _patiently(self, make: Callable[[], object]) -> None:
        """After whoever makes one now."""
        while True:
            try:
                make()
            except Busy:
                time.sleep(_AGAIN)
            else:
                return

    def _make(
        self, anew: Callable[[Held], frozenset[str]], tell: Tell = lambda progress: None
    ) -> None:
        try:
            making.make(
                self._places, all_views.VIEWS, self._logs, self._gone, anew, _set_aside, tell
            )
            self._known_gone = self._gone()
        except (*ViewsTrouble, OSError) as error:
            raise LogUnavailable(f"the views cannot be written: {_reason(error)}") from error
        self._let_go()
        self.behind.clear()
        with contextlib.suppress(*ViewsTrouble, OSError):
            self._places.sweep()

    def compare(self) -> list[str]:
        """Where the views say something else than the logs. Raises LogUnavailable."""
        if self.outdated:
            self.create()
        self.keep_up(all_views.VIEWS)
        try:
            with _scratch() as scratch, self._using() as now:
                views, gone = all_views.VIEWS, self._gone()
                return comparing.compare(now.engine, scratch, views, self._logs, gone)
        except ViewsTrouble as error:
            raise LogUnavailable(f"the views do not answer: {_reason(error)}") from error

    @contextlib.contextmanager
    def as_known(self, until: datetime | None, place: tuple[LogName, int] | None) -> Iterator[Db]:
        """The views as they stood at a moment, or at a position of one log: rebuilt beside. What
        may be seen of them is decided by all that is known today."""
        read = {name for view in all_views.knowledge() for name in view.logs}
        stops = {name: _position(self._logs[name], until) for name in sorted(read)}
        if place:
            stops[place[0]] = place[1]
        with _scratch() as scratch:
            gone = self._gone()
            runner.catch_up(scratch, [reach.VIEW], self._logs, gone=gone)
            runner.catch_up(scratch, all_views.knowledge(), self._logs, until=stops, gone=gone)
            with scratch.connect() as db:
                yield db

    def close(self) -> None:
        """Let go of files and connections."""
        self._let_go()
        self._places.close()


def _places(place: Path | str) -> making.Generations:
    if isinstance(place, Path):
        return Files(place)
    from projections.generations.schemas import Schemas  # a store on files loads no driver

    return Schemas(place)


def _reached(db: Db, views: Sequence[View]) -> dict[LogName, int]:
    """How far these views have read their logs, the one that is furthest behind."""
    known = runner.positions(db)
    return {
        name: min(known.get((view.name, name), 0) for view in views if name in view.logs)
        for name in {name for view in views for name in view.logs}
    }


def tells_who_looked(views: Sequence[View]) -> bool:
    """Whether some of these views tell who looked."""
    return any(view.name in all_views.LOOKED for view in views)


def _width(views: Sequence[View]) -> tuple[str, Sequence[View]]:
    """What is brought up to date for these views: all that is known, so that of many who ask at
    once one does it for the others; the accounts, which rights hang on, wait for no other view."""
    if tells_who_looked(views):
        return "all", all_views.VIEWS
    if [view.name for view in views] == [accounts.VIEW.name]:
        return "few", views
    return "known", all_views.knowledge()


@contextlib.contextmanager
def _scratch() -> Iterator[Engine]:
    """An empty set of views beside the running ones, which leaves nothing behind."""
    engine = runner.open_views(None)
    try:
        runner.create(engine)
        yield engine
    finally:
        engine.dispose()


def _position(one: runner.Log, until: datetime | None) -> int:
    """The seq of the last fact recorded at or before `until`: recorded times are monotone."""
    low, high = 0, one.last()
    if until is None:
        return high
    while low < high:
        middle = (low + high + 1) // 2
        found = one.read(middle - 1, 1)
        if found and found[0].recorded <= until:
            low = middle
        else:
            high = middle - 1
    return low


def _set_aside(poison: runner.Poison) -> None:
    log.error(
        "fact set aside",
        view=poison.view,
        log=poison.log,
        seq=poison.seq,
        reason=poison.reason,
    )


def _reason(error: Exception) -> str:
    """What the database said, without the values that it was given."""
    return str(getattr(error, "orig", None) or type(error).__name__).splitlines()[0]
