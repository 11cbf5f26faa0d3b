"""Briefs: items that are new or changed since a team's last briefing, and items that wait for a
decision.

Three kinds of item wait for a decision: log entries for an assessor, cases without a worker, and
pairs of entities that may be the same.

The file is long because it is one view.
"""

from collections.abc import Collection
from datetime import datetime
from operator import attrgetter
from typing import Any, ClassVar
from uuid import UUID

import sqlalchemy as sa
from msgspec import Struct
from msgspec.structs import replace

from access.who_may import scope
from access.who_may.decide import PERSONS, SEEING
from domain.data_protection.retention import (
    RestrictionChanged,
    RestrictionPlaced,
)
from domain.families.referral import (
    CaseOpened,
    WorkerAllocated,
)
from domain.information.observation import (
    ObservationAssessed,
    ObservationRecorded,
    ObservationTriaged,
    ObservationWithdrawn,
)
from domain.intelligence.identity import IdentityChanged
from domain.kernel.acts import Sort
from domain.kernel.envelope import Recorded
from domain.kernel.values import Reader
from domain.people_and_teams.store_admin import BriefHeld
from projections.kernel.batch import RowBatch
from projections.kernel.database import Db
from projections.kernel.queries import COUNTED, counted
from projections.kernel.restricted import restrict, restricted_rows
from projections.kernel.schema import View, rows

#: The events in a brief: each with its description, and whether its item is new (and not changed).
TOLD: dict[str, tuple[str, bool]] = {
    "observation.recorded": ("came in", True),
    "case.opened": ("case opened", True),
    "case.referral_received": ("referral", True),
    "report.opened": ("report opened", True),
    "link.asserted": ("link", True),
    "person.recorded": ("person", True),
    "evidence.gathered": ("evidence", True),
    "justice.arrest_made": ("arrest", True),
    "court.hearing_set": ("hearing", True),
    "court.hearing_moved": ("hearing moved", False),
    "court.hearing_held": ("hearing held", False),
    "court.bail_set": ("bail", True),
    "court.bail_ended": ("bail ended", False),
    "court.plea_entered": ("plea", True),
    "victim_request.asked": ("information about a victim asked for", True),
    "victim_request.decided": ("decided what is given of it", False),
    "justice.charge_brought": ("charge", True),
    "justice.notice_served": ("notice", True),
    "charging.decided": ("charging decision", True),
    "charging.review_told": ("second look", False),
    "verdict.order_made": ("order", True),
    "verdict.appeal_lodged": ("appeal", True),
    "verdict.appeal_decided": ("appeal decided", False),
    "notice.breached": ("breach of a notice", True),
    "notice.breach_followed_up": ("breach followed up", False),
    "justice.result_recorded": ("result", True),
    "justice.result_reopened": ("no further action opened again", False),
    "observation.corrected": ("corrected", False),
    "observation.refiled": ("moved to another case", False),
    "observation.unfiled": ("taken out of the case", False),
    "observation.withdrawn": ("withdrawn", False),
    "observation.redacted": ("redacted", False),
    "observation.urgency_raised": ("urgency raised", False),
    "observation.urgency_lowered": ("urgency lowered", False),
    "report.item_graded": ("graded", False),
    "report.disseminated": ("disseminated", False),
    "report.withdrawn": ("withdrawn", False),
    "link.retracted": ("retracted", False),
    "case.threshold_assessed": ("rated", False),
    "case.worker_allocated": ("worker allocated", False),
    "case.missing_reported": ("MISSING", False),
    "case.missing_graded": ("danger graded", False),
    "case.missing_found": ("found", False),
    "case.return_interview_recorded": ("return interview", False),
    "case.withholding_weighed": ("weighed what the child asked", False),
    "case.rating_reopened": ("rating opened again", False),
    "case.exit_assessed": ("exit assessed", False),
    "case.exit_reopened": ("exit opened again", False),
    "case.closed": ("closed", False),
    "case.reopened": ("opened again", False),
    "person.alias_added": ("also called", False),
    "person.named": ("named", False),
    "person.classified": ("category", False),
    "person.classification_ended": ("category ended", False),
    "identity.judged": ("judged", False),
    "identity.revoked": ("judgement revoked", False),
    "meeting.decided": ("decided at a meeting", True),
    "meeting.result_told": ("result of a decision", False),
    "evidence.excluded": ("excluded", False),
    "evidence.undermined": ("undermined", False),
    "evidence.withdrawn": ("withdrawn", False),
}
#: Kinds of frequent events that some roles never see, each with the sorts of items that they may be
#: about.
OF_SORTS: dict[str, tuple[Sort, ...]] = {
    "person": PERSONS,
    "identity": ("judgement",),
    "link": ("link",),
    "report": ("report",),
}
KINDS = frozenset(name.partition(".")[0] for name in TOLD)
#: Triage outcomes after which a log entry still waits for an assessor.
STILL_OPEN = ("assess", "more-needed")


