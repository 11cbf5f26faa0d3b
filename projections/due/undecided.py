"""Deadlines for a team to decide about a suspected person who is linked with a child.

Each link with a child has its own deadline, until the link's team decides about the person. There
is no deadline if no meeting has to decide about the person (`domain.intelligence.for_decision`).
Readers see a deadline if they see both the person and the link; of several deadlines about a
person, they see the oldest. The deadlines are stored with the pairs of items (`joined.py`), to
which the same rule applies. If a person was judged the same as another, a deadline is stored as
long as any of the person's records may need it; `owed.py` then selects the deadlines that apply by
the judgements that the reader sees.
"""

from collections.abc import Iterable, Sequence
from datetime import date, datetime
from typing import ClassVar
from uuid import UUID, uuid5

import sqlalchemy as sa
from msgspec import Struct, structs
from msgspec.structs import replace

from domain.clocks import CLOCKS
from domain.data_protection import erasure
from domain.intelligence import for_decision
from domain.intelligence.entity import (
    AgeRecorded,
    CategoryChanged,
    PersonRecorded,
)
from domain.intelligence.identity import IdentityChanged
from domain.intelligence.link import LinkAsserted, LinkRetracted
from domain.intelligence.meeting import Decided
from domain.kernel.codes import Clock
from domain.kernel.envelope import Recorded
from domain.kernel.values import PoleCategory
from domain.people_and_teams import deadline
from projections.due.rows import JoinedRow, judged
from projections.due.rows import all_records_of as whole
from projections.kernel.batch import RowBatch
from projections.kernel.schema import rows

UNDECIDED: Clock = "person-undecided"


@rows("undecided_people", key=("person",))
class PersonRow(Struct, frozen=True):
    """A person's categories and age; `same` are the people who were judged to be the same
    person."""

    table: ClassVar[sa.Table]
    person: UUID
    categories: tuple[PoleCategory, ...] = ()
    under_18: bool | None = None
    born: date | None = None
    same: tuple[UUID, ...] = ()


@rows("undecided_ties", key=("link",), index=(("a",), ("b",)))
class TieRow(Struct, frozen=True):
    """A link between two people, its team, and when it was recorded."""

    table: ClassVar[sa.Table]
    link: UUID
    a: UUID
    b: UUID
    team: str
    known: datetime
    ref: str


@rows("undecided_judged", key=("pair",), index=(("a",), ("b",)))
class SameRow(Struct, frozen=True):
    """Two records that were judged to be the same person."""

    table: ClassVar[sa.Table]
    pair: UUID
    a: UUID
    b: UUID


@rows("undecided_taken", key=("decision",), index=(("person",),))
class TakenRow(Struct, frozen=True):
    """A decision of a team about a person."""

    table: ClassVar[sa.Table]
    decision: UUID
    person: UUID
    team: str
    at: datetime


@rows("undecided_by_judgement", key=("id",))
class JudgedRow(Struct, frozen=True):
    """The id of a deadline about a suspected person and a child, one of whom was judged the same as
    another person. Whether the deadline applies to a reader depends on the judgements that the
    reader sees, and on the ages of the two people on the day `on`.
    """

    table: ClassVar[sa.Table]
    id: UUID
    on: date


TABLES = (PersonRow, TieRow, SameRow, TakenRow, JudgedRow)


def apply(fact: Recorded, batch: RowBatch) -> None:
    """Update the deadlines for decisions about suspected people: after a link between two people, a
    change of a person's category or age, a judgement of identity, or a decision about a person.
    """
    item = fact.stream
    match fact.event:
        case PersonRecorded() as event:
            age = (None, None) if fact.erased else (event.under_18, event.born)
            batch.put(PersonRow(item, (), *age))
        case LinkAsserted() as event:
            _tied(fact, batch, event)
        case LinkRetracted():
            _untied(batch, item)
        case Decided(about=UUID() as person):
            batch.put(TakenRow(item, person, fact.team, fact.recorded))
            _update_person(fact, batch, person)
        case IdentityChanged():
            _judged(fact, batch)
        case event if erasure.is_destroyed(event):
            _forget(fact, batch)
        case CategoryChanged() | AgeRecorded():
            if not fact.erased and (row := batch.get(PersonRow, item)):
                batch.put(_changed(row, fact.event))
                _update_linked(fact, batch, item)


