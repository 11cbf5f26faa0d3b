"""What is this id: which item does a person mean who gives an id, its ending, or a reference?

One row for every stream that people name. An item's history is the log's to tell.
"""

import re
from dataclasses import dataclass, replace
from datetime import datetime
from typing import ClassVar, NamedTuple
from uuid import UUID

import sqlalchemy as sa

from access import scope
from domain import erasure
from domain.charging import ChargingDecided, ReviewTold
from domain.court import (
    AccountTaken,
    BailEnded,
    BailSet,
    HearingHeld,
    HearingSet,
    MeasureTold,
    PleaEntered,
    StepTaken,
)
from domain.entity import PersonNamed, PersonRecorded, ThingRecorded
from domain.envelope import Event, Recorded
from domain.erasure import ItemErased
from domain.evidence import (
    EvidenceExcluded,
    EvidenceGathered,
    EvidenceUndermined,
    EvidenceWithdrawn,
)
from domain.family import FamilyAsked, FamilyInvited, FamilyTold, PromiseEnded, PromiseMade
from domain.intelligence import ReportDisseminated, ReportOpened, ReportWithdrawn
from domain.justice import ArrestMade, ChargeBrought, NoticeServed, ResultRecorded
from domain.link import LinkAsserted, LinkRetracted
from domain.notice import BreachFollowedUp, NoticeBreached
from domain.observation import (
    ObservationAssessed,
    ObservationRecorded,
    ObservationRefiled,
    ObservationWithdrawn,
)
from domain.referral import CaseClosed, CaseOpened, CaseReopened
from domain.retention import RestrictionLifted, RestrictionPlaced
from domain.support import ContactMade, NoteWritten
from domain.values import Reader
from domain.verdict import AppealDecided, AppealLodged, OrderMade
from projections.batch import Batch
from projections.schema import Db, View, rows, to_micros

LISTED = 20
_DIGITS = re.compile(r"[0-9a-f]{6,32}")


@rows("items", key=("id",), index=(("tail",),))
@dataclass(frozen=True, slots=True)
class ItemRow:
    """An item and its state in one word; `restricted` stands beside it. `case` is known for what
    is filed under a case; `tail` is the id's hexadecimal digits backwards, so that its ending
    can be looked up."""

    table: ClassVar[sa.Table]
    id: UUID
    kind: str
    case: UUID | None
    recorded: datetime
    by: str
    team: str
    state: str
    tail: str
    restricted: bool = False


def apply(fact: Recorded, batch: Batch) -> None:
    match fact.event:
        case ObservationRecorded() as event:
            _enter(batch, fact, "observation", "unassessed", event.case)
        case ObservationRefiled() as event:
            if row := batch.get(ItemRow, fact.stream):
                batch.put(replace(row, case=event.case))
        case ObservationAssessed():
            _turn(batch, fact, "assessed")
        case ObservationWithdrawn() | ReportWithdrawn() | EvidenceWithdrawn():
            _turn(batch, fact, "withdrawn")
        case ReportOpened() as event:
            _enter(batch, fact, "report", "open", event.case)
        case ReportDisseminated():
            _turn(batch, fact, "disseminated")
        case LinkAsserted() if fact.version == 1:
            _enter(batch, fact, "link", "live")
        case LinkAsserted():
            _turn(batch, fact, "live")
        case LinkRetracted():
            _turn(batch, fact, "retracted")
        case PersonRecorded() as event:
            _enter(batch, fact, "person", "known" if event.known else "not identified")
        case PersonNamed():
            _turn(batch, fact, "known")
        case ThingRecorded() as event:
            _enter(batch, fact, event.kind, "known")
        case CaseOpened():
            _enter(batch, fact, "case", "open", fact.stream)
        case CaseClosed() | CaseReopened() as event:
            _turn(batch, fact, "closed" if isinstance(event, CaseClosed) else "open")
        case EvidenceGathered() as event:
            _enter(batch, fact, event.kind, "live", event.case)
        case EvidenceExcluded() | EvidenceUndermined() as event:
            _turn(batch, fact, event.stored.name.partition(".")[2])
        case ArrestMade() | ChargeBrought() | NoticeServed() as event:
            kind, _, state = event.stored.name.partition(".")[2].partition("_")
            _enter(batch, fact, kind, state, event.case)
        case ResultRecorded() as event:
            _enter(batch, fact, "result", event.kind, event.case)
        case PromiseEnded() as event:
            _turn(batch, fact, event.kept)
        case ItemErased() as event if erasure.gone(event):
            _enter(batch, fact, event.kind, "erased")
        case RestrictionPlaced() | RestrictionLifted() as event:
            if row := batch.get(ItemRow, event.item):
                placed = isinstance(event, RestrictionPlaced)
                batch.put(replace(row, restricted=placed))
        case event:
            _of_family(batch, fact, event)


