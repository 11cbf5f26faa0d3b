"""The charity's support of a family: contacts with the family, and notes by workers.

A contact is a fact; a note is marked as fact or opinion, and an opinion names the person who holds
it.
"""

from collections.abc import Collection
from datetime import date, datetime
from typing import ClassVar
from uuid import UUID

import sqlalchemy as sa
from msgspec import Struct
from msgspec.structs import astuple

from access.who_may import scope
from domain.families.charity_support import ContactMade, NoteWritten
from domain.kernel.codes import About, Channel, ContactKind, NoteKind, With
from domain.kernel.envelope import Recorded
from domain.kernel.values import FactOrOpinion, Reader
from projections.kernel.batch import RowBatch
from projections.kernel.columns import Column
from projections.kernel.database import Db
from projections.kernel.event_rows import row_of
from projections.kernel.schema import View, rows


@rows("support_contacts", key=("id",), index=(("case",), ("by", "happened"), ("team", "happened")))
class ContactRow(Struct, frozen=True):
    """A contact with a family."""

    columns: ClassVar[tuple[Column, ...]] = (
        Column("happened", "date of contact", "moment"),
        Column("kind", "kind of contact"),
        Column("channel", "how"),
        Column("whom", "family member"),
        Column("minutes", "minutes"),
        Column("travel", "minutes of travel"),
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
    travel: int | None
    team: str


@rows("support_notes", key=("id",), index=(("case",),))
class NoteRow(Struct, frozen=True):
    """A note about a family, by a worker."""

    columns: ClassVar[tuple[Column, ...]] = (
        Column("recorded", "recorded", "moment"),
        Column("kind", "kind of note"),
        Column("opinion", "fact or opinion"),
        Column("words", "text"),
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


class SupportContact(Struct, frozen=True):
    """A contact as working time: the worker, the time, the purpose, and the minutes
    that it took.
    """

    by: str
    kind: ContactKind
    happened: datetime
    minutes: int | None
    travel: int | None


def apply(fact: Recorded, batch: RowBatch) -> None:
    match fact.event:
        case ContactMade() as event:
            batch.put(
                row_of(ContactRow, fact, happened=event.happened or fact.recorded, team=fact.team)
            )
        case NoteWritten() as event:
            batch.put(row_of(NoteRow, fact))


VIEW = View("support", (ContactRow, NoteRow), apply)


def contacts(db: Db, reader: Reader, case: UUID) -> list[ContactRow]:
    """Return the contacts with a family, in the order in which they happened."""
    c = ContactRow.table.c
    where = (c.case == case, scope.may_act_on(reader, "see-support", c.case), scope.in_use(c.id))
    select = sa.select(ContactRow.table).where(*where).order_by(c.happened, c.id)
    return [ContactRow(*row) for row in db.execute(select)]


def made_by(
    db: Db,
    since: datetime,
    until: datetime,
    *,
    worker: str | None = None,
    teams: Collection[str] | None = None,
) -> list[SupportContact]:
    """Return the contacts in this period as working time: of one worker or of these teams, or of
    all teams if `teams` is None. The rows contain nothing about a family; the caller checks that
    the reader may see the working time.
    """
    c = ContactRow.table.c
    where = [c.happened >= since, c.happened < until]
    if worker is not None:
        where.append(c.by == worker)
    if teams is not None:
        where.append(c.team.in_(sorted(teams)))
    select = sa.select(c.by, c.kind, c.happened, c.minutes, c.travel).where(*where)
    return [SupportContact(*row) for row in db.execute(select.order_by(c.happened, c.id))]


class Opinion(NoteRow, frozen=True):
    """A note that is an opinion: its holder, its subject, and its basis."""

    columns: ClassVar[tuple[Column, ...]] = (
        Column("recorded", "recorded", "moment"),
        Column("kind", "kind of note"),
        Column("holder", "opinion of"),
        Column("about", "about"),
        Column("words", "text"),
        Column("basis", "basis"),
        Column("by", "written by"),
        Column("review", "review", "day"),
    )


def facts(db: Db, reader: Reader, case: UUID) -> list[NoteRow]:
    """Return the notes about a family that are not opinions, in the order in which they were
    written."""
    return [row for row in notes(db, reader, case) if row.opinion != "opinion"]


def opinions(db: Db, reader: Reader, case: UUID) -> list[Opinion]:
    """Return the opinions about a family, in the order in which they were written."""
    found_rows = notes(db, reader, case)
    return [Opinion(*astuple(row)) for row in found_rows if row.opinion == "opinion"]


def notes(db: Db, reader: Reader, case: UUID) -> list[NoteRow]:
    """Return the notes about a family, in the order in which they were written."""
    c = NoteRow.table.c
    where = (c.case == case, scope.may_act_on(reader, "see-support", c.case), scope.in_use(c.id))
    select = sa.select(NoteRow.table).where(*where).order_by(c.recorded, c.id)
    return [NoteRow(*row) for row in db.execute(select)]
