"""The search index: its tables, and how events fill them.

Names are stored word by word, with sound codes and trigrams. Marks (plates, phones, handles,
postcodes) are stored in a normal form, with the parts that people remember. Texts are in the
database's whole-word index (FTS5, tsvector), with the same tokens on SQLite and PostgreSQL.
"""

from collections.abc import Iterable
from typing import ClassVar, Literal, get_args
from uuid import UUID

import sqlalchemy as sa
from msgspec import Struct

from domain import forms
from domain.data_protection.retention import (
    RestrictionChanged,
    RestrictionPlaced,
)
from domain.forms.lookalikes import in_ascii, one_alphabet
from domain.information.observation import (
    MentionConfirmed,
    ObservationCorrected,
    ObservationRead,
    ObservationRecorded,
    ObservationRedacted,
    ObservationWithdrawn,
)
from domain.intelligence.entity import AliasAdded, PersonNamed, PersonRecorded, ThingRecorded
from domain.intelligence.intelligence_report import ItemSanitised, ReportRedacted, ReportWithdrawn
from domain.kernel.envelope import Recorded
from domain.kernel.values import Mention
from projections.kernel.batch import RowBatch
from projections.kernel.restricted import restrict, restricted_rows
from projections.kernel.schema import View, index_whole_words, rows

MARKS = {
    "vrm": "vehicle",
    "vrm_partial": "vehicle",
    "phone": "phone",
    "handle": "handle",
    "postcode": "postcode",
}
# The kind of marks and names that a program recognised in the words of a log entry.
READ = "observation"
TextKind = Literal["observation", "report"]
#: The kinds of items with texts.
TEXTS: tuple[TextKind, ...] = get_args(TextKind)
#: The kinds of items with texts that are not a person's own words.
OTHERS: tuple[TextKind, ...] = tuple(text for text in TEXTS if text != READ)
#: Number of characters in a part of a plate (two, if no three neighbouring characters are legible).
PLATE_PART = 3
PHONE_END = 3  #: Number of digits in the ending of a phone number.
HANDLE_START = 2  #: Number of characters in the beginning of a handle.
#: The beginning of a text, followed by this character, sorts after all texts with this beginning.
BEHIND = "\U0010ffff"


@rows(
    "search_names",
    key=("word", "kind", "seq"),
    index=(("sound", "word"), ("kind", "seq"), ("item",)),
)
class NameRow(Struct, frozen=True):
    """A word of an entity's name. `field` says where it is from: name, alias, description, or read
    (recognised by a program in the words of an observation).
    """

    table: ClassVar[sa.Table]
    word: str
    item: UUID
    seq: int
    sound: str | None
    kind: str
    field: str
    label: str


@rows("search_trigrams", key=("trigram", "word"))
class TrigramRow(Struct, frozen=True):
    """A trigram (three neighbouring letters) of a word of a name."""

    table: ClassVar[sa.Table]
    trigram: str
    word: str


@rows("search_marks", key=("seq", "mark", "normal"), index=(("mark", "normal", "seq"), ("item",)))
class MarkRow(Struct, frozen=True):
    """A plate (whole or partial), phone, handle or postcode. `alike` is a form for comparison: for
    a plate, look-alike characters (such as 0 and O) are one character; for a handle, the platform
    is left out.
    """

    table: ClassVar[sa.Table]
    mark: str
    normal: str
    item: UUID
    seq: int
    alike: str
    kind: str


@rows("search_parts", key=("part", "seq"))
class PartRow(Struct, frozen=True):
    """A part of a mark (see `parts_of`), and an event with a mark that has this part. These rows
    are used to find marks by a part without reading all marks.
    """

    table: ClassVar[sa.Table]
    part: str
    seq: int


@index_whole_words
@rows("search_texts", key=("seq",), index=(("item",), ("kind", "seq")))
class TextRow(Struct, frozen=True):
    """A text and its tokens. `field` is `words`, `correction` or `sanitised`."""

    table: ClassVar[sa.Table]
    seq: int
    item: UUID
    kind: str
    field: str
    label: str
    words: str


#: The rows of restricted items, which no search returns.
RestrictedRow = restricted_rows("search_restricted")


