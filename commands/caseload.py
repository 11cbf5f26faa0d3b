"""The cases that people work from, each with its child where the reader sees the child."""

from dataclasses import dataclass, replace
from typing import Any

from commands import colleague
from domain.values import Reader
from projections import cases, people
from projections.cases import Case


@dataclass(frozen=True)
class Part:
    """Which cases: closed ones too, only those without a worker, only those of missing children."""

    every: bool = False
    unallocated: bool = False
    missing: bool = False


def listed(db: Any, reader: Reader, part: Part) -> list[Case]:
    """Those of these cases that the reader sees, by number."""
    if part.unallocated:
        found = colleague.unallocated(db, reader)
    else:
        found = cases.listed(db, reader, open_only=not part.every)
    rows = [row for row in found if row.missing or not part.missing]
    seen = people.entities(db, reader, [row.child for row in rows])
    return [replace(row, child_seen=row.child) if row.child in seen else row for row in rows]
