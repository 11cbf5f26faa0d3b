"""The inbox: the list of open log entries, and what became of the entry that was just graded."""

from collections.abc import Sequence
from typing import Any
from uuid import UUID

from msgspec import Struct

from domain.data_protection.access_log import SearchTouched
from domain.information.observation import ObservationAssessed
from domain.intelligence.intelligence_report import ItemGraded
from projections.families import cases
from projections.information import queue
from projections.intelligence import links
from projections.kernel.database import Db
from projections.kernel.queries import COUNTED
from questions.information import said_before
from questions.information.said_before import Said
from web.site import labels
from web.site.paging import turned
from web.site.request_context import Visit

PAGE = 25
#: Most pages of the queue: no queue is longer, and databases refuse larger numbers.
FURTHEST = 10**9


class JustGraded(Struct, frozen=True):
    """An entry after its assessment: its grade, the links that rest on it (all, and those on the
    map), an end of one on the map, and its possible corroboration. `touched` are matches outside
    the reader's access."""

    item: UUID
    grade: str
    links: int
    on_map: int
    centre: UUID | None
    rows: tuple[Said, ...]
    roots: int | None
    touched: tuple[SearchTouched, ...]


def just_graded(visit: Visit, item: UUID | None) -> JustGraded | None:
    """Return what became of this entry; None without an entry, or for one without a grade. Raises
    NotThere for an entry that the reader may not see."""
    if item is None:
        return None
    visit.require_kind(item, "observation")
    logs = visit.desk.logs["evidence"]
    assessed = [f.event for f in logs.history(item) if isinstance(f.event, ObservationAssessed)]
    grades = [
        fact.event.grade.label
        for fact in (logs.history(assessed[-1].report) if assessed else ())
        if isinstance(fact.event, ItemGraded) and fact.event.observation == item
    ]
    if not grades:
        return None
    with visit.desk.deciding() as db:
        rows = links.list_links_resting_on(db, visit.reader, item)
        found = said_before.said_before(db, visit.reader, str(item))
    on_map = [row.a for row in rows if row.rank is not None]
    counts = (len(rows), len(on_map), next(iter(on_map), None))
    return JustGraded(item, grades[-1], *counts, found.rows, found.roots, found.touched)


def list_of(visit: Visit, page: int, *, overdue: bool) -> dict[str, Any]:
    """Return the values of the list of open entries, most urgent first."""
    with visit.reading() as db:
        query = (db, visit.reader, visit.now, visit.clocks)
        page = min(max(page, 1), FURTHEST)
        most = max(COUNTED, page * PAGE)  # as far as this page and the next
        tally = queue.tally(*query, most=most)
        total = tally.overdue if overdue else tally.waiting
        skip, turns = turned(total, page, PAGE)
        turns["counted"] = total <= most
        rows, _ = queue.page(*query, overdue_only=overdue, skip=skip, limit=PAGE)
        numbers = _case_numbers(db, visit, [row.case for row in rows if row.case])
    return {
        "rows": rows,
        "numbers": numbers,
        "total": total,
        "overdue": overdue,
        "outcomes": labels.OUTCOMES,
        "not_shown": queue.NOT_SHOWN,
        **turns,
    }


def next_of(visit: Visit, item: UUID) -> UUID | None:
    """Return the most urgent open entry other than `item`, if there is one."""
    with visit.reading() as db:
        rows, _ = queue.page(db, visit.reader, visit.now, visit.clocks, limit=2)
    return next((row.id for row in rows if row.id != item), None)


def next_address(visit: Visit, item: UUID, *, graded: bool) -> str:
    """Return the address where the most urgent open entry is assessed, or the inbox if none is
    open; with `graded` the page shows what became of `item`."""
    following = next_of(visit, item)
    path = f"/assess/{following}" if following else "/queue"
    return f"{path}?after={item}" if graded else path


def _case_numbers(db: Db, visit: Visit, wanted: Sequence[UUID]) -> dict[UUID, int]:
    found = (cases.get(db, visit.reader, case) for case in set(wanted))
    return {row.case: row.number for row in found if row}
