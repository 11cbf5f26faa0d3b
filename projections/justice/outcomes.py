"""What did the police or a court do about somebody, or in a case?"""

from collections.abc import Collection
from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import ClassVar
from uuid import UUID

import sqlalchemy as sa

from access.who_may import scope
from domain.data_protection.retention import RestrictionLifted, RestrictionPlaced
from domain.justice.justice import (
    AFTER,
    NFA,
    NOT_PURSUED,
    TWO,
    ArrestMade,
    CareStated,
    ChargeBrought,
    NoticeServed,
    ResultRecorded,
)
from domain.kernel.codes import CareStatus, NoticeBasis
from domain.kernel.envelope import Recorded
from domain.kernel.values import Reader
from projections.kernel.batch import Batch
from projections.kernel.database import Db
from projections.kernel.queries import one_of
from projections.kernel.schema import View, causes, rows


@rows("outcomes", key=("item",), index=(("person",), ("case",), ("what",)))
@dataclass(frozen=True)
class OutcomeRow:
    """One outcome. `what` is "arrest", "charge", "notice" or the kind of a result; `charge` is the
    charge that led to a result, where it was told; `months` is a
    sentence's, None where it is not known; `deciders` is how many people are named as having
    decided; `basis`, `child`, `expires` and `care` are a notice's."""

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


def apply(fact: Recorded, batch: Batch) -> None:
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
            names = {one.strip().casefold() for one in event.decided_by}
            batch.put(
                replace(
                    _row(fact, event.kind, event),
                    months=event.sentence_months,
                    suspended=event.suspended,
                    deciders=len(names - {""}),
                    charge=_charge(fact, batch),
                )
            )
        case RestrictionPlaced() | RestrictionLifted() as event:
            if row := batch.get(OutcomeRow, event.item):
                batch.put(replace(row, restricted=isinstance(event, RestrictionPlaced)))


def _charge(fact: Recorded, batch: Batch) -> UUID | None:
    """The charge that led to it, where one is told."""
    for one in causes(fact):
        row = batch.get(OutcomeRow, one)
        if row and row.what == "charge":
            return one
    return None


def _row(
    fact: Recorded, what: str, event: ArrestMade | ChargeBrought | NoticeServed | ResultRecorded
) -> OutcomeRow:
    return OutcomeRow(
        fact.stream, what, event.person, event.case, event.happened, fact.recorded, fact.by
    )


VIEW = View("outcomes", (OutcomeRow,), apply)


# --- queries ------------------------------------------------------------------------------------


def of_people(db: Db, reader: Reader, ids: Collection[UUID]) -> list[OutcomeRow]:
    """What followed for these people, oldest first; a notice is its recipient's."""
    return _fetch(db, reader, one_of(db, OutcomeRow.table.c.person, ids))


def of_case(db: Db, reader: Reader, case: UUID) -> list[OutcomeRow]:
    """What followed in this case, oldest first."""
    return _fetch(db, reader, OutcomeRow.table.c.case == case)


def not_pursued(db: Db) -> list[OutcomeRow]:
    """The decisions of no further action about somebody, no matter who may see them."""
    c = OutcomeRow.table.c
    where = c.what.in_(sorted(NOT_PURSUED)), c.person.is_not(None)
    select = sa.select(OutcomeRow.table).where(*where).order_by(c.known_from, c.item)
    return [OutcomeRow(*row) for row in db.execute(select)]


def of_items(db: Db, reader: Reader, items: Collection[UUID]) -> list[OutcomeRow]:
    """These outcomes, oldest first."""
    return _fetch(db, reader, one_of(db, OutcomeRow.table.c.item, items))


def listed(db: Db, reader: Reader, what: str | None = None) -> list[OutcomeRow]:
    """All outcomes, or those of one kind, oldest first."""
    return _fetch(db, reader, OutcomeRow.table.c.what == what if what else sa.true())


def doubtful(db: Db, reader: Reader) -> list[OutcomeRow]:
    """The outcomes that may not fit, oldest first: notices, what follows a conviction, what too few
    decided, and what is dated ahead. All others fit, whatever else is recorded."""
    c = OutcomeRow.table.c
    notice = (c.what == "notice") & c.basis.is_not(None)
    few = c.what.in_(sorted(NFA)) & (c.deciders < TWO)
    ahead = c.happened > c.known_from
    doubt = sa.or_(notice, c.what.in_(sorted(AFTER)), few, ahead)
    where, order = (doubt, sa.not_(c.restricted)), (c.known_from, c.item)
    return [OutcomeRow(*row) for row in scope.read_few(db, reader, c.item, where, order)]


def _fetch(db: Db, reader: Reader, where: sa.ColumnElement[bool]) -> list[OutcomeRow]:
    c = OutcomeRow.table.c
    found = scope.read(db, reader, c.item, [where, sa.not_(c.restricted)], (c.known_from, c.item))
    return [OutcomeRow(*row) for row in found]


def figures(db: Db, reader: Reader) -> list[OutcomeRow]:
    """The outcomes in the cases whose figures the reader may see; nothing else of them is shown."""
    c = OutcomeRow.table.c
    where = sa.not_(c.restricted), scope.may(reader, "see-counts", c.case)
    select = sa.select(OutcomeRow.table).where(*where).order_by(c.item)
    return [OutcomeRow(*row) for row in db.execute(select)]
