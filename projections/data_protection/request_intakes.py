"""Access requests whose subject was not identified at their receipt, and the result of each.

A reader who recorded such a request, but may not search all teams, is not shown what the search
found, nor when it ended.
"""

from datetime import datetime
from typing import ClassVar
from uuid import UUID

import sqlalchemy as sa
from msgspec import Struct
from msgspec.structs import replace

from access.who_may.decide import decide
from domain.data_protection.request_intake import (
    RequestNilAnswered,
    RequestNoted,
    RequestSubjectFound,
)
from domain.data_protection.subject_request import RequestAnswered
from domain.kernel.envelope import Recorded
from domain.kernel.values import Reader
from projections.kernel.batch import RowBatch
from projections.kernel.columns import Column
from projections.kernel.database import Db
from projections.kernel.event_rows import row_of
from projections.kernel.schema import View, rows

HANDED_ON = "a person who may search all teams answers it"


@rows("request_intakes", key=("id",))
class IntakeRow(Struct, frozen=True):
    """A request for data as it was received, before its subject was identified.

    `found` is the number of people who were identified as the subject, `nil` the time of the answer
    "no data held", and `searched` the terms that were searched for.
    """

    table: ClassVar[sa.Table]
    id: UUID
    received: datetime
    due: datetime
    requester: str
    words: str
    by: str
    team: str
    found: int = 0
    nil: datetime | None = None
    searched: str | None = None

    @property
    def open(self) -> bool:
        """Return whether no subject was identified yet, and no answer was given that there are no
        data.
        """
        return not self.found and self.nil is None


@rows("request_found", key=("request",), index=(("intake",),))
class FoundRow(Struct, frozen=True):
    """A request about a subject who was identified, and when it was answered."""

    table: ClassVar[sa.Table]
    request: UUID
    intake: UUID
    answered: datetime | None = None


def apply(fact: Recorded, batch: RowBatch) -> None:
    match fact.event:
        case RequestNoted() as event:
            batch.put(row_of(IntakeRow, fact, team=fact.team))
        case RequestSubjectFound() as event:
            if row := batch.get(IntakeRow, fact.stream):
                batch.put(replace(row, found=row.found + 1))
                batch.put(FoundRow(event.request, row.id))
        case RequestNilAnswered() as event:
            if row := batch.get(IntakeRow, fact.stream):
                batch.put(replace(row, nil=fact.recorded, searched=event.searched))
        case RequestAnswered():
            if found_row := batch.get(FoundRow, fact.stream):
                batch.put(replace(found_row, answered=fact.recorded))


VIEW = View("request_intakes", (IntakeRow, FoundRow), apply, ("access",), when_queried=True)


class Intake(Struct, frozen=True):
    """A request whose subject was not identified, as far as this reader may know about it."""

    columns: ClassVar[tuple[Column, ...]] = (
        Column("received", "received", "moment"),
        Column("due", "due", "moment"),
        Column("overdue", "overdue", "mark"),
        Column("requester", "requester"),
        Column("words", "subject as described"),
        Column("stands", "status"),
        Column("id", "id", "key"),
    )
    order: ClassVar[tuple[str, ...]] = ("due", "id")
    id: UUID
    received: datetime
    due: datetime
    requester: str
    words: str
    stands: str
    overdue: bool = False
    open: bool = False
    nil: bool = False


def list_intakes(
    db: Db, reader: Reader, now: datetime, *, include_all: bool = False
) -> list[Intake]:
    """Return requests that were received without an identified subject, the earliest due date
    first.

    A reader who may search all teams gets the open requests and, with `include_all`, also those
    that have ended. Other readers get only requests that they recorded or their team received, each
    as passed on to such a reader; and only until the due day, unless `include_all` is set.
    """
    if decide(reader, "find-subject").allowed:
        answered = _answered(db)
        return [
            _make_intake(row, _state_in_words(row, answered.get(row.id, 0)), now)
            for row in to_search(db, reader)
            if include_all or row.open
        ]
    if not decide(reader, "disclose").allowed:
        return []
    ours = [row for row in _all(db) if row.team in reader.teams or row.by == reader.name]
    return [
        Intake(row.id, row.received, row.due, row.requester, row.words, HANDED_ON)
        for row in ours
        if include_all or now <= row.due
    ]


def to_search(db: Db, reader: Reader) -> list[IntakeRow]:
    """Return all access requests whose subject is not identified, for the person who searches all
    teams; [] for other readers."""
    return _all(db) if decide(reader, "find-subject").allowed else []


def _all(db: Db) -> list[IntakeRow]:
    c = IntakeRow.table.c
    intake_rows = db.execute(sa.select(IntakeRow.table).order_by(c.due, c.id))
    return [IntakeRow(*row) for row in intake_rows]


def _answered(db: Db) -> dict[UUID, int]:
    """Return for each intake (a request without an identified subject) how many of its subjects got
    an answer. Each subject who is identified later has a request of their own.
    """
    c = FoundRow.table.c
    select = sa.select(c.intake, sa.func.count()).where(c.answered.is_not(None))
    return {row[0]: row[1] for row in db.execute(select.group_by(c.intake))}


def _state_in_words(row: IntakeRow, answered: int) -> str:
    if row.nil:
        return f"nothing held; searched: {row.searched}"
    if row.found:
        return f"{row.found} found, {answered} answered"
    return "to search"


def _make_intake(row: IntakeRow, stands: str, now: datetime) -> Intake:
    fields = (row.id, row.received, row.due, row.requester, row.words, stands)
    return Intake(*fields, row.open and now > row.due, row.open, row.nil is not None)
