"""Outcomes: actions of the police or a court about a person or in a case."""

from collections.abc import Callable, Collection, Iterable
from datetime import date, datetime
from typing import ClassVar
from uuid import UUID

import sqlalchemy as sa
from msgspec import Struct
from msgspec.structs import replace

from access.who_may import scope
from domain.data_protection.retention import (
    RestrictionChanged,
)
from domain.forms.local import format_day
from domain.justice.arrest_to_result import (
    AFTER,
    NFA,
    NOT_PURSUED,
    TWO,
    ArrestMade,
    CareStated,
    ChargeBrought,
    NoticeServed,
    ResultRecorded,
    ResultReopened,
)
from domain.kernel.codes import CareStatus, NoticeBasis
from domain.kernel.envelope import Recorded
from domain.kernel.values import Reader
from projections.kernel.batch import RowBatch
from projections.kernel.database import Db
from projections.kernel.queries import is_one_of
from projections.kernel.schema import View, causes, rows

#: Shown in place of a fact that the reader may not see.
UNSEEN = "a record that you may not see"
#: The kinds of outcome that begin proceedings, and the kinds of outcome that are not results.
PROCEEDING, NO_RESULT = ("arrest", "charge"), ("arrest", "charge", "notice")


@rows("outcomes", key=("item",), index=(("person",), ("case",), ("what",)))
class OutcomeRow(Struct, frozen=True):
    """An outcome. `what` is "arrest", "charge", "notice" or the kind of a result. `charge` is the
    charge that led to a result, if recorded; `months` is the length of a sentence, None if unknown;
    `deciders` is the number of people named as deciders. `basis`, `child`, `expires` and `care`
    describe a notice.

    `reopened` is when a decision of no further action was reopened, because of a fact that was not
    recorded at the time of the decision. `lacked` describes this fact, and `source` is the item
    that records it.
    """

    table: ClassVar[sa.Table]
    item: UUID
    what: str
    person: UUID | None
    case: UUID | None
    happened: datetime | None
    known_from: datetime
    by: str
    months: int | None = None
    suspended: bool = False
    deciders: int = 0
    basis: NoticeBasis | None = None
    child: UUID | None = None
    expires: date | None = None
    care: CareStatus | None = None
    offence: str | None = None
    charge: UUID | None = None
    restricted: bool = False
    reopened: datetime | None = None
    lacked: str | None = None
    source: UUID | None = None

    @property
    def again(self) -> str | None:
        """Return when and why a decision of no further action was reopened, in words."""
        if self.reopened is None:
            return None
        because = UNSEEN if self.lacked == scope.HIDDEN else self.lacked
        day = f"opened again {format_day(self.reopened)}"
        return f"{day} because of {because}" if because else day


def apply(fact: Recorded, batch: RowBatch) -> None:
    match fact.event:
        case ArrestMade() as event:
            batch.put(replace(_row(fact, "arrest", event), offence=event.offence))
        case ChargeBrought() as event:
            batch.put(replace(_row(fact, "charge", event), offence=event.offence))
        case NoticeServed() as event:
            served = _row(fact, "notice", event)
            batch.put(replace(served, basis=event.basis, child=event.child, expires=event.expires))
        case CareStated() as event:
            if row := batch.get(OutcomeRow, fact.stream):
                batch.put(replace(row, care=event.care))
        case ResultRecorded() as event:
            names = {name.strip().casefold() for name in event.decided_by}
            batch.put(
                replace(
                    _row(fact, event.kind, event),
                    months=event.sentence_months,
                    suspended=event.suspended,
                    deciders=len(names - {""}),
                    charge=_charge(fact, batch),
                )
            )
        case ResultReopened() as event:
            if row := batch.get(OutcomeRow, fact.stream):
                lacked = None if fact.erased else event.lacked
                source = next((cause for cause in causes(fact) if cause != fact.stream), None)
                batch.put(replace(row, reopened=fact.recorded, lacked=lacked, source=source))
        case RestrictionChanged() as event:
            if row := batch.get(OutcomeRow, event.item):
                batch.put(replace(row, restricted=event.placed))


def _charge(fact: Recorded, batch: RowBatch) -> UUID | None:
    """Return the id of the charge that led to this result, if it is recorded."""
    for cause in causes(fact):
        row = batch.get(OutcomeRow, cause)
        if row and row.what == "charge":
            return cause
    return None


