"""Mark hints at the source in a sanitised text; the text is not blocked.

The rules of 3x5x2 (the police's grading of intelligence) for the body of a report are: no hint at
the source, no tactics. Some hints are in the text alone (how a person is related, who was in the
room). Others are facts that fewer than `FEW` households could know, counted over every household
that reported them.
"""

import re
from collections.abc import Collection, Iterator, Sequence
from datetime import datetime
from typing import Literal
from uuid import UUID

import msgspec

from access.who_may import scope
from domain.forms import name, tokens
from domain.forms.patterns import join_lines, lazy_regex
from domain.intelligence.release import Marked
from domain.kernel.values import Mention, Reader
from ingest.reading import read
from ingest.words.informant_chain import KIN, tellers
from projections import search
from projections.families import cases
from projections.information import households, queue
from projections.intelligence import people
from projections.kernel.database import Db

Kind = Literal[
    "exact-time",
    "place-and-time",
    "rare-fact",
    "own-words",
    "family",
    "presence",
    "belonging",
    "family-name",
    "teller",
    "roots",
]
#: If fewer households than this could know a fact, the fact points to these households (k-anonymity
#: with k = 5).
FEW = 5
#: If a text has this many words in a row that the source used, it counts as the source's own words.
RUN = 5
WHY: dict[Kind, str] = {
    "exact-time": "an exact time: give the day, or a part of it",
    "place-and-time": "place and time together: who was there is soon known",
    "rare-fact": "few households could know this",
    "own-words": "these are the teller's own words: say it in others",
    "family": "tells how somebody is related to the child",
    "presence": "tells who was in the room, or where it was overheard",
    "belonging": "a child's or a home's own thing: only who has it could tell",
    "family-name": "a name of the family",
    "teller": "says that somebody told us",
    "roots": "says how many told us",
}

_ROOM = join_lines(
    r"""
    (?:bedroom|kitchen|landing|living room|bathroom|stairs|bed|front door|back door|window|hall)
    """
)
_THING = join_lines(
    r"""
    (?:diary|phone|tablet|laptop|school ?bag|bag|drawer|wardrobe|coat|pocket|jewellery|underwear
    |clothes|messages|call log|phone bill|bank card)
    """
)
_TELLERS = "(?:sources|people|families|parents|households|accounts)"
_PLAIN: tuple[tuple[Kind, str], ...] = (
    ("family", rf"(?:(?:her|his|their|the (?:child|girl|boy|victim)['’]s) )(?:\w+ )?{KIN}\b"),
    ("family", rf"\b{KIN} of (?:the|a) (?:child|girl|boy|victim|young person)\b"),
    ("presence", rf"(?:in|from|outside|on|at) (?:her|his|the|their) (?:own )?{_ROOM}\b"),
    ("presence", r"overheard|(?:was|were) (?:listening|present|in the room)|at home\b"),
    ("belonging", rf"(?:her|his|the (?:child|girl|boy)['’]s) {_THING}\b"),
    ("roots", rf"(?:two|three|four|several|both|\d+) (?:\w+ )?{_TELLERS}\b"),
)
_HINTS = tuple((kind, lazy_regex(rf"\b(?:{way})", re.IGNORECASE)) for kind, way in _PLAIN)
_FACTS = {"person", "nickname", "phone", "vrm", "vrm_partial", "vehicle", "place", "handle"}
_MARKED = {"phone", "vrm", "vrm_partial", "handle", "postcode"}
_EXACT = lazy_regex(r"T\d\d:\d\d$")
_SENTENCE = lazy_regex(r"(?<=[.!?])\s+")


#: Hints that a text may identify its source. A text with such a hint needs a second officer's
#: confirmation.
GRAVE: frozenset[Kind] = frozenset({"own-words", "family-name", "rare-fact", "teller"})
WHOSE = "a name that is no recorded person's: the family's, or the teller's?"


class Hint(msgspec.Struct, frozen=True):
    """A hint at the source, which is text[start:end]. `households` is the number of households that
    could know the fact in the hint (not counted further than `FEW`); None if the hint is not a fact
    that households know.
    """

    start: int
    end: int
    words: str
    kind: Kind
    households: int | None
    why: str


def hints(
    db: Db,
    reader: Reader,
    text: str,
    *,
    written_at: datetime,
    raw: Sequence[str] = (),
    family: Collection[str] = (),
) -> list[Hint]:
    """Return the hints at the source in `text`, in order.

    `raw` are the log entries from which the text was made: a fact is marked only if it occurs in
    them. Without `raw`, a fact is marked if any source reported it. `family` are the names of the
    people of the case. Households of all teams are counted: the more households could know a fact,
    the better the source is protected.
    """
    reader = scope.unlimited(reader)
    found_hints = [*_plain(text), *_names(text, family), *_runs(db, reader, text, raw)]
    mentions = read(text, written_at=written_at, names=family)
    own = [set(tokens(entry)) for entry in raw]
    for kind, start, end, observations in _facts(db, reader, text, mentions):
        fact_words = set(tokens(text[start:end]))
        if own and kind == "rare-fact" and not any(fact_words & entry for entry in own):
            continue
        if any(hint.kind == "family-name" and hint.start == start for hint in found_hints):
            continue
        count = len(households.households(db, reader, observations))
        if (count or kind != "rare-fact") and count < FEW:
            found_hints.append(_hint(text, start, end, kind, count))
    return sorted(set(found_hints), key=lambda hint: (hint.start, -hint.end, hint.kind))


def in_text(text: str, marks: Sequence[Hint]) -> str:
    """Return the text with its hints marked: a source's call becomes [[mum rang]]."""
    for start, stop in reversed(spans(marks)):
        text = f"{text[:start]}[[{text[start:stop]}]]{text[stop:]}"
    return text


