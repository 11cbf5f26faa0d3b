"""An urgent alert when a convicted or sentenced person has contact with a child who has a case.

The contact, the sentence, the case, the merging of two records and the owner of a phone may be
recorded in any order. Each link with a child raises the alert once in each case of the child. The
alert stays open until an officer answers it. A contact that a family's log entry mentions
(`contact_words.py`) also raises the alert.
"""

from datetime import datetime
from typing import Any, ClassVar
from uuid import UUID

import sqlalchemy as sa
from msgspec import Struct

from access.who_may import scope
from domain.families.protection import alert_stream
from domain.families.referral import CaseOpened
from domain.intelligence.identity import IdentityJudged
from domain.intelligence.link import LinkAsserted
from domain.justice.arrest_to_result import AFTER, ResultRecorded
from domain.kernel.envelope import Recorded
from domain.kernel.values import LinkKind, Reader
from domain.people_and_teams import deadline
from projections.due.arrests import ALERT, RungRow, SameRow
from projections.due.rows import WORDS, CaseRow, DueRow, all_records_of, begin
from projections.kernel.batch import RowBatch
from projections.kernel.database import Db
from projections.kernel.schema import rows

#: Results of a trial: a later contact of the person with a child raises an alert.
SENTENCES: frozenset[str] = AFTER | {"convicted"}
#: Kinds of links that record a contact between two people.
CONTACTS: frozenset[LinkKind] = frozenset({"contact", "association", "co-located"})
#: Kinds of links that lead from a person to their phone or account.
HOLDS: frozenset[LinkKind] = frozenset({"uses", "owns"})


@rows("due_sentenced", key=("result",), index=(("person",), ("case",)))
class SentencedRow(Struct, frozen=True):
    """A conviction or sentence of a person, its time, and the case in which it was recorded."""

    table: ClassVar[sa.Table]
    result: UUID
    person: UUID
    at: datetime
    case: UUID | None


@rows("due_contacts", key=("link",), index=(("a",), ("b",)))
class ContactRow(Struct, frozen=True):
    """A contact between two people, phones or accounts (`a` and `b`). `link` is the link or log
    entry that records the contact, `entry` the log entry that mentions it, if any. `at` is the
    latest time at which the contact may have happened.
    """

    table: ClassVar[sa.Table]
    link: UUID
    a: UUID
    b: UUID
    at: datetime
    entry: UUID | None = None


@rows("due_held_things", key=("link",), index=(("person",), ("thing",)))
class HeldRow(Struct, frozen=True):
    """A phone or account, and the person to whom it belongs according to a link."""

    table: ClassVar[sa.Table]
    link: UUID
    person: UUID
    thing: UUID


@rows("due_contacted", key=("alert",), index=(("person", "case"),))
class ContactedRow(Struct, frozen=True):
    """An alert that a person had contact with the child of a case after a conviction or sentence.
    `link` is the link or log entry that records the contact; `result` is the conviction or
    sentence. `own` means that the result is in a case of the same child, so that the child's
    workers may see it.
    """

    table: ClassVar[sa.Table]
    alert: UUID
    case: UUID
    person: UUID
    link: UUID
    result: UUID
    since: datetime
    own: bool


def apply(fact: Recorded, batch: RowBatch) -> None:
    """Check each contact that may, now that this fact is recorded, be a contact with a child after
    a sentence.
    """
    match fact.event:
        case LinkAsserted() as event if event.kind in CONTACTS:
            row = batch.get(ContactRow, fact.stream)
            entry = row.entry if row else event.observation
            contact = ContactRow(fact.stream, event.a, event.b, _latest(fact, batch, event), entry)
            batch.put(contact)
            _look(fact, batch, [contact])
        case LinkAsserted() as event if event.kind in HOLDS:
            batch.put(HeldRow(fact.stream, event.a, event.b))
            _look(fact, batch, _of(batch, {event.b}))
        case ResultRecorded(person=UUID() as person) as event if event.kind in SENTENCES:
            at = event.happened or fact.recorded
            batch.put(SentencedRow(fact.stream, person, at, event.case))
            _look(fact, batch, _of(batch, _ends(batch, person)))
        case CaseOpened() as event:
            _look(fact, batch, _of(batch, _ends(batch, event.child)))
        case IdentityJudged(judgement="same") as event:
            _look(fact, batch, _of(batch, _ends(batch, event.a)))


