"""The view of offers of this force's items to other police forces, and of matches with items that
those forces offer.

Of a match, a reader learns only four facts: which force offers the other item, that force's
reference, the class of grade of the link to the force's suspect, and the week of the force's offer.
The file is long because it is one view.
"""

from collections import Counter
from collections.abc import Collection
from datetime import date, datetime
from typing import ClassVar
from uuid import UUID

import sqlalchemy as sa
from msgspec import Struct
from msgspec.structs import replace

from access.who_may import scope
from domain.clocks import CLOCKS
from domain.exchange.offer import (
    EndedBy,
    GradeClass,
    OfferContactDecided,
    OfferEnded,
    OfferEndObeyed,
    OfferKind,
    OfferMade,
    OfferMatched,
    OfferMatchEnded,
    OfferRenewed,
)
from domain.kernel.codes import Contact
from domain.kernel.envelope import Recorded
from domain.kernel.values import HandlingCode, Reader
from projections.kernel.batch import RowBatch
from projections.kernel.columns import Column
from projections.kernel.database import Db
from projections.kernel.event_rows import row_of
from projections.kernel.queries import select_each
from projections.kernel.schema import View, rows


@rows("offers", key=("offer",), index=(("thing",), ("reference",)))
class OfferRow(Struct, frozen=True):
    """An offer of one of this force's items to other forces, through the hub that compares offers.
    `made` and `ended` are when the offer was made and ended, `ended_by` is why it ended, and
    `obeyed` is when the hub reported that it had deleted the offer.
    """

    table: ClassVar[sa.Table]
    offer: UUID
    thing: UUID
    person: UUID
    link: UUID
    kind: OfferKind
    grade: GradeClass
    handling: HandlingCode
    recipients: tuple[str, ...]
    until: date
    epoch: int
    reference: UUID
    agreement: str
    assessment: str
    records_reference: str | None
    by: str
    team: str
    made: datetime
    ended: datetime | None = None
    ended_by: EndedBy | None = None
    obeyed: datetime | None = None


@rows("offers_matched", key=("offer", "force", "theirs"))
class MatchRow(Struct, frozen=True):
    """A match with another force's offer, since when it exists, and the decision about it."""

    table: ClassVar[sa.Table]
    offer: UUID
    force: str
    theirs: UUID
    grade: GradeClass
    week: date
    handling: HandlingCode
    records_reference: str | None
    told: datetime
    over: datetime | None = None
    contact: Contact | None = None
    decided_by: str | None = None
    decided: datetime | None = None


def apply(fact: Recorded, batch: RowBatch) -> None:
    item, at = fact.stream, fact.recorded
    match fact.event:
        case OfferMade() as made:
            batch.put(
                OfferRow(
                    offer=item,
                    thing=made.thing,
                    person=made.person,
                    link=made.link,
                    kind=made.kind,
                    grade=made.grade,
                    handling=made.handling,
                    recipients=made.recipients,
                    until=made.until,
                    epoch=made.epoch,
                    reference=made.reference,
                    agreement=made.agreement,
                    assessment=made.assessment,
                    records_reference=made.records_reference,
                    by=fact.by,
                    team=fact.team,
                    made=at,
                )
            )
        case OfferRenewed() as renewed:
            if row := batch.get(OfferRow, item):
                batch.put(replace(row, epoch=renewed.epoch))
        case OfferEnded() as ended:
            if row := batch.get(OfferRow, item):
                batch.put(replace(row, ended=at, ended_by=ended.why))
        case OfferEndObeyed():
            if row := batch.get(OfferRow, item):
                batch.put(replace(row, obeyed=at))
        case OfferMatched():
            batch.put(row_of(MatchRow, fact, offer=item, told=at))
        case OfferMatchEnded() as over:
            if match := batch.get(MatchRow, item, over.force, over.theirs):
                batch.put(replace(match, over=at))
        case OfferContactDecided() as decided:
            if match := batch.get(MatchRow, item, decided.force, decided.theirs):
                batch.put(replace(match, contact=decided.contact, decided_by=fact.by, decided=at))


VIEW = View("offers", (OfferRow, MatchRow), apply, ("product",))


# --- queries ------------------------------------------------------------------------------------


class Offered(Struct, frozen=True):
    """An offer, as a row of a list."""

    columns: ClassVar[tuple[Column, ...]] = (
        Column("made", "offered", "moment"),
        Column("kind", "kind"),
        Column("thing", "item", "id"),
        Column("person", "person", "id"),
        Column("to", "offered to"),
        Column("grade", "grade class"),
        Column("until", "until", "day"),
        Column("state", "status"),
        Column("matches", "matches"),
        Column("records_reference", "reference in our records system"),
        Column("by", "offered by"),
        Column("id", "id", "key"),
    )
    order: ClassVar[tuple[str, ...]] = ("made", "id")
    id: UUID
    thing: UUID
    person: UUID
    kind: OfferKind
    grade: GradeClass
    handling: HandlingCode
    to: str
    until: date
    state: str
    matches: int
    agreement: str
    assessment: str
    records_reference: str | None
    by: str
    made: datetime


