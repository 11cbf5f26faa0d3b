"""A story for tests: events that are recorded one after another, and a log that contains them."""

from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from uuid import UUID

import sqlalchemy as sa

from domain.families.referral import CaseOpened, ReferralReceived
from domain.information.observation import ObservationAssessed, ObservationRecorded
from domain.intelligence.entity import PersonRecorded, ThingRecorded
from domain.intelligence.intelligence_report import ItemGraded, ReportOpened
from domain.kernel.envelope import Event, LogName, Recorded
from domain.kernel.values import EntityKind, Grade, Handling, Reader
from projections.all_views import VIEWS
from projections.kernel import runner
from projections.kernel.database import Db
from projections.kernel.schema import View

READER = Reader("ds.hart", "Engage", "police")
START = datetime(2011, 3, 18, 9, 0, tzinfo=UTC)


def hour(number: float) -> datetime:
    return START + timedelta(hours=number)


@dataclass
class FakeLog:
    """A log in memory; `damaged` are the positions of records that cannot be read."""

    facts: list[Recorded] = field(default_factory=list)
    damaged: frozenset[int] = frozenset()

    def read(
        self, after: int, limit: int, on_error: Callable[[int, str], None] | None = None
    ) -> list[Recorded]:
        found = self.facts[after : after + limit]
        for fact in found:
            if fact.seq in self.damaged and on_error:
                on_error(fact.seq, "damaged")
        return [fact for fact in found if fact.seq not in self.damaged]

    def kinds(self, after: int, limit: int) -> list[tuple[int, type[Event] | None]]:
        return [
            (fact.seq, None if fact.seq in self.damaged else type(fact.event))
            for fact in self.facts[after : after + limit]
        ]

    def last(self) -> int:
        return len(self.facts)

    def wait(self, seconds: float) -> bool:
        raise NotImplementedError


@dataclass
class Tale:
    """A story of facts in order; each fact is recorded an hour after the one before it, unless a
    time is given.
    """

    log: FakeLog = field(default_factory=FakeLog)
    versions: dict[UUID, int] = field(default_factory=dict)
    made: int = 0

    @property
    def logs(self) -> dict[LogName, FakeLog]:
        return {"evidence": self.log, "access": FakeLog(), "sources": FakeLog()}

    def new(self) -> UUID:
        """Return a new id. Ids begin in the order of their creation, and no two have the same
        end."""
        self.made += 1
        return UUID(int=self.made << 80 | 7 << 76 | 2 << 62 | self.made * 7919 % 2**32)

    def tell(
        self,
        *events: Event,
        about: UUID | None = None,
        by: str = "psw.ellis",
        team: str = "Engage",
        because_of: Sequence[UUID | str] = (),
        at: datetime | None = None,
    ) -> UUID:
        """Record events of one stream (a new one if none is given); return the stream's id."""
        stream = about or self.new()
        for event in events:
            version = self.versions.get(stream, 0) + 1
            self.versions[stream] = version
            seq = len(self.log.facts) + 1
            self.log.facts.append(
                Recorded(
                    "evidence",
                    seq,
                    stream,
                    version,
                    at or hour(seq),
                    by,
                    team,
                    "police",
                    "part-3",
                    tuple(map(str, because_of)),
                    UUID(int=seq),
                    event,
                )
            )
        return stream

    # --- events that many tests record ------------------------------------------------------------

    def words(self, text: str = "A red car waits outside", **told: object) -> UUID:
        how = {k: told.pop(k) for k in ("by", "team", "at", "because_of") if k in told}
        return self.tell(ObservationRecorded("snippet", "verbatim", text, **told), **how)  # type: ignore[arg-type]

    def case(self, reference: str | None = None, team: str = "Engage") -> UUID:
        return self.case_of(self.person("Kayleigh Marlow"), reference, team)

    def case_of(self, child: UUID, reference: str | None = None, team: str = "Engage") -> UUID:
        return self.tell(CaseOpened(child, team, reference), ReferralReceived(), team=team)

    def person(self, name: str) -> UUID:
        return self.tell(PersonRecorded(known=True, name=name))

    def thing(self, kind: EntityKind, normal: str) -> UUID:
        return self.tell(ThingRecorded(kind, normal, normal))

    def graded(self, observation: UUID, label: str = "2B") -> UUID:
        report = self.tell(
            ReportOpened("IR1"),
            ItemGraded(1, observation, Grade.parse(label), Handling("P")),
            by="ds.hart",
        )
        self.tell(ObservationAssessed(report, 1), about=observation, by="ds.hart")
        return report


@dataclass
class Views:
    """The tables that views compute from a story, on one database."""

    engine: sa.Engine

    def follow(
        self, tale: Tale, *, views: Sequence[View] = VIEWS, until: int | None = None
    ) -> None:
        runner.catch_up(
            self.engine, views, tale.logs, until=None if until is None else {"evidence": until}
        )

    @contextmanager
    def of(self, tale: Tale) -> Iterator[Db]:
        """Let the views read the whole story `tale`; yield a connection to their tables."""
        self.follow(tale)
        with self.engine.connect() as db:
            yield db
