"""The first page: the reader's tasks, news, results of their entries, and all screens that they may
open."""

from collections import Counter
from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from fastapi import APIRouter
from fastapi.responses import Response

from commands.kernel import colleague
from commands.people_and_teams import due, two_person
from domain.kernel.codes import Clock, SentState
from domain.kernel.envelope import LogUnavailable
from network.query.new_ties import NewTie, new_ties
from projections import due as clocks
from projections.data_protection import access_log
from projections.information import feedback, queue
from projections.information.feedback import Became
from projections.intelligence import waiting_for_second
from projections.kernel.database import Db
from web.desk.due import places
from web.map_data import WHOLE
from web.records.access_log import LAST
from web.site import row_density
from web.site.navigation import opens
from web.site.request_context import Looking, Visit
from web.worker import entry_form

router = APIRouter()
#: Rows of each list; the others are on a page of their own.
MOST = 8
#: Most deadlines that are searched for their families.
LOOKED_THROUGH = 40
SENT = 4
TIES = 5
#: How long a suspect's link counts as new.
NEW = timedelta(days=28)
#: States before a grade: the sender's confirmation of mentions helps to assess the entry.
NOT_ASSESSED: tuple[SentState, ...] = ("received", "taken", "more-needed")
#: One line for all of these: each is judged beside its entry.
JOINS: Clock = "said-before"


@router.get("/")
def first(visit: Looking) -> Response:
    """Show the tasks; for workers on their feet, the entry form first."""
    told = (
        entry_form.blank(visit) if row_density.on_their_feet(visit.reader) else {"families": None}
    )
    before, looked = _looked(visit)
    mine, all_mine, joins = _due(visit)
    with visit.reading() as db:
        tally = queue.tally(db, visit.reader, visit.now, visit.clocks)
        sent = feedback.mine(db, visit.reader, visit.reader.name, SENT)
        rows = waiting_for_second.waiting(db, visit.reader)
        second = sum(two_person.may_confirm(db, visit.reader, row) for row in rows)
        unallocated = colleague.unallocated_count(db, visit.reader)
        ties: Sequence[NewTie] | None = None
        if opens(visit.reader, "/map") and visit.may("assess"):
            ties = new_ties(db, visit.reader, visit.now - NEW, visit.now, TIES)
        words = _words(db, visit, sent)
        read = _to_confirm(db, visit, sent, words)
    return visit.page(
        "worker/first.html",
        due=mine and [row for row, _ in mine],
        more_of_family={row.id: more for row, more in mine or () if more},
        all_due=all_mine,
        places=places(visit, [row for row, _ in mine or ()]),
        joins=joins,
        tally=tally,
        unallocated=unallocated,
        second=second,
        sent=sent,
        words=words,
        became=feedback.BECAME,
        ties=ties,
        looked=looked,
        before=before,
        whole=WHOLE,
        **told,
        **read,
    )


def _looked(visit: Visit) -> tuple[datetime | None, list[str] | None]:
    """Return when this reader was here last, to mark newer items; and, for reviewers, who read
    anything last. None if unknown.

    The last visit is hours old, so its look-up does not wait if another process updates the views
    every few seconds.
    """
    reviews = visit.may("review-glass")
    follows = reviews or not visit.system.views.followed()
    try:
        with visit.looked() if follows else visit.reading() as db:
            before = access_log.here_before(db, visit.reader, visit.now)
            return before, access_log.lately(db, visit.reader, LAST) if reviews else None
    except LogUnavailable:
        return None, None


def _due(visit: Visit) -> tuple[list[tuple[clocks.DueItem, int]] | None, int, int]:
    """Return the reader's deadlines, each with the number of further ones of its family, how many
    there are, and how many matches are to be judged; None if they cannot be looked up now: the rest
    of the page is shown anyway."""
    told = visit.desk, visit.reader, visit.now
    try:
        asked = clocks.DueFilter(mine=True, but=frozenset({JOINS}))
        rows, all_mine = due.page(*told, asked, most=LOOKED_THROUGH)
        joins = due.count(*told, clocks.DueFilter(mine=True, clock=JOINS))
        return by_family(rows)[:MOST], all_mine, joins
    except LogUnavailable:
        return None, 0, 0


def by_family(rows: Sequence[clocks.DueItem]) -> list[tuple[clocks.DueItem, int]]:
    """Return the rows if they fit on the page; else the first of each family, with the number of
    others: one child's alert must not hide another's."""
    if len(rows) <= MOST:
        return [(row, 0) for row in rows]
    of_family = Counter(row.case for row in rows if row.case)
    first = {row.case or row.id: row for row in reversed(rows)}
    return [
        (row, of_family[row.case] - 1 if row.case else 0)
        for row in rows
        if first[row.case or row.id] is row
    ]


def _to_confirm(
    db: Db, visit: Visit, sent: Sequence[Became], words: Mapping[UUID, str]
) -> dict[str, Any]:
    """Return the mentions in the newest ungraded entry that its sender has not confirmed
    completely."""
    waiting = (row.id for row in sent if row.state in NOT_ASSESSED and row.id in words)
    return next(filter(None, (entry_form.unconfirmed(db, visit, one) for one in waiting)), {})


def _words(db: Db, visit: Visit, sent: list[Became]) -> dict[UUID, str]:
    """Return the reader's entries by id, as far as they still see them."""
    found = queue.of(db, visit.reader, [one.id for one in sent])
    return {row.observation: row.words for row in found}
