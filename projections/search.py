"""Where is this name, number, plate or word?

Names (of entities, and those read in words) stand word by word with their sound and trigrams, so
that misspellings and nicknames meet; plates, numbers, handles and postcodes in their normal form,
with the parts by which somebody remembers them; texts under the database's own whole-word index
(FTS5, tsvector), which holds the same tokens on both. Three kinds of table are why this file is
longer than others.
"""

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass, replace
from functools import cache
from itertools import islice
from typing import Any, ClassVar
from uuid import UUID

import sqlalchemy as sa
from rapidfuzz.distance import JaroWinkler

from access import scope
from domain import forms
from domain.entity import AliasAdded, PersonNamed, PersonRecorded, ThingRecorded
from domain.envelope import Recorded
from domain.intelligence import ItemSanitised, ReportRedacted, ReportWithdrawn
from domain.observation import (
    MentionConfirmed,
    ObservationCorrected,
    ObservationRead,
    ObservationRecorded,
    ObservationRedacted,
    ObservationWithdrawn,
)
from domain.retention import RestrictionLifted, RestrictionPlaced
from domain.values import ENTITY_KINDS, Mention, Reader
from projections.batch import Batch
from projections.schema import Db, View, counted, holding, lacks, rows, whole_words

MARKS = {
    "vrm": "vehicle",
    "vrm_partial": "vehicle",
    "phone": "phone",
    "handle": "handle",
    "postcode": "postcode",
}
CLIP = 100
MOST = 12  #: words of a question; further ones are not looked at
SEEN = 300  #: at most so many rows of one question are ranked
ALIKE = 0.82  #: Jaro-Winkler similarity from which two words may be one misspelt name,
ALIKE_IN_SOUND = 0.7  #: and where they have the same Soundex code
PLATE_PART = 3  #: characters of a plate's part, or two where no more were caught
PHONE_END = 3  #: digits of a phone's ending
HANDLE_START = 2  #: characters of a handle's beginning
LIKELY = 0.5  #: from this score on a person stands before what is no person
CLOSE = 30  #: so many names that are spelt alike are tried, and so many that sound alike
BROAD = 2_000  #: of more names than these only the newest are looked through
READ = "observation"  #: the kind of what was read in words
#: Of several parts that were caught the rarest is looked up: so many of each are counted, and more
#: only where each has more.
RARE = (1_000, 10_000, 100_000)


@rows(
    "search_names",
    key=("word", "item", "seq"),
    index=(("word", "kind", "seq"), ("sound", "word"), ("kind", "seq"), ("item",)),
)
@dataclass(frozen=True, slots=True)
class NameRow:
    """One word of what an entity is called. `field` is name, alias, description, or read (by
    the machine in the words of an observation)."""

    table: ClassVar[sa.Table]
    word: str
    item: UUID
    seq: int
    sound: str | None
    kind: str
    field: str
    label: str


_FIRST = (NameRow.table.c.seq.desc(), NameRow.table.c.word)
#: What bears names: first what is recorded, then what was only read in words.
_KINDS: tuple[tuple[str, ...], ...] = (
    tuple(one for one in ENTITY_KINDS if one not in MARKS.values()),
    (READ,),
)


@rows("search_trigrams", key=("trigram", "word"))
@dataclass(frozen=True, slots=True)
class TrigramRow:
    """A word of some name that has this trigram."""

    table: ClassVar[sa.Table]
    trigram: str
    word: str


@rows("search_marks", key=("mark", "normal", "item", "seq"), index=(("item",),))
@dataclass(frozen=True, slots=True)
class MarkRow:
    """A plate (whole or partial), phone, handle or postcode. `alike` is the form in which
    characters that look alike are one, or a handle without its platform."""

    table: ClassVar[sa.Table]
    mark: str
    normal: str
    item: UUID
    seq: int
    alike: str
    kind: str


@rows("search_parts", key=("part", "seq", "normal"))
@dataclass(frozen=True, slots=True)
class PartRow:
    """A part of a mark (see `_parts_of`), so that a part is found without reading all marks."""

    table: ClassVar[sa.Table]
    part: str
    seq: int
    normal: str
    item: UUID


@whole_words
@rows("search_texts", key=("seq",), index=(("item",),))
@dataclass(frozen=True, slots=True)
class TextRow:
    """A text and its tokens. `field` is words, correction or sanitised."""

    table: ClassVar[sa.Table]
    seq: int
    item: UUID
    kind: str
    field: str
    label: str
    words: str


