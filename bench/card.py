"""Measures how long a report card of a period takes, over a million facts that count.

Facts of 83,000 families in five years are written into the card's tables; the card of a quarter, of
a year and of two years is then read with all its tables. Seconds of processor time, the best of
three. Run alone: `python -m bench.card [FACTS]`.
"""

import sys
import tempfile
import time
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from random import Random
from typing import get_args
from uuid import UUID

from msgspec.structs import asdict

from access.database import reading, writing
from commands.people_and_teams import period_card
from domain.kernel.codes import CardMeasure
from domain.kernel.values import Reader
from projections import all_views
from projections.families.report_card import CaseRow, FactRow
from projections.kernel import runner
from projections.kernel.database import Engine

#: The aim in seconds for a report card.
AIM = 2.0
TIMES = 3
#: How many families are written at once.
_AT_ONCE = 2_000
#: How many facts each family has.
OF_FAMILY = 12
START, NOW = datetime(2008, 1, 1, tzinfo=UTC), datetime(2013, 6, 1, tzinfo=UTC)
TEAMS = ("Engage", "Cherish", "Deter", "Freedom")
PERIODS = {
    "a quarter": (date(2010, 1, 1), date(2010, 3, 31)),
    "a year": (date(2010, 1, 1), date(2010, 12, 31)),
    "two years": (date(2010, 10, 1), date(2012, 9, 30)),
}
READER = Reader("dci.hale", "Engage", "police")


@dataclass(frozen=True)
class Took:
    """The seconds that the report card of a period took."""

    what: str
    seconds: float


def measure(facts: int = 1_000_000) -> list[Took]:
    """Return how long each report card takes over this many facts."""
    with tempfile.TemporaryDirectory() as place:
        engine = runner.open_views(Path(place) / "views.db")
        try:
            runner.create(engine, all_views.VIEWS)
            _fill(engine, facts // OF_FAMILY)
            return [Took(what, _best(engine, *period)) for what, period in PERIODS.items()]
        finally:
            engine.dispose()


def _fill(engine: Engine, families: int) -> None:
    drawn = Random(4711)
    with writing(engine) as db:
        for start in range(0, families, _AT_ONCE):
            some = range(start, min(start + _AT_ONCE, families))
            db.execute(CaseRow.table.insert(), [_family(number) for number in some])
            rows = [row for number in some for row in _facts(number, drawn)]
            db.execute(FactRow.table.insert(), rows)


def _family(number: int) -> dict[str, object]:
    return _row(CaseRow(UUID(int=number), TEAMS[number % 4], "medium", START))


def _facts(number: int, drawn: Random) -> Iterator[dict[str, object]]:
    case = UUID(int=number)
    first = START + timedelta(days=drawn.random() * 1_800)
    for version in range(1, OF_FAMILY + 1):
        at = first + timedelta(days=drawn.random() * 200)
        code: CardMeasure = "referred" if version == 1 else drawn.choice(get_args(CardMeasure))
        yield _row(FactRow(case, version, code, case, at + timedelta(hours=30), at))


def _row(row: CaseRow | FactRow) -> dict[str, object]:
    return asdict(row)


def _best(engine: Engine, since: date, until: date) -> float:
    wanted = period_card.asked(since, until, None, (), None, NOW)
    took = []
    for _ in range(TIMES):
        began = time.process_time()
        with reading(engine) as db:
            period_card.whole(db, READER, wanted)
        took.append(time.process_time() - began)
    return min(took)


def table(took: list[Took]) -> str:
    """Return the seconds of each report card beside the aim."""
    lines = [f"| card of | seconds (aim: {AIM:g}) |", "|---|---|"]
    return "\n".join((*lines, *(f"| {one.what} | {one.seconds:.2f} |" for one in took)))


if __name__ == "__main__":
    print(table(measure(int(sys.argv[1]) if len(sys.argv) > 1 else 1_000_000)))
