"""The first page, Today: the reader's due items, the changes since the reader's last visit and, for
workers, the entry form."""

from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from fastapi import APIRouter
from fastapi.responses import Response

from commands.kernel import colleague
from commands.people_and_teams import due
from domain.kernel.codes import SentState
from domain.kernel.envelope import LogUnavailable
from projections import due as clocks
from projections.data_protection import access_log
from projections.due import DueItem
from projections.information import feedback, queue
from projections.information.feedback import Became
from projections.kernel import item_ids
from projections.kernel.database import Db
from projections.people_and_teams import rota
from questions.intelligence import news_sentences
from usecases.kernel.registry import USE_CASES
from web.desk.due import places
from web.map_data import WHOLE
from web.records import erasing, story
from web.records.access_log import LAST
from web.site import row_density
from web.site.forms import may_ever
from web.site.request_context import Looking, Visit
from web.worker import entry_form, today
from web.worker.today import Decisions

router = APIRouter()
#: The most due items that are counted for each verb.
COUNTED = 500
SENT = 4
#: Use cases with which work begins on the first page; their form offers families by name.
BEGIN = ("missing reported", "support contact")
#: The time for which a fact is new to a reader who has never been here.
NEW = timedelta(days=28)
#: States of an entry before its grade, in which the sender can still help by confirming mentions.
NOT_ASSESSED: tuple[SentState, ...] = ("received", "taken", "more-needed")


@router.get("/")
def first(visit: Looking) -> Response:
    """Show the first page with the reader's due items. For workers away from a desk, the entry form
    comes first. A new visitor of the demo's server is redirected to the demo's story."""
    if story.is_due(visit):
        return visit.go("/story")
    on_feet = row_density.on_their_feet(visit.reader)
    entry = entry_form.blank(visit) if on_feet else {"families": None}
    before, looked = _looked(visit)
    decisions = _decisions(visit)
    rows = [row for group in decisions.groups for row in group.rows] if decisions else []
    with visit.reading() as db:
        sent = feedback.list_sent(db, visit.reader, visit.reader.name, SENT)
        unallocated = colleague.unallocated_count(db, visit.reader)
        news = None
        if visit.may_ever("see-case") or visit.may_ever("see-network"):
            since = before or visit.now - NEW
            news = news_sentences.news(db, visit.reader, since, visit.now)
        words = _words(db, visit, sent)
        to_confirm = _to_confirm(db, visit, sent, words)
        duties = rota.list_duties(db, visit.now)
        erasures = erasing.to_approve(visit, db)
        families = {row.case for row in rows if row.case} if on_feet else set()
        careful = due.unsafe_among(db, visit.reader, families) if families else set()
        seen = item_ids.of(db, visit.reader, [row.item for row in rows])
    return visit.page(
        "worker/first.html",
        decisions=decisions,
        acts=[USE_CASES[name].named for name in BEGIN if may_ever(visit.reader, USE_CASES[name])],
        erasures=erasures,
        places=places(visit, rows, seen),
        verb_pages=today.PAGES,
        careful=careful,
        restricted_items={item for item, row in seen.items() if row.restricted},
        unallocated=unallocated,
        sent=sent,
        words=words,
        became=feedback.BECAME,
        news=news,
        looked=looked,
        before=before,
        new_tasks=_marks_new(before, rows),
        new_entries=_marks_new(before, sent),
        gap=today.rota_gap(duties, visit.reader.team, visit.now),
        whole=WHOLE,
        **entry,
        **to_confirm,
    )


def _looked(visit: Visit) -> tuple[datetime | None, list[str] | None]:
    """Return when this reader last used the program before the present session (None if unknown)
    and, for readers who review access, which users viewed any records last (otherwise None).

    If another process updates the views, this query does not wait for an update.
    """
    reviews = visit.may_ever("review-glass")
    follows = reviews or not visit.system.views.followed()
    try:
        with visit.reading_with_access_log() if follows else visit.reading() as db:
            before = access_log.here_before(db, visit.reader, visit.now)
            return before, access_log.list_recent_users(db, visit.reader, LAST) if reviews else None
    except LogUnavailable:
        return None, None


def _marks_new(before: datetime | None, rows: Sequence[DueItem | Became]) -> bool:
    """Return whether new rows are marked. They are not if all rows are newer than `before`."""
    return before is not None and any(row.since <= before for row in rows)


def _decisions(visit: Visit) -> Decisions | None:
    """Return the reader's due items, grouped by what to do. Return None if they cannot be looked up
    now; the page is then shown without them."""
    context = visit.desk, visit.reader
    try:
        due_filter = clocks.DueFilter(mine=True)
        rows = due.without_names(*context, visit.now, due_filter, COUNTED)
        with visit.reading() as db:
            seen = item_ids.among(db, visit.reader, [row.item for row in rows])
        until = visit.now + today.AHEAD
        return today.by_verb(rows, seen, until, lambda some: due.with_names(*context, some))
    except LogUnavailable:
        return None


def _to_confirm(
    db: Db, visit: Visit, sent: Sequence[Became], words: Mapping[UUID, str]
) -> dict[str, Any]:
    """Return the values that show the mentions to confirm in the reader's newest ungraded entry
    with unconfirmed mentions."""
    waiting = (row.id for row in sent if row.state in NOT_ASSESSED and row.id in words)
    return next(filter(None, (entry_form.unconfirmed(db, visit, item) for item in waiting)), {})


def _words(db: Db, visit: Visit, sent: list[Became]) -> dict[UUID, str]:
    """Return the words of the reader's sent entries, by the id of the entry, as far as the reader
    still sees the entries."""
    rows = queue.of(db, visit.reader, [entry.id for entry in sent])
    return {row.observation: row.words for row in rows}
