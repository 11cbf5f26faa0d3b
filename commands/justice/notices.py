"""Warning notices after they were issued: how they were served, their breaches, how they stand."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import ClassVar, Unpack
from uuid import UUID

from msgspec import structs, to_builtins

from access.who_may.scope import not_there
from commands.kernel.desk import Command, Desk, Receipt
from commands.kernel.filing import keep
from commands.kernel.reference import about, act_on
from domain.justice import notice
from domain.justice.justice import ends_by_law
from domain.justice.notice import Breach, BreachFollowedUp, NoticeBreached, ServiceTold
from domain.kernel.codes import NoticeBasis, NoticeState
from domain.kernel.envelope import Event
from domain.kernel.values import Reader
from projections.intelligence import people
from projections.justice import notices
from projections.justice.notices import BreachRow, Found, NoticeRow
from projections.kernel.columns import Column
from projections.kernel.database import Db


def tell_service(
    desk: Desk,
    reader: Reader,
    which: UUID | str,
    told: ServiceTold,
    *,
    photograph: str | None = None,
    statement: str | None = None,
    **command: Unpack[Command],
) -> Receipt:
    """Say how a notice was served; `photograph` names an exhibit, `statement` a statement. Raises
    Hidden, and Refused as `domain.justice.notice.tell_service`."""

    def decide(state: ServiceTold | None) -> tuple[Event, ...]:
        found = {
            "photograph": about(desk, reader, photograph, "exhibit") if photograph else None,
            "statement": about(desk, reader, statement, "statement") if statement else None,
        }
        return notice.tell_service(state, structs.replace(told, **found))

    return act_on(
        desk,
        reader,
        "notice.service",
        which,
        "notice",
        None,
        notice.service,
        decide,
        [told, photograph, statement],
        **command,
    )


def breach(
    desk: Desk,
    reader: Reader,
    which: str,
    item: str,
    told: NoticeBreached,
    *,
    command_id: UUID | None = None,
    because_of: Sequence[str] = (),
) -> Receipt:
    """A notice was breached; `which` and `item` name the notice and what the breach rests on, as
    somebody told it. Raises Hidden, and Refused as `domain.justice.notice.breach`."""
    command_id, causes = command_id or desk.new_random_id(), tuple(because_of)
    body = [to_builtins(told) | {"notice": which, "item": item}, causes]
    if again := desk.repeated(command_id, "notice.breach", body):
        return again
    one = about(desk, reader, which, "notice")
    with desk.deciding() as db:
        warned = notices.get(db, reader, one)
        if warned is None:
            raise not_there("notice", which)
        (warned,) = _by_law(db, reader, [warned])
    found = {"notice": one, "person": warned.person, "case": warned.case}
    made = structs.replace(told, item=about(desk, reader, item), **found)
    events = notice.breach(made, warned.served, warned.ends, desk.clock())
    return keep(desk, reader, "notice.breach", events, command_id, causes, body)


def follow_up(
    desk: Desk,
    reader: Reader,
    which: UUID | str,
    told: BreachFollowedUp,
    **command: Unpack[Command],
) -> Receipt:
    """A breach was followed up. Raises Hidden, and Refused as `domain.justice.notice.follow_up`."""
    return act_on(
        desk,
        reader,
        "notice.follow_up",
        which,
        "breach",
        Breach(),
        notice.evolve,
        lambda state: notice.follow_up(state, told),
        [told],
        **command,
    )


# --- how they stand -----------------------------------------------------------------------------


@dataclass(frozen=True)
class Notice:
    """A notice as it stands at a moment. `breaches` are all that are recorded, `open` those that
    were not followed up; `case`, `recipient` and exhibits only where the reader sees them."""

    columns: ClassVar[tuple[Column, ...]] = (
        Column("state", "stands"),
        Column("recipient", "recipient"),
        Column("child", "child"),
        Column("basis", "law"),
        Column("served", "served", "moment"),
        Column("served_by", "by"),
        Column("place", "at"),
        Column("expires", "last day", "day"),
        Column("breaches", "breaches"),
        Column("open", "not followed up"),
        Column("photograph", "photograph", "id"),
        Column("statement", "parent's statement", "id"),
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
        """Whether it is one of those that are asked for: what is about to end is live."""
        if state == "breached":
            return self.breaches > 0
        return state in (None, self.state) or (state, self.state) == ("live", "expiring")


def listed(
    db: Db, reader: Reader, now: datetime, state: NoticeState | None = None
) -> tuple[list[Notice], list[BreachRow]]:
    """The notices that stand so, and their breaches."""
    return _stand(db, reader, now, notices.listed(db, reader), state)


def of_child(
    db: Db, reader: Reader, now: datetime, child: UUID
) -> tuple[list[Notice], list[BreachRow]]:
    """The notices that protect a child, under whichever record, and their breaches."""
    together = people.together(db, reader, child)
    return _stand(db, reader, now, notices.of_children(db, reader, together))


def _stand(
    db: Db, reader: Reader, now: datetime, found: Found, state: NoticeState | None = None
) -> tuple[list[Notice], list[BreachRow]]:
    found = replace(found, notices=_by_law(db, reader, found.notices))
    rows = [one for one in _named(db, reader, now, found) if one.fits(state)]
    return rows, [breach for one in rows for breach in found.breaches[one.id]]


def _by_law(db: Db, reader: Reader, rows: Sequence[NoticeRow]) -> list[NoticeRow]:
    """The notices, none of which outlasts the birthday on which it ends by law, as far as the
    reader may know when the child was born, under each of the child's records. Of several births
    the latest protects the child longer; a date of birth is better than an age."""
    leaders = people.clusters(db, reader)
    children = {leaders.get(row.child, row.child) for row in rows}
    records: dict[UUID, set[UUID]] = {one: {one} for one in children}
    for one, leader in leaders.items():
        if leader in records:
            records[leader].add(one)
    told = notices.births(db, reader, {one for some in records.values() for one in some})
    ended = []
    for row in rows:
        some = records[leaders.get(row.child, row.child)]
        known = [told[one] for one in some if one in told]
        born = [one.born for one in known if one.born]
        born = born or [one.latest for one in known if one.latest]
        expires = ends_by_law(row.expires, row.basis, max(born, default=None))
        ended.append(replace(row, expires=expires))
    return ended


def _named(db: Db, reader: Reader, now: datetime, found: Found) -> Iterator[Notice]:
    """Each with the names that the reader sees. A child who is restricted is out of use, and so is
    the notice."""
    ends = {each for row in found.notices for each in (row.person, row.child)}
    known = people.called(db, reader, ends)
    for row in found.notices:
        if row.child in known:
            recipient = known[row.person].label if row.person in known else "somebody"
            yield _notice(row, recipient, known[row.child].label, found.breaches[row.id], now)


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
        open=sum(one.did is None for one in breaches),
        photograph=row.photograph,
        statement=row.statement,
    )
