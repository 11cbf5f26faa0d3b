"""Inconsistent records, such as a notice without a legal basis, a sentence without a conviction, or
two exhibits with the same mark. They are stored as recorded, and listed here.

Inconsistencies are computed when they are queried and are not stored, because later records change
them: a later conviction ends an inconsistency, a new date of birth may cause one.
"""

from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator
from datetime import date, datetime
from typing import ClassVar
from uuid import UUID

from msgspec import Struct

from domain.forms.intervals import LONDON
from domain.justice import arrest_to_result
from domain.justice.arrest_to_result import NoticeServed, Odd
from domain.kernel.codes import CareStatus
from domain.kernel.values import Reader
from domain.people_and_teams.notifying import WATCH
from projections.families import cases
from projections.intelligence import people
from projections.justice import exhibits, outcomes
from projections.justice.exhibits import ExhibitRow
from projections.justice.outcomes import OutcomeRow
from projections.kernel.columns import Column
from projections.kernel.database import Db

_UNKNOWING: dict[str, Odd] = {
    cases.UNKNOWING: "rated-low-without-knowing",
    cases.LEFT: "exit-without-knowing",
    cases.NOT_PURSUED: "no-further-action-without-knowing",
}


class Oddity(Struct, frozen=True):
    """An inconsistency in the record of one item. `what` is the kind of item, `code` and `words`
    name the inconsistency, and `because` are the other items that show it.
    """

    columns: ClassVar[tuple[Column, ...]] = (
        Column("id", "id", "id"),
        Column("recorded", "recorded", "moment"),
        Column("what", "kind"),
        Column("words", "discrepancy"),
        Column("by", "recorded by"),
        Column("case", "case", "id"),
    )
    order: ClassVar[tuple[str, ...]] = ("recorded", "id", "code")
    id: UUID
    what: str
    code: Odd
    words: str
    case: UUID | None
    by: str
    recorded: datetime
    because: tuple[UUID, ...] = ()


def list_inconsistencies(db: Db, reader: Reader) -> list[Oddity]:
    """Return all inconsistencies that the reader sees, oldest first."""
    inconsistencies = [
        *_followed(db, reader, outcomes.doubtful(db, reader)),
        *_marks(exhibits.list_with_shared_mark(db, reader)),
        *_unknowing(db, reader),
        *_ages(db, reader),
    ]
    return sorted(inconsistencies, key=lambda one: (one.recorded, one.id, one.code))


def of(db: Db, reader: Reader, items: Collection[UUID]) -> list[Oddity]:
    """Return the inconsistencies of these outcomes and exhibits."""
    wanted = set(items)
    rows = outcomes.of_items(db, reader, items)
    marked = [mark for mark in _marks(exhibits.like(db, reader, items)) if mark.id in wanted]
    return [*_followed(db, reader, rows), *marked]


def describe_inconsistencies(
    db: Db, reader: Reader, items: Collection[UUID]
) -> dict[UUID, list[str]]:
    """Return the inconsistencies of each of these items, in words; consistent items are left
    out.
    """
    words_by_item: dict[UUID, list[str]] = defaultdict(list)
    for oddity in of(db, reader, items):
        words_by_item[oddity.id].append(oddity.words)
    return words_by_item


def of_notice(
    db: Db, reader: Reader, notice: NoticeServed, care: CareStatus | None, served: datetime
) -> tuple[Odd, ...]:
    """Return the inconsistencies that a new notice would have if it were recorded."""
    born = _births(db, reader, [notice.child]).get(notice.child)
    return arrest_to_result.check_notice(notice.basis, _day(served), born, notice.expires, care)


def _followed(db: Db, reader: Reader, rows: Collection[OutcomeRow]) -> Iterator[Oddity]:
    births = _births(db, reader, [row.child for row in rows if row.child])
    convicted = (
        _Convicted(db, reader) if any(row.what in arrest_to_result.AFTER for row in rows) else None
    )
    for row in rows:
        because: tuple[UUID, ...] = ()
        if row.what == "notice" and row.basis:
            served = _day(row.happened or row.known_from)
            born = births.get(row.child) if row.child else None
            codes = arrest_to_result.check_notice(row.basis, served, born, row.expires, row.care)
            because = (row.child,) if row.child else ()
        else:
            is_convicted = convicted is None or row.person is None or convicted.has(row.person)
            codes = arrest_to_result.check_result(
                row.what, convicted=is_convicted, deciders=row.deciders
            )
        if row.happened and row.happened > row.known_from:
            codes = (*codes, "dated-ahead")
        for code in codes:
            words = arrest_to_result.ODD[code]
            yield Oddity(row.item, row.what, code, words, row.case, row.by, row.known_from, because)


