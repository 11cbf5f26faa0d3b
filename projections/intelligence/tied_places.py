"""Who tied one person or thing to how many places?

An alert rings where a suspect is tied to a place where a child is placed: somebody who ties a
suspect to one address after another asks where that is.
"""

from dataclasses import dataclass
from datetime import date
from typing import ClassVar
from uuid import UUID

import sqlalchemy as sa

from access.who_may import scope
from domain.forms.local import LONDON
from domain.intelligence.link import LinkAsserted
from domain.kernel.envelope import Recorded
from domain.kernel.values import LINK_KINDS, LinkKind, Reader
from projections.kernel.batch import Batch
from projections.kernel.database import Db
from projections.kernel.schema import View, rows

#: Links that may tie a place.
KINDS: frozenset[LinkKind] = frozenset(
    kind for kind, shape in LINK_KINDS.items() if "place" in shape.target
) - {"happened-at", "lies-in"}


@rows("places_tied", key=("by", "team", "subject", "place"), index=(("day",),))
@dataclass(frozen=True, slots=True)
class TiedRow:
    """Somebody tied this person or thing to this place, or to what may be one, last on this day."""

    table: ClassVar[sa.Table]
    by: str
    team: str
    subject: UUID
    place: UUID
    day: date


def apply(fact: Recorded, batch: Batch) -> None:
    match fact.event:
        case LinkAsserted(kind=kind) as event if kind in KINDS and fact.version == 1:
            day = fact.recorded.astimezone(LONDON).date()
            batch.put(TiedRow(fact.by, fact.team, event.a, event.b, day))
            if not LINK_KINDS[kind].directed:
                batch.put(TiedRow(fact.by, fact.team, event.b, event.a, day))


VIEW = View("tied_places", (TiedRow,), apply)


@dataclass(frozen=True)
class Tied:
    """What somebody tied a person or thing to, for a team."""

    by: str
    team: str
    subject: UUID
    places: tuple[UUID, ...]


def tied(db: Db, reader: Reader, first: date, least: int) -> list[Tied]:
    """Return who of those to whom the reader is alerted tied one person or thing to at least so
    many others from this day on, and to which; a few of them may be no place."""
    c = TiedRow.table.c
    theirs = c.day >= first, scope.looked(reader, c.by, c.team, "see-alerts")
    many = sa.select(c.by, c.team, c.subject).where(*theirs)
    many = many.group_by(c.by, c.team, c.subject).having(sa.func.count() >= least)
    found = []
    for by, team, subject in db.execute(many.order_by(c.by, c.team, c.subject)).all():
        where = *theirs, c.by == by, c.team == team, c.subject == subject
        places = db.scalars(sa.select(c.place).where(*where).order_by(c.place))
        found.append(Tied(by, team, subject, tuple(places)))
    return found
