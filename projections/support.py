"""What does the charity do with a family, and how do its people see it?

Contacts are facts; a note says whether it is fact or opinion, and an opinion whose it is.
"""

from dataclasses import astuple, dataclass
from datetime import date, datetime
from typing import ClassVar
from uuid import UUID

import sqlalchemy as sa

from access import scope
from domain.codes import About, Channel, ContactKind, NoteKind, With
from domain.envelope import Recorded
from domain.support import ContactMade, NoteWritten
from domain.values import FactOrOpinion, Reader
from projections.batch import Batch
from projections.columns import Column
from projections.schema import Db, View, rows


@rows("support_contacts", key=("id",), index=(("case",),))
@dataclass(frozen=True)
class ContactRow:
    """A contact with a family."""

    columns: ClassVar[tuple[Column, ...]] = (
        Column("happened", "when", "moment"),
        Column("kind", "what"),
        Column("channel", "how"),
        Column("whom", "with"),
        Column("minutes", "min"),
        Column("words", "note"),
        Column("id", "id", "id"),
    )
    order: ClassVar[tuple[str, ...]] = ("happened", "id")
    table: ClassVar[sa.Table]
    id: UUID
    case: UUID
    kind: ContactKind
    channel: Channel
    whom: With
    happened: datetime
    minutes: int | None
    words: str | None
    by: str
    recorded: datetime


@rows("support_notes", key=("id",), index=(("case",),))
@dataclass(frozen=True)
class NoteRow:
    """A note about a family."""

    columns: ClassVar[tuple[Column, ...]] = (
        Column("recorded", "when", "moment"),
        Column("kind", "what"),
        Column("opinion", "fact or opinion"),
        Column("words", "words"),
    )
    order: ClassVar[tuple[str, ...]] = ("recorded", "id")
    table: ClassVar[sa.Table]
    id: UUID
    case: UUID
    about: About
    kind: NoteKind
    opinion: FactOrOpinion
    words: str
    holder: str | None
    basis: str | None
    review: date | None
    by: str
    recorded: datetime


def apply(fact: Recorded, batch: Batch) -> None:
    match fact.event:
        case ContactMade() as event:
            batch.put(
                ContactRow(
                    fact.stream,
                    event.case,
                    event.kind,
                    event.channel,
                    event.whom,
                    event.happened or fact.recorded,
                    event.minutes,
                    event.words,
                    fact.by,
                    fact.recorded,
                )
            )
        case NoteWritten() as event:
            batch.put(
                NoteRow(
                    fact.stream,
                    event.case,
                    event.about,
                    event.kind,
                    event.opinion,
                    event.words,
                    event.holder,
                    event.basis,
                    event.review,
                    fact.by,
                    fact.recorded,
                )
            )


VIEW = View("support", (ContactRow, NoteRow), apply)


def contacts(db: Db, reader: Reader, case: UUID) -> list[ContactRow]:
    """The contacts with a family, as they happened."""
    c = ContactRow.table.c
    where = (c.case == case, scope.may(reader, "see-support", c.case))
    select = sa.select(ContactRow.table).where(*where).order_by(c.happened, c.id)
    return [ContactRow(*row) for row in db.execute(select)]


class Opinion(NoteRow):
    """A note that is an opinion: whose it is, about whom, and what it rests on."""

    columns: ClassVar[tuple[Column, ...]] = (
        Column("recorded", "when", "moment"),
        Column("kind", "what"),
        Column("holder", "whose"),
        Column("about", "about"),
        Column("words", "words"),
        Column("basis", "basis"),
        Column("by", "written by"),
        Column("review", "review", "day"),
    )


def facts(db: Db, reader: Reader, case: UUID) -> list[NoteRow]:
    """The notes about a family that are no opinions, as they were written."""
    return [row for row in notes(db, reader, case) if row.opinion != "opinion"]


def opinions(db: Db, reader: Reader, case: UUID) -> list[Opinion]:
    """The opinions about a family, as they were written."""
    found = notes(db, reader, case)
    return [Opinion(*astuple(row)) for row in found if row.opinion == "opinion"]


def notes(db: Db, reader: Reader, case: UUID) -> list[NoteRow]:
    """The notes about a family, as they were written."""
    c = NoteRow.table.c
    where = (c.case == case, scope.may(reader, "see-support", c.case))
    select = sa.select(NoteRow.table).where(*where).order_by(c.recorded, c.id)
    return [NoteRow(*row) for row in db.execute(select)]
