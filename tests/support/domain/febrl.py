"""Records of invented people (tests/data/febrl). The data say which records are of the same
person."""

import csv
import lzma
from contextlib import suppress
from datetime import date
from pathlib import Path

from domain import forms
from domain.matching import Held, Record

SETS = Path(__file__).parents[2] / "data" / "febrl"


def read(*names: str) -> tuple[list[Record], list[str]]:
    """Return the records of these files in the form that matching compares, and for each record the
    id of the person whom it describes."""
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
    with suppress(ValueError):  # the date of birth may be missing or impossible
        told["born"] = date(int(born[:4]), int(born[4:6]), int(born[6:])).isoformat()
    return {held: (value,) for held, value in told.items() if value}