def _of_family(batch: Batch, fact: Recorded, event: Event) -> None:
    """What is recorded of a family, and what a court does in its case."""
    match event:
        case HearingSet():
            _enter(batch, fact, "hearing", event.kind, event.case)
        case HearingHeld():
            _turn(batch, fact, "held")
        case BailSet():
            _enter(batch, fact, "bail", "set", event.case)
        case BailEnded():
            _turn(batch, fact, event.how)
        case PleaEntered():
            _enter(batch, fact, "plea", event.plea, event.case)
        case MeasureTold():
            _enter(batch, fact, "special-measure", event.state, event.case)
        case AccountTaken():
            _enter(batch, fact, "child-account", "taken", event.case)
        case StepTaken():
            _enter(batch, fact, "court-step", event.state, event.case)
        case ChargingDecided():
            _enter(batch, fact, "charging-decision", event.decision, event.case)
        case ReviewTold():
            _turn(batch, fact, event.state)
        case OrderMade():
            _enter(batch, fact, "court-order", event.order, event.case)
        case AppealLodged():
            _enter(batch, fact, "appeal", "lodged", event.case)
        case AppealDecided():
            _turn(batch, fact, event.end)
        case NoticeBreached():
            _enter(batch, fact, "breach", "recorded", event.case)
        case BreachFollowedUp():
            _turn(batch, fact, "followed up")
        case ContactMade():
            _enter(batch, fact, "support-contact", event.kind, event.case)
        case NoteWritten():
            _enter(batch, fact, "support-note", event.kind, event.case)
        case FamilyTold():
            _enter(batch, fact, "family-told", event.became, event.case)
        case PromiseMade():
            _enter(batch, fact, "family-promise", "open", event.case)
        case FamilyInvited():
            _enter(batch, fact, "family-invitation", event.came, event.case)
        case FamilyAsked():
            _enter(batch, fact, "family-asked", event.answered, event.case)


def _enter(batch: Batch, fact: Recorded, kind: str, state: str, filed: UUID | None = None) -> None:
    one, tail = fact.stream, fact.stream.hex[::-1]
    batch.put(ItemRow(one, kind, filed, fact.recorded, fact.by, fact.team, state, tail))


def _turn(batch: Batch, fact: Recorded, state: str) -> None:
    if row := batch.get(ItemRow, fact.stream):
        batch.put(replace(row, state=state))


VIEW = View("register", (ItemRow,), apply)


def resolve(db: Db, reader: Reader, text: str) -> list[ItemRow]:
    """What `text` may mean among what the reader sees: none, one, or (cut at twenty) several,
    oldest first.

    A whole id, an event's reference STREAM:VERSION, or at least six hexadecimal digits: the end
    of an id, or its beginning if nothing ends so.
    """
    digits = text.strip().lower().partition(":")[0].replace("-", "")
    if not _DIGITS.fullmatch(digits):
        return []
    c = ItemRow.table.c
    if len(digits) == len(UUID(int=0).hex):
        return _fetch(db, reader, c.id == UUID(digits))
    backwards = digits[::-1]
    ending = _fetch(db, reader, c.tail >= backwards, c.tail < backwards + "g")
    first, last = UUID(digits.ljust(32, "0")), UUID(digits.ljust(32, "f"))
    return ending or _fetch(db, reader, c.id >= first, c.id <= last)


class Place(NamedTuple):
    """Where an item stands in the register: when it was recorded (µs), its id."""

    recorded: int
    id: UUID


def listed(
    db: Db, reader: Reader, kind: str, *, after: Place | None = None, limit: int = 50
) -> tuple[list[ItemRow], Place | None]:
    """Some of the items of a kind, oldest first, behind a place; and the last one's place where
    more follow."""
    c = ItemRow.table.c
    order = (sa.type_coerce(c.recorded, sa.BigInteger), c.id)
    where = [c.kind == kind, scope.sees(reader, c.id)]
    if after:
        where.append(sa.tuple_(*order) > sa.tuple_(*map(sa.literal, after)))
    select = sa.select(ItemRow.table).where(*where).order_by(*order).limit(limit + 1)
    found = [ItemRow(*row) for row in db.execute(select)]
    some = found[:limit]
    more = len(found) > limit
    return some, Place(to_micros(some[-1].recorded), some[-1].id) if more else None


def _fetch(db: Db, reader: Reader, *where: sa.ColumnElement[bool]) -> list[ItemRow]:
    table = ItemRow.table
    seen = scope.sees(reader, table.c.id)
    select = sa.select(table).where(*where, seen).order_by(table.c.recorded).limit(LISTED)
    found = [ItemRow(*row) for row in db.execute(select)]
    return scope.checked(db, reader, found, lambda row: row.id)