@rows("brief_items", key=("seq",), index=(("new", "recorded", "kind"),))
class BriefRow(Struct, frozen=True):
    """A row of a brief. `what` describes the event in words, with its content."""

    table: ClassVar[sa.Table]
    seq: int
    id: UUID
    kind: str
    event: str
    what: str
    new: bool
    by: str
    team: str
    recorded: datetime


@rows("brief_undecided", key=("id",), index=(("open", "seq"),))
class UndecidedRow(Struct, frozen=True):
    """An item that waits for a decision while `open` is true; `seq` is the number of its row in the
    brief.
    """

    table: ClassVar[sa.Table]
    id: UUID
    seq: int
    team: str
    open: bool


@rows("briefs_held", key=("team",))
class HeldRow(Struct, frozen=True):
    """A team, and the end of the period that its last brief covers."""

    table: ClassVar[sa.Table]
    team: str
    until: datetime


#: The rows of restricted items, which no brief shows.
RestrictedRow = restricted_rows("brief_restricted")


def apply(fact: Recorded, batch: RowBatch) -> None:
    item, event = fact.stream, fact.event
    name = event.stored.name
    if name in TOLD:
        verb, new = TOLD[name]
        shown = None if fact.erased else event.meaning.brief
        detail = attrgetter(shown)(event) if shown else None
        batch.put(
            BriefRow(
                fact.seq,
                item,
                name.partition(".")[0],
                name,
                f"{verb}: {detail}" if detail else verb,
                new and (name != "link.asserted" or fact.version == 1),
                fact.by,
                fact.team,
                fact.recorded,
            )
        )
    match event:
        case ObservationRecorded() | CaseOpened() | IdentityChanged(judgement="unsure"):
            batch.put(UndecidedRow(item, fact.seq, fact.team, open=True))
        case ObservationTriaged() if event.outcome in STILL_OPEN:
            pass
        case ObservationTriaged() | ObservationAssessed() | ObservationWithdrawn():
            _decided(batch, item)
        case WorkerAllocated() | IdentityChanged():
            _decided(batch, item)
        case BriefHeld():
            batch.put(HeldRow(fact.team, event.until))
        case RestrictionChanged():
            restrict(fact, batch, RestrictedRow)


def _decided(batch: RowBatch, item: UUID) -> None:
    if row := batch.get(UndecidedRow, item):
        batch.put(replace(row, open=False))


VIEW = View(
    "brief",
    (BriefRow, UndecidedRow, HeldRow, RestrictedRow),
    apply,
    version=2,
    moved_by=frozenset({RestrictionPlaced}),
)


# --- queries ------------------------------------------------------------------------------------


#: Number of rows in each part of a brief, unless the reader asks for more.
SHOWN = 200


class More(Struct, frozen=True):
    """For each part of a brief, the number of rows that are not shown, as far as they were
    counted.
    """

    new: int
    changed: int
    undecided: int


class Brief(Struct, frozen=True):
    """A team's brief: new items and changes after `since` and up to `until`, and items that wait
    for a decision. Each list begins with the oldest item.

    If the new items or changes do not all fit, `until` is the time of the last one that is shown.
    The next brief begins there, so that no item is left out between two briefs.
    """

    since: datetime | None
    until: datetime
    new: tuple[BriefRow, ...]
    changed: tuple[BriefRow, ...]
    undecided: tuple[BriefRow, ...]
    more: More


def read_last_held(db: Db, reader: Reader) -> datetime | None:
    """Return the end of the period of the last brief of the reader's team."""
    c = HeldRow.table.c
    teams = sorted(reader.teams) if reader.closed else [reader.team]
    held_moment: datetime | None = db.execute(
        sa.select(sa.func.max(c.until)).where(c.team.in_(teams))
    ).scalar()
    return held_moment