@rows("search_restricted", key=("item",))
@dataclass(frozen=True)
class RestrictedRow:
    """What nobody finds while it is restricted."""

    table: ClassVar[sa.Table]
    item: UUID


def apply(fact: Recorded, batch: Batch) -> None:
    if fact.erased:
        return  # what was redacted is found by the words that stand in its place
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
            if texts := [one.text for one in event.items if one.text]:
                _text(batch, fact, "report", "sanitised", "\n".join(texts))
        case RestrictionPlaced() as event:
            batch.put(RestrictedRow(event.item))
        case RestrictionLifted() as event:
            batch.drop(RestrictedRow, event.item)


def _text(batch: Batch, fact: Recorded, kind: str, field: str, text: str) -> None:
    words = " ".join(forms.tokens(text))
    batch.put(TextRow(fact.seq, fact.stream, kind, field, text, words))


def _read(batch: Batch, fact: Recorded, mentions: Iterable[Mention]) -> None:
    for mention in mentions:
        if mention.normalised is None:
            continue
        if mention.kind in MARKS:
            _mark(batch, fact, "observation", MARKS[mention.kind], mention.normalised)
        elif mention.kind in ("person", "nickname", "place"):
            _name(batch, fact, "observation", "read", mention.normalised)


def _name(batch: Batch, fact: Recorded, kind: str, field: str, name: str) -> None:
    for word in forms.tokens(name):
        sound = next(iter(forms.sounds(word)), None)
        batch.put(NameRow(word, fact.stream, fact.seq, sound, kind, field, name))
        if batch.holds(TrigramRow, word[:1].rjust(3), word):
            continue  # this batch wrote the word's trigrams already
        for trigram in forms.trigrams(word):
            batch.put(TrigramRow(trigram, word))


def _mark(batch: Batch, fact: Recorded, kind: str, mark: str, normal: str) -> None:
    alike = forms.confusables(normal) if mark == "vehicle" else normal
    alike = forms.handle_name(normal) if mark == "handle" else alike
    batch.put(MarkRow(mark, normal, fact.stream, fact.seq, alike, kind))
    for part in _parts_of(mark, alike):
        batch.put(PartRow(part, fact.seq, normal, fact.stream))


def _parts_of(mark: str, alike: str) -> set[str]:
    """The parts by which a mark is looked up: two and three characters of a plate that stand
    together; of one of which only a part was caught also the longest run, under `*`; the last
    digits of a phone, under `#`; the beginning of a handle, under `@`."""
    match mark:
        case "vehicle":
            parts = {
                run[at : at + size]
                for run in alike.split("*")
                for size in (2, PLATE_PART)
                for at in range(len(run) - size + 1)
            }
            return parts | {_caught(alike)} if "*" in alike else parts
        case "phone":
            return {_ending(alike)}
        case "handle":
            return {_beginning(alike)}
    return set()


def _caught(partial: str) -> str:
    return "*" + max(partial.split("*"), key=len)


def _ending(digits: str) -> str:
    return "#" + digits[-PHONE_END:]


def _beginning(name: str) -> str:
    return "@" + name[:HANDLE_START]


def _forget(batch: Batch, item: UUID) -> None:
    for mark in batch.having(MarkRow, item=item):
        for part in _parts_of(mark.mark, mark.alike):
            batch.drop(PartRow, part, mark.seq, mark.normal)
    for row in (NameRow, MarkRow, TextRow):
        batch.drop_all(row, "item", item)


VIEW = View(
    "search",
    (NameRow, TrigramRow, MarkRow, PartRow, TextRow, RestrictedRow),
    apply,
    moved_by=frozenset({RestrictionPlaced}),
)


# --- queries ------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Hit:
    """What was found: `field` says where, `why` how it fits, `score` how well (at most 1)."""

    id: UUID
    kind: str
    label: str
    field: str
    why: str
    score: float


def search(db: Db, reader: Reader, words: str, limit: int = 20) -> list[Hit]:
    """What fits these words, best first, each observation under its own words."""
    return with_words(db, reader, found(db, reader, words, limit))


def found(db: Db, reader: Reader, words: str, limit: int) -> list[Hit]:
    """What fits these words, best first, each by what in it fits."""
    return scope.checked(db, reader, met(db, reader, words)[:limit], _item)


