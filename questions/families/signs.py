"""Signs of exploitation in a family's log entries: ticked on the form, or read in the text by a
program."""

from collections import defaultdict
from datetime import datetime
from typing import ClassVar
from uuid import UUID

from msgspec import Struct

from access.who_may import scope
from commands.kernel.unit_of_work import Desk
from domain.information.observation import NOTICED, ObservationRecorded
from domain.kernel.codes import Noticed
from domain.kernel.envelope import Undecodable
from domain.kernel.values import Reader
from ingest import reading
from projections.information import queue
from projections.kernel.columns import Column
from projections.kernel.database import Db


class SignRow(Struct, frozen=True):
    """A sign of exploitation in a family's log entries: the entries that have it and their number,
    and when a worker heard of it first and last. No decision follows from a sign alone.
    """

    columns: ClassVar[tuple[Column, ...]] = (
        Column("words", "sign"),
        Column("number", "entries", "figure"),
        Column("first", "first", "moment"),
        Column("last", "last", "moment"),
        Column("ticked", "times ticked", "figure"),
        Column("entries", "log entries"),
        Column("sign", "code", "key"),
    )
    order: ClassVar[tuple[str, ...]] = ("first", "sign")
    sign: Noticed
    number: int
    first: datetime
    last: datetime
    ticked: int
    entries: tuple[UUID, ...]

    @property
    def words(self) -> str:
        """Return the sign of exploitation in words, in place of its code."""
        return NOTICED[self.sign]


def list_signs(desk: Desk, db: Db, reader: Reader, case: UUID) -> list[SignRow]:
    """Return the signs of exploitation in a case's log entries, each sign with its entries; only
    entries whose text the reader may see.
    """
    entries_by_sign: dict[Noticed, list[tuple[datetime, UUID, bool]]] = defaultdict(list)
    mine = scope.reached(db, reader, "see-words", queue.filed_in(db, case))
    for entry in sorted(scope.visible_items(db, reader, mine)):
        try:
            first = desk.logs["evidence"].history(entry)[0]
        except Undecodable:
            continue  # the text of the entry is erased
        if first.erased or not isinstance(first.event, ObservationRecorded):
            continue
        moment, ticked = first.event.told or first.recorded, first.event.noticed
        for sign in {*ticked, *reading.noticed(first.event.words)}:
            entries_by_sign[sign].append((moment, entry, sign in ticked))
    return [_row(sign, sorted(shown)) for sign, shown in entries_by_sign.items()]


def _row(sign: Noticed, shown: list[tuple[datetime, UUID, bool]]) -> SignRow:
    times = [moment for moment, _, _ in shown]
    ticked = sum(by_hand for _, _, by_hand in shown)
    entries = tuple(entry for _, entry, _ in shown)
    return SignRow(sign, len(shown), times[0], times[-1], ticked, entries)