def ahead(facts: Sequence[Recorded], batch: RowBatch) -> None:
    """Read in advance the links that these facts assert, and the links of people whose categories
    or ages they change.
    """
    of_links = (fact.stream for fact in facts if isinstance(fact.event, LinkAsserted))
    batch.read(TieRow, dict.fromkeys(of_links))
    changes = CategoryChanged, AgeRecorded
    of_people = (fact.stream for fact in facts if isinstance(fact.event, changes))
    batch.either(TieRow, dict.fromkeys(of_people))


def _changed(row: PersonRow, event: CategoryChanged | AgeRecorded) -> PersonRow:
    if isinstance(event, CategoryChanged):
        return replace(row, categories=event.applied_to(row.categories))
    under = row.under_18 if event.under_18 is None else event.under_18
    return replace(row, under_18=under, born=event.born or row.born)


def _tied(fact: Recorded, batch: RowBatch, event: LinkAsserted) -> None:
    """Store a new link between two people. A later version of a link changes nothing here."""
    if batch.get(PersonRow, event.a) is None or batch.get(PersonRow, event.b) is None:
        return
    if batch.get(TieRow, fact.stream) is None:
        tie = TieRow(fact.stream, event.a, event.b, fact.team, fact.recorded, fact.ref)
        batch.put(tie)
        for person, item in ((tie.a, tie.b), (tie.b, tie.a)):
            _owed(fact, batch, person, item, tie, is_new_tie=True)


def _untied(batch: RowBatch, link: UUID) -> None:
    if tie := batch.get(TieRow, link):
        batch.drop(TieRow, link)
        for end in (tie.a, tie.b):
            batch.drop(JoinedRow, _key(end, link))
            batch.drop(JudgedRow, _key(end, link))


def _judged(fact: Recorded, batch: RowBatch) -> None:
    among = sorted(judged(fact, batch, SameRow))
    for item in among:
        if row := batch.get(PersonRow, item):
            same = whole(batch, SameRow, item) - {item}
            batch.put(replace(row, same=tuple(sorted(same))))
    for item in among:
        _update_linked(fact, batch, item)


def _forget(fact: Recorded, batch: RowBatch) -> None:
    item = fact.stream
    if batch.get(PersonRow, item):
        batch.drop_all(JoinedRow, "item", item)
        batch.drop(PersonRow, item)
        for tie in batch.either(TieRow, [item]):
            batch.drop(JudgedRow, _key(item, tie.link))
    if taken := batch.get(TakenRow, item):
        batch.drop(TakenRow, item)
        _update_person(fact, batch, taken.person)
    _untied(batch, item)


def _records(batch: RowBatch, person: UUID) -> list[PersonRow]:
    return [row for item in _whole(batch, person) if (row := batch.get(PersonRow, item))]


def _whole(batch: RowBatch, person: UUID) -> tuple[UUID, ...]:
    """Return the ids of a person and of all people who were judged to be the same, sorted."""
    row = batch.get(PersonRow, person)
    return tuple(sorted((person, *row.same))) if row else (person,)


def read_suspect(item: UUID, held_rows: Iterable[PersonRow], on: date) -> for_decision.Suspect:
    """Return the facts about a person that decide whether a decision about the person is needed:
    the categories, and whether the person is a child on the day `on`. `held_rows` are the rows of
    all records of the person.
    """
    rows = list(held_rows)
    categories = {category for row in rows for category in row.categories}
    born = next((row.born for row in rows if row.born), None)
    under_18 = next((row.under_18 for row in rows if row.under_18 is not None), None)
    young = for_decision.is_young(categories, under_18, born, on)
    return for_decision.Suspect(item, tuple(sorted(categories)), young, identified=True)