def met(db: Db, reader: Reader, words: str) -> list[Hit]:
    """What fits these words, best first: names, marks, then texts that hold every word.

    A hit that fits more of the words stands above one that fits fewer. An id is no word: its digits
    would be taken for part of a plate, or for a name misspelt.
    """
    if _is_id(words):
        return []
    tokens = tuple(dict.fromkeys(forms.tokens(words)))[:MOST]
    if not tokens:
        return []
    found: dict[UUID, dict[str, Hit]] = {}

    def fits(token: str, hit: Hit) -> None:
        known = found.setdefault(hit.id, {})
        if token not in known or known[token].score < hit.score:
            known[token] = hit

    for token in tokens:
        for hit in _names(db, reader, token):
            fits(token, hit)
    for part, covered in _parts(words, tokens):
        for hit in _marks(db, reader, part):
            for token in covered:
                fits(token, hit)
    for hit in _texts(db, reader, tokens):
        for token in tokens:
            fits(token, hit)
    hidden = set(db.execute(sa.select(RestrictedRow.table.c.item)).scalars())
    ranked = [_best(hits, len(tokens)) for one, hits in found.items() if one not in hidden]
    ranked.sort(key=_place)
    return ranked


def _place(hit: Hit) -> tuple[bool, float, bool, str]:
    """People whom most of the words fit before all that only says or looks like it."""
    noise = hit.kind != "person" or hit.score < LIKELY
    return noise, -hit.score, hit.kind == "observation", str(hit.id)


def _item(hit: Hit) -> UUID:
    return hit.id


def _is_id(words: str) -> bool:
    try:
        UUID(words.strip())
    except ValueError:
        return False
    return True


def with_words(db: Db, reader: Reader, hits: Sequence[Hit]) -> list[Hit]:
    """The hits, each observation under its own words."""
    c = TextRow.table.c
    ids = [hit.id for hit in hits if hit.kind == "observation"]
    where = c.item.in_(ids), c.field == "words", scope.sees(reader, c.item)
    select = sa.select(c.item, c.label).where(*where)
    words = {row.item: _clip(row.label) for row in db.execute(select)}
    return [replace(hit, label=words.get(hit.id, hit.label)) for hit in hits]


def _best(hits: dict[str, Hit], wanted: int) -> Hit:
    best = max(hits.values(), key=lambda hit: hit.score)
    score = round(sum(hit.score for hit in hits.values()) / wanted, 3)
    why = "; ".join(dict.fromkeys(hit.why for hit in hits.values()))
    return Hit(best.id, best.kind, best.label, best.field, why, score)


def _names(db: Db, reader: Reader, token: str) -> list[Hit]:
    """The names that a word may mean: as it stands, as a beginning, as a nickname, misspelt."""
    ways = _candidates(db, reader, token)
    hits = []
    for row in _named(db, reader, token, ways):
        if row.word == token:
            how, score = row.field, 1.0
        else:
            how, score = ("begins", 0.8) if row.word.startswith(token) else ways[row.word]
        placed = _placed(row.kind, score)
        hits.append(Hit(row.item, row.kind, row.label, row.field, f"{how} {row.word}", placed))
    return hits


def _named(db: Db, reader: Reader, token: str, ways: Collection[str]) -> list[Any]:
    """The first `SEEN` names: those of this very word, then those that it may mean; of either what
    is recorded before what was only read in words, the newest first."""
    c, found = NameRow.table.c, list[Any]()
    if scope.sees_little(reader):
        word = c.word.concat("")  # the names of their few items, and of those the ones that fit
        fits = sa.or_(word == token, *_meant(word, token, ways))
        few = sa.select(NameRow.table).where(fits, scope.sees(reader, c.item, singly=True))
        few = scope.from_little(db, reader, c.item, few)
        return sorted(db.execute(few), key=lambda row: _order(row, token))[:SEEN]
    kinds_of = _KINDS if _reads_words(reader) else _KINDS[:1]
    for kinds in kinds_of:
        found += _newest(db, reader, kinds, c.word == token, SEEN - len(found))
    if len(found) == SEEN:
        return found
    meant = sa.or_(*_meant(c.word, token, ways))
    if counted(db, sa.select(sa.literal(1)).where(meant), BROAD) <= BROAD:
        recorded = sa.case((c.kind == READ, 1), else_=0)
        seen = scope.sees(reader, c.item, singly=True)
        select = sa.select(NameRow.table).where(meant, seen)
        return found + list(db.execute(select.order_by(recorded, *_FIRST).limit(SEEN - len(found))))
    # the newest are looked through, and not all of these words
    meant = sa.or_(*_meant(c.word.concat(""), token, ways))
    for kinds in kinds_of:
        found += _newest(db, reader, kinds, meant, SEEN - len(found))
    return found