def spans(marks: Sequence[Hint]) -> list[tuple[int, int]]:
    """Return the spans of the text that its hints at the source cover, in order; overlapping spans
    are merged."""
    merged: list[tuple[int, int]] = []
    for hint in sorted(marks, key=lambda mark: (mark.start, mark.end)):
        if merged and hint.start < merged[-1][1]:
            merged[-1] = merged[-1][0], max(merged[-1][1], hint.end)
        else:
            merged.append((hint.start, hint.end))
    return merged


def read_drawn_from(
    db: Db, reader: Reader, observations: Collection[UUID]
) -> tuple[list[str], list[str]]:
    """Return the texts of these log entries, and the names of the children in whose cases the
    entries are filed."""
    raw, family = list[str](), list[str]()
    for observation in observations:
        if row := queue.get(db, reader, observation):
            raw.append(row.words)
            case = cases.get(db, reader, row.case) if row.case else None
            child = people.entities(db, reader, [case.child]) if case else {}
            family += [called for entity in child.values() for called in entity.names]
    return raw, family


def grave(
    db: Db, reader: Reader, text: str, observations: Collection[UUID], written_at: datetime
) -> list[Marked]:
    """Return the parts of a text that need a decision by a second officer before the text may be
    given out: hints at the family or at the source, and every name that does not belong to a
    recorded person.
    """
    raw, family = read_drawn_from(db, scope.unlimited(reader), observations)
    found_hints = hints(db, reader, text, written_at=written_at, raw=raw, family=family)
    marks = {Marked(hint.words, hint.why) for hint in found_hints if hint.kind in GRAVE}
    family_names = {hint.words for hint in found_hints if hint.kind == "family-name"}
    for mention in read(text, written_at=written_at):
        words = text[mention.start : mention.end]
        if mention.kind != "person" or words in family_names:
            continue
        if not people.find_by_exact_name(db, reader, name(words)):
            marks.add(Marked(words, WHOSE))
    return sorted(marks, key=lambda one: (text.find(one.words), one.why))


def _hint(text: str, start: int, end: int, kind: Kind, count: int | None) -> Hint:
    return Hint(start, end, text[start:end], kind, count, WHY[kind])


def _plain(text: str) -> Iterator[Hint]:
    for start, end in tellers(text):
        yield _hint(text, start, end, "teller", None)
    for kind, pattern in _HINTS:
        for match in pattern.finditer(text):
            yield _hint(text, match.start(), match.end(), kind, None)


def _names(text: str, family: Collection[str]) -> Iterator[Hint]:
    parts = {part for full_name in family for part in re.findall(r"\w{3,}", full_name)}
    for part in sorted(parts):
        for match in re.finditer(rf"\b{re.escape(part)}\b", text, re.IGNORECASE):
            yield _hint(text, match.start(), match.end(), "family-name", 1)


def _runs(db: Db, reader: Reader, text: str, raw: Sequence[str]) -> Iterator[Hint]:
    """Yield the sequences of `RUN` words or more in a text that are also in one of the source's
    entries (`raw`), unless `FEW` households or more used these words."""
    words = [(tokens(m.group()), m.start(), m.end()) for m in re.finditer(r"\S+", text)]
    flat = [(token, start, end) for group, start, end in words for token in group]
    entry_texts = [f" {' '.join(tokens(entry_text))} " for entry_text in raw]
    at = 0
    while at < len(flat):
        length = 0
        while at + length < len(flat) and any(
            f" {' '.join(token for token, _, _ in flat[at : at + length + 1])} " in entry_text
            for entry_text in entry_texts
        ):
            length += 1
        if length >= RUN:
            run = [token for token, _, _ in flat[at : at + length]]
            known_items = households.households(db, reader, search.containing(db, reader, run))
            if len(known_items) < FEW:
                start, end = flat[at][1], flat[at + length - 1][2]
                yield _hint(text, start, end, "own-words", len(known_items))
        at += max(length, 1)


def _facts(
    db: Db, reader: Reader, text: str, mentions: Sequence[Mention]
) -> Iterator[tuple[Kind, int, int, set[UUID]]]:
    """Yield the facts in a text by which readers could guess the source: for each its kind, its
    first and last position, and the log entries that report it."""
    for mention in mentions:
        if mention.kind in _FACTS:
            yield "rare-fact", mention.start, mention.end, _telling(db, reader, text, mention)
        elif mention.kind == "when" and _EXACT.search(mention.normalised or ""):
            time_words = tokens(text[mention.start : mention.end])
            yield (
                "exact-time",
                mention.start,
                mention.end,
                search.containing(db, reader, time_words),
            )
    for start, end in _sentences(text):
        inside = [m for m in mentions if start <= m.start and m.end <= end]
        places = [m for m in inside if m.kind == "place"]
        times = [m for m in inside if m.kind == "when" and "T" in (m.normalised or "")]
        if places and times:
            both = (places[0], times[0])
            items = set.intersection(*(_telling(db, reader, text, fact) for fact in both))
            yield "place-and-time", min(m.start for m in both), max(m.end for m in both), items


def _telling(db: Db, reader: Reader, text: str, mention: Mention) -> set[UUID]:
    if mention.kind in _MARKED and mention.normalised:
        return search.read_in(db, reader, mention.kind, mention.normalised)
    return search.containing(db, reader, tokens(text[mention.start : mention.end]))


def _sentences(text: str) -> Iterator[tuple[int, int]]:
    start = 0
    for match in _SENTENCE.finditer(text):
        yield start, match.start()
        start = match.end()
    yield start, len(text)
