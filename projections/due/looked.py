"""Deadlines that begin with events outside the evidence log: for decisions about searches that
matched another team's child, for reviews of emergency access to cases and of other changes of
access, for copies to be destroyed, for access requests, and for matching offers of another police
force.
"""

from datetime import date, datetime
from typing import ClassVar
from uuid import UUID, uuid5

import sqlalchemy as sa
from msgspec import Struct

from domain import catalogue
from domain.data_protection.access_log import LOOKS, ContactDecided, HitRang, SearchTouched
from domain.exchange.offer import OfferContactDecided, OfferMatched, OfferMatchEnded
from domain.kernel.codes import Clock
from domain.kernel.envelope import Event, Recorded
from domain.people_and_teams import deadline
from domain.people_and_teams.grant import GlassBroken
from domain.people_and_teams.notifying import DueAcknowledged, DueEscalated
from domain.people_and_teams.store_admin import ExportMade
from projections.due import access_acts, declared, requested
from projections.due.access_acts import LiveRow
from projections.due.requested import FoundRow, StoppedRow
from projections.due.rows import LookedRow, begin, end
from projections.due.steps import stepped
from projections.kernel.batch import RowBatch
from projections.kernel.database import Db
from projections.kernel.schema import View, rows

MATCH: Clock = "offer-match"
COPY: Clock = "copy-destroyed"
CONTACT: Clock = "contact-decision"
CONTACT_NOW: Clock = "contact-decision-now"


@rows("due_met", key=("hit",), index=(("case",),))
class MetRow(Struct, frozen=True):
    """A search that matched a case; the case's team has to decide whether to contact the searcher.

    The decision also answers later searches and referrals by the same person that match the case
    (as in projections/intelligence/silent_hits.py).
    """

    table: ClassVar[sa.Table]
    hit: UUID
    case: UUID
    team: str
    searcher: str
    searcher_team: str


def apply(fact: Recorded, batch: RowBatch) -> None:
    """Begin and end the deadlines that events of the access log change."""
    item = fact.stream
    stepped(fact, batch, LookedRow)
    if fact.event.stored.log == "access":
        declared.apply(fact, batch, LookedRow)
    requested.apply(fact, batch)
    access_acts.apply(fact, batch)
    match fact.event:
        case SearchTouched() as event:
            _store_match(batch, fact, event)
        case HitRang() as event:
            if met := batch.get(MetRow, item):
                _at_once(batch, fact, met)
        case ContactDecided():
            batch.drop(MetRow, item)
            end(batch, item, CONTACT, LookedRow)
            end(batch, item, CONTACT_NOW, LookedRow)
        case OfferMatched() as event:
            begin(
                batch,
                fact,
                event.thing,
                MATCH,
                anybody=True,
                key=_match(item, event.force, event.theirs),
                kind=LookedRow,
            )
        case OfferMatchEnded() | OfferContactDecided() as event:
            end(batch, _match(item, event.force, event.theirs), MATCH, LookedRow)
        case GlassBroken() as event:
            begin(
                batch,
                fact,
                event.case,
                "glass-review",
                not_by=event.user,
                key=item,
                team="",
                kind=LookedRow,
            )
        case ExportMade(destroy_by=date() as day) as event:
            begin(batch, fact, item, COPY, day, kind=LookedRow, owner=event.recipient)


def _store_match(batch: RowBatch, fact: Recorded, event: SearchTouched) -> None:
    row = MetRow(fact.stream, event.case, event.team, fact.by, fact.team)
    who = {"team": row.team, "searcher": row.searcher, "searcher_team": row.searcher_team}
    known_rows = batch.having(MetRow, case=row.case, **who)
    if not known_rows:
        batch.put(row)
    first = known_rows[0] if known_rows else row
    if known_rows and (not event.at_once or _is_now(batch, first)):
        return
    # one decision answers both searches, so the earlier search by the same user becomes due at
    # once, too
    if event.at_once:
        _at_once(batch, fact, first)
        return
    _owed(batch, fact, first, CONTACT)


def _at_once(batch: RowBatch, fact: Recorded, row: MetRow) -> None:
    """Make the decision about a search due at once, unless it already is."""
    if _is_now(batch, row):
        return
    _owed(batch, fact, row, CONTACT_NOW, at=fact.recorded)
    end(batch, row.hit, CONTACT, LookedRow)


def _owed(
    batch: RowBatch, fact: Recorded, row: MetRow, clock: Clock, at: datetime | None = None
) -> None:
    begin(
        batch,
        fact,
        row.case,
        clock,
        at=at,
        anybody=True,
        key=row.hit,
        team=row.team,
        kind=LookedRow,
    )


def _is_now(batch: RowBatch, row: MetRow) -> bool:
    """Return whether the decision about this search is already due at once."""
    return batch.get(LookedRow, deadline.stream(row.hit, CONTACT_NOW)) is not None


def _match(offer: UUID, force: str, theirs: UUID) -> UUID:
    """Return the key of a match with an offer; an offer may have several matches."""
    return uuid5(offer, f"{force}|{theirs}")


#: Escalation steps and matching offers: the only events of the evidence log and the product log
#: that this view reads. It also skips frequent events of the access log that begin no deadline.
_STEPS: frozenset[type[Event]] = frozenset(
    {DueEscalated, DueAcknowledged, OfferMatched, OfferMatchEnded, OfferContactDecided}
)
_PASSED = (
    (LOOKS - {SearchTouched})
    | frozenset(catalogue.by_log()["evidence"].values())
    | frozenset(catalogue.by_log()["product"].values())
) - _STEPS
VIEW = View(
    "due_looked",
    (LookedRow, StoppedRow, FoundRow, MetRow, LiveRow),
    apply,
    ("access", "evidence", "product"),
    passes=_PASSED,
    version=7,
    when_queried=True,
)


def quiet_hits(db: Db) -> dict[UUID, UUID]:
    """Return the case of each match of a search whose decision is needed, but not at once."""
    hits = {row.hit: row.case for row in db.execute(sa.select(MetRow.table))}
    clocks = {deadline.stream(hit, CONTACT): hit for hit in hits}
    c = LookedRow.table.c
    where = c.clock == CONTACT, sa.not_(c.ended)
    waiting = (clocks.get(deadline_id) for deadline_id in db.scalars(sa.select(c.id).where(*where)))
    return {hit: hits[hit] for hit in waiting if hit}
