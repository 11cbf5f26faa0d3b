"""The on-call rota: which person is on call, from when until when, and their phone number."""

from datetime import datetime
from typing import ClassVar
from uuid import UUID

import sqlalchemy as sa
from msgspec import Struct
from msgspec.structs import replace

from domain.kernel.envelope import Recorded
from domain.people_and_teams.rota import Duty, DutyEnded, DutyGiven
from projections.kernel.batch import RowBatch
from projections.kernel.columns import Column
from projections.kernel.database import Db
from projections.kernel.event_rows import row_of
from projections.kernel.schema import View, rows


@rows("rota", key=("duty",), index=(("until",),))
class DutyRow(Struct, frozen=True):
    """A person's time on call. `ended` is the moment at which it was ended early."""

    table: ClassVar[sa.Table]
    duty: UUID
    user: str
    phone: str
    since: datetime
    until: datetime
    place: int
    team: str | None
    by: str
    ended: datetime | None = None


def apply(fact: Recorded, batch: RowBatch) -> None:
    match fact.event:
        case DutyGiven():
            batch.put(row_of(DutyRow, fact, duty=fact.stream))
        case DutyEnded():
            if row := batch.get(DutyRow, fact.stream):
                batch.put(replace(row, ended=fact.recorded))


VIEW = View("rota", (DutyRow,), apply)


class CurrentDuty(Duty, frozen=True):
    """A present or future time on call, as a row of a list."""

    columns: ClassVar[tuple[Column, ...]] = (
        Column("id", "id", "id"),
        Column("user", "person on call"),
        Column("phone", "number"),
        Column("since", "from", "moment"),
        Column("until", "until", "moment"),
        Column("place", "position"),
        Column("whose", "team"),
    )
    order: ClassVar[tuple[str, ...]] = ("since", "place", "id")

    @property
    def whose(self) -> str:
        """Return the name of the team for which the person is on call."""
        return self.team or "all teams"


_c = DutyRow.table.c
_STANDING = (
    sa.select(_c.duty, _c.user, _c.phone, _c.since, _c.until, _c.place, _c.team)
    .where(_c.until > sa.bindparam("now"), _c.ended.is_(None))
    .order_by(_c.since, _c.place, _c.duty)
)


def list_duties(db: Db, now: datetime) -> list[CurrentDuty]:
    """Return the present and future duties, in order of their start. Every worker may see them,
    because they contain only a name and a phone number, and nothing about any family.
    """
    return [CurrentDuty(*row) for row in db.execute(_STANDING, {"now": now})]
