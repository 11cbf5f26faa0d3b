"""A test store (an office) on files or on a server, with its users as readers and with a clock that
the test sets.
"""

from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, closing, contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any, TypeAlias, TypeVar
from uuid import UUID

import msgspec

from commands.families import referral
from commands.information import observation, withdrawal
from commands.intelligence import intelligence_report
from commands.kernel import entity
from commands.kernel.unit_of_work import Desk, Receipt
from commands.people_and_teams import two_person
from domain.information.observation import Observation, evolve
from domain.intelligence.corroboration import Support
from domain.kernel.codes import What
from domain.kernel.envelope import LogName, Recorded
from domain.kernel.values import Grade, Handling, Reader
from installation.opening import open_system
from installation.settings import Settings, load_settings
from installation.system import System
from projections import all_views
from projections.intelligence import links as links_view
from tests.made import Made

START = datetime(2011, 3, 18, 9, 0, tzinfo=UTC)
WORDS = "Lads call him Baz, drives a silver Corsa PK95 ABC."
T = TypeVar("T")
#: The place of a test store: a home directory, and a URL if the store is on a server.
Place: TypeAlias = tuple[Path, str | None]


@dataclass
class Office:
    """A test store with a user, `reader`, who makes its queries, and with a clock that the test
    sets."""

    system: System
    settings: Settings

    @property
    def desk(self) -> Desk:
        return self.system.desk

    @property
    def reader(self) -> Reader:
        return self.system.reader

    def somebody(self, name: str, *, assessor: bool = True) -> Reader:
        """Return a reader of the store's team with this name, who is another user than the store's
        own.
        """
        return msgspec.structs.replace(self.reader, name=name, assessor=assessor)

    def later(self, hours: float = 1) -> datetime:
        """Move the store's clock on by this number of hours; return the new time."""
        assert self.system.clock.given_time
        self.system.clock.given_time += timedelta(hours=hours)
        return self.system.clock.given_time

    def again(self) -> "Office":
        """Close this store's connections and open the same store again, as after a restart; return
        it.
        """
        told = self.system.clock.given_time
        self.system.close()
        self.system = open_system(self.settings, now=told)
        return self

    @contextmanager
    def hasty(self) -> Iterator[System]:
        """Yield the same store with questions that do not wait until the views have read the whole
        log."""
        settings = self.settings.model_copy(update={"question_wait": 0})
        with closing(open_system(settings, now=self.system.clock.given_time)) as system:
            yield system

    def facts(self, log: LogName = "evidence") -> list[Recorded]:
        one = self.system.logs[log]
        return one.read(0, max(one.last(), 1))

    def events(self, kind: type, log: LogName = "evidence") -> list[Any]:
        """Return the recorded events of this class."""
        return [fact.event for fact in self.facts(log) if isinstance(fact.event, kind)]

    def count(self) -> dict[LogName, int]:
        """Return the number of facts in each log of the store."""
        return {name: log.last() for name, log in self.system.logs.items()}

    def links(self, **asked: Any) -> list[links_view.LinkRow]:
        """Return the current links that match `asked`, ungraded links included."""
        with self.system.reading() as db:
            return links_view.links(db, self.reader, links_view.LinkFilter(min_rank=None, **asked))

    # --- records that most tests need at the beginning
    # -----------------------------------------------

    def case(self, child: str = "Kayleigh Marlow") -> UUID:
        return referral.receive(self.desk, self.reader, child=child).id

    def agreed(self, item: UUID, what: What, reason: str | None = None) -> Receipt:
        """Let a second person confirm the proposal of the kind `what` (such as "close") about this
        item; return the receipt of the confirmation."""
        second = self.somebody("di.moss")
        return two_person.confirm(self.desk, second, item, what, reason=reason)

    def withdrawn(self, item: UUID, reason: str = "said in error") -> Receipt:
        """Withdraw a log entry, with a second person if the withdrawal requires one."""
        desk, reader = self.desk, self.reader
        receipt = withdrawal.words(desk, reader, item, reason, "parent-wishes", "no")
        return self.agreed(item, "withdraw-words") if receipt.proposed else receipt

    def closed(self, case: UUID, reason: str = "safe") -> Receipt:
        """Let two people close a case for this reason, even if deadlines or alerts of the case are
        open; return the receipt.
        """
        two_person.close(self.desk, self.reader, str(case), reason)
        return self.agreed(case, "close", "looked through by both")

    def words(self, text: str = WORDS, **told: Any) -> UUID:
        return observation.record(self.desk, self.reader, words=text, **told).id

    def person(self, name: str = "Baz", **told: Any) -> UUID:
        return entity.record_person(self.desk, self.reader, name=name, known=False, **told).id

    def assessed(self, item: UUID, grade: str = "2A") -> Receipt:
        desk, reader, handling = self.desk, self.reader, Handling("P")
        why = Support(one_root="the test's own")  # a grade of B requires a reason
        return intelligence_report.assess(
            desk, reader, item, Grade.parse(grade), handling, support=why
        )

    def recorded_root(self, item: UUID) -> UUID | None:
        """Return the independent source (root) that the store now records for this log entry."""
        return self.desk.fold(item, Observation(), evolve)[0].root


def opened(home: Path, url: str | None = None) -> Office:
    """Return a new test store, which is a copy of a store made by `init`."""
    OFFICE.copied(home, url)
    return reopened(home, url, START)


def reopened(home: Path, url: str | None, now: datetime) -> Office:
    """Return the existing test store at this place, with its clock at this time."""
    settings = _settings(home, url)
    return Office(open_system(settings, now=now), settings)


def _settings(home: Path, url: str | None) -> Settings:
    where = {"store": url or str(home), "home": home, "user": "ds.hart"}
    # the settings are read only once, because reading them takes a fifth of the time
    return load_settings().model_copy(update=where)


def _make(home: Path, url: str | None) -> None:
    settings = _settings(home, url)
    with closing(open_system(settings, create=True, synthetic=True, now=START)) as system:
        # opening the credentials makes their tables, so that no test with an account has to make
        # them
        if url:
            assert system.credentials is not None
        # otherwise the first question to each copy of the store would update the views
        system.keep_up(all_views.VIEWS)


OFFICE = Made("office", _make)


Prepared: TypeAlias = AbstractContextManager[tuple[Office, T]]


def prepared(
    name: str, happened: Callable[[Office], T]
) -> Callable[[Path, str | None], Prepared[T]]:
    """Return a function that copies a prepared store. The store's history is recorded once on each
    database, so all copies have the same history and ids."""

    def make(home: Path, url: str | None) -> tuple[datetime, T]:
        office = opened(home, url)
        try:
            told = happened(office)
            office.system.keep_up(all_views.VIEWS)
            return office.system.clock(), told
        finally:
            office.system.close()

    store = Made(name, make)

    @contextmanager
    def one(home: Path, url: str | None) -> Iterator[tuple[Office, T]]:
        now, told = store.copied(home, url)
        settings = _settings(home, url)
        system = open_system(settings, now=now)
        # the store's user has no account, as before the first account was made
        system.reader = system.label
        try:
            yield Office(system, settings), told
        finally:
            system.close()

    return one
