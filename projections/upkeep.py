"""The views of an open store: kept up with its logs, read, made anew, compared.

Every unit of work reads one generation from its beginning to its end. Where today's program would
make some views otherwise, they are shown as they stood until the next generation is made, which
somebody does by `make`: the command line before it answers a question, a server beside its work.
"""

import contextlib
import time
from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from datetime import datetime, timedelta
from functools import partial
from pathlib import Path
from threading import Lock
from typing import Protocol, TypeVar
from uuid import UUID

import structlog

from access.database import DecisionDb, QuestionDb, reading
from domain.envelope import Event, LogName, LogUnavailable, Recorded, StillHeld, Undecodable
from domain.erasure import ErasureApproved
from projections import (
    accounts,
    all_views,
    comparing,
    compartments,
    links,
    people,
    protection,
    reach,
    runner,
)
from projections.generations import making, taking
from projections.generations.current import Current, Picture
from projections.generations.files import Busy, Files
from projections.generations.making import Progress, Tell
from projections.generations.one import Generation, Held
from projections.schema import Db, Engine, View, ViewsTrouble
from projections.turns import Turns

T = TypeVar("T")
#: Seconds that an erasure waits for those who still read the older generation.
LAST_READERS = 10.0
#: What decides what somebody may see: a question waits for nothing else.
GUARDS = (reach.VIEW, people.VIEW, links.VIEW, compartments.VIEW, protection.VIEW)
#: Of these `_decides` looks whether they stand, where they are shown as they stood.
_LOOKED_AT = (reach.VIEW.name, accounts.VIEW.name)
#: So many facts at once where somebody waits: some tens of milliseconds.
FEW = 100
#: Seconds for which somebody waits for the process that follows, before they do it themselves, and
#: between two looks.
FOLLOWED, _LOOKS = 0.25, 0.005
#: Seconds between two looks at what another process makes.
_AGAIN = 0.1
_NOT_COMPLETE = (
    "the views cannot tell all that is recorded right now, so nothing is decided by them: try "
    "again in a moment, and if it stays so: continuum views status"
)
log = structlog.get_logger("continuum")


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
    served; `follows` says that this process follows the views for all others.
    """

    def __init__(
        self, place: Path | str, logs: runner.Logs, gone: Callable[[], runner.Gone]
    ) -> None:
        self.behind: list[str] = []
        self.beside: Beside | None = None
        self.follows = False
        self._logs, self._gone = logs, gone
        self._known_gone = runner.NOTHING
        self._places = _places(place)
        self._current = Current(self._places, logs, all_views.VIEWS, _LOOKED_AT)
        self._lock = Lock()
        self._turns = {width: Turns() for width in ("all", "known", "few")}
        self._skimmed = runner.Skimmed()
        self._looked_through: dict[Engine, dict[tuple[str, LogName], int]] = {}

    @property
    def engine(self) -> Engine:
        """The engine of the current generation. Raises LogUnavailable."""
        with self._current.using() as now:
            return now.engine

    @property
    def outdated(self) -> bool:
        """As `Current.outdated`."""
        return self._current.outdated

    def progress(self) -> Progress | None:
        """As `Current.progress`."""
        return self._current.progress()

    def picture(self) -> Picture | None:
        """As `Current.picture`."""
        return self._current.picture()

    # --- reading and following ------------------------------------------------------------------

    @contextlib.contextmanager
    def asking(
        self, views: Sequence[View] = (), patience: float | None = None
    ) -> Iterator[tuple[QuestionDb, int]]:
        """The current generation for what a person looks at, and how many facts these views lack:
        they are followed for so many seconds at most. What somebody may see is complete all the
        same. Raises LogUnavailable where it cannot be, or the views are out of reach."""
        with self._current.reading() as (now, db):
            heads = runner.heads(GUARDS, self._logs) if views else {}
            lacking = self._follow(now, db, views, patience)
            if lacking or (views and now.frozen):
                self._guard(now, db, heads)
            yield QuestionDb(db), lacking

    @contextlib.contextmanager
    def deciding(self, views: Sequence[View], *, fresh: bool = False) -> Iterator[DecisionDb]:
        """The current generation for what a command decides on: these views read all that the logs
        hold now, or (`fresh`) held when they were followed just before. Raises LogUnavailable where
        they cannot."""
        with self._current.reading() as (now, db):
            lacking = 0 if fresh else self._follow(now, db, views)
            if lacking or not self._decides(now, db, views):
                raise LogUnavailable(_NOT_COMPLETE)
            yield DecisionDb(QuestionDb(now.decided(db)))

    def keep_up(self, views: Sequence[View]) -> bool:
        """Bring views up to date; whether they are. Trouble is logged, and shown by `views status`.

        Who looked waits until it is asked: it would make every reader write.
        """
        try:
            with self._current.reading() as (now, db):
                return not self._follow(now, db, views)
        except LogUnavailable as error:
            self._is_behind(error)
            return False

    def _follow(
        self, now: Generation, db: Db, views: Sequence[View], patience: float | None = None
    ) -> int:
        """Bring these views up to where the logs are now, for so many seconds at most; how many
        facts they lack then. A source register that does not answer holds nothing else up."""
        if not views:
            return 0
        until = None if patience is None else time.monotonic() + patience
        following, lacking = now.following(views), 1
        try:
            if now.frozen:
                self._take_away(now)
            heads = runner.heads(following, self._logs)
            lacking = runner.lacking(db, following, self._logs, heads, self._skimmed)
            waits = lacking and not _late(until) and _width(views)[0] == "known"
            if waits and self.followed():
                last = time.monotonic() + FOLLOWED
                while lacking and not _late(last if until is None else min(until, last)):
                    db.rollback()
                    time.sleep(_LOOKS)
                    lacking = runner.lacking(db, following, self._logs, heads, self._skimmed)
            while lacking and not _late(until):
                db.rollback()
                whole = self._read_on(now, views, heads.keys(), until)
                db.rollback()  # what is read from here on sees what was written
                lacking = runner.lacking(db, following, self._logs, heads, self._skimmed)
                if whole:  # what is lacking still was taken out of the log's end: `verify` tells
                    lacking = 0
            if not lacking:
                self.behind.clear()
            if any(name not in heads for view in following for name in view.logs):
                self._is_behind(LogUnavailable())
        except (*ViewsTrouble, LogUnavailable, Undecodable) as error:
            self._is_behind(error)
        finally:
            db.rollback()
        if self.beside and self.outdated:
            self.beside()
        return lacking

    # --- one who follows for all ----------------------------------------------------------------

    def take_lease(self, holder: str, seconds: float) -> bool:
        """Take the one lease of those who follow for so long, or keep it; whether it is ours.
        Raises what the database raises."""
        return self._places.take_lease(holder, seconds)

    def let_follow(self, holder: str) -> None:
        """Another may follow from now on."""
        with contextlib.suppress(*ViewsTrouble, OSError):
            self._places.let_go_of_lease(holder)

    def follow_on(self, size: int) -> bool:
        """Read so many facts into the views of what is known, in one transaction a log; whether
        there is more. Raises LogUnavailable and what the database raises."""
        with self._current.reading() as (now, db):
            following = now.following(all_views.knowledge())
            heads = runner.heads(following, self._logs)
            if not runner.lacking(db, following, self._logs, heads, self._skimmed):
                return False
            db.rollback()
            logs = {name: self._logs[name] for name in heads}
            return not self._catch_up(now, following, logs, batch=size, enough=lambda: True)

    def followed(self) -> bool:
        """Whether another process follows the views."""
        if self.follows:
            return False
        try:
            return self._places.leased()
        except (*ViewsTrouble, OSError):
            return False

    # --- one who carries on what is due ---------------------------------------------------------

    def lead(self, holder: str, seconds: float) -> bool:
        """Take the one lease of those who escalate for so long, or keep it; whether it is ours.
        Raises LogUnavailable."""
        return self._asked(lambda: self._places.lead(holder, seconds))

    def beat(self, holder: str) -> None:
        """A sign of life of who escalates. Raises LogUnavailable."""
        self._asked(lambda: self._places.beat(holder))

    def stop_leading(self, holder: str) -> None:
        """Another may escalate from now on."""
        with contextlib.suppress(*ViewsTrouble, OSError):
            self._places.stop_leading(holder)

    def since_beat(self) -> timedelta | None:
        """How long ago the last sign of life of who escalates was; None where there never was one.
        Raises LogUnavailable."""
        seconds = self._asked(self._places.since_beat)
        return None if seconds is None else timedelta(seconds=seconds)

    def _asked(self, work: Callable[[], T]) -> T:
        try:
            return work()
        except (*ViewsTrouble, OSError) as error:
            raise LogUnavailable("the place of the views does not answer") from error

    def _read_on(
        self,
        now: Generation,
        views: Sequence[View],
        answering: Collection[LogName],
        until: float | None,
    ) -> bool:
        """Once, by whoever comes first of those who wait in this process; whether it was done
        here, to the end of the logs."""
        width, wanted = _width(views)
        logs = {name: self._logs[name] for name in answering}
        whole: list[bool] = []

        def work() -> None:
            if until is None:
                whole.append(self._catch_up(now, now.following(wanted), logs))
            else:
                late = partial(_late, until)
                some = now.following(wanted)
                whole.append(self._catch_up(now, some, logs, batch=FEW, enough=late))

        patience = None if until is None else max(until - time.monotonic(), 0)
        self._turns[width].after_now(work, patience)
        return any(whole)

    def _decides(self, now: Generation, db: Db, views: Sequence[View]) -> bool:
        """Whether what is shown as it stood may be decided by: nobody's rights moved since, and no
        item was recorded that it does not know."""
        frozen = [view for view in views if view.name in now.frozen]
        if not frozen:
            return True
        heads = runner.heads(frozen, self._logs)
        rights = [view for view in frozen if view.name == accounts.VIEW.name]
        items = [view for view in frozen if view.name == reach.VIEW.name]
        return self._still(db, rights, heads) and not runner.lacking(
            db, items, self._logs, heads, self._skimmed
        )

    def _guard(self, now: Generation, db: Db, heads: Mapping[LogName, int]) -> None:
        """What somebody may see is complete up to every fact that changes it. Raises
        LogUnavailable where it cannot be made so."""
        if self._still(db, GUARDS, heads):
            return
        db.rollback()
        try:
            guards = now.following(GUARDS)
            self._turns["few"].after_now(lambda: self._catch_up(now, guards, self._logs))
        except (*ViewsTrouble, LogUnavailable, Undecodable) as error:
            self._is_behind(error)
        db.rollback()
        if not self._still(db, GUARDS, heads):
            raise LogUnavailable(_NOT_COMPLETE)

    def _still(self, db: Db, views: Sequence[View], heads: Mapping[LogName, int]) -> bool:
        """Whether nothing up to these heads changes what is decided by those of these views that
        have not read it."""
        for name, at in _reached(db, views).items():
            moving: set[type[Event]] = set()
            moving.update(*(view.moved_by or () for view in views if name in view.logs))
            log, last = self._logs[name], heads[name]
            if not self._skimmed.still(name, log, at, last, frozenset(moving)):
                return False
        return True

    def _is_behind(self, error: Exception) -> None:
        self.behind.append(type(error).__name__)
        log.error("views are behind", reason=type(error).__name__)

    def _catch_up(
        self,
        now: Generation,
        views: Sequence[View],
        logs: runner.Logs,
        *,
        batch: int = runner.BATCH,
        enough: Callable[[], bool] = lambda: False,
    ) -> bool:
        def follow() -> bool:
            return runner.catch_up(
                now.follows,
                views,
                logs,
                on_poison=_set_aside,
                gone=self._known_gone,
                batch=batch,
                enough=enough,
            )

        try:
            return follow()
        except runner.Outdated:
            self._known_gone = self._gone()
            taking.strike(now.engine, all_views.VIEWS, self._known_gone.streams)
            self._current.struck()
            return follow()

    # --- what is shown as it stood --------------------------------------------------------------

    def _take_away(self, now: Generation) -> None:
        """Take out of frozen views what was taken away since they stood still."""
        frozen = [view for view in all_views.VIEWS if view.name in now.frozen]
        with self._lock:
            reached = dict(self._looked_through.get(now.engine, {}))
            if not reached:
                with reading(now.engine) as db:
                    known = runner.positions(db)
                wanted = [(view.name, name) for view in frozen for name in view.logs]
                reached = {one: known.get(one, 0) for one in wanted}
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
            self._looked_through = {now.engine: reached}

    def _since(self, name: LogName, after: int) -> Iterator[Recorded]:
        """What is readable of a log behind a position."""
        while facts := self._logs[name].read(after, runner.BATCH, lambda seq, why: None):
            yield from facts
            after = facts[-1].seq

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
            with contextlib.suppress(LogUnavailable, *ViewsTrouble), self._current.using() as now:
                taking.mark(now.engine, all_views.VIEWS)
                self._current.struck()
            self.beside.make()
            self._current.let_go()
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
        self._current.let_go()
        self.behind.clear()
        with contextlib.suppress(*ViewsTrouble, OSError):
            self._places.sweep()

    def compare(self) -> list[str]:
        """Where the views say something else than the logs. Raises LogUnavailable."""
        if self.outdated:
            self.create()
        self.keep_up(all_views.VIEWS)
        try:
            with _scratch() as scratch, self._current.using() as now:
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
        self._current.let_go()
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


def _late(until: float | None) -> bool:
    return until is not None and time.monotonic() >= until


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
