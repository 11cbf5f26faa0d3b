"""Queries for warning notices in their present state, with breaches."""

from collections.abc import Iterator
from datetime import date, datetime
from typing import ClassVar
from uuid import UUID

from msgspec import Struct
from msgspec.structs import replace

from domain.kernel.codes import NoticeBasis, NoticeState
from domain.kernel.values import Reader
from projections.composed.expiry import by_law
from projections.intelligence import people
from projections.justice import abduction_notices
from projections.justice.abduction_notices import BreachRow, NoticeRow, NoticesAndBreaches
from projections.kernel.columns import Column
from projections.kernel.database import Db


class Notice(Struct, frozen=True):
    """A child abduction warning notice and its state at a moment. `breaches` is the number of all
    recorded breaches of the notice, `open` the number of breaches without a follow-up. `case`,
    `recipient` and the exhibits are given only if the reader may see them.
    """

    columns: ClassVar[tuple[Column, ...]] = (
        Column("state", "status"),
        Column("recipient", "recipient"),
        Column("child", "child"),
        Column("basis", "law"),
        Column("served", "served", "moment"),
        Column("served_by", "served by"),
        Column("place", "place served"),
        Column("expires", "last day", "day"),
        Column("breaches", "breaches"),
        Column("open", "breaches to follow up"),
        Column("photograph", "photograph", "id"),
        Column("statement", "statement of a parent", "id"),
        Column("id", "id", "key"),
    )
    order: ClassVar[tuple[str, ...]] = ("served", "id")
    id: UUID
    state: NoticeState
    recipient: str
    child: str
    basis: NoticeBasis
    served: datetime
    served_by: str | None
    place: str | None
    expires: date | None
    breaches: int
    open: int
    photograph: UUID | None
    statement: UUID | None

    def fits(self, state: NoticeState | None) -> bool:
        """Return whether a list of the warning notices in the state `state` includes this notice. A
        list of live notices also includes notices that are about to end. A list of breached notices
        includes each notice with a breach. If `state` is None, the list includes every notice.
        """
        if state == "breached":
            return self.breaches > 0
        return state in (None, self.state) or (state, self.state) == ("live", "expiring")


def list_notices(
    db: Db, reader: Reader, now: datetime, state: NoticeState | None = None
) -> tuple[list[Notice], list[BreachRow]]:
    """Return the notices in this state (all notices if `state` is None), and their breaches."""
    return _select_notices(db, reader, now, abduction_notices.list_notices(db, reader), state)


def list_notices_of_child(
    db: Db, reader: Reader, now: datetime, child: UUID
) -> tuple[list[Notice], list[BreachRow]]:
    """Return the notices that protect a child, under any of the child's records, and their
    breaches."""
    together = people.all_merged_ids(db, reader, child)
    return _select_notices(db, reader, now, abduction_notices.of_children(db, reader, together))


def _select_notices(
    db: Db,
    reader: Reader,
    now: datetime,
    breaches: NoticesAndBreaches,
    state: NoticeState | None = None,
) -> tuple[list[Notice], list[BreachRow]]:
    breaches = replace(breaches, notices=by_law(db, reader, breaches.notices))
    rows = [notice for notice in _named(db, reader, now, breaches) if notice.fits(state)]
    return rows, [breach for row in rows for breach in breaches.breaches[row.id]]


def _named(db: Db, reader: Reader, now: datetime, breaches: NoticesAndBreaches) -> Iterator[Notice]:
    """Yield each notice with the names that the reader sees; a notice about a restricted child is
    left out."""
    ends = {end for row in breaches.notices for end in (row.person, row.child)}
    names_by_person = people.visible_names(db, reader, ends)
    for row in breaches.notices:
        if row.child in names_by_person:
            recipient = (
                names_by_person[row.person].label if row.person in names_by_person else "somebody"
            )
            yield _notice(
                row, recipient, names_by_person[row.child].label, breaches.breaches[row.id], now
            )


def _notice(
    row: NoticeRow, recipient: str, child: str, breaches: list[BreachRow], now: datetime
) -> Notice:
    return Notice(
        id=row.id,
        state=row.stands(now),
        recipient=recipient,
        child=child,
        basis=row.basis,
        served=row.served,
        served_by=row.served_by,
        place=row.place,
        expires=row.expires,
        breaches=len(breaches),
        open=sum(breach.did is None for breach in breaches),
        photograph=row.photograph,
        statement=row.statement,
    )
