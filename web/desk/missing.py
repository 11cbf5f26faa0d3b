"""Screens of missing children: a sheet that can be printed, children who returned and for whom an
action is due, and patterns to review.
"""

from collections.abc import Sequence
from typing import Any
from urllib.parse import quote

from fastapi import APIRouter
from fastapi.responses import Response
from msgspec import Struct

from network.people import missing
from network.people.missing import FoundPattern, Missing, ReturnedChild
from projections import missing as view
from projections.kernel.database import Db
from web.desk import act_pages
from web.made.tab_pages import Values, tab
from web.site.object_acts import Acts
from web.site.request_context import Looking, Visit

router = APIRouter()
HERE = "/today/missing"
#: The number of rows that each list shows.
MOST = 50


class Board(Struct, frozen=True):
    """The coordinator's lists: missing children, returned children for whom an action is due, and
    patterns to review."""

    rows: Sequence[Missing]
    back: Sequence[ReturnedChild]
    patterns: Sequence[FoundPattern]


def _read(visit: Visit, db: Db) -> Board:
    rows = missing.now(db, visit.reader, visit.now)
    return Board(rows, missing.back(db, visit.reader), missing.patterns(db, visit.reader))


@tab(router, HERE, "desk/missing.html", before="/missing")
def now(visit: Looking) -> Values:
    """Show the first page of the coordinator for missing children."""
    with visit.reading() as db:
        board = _read(visit, db)
        figure = view.figure(db, visit.reader, visit.now)
    return {
        "rows": board.rows,
        "back": board.back[:MOST],
        "patterns": board.patterns[:MOST],
        "more": max(0, len(board.patterns) - MOST),
        "figure": figure,
        "acts": _acts(visit, board),
    }


@router.get("/missing/do/{act}")
def former_act_form(visit: Looking, act: str) -> Response:
    """Redirect from a former address of an action's form to its present address."""
    return visit.lead(f"{HERE}/do/{quote(act, safe='')}")


@router.get(f"{HERE}/do/{{act}}")
def act_form(visit: Looking, act: str, row: str = "") -> Response:
    """Show the form of an action on a child or a pattern of the missing page."""
    with visit.reading() as db:
        board = _read(visit, db)
    return act_pages.form(visit, _acts(visit, board), "Missing", act, row)


def _acts(visit: Visit, board: Board) -> Acts:
    """Return the actions that the reader may do about each child and each pattern."""
    acts = Acts(visit.reader, HERE)
    for row in board.rows:
        about: dict[str, Any] = {"case": row.case, "row": row.case, "of": row.name}
        acts.add("missing found", f"who-{row.number}", **about)
        acts.add("missing risk", f"who-{row.number}", risk=row.risk, **about)
        plan = {name: getattr(row.plan, name, None) for name in ("call", "usual", "tell")}
        acts.add("missing plan", f"who-{row.number}", **about, **plan)
    for returned in board.back:
        about = {"case": returned.case, "row": f"back-{returned.case}", "of": returned.name}
        if returned.episode.interview in (None, "offered"):
            acts.add("missing interview", "back", by=visit.signed.name, **about)
        if returned.episode.withheld:
            acts.add("missing weighed", "back", **about)
    for pattern in board.patterns:
        items = {"pattern": pattern.id}
        acts.add("missing judged", "patterns", told=items, row=pattern.id, of=pattern.whom)
    return acts