def _meant(
    word: sa.ColumnElement[str], token: str, ways: Collection[str]
) -> list[sa.ColumnElement[bool]]:
    """That a word is another one that this may mean: one of the `ways`, or one that begins so."""
    longer = sa.and_(word > token, word < token + "\U0010ffff")
    return [word.in_([one for one in ways if one != token]), *([longer] if len(token) > 1 else [])]


def _order(row: Any, token: str) -> tuple[bool, bool, int, str]:
    return row.word != token, row.kind == READ, -row.seq, row.word


def _reads_words(reader: Reader) -> bool:
    """Whether the reader may see what anybody said, and so what was read in it."""
    return not scope.reaches_nothing(reader, "see-words")


def _newest(
    db: Db, reader: Reader, kinds: Collection[str], where: sa.ColumnElement[bool], most: int
) -> list[Any]:
    """The newest names of which this holds, each kind by the index in which they stand so."""
    c = NameRow.table.c
    seen = scope.sees(reader, c.item, singly=True)
    select = sa.select(NameRow.table).where(where, seen).order_by(*_FIRST).limit(most)
    found = [row for kind in kinds for row in db.execute(select.where(c.kind == kind))]
    return sorted(found, key=lambda row: (-row.seq, row.word))[:most]


def _placed(kind: str, score: float) -> float:
    """An entity stands above words in which only a machine read its name."""
    return score if kind != "observation" else score * 0.9


def _candidates(db: Db, reader: Reader, token: str) -> dict[str, tuple[str, float]]:
    """Other words to look for, with how they are meant and how far that is trusted."""
    found: dict[str, tuple[str, float]] = {token: ("name", 1.0)}
    for given in forms.given_names(token):
        found.setdefault(given, ("nickname of", 0.75))
    for nick in _short_names().get(token, ()):
        found.setdefault(nick, ("nickname", 0.75))
    if len(token) > 2:
        for word in _alike(db, reader, token):
            close = JaroWinkler.similarity(token, word)
            needed = ALIKE_IN_SOUND if forms.sounds(token) == forms.sounds(word) else ALIKE
            if close >= needed:
                found.setdefault(word, ("spelt", 0.7 * close))
    return found


