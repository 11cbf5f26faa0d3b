"""The deadline of a warning notice: the notice ends on the day that was set, or earlier by law
(when the child is 16 or, in care, 18).

The notice's owner is warned before the end. The end changes if a date of birth or an age is
recorded later for the child, or in a record of the same team that was judged to be the same child.
"""

from datetime import date, datetime
from typing import ClassVar
from uuid import UUID

import sqlalchemy as sa
from msgspec import Struct
from msgspec.structs import replace

from domain.clocks import BEFORE_NOTICE_ENDS
from domain.data_protection import erasure
from domain.intelligence.entity import AgeStated
from domain.intelligence.identity import IdentityJudged
from domain.justice.arrest_to_result import NoticeServed, ends_by_law
from domain.kernel.codes import Clock, NoticeBasis
from domain.kernel.envelope import Recorded
from domain.people_and_teams import deadline
from projections.due.arrests import SameRow
from projections.due.rows import DueRow, all_records_of, begin
from projections.kernel.batch import RowBatch
from projections.kernel.schema import rows

EXPIRY: Clock = "notice-expiry"
RENEWAL: Clock = "notice-renewal"


@rows("due_notices", key=("notice",), index=(("child",),))
class NoticeRow(Struct, frozen=True):
    """A notice: its last day as recorded, and its last day by law, which is None if unknown."""

    table: ClassVar[sa.Table]
    notice: UUID
    child: UUID
    basis: NoticeBasis
    told: date | None
    ends: date | None
    by: str
    team: str
    served: datetime


@rows("due_births", key=("person",))
class BirthRow(Struct, frozen=True):
    """A person's date of birth, or the latest date of birth that fits their age, each as last
    recorded.
    """

    table: ClassVar[sa.Table]
    person: UUID
    team: str
    born: date | None = None
    latest: date | None = None


def apply(fact: Recorded, batch: RowBatch) -> None:
    """Update the end of a notice, after the notice or a fact about the child's birth is
    recorded."""
    item = fact.stream
    match fact.event:
        case NoticeServed() as event:
            row = NoticeRow(
                item,
                event.child,
                event.basis,
                event.expires,
                None,
                fact.by,
                fact.team,
                fact.recorded,
            )
            row = replace(row, ends=_ends(batch, row))
            batch.put(row)
            if row.ends:
                begin(batch, fact, item, EXPIRY, row.ends)
                before = deadline.last_moment(row.ends) - BEFORE_NOTICE_ENDS
                if before > fact.recorded:
                    begin(batch, fact, item, RENEWAL, at=before)
        case AgeStated() as event if not fact.erased:
            born, latest = event.born, event.latest_birth(fact.recorded)
            if born or latest:
                known_row = batch.get(BirthRow, item) or BirthRow(item, fact.team)
                born, latest = born or known_row.born, latest or known_row.latest
                batch.put(replace(known_row, born=born, latest=latest))
                _update_ends(fact, batch, item)
        case IdentityJudged(judgement="same") as event:
            _update_ends(fact, batch, event.a)
        case event if erasure.is_destroyed(event):
            if batch.get(BirthRow, item):
                batch.drop(BirthRow, item)


def _ends(batch: RowBatch, row: NoticeRow) -> date | None:
    """Return the last day of a notice. If several dates of birth are recorded, the latest counts,
    because it protects the child longest; an age counts only if there is no date of birth.
    """
    known_rows = [
        batch.get(BirthRow, item) for item in sorted(all_records_of(batch, SameRow, row.child))
    ]
    theirs = [
        birth
        for birth in known_rows
        if birth and (birth.person == row.child or birth.team == row.team)
    ]
    births = [birth.born for birth in theirs if birth.born] or [
        birth.latest for birth in theirs if birth.latest
    ]
    return ends_by_law(row.told, row.basis, max(births, default=None))


def _update_ends(fact: Recorded, batch: RowBatch, child: UUID) -> None:
    """Update the end of each notice that protects this child, under any of the child's records."""
    for row in batch.among(NoticeRow, "child", sorted(all_records_of(batch, SameRow, child))):
        ends = _ends(batch, row)
        if ends is None or ends == row.ends:
            continue
        batch.put(replace(row, ends=ends))
        over = deadline.last_moment(ends)
        before = max(over - BEFORE_NOTICE_ENDS, fact.recorded)
        for clock, at in ((EXPIRY, over), (RENEWAL, before)):
            if known_row := batch.get(DueRow, deadline.stream(row.notice, clock)):
                if not known_row.ended:
                    batch.put(replace(known_row, due=at))
            else:
                since, owner, team = row.served, row.by, row.team
                begin(batch, fact, row.notice, clock, at=at, since=since, owner=owner, team=team)