def apply(fact: Recorded, batch: RowBatch) -> None:
    if fact.erased:
        return  # only the text that replaced a redacted one is indexed
    match fact.event:
        case ObservationRecorded() as event:
            _text(batch, fact, "observation", "words", event.words)
        case ObservationCorrected() as event:
            _text(batch, fact, "observation", "correction", event.words)
        case ItemSanitised() as event:
            _text(batch, fact, "report", "sanitised", event.text)
        case ObservationRead() as event:
            _read(batch, fact, event.mentions)
        case MentionConfirmed() as event if event.mention:
            _read(batch, fact, (event.mention,))
        case PersonRecorded() as event:
            if event.name:
                _name(batch, fact, "person", "name", event.name)
            if event.description:
                _name(batch, fact, "person", "description", event.description)
        case PersonNamed() as event:
            _name(batch, fact, "person", "name", event.name)
        case AliasAdded() as event:
            _name(batch, fact, "person", "alias", event.name)
        case ThingRecorded() as event if event.kind in MARKS.values():
            _mark(batch, fact, event.kind, event.kind, event.normal)
        case ThingRecorded() as event:
            _name(batch, fact, event.kind, "name", event.normal)
        case ObservationWithdrawn() | ReportWithdrawn():
            _forget(batch, fact.stream)
        case ObservationRedacted() as event:
            _forget(batch, fact.stream)
            _text(batch, fact, "observation", "words", event.words)
        case ReportRedacted() as event:
            _forget(batch, fact.stream)
            if texts := [item.text for item in event.items if item.text]:
                _text(batch, fact, "report", "sanitised", "\n".join(texts))
        case RestrictionChanged():
            restrict(fact, batch, RestrictedRow)


def _text(batch: RowBatch, fact: Recorded, kind: TextKind, field: str, text: str) -> None:
    words = " ".join(forms.tokens(one_alphabet(text)))
    batch.put(TextRow(fact.seq, fact.stream, kind, field, text, words))


def _read(batch: RowBatch, fact: Recorded, mentions: Iterable[Mention]) -> None:
    for mention in mentions:
        if mention.normalised is None:
            continue
        if mention.kind in MARKS:
            _mark(batch, fact, "observation", MARKS[mention.kind], mention.normalised)
        elif mention.kind in ("person", "nickname", "place"):
            _name(batch, fact, "observation", "read", mention.normalised)


def _name(batch: RowBatch, fact: Recorded, kind: str, field: str, name: str) -> None:
    for word in forms.tokens(one_alphabet(name)):
        sound = next(iter(forms.sounds(word)), None)
        batch.put(NameRow(word, fact.stream, fact.seq, sound, kind, field, name))
        if batch.holds(TrigramRow, word[:1].rjust(3), word):
            continue  # the batch has already written this word
        for trigram in forms.trigrams(word):
            batch.put(TrigramRow(trigram, word))


def _mark(batch: RowBatch, fact: Recorded, kind: str, mark: str, normal: str) -> None:
    # older stores have plates as they were typed, even with letters of other alphabets
    if mark == "vehicle" and not normal.isascii():
        plate = forms.plate(in_ascii(normal.upper()))
        normal = plate.normal if plate else normal
    alike = forms.confusables(normal) if mark == "vehicle" else normal
    alike = forms.handle_name(normal) if mark == "handle" else alike
    batch.put(MarkRow(mark, normal, fact.stream, fact.seq, alike, kind))
    for part in parts_of(mark, alike):
        batch.put(PartRow(part, fact.seq))


def parts_of(mark: str, alike: str) -> set[str]:
    """Return the parts by which a mark is looked up. For a plate these are each two and each three
    neighbouring characters and, for a partial plate, its longest legible run after `*`. For a phone
    it is the ending after `#`; for a handle, the beginning after `@`.
    """
    match mark:
        case "vehicle":
            parts = {
                run[at : at + size]
                for run in alike.split("*")
                for size in (2, PLATE_PART)
                for at in range(len(run) - size + 1)
            }
            return parts | {caught(alike)} if "*" in alike else parts
        case "phone":
            return {ending(alike)}
        case "handle":
            return {beginning(alike)}
    return set()


def caught(partial: str) -> str:
    return "*" + max(partial.split("*"), key=len)


def ending(digits: str) -> str:
    return "#" + digits[-PHONE_END:]


def beginning(name: str) -> str:
    return "@" + name[:HANDLE_START]


def _forget(batch: RowBatch, item: UUID) -> None:
    for mark in batch.having(MarkRow, item=item):
        for part in parts_of(mark.mark, mark.alike):
            batch.drop(PartRow, part, mark.seq)
    for row in (NameRow, MarkRow, TextRow):
        batch.drop_all(row, "item", item)


VIEW = View(
    "search",
    (NameRow, TrigramRow, MarkRow, PartRow, TextRow, RestrictedRow),
    apply,
    moved_by=frozenset({RestrictionPlaced}),
    follows=((TrigramRow, NameRow, "word"), (PartRow, MarkRow, "seq")),
    version=4,
)
