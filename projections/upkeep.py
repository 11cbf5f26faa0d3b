"""The views of an open store: update them, read them, make them again, and compare them with the
logs.

A unit of work reads the same generation (set) of views from beginning to end. Views that this
release defines in another way may be frozen (without new facts) until `make` makes the next
generation: on the command line before the answer, in a server beside other work.

The file is long because all units of work that share a generation begin here.
"""

import contextlib
import time
from collections import defaultdict
from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from datetime import datetime, timedelta
from functools import partial
from pathlib import Path
from typing import Protocol, TypeVar
from uuid import UUID

from access.database import DecisionDb, QuestionDb, writing
from access.logger import log
from domain.data_protection.erasure import ErasureApproved
from domain.kernel.envelope import Event, LogName, LogUnavailable, StillHeld, Undecodable
from projections import all_views
from projections.generations import making, taking
from projections.generations.current import Current, FrozenViews
from projections.generations.files import Busy, FileGenerations
from projections.generations.making import RebuildProgress, Tell
from projections.generations.one import Generation, GenerationRecord
from projections.generations.removing import Removal
from projections.kernel import comparing, runner
from projections.kernel.database import Db, Engine
from projections.kernel.schema import View, ViewsTrouble
from projections.kernel.single_flight import SingleFlight

T = TypeVar("T")
#: Seconds for which an erasure waits for units of work that still read the former generation.
LAST_READERS = 10.0
#: Views that decide what a reader may see. A query waits until they have read all facts that may
#: change this.
GUARDS = all_views.select_views("reach", "people", "links", "compartments", "protection")
#: Views without the rows of restricted items. A query waits until they have read all restrictions,
#: but not for other events.
OUT_OF_USE = all_views.select_views("queue", "search", "brief")
_SEEN = (*GUARDS, *OUT_OF_USE)
#: Names of the frozen views that `_decides` checks.
_LOOKED_AT = _REACH, _ACCOUNTS = "reach", "accounts"
#: Number of facts that are read at once while a person waits for an answer; this takes some tens of
#: milliseconds.
FEW = 100
#: Seconds for which a query waits for the process that updates the views for all, before it updates
#: them itself (but at most half of the time that it may take); and seconds between two checks.
FOLLOWED, _LOOKS = 0.25, 0.005
#: Seconds between two checks whether another process has made a generation.
_AGAIN = 0.1
_NOT_COMPLETE = (
    "the views do not show all records at this moment, so no decision can be based on them: try "
    "again in a moment; if the error stays, run continuum views status"
)


#: A function that, given a log and the position of its last fact, returns the position up to which
#: views have to read the log.
Ends = Callable[[LogName, int], int]


class GenerationMaker(Protocol):
    """An object that makes the next generation of views in another process."""

    def __call__(self) -> None:
        """Start the process that makes the next generation, unless it was started already."""

    def make(self) -> None:
        """Return after the process that makes the next generation has ended, with or without
        success.
        """


