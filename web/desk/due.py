"""Screens of deadlines and of inconsistencies."""

from collections.abc import Collection, Iterable, Iterator
from urllib.parse import urlsplit
from uuid import UUID

from fastapi import APIRouter
from fastapi.responses import Response

from commands.people_and_teams import calendar, due
from domain.clocks.court import AFTERCARE
from domain.kernel.codes import Clock
from domain.kernel.values import Reader
from projections import due as view
from projections.composed import odd
from projections.kernel import item_ids
from projections.kernel.queries import COUNTED
from web.made.tab_pages import Values, tab
from web.site import family_tabs
from web.site.lists import MET_ON
from web.site.navigation import opens
from web.site.paging import turned
from web.site.request_context import Looking, Sending, Visit

router = APIRouter()
#: Number of deadlines on a page, and of inconsistencies that are shown at first.
PAGE, DOUBTS = 20, 3
#: The part of a family's page on which a user can work on a deadline, by type of deadline. All
#: types without an entry here are worked on in the part "case".
PARTS: dict[Clock, str] = {
    "named-at-risk": "at-risk",
    "opinion-review": "notes",
    "duty-to-report": "reporting",
    "marac": "marac",
    "family-silence": "contacts",
    "family-silence-unsafe": "contacts",
    "parent-acknowledged": "told",
    "parent-answered": "told",
    "victim-told": "told",
    "victim-updated": "told",
    "promise": "promised",
    "feedback": "invited",
    "family-need": "needs",
    "threat": "threats",
    "publication": "media",
    "family-waits": "waiting",
    "victim-information-request": "asked-for",
    "review-right": "charging",
    "review-answer": "charging",
    "hearing": "court",
    "bail-ends": "court",
    "visit": "court",
    "debrief": "court",
    **{clock: "court" for clock, _, _ in AFTERCARE},
}
#: The largest page number of a list: no list is longer, and databases refuse larger numbers.
FURTHEST = 10**9


def places(visit: Visit, rows: Iterable[view.DueItem], seen: Collection[UUID]) -> dict[UUID, str]:
    """Return for each deadline in `rows` the address of a page on which the reader can work on it.
    Deadlines for which this reader can open no such page are left out. `seen` are the ids of the
    items that the reader may open."""
    address_by_row = {}
    for row in rows:
        pages = (
            at
            for at in _pages(row, visit.reader, seen=row.item in seen)
            if opens(visit.reader, urlsplit(at).path)
        )
        if at := next(pages, None):
            address_by_row[row.id] = at
    return address_by_row


def _pages(item: view.DueItem, reader: Reader, *, seen: bool) -> Iterator[str]:
    match item.clock:
        case "charter" if item.owner == reader.name:
            yield "/me#role"
        case "supervision":
            yield "/manage#carried"
            yield "/cases/mine#supervision"
        case "words-waiting" | "urgent-words" if seen:
            yield f"/assess/{item.item}"
        case "said-before" | "said-before-urgent" if seen:
            yield f"/assess/{item.item}#graded"
        case "hold-review" | "hold-confirmation" if not item.about:
            yield f"/records/holds/{item.item}"
        case "access-act":
            yield "/today/to-decide"
        case "missing-child":
            yield "/today/missing"
    if at := MET_ON.get(item.clock):
        yield at
    if item.case:
        yield family_tabs.address(item.case, PARTS.get(item.clock, "case"))
    if seen and item.about and item.clock not in due.OF_NO_ITEM:
        yield f"/items/{item.item}"


@tab(router, "/today/deadlines", "desk/due.html", before="/due", script="list.js")
def listed(visit: Looking, mine: bool = False, past: bool = False, page: int = 1) -> Values:
    """Show the deadlines, the soonest first. Deadlines on which this reader cannot work, except by
    requesting access, are listed together at the end of the page."""
    due_filter = view.DueFilter(mine=mine, past=past)
    page = min(max(page, 1), FURTHEST)
    arguments = (visit.desk, visit.reader, visit.now, due_filter)
    rows, total = due.page(*arguments, skip=(page - 1) * PAGE, most=PAGE)
    skip, turns = turned(total, page, PAGE)
    if total and not rows:  # the requested page is after the last one
        rows, total = due.page(*arguments, skip=skip, most=PAGE)
    turns["counted"] = total <= max(COUNTED, page * PAGE)
    with visit.reading() as db:
        doubts = odd.list_inconsistencies(db, visit.reader)
        seen = item_ids.of(db, visit.reader, [row.item for row in rows])
    answers = {row.id: due.allowed_answers(visit.reader, row) for row in rows}
    at = places(visit, rows, seen)
    restricted = [
        row
        for row in rows
        if not (row.item in seen or row.id in at or answers[row.id])
        and row.tier != "danger"
        and row.clock not in due.OF_NO_ITEM
    ]
    return {
        "rows": [row for row in rows if row not in restricted],
        "restricted": restricted,
        "mine": mine,
        "past": past,
        "odd": doubts,
        "first": DOUBTS,
        "answers": answers,
        "places": at,
        **turns,
    }


@router.post("/today/deadlines/calendar")
def taken(visit: Sending) -> Response:
    """Return the user's own deadlines as a calendar file."""
    content, rows = calendar.export_calendar(visit.desk, visit.reader, visit.now)
    visit.consulted("\n".join(str(row.item) for row in rows).encode())
    headers = {"Content-Disposition": 'attachment; filename="due.ics"'}
    return Response(content, media_type="text/calendar", headers=headers)
