"""Lists of cases, each with its child, if the reader may see the child, and with the next item that
is due.
"""

from datetime import datetime

from msgspec.structs import replace

from access.who_may import scope
from commands.kernel import colleague
from commands.kernel.unit_of_work import Desk
from commands.people_and_teams import due
from domain.kernel.values import Reader
from projections.families import cases
from projections.families.cases import Case, CaseFilter
from projections.intelligence import people
from projections.kernel.database import Db


def part(
    db: Db,
    *,
    include_all: bool,
    missing: bool,
    unallocated: bool,
    worker: str | None = None,
    team: str | None = None,
) -> CaseFilter:
    """Return the filter for a list of cases: every case, cases of missing children, cases without a
    worker, or the cases of one worker or team. A case whose worker has no active account counts as
    a case without a worker."""
    working = colleague.open_accounts(db) if unallocated else None
    return CaseFilter(include_all, missing, unallocated, working, worker, team)


def list_visible_cases(
    desk: Desk, db: Db, reader: Reader, now: datetime, part: CaseFilter
) -> list[Case]:
    """Return the cases of this filter that the reader sees, by number."""
    return _filled(desk, db, reader, now, cases.list_cases(db, reader, part))


def page(
    desk: Desk, db: Db, reader: Reader, now: datetime, part: CaseFilter, skip: int, most: int
) -> tuple[list[Case], int]:
    """Return a page of the cases that the filter `part` selects, and the number of all cases that
    it selects. `skip` cases are on earlier pages."""
    rows, total = cases.page(db, reader, part, skip, most)
    return _filled(desk, db, reader, now, rows), total


def _filled(desk: Desk, db: Db, reader: Reader, now: datetime, rows: list[Case]) -> list[Case]:
    """Return the cases, each with its child, if the reader may see the child, and with the next
    item that is due.
    """
    children = [row.child for row in rows]
    seen = people.entities(db, reader, children, restricted=scope.protects(reader))
    following = due.next_of_cases(desk, db, reader, now, [row.case for row in rows])
    return [
        replace(
            row,
            child_seen=row.child if row.child in seen else None,
            child_name=seen[row.child].label if row.child in seen else None,
            next_due=following[row.case].due if row.case in following else None,
            next_what=following[row.case].what if row.case in following else None,
        )
        for row in rows
    ]