def _latest(fact: Recorded, batch: RowBatch, event: LinkAsserted) -> datetime:
    """Return the latest time at which a contact may have happened: the time in the link or, without
    such a time, the time of the link's log entry or of the record.
    """
    if link_time := event.valid_to or event.valid_from:
        return link_time
    if row := batch.get(ContactRow, fact.stream):
        return row.at  # a report grades a link that is stored already, which is no new contact
    words = event.observation and batch.get(DueRow, deadline.stream(event.observation, WORDS))
    return words.since if words else fact.recorded


def _ends(batch: RowBatch, person: UUID) -> set[UUID]:
    """Return all records of this person, with their phones and accounts."""
    same = all_records_of(batch, SameRow, person)
    return same | {row.thing for row in batch.among(HeldRow, "person", sorted(same))}


def _of(batch: RowBatch, ends: set[UUID]) -> list[ContactRow]:
    """Return the contacts between two people or items in which at least one of the two is in
    `ends`.
    """
    return list(batch.either(ContactRow, sorted(ends)))


def records_behind(batch: RowBatch, end: UUID) -> set[UUID]:
    """Return all records of the person behind `end`, which is a record of the person, or the
    person's phone or account.
    """
    holders = {row.person for row in batch.among(HeldRow, "thing", [end])}
    return {
        item for record_id in {end, *holders} for item in all_records_of(batch, SameRow, record_id)
    }


def _look(fact: Recorded, batch: RowBatch, contacts: list[ContactRow]) -> None:
    for contact in contacts:
        sides = records_behind(batch, contact.a), records_behind(batch, contact.b)
        for child, items in (sides, sides[::-1]):
            later = (
                row
                for row in batch.among(SentencedRow, "person", sorted(items - child))
                if row.at <= contact.at
            )
            if first := min(later, key=lambda row: (row.at, row.result), default=None):
                for case in batch.among(CaseRow, "child", sorted(child)):
                    ring(fact, batch, contact, case, first)


def ring(
    fact: Recorded, batch: RowBatch, contact: ContactRow, case: CaseRow, after: SentencedRow
) -> None:
    same = all_records_of(batch, SameRow, after.person)
    rung = batch.among(ContactedRow, "person", sorted(same), case=case.case)
    before = {earlier_id for row in rung for earlier_id in (row.link, _entry_of(batch, row.link))}
    if {contact.link, contact.entry} & (before - {None}):
        return  # the link was read from this log entry, so both record one contact
    alert = alert_stream(case.case, "contact-after-sentence", contact.link)
    if batch.get(ContactedRow, alert):
        return
    own = after.case is not None and _child_of(batch, after.case) == _child_of(batch, case.case)
    seen = (after.person, contact.link, after.result)
    row = ContactedRow(alert, case.case, *seen, fact.recorded, own)
    batch.put(row)
    begin(batch, fact, contact.link, ALERT, key=alert, anybody=True, team=case.team)
    # the reader has to see each of these items to see the alert; the result need not be seen if it
    # is in a case of the same child
    for item in (case.case,) if own else (case.case, after.result):
        batch.put(RungRow(deadline.stream(alert, ALERT), item, "contact-after-sentence"))


def _child_of(batch: RowBatch, case: UUID) -> UUID | None:
    """Return the child of a case, under the oldest record of the child."""
    row = batch.get(CaseRow, case)
    return min(all_records_of(batch, SameRow, row.child)) if row else None


def _entry_of(batch: RowBatch, link: UUID) -> UUID | None:
    row = batch.get(ContactRow, link)
    return row.entry if row else None


def contacted(db: Db, reader: Reader) -> list[ContactedRow]:
    """Return the contacts that convicted or sentenced people had with a child after the result of
    their trial, in the order in which the alerts began.

    The reader has to see the child's case, the link or log entry that records the contact and, if
    the result is in another child's case, the result.
    """
    c: Any = ContactedRow.table.c
    select = sa.select(ContactedRow.table).order_by(c.since, c.alert)
    found_rows = [ContactedRow(*row) for row in db.execute(select)]
    item_ids = {item for row in found_rows for item in (row.case, row.link, row.result)}
    unseen = item_ids - scope.visible_items(db, reader, item_ids)
    return [
        row
        for row in found_rows
        if unseen.isdisjoint({row.case, row.link} | ({row.result} if not row.own else set()))
    ]
