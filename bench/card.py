"""Measure how long a report card of a period takes, with a million facts to count.

Facts of 83,000 families over five years, each with a child, are written into the card's tables. The
card of a quarter, of a year and of two years is then read with all its tables. A card also names
the root hash of the log. Computing the root hash is measured for a log of a million records, once
with all but the last 30,000 signed, and once with no record signed. Figures are seconds of
processor time, the best of three. Run alone: `python -m bench.card [FACTS]`.
"""

import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from functools import partial
from pathlib import Path
from random import Random
from typing import Any, get_args
from uuid import UUID

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from msgspec.structs import asdict

from access.database import reading, writing
from bench.integrity import MILLION, ORIGIN, Imagined
from commands.people_and_teams import period_card
from domain.kernel.codes import CardMeasure, ReferredEthnicity, Residence
from domain.kernel.values import Reader, Threshold
from ledger.proof.checkpoint import Checkpoint, sign
from ledger.proof.leaf import leaves_of, prefix
from ledger.proof.leaf_scan import pages
from ledger.proof.merkle import Peaks
from ledger.proof.proof import Proven, first_records
from ledger.proof.receipt import Receipt
from ledger.proof.tiles import Writer
from projections import all_views
from projections.families import caseload_makeup
from projections.families.caseload_makeup import AgeRow, GenderRow, MonitoredRow
from projections.families.report_card import BITS, CaseRow, FactRow, RatingRow
from projections.kernel import runner
from projections.kernel.database import Engine

#: The most seconds that reading a report card should take.
AIM = 2.0
TIMES = 3
#: How many records at the end of the log are not signed by a checkpoint yet.
UNSIGNED = 30_000
#: How many families are written in one transaction.
_AT_ONCE = 2_000
#: How many facts the benchmark writes for each family.
OF_FAMILY = 12
#: Which of the facts of each family have a rating, by number.
RATED = (1, 5, 9)
START, NOW = datetime(2008, 1, 1, tzinfo=UTC), datetime(2013, 6, 1, tzinfo=UTC)
TEAMS = ("Engage", "Cherish", "Deter", "Freedom")
#: The number from which the ids of children are counted, so that they differ from the ids of cases.
CHILDREN = 10**9
REFERRERS = sorted({*caseload_makeup.REFERRERS.values()})
PERIODS = {
    "a quarter": (date(2010, 1, 1), date(2010, 3, 31)),
    "a year": (date(2010, 1, 1), date(2010, 12, 31)),
    "two years": (date(2010, 10, 1), date(2012, 9, 30)),
}
READER = Reader("dci.hale", "Engage", "police")


@dataclass(frozen=True)
class Took:
    """The seconds to read the report card of one period, or to compute the root hash of the log."""

    what: str
    seconds: float


def measure(facts: int = 1_000_000) -> list[Took]:
    """Return how long reading each report card takes, with this many facts in the tables."""
    with tempfile.TemporaryDirectory() as place:
        engine = runner.open_views(Path(place) / "views.db")
        try:
            runner.create(engine, all_views.VIEWS)
            _fill(engine, facts // OF_FAMILY)
            cards = [
                Took(f"card of {period_name}", _best(partial(_read, engine, *period)))
                for period_name, period in PERIODS.items()
            ]
        finally:
            engine.dispose()
        return [*cards, *_roots(Path(place))]


def _roots(place: Path) -> Iterator[Took]:
    """Yield how long computing the root hash of a log of a million records takes."""
    log: Any = Imagined()
    tiles = place / "tiles"
    writer = Writer(tiles)
    tree = Peaks(report=writer)
    for page in pages(log, 1, MILLION - UNSIGNED):
        tree.extend(leaves_of(prefix(ORIGIN), page[0].seq, page) or [])
    writer.flush("")
    signed = sign(Checkpoint(ORIGIN, tree.size, tree.root()), Ed25519PrivateKey.generate())

    def root(note: str) -> Receipt:
        return first_records(Proven(log, "evidence", tiles, tiles), ORIGIN, MILLION, note)

    for title, note in ((f"root, {UNSIGNED:,} unsigned", signed), ("root, never signed", "")):
        yield Took(title, _best(partial(root, note)))


def _fill(engine: Engine, families: int) -> None:
    drawn = Random(4711)
    with writing(engine) as db:
        for start in range(0, families, _AT_ONCE):
            numbers = range(start, min(start + _AT_ONCE, families))
            db.execute(CaseRow.table.insert(), [_family(number) for number in numbers])
            rows = [row for number in numbers for row in _facts(number, drawn)]
            db.execute(FactRow.table.insert(), rows)
            ratings = [_rating(row) for row in rows if row["version"] in RATED]
            db.execute(RatingRow.table.insert(), ratings)
            for of_kind in zip(*(_child(number, drawn) for number in numbers), strict=True):
                db.execute(of_kind[0].table.insert(), [asdict(row) for row in of_kind])


def _family(number: int) -> dict[str, object]:
    return _row(CaseRow(UUID(int=number), TEAMS[number % 4], "medium", START))


def _child(
    number: int, drawn: Random
) -> tuple[caseload_makeup.CaseRow, AgeRow, GenderRow, MonitoredRow]:
    """Return rows about an invented child of case number `number`: who referred the child, the
    child's age and gender, and the fields of the national form."""
    case, child = UUID(int=number), UUID(int=CHILDREN + number)
    born = date(1995, 1, 1) + timedelta(days=drawn.randrange(3_000))
    return (
        caseload_makeup.CaseRow(case, TEAMS[number % 4], child, START, drawn.choice(REFERRERS)),
        AgeRow(child, 1, born, exact=True, recorded=START),
        GenderRow(child, drawn.choice(("female", "male")), START),
        MonitoredRow(
            case,
            2,
            case,
            START,
            drawn.choice((*get_args(Residence), None)),
            drawn.choice((*get_args(ReferredEthnicity), None)),
            drawn.choice((True, False, None)),
            drawn.choice((True, False, None)),
        ),
    )


def _rating(fact: dict[str, Any]) -> dict[str, object]:
    """Return the row of the rating that the fact `fact` records."""
    level: Threshold = "medium" if fact["version"] == 1 else "high"
    return _row(RatingRow(fact["case"], fact["version"], level, fact["recorded"]))


def _facts(number: int, drawn: Random) -> Iterator[dict[str, Any]]:
    case = UUID(int=number)
    first = START + timedelta(days=drawn.random() * 1_800)
    for version in range(1, OF_FAMILY + 1):
        at = first + timedelta(days=drawn.random() * 200)
        code: CardMeasure = "referred" if version == 1 else drawn.choice(get_args(CardMeasure))
        yield _row(FactRow(case, version, BITS[code], case, at + timedelta(hours=30), at))


def _row(row: CaseRow | FactRow | RatingRow) -> dict[str, Any]:
    return asdict(row)


def _read(engine: Engine, since: date, until: date) -> None:
    with reading(engine) as db:
        period_card.whole(db, READER, period_card.requested_card(since, until, None, (), None, NOW))


def _best(work: Callable[[], object]) -> float:
    took = []
    for _ in range(TIMES):
        began = time.process_time()
        work()
        took.append(time.process_time() - began)
    return min(took)


def table(took: list[Took]) -> str:
    lines = [f"| what | seconds (aim: {AIM:g}) |", "|---|---|"]
    return "\n".join((*lines, *(f"| {timing.what} | {timing.seconds:.2f} |" for timing in took)))


if __name__ == "__main__":
    print(table(measure(int(sys.argv[1]) if len(sys.argv) > 1 else 1_000_000)))
