"""Deadlines of access requests: for the whole answer, for another team's part, for a question to
the subject, and for the search for a subject who was not identified. `projections/due/looked.py`
stores these deadlines.
"""

from typing import Any, ClassVar, get_args
from uuid import UUID, uuid5

import sqlalchemy as sa
from msgspec import Struct
from msgspec.structs import replace

from access.who_may.decide import decide
from domain.data_protection.request_intake import (
    RequestSubjectFound,
)
from domain.data_protection.subject_request import (
    AccessRequested,
    RequestAnswered,
    RequestExtended,
    RequestPartAnswered,
    RequestPartAsked,
    SubjectAnswered,
    SubjectAsked,
)
from domain.kernel.codes import AskedBack, Clock
from domain.kernel.envelope import Recorded
from domain.kernel.values import Reader
from domain.people_and_teams import deadline
from projections.due.rows import LookedRow, begin, end
from projections.kernel.batch import RowBatch
from projections.kernel.schema import rows

SEARCH: Clock = "access-request-search"
PART: Clock = "access-request-part"
ASKED: Clock = "access-request-asked"


@rows("due_stopped", key=("id",), index=(("request",),))
class StoppedRow(Struct, frozen=True):
    """A deadline of an access request that is stopped while the subject answers a question."""

    table: ClassVar[sa.Table]
    id: UUID
    request: UUID


@rows("due_found", key=("request",))
class FoundRow(Struct, frozen=True):
    """An access request whose subject is now identified, opened because of a request that this team
    received.
    """

    table: ClassVar[sa.Table]
    request: UUID
    team: str


def apply(fact: Recorded, batch: RowBatch) -> None:
    """Begin and end the deadlines of an access request after this fact."""
    item = fact.stream
    match fact.event:
        case AccessRequested() as event:
            begin(
                batch,
                fact,
                event.subject,
                "access-request",
                at=event.due,
                since=event.received,
                anybody=True,
                key=item,
                kind=LookedRow,
            )
        case RequestSubjectFound() as event:
            end(batch, item, SEARCH, LookedRow)
            if searched := batch.get(LookedRow, deadline.stream(item, SEARCH)):
                batch.put(FoundRow(event.request, searched.team))
        case RequestExtended() as event:
            _change_each(batch, item, due=event.due)
        case SubjectAsked() | SubjectAnswered():
            _stop_for_question(fact, batch)
        case RequestPartAsked() as event:
            if whole := batch.get(LookedRow, deadline.stream(item, "access-request")):
                begin(
                    batch,
                    fact,
                    item,
                    PART,
                    at=whole.due,
                    anybody=True,
                    key=uuid5(item, event.team),
                    team=event.team,
                    kind=LookedRow,
                )
                if whole.ended:
                    _stop(batch, item)
        case RequestPartAnswered() as event:
            end(batch, uuid5(item, event.team), PART, LookedRow)
            batch.drop(StoppedRow, deadline.stream(uuid5(item, event.team), PART))
        case RequestAnswered():
            _change_each(batch, item, ended=True)
            for argument in get_args(AskedBack):
                end(batch, uuid5(item, argument), ASKED, LookedRow)
            for stopped in batch.having(StoppedRow, request=item):
                batch.drop(StoppedRow, stopped.id)


def _stop_for_question(fact: Recorded, batch: RowBatch) -> None:
    """Stop the deadlines of a request while its subject has to answer a question."""
    item = fact.stream
    whole = batch.get(LookedRow, deadline.stream(item, "access-request"))
    match fact.event:
        case SubjectAsked() as event if whole:
            _stop(batch, item)
            subject, key = whole.item, uuid5(item, event.what)
            begin(batch, fact, subject, ASKED, anybody=True, key=key, kind=LookedRow)
        case SubjectAnswered() as event:
            end(batch, uuid5(item, event.what), ASKED, LookedRow)
            stopped = batch.having(StoppedRow, request=item)
            for stopped_row in stopped if event.due else ():
                batch.drop(StoppedRow, stopped_row.id)
                if row := batch.get(LookedRow, stopped_row.id):
                    batch.put(replace(row, ended=False, due=event.due or row.due))


def _stop(batch: RowBatch, request: UUID) -> None:
    """Stop the open deadlines of a request until they are continued."""
    parts = batch.having(LookedRow, item=request)
    whole = batch.get(LookedRow, deadline.stream(request, "access-request"))
    for row in (*parts, *([whole] if whole else [])):
        if not row.ended:
            batch.put(StoppedRow(row.id, request))
            batch.put(replace(row, ended=True))


def _change_each(batch: RowBatch, request: UUID, **changes: Any) -> None:
    """Change fields of the open deadlines of a request and of other teams' parts of the request."""
    parts = batch.having(LookedRow, item=request)
    whole = batch.get(LookedRow, deadline.stream(request, "access-request"))
    for row in (*parts, *([whole] if whole else [])):
        if not row.ended:
            batch.put(replace(row, **changes))


def requests_without_visible_part(reader: Reader) -> sa.Select[tuple[UUID]] | None:
    """Return a query for the requests that the reader's team received before their subject was
    identified. The reader, who may search only their own teams, is not shown the parts of these
    requests. Return None if all parts may be shown.
    """
    if not reader.closed or decide(reader, "find-subject").allowed:
        return None
    if not decide(reader, "disclose").allowed:
        return None
    c = FoundRow.table.c
    return sa.select(c.request).where(c.team.in_(sorted(reader.teams)))
