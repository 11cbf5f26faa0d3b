"""A small invented network, which a test writes directly into the tables of the views."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import cast
from uuid import UUID

import sqlalchemy as sa
from msgspec.structs import replace

from domain import forms
from domain.families.missing import night, place
from domain.intelligence.identity import pair_stream
from domain.kernel.codes import Judgement
from domain.kernel.values import EntityKind, Grade, LinkKind, PoleCategory, Reader, Stage
from projections import all_views
from projections.intelligence import likely_same_person
from projections.intelligence.links import AtRow, ClosedRow, LinkRow, RestrictedRow, rank
from projections.intelligence.people import AgeRow, CategoryRow, EntityRow, JudgementRow, NameRow
from projections.kernel.batch import RowBatch
from projections.kernel.database import Db
from projections.kernel.runner import create, open_views
from projections.missing.rows import EpisodeRow

READER = Reader("analyst", "team-a", "police")
START = datetime(2010, 1, 1, tzinfo=UTC)


def day(number: int) -> datetime:
    return START + timedelta(days=number)


@dataclass
class World:
    """A network of a test, to which the test adds facts. Each fact has the day on which it was
    recorded; `db()` opens the tables of the network."""

    engine: sa.Engine
    clock: int = 0
    seq: int = 0
    rows: list[object] = field(default_factory=list)
    ids: dict[str, UUID] = field(default_factory=dict)
    called: dict[str, tuple[str, ...]] = field(default_factory=dict)

    def __getitem__(self, name: str) -> UUID:
        return self.ids[name]

    def _next(self) -> int:
        self.seq += 1
        return self.seq

    def put(
        self,
        name: str,
        *categories: PoleCategory,
        kind: EntityKind = "person",
        child: bool | None = None,
        born: date | None = None,
        aliases: tuple[str, ...] = (),
        known: int = 0,
        described: bool = False,
    ) -> UUID:
        one = UUID(int=(len(self.ids) + 1) << 64)
        self.ids[name], self.called[name] = one, (name, *aliases)
        at = day(known)
        self.rows.append(EntityRow(one, self._next(), kind, None, (), "analyst", "team-a", at))
        for number, called in enumerate((name, *aliases)):
            label = number == 0
            normal = forms.name(called) if kind == "person" else called
            sort = "called" if described and label else "name"
            self.rows.append(NameRow(one, self._next(), called, normal, sort, label, at))
        for category in categories:
            self.rows.append(CategoryRow(one, self._next(), category, "told", "analyst", at, None))
        if child is not None or born is not None:
            self.rows.append(AgeRow(one, self._next(), child, born, None, at))
        return one

    def suspects(self, *names: str) -> None:
        for name in names:
            self.put(name, "suspect")

    def child(self, name: str, *more: PoleCategory) -> UUID:
        return self.put(name, "victim", *more, child=True)

    def link(
        self,
        a: str,
        b: str,
        kind: LinkKind = "associate",
        grade: str | None = "2B",
        *,
        stage: Stage | None = None,
        root: UUID | None = None,
        known: int = 0,
        until: int | None = None,
        valid: tuple[int | None, int | None] = (None, None),
        handling: str | None = "P",
        weight: float = 1.0,
        undermined: bool = False,
        team: str = "team-a",
        link: UUID | None = None,
    ) -> UUID:
        number = self._next()
        one = link or UUID(int=(1 << 100) + number)
        parsed = Grade.parse(grade) if grade else None
        start, end = (None if at is None else day(at) for at in valid)
        self.rows.append(
            LinkRow(
                link=one,
                since=number,
                version=1,
                a=self[a],
                b=self[b],
                kind=kind,
                stage=stage or ("intelligence" if grade else "information"),
                grade=grade,
                rank=rank(parsed),
                handling=handling if grade else None,
                root=root,
                observation=UUID(int=(2 << 100) + number),
                report=None,
                item=None,
                exhibit=UUID(int=(3 << 100) + number) if stage == "evidence" else None,
                undermined=undermined,
                team=team,
                weight=weight,
                reference=None,
                valid_from=start,
                valid_to=end,
                known_from=day(known),
                known_to=None if until is None else day(until),
            )
        )
        return one

    def found(self, name: str, where: str, *, known: int = 0) -> None:
        """Record that a missing child was traced to the place `where`; `known` is the day on which
        this was recorded."""
        child = self.ids.get(name) or self.child(name)
        number, at = self._next(), day(known)
        case = UUID(int=(4 << 100) + child.int)
        row = EpisodeRow(case, number, child, "team-a", "", at, at, night(at), "analyst")
        self.rows.append(
            replace(row, until=at, last=night(at), found_where=where, place=place(where))
        )

    def restrict(self, name: str) -> None:
        """Restrict an item, so that its records and all links that name it are hidden."""
        number, row = next(
            (number, row)
            for number, row in enumerate(self.rows)
            if isinstance(row, EntityRow) and row.entity == self[name]
        )
        self.rows[number] = replace(row, restricted=True)
        self.rows.append(RestrictedRow(self[name]))

    def judge(self, a: str, b: str, judgement: Judgement = "same", *, known: int = 0) -> None:
        one, other = self[a], self[b]
        self._judge("entities", one, other, judgement, known)

    def same_root(self, a: UUID, b: UUID, *, known: int = 0) -> None:
        self._judge("roots", a, b, "same", known)

    def _judge(self, what: str, a: UUID, b: UUID, judgement: str, known: int) -> None:
        self.rows.append(
            JudgementRow(
                pair_stream(a, b), self._next(), what, a, b, judgement, "told", "analyst",
                day(known), None,
            )
        )  # fmt: skip

    @contextmanager
    def db(self) -> Iterator[Db]:
        with self.engine.begin() as db:
            batch = RowBatch(db)
            for row in self.rows:
                batch.put(row)
                _follow(batch, row)
            batch.flush()
        self.rows.clear()
        with self.engine.connect() as db:
            yield db


def _follow(batch: RowBatch, row: object) -> None:
    """Update the tables that depend on `row`, which a test has written into the table of a view."""
    match row:
        case EntityRow(kind="person"):
            likely_same_person.add_person(batch, row.entity, row.team, {})
        case NameRow() if whose := batch.get(EntityRow, row.entity):
            if whose.kind == "person":
                likely_same_person.add_fact(batch, row.entity, "name", forms.name(row.name))
            else:
                batch.put(likely_same_person.ThingRow(row.entity, whose.kind, row.normal))
        case AgeRow():
            likely_same_person.add_age(
                batch, row.entity, row.born, row.words, row.known_from.date()
            )
        case LinkRow():
            for end in (row.a, row.b):
                at = batch.get(AtRow, end)
                batch.put(AtRow(end, at.links + 1 if at else 1))
            if row.known_to:
                batch.put(ClosedRow(row.known_to, row.link, row.since))
            likely_same_person.add_link(batch, row.a, row.b, row.kind)
        case JudgementRow(what="entities"):
            judgement = cast(Judgement, row.judgement)
            likely_same_person.was_judged(batch, row.a, row.b, judgement, row.known_from)


@contextmanager
def new_world(home: Path | str) -> Iterator[World]:
    engine = open_views(home / "views.db" if isinstance(home, Path) else home)
    create(engine, all_views.VIEWS)
    try:
        yield World(engine)
    finally:
        engine.dispose()
