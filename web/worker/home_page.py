"""The first page: what is mine to do, what is new, what became of what I sent, and all that I may
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
from usecases.people_and_teams.lists import ListDue
from web.desk.due import places
from web.map_data import WHOLE
from web.records.access_log import LAST
from web.site import row_density
from web.site.missing_first import above
from web.site.navigation import opens
from web.site.request_context import Looking, Visit
from web.worker import entry_form

router = APIRouter()
#: Rows of each list; the rest stands on a page of its own.
MOST = 8
#: So many of what is due are looked through for the families that they are of.
LOOKED_THROUGH = 40
SENT = 4
TIES = 5
#: How far back a suspect's link is new.
NEW = timedelta(days=28)
#: Words that have no grade yet: what their sender says of them helps to assess them.
NOT_ASSESSED: tuple[SentState, ...] = ("received", "taken", "more-needed")
#: One line stands for all of these: each is looked at beside its words.
JOINS: Clock = "said-before"


@router.get("/")
def first(visit: Looking) -> Response:
    """What there is to do; for somebody who works at a door, the box for words first."""
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
        **above(visit, ListDue()),
    )


def _looked(visit: Visit) -> tuple[datetime | None, list[str] | None]:
    """When this person was here last: what is newer is marked; and, for those who review it, who
    looked last at anything. None where that cannot be told.

    Where they were hangs on what is hours old: for that nobody waits where another process follows
    the views, which it does every few seconds."""
    reviews = visit.may("review-glass")
    follows = reviews or not visit.system.views.followed()
    try:
        with visit.looked() if follows else visit.reading() as db:
            before = access_log.here_before(db, visit.reader, visit.now)
            return before, access_log.lately(db, visit.reader, LAST) if reviews else None
    except LogUnavailable:
        return None, None


def _due(visit: Visit) -> tuple[list[tuple[clocks.DueItem, int]] | None, int, int]:
    """What is mine to do, each with how many more of its family are behind it, how much of it there
    is, and how many joins wait beside it; None where that cannot be told right now: the rest of the
    page stands all the same."""
    told = visit.desk, visit.reader, visit.now
    try:
        asked = clocks.DueFilter(mine=True, but=frozenset({JOINS}))
        rows, all_mine = due.page(*told, asked, most=LOOKED_THROUGH)
        joins = due.count(*told, clocks.DueFilter(mine=True, clock=JOINS))
        return by_family(rows)[:MOST], all_mine, joins
    except LogUnavailable:
        return None, 0, 0


def by_family(rows: Sequence[clocks.DueItem]) -> list[tuple[clocks.DueItem, int]]:
    """The rows as they are where they fit on the page; else the first of each family, with how many
    more there are of it: what rings for one child must not hide another."""
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
    """What a machine read in the newest words without a grade of which their sender has not said
    whether all of it is right."""
    waiting = (row.id for row in sent if row.state in NOT_ASSESSED and row.id in words)
    return next(filter(None, (entry_form.unconfirmed(db, visit, one) for one in waiting)), {})


def _words(db: Db, visit: Visit, sent: list[Became]) -> dict[UUID, str]:
    """What was sent, by its id, as far as its sender still sees it."""
    found = queue.of(db, visit.reader, [one.id for one in sent])
    return {row.observation: row.words for row in found}
