"""An urgent alert when a family's log entry mentions contact with a person who was convicted or
sentenced.

The entry has to be in the child's case, mention a contact (a message, a letter, a visit) and name
such a person. The alert is the same as for a recorded link with the person (`sentenced.py`), even
if the worker did not mark the entry urgent.

If a phone, an account or a confirmed name identifies the person, any convicted or sentenced person
raises the alert. If a name was only read in the text, the person has to be linked with the child,
by their trial or by a recorded link.
"""

from collections.abc import Iterable, Iterator, Sequence
from datetime import datetime
from typing import ClassVar
from uuid import UUID

import sqlalchemy as sa
from msgspec import Struct
from msgspec.structs import replace

from domain import forms
from domain.data_protection import erasure
from domain.families.referral import CaseOpened
from domain.information.observation import (
    MentionConfirmed,
    ObservationMoved,
    ObservationRead,
    ObservationRecorded,
    ObservationRedacted,
    ObservationWithdrawn,
)
from domain.intelligence.entity import (
    NameAdded,
    PersonRecorded,
    ThingRecorded,
)
from domain.intelligence.identity import IdentityJudged
from domain.intelligence.link import LinkAsserted
from domain.justice.arrest_to_result import ResultRecorded
from domain.kernel.envelope import Recorded
from domain.kernel.values import Mention
from domain.language.contact import mentions_contact
from projections.due.arrests import SameRow
from projections.due.rows import CaseRow, all_records_of
from projections.due.sentenced import (
    CONTACTS,
    HOLDS,
    SENTENCES,
    ContactRow,
    SentencedRow,
    records_behind,
    ring,
)
from projections.kernel.batch import RowBatch
from projections.kernel.schema import rows

#: Stored in place of a name if the text says that a person left prison and may be near or in touch.
RELEASED = "released"


@rows("due_contact_words", key=("entry",), index=(("case",),))
class EntryRow(Struct, frozen=True):
    """A log entry that mentions a contact: its case, when a worker heard the entry, and keys of the
    people whom it names. `case` is None until the entry is filed in a case.
    """

    table: ClassVar[sa.Table]
    entry: UUID
    case: UUID | None
    at: datetime
    words: tuple[str, ...] = ()


@rows("due_names", key=("item", "word"), index=(("word",),))
class NameRow(Struct, frozen=True):
    """A key, made from words, by which a text can name this person, phone or account."""

    table: ClassVar[sa.Table]
    item: UUID
    word: str


def apply(fact: Recorded, batch: RowBatch) -> None:
    """Check the entries that may, now that this fact is recorded, mention a contact after a
    sentence.
    """
    item = fact.stream
    match fact.event:
        case PersonRecorded(name=str() as name) | NameAdded(name=name):
            if not fact.erased:
                _put_names(batch, item, _name_words(name))
                # a person who was recorded just now is linked to no case yet
                if not isinstance(fact.event, PersonRecorded):
                    _look_again(fact, batch, item)
        case ThingRecorded(kind="phone" | "handle") as event if not fact.erased:
            _put_names(batch, item, [f"{event.kind}:{event.normal}"])
        case event if erasure.is_destroyed(event):
            batch.drop_all(NameRow, "item", item)
            batch.drop(EntryRow, item)
        case LinkAsserted() as event if event.kind in CONTACTS:
            _look_again(fact, batch, event.a)
            _look_again(fact, batch, event.b)
        case LinkAsserted() as event if event.kind in HOLDS:
            _look_again(fact, batch, event.a)
        case ResultRecorded(person=UUID() as person) as event if event.kind in SENTENCES:
            _look_again(fact, batch, person)
        case CaseOpened() as event:
            _look_again(fact, batch, event.child)
        case IdentityJudged(judgement="same") as event:
            _look_again(fact, batch, event.a)
        case _:
            _words(fact, batch)


def ahead(facts: Sequence[Recorded], batch: RowBatch) -> None:
    """Read in advance the entries of these facts, and the phones and accounts that the entries
    name.
    """
    read = {fact.stream: fact.event for fact in facts if isinstance(fact.event, ObservationRead)}
    batch.read(EntryRow, read)
    mentions = (mention for event in read.values() for mention in event.mentions)
    words = {_mention_word(mention) for mention in mentions}
    numbers = sorted(word for word in words if word and not word.startswith("name:"))
    batch.among(NameRow, "word", numbers)


def _put_names(batch: RowBatch, item: UUID, words: Iterable[str]) -> None:
    for word in words:
        batch.put(NameRow(item, word))


