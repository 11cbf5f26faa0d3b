"""The views of an open store: kept up with its logs, read, made again, compared.

Every unit of work reads one generation from its beginning to its end. Where today's program would
make some views otherwise, they are shown as they stood until the next generation is made, which
somebody does by `make`: the command line before it answers a question, a server beside its work.
The file is long because all units of work that share one generation begin here.
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
from domain.kernel.log import LogReader
from domain.people_and_teams.right_time import RightTime
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
from projections.kernel.single_flight import Turns

T = TypeVar("T")
#: Seconds that an erasure waits for those who still read the older generation.
LAST_READERS = 10.0
#: What decides what somebody may see: a question waits for nothing else.
GUARDS = all_views.named("reach", "people", "links", "compartments", "protection")
#: What takes out of its own rows what goes out of use: a question waits until these have read that
#: it did, and for nothing else of theirs.
OUT_OF_USE = all_views.named("queue", "search", "brief")
_SEEN = (*GUARDS, *OUT_OF_USE)
#: Of these `_decides` looks whether they stand, where they are shown as they stood.
_LOOKED_AT = _REACH, _ACCOUNTS = "reach", "accounts"
#: So many facts at once where somebody waits: some tens of milliseconds.
FEW = 100
#: Seconds for which somebody waits for the process that follows, before they do it themselves (of a
#: question at most half of the time that it has), and between two looks.
FOLLOWED, _LOOKS = 0.25, 0.005
#: Seconds between two looks at what another process makes.
_AGAIN = 0.1
_NOT_COMPLETE = (
    "the views cannot tell all that is recorded right now, so nothing is decided by them: try "
    "again in a moment, and if it stays so: continuum views status"
)


class GenerationMaker(Protocol):
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
        self.beside: GenerationMaker | None = None
        self.follows = False
        self._logs, self._gone = logs, gone
        self._places = _places(place)
        self._current = Current(self._places, logs, all_views.VIEWS, _LOOKED_AT)
        self._turns: defaultdict[frozenset[str], Turns] = defaultdict(Turns)
        self._skimmed = runner.Skimmed()
        self._removal = Removal(self._places, logs, gone, all_views.VIEWS, _set_aside)

    @property
    def engine(self) -> Engine:
        """The engine of the current generation. Raises LogUnavailable."""
        with self._current.using() as now:
            return now.engine

    @property
    def outdated(self) -> bool:
        """As `Current.outdated`."""
        return self._current.outdated

    def progress(self) -> RebuildProgress | None:
        """As `Current.progress`."""
        return self._current.progress()

    def picture(self) -> FrozenViews | None:
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
            heads = runner.heads(_SEEN, self._logs) if views else {}
            lacking = self._follow(now, db, views, patience)
            if lacking:
                self._without_erased(now, db, views, heads)
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

    @contextlib.contextmanager
    def computing(self) -> Iterator[Db]:
        """One transaction in the current generation, for what was computed from it
        (`projections.intelligence.computed`): it goes with it. Raises LogUnavailable."""
        with self._current.reading() as (now, db):
            db.rollback()
            if "computed" in now.frozen:
                raise LogUnavailable(_NOT_COMPLETE)
            with writing(now.follows) as to:
                yield to

    @contextlib.contextmanager
    def taking_out(self, items: Collection[UUID]) -> Iterator[None]:
        """Within this the erasure of these items is approved: they are taken out of the views
        before, so that no question waits for it afterwards. Where the views do not answer, it is
        done when they are asked next."""
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
        """Bring views up to date; whether they are. Trouble is logged, and shown by `views status`.

        Views that tell who looked are followed when they are asked: else each reader would write.
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
                self._removal.from_frozen(now)
            heads = runner.heads(following, self._logs)
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
                db.rollback()  # what is read from here on sees what was written
                if whole:  # what is lacking still was taken out of the log's end: `verify` tells
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

    # --- those who follow for all ---------------------------------------------------------------

    def take_parts(self, holder: str, seconds: float) -> frozenset[int]:
        """Take this one's share of the parts of the views for so long, or keep it; those that are
        its own. Raises what the database raises."""
        return self._places.take_parts(holder, seconds, len(all_views.PARTS))

    def let_follow(self, holder: str) -> None:
        """Another may follow from now on."""
        with contextlib.suppress(*ViewsTrouble, OSError):
            self._places.let_go_of_parts(holder)

    def follow_on(self, size: int, parts: Collection[int]) -> bool:
        """Read so many facts into these parts of the views, in one transaction a log; whether
        there is more. Raises LogUnavailable and what the database raises."""
        return self._follow_on(
            size, [view for one in sorted(parts) for view in all_views.PARTS[one]]
        )

    def look_on(self, size: int) -> bool:
        """Likewise into the views that tell who looked, of which no part is shared."""
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
        """Whether the evidence log says within so many seconds that something was recorded;
        returns at once then."""
        return self._logs["evidence"].wait(seconds)

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
        """A sign of life of the process that escalates. Raises LogUnavailable."""
        self._asked(lambda: self._places.beat(holder))

    def stop_leading(self, holder: str) -> None:
        """Another may escalate from now on."""
        with contextlib.suppress(*ViewsTrouble, OSError):
            self._places.stop_leading(holder)

    def since_beat(self) -> timedelta | None:
        """How long ago the last sign of life of the process that escalates was; None where there
        never was one. Raises LogUnavailable."""
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
        """Once for all threads of this process that wait, by the first of them; whether it was done
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
        """Whether what is shown as it stood may be decided by: no rights moved since, and no item
        was recorded that it does not know."""
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
        """What somebody may see is complete up to every fact that changes it. Raises
        LogUnavailable where it cannot be made so."""
        # what is shown as it stood has had it taken away already (`Removal.from_frozen`)
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
        """Nothing is shown that an approved erasure takes, however far the views have read. Raises
        LogUnavailable where it cannot be taken out of them."""
        reached = _reached(db, now.following(views))
        at = max(reached.get("evidence", 0), self._removal.gone_from(now).last)
        approvals = frozenset[type[Event]]({ErasureApproved})
        log, last = self._logs["evidence"], heads["evidence"]
        if self._skimmed.still("evidence", log, at, last, approvals):
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
                gone=self._removal.gone_from(now),
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
        """Make every view again from the logs. Raises LogUnavailable where they cannot be
        written."""
        every = frozenset(view.name for view in all_views.VIEWS)
        self._patiently(lambda: self._make(lambda held: every, tell))

    def renew(self) -> None:
        """As `rebuild`, and nothing of the older generation stays: an index keeps words in pages
        that it no longer uses. Raises StillHeld while somebody reads it."""
        if self.beside:
            self._patiently(self._mark)
            self.beside.make()
            self._current.let_go()
        if self.beside is None or self.outdated:
            self.rebuild()
        until = time.monotonic() + LAST_READERS
        while not self._swept():
            if time.monotonic() > until:
                raise StillHeld(
                    "somebody still reads views from before this; once they have ended, do it "
                    "once more"
                )
            time.sleep(_AGAIN)

    def _mark(self) -> None:
        """Write down that every view has to be made again. Raises Busy while another process makes
        a generation: it may have read the logs before this."""
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
        """As soon as no other process makes a generation."""
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
                self._places, all_views.VIEWS, self._logs, self._gone, again, _set_aside, tell
            )
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
        gone = self._gone()
        stops = {name: _position(self._logs[name], until, gone.right) for name in sorted(read)}
        if place:
            stops[place[0]] = place[1]
        with _scratch() as scratch:
            runner.catch_up(scratch, all_views.named(_REACH), self._logs, gone=gone)
            runner.catch_up(scratch, all_views.knowledge(), self._logs, until=stops, gone=gone)
            with scratch.connect() as db:
                yield db

    def close(self) -> None:
        """Let go of files and connections."""
        self._current.let_go()
        self._places.close()


def _places(place: Path | str) -> making.Generations:
    if isinstance(place, Path):
        return FileGenerations(place)
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


#: The views that are brought up to date by themselves: rights hang on them.
_FEW = frozenset({_ACCOUNTS})


def _width(views: Sequence[View]) -> tuple[frozenset[str], Sequence[View]]:
    """What is brought up to date for these views: all that is known, so that of many who ask at
    once one does it for the others, and those of them that tell who looked; the accounts, which
    rights hang on, wait for no other view. And what this is beside all that is known."""
    names = frozenset(view.name for view in views)
    if names == _FEW:
        return names, views
    told = names & all_views.LOOKED
    return told, [one for one in all_views.VIEWS if one.name in told | all_views.KNOWN]


@contextlib.contextmanager
def _scratch() -> Iterator[Engine]:
    """An empty set of views beside the running ones, which leaves nothing behind."""
    engine = runner.open_views(None)
    try:
        runner.create(engine, all_views.VIEWS)
        yield engine
    finally:
        engine.dispose()


def _position(one: LogReader, until: datetime | None, right: RightTime) -> int:
    """The seq of the last fact recorded at or before `until`: recorded times are monotone, and the
    newest fact tells where the log is ahead of the clock."""
    low, high = 0, one.last()
    newest = one.read(high - 1, 1) if high and until else []
    if until is None or (newest and right.came(newest[0]) <= until):
        return high
    while low < high:
        middle = (low + high + 1) // 2
        found = one.read(middle - 1, 1)
        if found and right.came(found[0]) <= until:
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
