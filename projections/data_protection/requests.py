"""Access requests: their due dates, the decision about each item, the parts that other teams have
to decide, and the answers."""

from datetime import date, datetime
from typing import ClassVar
from uuid import UUID

import sqlalchemy as sa
from msgspec import Struct
from msgspec.structs import asdict, replace

from access.who_may import scope
from access.who_may.conditions import width
from access.who_may.decide import decide
from domain.data_protection import request_intake, subject_request
from domain.data_protection.request_intake import RequestNoted, RequestSubjectFound
from domain.data_protection.subject_request import (
    AccessRequested,
    RequestAnswered,
    RequestAnsweredInPart,
    RequestExtended,
    RequestItemDecided,
    RequestPartAnswered,
    RequestPartAsked,
    SubjectAnswered,
    SubjectAsked,
)
from domain.kernel.codes import AskedBack
from domain.kernel.envelope import Recorded
from domain.kernel.values import Reader
from projections.kernel.batch import RowBatch
from projections.kernel.columns import Column
from projections.kernel.database import Db
from projections.kernel.event_rows import row_of
from projections.kernel.schema import View, rows


@rows("requests", key=("id",))
class RequestRow(Struct, frozen=True):
    """A request for data and its deadline. `decided` are the items with a decision; `waiting` is
    how many other teams have not decided yet; `in_part` is when a part of the answer was sent;
    `right` are items that were corrected after the answer and have to be sent again.

    The deadline is stopped while the subject has to answer a question (`asking`); `stopped` is the
    first day of this time.
    """

    table: ClassVar[sa.Table]
    id: UUID
    subject: UUID
    requester: str
    received: datetime
    due: datetime
    by: str
    extended: bool = False
    answered: datetime | None = None
    disclosure: UUID | None = None
    decided: tuple[UUID, ...] = ()
    waiting: int = 0
    in_part: datetime | None = None
    right: tuple[UUID, ...] = ()
    asking: tuple[AskedBack, ...] = ()
    stopped: date | None = None

    def late(self, now: datetime) -> bool:
        """Return whether the request was not answered by its due day. It is never late while the
        deadline is stopped."""
        return not self.answered and not self.asking and now > self.due


@rows("request_parts", key=("request", "team"), index=(("team",),))
class PartRow(Struct, frozen=True):
    """A team that holds information about the subject and has to decide which of the information
    the subject gets.
    """

    table: ClassVar[sa.Table]
    request: UUID
    team: str
    asked: datetime
    answered: datetime | None = None


@rows("requests_came", key=("id",))
class CameRow(Struct, frozen=True):
    """The team that received a request whose subject was identified only later."""

    table: ClassVar[sa.Table]
    id: UUID
    team: str


def apply(fact: Recorded, batch: RowBatch) -> None:
    if not isinstance(fact.event, (*subject_request.EVENTS, *request_intake.EVENTS)):
        return
    row = batch.get(RequestRow, fact.stream)
    match fact.event:
        case AccessRequested() as event:
            batch.put(row_of(RequestRow, fact))
        case RequestNoted():
            batch.put(CameRow(fact.stream, fact.team))
        case RequestSubjectFound() as event:
            if came := batch.get(CameRow, fact.stream):
                batch.put(CameRow(event.request, came.team))
        case RequestExtended() as event if row:
            batch.put(replace(row, due=event.due, extended=True))
        case SubjectAsked() as event if row:
            since = min(row.stopped, event.on) if row.stopped else event.on
            batch.put(replace(row, asking=(*row.asking, event.what), stopped=since))
        case SubjectAnswered() as event if row:
            left = tuple(question for question in row.asking if question != event.what)
            stopped = row.stopped if left else None
            batch.put(replace(row, asking=left, stopped=stopped, due=event.due or row.due))
        case RequestItemDecided() as event if row:
            decided = tuple(dict.fromkeys((*row.decided, event.item)))
            right = tuple(dict.fromkeys((*row.right, event.item))) if row.answered else ()
            batch.put(replace(row, decided=decided, right=right))
        case RequestPartAsked() as event if row:
            batch.put(PartRow(fact.stream, event.team, fact.recorded))
            batch.put(replace(row, waiting=row.waiting + 1))
        case RequestPartAnswered() as event if row:
            if part := batch.get(PartRow, fact.stream, event.team):
                batch.put(replace(part, answered=fact.recorded))
            batch.put(replace(row, waiting=row.waiting - 1))
        case RequestAnsweredInPart() if row:
            batch.put(replace(row, in_part=fact.recorded, right=()))
        case RequestAnswered() as event if row:
            batch.put(replace(row, answered=fact.recorded, disclosure=event.disclosure))


VIEW = View("requests", (RequestRow, PartRow, CameRow), apply, ("access",), when_queried=True)


def list_requests(db: Db, reader: Reader) -> list[RequestRow]:
    """Return the requests of subjects whom the reader sees, if the reader may answer requests: open
    requests first, then by due day. About other teams, only the number of missing decisions is
    shown.
    """
    if not decide(reader, "disclose").allowed:
        return []
    c = RequestRow.table.c
    seen = scope.sees(reader, c.subject)
    select = sa.select(RequestRow.table).where(seen)
    order = (c.answered.is_not(None), c.due, c.id)
    found_rows = [RequestRow(*row) for row in db.execute(select.order_by(*order))]
    rows = scope.checked(db, reader, found_rows, lambda row: row.subject)
    own = scope.visible_items(db, reader, {item for row in rows for item in row.decided})
    return [
        replace(
            row,
            decided=tuple(item for item in row.decided if item in own),
            # instead of another team's item, the id of the request shows only that there is
            # something to send
            right=tuple(dict.fromkeys(item if item in own else row.id for item in row.right)),
        )
        for row in rows
    ]