def _unknowing(db: Db, reader: Reader) -> Iterator[Oddity]:
    """Yield an inconsistency for each decision in a case, such as a low rating, that a later fact
    contradicts.
    """
    for row in cases.list_contradicted(db, reader):
        last = row.last_activity or row.opened
        for flag in row.flags:
            for prefix, code in _UNKNOWING.items():
                if flag.startswith(prefix):
                    yield Oddity(row.case, "case", code, flag, row.case, WATCH, last)


def _ages(db: Db, reader: Reader) -> Iterator[Oddity]:
    """Yield children with two recorded ages that cannot both be right."""
    leaders = people.clusters(db, reader)
    members: dict[UUID, set[UUID]] = defaultdict(set)
    for item, leader in leaders.items():
        members[leader].add(item)
    found_items = people.births_that_differ(db, reader) | leaders.keys()
    for case, child in cases.children_among(db, reader, found_items, ()).items():
        same = members.get(leaders.get(child, child), {child})
        rows = [row for age in people.ages(db, reader, same).values() for row in age]
        births = sorted({row.born for row in rows if row.born})
        if len(births) > 1:
            days = "; ".join(f"born {birth.day} {birth:%B %Y}" for birth in births)
            last = max(row.known_from for row in rows)
            words = f"{arrest_to_result.ODD['ages-conflict']}: {days}"
            yield Oddity(child, "person", "ages-conflict", words, case, WATCH, last)


def _births(db: Db, reader: Reader, children: Iterable[UUID]) -> dict[UUID, date]:
    """Return the dates of birth of these children, recorded under any of their ids."""
    leaders = people.clusters(db, reader)
    members: dict[UUID, set[UUID]] = defaultdict(set)
    for item, leader in leaders.items():
        members[leader].add(item)
    theirs = {
        child: members.get(leaders.get(child, child), set()) | {child} for child in set(children)
    }
    entities = people.entities(
        db, reader, {record_id for record_ids in theirs.values() for record_id in record_ids}
    )
    return {
        child_id: born
        for child_id, record_ids in theirs.items()
        for record_id in sorted(record_ids, reverse=True)
        if record_id in entities and (born := entities[record_id].born)
    }


class _Convicted:
    """The people who were convicted, with the ids of all their merged records."""

    def __init__(self, db: Db, reader: Reader) -> None:
        self._leaders = people.clusters(db, reader)
        rows = outcomes.list_outcomes(db, reader, "convicted")
        self._who = {self._lead(row.person) for row in rows if row.person}

    def _lead(self, item: UUID) -> UUID:
        return self._leaders.get(item, item)

    def has(self, item: UUID) -> bool:
        return self._lead(item) in self._who


def _marks(rows: Iterable[ExhibitRow]) -> Iterator[Oddity]:
    """Yield an inconsistency for each exhibit whose exhibit mark (its reference) is also the mark
    of another exhibit of the same case.
    """
    alike: dict[tuple[UUID | None, str], list[ExhibitRow]] = defaultdict(list)
    for row in rows:
        alike[row.case, row.normal].append(row)
    for exhibit_rows in alike.values():
        for row in exhibit_rows if len(exhibit_rows) > 1 else ():
            others = tuple(exhibit.item for exhibit in exhibit_rows if exhibit.item != row.item)
            words = f"{row.mark}: {arrest_to_result.ODD['mark-used-twice']}"
            yield Oddity(
                row.item,
                row.kind,
                "mark-used-twice",
                words,
                row.case,
                row.by,
                row.known_from,
                others,
            )


def _day(moment: datetime) -> date:
    return moment.astimezone(LONDON).date()
