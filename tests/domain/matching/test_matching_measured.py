"""How well two records of one person are distinguished from records of two people, on sets with
known answers.

The sets are invented people (tests/data/febrl). The weights are learned from the records alone.
"""

import csv
import lzma
from collections import defaultdict
from contextlib import suppress
from datetime import date
from itertools import combinations
from pathlib import Path

import pytest

from domain import forms, matching
from domain.matching import Held, Record
from domain.matching.training import sharing_a_key, train

SETS = Path(__file__).parents[2] / "data" / "febrl"
#: Pairs from which weights are learnt: enough, and quick.
SOME = 10_000


def read(*names: str) -> tuple[list[Record], list[str]]:
    """Return the records of these files as they are compared, and the person of each."""
    records, people = list[Record](), list[str]()
    for name in names:
        with lzma.open(SETS / f"{name}.csv.xz", "rt") as file:
            for row in csv.DictReader(file):
                records.append(_record(row))
                people.append(row["rec_id"].split("-")[1])
    return records, people


def _record(row: dict[str, str]) -> Record:
    parts = (row[part] for part in ("street_number", "address_1", "address_2", "suburb"))
    told: dict[Held, str] = {
        "name": forms.name(f"{row['given_name']} {row['surname']}"),
        "address": forms.place(" ".join((*parts, row["postcode"]))),
    }
    born = row["date_of_birth"]
    with suppress(ValueError):  # none, or no day of any calendar
        told["born"] = date(int(born[:4]), int(born[4:6]), int(born[6:])).isoformat()
    return {held: (value,) for held, value in told.items() if value}


def measured(*names: str) -> tuple[float, float]:
    """Return the precision and recall of the pairs judged more likely one person than two."""
    records, people = read(*names)
    weights = train(records, "measured", most=SOME)
    found = {
        pair
        for pair in sharing_a_key(records)
        if matching.compare(records[pair[0]], records[pair[1]], weights).weight >= 0
    }
    whose: dict[str, list[int]] = defaultdict(list)
    for place, person in enumerate(people):
        whose[person].append(place)
    true = {pair for places in whose.values() for pair in combinations(places, 2)}
    right = len(found & true)
    return right / len(found), right / len(true)


@pytest.mark.parametrize(
    ("names", "precision", "recall"),
    [
        (("1",), 0.99, 0.98),
        (("2",), 0.99, 0.96),
        (("3",), 0.99, 0.96),
        (("4a", "4b"), 0.995, 0.97),
    ],
)
def test_records_of_one_person_are_told_from_others(
    names: tuple[str, ...], precision: float, recall: float
) -> None:
    found = measured(*names)
    assert found >= (precision, 0)
    assert found[1] >= recall, found
