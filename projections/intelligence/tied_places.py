"""Users who linked items to places, removed such links, or judged two places to be the same.

A suspect's link to a place where a child is placed raises an alert. A user could therefore search
for a child's placement by linking suspects to one address after another. These rows show when a
user does so.
"""

from collections.abc import Sequence
from datetime import date
from typing import Any, ClassVar, TypeVar
from uuid import UUID

import sqlalchemy as sa
from msgspec import Struct

from access.who_may import scope
from domain.forms.local import LONDON
from domain.intelligence.identity import IdentityJudged
from domain.intelligence.link import LinkAsserted, LinkRetracted
from domain.kernel.envelope import Recorded
from domain.kernel.values import LINK_KINDS, LinkKind, Reader
from domain.people_and_teams.two_person import ProposalMade
from projections.kernel.batch import RowBatch
from projections.kernel.database import Db
from projections.kernel.schema import View, rows

#: Kinds of links whose end may be a place.
KINDS: frozenset[LinkKind] = frozenset(
    kind for kind, shape in LINK_KINDS.items() if "place" in shape.target
) - {"happened-at", "lies-in"}


@rows("places_tied", key=("by", "team", "subject", "place"), index=(("day",),))
class TiedRow(Struct, frozen=True):
    """The last day on which a user linked the person or item `subject` to the place `place`, which
    may be another kind of item. `words` is the log entry on which the user based the link.
    """

    table: ClassVar[sa.Table]
    by: str
    team: str
    subject: UUID
    place: UUID
    day: date
    words: UUID | None = None


@rows("places_untied", key=("by", "team", "link"), index=(("day",), ("link",)))
class UntiedRow(Struct, frozen=True):
    """The last day on which a user removed this link, or proposed to remove it."""

    table: ClassVar[sa.Table]
    by: str
    team: str
    link: UUID
    day: date


@rows("places_joined", key=("by", "team", "one", "other"), index=(("day",), ("one", "other")))
class JoinedRow(Struct, frozen=True):
    """The last day on which a user judged these two items, which may be places, to be the same."""

    table: ClassVar[sa.Table]
    by: str
    team: str
    one: UUID
    other: UUID
    day: date


def apply(fact: Recorded, batch: RowBatch) -> None:
    if not isinstance(fact.event, LinkAsserted | LinkRetracted | ProposalMade | IdentityJudged):
        return
    by, team, day = fact.by, fact.team, fact.recorded.astimezone(LONDON).date()
    match fact.event:
        case LinkAsserted(kind=kind) as event if kind in KINDS and fact.version == 1:
            batch.put(TiedRow(by, team, event.a, event.b, day, event.observation))
            if not LINK_KINDS[kind].directed:
                batch.put(TiedRow(by, team, event.b, event.a, day, event.observation))
        case LinkRetracted():
            before = batch.having(UntiedRow, link=fact.stream)
            # a second person only confirms the removal, and is not searching for a place
            if all(row.by == by for row in before):
                batch.put(UntiedRow(by, team, fact.stream, day))
        case ProposalMade(what="retract-link", item=link):
            batch.put(UntiedRow(by, team, link, day))
        case IdentityJudged(judgement="same", a=a, b=b):
            others = batch.having(JoinedRow, one=a, other=b)
            if all(row.by == by for row in others):
                batch.put(JoinedRow(by, team, a, b, day))
        case ProposalMade(what="judge-identity", judged=IdentityJudged(judgement="same", a=a, b=b)):
            batch.put(JoinedRow(by, team, a, b, day))


VIEW = View("tied_places", (TiedRow, UntiedRow, JoinedRow), apply)

# --- queries ------------------------------------------------------------------------------------

R = TypeVar("R", TiedRow, UntiedRow, JoinedRow)


def list_links(db: Db, reader: Reader, first: date, least: int) -> list[TiedRow]:
    """Return the links to places that a user made since the day `first`, for each user who linked
    items to at least `least` different places and about whom the reader gets alerts; sorted by
    user. Some of the places may be other items.
    """
    return _often(db, reader, TiedRow, "place", first, least)


def untied(db: Db, reader: Reader, first: date, least: int) -> list[UntiedRow]:
    """Return the links that a user removed since the day `first`, for each user who removed at
    least `least` links and about whom the reader gets alerts. Some of the links may have no place
    as an end.
    """
    return _often(db, reader, UntiedRow, "link", first, least)


def list_judgements(db: Db, reader: Reader, first: date, least: int) -> list[JoinedRow]:
    """Return the judgements, since the day `first`, that two items are the same. Only users who
    judged at least `least` different items are included, and only those about whom the reader gets
    alerts. Some of the items may not be places.
    """
    return _often(db, reader, JoinedRow, "other", first, least)


def _often(
    db: Db, reader: Reader, kind: type[R], column_name: str, first: date, least: int
) -> list[R]:
    """Return the rows of the class `kind` since the day `first`, for each user whose rows have at
    least `least` different values in the column `column_name` and about whom the reader gets
    alerts.
    """
    table: sa.Table = kind.table
    c: Any = table.c
    theirs = c.day >= first, scope.may_see_access_of(reader, c.by, c.team, "see-alerts")
    many = sa.select(c.by).where(*theirs).group_by(c.by)
    many = many.having(sa.func.count(c[column_name].distinct()) >= least)
    order: Sequence[sa.ColumnElement[Any]] = [c.by, c.day, *table.primary_key.columns]
    db_rows = db.execute(sa.select(table).where(*theirs, c.by.in_(many)).order_by(*order))
    return [kind(*row) for row in db_rows]
