"""The views of an open store: kept up with its logs, read, made anew, compared."""

import contextlib
import sqlite3
from collections.abc import Callable, Iterator, Sequence
from datetime import datetime
from pathlib import Path
from tempfile import TemporaryDirectory

import structlog

from access.database import reading
from domain.envelope import LogName, LogUnavailable, Undecodable
from projections import all_views, comparing, reach, runner
from projections.schema import Db, Engine, View, ViewsTrouble
from projections.turns import Turns

log = structlog.get_logger("continuum")


class Upkeep:
    """The running views of one store; all who are served share them.

    `place` is the file that holds them, or the address of their server; `gone` tells what approved
    erasures took out of the logs. A view that cannot follow is named in `behind`: it never fails a
    recording.
    """

    def __init__(
        self, place: Path | str, logs: runner.Logs, gone: Callable[[], runner.Gone]
    ) -> None:
        self.engine: Engine = runner.open_views(place)
        self.behind: list[str] = []
        self._logs, self._gone = logs, gone
        self._path = place if isinstance(place, Path) else None
        self._file = self._held()
        self._turns = {looked: Turns() for looked in (False, True)}
        self._skimmed = runner.Skimmed()

    def create(self) -> None:
        """Make the tables that are missing. Raises LogUnavailable."""
        try:
            runner.create(self.engine)
        except ViewsTrouble as error:
            raise LogUnavailable(f"the views cannot be made: {_reason(error)}") from error

    def keep_up(self, views: Sequence[View]) -> bool:
        """Bring views up to date; whether they are. Trouble is logged, and shown by `views status`.

        Who looked waits until it is asked: it would make every reader write.
        """
        try:
            self._follow_file()
            if runner.behind(self.engine, views, self._logs, self._skimmed):
                looked = tells_who_looked(views)
                whole = all_views.VIEWS if looked else all_views.knowledge()
                self._turns[looked].after_now(lambda: self._catch_up(whole))
            else:
                self.behind.clear()
        except (ViewsTrouble, LogUnavailable, Undecodable) as error:
            self.behind.append(type(error).__name__)
            log.error("views are behind", reason=type(error).__name__)
            return False
        return True

    def _catch_up(self, views: Sequence[View]) -> None:
        try:
            runner.catch_up(self.engine, views, self._logs, on_poison=_set_aside)
        except runner.Outdated:
            self.rebuild()
        self.behind.clear()

    @contextlib.contextmanager
    def reading(self) -> Iterator[Db]:
        """The views as they stand. Raises LogUnavailable if they are out of reach."""
        try:
            with reading(self.engine) as db:
                yield db
        except ViewsTrouble as error:
            raise LogUnavailable(
                f"the views do not answer ({type(error).__name__}); nothing recorded is lost: "
                "make them anew with: continuum views rebuild"
            ) from error

    def rebuild(self) -> None:
        """Make the views anew from the logs, in a new file where theirs is damaged. Raises
        LogUnavailable where they cannot be written."""
        try:
            self._rebuild()
        except ViewsTrouble as error:
            if not _damaged(error):
                raise LogUnavailable(f"the views cannot be written: {_reason(error)}") from error
            self.renew()

    def renew(self) -> None:
        """Make the views anew where nothing of the old ones stays: an index keeps words in pages
        that it no longer uses. Raises as `rebuild`."""
        if self._path is None:
            self.rebuild()  # dropped tables are deleted files, and were never in the server's log
            return
        self.engine.dispose()
        for each in self._path.parent.glob(f"{self._path.name}*"):
            each.unlink()
        self._rebuild()
        self._file = self._held()

    def _rebuild(self) -> None:
        runner.create(self.engine)
        runner.rebuild(self.engine, all_views.VIEWS, self._logs, gone=self._gone())

    def compare(self) -> list[str]:
        """Where the views say something else than the logs. Raises LogUnavailable."""
        self.keep_up(all_views.VIEWS)
        try:
            with _scratch() as scratch:
                views, gone = all_views.VIEWS, self._gone()
                return comparing.compare(self.engine, scratch, views, self._logs, gone)
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
        self.engine.dispose()

    def _held(self) -> int | None:
        """Which file holds the views; None on a server, or where there is none yet."""
        return self._path.stat().st_ino if self._path and self._path.exists() else None

    def _follow_file(self) -> None:
        """An erasure made the views in a new file: let go of the old one, which is deleted."""
        if (now := self._held()) != self._file:
            self.engine.dispose()
            self._file = now


def tells_who_looked(views: Sequence[View]) -> bool:
    """Whether some of these views tell who looked."""
    return any(view.name in all_views.LOOKED for view in views)


@contextlib.contextmanager
def _scratch() -> Iterator[Engine]:
    """An empty set of views beside the running ones."""
    with TemporaryDirectory() as directory:
        engine = runner.open_views(Path(directory) / "views.db")
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


def _reason(error: ViewsTrouble) -> str:
    """What the database said, without the values that it was given."""
    return str(getattr(error, "orig", None) or type(error).__name__).splitlines()[0]


def _damaged(error: ViewsTrouble) -> bool:
    """Whether a file of views is no database any more, rather than locked or out of reach."""
    cause = getattr(error, "orig", None)
    return isinstance(cause, sqlite3.DatabaseError) and not isinstance(
        cause, sqlite3.OperationalError
    )