def _words(fact: Recorded, batch: RowBatch) -> None:
    """Store an entry that mentions a contact, and update it when it is changed, moved or
    withdrawn."""
    item = fact.stream
    if isinstance(fact.event, ObservationRecorded):
        if not fact.erased and mentions_contact(fact.event.words):
            moment = min(fact.event.told or fact.recorded, fact.recorded)
            batch.put(EntryRow(item, fact.event.case, _happened(fact.event) or moment))
        return
    row = batch.get(EntryRow, item) if isinstance(fact.event, _OF_ENTRIES) else None
    if row is None:
        return
    match fact.event:
        case ObservationRead() as event if not fact.erased:
            signs = [f"sign:{RELEASED}"] if RELEASED in event.urgency_signs else []
            row = replace(row, words=tuple({*map(_mention_word, event.mentions), *signs} - {""}))
        case MentionConfirmed() as event:
            row = replace(row, words=(*row.words, f"id:{event.entity}"))
        case ObservationMoved() as event:
            row = replace(row, case=event.case)
        case ObservationWithdrawn() | ObservationRedacted():
            batch.drop(EntryRow, item)
            return
    row = replace(row, words=tuple(sorted(set(row.words))))
    batch.put(row)
    _read_words(fact, batch, [row])


_OF_ENTRIES = (
    *(ObservationRead, MentionConfirmed, ObservationMoved, ObservationWithdrawn),
    ObservationRedacted,
)


def _happened(event: ObservationRecorded) -> datetime | None:
    """Return the latest time at which the events of an entry happened; None if it gives no time."""
    return event.happened.end or event.happened.start if event.happened else None


def _mention_word(mention: Mention) -> str:
    """Return the key of the person whom a mention names; "" if the mention names no person."""
    kind = "name" if mention.kind in ("person", "nickname") else mention.kind
    named = mention.normalised if kind in ("name", "phone", "handle") else None
    return f"{kind}:{forms.name(named) if kind == 'name' else named}" if named else ""


def _name_words(name: str) -> Iterator[str]:
    """Yield the keys of a person's name: the whole name, and the first name, because families use
    that."""
    whole = forms.name(name)
    yield from (f"name:{part}" for part in dict.fromkeys((whole, whole.partition(" ")[0])) if part)


def _look_again(fact: Recorded, batch: RowBatch, person: UUID) -> None:
    """Check the entries that name this person again, because a new fact may make them a contact
    after a sentence.
    """
    same = all_records_of(batch, SameRow, person)
    cases = {row.case for row in batch.among(CaseRow, "child", sorted(same))}
    if batch.among(SentencedRow, "person", sorted(same)):
        tied = batch.either(ContactRow, sorted(same))
        children = {
            end for row in tied for item in (row.a, row.b) for end in records_behind(batch, item)
        }
        cases |= {row.case for row in batch.among(CaseRow, "child", sorted(children))}
        cases |= {row.case for row in batch.among(SentencedRow, "person", sorted(same)) if row.case}
    _read_words(fact, batch, batch.among(EntryRow, "case", sorted(cases)))


def _read_words(fact: Recorded, batch: RowBatch, entries: list[EntryRow]) -> None:
    """Raise an alert for each of these entries that names a person who was sentenced before it."""
    for entry in entries:
        case = batch.get(CaseRow, entry.case) if entry.case and entry.words else None
        if case is None:
            continue
        child = all_records_of(batch, SameRow, case.child)
        own = {row.case for row in batch.among(CaseRow, "child", sorted(child))}
        tried = batch.among(SentencedRow, "case", sorted(own))
        tied = {row.person for row in tried} | {
            end for row in batch.either(ContactRow, sorted(child)) for end in (row.a, row.b)
        }
        tied = {item for end in tied for item in records_behind(batch, end)}
        named = {UUID(word[3:]) for word in entry.words if word.startswith("id:")}
        # many people have the same first name, so a name alone counts only for people linked to the
        # child
        words = [word for word in entry.words if tied or not word.startswith("name:")]
        for row in batch.among(NameRow, "word", words):
            people = records_behind(batch, row.item)
            named |= people & tied if row.word.startswith("name:") else people
        named = {item for named_id in named for item in records_behind(batch, named_id)}
        if f"sign:{RELEASED}" in entry.words:
            named |= {row.person for row in tried}
        later = [
            row
            for row in batch.among(SentencedRow, "person", sorted(named - child))
            if row.at <= entry.at
        ]
        if first := min(later, key=lambda row: (row.at, row.result), default=None):
            contact = ContactRow(entry.entry, case.child, first.person, entry.at)
            ring(fact, batch, contact, case, first)