def brief(
    db: Db,
    reader: Reader,
    since: datetime | None,
    now: datetime,
    *,
    most: int | None = SHOWN,
    beyond: int = COUNTED,
) -> Brief:
    """Return the brief of the reader's teams: what they recorded after `since`, and the items about
    which they have not decided yet. Items that the reader does not see are listed without their
    content.

    Each part of the brief has at most `most` rows, or all if `most` is None. The further rows are
    only counted, up to `beyond` + 1.
    """
    table, waiting = BriefRow.table, UndecidedRow.table
    c = table.c
    shown = _shown(reader, now)
    recent = [] if since is None else [c.recorded > since]
    base_select = sa.select(table).where(*shown, *recent).order_by(c.recorded)
    both = sa.select(table).join(waiting, waiting.c.seq == c.seq)
    undecided = both.where(*shown, waiting.c.open).order_by(waiting.c.seq)
    parts = [
        _part(db, reader, select, most, beyond)
        for select in (base_select.where(c.new), base_select.where(sa.not_(c.new)), undecided)
    ]
    (new, _), (changed, _), (still_open, _) = parts
    until = min([now, *(rows[-1].recorded for rows, more in parts[:2] if more)])
    return Brief(since, until, new, changed, still_open, More(*(more for _, more in parts)))


def newest(
    db: Db, reader: Reader, since: datetime, now: datetime, events: Collection[str], most: int
) -> list[BriefRow]:
    """Return the newest facts of the kinds `events` recorded after `since`, newest first. Of the
    last `most` such facts, those about items that the reader does not see are left out.
    """
    c = BriefRow.table.c
    where = (*_shown(reader, now), c.recorded > since, c.event.in_(sorted(events)))
    order = (c.recorded.desc(), c.seq.desc())
    select = sa.select(BriefRow.table).where(*where).order_by(*order).limit(most)
    found_rows = [BriefRow(*row) for row in db.execute(select)]
    seen = scope.visible_items(db, reader, {row.id for row in found_rows})
    return [row for row in found_rows if row.id in seen]


def _shown(reader: Reader, now: datetime) -> tuple[sa.ColumnElement[bool], ...]:
    """Return the SQL conditions that a fact may be mentioned in the reader's brief: it is of one of
    the reader's teams, it was recorded by `now`, and its item is not restricted.
    """
    c = BriefRow.table.c
    theirs = (
        scope.in_readers_teams(reader, c.id, singly=True)
        if reader.closed
        else c.team == reader.team
    )
    in_use = c.id.not_in(sa.select(RestrictedRow.table.c.item))
    return theirs, c.recorded <= now, in_use, *_of_kinds(reader)


def _of_kinds(reader: Reader) -> list[sa.ColumnElement[bool]]:
    """Return a condition that leaves out kinds of events that the reader never sees. Without the
    condition, a team's first brief would check the reader's rights for each item ever recorded.
    """
    never = {
        kind
        for kind, sorts in OF_SORTS.items()
        if all(scope.reaches_nothing(reader, SEEING[sort]) for sort in sorts)
    }
    return [BriefRow.table.c.kind.in_(sorted(KINDS - never))] if never else []


def _part(
    db: Db, reader: Reader, select: sa.Select[Any], most: int | None, beyond: int
) -> tuple[tuple[BriefRow, ...], int]:
    """Return the first `most` rows of a part of a brief, and the number of further rows. A number
    above `beyond` is returned as `beyond` + 1.
    """
    found_rows = db.execute(select.limit(None if most is None else most + 1)).all()
    more = max(0, len(found_rows) - most) if most is not None else 0
    if most is not None and more and beyond:
        more = counted(db, select.with_only_columns(sa.literal(1)), most + beyond) - most
    shown = found_rows[:most]
    if not reader.closed:
        return tuple(BriefRow(*row) for row in shown), more
    seen = scope.visible_items(db, reader, {row.id for row in shown})
    db_rows = (
        BriefRow(
            number,
            row.id,
            row.kind,
            row.event,
            row.what if row.id in seen else TOLD[row.event][0],
            row.new,
            row.by,
            row.team,
            row.recorded,
        )
        for number, row in enumerate(shown, start=1)
    )
    return tuple(db_rows), more