class Upkeep:
    """The views of a store, shared by all requests.

    `place` is the directory of their files, or the address of their server. `gone` returns the
    items that approved erasures removed from the logs. `behind` names the errors because of which
    views are not up to date; such an error does not make a command fail.

    In a server, `beside` makes the next generation in another process, and `helper` makes half of
    the views in a further process. `follows` means that this process updates the views for all
    others.
    """

    def __init__(
        self, place: Path | str, logs: runner.Logs, gone: Callable[[], runner.ErasedItems]
    ) -> None:
        self.behind: list[str] = []
        self.beside: GenerationMaker | None = None
        self.helper: making.Helper | None = None
        self.follows = False
        self._logs, self._gone = logs, gone
        self._places = _places(place)
        self._current = Current(self._places, logs, all_views.VIEWS, _LOOKED_AT)
        self._turns: defaultdict[frozenset[str], SingleFlight] = defaultdict(SingleFlight)
        self._skimmed = runner.SkippedFacts()
        self._removal = Removal(self._places, logs, gone, all_views.VIEWS, _set_aside)

    @property
    def engine(self) -> Engine:
        """Return the engine of the current generation. Raise LogUnavailable."""
        with self._current.using() as now:
            return now.engine

    @property
    def outdated(self) -> bool:
        """Return whether the next generation of the views has to be made, so that this release can
        read all views."""
        return self._current.outdated

    def progress(self) -> RebuildProgress | None:
        """Return the progress of the next generation; None if no process makes one."""
        return self._current.progress()

    def picture(self) -> FrozenViews | None:
        """Return since when views are frozen, and the progress of the next generation; None if all
        views are up to date.
        """
        return self._current.picture()

    # --- reading and updating -------------------------------------------------------------------

    @contextlib.contextmanager
    def asking(
        self, views: Sequence[View] = (), patience: float | None = None
    ) -> Iterator[tuple[QuestionDb, int]]:
        """Yield the database of the views for a query, after reading new facts for at most
        `patience` seconds, and the number of facts that `views` have yet to read. The views that
        decide what a reader may see are complete in any case.

        Raise LogUnavailable if those views cannot be completed, or if the database does not answer.
        """
        with self._current.reading() as (now, db):
            heads = runner.heads(_SEEN, self._logs) if views else {}
            lacking = self._follow(now, db, views, patience)
            if lacking:
                self._without_erased(now, db, views, heads)
            if lacking or (views and now.frozen):
                self._guard(now, db, heads)
            yield QuestionDb(db), lacking

    @contextlib.contextmanager
    def deciding(
        self, views: Sequence[View], *, fresh: bool = False, ends: Ends | None = None
    ) -> Iterator[DecisionDb]:
        """Yield the views on which a command bases its decisions.

        These views have read all facts in the logs, or all facts up to `ends`. With `fresh`, the
        caller has updated the views itself, and they are not updated again. Raise LogUnavailable if
        they cannot be updated.
        """
        with self._current.reading() as (now, db):
            lacking = 0 if fresh else self._follow(now, db, views, ends=ends)
            if lacking or not self._decides(now, db, views):
                raise LogUnavailable(_NOT_COMPLETE)
            yield DecisionDb(QuestionDb(now.decided(db)))

    @contextlib.contextmanager
    def computing(self) -> Iterator[Db]:
        """Yield a transaction for storing results that were computed from the current generation
        (`projections.intelligence.computed`). The results are removed together with the generation.
        Raise LogUnavailable if the view of such results is frozen.
        """
        with self._current.reading() as (now, db):
            db.rollback()
            if "computed" in now.frozen:
                raise LogUnavailable(_NOT_COMPLETE)
            with writing(now.follows) as to:
                yield to

    @contextlib.contextmanager
    def taking_out(self, items: Collection[UUID]) -> Iterator[None]:
        """Remove these items from the views; within this context, the caller approves their
        erasure. Queries after the approval then need not remove the items. If the views do not
        answer, the items are removed when the views are next used.
        """
        with contextlib.ExitStack() as stack:
            try:
                now = stack.enter_context(self._current.using())
                if stack.enter_context(self._removal.before_approval(now, items)):
                    stack.callback(self._current.struck, now)
            except (*ViewsTrouble, OSError, LogUnavailable) as error:
                self._is_behind(error)
            yield
            try:
                stack.close()
            except (*ViewsTrouble, OSError, LogUnavailable, Undecodable) as error:
                self._is_behind(error)

    def keep_up(self, views: Sequence[View]) -> bool:
        """Update these views; return True if they are then up to date. Errors are logged, and the
        command `views status` shows them.

        Commands leave out the views of the access log: every query adds to that log, and would
        otherwise also write to its views.
        """
        try:
            with self._current.reading() as (now, db):
                return not self._follow(now, db, views)
        except LogUnavailable as error:
            self._is_behind(error)
            return False

    def far_behind(self, views: Sequence[View]) -> bool:
        """Return whether these views have so many unread facts that a query cannot read them in a
        moment. Also return True if the database of the views does not answer.
        """
        try:
            with self._current.reading() as (now, db):
                following = now.following(views)
                heads = runner.heads(following, self._logs)
                return runner.lacking(db, following, self._logs, heads, self._skimmed) > FEW
        except (LogUnavailable, *ViewsTrouble):
            return True

    def _follow(
        self,
        now: Generation,
        db: Db,
        views: Sequence[View],
        patience: float | None = None,
        ends: Ends | None = None,
    ) -> int:
        """Update these views up to the end of the logs (or up to `ends`), for at most `patience`
        seconds; return how many facts they have yet to read. If the source register does not
        answer, views of other logs are updated all the same.
        """
        if not views:
            return 0
        until = None if patience is None else time.monotonic() + patience
        following, lacking = now.following(views), 1
        try:
            if now.frozen:
                self._removal.from_frozen(now)
            heads = runner.heads(following, self._logs)
            if ends:
                heads = {name: ends(name, head) for name, head in heads.items()}
            lacking = runner.lacking(db, following, self._logs, heads, self._skimmed)
            waits = lacking and not _late(until) and _width(views)[0] <= all_views.PROMPTED
            if waits and self.followed():
                most = FOLLOWED if patience is None else min(FOLLOWED, patience / 2)
                last = time.monotonic() + most
                while lacking and not _late(last):
                    db.rollback()
                    time.sleep(_LOOKS)
                    lacking = runner.lacking(db, following, self._logs, heads, self._skimmed)
            while lacking and not _late(until):
                db.rollback()
                whole = self._read_on(now, views, heads.keys(), until)
                # ends the transaction, so that the next statements see the rows written above
                db.rollback()
                # if a log was cut, its facts never come; do not wait for them, because `verify`
                # reports the cut
                if whole:
                    lacking = 0
                else:
                    lacking = runner.lacking(db, following, self._logs, heads, self._skimmed)
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

    # --- updating the views for all processes ---------------------------------------------------

    def take_parts(self, holder: str, seconds: float) -> frozenset[int]:
        """Take or renew, for `seconds`, this process's share of the parts of the views; return
        these parts. Raise the database's errors.
        """
        return self._places.take_parts(holder, seconds, len(all_views.PARTS))

    def let_follow(self, holder: str) -> None:
        """Give up the parts of this process, so that another process can take them."""
        with contextlib.suppress(*ViewsTrouble, OSError):
            self._places.release_parts(holder)

    def follow_on(self, size: int, parts: Collection[int]) -> bool:
        """Read `size` facts into the views in these parts, with one transaction for each log;
        return True if more facts follow. Raise LogUnavailable and the database's errors.
        """
        return self._follow_on(
            size, [view for part in sorted(parts) for view in all_views.PARTS[part]]
        )

    def look_on(self, size: int) -> bool:
        """Read `size` facts into the views that every query may change, because every query adds to
        the access log; with one transaction for each log. Return True if more facts follow.
        """
        return self._follow_on(size, all_views.UNPROMPTED)

    def _follow_on(self, size: int, views: Sequence[View]) -> bool:
        with self._current.reading() as (now, db):
            following = now.following(views)
            heads = runner.heads(following, self._logs)
            if not runner.lacking(db, following, self._logs, heads, self._skimmed):
                return False
            db.rollback()
            logs = {name: self._logs[name] for name in heads}
            return not self._catch_up(
                now, following, logs, until=heads, batch=size, enough=lambda: True
            )

    def wait(self, seconds: float) -> bool:
        """Return True as soon as a new fact is reported in the evidence log; False after
        `seconds`."""
        return self._logs["evidence"].wait(seconds)

    def followed(self) -> bool:
        """Return whether another process updates the views."""
        if self.follows:
            return False
        try:
            return self._places.leased()
        except (*ViewsTrouble, OSError):
            return False

    # --- electing the process that escalates ----------------------------------------------------

    def lead(self, holder: str, seconds: float) -> bool:
        """Take or renew, for `seconds` seconds, the lease of the only process that escalates
        overdue deadlines; return whether the process `holder` has the lease. Raise LogUnavailable
        if the database does not answer.
        """
        return self._asked(lambda: self._places.lead(holder, seconds))

    def beat(self, holder: str) -> None:
        """Record that the escalating process is alive. Raise LogUnavailable."""
        self._asked(lambda: self._places.beat(holder))

    def stop_leading(self, holder: str) -> None:
        """Give up the lease for escalating."""
        with contextlib.suppress(*ViewsTrouble, OSError):
            self._places.stop_leading(holder)

    def since_beat(self) -> timedelta | None:
        """Return the time since the escalating process was last recorded as alive; None if it never
        was. Raise LogUnavailable."""
        seconds = self._asked(self._places.since_beat)
        return None if seconds is None else timedelta(seconds=seconds)

    def _asked(self, work: Callable[[], T]) -> T:
        try:
            return work()
        except (*ViewsTrouble, OSError) as error:
            raise LogUnavailable("the database of the views does not answer") from error

    def _read_on(
        self,
        now: Generation,
        views: Sequence[View],
        answering: Collection[LogName],
        until: float | None,
    ) -> bool:
        """Read the logs into the views, once for all threads of this process that wait for it: the
        thread that comes first does it. Return True if this thread has read the logs to their ends.
        """
        width, wanted = _width(views)
        logs = {name: self._logs[name] for name in answering}
        whole: list[bool] = []

        def work() -> None:
            if until is None:
                whole.append(self._catch_up(now, now.following(wanted), logs))
            else:
                late = partial(_late, until)
                views = now.following(wanted)
                whole.append(self._catch_up(now, views, logs, batch=FEW, enough=late))

        patience = None if until is None else max(until - time.monotonic(), 0)
        self._turns[width].after_now(work, patience)
        return any(whole)

    def _decides(self, now: Generation, db: Db, views: Sequence[View]) -> bool:
        """Return whether decisions may be based on those of these views that are frozen: if no
        right has changed and no item was recorded since they were frozen.
        """
        frozen = [view for view in views if view.name in now.frozen]
        if not frozen:
            return True
        heads = runner.heads(frozen, self._logs)
        rights = [view for view in frozen if view.name == _ACCOUNTS]
        items = [view for view in frozen if view.name == _REACH]
        return self._still(db, rights, heads) and not runner.lacking(
            db, items, self._logs, heads, self._skimmed
        )

    def _guard(self, now: Generation, db: Db, heads: Mapping[LogName, int]) -> None:
        """Let the views that decide what a reader may see read every fact that may change this.
        Raise LogUnavailable if they have not read all these facts afterwards.
        """
        # `Removal.from_frozen` has removed restricted and erased items from the frozen views
        seen = [*GUARDS, *(view for view in OUT_OF_USE if view.name not in now.frozen)]
        if self._still(db, seen, heads):
            return
        db.rollback()
        try:
            guards = now.following(seen)
            self._turns[_FEW].after_now(lambda: self._catch_up(now, guards, self._logs))
        except (*ViewsTrouble, LogUnavailable, Undecodable) as error:
            self._is_behind(error)
        db.rollback()
        if not self._still(db, seen, heads):
            raise LogUnavailable(_NOT_COMPLETE)

    def _without_erased(
        self, now: Generation, db: Db, views: Sequence[View], heads: Mapping[LogName, int]
    ) -> None:
        """Remove the items of an approved erasure from the views, even if the views have yet to
        read the approval. Raise LogUnavailable if the items cannot be removed.
        """
        reached = _reached(db, now.following(views))
        at = max(reached.get("evidence", 0), self._removal.removed_items(now).last)
        approvals = frozenset[type[Event]]({ErasureApproved})
        log, last = self._logs["evidence"], heads["evidence"]
        if self._skimmed.nothing_after("evidence", log, at, last, approvals):
            return
        db.rollback()
        try:
            self._removal.from_followed(now)
        except (*ViewsTrouble, LogUnavailable, Undecodable) as error:
            self._is_behind(error)
            raise LogUnavailable(_NOT_COMPLETE) from error
        self._current.struck(now)
        db.rollback()

    def _still(self, db: Db, views: Sequence[View], heads: Mapping[LogName, int]) -> bool:
        """Return True if these views have read, up to the positions `heads` of the logs, every fact
        that may change a decision based on them (`View.moved_by`).
        """
        for name, at in _reached(db, views).items():
            moving: set[type[Event]] = set()
            moving.update(*(view.moved_by or () for view in views if name in view.logs))
            log, last = self._logs[name], heads[name]
            if not self._skimmed.nothing_after(name, log, at, last, frozenset(moving)):
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
        until: Mapping[LogName, int] | None = None,
        batch: int = runner.BATCH,
        enough: Callable[[], bool] = lambda: False,
    ) -> bool:
        def follow() -> bool:
            return runner.catch_up(
                now.follows,
                views,
                logs,
                until=until,
                on_poison=_set_aside,
                gone=self._removal.removed_items(now),
                strike=taking.strike_within,
                batch=batch,
                enough=enough,
            )

        while True:
            try:
                return follow()
            except runner.Outdated:
                self._removal.from_followed(now)
                self._current.struck(now)

    # --- making generations ---------------------------------------------------------------------

    def create(self) -> None:
        """Create the missing tables of all views. Raise LogUnavailable."""
        try:
            self._places.prepare()
        except ViewsTrouble as error:
            raise LogUnavailable(f"the views cannot be made: {_reason(error)}") from error
        self._patiently(
            lambda: self._make(lambda record: record.differing(all_views.VIEWS) | record.struck)
        )

    def make(self, tell: Tell = lambda progress: None) -> bool:
        """Make the next generation if one is needed; return False if another process is already
        making it. Raise LogUnavailable."""
        try:
            self._make(lambda record: record.differing(all_views.VIEWS) | record.struck, tell)
        except Busy:
            return False
        return True

    def rebuild(self, tell: Tell = lambda progress: None) -> None:
        """Make every view again from the logs. Raise LogUnavailable if they cannot be written."""
        names = frozenset(view.name for view in all_views.VIEWS)
        self._patiently(lambda: self._make(lambda held: names, tell))

    def renewing(self) -> contextlib.AbstractContextManager[None]:
        """Hold the lock under which one process completes erasures. Raise Busy."""
        return self._places.renewing()

    def renew(self, tell: Tell = lambda progress: None) -> None:
        """Make all views again from the logs, and delete the former generation, because unused
        pages of its files may still contain erased words. Raise StillHeld if another process reads
        the former generation for too long.
        """
        if self.beside:
            self._patiently(self._mark)
            self.beside.make()
            self._current.let_go()
        if self.beside is None or self.outdated:
            self.rebuild(tell)
        until = time.monotonic() + LAST_READERS
        while not self._swept():
            if time.monotonic() > until:
                raise StillHeld(
                    "a program still reads the views from before the erasure: repeat the command "
                    "when that program has ended"
                )
            time.sleep(_AGAIN)

    def _mark(self) -> None:
        """Store that all views have to be made again. Raise Busy while another process
        makes a generation, because it may have read the logs before this call.
        """
        with contextlib.suppress(LogUnavailable, *ViewsTrouble), self._places.making():
            self._current.let_go()
            with self._current.using() as now:
                taking.mark(now.engine, all_views.VIEWS)
            self._current.struck(now)

    def _swept(self) -> bool:
        try:
            return self._places.sweep()
        except ViewsTrouble as error:
            raise LogUnavailable(f"the views cannot be written: {_reason(error)}") from error

    def _patiently(self, make: Callable[[], object]) -> None:
        """Wait until no other process makes a generation, and then call `make`."""
        while True:
            try:
                make()
            except Busy:
                time.sleep(_AGAIN)
            else:
                return

    def _make(
        self,
        again: Callable[[GenerationRecord], frozenset[str]],
        tell: Tell = lambda progress: None,
    ) -> None:
        try:
            making.make(
                *(self._places, all_views.VIEWS, self._logs, self._gone, again, _set_aside, tell),
                self.helper,
            )
        except (*ViewsTrouble, OSError) as error:
            raise LogUnavailable(f"the views cannot be written: {_reason(error)}") from error
        self._current.let_go()
        self.behind.clear()
        with contextlib.suppress(*ViewsTrouble, OSError):
            self._places.sweep()

    def help_make(self, number: int, names: Collection[str], alone: Callable[[], bool]) -> None:
        """Make these views of an unfinished generation; another process makes its other views. Stop
        when `alone()` returns True, because that process has ended. Raise the database's errors,
        LogUnavailable, and Outdated.
        """
        views, engine = all_views.select_views(*names), self._places.unfinished(number)
        try:
            for _ in making.followed(
                engine, views, self._logs, self._gone(), _set_aside, shared=True
            ):
                if alone():
                    return
        finally:
            making.let_go(engine)

    def compare(self) -> list[str]:
        """Return the differences between the views and the logs. Raise LogUnavailable."""
        if self.outdated:
            self.create()
        self.keep_up(all_views.VIEWS)
        try:
            with _scratch() as scratch, self._current.using() as now:
                views, erased_items = all_views.VIEWS, self._gone()
                return comparing.compare(now.engine, scratch, views, self._logs, erased_items)
        except ViewsTrouble as error:
            raise LogUnavailable(f"the views cannot be read: {_reason(error)}") from error

    @contextlib.contextmanager
    def reading_at(self, until: datetime | None, place: tuple[LogName, int] | None) -> Iterator[Db]:
        """Yield the views as they were at a moment or at a position of a log, made from the logs in
        a temporary place. The rights of a reader to see their rows follow from all facts up to now.
        """
        read = {name for view in all_views.knowledge() for name in view.logs}
        erased_items = self._gone()
        stops = {
            name: erased_items.right.last_by(self._logs[name], until)
            if until
            else self._logs[name].last()
            for name in sorted(read)
        }
        if place:
            stops[place[0]] = place[1]
        with _scratch() as scratch:
            runner.catch_up(scratch, all_views.select_views(_REACH), self._logs, gone=erased_items)
            runner.catch_up(
                scratch, all_views.knowledge(), self._logs, until=stops, gone=erased_items
            )
            with scratch.connect() as db:
                yield db

    def close(self) -> None:
        """Close the files and connections of the views."""
        self._current.let_go()
        self._places.close()