def _update_linked(fact: Recorded, batch: RowBatch, item: UUID) -> None:
    """Update the deadlines of a person whose facts changed, and of all people linked with them."""
    whole = _whole(batch, item)
    others = {tie.b if tie.a in whole else tie.a for tie in batch.either(TieRow, whole)}
    updated: set[UUID] = set()
    for person in (item, *sorted(others)):
        if person not in updated:
            updated |= set(_whole(batch, person))
            _update_person(fact, batch, person)


def _update_person(fact: Recorded, batch: RowBatch, person: UUID) -> None:
    """Update the deadlines of a person, for each of their links."""
    whole = _whole(batch, person)
    for tie in batch.either(TieRow, whole):
        for first_item, second_item in ((tie.a, tie.b), (tie.b, tie.a)):
            if first_item in whole:
                _owed(fact, batch, first_item, second_item, tie)


def _owed(
    fact: Recorded,
    batch: RowBatch,
    item: UUID,
    other: UUID,
    tie: TieRow,
    *,
    is_new_tie: bool = False,
) -> None:
    """Begin or end the deadline for a decision about the person `item` because of the link with the
    person `other`. With `is_new_tie`, the link is new and has no deadline yet.

    If one of the two people has several records, readers may see different judgements about them;
    the deadline begins as soon as it may apply to any reader.
    """
    whole, others = _records(batch, item), _records(batch, other)
    key, on = _key(item, tie.link), fact.recorded.date()
    if len(whole) > 1 or len(others) > 1:
        batch.put(JudgedRow(key, on))
        asks = any(_may_need_decision(row, other_row, on) for row in whole for other_row in others)
        asks = asks and not any(row.person == item and _is_left_off(row, on) for row in whole)
    else:
        if not is_new_tie:
            batch.drop(JudgedRow, key)
        asks = for_decision.calls_for_decision(
            read_suspect(item, whole, on), read_suspect(other, others, on)
        )
    owed = asks and is_new(tie, batch.having(TakenRow, person=item))
    held_row = None if is_new_tie else batch.get(JoinedRow, key)
    if owed and (held_row is None or held_row.ended):
        _begin(batch, item, tie)
    elif held_row and not held_row.ended and not owed:
        batch.put(replace(held_row, ended=True))


def is_new(tie: TieRow, decided: Iterable[TakenRow]) -> bool:
    """Return whether the link's team has made no decision about the person since it recorded the
    link."""
    return not any(row.team == tie.team and row.at >= tie.known for row in decided)


def _may_need_decision(row: PersonRow, other: PersonRow, on: date) -> bool:
    """Return whether a decision may be needed about the person of `row`, because of the link with
    the person of `other`. The person of `row` counts as an adult here, because another of the
    person's records may show that they are.
    """
    grown = structs.replace(read_suspect(row.person, [row], on), is_child=False)
    return for_decision.calls_for_decision(grown, read_suspect(other.person, [other], on))


def _is_left_off(row: PersonRow, on: date) -> bool:
    grown = structs.replace(read_suspect(row.person, [row], on), is_child=False)
    return for_decision.reason_left_off(grown) is not None


def _key(person: UUID, link: UUID) -> UUID:
    return deadline.stream(uuid5(person, str(link)), UNDECIDED)


def _begin(batch: RowBatch, person: UUID, tie: TieRow) -> None:
    when = tie.known + CLOCKS[UNDECIDED].within
    whose = (None, None, tie.team, tie.ref)
    key = _key(person, tie.link)
    batch.put(JoinedRow(key, person, UNDECIDED, tie.known, when, *whose, other=tie.link))