def _alike(db: Db, reader: Reader, token: str) -> list[str]:
    """Names' words that share the most trigrams with this one, or its sound: words of names that
    the reader sees, or those of others would push theirs out."""
    c = TrigramRow.table.c
    trigrams = sorted(forms.trigrams(token))
    sharing = (
        sa.select(c.word, sa.func.count().label("shared"))
        .where(c.trigram.in_(trigrams))
        .group_by(c.word)
        .having(sa.func.count() >= max(2, len(trigrams) // 3))
        .cte("sharing")
    )
    shared = sa.select(sharing.c.word).order_by(sharing.c.shared.desc(), sharing.c.word)
    found = [*_borne(db, reader, token, shared, sharing.c.word)]
    sounding = {
        word
        for sound in forms.sounds(token)
        for word in _borne(db, reader, token, *_sounding(sound))
    }
    return found + sorted(sounding)[:CLOSE]


def _borne(
    db: Db, reader: Reader, token: str, words: sa.Select[Any], word: sa.ColumnElement[str]
) -> list[str]:
    """The first of these words, but the one that is searched for, that some name has which the
    reader sees."""
    n = NameRow.table.c
    words = words.where(word != token)
    if reader.closed:
        seen = scope.sees(reader, n.item, singly=True)
        if scope.sees_little(reader):
            few = scope.from_little(db, reader, n.item, sa.select(n.word).where(seen))
            words = words.where(word.in_(few))
        else:
            words = words.where(sa.exists(sa.select(sa.literal(1)).where(n.word == word, seen)))
    return list(db.execute(words.limit(CLOSE)).scalars())


def _sounding(sound: str) -> tuple[sa.Select[Any], sa.ColumnElement[str]]:
    """The words that have this sound, in order, each found behind the one before: of a common name
    not every row is read."""
    n = NameRow.table.c
    first = sa.select(sa.func.min(n.word).label("word")).where(n.sound == sound)
    found = first.cte("sounding", recursive=True)
    after = first.where(n.word > found.c.word).scalar_subquery()
    found = found.union_all(sa.select(after).where(found.c.word.is_not(None)))
    return sa.select(found.c.word).where(found.c.word.is_not(None)), found.c.word


@cache
def _short_names() -> dict[str, tuple[str, ...]]:
    """Given names with the short names that may stand for them."""
    found: dict[str, list[str]] = {}
    for nick in sorted(forms.nicknames()):
        for given in forms.given_names(nick):
            found.setdefault(given, []).append(nick)
    return {given: tuple(nicks) for given, nicks in found.items()}


def _parts(words: str, tokens: tuple[str, ...]) -> list[tuple[str, tuple[str, ...]]]:
    """The query whole, and each of its words, with the tokens that each covers."""
    single = [(word, forms.tokens(word)) for word in words.split()]
    return [(words, tokens), *(one for one in single if one[1] and one[1] != tokens)]


def _marks(db: Db, reader: Reader, told: str) -> list[Hit]:
    c = MarkRow.table.c
    hits: list[Hit] = []

    def look(
        mark: str, why: str, score: float, *where: sa.ColumnElement[bool], part: str | None = None
    ) -> None:
        found = _marked(db, reader, mark, *where, parts=[part] if part else [])
        hits.extend(_hit(row, why, score) for row in found)

    spoken = forms.in_figures(forms.fold(told))
    if any(char.isdigit() for char in spoken) or told.isupper() or forms.plate(told):
        hits += _plates(db, reader, told)
    if any(char.isdigit() for char in spoken):
        if phone := forms.phone(told):
            look("phone", "number", 1.0, c.normal == phone.e164)
        elif ending := forms.phone_ending(told):
            ends = c.normal.endswith(ending)
            look("phone", "number ends so", 0.85, ends, part=_ending(ending))
        if postcode := forms.postcode(told):
            begins = c.normal >= postcode, c.normal < postcode + "\U0010ffff"
            look("postcode", "postcode", 1.0, *begins)
    if handle := forms.handle(told):
        name = forms.handle_name(handle)
        look("handle", "handle", 1.0, c.normal == handle)
        part = _beginning(name) if len(name) >= HANDLE_START else None
        same = c.normal != handle, c.alike == name
        look("handle", "same name, another platform", 0.9, *same, part=_beginning(name))
        longer = c.alike != name, c.alike.startswith(name, autoescape=True)
        look("handle", "handle begins so", 0.8, *longer, part=part)
    return hits


def _plates(db: Db, reader: Reader, told: str) -> list[Hit]:
    """Plates that have these characters somewhere, look-alikes taken as one (an inner `*` is any
    character), and caught parts of the plate that was asked for."""
    asked, whole = forms.plate_partial(told), forms.plate(told)
    if asked is None:
        return []
    c = MarkRow.table.c
    core = forms.confusables(asked.strip("*"))
    hits = [
        _hit(row, "plate", 1.0)
        if whole and row.normal == whole.normal
        else _hit(row, "plate fits", 0.9)
        for row in _marked(
            db,
            reader,
            "vehicle",
            c.alike.like("%" + core.replace("*", "_") + "%"),
            parts=_rarest(db, core),
        )
    ]
    if whole:
        full = forms.confusables(whole.normal)
        runs = {full[at:end] for end in range(len(full) + 1) for at in range(end + 1)}
        runs_of = [f"*{run}" for run in sorted(runs)]
        caught = _marked(db, reader, "vehicle", c.normal.contains("*"), parts=runs_of, most=None)
        fitting = (row for row in caught if forms.plate_matches(row.alike, full))
        hits += [_hit(row, "part of the plate", 0.8) for row in islice(fitting, SEEN)]
    return hits


def _rarest(db: Db, core: str) -> list[str]:
    """Of the parts that stand in what was caught, the one that the fewest plates have; none where
    no two characters stand together."""
    runs = [run for run in core.split("*") if len(run) > 1]
    size = min(PLATE_PART, max(map(len, runs), default=0))
    parts = {run[at : at + size] for run in runs for at in range(len(run) - size + 1)}
    if len(parts) < 2 or lacks(db, PartRow, "part"):
        return sorted(parts)
    c, rarest = PartRow.table.c, ""
    for most in RARE:
        often = {part: counted(db, sa.select(c.part).where(c.part == part), most) for part in parts}
        rarest = min(sorted(parts), key=often.__getitem__)
        if often[rarest] <= most:
            break
    return [rarest]


def _marked(
    db: Db,
    reader: Reader,
    mark: str,
    *where: sa.ColumnElement[bool],
    parts: Sequence[str] = (),
    most: int | None = SEEN,
) -> list[Any]:
    """The newest marks of a kind of which this holds and that have one of the parts, if any are
    named. Of somebody who reaches little they are found from their few items, and not from all
    marks or from a part."""
    table, p = MarkRow.table, PartRow.table.c
    c, seen = table.c, scope.sees(reader, table.c.item, singly=True)
    little = scope.sees_little(reader)
    kind = c.mark.concat("") if little else c.mark
    asked = sa.select(table).where(kind == mark, *where, seen)
    if not parts or little or lacks(db, PartRow, "part"):
        asked = scope.from_little(db, reader, c.item, asked)
        return list(db.execute(asked.order_by(asked.selected_columns.seq.desc()).limit(most)))
    same = sa.and_(p.normal == c.normal, p.item == c.item, p.seq == c.seq)
    if db.dialect.name == "postgresql":  # it would begin with all marks of this kind
        one = asked.where(same).limit(1).offset(0).correlate(PartRow.table).lateral()
        select = sa.select(one).select_from(PartRow.table.join(one, sa.true()))
    else:
        select = asked.join(PartRow.table, same)
    select = select.order_by(p.seq.desc()).limit(most)
    # one part after another: of several together SQLite would begin with all marks
    found = {
        (row.mark, row.normal, row.item, row.seq): row
        for part in _held(db, parts)
        for row in db.execute(select.where(p.part == part))
    }
    return sorted(found.values(), key=lambda row: -row.seq)[:most]


def _held(db: Db, parts: Sequence[str]) -> Sequence[str]:
    """Those of these parts that some mark has."""
    c = PartRow.table.c
    if len(parts) == 1:
        return parts
    return db.execute(sa.select(c.part).where(c.part.in_(parts)).distinct()).scalars().all()


def _hit(row: Any, why: str, score: float) -> Hit:
    return Hit(row.item, row.kind, row.normal, row.mark, why, _placed(row.kind, score))


def _texts(db: Db, reader: Reader, tokens: tuple[str, ...]) -> list[Hit]:
    """The newest texts that hold every word, or a word that begins so."""
    table = TextRow.table
    seen = scope.sees(reader, table.c.item, singly=True)
    holds = holding(db, TextRow, tokens, of_few=scope.sees_little(reader))
    select = sa.select(table).where(holds, seen)
    if not _reads_words(reader):
        select = select.where(table.c.kind != READ)
    select = scope.from_little(db, reader, table.c.item, select)
    hits = []
    for row in db.execute(select.order_by(select.selected_columns.seq.desc()).limit(SEEN)):
        whole = set(tokens) <= set(row.words.split())
        why, score = ("words", 0.6) if whole else ("words begin so", 0.5)
        hits.append(Hit(row.item, row.kind, _clip(row.label), row.field, why, score))
    return hits


def _clip(text: str) -> str:
    one = " ".join(text.split())
    return one if len(one) <= CLIP else one[: CLIP - 1] + "\N{HORIZONTAL ELLIPSIS}"


def sanitised(db: Db, reader: Reader, reports: Collection[UUID]) -> dict[UUID, str]:
    """The latest sanitised text of each of these reports that the reader sees."""
    c, wanted = TextRow.table.c, sorted(reports)
    found: dict[UUID, str] = {}
    for start in range(0, len(wanted), 500):
        some = c.item.in_(wanted[start : start + 500])
        where = (some, c.field == "sanitised", scope.sees(reader, c.item))
        select = sa.select(c.item, c.label).where(*where).order_by(c.seq)
        found |= {row.item: row.label for row in db.execute(select)}
    seen = scope.seen(db, reader, found)
    return {one: text for one, text in found.items() if one in seen}


def told_in(db: Db, reader: Reader, tokens: Iterable[str]) -> set[UUID]:
    """The observations whose words, or whose correction, hold each of these tokens as a word."""
    wanted = tuple(dict.fromkeys(tokens))
    if not wanted:
        return set()
    table = TextRow.table
    select = sa.select(table.c.item, table.c.words).where(
        table.c.kind == "observation",
        holding(db, TextRow, wanted),
        scope.sees(reader, table.c.item),
    )
    return {row.item for row in db.execute(select) if set(wanted) <= set(row.words.split())}


def read_in(db: Db, reader: Reader, mark: str, normal: str) -> set[UUID]:
    """The observations in whose words this plate, phone, handle or postcode was read."""
    c = MarkRow.table.c
    read = c.mark == MARKS.get(mark, mark), c.normal == normal, c.kind == "observation"
    select = sa.select(c.item).where(*read, scope.sees(reader, c.item))
    return set(db.execute(select).scalars())