class RequestStands(RequestRow, frozen=True):
    """An access request with its state at a moment."""

    columns: ClassVar[tuple[Column, ...]] = (
        Column("subject", "subject", "id"),
        Column("received", "received", "moment"),
        Column("due", "due", "moment"),
        Column("overdue", "overdue", "mark"),
        Column("stands", "status"),
        Column("many", "items decided"),
        Column("waiting", "teams to answer"),
        Column("sent", "answered", "moment"),
        Column("put_right", "corrected since"),
        Column("id", "id", "key"),
    )
    order: ClassVar[tuple[str, ...]] = ("over", "due", "id")
    overdue: bool = False

    @property
    def over(self) -> bool:
        """Return whether the request was answered; a list shows open requests first."""
        return self.answered is not None

    @property
    def stands(self) -> str:
        """Return the state of the request in words."""
        if self.answered:
            return "answered"
        if self.stopped:
            return f"stands still: {' and '.join(self.asking)}"
        return "extended" if self.extended else "open"

    @property
    def many(self) -> int:
        """Return the number of items about which a decision was made."""
        return len(self.decided)

    @property
    def sent(self) -> datetime | None:
        """Return when the answer to the request was sent, whole or in part."""
        return self.answered or self.in_part

    @property
    def put_right(self) -> str:
        """Return in words how many corrections have to be sent after the answer."""
        return f"{len(self.right)} to send" if self.right else ""


def list_request_states(
    db: Db, reader: Reader, now: datetime, *, include_all: bool
) -> list[RequestStands]:
    """Return the access requests of subjects whom the reader sees, each with its state at the
    moment `now`. Answered requests are included only with `include_all`, or if an item was
    corrected after the answer.
    """
    return [
        RequestStands(**asdict(row), overdue=row.late(now))
        for row in list_requests(db, reader)
        if include_all or row.right or not row.answered
    ]


def having(db: Db, reader: Reader, item: UUID) -> list[UUID]:
    """Return the requests in which a decision was made about this item, if the reader sees it."""
    if not scope.is_item_visible(db, reader, item):
        return []
    rows = [RequestRow(*row) for row in db.execute(sa.select(RequestRow.table))]
    return sorted(row.id for row in rows if item in row.decided)


class PartOpen(Struct, frozen=True):
    """A team's part of an access request: the team has to decide which of its information the
    subject gets. The requester is not named here; the team's own records show the name. While the
    deadline of the request is stopped (`stopped`), the part is not overdue.
    """

    columns: ClassVar[tuple[Column, ...]] = (
        Column("id", "request", "key"),
        Column("team", "team"),
        Column("asked", "requested", "moment"),
        Column("due", "due", "moment"),
        Column("overdue", "overdue", "mark"),
        Column("stopped", "clock stopped", "mark"),
    )
    order: ClassVar[tuple[str, ...]] = ("due", "id", "team")
    id: UUID
    team: str
    asked: datetime
    due: datetime
    overdue: bool
    stopped: bool = False


def parts(db: Db, reader: Reader, now: datetime, *, overdue_only: bool = False) -> list[PartOpen]:
    """Return the parts of access requests that wait for a decision of the reader's teams, the
    earliest due date first. A reader of the alerts of all teams gets the parts of all teams,
    because an overdue part is such an alert.
    """
    alert_width = width(reader, "see-alerts")
    if not (alert_width or decide(reader, "answer-subject").allowed):
        return []
    c, r = PartRow.table.c, RequestRow.table.c
    where = [c.answered.is_(None), r.answered.is_(None)]
    if reader.closed and alert_width != "any":
        where.append(c.team.in_(sorted(reader.teams)))
    select = sa.select(c.request, c.team, c.asked, r.due, r.stopped).join(
        RequestRow.table, r.id == c.request
    )
    open_parts = [
        PartOpen(
            row.request,
            row.team,
            row.asked,
            row.due,
            *_overdue_and_stopped(row.due, row.stopped, now),
        )
        for row in db.execute(select.where(*where).order_by(r.due, c.request, c.team))
    ]
    if apart := _received_unidentified(db, reader):
        apart -= {row.id for row in list_requests(db, reader)}
    return [
        part for part in open_parts if (part.overdue or not overdue_only) and part.id not in apart
    ]


def _received_unidentified(db: Db, reader: Reader) -> set[UUID]:
    """Return the requests that the reader's team received before the subject was identified. A
    reader who may not search all teams is not shown the parts of these requests; for other readers
    the result is empty.
    """
    if not reader.closed or decide(reader, "find-subject").allowed:
        return set()
    if not decide(reader, "disclose").allowed:
        return set()
    c = CameRow.table.c
    return set(db.scalars(sa.select(c.id).where(c.team.in_(sorted(reader.teams)))))


def _overdue_and_stopped(due: datetime, stopped: date | None, now: datetime) -> tuple[bool, bool]:
    """Return whether the request is overdue, and whether its deadline is stopped."""
    return stopped is None and now > due, stopped is not None
