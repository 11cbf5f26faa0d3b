"""Requests for information about a victim: who requested it, whether the victim was informed, and
the decision."""

from datetime import date, datetime
from typing import ClassVar
from uuid import UUID

import sqlalchemy as sa
from msgspec import Struct
from msgspec.structs import replace

from access.who_may import scope
from domain.justice.victim_request import (
    GIVES,
    InformationAsked,
    InformationDecided,
    InformationHandedOver,
    RequestWithdrawn,
    VictimTold,
)
from domain.kernel.codes import (
    InformationDecision,
    Notice,
    NoticeException,
    NoticeTo,
    RequestPurpose,
)
from domain.kernel.envelope import Recorded
from domain.kernel.values import Reader
from projections.kernel.batch import RowBatch
from projections.kernel.columns import Column
from projections.kernel.database import Db
from projections.kernel.schema import View, rows


@rows("victim_requests", key=("id",), index=(("case",),))
class VictimRequestRow(Struct, frozen=True):
    """A request for information about a victim. `asker` is who made the request, `handed` is the
    number of notes and contacts that were handed over, and `disclosure` the id of the disclosure
    that did so.
    """

    columns: ClassVar[tuple[Column, ...]] = (
        Column("received", "received", "moment"),
        Column("asker", "requester"),
        Column("what", "information requested"),
        Column("sought", "details"),
        Column("enquiry", "line of enquiry"),
        Column("answer_by", "needed by", "day"),
        Column("notice", "victim told"),
        Column("stands", "status"),
        Column("reason", "reason"),
        Column("id", "id", "key"),
    )
    order: ClassVar[tuple[str, ...]] = ("received", "id")
    table: ClassVar[sa.Table]
    id: UUID
    case: UUID
    by: str
    asker: str
    support_notes: bool
    purpose: RequestPurpose
    sought: str
    enquiry: str
    necessary: str
    proportionate: str
    probative: str | None
    rebutted: str | None
    received: datetime
    answer_by: date | None
    notice: Notice
    notice_to: NoticeTo | None
    exception: NoticeException | None
    notice_reason: str | None
    decision: InformationDecision | None = None
    decided_by: str | None = None
    reason: str | None = None
    handed: int = 0
    handed_over: datetime | None = None
    disclosure: UUID | None = None
    withdrawn: str | None = None

    @property
    def what(self) -> str:
        """Return in words the information that was requested."""
        return "support notes" if self.support_notes else "other information"

    @property
    def gives(self) -> bool:
        """Return whether information is to be handed over, or was handed over."""
        return self.decision in GIVES

    @property
    def over(self) -> bool:
        """Return whether no further step of this request is due."""
        refused = self.decision is not None and not self.gives
        return bool(refused or self.handed_over or self.withdrawn)

    @property
    def stands(self) -> str:
        """Return the request's state in words."""
        if self.withdrawn:
            return "withdrawn"
        if self.handed_over:
            return f"{self.decision}: handed over"
        return (self.decision or "not decided").replace("-", " ")


#: Events that change the row of a request: that the victim was informed, the decision about the
#: request, the handing over of information, and the request's withdrawal.
_ANSWERS = (VictimTold, InformationDecided, InformationHandedOver, RequestWithdrawn)


def apply(fact: Recorded, batch: RowBatch) -> None:
    if isinstance(fact.event, InformationAsked):
        batch.put(_new_request(fact, fact.event))
        return
    row = batch.get(VictimRequestRow, fact.stream) if isinstance(fact.event, _ANSWERS) else None
    if row is None:
        return
    match fact.event:
        case VictimTold() as notice:
            batch.put(
                replace(
                    row,
                    notice=notice.notice,
                    notice_to=notice.to,
                    exception=notice.exception,
                    notice_reason=notice.reason,
                )
            )
        case InformationDecided() as decided:
            row = replace(row, decision=decided.decision, decided_by=fact.by)
            batch.put(replace(row, reason=decided.reason, handed=len(decided.items)))
        case InformationHandedOver() as handed:
            batch.put(replace(row, handed_over=fact.recorded, disclosure=handed.disclosure))
        case RequestWithdrawn() as gone:
            batch.put(replace(row, withdrawn=gone.reason))


def _new_request(fact: Recorded, event: InformationAsked) -> VictimRequestRow:
    return VictimRequestRow(
        fact.stream,
        event.case,
        fact.by,
        event.asker or fact.by,
        event.support_notes,
        event.purpose,
        event.sought,
        event.enquiry,
        event.necessary,
        event.proportionate,
        event.probative,
        event.rebutted,
        event.received or fact.recorded,
        event.answer_by,
        event.notice,
        event.notice_to,
        event.exception,
        event.notice_reason,
    )


VIEW = View("victim_requests", (VictimRequestRow,), apply)


def of_case(db: Db, reader: Reader, case: UUID) -> list[VictimRequestRow]:
    """Return the requests about the child of a case, in the order of recording."""
    c = VictimRequestRow.table.c
    db_rows = scope.read(db, reader, c.id, [c.case == case, scope.in_use(c.id)], (c.received, c.id))
    return [VictimRequestRow(*row) for row in db_rows]


def list_victim_requests(db: Db, reader: Reader, *, include_all: bool) -> list[VictimRequestRow]:
    """Return the requests about all children whom the reader sees; with `include_all`, also the
    finished requests.
    """
    c = VictimRequestRow.table.c
    result = scope.read(db, reader, c.id, [scope.in_use(c.id)], (c.received, c.id))
    rows = [VictimRequestRow(*row) for row in result]
    return [row for row in rows if include_all or not row.over]


def get(db: Db, reader: Reader, item: UUID) -> VictimRequestRow | None:
    """Return this request, if the reader sees it."""
    c = VictimRequestRow.table.c
    db_rows = scope.read(db, reader, c.id, [c.id == item], (c.id,))
    return VictimRequestRow(*db_rows[0]) if db_rows else None
