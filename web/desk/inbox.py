"""The inbox: the list of open log entries, and the grade and possible corroboration of an entry
that was just graded."""

from collections.abc import Sequence
from contextlib import AbstractContextManager
from typing import Any
from uuid import UUID

from msgspec import Struct

from domain.data_protection.access_log import SearchTouched
from domain.information.observation import ObservationAssessed
from domain.intelligence.intelligence_report import ItemGraded
from domain.kernel.values import Refused
from projections.families import cases
from projections.information import queue
from projections.intelligence import links
from projections.kernel.database import Db
from projections.kernel.queries import COUNTED
from questions.information import said_before
from questions.information.said_before import Said, SaidBefore
from web.site import labels
from web.site.paging import turned
from web.site.request_context import Visit

PAGE = 25
#: The largest page number of the queue: no queue is longer, and databases refuse larger numbers.
FURTHEST = 10**9


class Assessed(Struct, frozen=True):
    """What the inbox shows about an assessed entry: its grade, how many links are based on it and
    how many of these are on the map, one linked person or thing on the map, and possible
    corroboration. `touched` are matches that the reader may not see."""

    item: UUID
    grade: str | None
    links: int
    on_map: int
    centre: UUID | None
    rows: tuple[Said, ...]
    roots: int | None
    touched: tuple[SearchTouched, ...]


def just_assessed(visit: Visit, item: UUID | None) -> Assessed | None:
    """Return what the inbox shows about the entry `item`, whose grade or judgement was recorded
    just now, after waiting until the views contain it. Return None if `item` is None."""
    return assessed(visit, item, visit.desk.deciding()) if item else None


def assessed(
    visit: Visit, item: UUID, views: AbstractContextManager[Db], *, deciding: bool = False
) -> Assessed | None:
    """Return the grade, the links and the possible corroboration of an entry. Return None for an
    entry without a grade, because corroboration would influence the grade, unless the entry is
    urgent or the reader decides about the entry without a grade (`deciding`). Raises NotThere for a
    hidden entry."""
    visit.require_kind(item, "observation")
    logs = visit.desk.logs["evidence"]
    reports = [f.event for f in logs.history(item) if isinstance(f.event, ObservationAssessed)]
    grades = [
        fact.event.grade.label
        for fact in (logs.history(reports[-1].report) if reports else ())
        if isinstance(fact.event, ItemGraded) and fact.event.observation == item
    ]
    corroboration = SaidBefore((), None, ())
    with views as db:
        try:
            corroboration = said_before.said_before(db, visit.reader, str(item), deciding=deciding)
        except Refused:  # raised if the entry has no grade yet
            if not grades:
                return None
        rows = links.list_links_resting_on(db, visit.reader, item)
    on_map = [row.a for row in rows if row.rank is not None]
    counts = (len(rows), len(on_map), next(iter(on_map), None))
    grade = grades[-1] if grades else None
    return Assessed(
        item, grade, *counts, corroboration.rows, corroboration.roots, corroboration.touched
    )


def list_of(visit: Visit, page: int, *, overdue: bool) -> dict[str, Any]:
    """Return the values of the list of open entries, most urgent first."""
    with visit.reading() as db:
        query = (db, visit.reader, visit.now, visit.clocks)
        page = min(max(page, 1), FURTHEST)
        # entries are counted at least to the end of the next page, which shows whether there is a
        # next page
        most = max(COUNTED, page * PAGE)
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


def next_address(visit: Visit, item: UUID) -> str:
    """Return the address of the page that shows the next entry to assess, with the result for
    `item`, which was just graded. If no entry is open, return the address of the inbox."""
    following = next_of(visit, item)
    path = f"/assess/{following}" if following else "/queue"
    return f"{path}?after={item}"


def _case_numbers(db: Db, visit: Visit, wanted: Sequence[UUID]) -> dict[UUID, int]:
    found_cases = (cases.get(db, visit.reader, case) for case in set(wanted))
    return {row.case: row.number for row in found_cases if row}
