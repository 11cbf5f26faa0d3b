"""Screens of a team's meetings: agenda and minutes, as far as the reader may see them."""

from collections import defaultdict
from itertools import groupby
from uuid import UUID

from fastapi import APIRouter
from fastapi.responses import Response

from access.who_may.decide import require
from commands.kernel.display_names import visible_names_with_children
from projections.intelligence import meetings
from projections.kernel.database import Db
from questions.intelligence import agenda, for_decision
from web.site.request_context import Looking, NotThere, Visit

router = APIRouter()
#: Meetings and decisions listed at once.
MOST = 50


@router.get("/meetings")
def listed(visit: Looking) -> Response:
    """Show the meetings of the reader's teams, and their decisions without a result."""
    with visit.reading() as db:
        rows = meetings.list_meetings(db, visit.reader)
        owed = meetings.decisions(db, visit.reader, only_open=True)
        names = _names(db, visit, owed)
    mine = [one for one in owed if one.owner == visit.reader.name]
    others = [one for one in owed if one.owner != visit.reader.name]
    return visit.page(
        "desk/meetings.html",
        coming=[one for one in reversed(rows) if one.state == "to come"][:MOST],
        past=[one for one in rows if one.held][:MOST],
        mine=mine[:MOST],
        others=others[:MOST],
        names=names,
        today=visit.now.date(),
    )


@router.get("/meetings/{meeting}")
def one(visit: Looking, meeting: UUID) -> Response:
    """Show a meeting's agenda until it is held, with its decisions; then its minutes."""
    visit.kind_of(meeting, "meeting")
    with visit.desk.deciding() as db:
        row = meetings.get(db, visit.reader, meeting)
        if row is None:
            raise NotThere("meeting")
        waits = row.state == "to come"
        before = agenda.agenda(visit.desk, db, visit.reader, row, visit.now) if waits else None
        decided = meetings.decisions(db, visit.reader, meeting=meeting)
        shown = meetings.boards(db, visit.reader, meeting)
        stood = visible_names_with_children(db, visit.reader, row.agenda)
        on_them = {each for board in shown for each in board.shown}
        names = _names(db, visit, decided) | visible_names_with_children(db, visit.reader, on_them)
    lines = before.lines if before else ()
    return visit.page(
        "desk/meeting.html",
        row=row,
        since=before.since if before else None,
        parts=[(part, list(some)) for part, some in groupby(lines, lambda line: line.part)],
        decided=decided,
        boards=shown,
        stood=stood,
        names=names,
        today=visit.now.date(),
    )


@router.get("/meetings/{meeting}/people")
def people(visit: Looking, meeting: UUID) -> Response:
    """Show the people for decision: each with the factors against suspicion and the gaps, the
    decisions about them, and the form to decide."""
    require(visit.reader, "see-network")
    visit.kind_of(meeting, "meeting")
    with visit.desk.deciding() as db:
        row = meetings.get(db, visit.reader, meeting)
        if row is None or row.off is not None:
            raise NotThere("meeting")
        board = for_decision.list_people(db, visit.reader, visit.now)
        decided = meetings.decisions(db, visit.reader, meeting=meeting)
        names = _names(db, visit, decided)
    of_whom = defaultdict(list)
    for each in decided:
        of_whom[each.about].append(each)
    waiting = {one.id for one in board.rows}
    return visit.page(
        "desk/meeting_people.html",
        row=row,
        rows=[(one, for_decision.describe_person(one)) for one in board.rows],
        decided=of_whom,
        done=[one for one in decided if one.about and one.about not in waiting],
        names=names,
        caution=for_decision.CAUTION,
        today=visit.now.date(),
    )


def _names(db: Db, visit: Visit, rows: list[meetings.DecisionRow]) -> dict[UUID, str]:
    """Return the names of the decisions' subjects, causes and results."""
    ids = {
        one
        for row in rows
        for one in (row.case, row.about, *row.rests_on, *row.became)
        if one is not None
    }
    return visible_names_with_children(db, visit.reader, ids)
