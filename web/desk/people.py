"""The screen of pairs of people who may be one person."""

from fastapi import APIRouter

from network.people import suggestions
from projections.intelligence import people
from web.made.tab_pages import Values, tab
from web.site import labels
from web.site.paging import paged
from web.site.request_context import Looking

router = APIRouter()
PAGE = 5
#: The largest number of pairs that are read and sorted at once; further pairs appear after the user
#: has judged these pairs.
MOST = 1_000


@tab(router, "/inbox/duplicates", "desk/same.html", before="/same", script="same.js")
def same(visit: Looking, page: int = 1) -> Values:
    """Show pairs of records that may be one person, with the reasons. The program itself never
    merges a pair."""
    with visit.reading() as db:
        # reads the pairs of the next three pages as well, so that the page can say how many pairs
        # follow
        needed = min((max(page, 1) + 3) * PAGE + 1, MOST)
        found_suggestions = suggestions.suggestions(db, visit.reader, limit=needed, kind="same")
        page_rows, turns = paged(found_suggestions, page, PAGE)
        entities = people.entities(
            db,
            visit.reader,
            [end for suggestion in page_rows for end in (suggestion.a, suggestion.b)],
            as_at=visit.now,
        )
        left_out = suggestions.describe_left_out(db, visit.reader)
    return {
        "rows": page_rows,
        "known": entities,
        "total": len(found_suggestions),
        "more": len(found_suggestions) == needed,
        "left_out": left_out,
        "how_likely": suggestions.how_likely,
        "judgements": labels.JUDGEMENTS,
        **turns,
    }