def _row(
    fact: Recorded, kind: str, event: ArrestMade | ChargeBrought | NoticeServed | ResultRecorded
) -> OutcomeRow:
    return OutcomeRow(
        fact.stream, kind, event.person, event.case, event.happened, fact.recorded, fact.by
    )


VIEW = View("outcomes", (OutcomeRow,), apply)


# --- queries ------------------------------------------------------------------------------------


def of_people(
    db: Db, reader: Reader, ids: Collection[UUID], *, restricted: bool = False
) -> list[OutcomeRow]:
    """Return the outcomes about these people, oldest first; a notice is about the person who
    received it. With `restricted`, restricted outcomes are included; this is only for the
    protection of a person.
    """
    return _fetch(db, reader, is_one_of(db, OutcomeRow.table.c.person, ids), restricted=restricted)


def of_case(db: Db, reader: Reader, case: UUID, *, restricted: bool = False) -> list[OutcomeRow]:
    """Return the outcomes in this case, oldest first. With `restricted`, restricted outcomes are
    included; this is only for the protection of a person.
    """
    return _fetch(db, reader, OutcomeRow.table.c.case == case, restricted=restricted)


def not_pursued(db: Db) -> list[OutcomeRow]:
    """Return every decision of no further action, about a person or in a case; readers' rights are
    not checked."""
    c = OutcomeRow.table.c
    where = c.what.in_(sorted(NOT_PURSUED)), sa.or_(c.person.is_not(None), c.case.is_not(None))
    select = sa.select(OutcomeRow.table).where(*where).order_by(c.known_from, c.item)
    return [OutcomeRow(*row) for row in db.execute(select)]


def find_reopened(
    found_rows: Iterable[OutcomeRow], lead: Callable[[UUID], UUID]
) -> dict[UUID, OutcomeRow]:
    """Return by person the last decision of no further action that was reopened, unless a later
    result replaced it. `found_rows` are outcomes, oldest first. `lead` returns the id under which
    all merged records of a person are listed.
    """
    again: dict[UUID, OutcomeRow] = {}
    for row in found_rows:
        if row.person and row.reopened:
            again[lead(row.person)] = row
        elif row.person and row.what not in NO_RESULT:
            again.pop(lead(row.person), None)
    return again


def of_items(db: Db, reader: Reader, items: Collection[UUID]) -> list[OutcomeRow]:
    """Return the outcomes with these ids, oldest first."""
    return _fetch(db, reader, is_one_of(db, OutcomeRow.table.c.item, items))


def list_outcomes(db: Db, reader: Reader, kind: str | None = None) -> list[OutcomeRow]:
    """Return all outcomes, or the outcomes of one kind, oldest first."""
    return _fetch(db, reader, OutcomeRow.table.c.what == kind if kind else sa.true())


def doubtful(db: Db, reader: Reader) -> list[OutcomeRow]:
    """Return the outcomes that may be inconsistent with other records, oldest first: notices,
    consequences of a conviction, results with too few deciders, and outcomes with a date after
    their recording. Other outcomes cannot be inconsistent.
    """
    c = OutcomeRow.table.c
    notice = (c.what == "notice") & c.basis.is_not(None)
    few = c.what.in_(sorted(NFA)) & (c.deciders < TWO)
    ahead = c.happened > c.known_from
    doubt = sa.or_(notice, c.what.in_(sorted(AFTER)), few, ahead)
    where, order = (doubt, sa.not_(c.restricted)), (c.known_from, c.item)
    return [OutcomeRow(*row) for row in scope.read_few(db, reader, c.item, where, order)]


def _fetch(
    db: Db, reader: Reader, where: sa.ColumnElement[bool], *, restricted: bool = False
) -> list[OutcomeRow]:
    c = OutcomeRow.table.c
    wanted = [where] if restricted else [where, sa.not_(c.restricted)]
    rows = [OutcomeRow(*r) for r in scope.read(db, reader, c.item, wanted, (c.known_from, c.item))]
    sources = scope.visible_items(db, reader, {row.source for row in rows if row.source})
    return [
        replace(row, lacked=scope.HIDDEN, source=None)
        if row.source and row.source not in sources
        else row
        for row in rows
    ]


def figures(db: Db, reader: Reader) -> list[OutcomeRow]:
    """Return the outcomes in the cases whose figures the reader may see. The outcomes are only
    counted.
    """
    c = OutcomeRow.table.c
    where = sa.not_(c.restricted), scope.may_act_on(reader, "see-counts", c.case)
    select = sa.select(OutcomeRow.table).where(*where).order_by(c.item)
    return [OutcomeRow(*row) for row in db.execute(select)]