class Matched(Struct, frozen=True):
    """A match with another force's offer, for lists; a person has to decide about the match."""

    columns: ClassVar[tuple[Column, ...]] = (
        Column("told", "known since", "moment"),
        Column("force", "force"),
        Column("kind", "kind"),
        Column("thing", "item", "id"),
        Column("grade", "their grade class"),
        Column("week", "their week", "day"),
        Column("theirs", "their reference", "id"),
        Column("records_reference", "reference in their records system"),
        Column("contact", "decision"),
        Column("due", "due", "moment"),
        Column("overdue", "overdue", "mark"),
        Column("offer", "our offer", "key"),
    )
    order: ClassVar[tuple[str, ...]] = ("told", "offer", "theirs")
    offer: UUID
    force: str
    theirs: UUID
    kind: OfferKind
    thing: UUID
    grade: GradeClass
    week: date
    handling: HandlingCode
    records_reference: str | None
    told: datetime
    over: bool
    contact: Contact | None
    decided_by: str | None
    due: datetime | None
    overdue: bool


def _list_offerable(db: Db, reader: Reader, *where: sa.ColumnElement[bool]) -> list[OfferRow]:
    """Return the offers whose link and its ends the reader sees, so that the reader may
    offer them.
    """
    c = OfferRow.table.c
    db_rows = scope.read(db, reader, c.link, where, (c.made, c.offer), joins=True)
    offers = [OfferRow(*row) for row in db_rows]
    mine = scope.reached(db, reader, "offer", {row.thing for row in offers})
    return [row for row in offers if row.thing in mine]


def offered(db: Db, reader: Reader, *, every: bool = False) -> list[Offered]:
    """Return the offers, oldest first; ended offers only with `every`."""
    c = OfferRow.table.c
    offers = _list_offerable(db, reader, *(() if every else (c.ended.is_(None),)))
    matches = Counter(row.offer for row in _matches(db, offers) if row.over is None)
    return [
        Offered(
            id=row.offer,
            thing=row.thing,
            person=row.person,
            kind=row.kind,
            grade=row.grade,
            handling=row.handling,
            to=", ".join(row.recipients),
            until=row.until,
            state=_state(row),
            matches=matches[row.offer],
            agreement=row.agreement,
            assessment=row.assessment,
            records_reference=row.records_reference,
            by=row.by,
            made=row.made,
        )
        for row in offers
    ]


def _state(row: OfferRow) -> str:
    if row.ended is None:
        return "offered"
    state = {
        "withdrawn": "withdrawn",
        "expired": "its time is over",
        "no-longer": "no longer offered",
        None: "ended",
    }[row.ended_by]
    return f"{state}; the hub holds nothing of it" if row.obeyed else f"{state}; the hub is told"


def matched(db: Db, reader: Reader, now: datetime, *, every: bool = False) -> list[Matched]:
    """Return the matches with other forces, the longest waiting first; with `every`, also decided
    matches and matches of ended offers.
    """
    offers = {row.offer: row for row in _list_offerable(db, reader)}
    within = CLOCKS["contact-decision"].within
    return [
        Matched(
            offer=row.offer,
            force=row.force,
            theirs=row.theirs,
            kind=offers[row.offer].kind,
            thing=offers[row.offer].thing,
            grade=row.grade,
            week=row.week,
            handling=row.handling,
            records_reference=row.records_reference,
            told=row.told,
            over=row.over is not None,
            contact=row.contact,
            decided_by=row.decided_by,
            due=None if row.decided or row.over else row.told + within,
            overdue=not (row.decided or row.over) and now > row.told + within,
        )
        for row in _matches(db, offers.values())
        if every or not (row.decided or row.over)
    ]


def _matches(db: Db, offers: Collection[OfferRow]) -> list[MatchRow]:
    table, ids = MatchRow.table, [row.offer for row in offers]
    found_rows = [MatchRow(*row) for row in select_each(db, sa.select(table), table.c.offer, ids)]
    return sorted(found_rows, key=lambda row: (row.told, row.offer, row.theirs))


def find(db: Db, reader: Reader, text: str) -> UUID | None:
    """Return the offer whose id is, or ends with, this text, or whose reference it is, if the
    reader sees the offer. Return None if there is no such offer, or several.
    """
    wanted = text.strip().lower().replace("-", "")
    found_items = [
        row.offer
        for row in _list_offerable(db, reader)
        if row.offer.hex.endswith(wanted) or row.reference.hex == wanted
    ]
    return found_items[0] if wanted and len(found_items) == 1 else None


def list_current_offers(db: Db) -> list[OfferRow]:
    """Return all current offers, oldest first, for computations over all offers. They are never
    shown."""
    c = OfferRow.table.c
    select = sa.select(OfferRow.table).where(c.ended.is_(None)).order_by(c.made, c.offer)
    return [OfferRow(*row) for row in db.execute(select)]


def list_offers_of(db: Db, thing: UUID) -> list[OfferRow]:
    """Return all offers of this thing, also the ended ones, oldest first."""
    c = OfferRow.table.c
    select = sa.select(OfferRow.table).where(c.thing == thing).order_by(c.made, c.offer)
    return [OfferRow(*row) for row in db.execute(select)]


def by_reference(db: Db, references: Collection[UUID]) -> dict[UUID, OfferRow]:
    """Return the offers with these references."""
    table = OfferRow.table
    rows = select_each(db, sa.select(table), table.c.reference, references)
    return {row.reference: OfferRow(*row) for row in rows}
