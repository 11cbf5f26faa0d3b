"""Screens of a worker's own entries with their results, and of their families."""

from datetime import UTC, datetime
from typing import Any

from fastapi import APIRouter
from fastapi.responses import Response

from commands.people_and_teams import due
from projections.families import cases, supervision
from projections.information import feedback, queue
from projections.intelligence import people
from questions.information import sent
from questions.people_and_teams import workload
from web.made.listing import further
from web.made.tab_pages import Values, tab
from web.site.paging import paged
from web.site.request_context import Looking, Visit

router = APIRouter()
PAGE = 20
#: A moment after all others, as the sort key of families without a next date, which come last.
NEVER = datetime.max.replace(tzinfo=UTC)
#: Number of families, and of supervision sessions, that are shown at first.
FIRST, SESSIONS = 8, 5


@router.get("/mine")
def mine(
    visit: Looking, page: int = 1, words: str = "", case: str = "", became: str = ""
) -> Response:
    """Show the reader's entries with their results, in words that disclose nothing. The list can be
    filtered by words, family and result."""
    state = next((one for one in feedback.BECAME if one == became), None)
    filters: dict[str, Any] = {"words": words.strip(), "case": case.strip(), "became": state}
    with visit.reading() as db:
        rows = sent.mine(visit.desk, db, visit.reader, **filters)
        page_rows, turns = paged(rows, page, PAGE)
        texts = {
            row.observation: row.words
            for row in queue.of(db, visit.reader, [one.id for one in page_rows])
        }
    return visit.page(
        "worker/mine.html",
        rows=page_rows,
        texts=texts,
        became=feedback.BECAME,
        asked=filters,
        families=families_of(visit),
        further=further(visit),
        **turns,
        total=len(rows),
    )


def families_of(visit: Visit) -> list[tuple[int, str]]:
    """Return the families with which this reader works, for a choice in the form."""
    with visit.reading() as db:
        rows = cases.worked_by(db, visit.reader, visit.reader.name)
        entities = people.entities(db, visit.reader, [row.child for row in rows])
    return [(row.number, entities[row.child].label) for row in rows if row.child in entities]


@tab(router, "/cases/mine", "worker/families.html", before="/families")
def families(visit: Looking, every: bool = False) -> Values:
    """Show the cases in which the reader works with the child or the parents, the one with the
    soonest date first. Also show the figures of the reader's week."""
    with visit.reading() as db:
        rows = cases.worked_by(db, visit.reader, visit.reader.name)
        entities = people.entities(db, visit.reader, [row.child for row in rows])
        mine = supervision.list_supervision(db, visit.reader, visit.reader.name)
        ids = [row.case for row in rows]
        next_due = due.next_of_cases(visit.desk, db, visit.reader, visit.now, ids)
    first = {case: item.due for case, item in next_due.items()}
    return {
        "rows": sorted(rows, key=lambda row: first.get(row.case, NEVER)),
        "known": entities,
        "next_due": next_due,
        "every": every,
        "first": FIRST,
        "week": workload.week(visit.desk, visit.reader, visit.now, None),
        "supervised": mine[:PAGE],
        "sessions": SESSIONS,
    }