def _places(place: Path | str) -> making.Generations:
    if isinstance(place, Path):
        return FileGenerations(place)
    # imported here, so that a store on files does not load the driver of the server
    from projections.generations.schemas import Schemas

    return Schemas(place)


def _reached(db: Db, views: Sequence[View]) -> dict[LogName, int]:
    """Return for each log of these views the position up to which all of them have read it."""
    positions = runner.positions(db)
    return {
        name: min(positions.get((view.name, name), 0) for view in views if name in view.logs)
        for name in {name for view in views for name in view.logs}
    }


def _late(until: float | None) -> bool:
    return until is not None and time.monotonic() >= until


#: The view of accounts, which is updated separately because rights depend on it.
_FEW = frozenset({_ACCOUNTS})
#: The views that are updated separately: accounts; and the rota, which a receipt needs at once,
#: because it names the person on call.
_ALONE = (_FEW, frozenset({"rota"}))


def _width(views: Sequence[View]) -> tuple[frozenset[str], Sequence[View]]:
    """Return two values about these views: the names of those that are not updated together with
    the views of recorded knowledge, and all views that have to be updated before a query of these
    views.

    The views of recorded knowledge are updated together, so that one of many concurrent queries
    does it for the others. Views of the access log are updated only if they are queried. Accounts
    and the rota are updated separately and wait for no other view.
    """
    names = frozenset(view.name for view in views)
    if names in _ALONE:
        return names, views
    access_names = names & all_views.LOOKED
    return access_names, [
        view for view in all_views.VIEWS if view.name in access_names | all_views.KNOWN
    ]


@contextlib.contextmanager
def _scratch() -> Iterator[Engine]:
    """Yield an empty set of views in memory, which is discarded afterwards."""
    engine = runner.open_views(None)
    try:
        runner.create(engine, all_views.VIEWS)
        yield engine
    finally:
        engine.dispose()


def _set_aside(poison: runner.UnappliedFact) -> None:
    log.error(
        "fact set aside",
        view=poison.view,
        log=poison.log,
        seq=poison.seq,
        reason=poison.reason,
    )


def _reason(error: Exception) -> str:
    """Return the message of a database's error, without the values of the statement."""
    return str(getattr(error, "orig", None) or type(error).__name__).splitlines()[0]
