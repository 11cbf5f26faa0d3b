"""Lists of cases, each with its child if the reader sees the child."""

from typing import Any

from msgspec.structs import replace

from access.who_may import scope
from commands.kernel import colleague
from domain.kernel.values import Reader
from projections.families import cases
from projections.families.cases import Case, CaseFilter
from projections.intelligence import people


def part(
    db: Any,
    *,
    every: bool,
    missing: bool,
    unallocated: bool,
    worker: str | None = None,
    team: str | None = None,
) -> CaseFilter:
    """Return the filter for these cases. A case whose worker has no active account counts as a case
    without a worker."""
    working = colleague.working(db) if unallocated else None
    return CaseFilter(every, missing, unallocated, working, worker, team)


def list_visible_cases(db: Any, reader: Reader, part: CaseFilter) -> list[Case]:
    """Return the cases of this filter that the reader sees, by number."""
    return _with_children(db, reader, cases.list_cases(db, reader, part))


def page(db: Any, reader: Reader, part: CaseFilter, skip: int, most: int) -> tuple[list[Case], int]:
    """Return a page of the cases of this filter, and their number, as `cases.page` does."""
    rows, total = cases.page(db, reader, part, skip, most)
    return _with_children(db, reader, rows), total


def _with_children(db: Any, reader: Reader, rows: list[Case]) -> list[Case]:
    children = [row.child for row in rows]
    seen = people.entities(db, reader, children, restricted=scope.protects(reader))
    return [
        replace(row, child_seen=row.child, child_name=seen[row.child].label)
        if row.child in seen
        else row
        for row in rows
    ]
