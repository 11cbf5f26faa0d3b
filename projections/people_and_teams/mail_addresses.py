"""Mail addresses of users, for notifications of deadlines."""

from collections.abc import Mapping
from typing import ClassVar
from uuid import UUID

import sqlalchemy as sa
from msgspec import Struct

from domain.data_protection.access_log import LOOKS
from domain.kernel.envelope import Recorded
from domain.people_and_teams.notifying import AddressGiven, AddressTaken
from projections.kernel.batch import RowBatch
from projections.kernel.database import Db
from projections.kernel.schema import View, rows


@rows("addresses", key=("stream",))
class AddressRow(Struct, frozen=True):
    """The mail address of a user."""

    table: ClassVar[sa.Table]
    stream: UUID
    user: str
    email: str


def apply(fact: Recorded, batch: RowBatch) -> None:
    match fact.event:
        case AddressGiven() as event if not fact.erased:
            batch.put(AddressRow(fact.stream, event.user, event.email))
        case AddressTaken():
            batch.drop(AddressRow, fact.stream)


VIEW = View(
    "addresses",
    (AddressRow,),
    apply,
    ("access",),
    passes=LOOKS,
)


def read_addresses(db: Db) -> Mapping[str, str]:
    """Return every user's mail address, for sending mail. The addresses are shown to no reader."""
    c = AddressRow.table.c
    return {row.user: row.email for row in db.execute(sa.select(c.user, c.email))}
