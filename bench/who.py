"""Measure the search for possible duplicates of a person as the store grows.

People enter the view of possible duplicates one at a time, as in daily work. Each has a name (some
names are common), most have a birth date, a phone or an address. Earlier people are added without
being compared with each other. The cost of a new record is given in CPU milliseconds, with an
eighth of the people and with all of them: it must stay below `AIM`. The report also counts the
people who are not found by a key because too many people share it. Run alone:
`python -m bench.who [PEOPLE]`.
"""

import sys
import tempfile
import time
from collections import Counter
from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from random import Random
from unittest import mock
from uuid import UUID

import sqlalchemy as sa

from domain import matching
from domain.intelligence.entity import PersonRecorded, ThingRecorded
from domain.intelligence.link import LinkAsserted
from domain.kernel.envelope import Event, Recorded
from domain.kernel.values import Reader
from domain.matching import DEFAULT
from projections import all_views
from projections.intelligence import likely_same_person
from projections.intelligence.likely_same_person import CROWD, KeyRow, RecordRow
from projections.kernel import runner
from projections.kernel.batch import RowBatch
from projections.kernel.database import Db, Engine

#: The most CPU milliseconds that adding a new record with its links should take, at any size of the
#: store.
AIM = 20.0
START = datetime(2010, 1, 1, tzinfo=UTC)
TEAMS = tuple(f"Team {letter}" for letter in "ABCDEFGHIJKLMNOPQRST")
SOUNDS = ("ba", "lo", "mi", "ter", "sha", "kin", "do", "ry", "ven", "gal", "pos", "ham", "wick")
SINGLY = 300
READER = Reader("bench", "Team A", "police")


class Town:
    """Makes the people of a town: a fifth have a common first name, a tenth have a common last
    name, and one record in fifty repeats the name of the record before it with its first r doubled.
    """

    def __init__(self, seed: int = 1) -> None:
        self._draw = Random(seed)
        self._given = [self._word(2) for _ in range(800)]
        self._family = [self._word(3) for _ in range(20_000)]
        self.people = self._seq = 0

    def _word(self, sounds: int) -> str:
        return "".join(self._draw.choices(SOUNDS, k=sounds))

    def _name(self) -> str:
        draw = self._draw
        given_name = draw.choice([*DEFAULT.given] if draw.random() < 0.2 else self._given)
        family = draw.choice([*DEFAULT.family] if draw.random() < 0.1 else self._family)
        return f"{given_name} {family}"

    def facts(self, people: int) -> Iterator[list[Recorded]]:
        """Yield the facts of this many people, one list for each person."""
        draw, last = self._draw, "sharon marlow"
        for _ in range(people):
            name = self._name() if draw.random() > 0.02 else last.replace("r", "rr", 1)
            last, team = name, draw.choice(TEAMS)
            born = date(1940 + draw.randrange(70), 1 + draw.randrange(12), 1 + draw.randrange(28))
            person_event = PersonRecorded(
                True, name=name, born=born if draw.random() < 0.6 else None
            )
            self.people += 1
            person = UUID(int=self.people << 64)
            made = [self._fact(person, person_event, team)]
            if draw.random() < 0.5:
                phone_id = UUID(int=(1 << 100) + self.people)
                phone = f"+447700{draw.randrange(10**6):06d}"
                made.append(self._fact(phone_id, ThingRecorded("phone", phone, phone), team))
                tie = LinkAsserted(person, phone_id, "uses", "information")
                made.append(self._fact(UUID(int=(2 << 100) + self.people), tie, team))
            yield made

    def _fact(self, item: UUID, event: Event, team: str) -> Recorded:
        self._seq += 1
        at = START + timedelta(seconds=self._seq)
        return Recorded(
            "evidence", self._seq, item, 1, at, "psw", team, "police", "part-3", (), item, event
        )


def measured(people: int, home: Path) -> tuple[float, float, int]:
    """Return the CPU milliseconds of each new record, with an eighth of the people in the view and
    with all of them; and how many people are not found by one of the keys because too many share
    it.
    """
    engine = runner.open_views(home / "who.db")
    runner.create(engine, all_views.VIEWS)
    town, took = Town(), []
    for until in (people // 8, people):
        with engine.begin() as db:
            _lay(db, town, until - town.people)
        took.append(_singly(engine, town))
    with engine.connect() as db:
        beyond = likely_same_person.beyond(db, READER)
    engine.dispose()
    return took[0], took[1], beyond


def _lay(db: Db, town: Town, people: int) -> None:
    """Write this many people into the view, with the search keys of each."""
    c = KeyRow.table.c
    query = sa.select(c.key, c.team, sa.func.count()).group_by(c.key, c.team)
    shared = Counter({(key, team): many for key, team, many in db.execute(query)})

    def keep(batch: RowBatch, row: RecordRow, before: frozenset[str], *_: object) -> None:
        keys = matching.keys(row.held)  # type: ignore[arg-type]
        for key in likely_same_person.hashed(keys.stored.difference(before)):
            batch.put(KeyRow(key, shared[key, row.team] >= CROWD, row.entity, row.team))
            shared[key, row.team] += 1

    batch = RowBatch(db)
    with mock.patch.object(likely_same_person, "_compare", keep):
        for number, facts in enumerate(town.facts(people)):
            for fact in facts:
                likely_same_person.apply(fact, batch)
            if number % 5_000 == 4_999:
                batch.flush()
                batch = RowBatch(db)
    batch.flush()


def _singly(engine: Engine, town: Town) -> float:
    """Return the CPU milliseconds in which one person is added to the view, in a transaction of
    their own."""
    fact_groups = list(town.facts(SINGLY))
    begun = time.process_time()
    for facts in fact_groups:
        with engine.begin() as db:
            batch = RowBatch(db)
            for fact in facts:
                likely_same_person.apply(fact, batch)
            batch.flush()
    return (time.process_time() - begun) / SINGLY * 1_000


def report(people: int = 20_000) -> tuple[str, bool]:
    """Return the cost of a new record as text, and whether the cost is within the aim."""
    with tempfile.TemporaryDirectory() as home:
        few, many, beyond = measured(people, Path(home))
    words = (
        f"who is who: {few:.2f} ms a record at {people // 8:,} people, {many:.2f} ms at {people:,} "
        f"(aim {AIM:.0f} ms); {beyond:,} people are not compared by some key"
    )
    return words, many < AIM


if __name__ == "__main__":
    said, good = report(*map(int, sys.argv[1:2]))
    print(said)
    sys.exit(0 if good else 1)
