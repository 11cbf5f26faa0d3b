"""Measure the search for possible corroboration between log entries as the store grows. A possible
corroboration is the same thing mentioned in two entries.

Log entries of two families with mentions (a plate or part of one, a phone, an account, a nickname
with a place) enter the view of possible corroborations one at a time, as while people work. Earlier
mentions are written directly into the view's tables, without the matches among them, because a
million would take a day otherwise. The cost of one entry is measured in CPU milliseconds, with an
eighth of the mentions and with all of them. The cost must stay below `AIM` and must not grow with
the store. Run alone: `python -m bench.joins [MENTIONS]`.
"""

import sys
import tempfile
import time
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from random import Random
from uuid import UUID

from domain.information import shared_mentions
from domain.information.observation import ObservationRead, ObservationRecorded
from domain.kernel.envelope import Event, Recorded
from domain.kernel.values import Mention, MentionKind
from projections import all_views
from projections.due import joined
from projections.due.joined import ItemRow
from projections.kernel import runner
from projections.kernel.batch import RowBatch
from projections.kernel.database import Db, Engine

#: The aim in CPU milliseconds for one entry, at any size of the store.
AIM = 5.0
START = datetime(2010, 1, 1, tzinfo=UTC)
TEAMS = ("Engage", "Deter", "Freedom", "Awaken")
LETTERS = "ABCDEFGHJKLMNOPRSTUVWXY"
NICKNAMES = tuple(f"{a}{b}z" for a in "bdgjkmst" for b in "aeiou")
SINGLY = 300


class Talk:
    """Makes log entries with mentions. One car in fifty and one place in ten are mentioned again
    and again by all teams; every other thing is mentioned once."""

    def __init__(self, seed: int = 1) -> None:
        self._draw = Random(seed)
        self.mentions = self.items = 0

    def _plate(self) -> str:
        draw = self._draw
        if draw.random() < 0.02:
            return f"PK95HU{draw.choice('ABCDE')}"
        ends = "".join(draw.choices(LETTERS, k=5))
        return f"{ends[:2]}{draw.randrange(91, 100)}{ends[2:]}"

    def _things(self) -> Iterator[tuple[MentionKind, str]]:
        draw = self._draw
        plate = self._plate()
        if draw.random() < 2 / 3:
            yield "vrm", plate
        else:
            yield "vrm_partial", f"{plate[:4]}***"
        yield "phone", f"+447700{draw.randrange(10**6):06d}"
        if draw.random() < 0.5:
            yield "nickname", draw.choice(NICKNAMES)
            lane = draw.randrange(5) if draw.random() < 0.1 else draw.randrange(10**5)
            yield "place", f"lane {lane}"

    def facts(self, until: int) -> Iterator[Recorded]:
        """Yield log entries until this many mentions have been made."""
        while self.mentions < until:
            things = list(self._things())
            self.mentions += len(things)
            self.items += 1
            team = self._draw.choice(TEAMS)
            read = tuple(Mention(0, 1, kind, normal, 0.9) for kind, normal in things)
            item = UUID(int=self.items << 64 | 7919 * self.items % 2**61)
            for version, event in enumerate(
                (ObservationRecorded("snippet", "verbatim", "words"), ObservationRead("b", read)), 1
            ):
                yield self._fact(item, version, event, team)

    def _fact(self, item: UUID, version: int, event: Event, team: str) -> Recorded:
        seq = 2 * self.items + version
        at = START + timedelta(minutes=self.items)
        return Recorded(
            "evidence", seq, item, version, at, "psw", team, "police", "part-3", (), item, event
        )


def measured(mentions: int, home: Path) -> tuple[float, float]:
    """Return the CPU milliseconds that the view needs for one entry, with an eighth of the mentions
    and with all of them.
    """
    engine = runner.open_views(home / "joins.db")
    runner.create(engine, all_views.VIEWS)
    talk, took = Talk(), []
    for until in (mentions // 8, mentions):
        with engine.begin() as db:
            _lay(db, talk, until)
        took.append(_singly(engine, talk))
    engine.dispose()
    return took[0], took[1]


def _lay(db: Db, talk: Talk, until: int) -> None:
    """Write log entries into the view's tables until they have this many mentions."""
    batch = RowBatch(db)
    for number, fact in enumerate(talk.facts(until)):
        if isinstance(fact.event, ObservationRead):
            clues = shared_mentions.clues(fact.event.mentions)
            named = tuple((clue.kind, clue.normal) for clue in clues)
            row = ItemRow(fact.stream, "words", fact.team, fact.recorded, named)
            batch.put(row)
            joined.stored(batch, row, shared_mentions.storage_keys(clues))
        if number % 20_000 == 19_999:
            batch.flush()
            batch = RowBatch(db)
    batch.flush()


def _singly(engine: Engine, talk: Talk) -> float:
    """Return the CPU milliseconds in which one entry is added to the view, in a transaction of its
    own."""
    facts = list(talk.facts(talk.mentions + 3 * SINGLY))
    begun = time.process_time()
    for at in range(0, len(facts), 2):
        with engine.begin() as db:
            batch = RowBatch(db)
            for fact in facts[at : at + 2]:
                joined.apply(fact, batch)
            batch.flush()
    return (time.process_time() - begun) / (len(facts) / 2) * 1_000


def main(mentions: int = 100_000) -> bool:
    """Print the cost of one entry; return whether it is within the aim and does not grow with the
    store."""
    with tempfile.TemporaryDirectory() as home:
        few, many = measured(mentions, Path(home))
    sys.stdout.write(
        f"what others have said: {few:.2f} ms an item at {mentions // 8:,} mentions, {many:.2f} ms "
        f"at {mentions:,} (aim {AIM:.0f} ms, no growth)\n"
    )
    return many < AIM


if __name__ == "__main__":
    sys.exit(0 if main(*map(int, sys.argv[1:2])) else 1)
