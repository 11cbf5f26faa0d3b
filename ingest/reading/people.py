"""People and nicknames in free text: evidence is weighed per word, from the word and its neighbours.

A capital, a place in the table of given names or short names, a title, a word such as "called"
before it, a verb of speech or motion after it: none is proof alone, and lower case is common.
"""

import re
from collections.abc import Collection, Iterator, Sequence
from functools import cache

import msgspec

from domain.forms import name, nicknames
from domain.values import Mention, MentionKind
from ingest.reading import cues
from ingest.reading.common import is_common
from ingest.reading.given import DOUBTFUL, given

_WORD = re.compile(r"[^\W\d_]+(?:['’`][^\W\d_]+)*(?:-[^\W\d_]+)*")
_LONGEST_NAME = 20
_Found = Iterator[Mention]


class _Word(msgspec.Struct):
    """A word of the text with what its letters alone say about it."""

    start: int
    end: int
    low: str
    capital: bool
    shouted: bool
    first: bool
    known: bool
    doubtful: bool
    nick: bool
    common: bool
    owns: bool
    taken: bool


@cache
def _nicks() -> frozenset[str]:
    return nicknames() | cues.NICKNAMES


def people(text: str, taken: Sequence[tuple[int, int]], names: Collection[str] = ()) -> list[Mention]:
    """Everybody named in `text` outside the spans `taken`; `names` are the case's confirmed ones."""
    sure = frozenset(part for told in names for part in name(told).split() if len(part) > 1)
    words = _words(text, taken, sure)
    found: list[Mention] = list(_initials(text, taken))
    at = 0
    while at < len(words):
        read, used = _person(text, words, at, sure)
        if read is not None:
            found.append(read)
        at += used
    return found


def _words(text: str, taken: Sequence[tuple[int, int]], sure: frozenset[str]) -> list[_Word]:
    spans = [(m.start(), m.end()) for m in _WORD.finditer(text)]
    cased = _case_tells(text, spans)
    words: list[_Word] = []
    claims = iter(sorted(taken))
    claim = next(claims, None)
    for start, end in spans:
        while claim is not None and claim[1] <= start:
            claim = next(claims, None)
        told = text[start:end]
        low, owns = _bare(told[:40], sure)
        end = start + len(low) if owns and told[: len(low)].lower() == low and "'" in told.replace("’", "'") else end
        gap = text[max(0, start - 3) : start]
        words.append(
            _Word(
                start=start,
                end=end,
                low=low,
                capital=cased and told[0].isupper(),
                shouted=len(told) > 1 and told.isupper(),
                first=start == 0 or not words or re.search(r"[.!?:\n\"“”]\s?$|[-–]\s$|^\s*$", gap) is not None,
                known=low in sure or low in given() or low in _nicks(),
                doubtful=low not in sure and (low in DOUBTFUL or (is_common(low) and low in (given() | _nicks()))),
                nick=low in _nicks() and low not in given(),
                common=is_common(low),
                owns=owns,
                taken=claim is not None and claim[0] < end,
            )
        )
    return words


def _case_tells(text: str, spans: list[tuple[int, int]]) -> bool:
    """Whether capitals mean anything here: not in a text that is shouted or Titled Throughout."""
    capitals = sum(text[start].isupper() for start, _ in spans)
    return len(spans) < 3 or capitals <= 0.7 * len(spans)


def _bare(told: str, sure: frozenset[str]) -> tuple[str, bool]:
    """A word folded, its possessive taken off: "Ellie's", "Ellies" and "Bazs" own something."""
    if re.search(r"['’`]s?$", told) or re.search(r"['’`]s$", told.lower()):
        return name(re.sub(r"['’`]s?$", "", told, flags=re.IGNORECASE)), True
    low = name(told)
    if low in sure or low in given() or low in _nicks() or is_common(low):
        return low, False
    stem = low.removesuffix("s")
    if stem != low and (stem in sure or ((stem in given() or stem in _nicks()) and stem not in DOUBTFUL)):
        return stem, True
    return _unswapped(low), False


def _unswapped(low: str) -> str:
    """The given name of which `low` has two neighbouring letters swapped ("kayliegh")."""
    if 5 <= len(low) <= _LONGEST_NAME:
        for at in range(1, len(low) - 1):
            swapped = low[:at] + low[at + 1] + low[at] + low[at + 2 :]
            if swapped in given():
                return swapped
    return low


def _person(text: str, words: list[_Word], at: int, sure: frozenset[str]) -> tuple[Mention | None, int]:
    """The person whose mention begins at this word, and how many words to step on."""
    word = words[at]
    if word.taken or not word.low:
        return None, 1
    following = words[at + 1] if at + 1 < len(words) and _touch(text, word, words[at + 1]) else None
    if following is not None and not following.taken:
        if word.low in cues.TITLES and _nameable(following):
            return _told(text, words, at, at + 1, 0.9, sure)
        if word.low in cues.ADJECTIVES and _qualified(word, following):
            return _told(text, words, at, at + 1, 0.75, sure)
    confidence = _confidence(text, words, at, following)
    if confidence < cues.LEAST:
        return None, 1
    return _told(text, words, at, at, confidence, sure)


def _touch(text: str, left: _Word, right: _Word) -> bool:
    return text[left.end : right.start] in (" ", "  ", "-", ". ")


def _nameable(word: _Word) -> bool:
    return word.known or ((word.capital or not word.common) and word.low not in cues.FUNCTION)


def _qualified(adjective: _Word, word: _Word) -> bool:
    """Whether an adjective and this word make a nickname: "Big Mo", "tall paul", "Ginger Nut"."""
    if word.known and not (word.doubtful and not word.capital):
        return True
    return adjective.capital and not adjective.first and word.capital and word.low not in cues.FUNCTION


def _confidence(text: str, words: list[_Word], at: int, following: _Word | None) -> float:
    """How sure it is that this word is somebody (0–1)."""
    word = words[at]
    before = text[max(0, word.start - 32) : word.start]
    after = text[word.end : word.end + 24]
    if cues.naming(before, word.low, word.capital, word.known, word.common):
        return 0.85
    if word.low in cues.FUNCTION or word.low in cues.NEVER or len(word.low) > _LONGEST_NAME:
        return 0.0
    acting = cues.ACTS.match(after) is not None
    beside = cues.BESIDE.search(before) is not None
    if word.known and not word.doubtful:
        return 0.95 if word.capital else 0.8
    if word.known:
        return _doubtful(word, acting, beside, before, after, following)
    if len(word.low) < 2 or word.common:
        return 0.0
    if word.capital and not (word.shouted and len(word.low) <= 5):
        if not word.first:
            return 0.6
        return 0.55 if acting or word.owns or cues.JOINED.match(after) or _surnamed(following) else 0.3
    if word.shouted:
        return 0.5 if beside and acting else 0.0
    if cues.COMPANION.search(before) or (acting and (word.first or beside)):
        return 0.5
    return 0.5 if word.owns and beside else 0.0


def _doubtful(
    word: _Word, acting: bool, beside: bool, before: str, after: str, following: _Word | None
) -> float:
    """A name that is also a word ("Will", "may", "Mark"): capital or company must speak for it."""
    if cues.NO_PERSON.search(before) or cues.NO_PERSON_AFTER.match(after):
        return 0.0
    if word.capital and not word.first:
        return 0.8
    if word.capital:
        strong = cues.SPEAKS.match(after) is not None
        if strong or _surnamed(following) or word.owns or cues.JOINED.match(after):
            return 0.7
        return 0.6 if acting and not word.common else 0.45 if not word.common else 0.0
    if cues.COMPANION.search(before) and not cues.NOUN_AFTER.match(after):
        return 0.6
    if cues.SPEAKS.match(after) and (word.first or beside):
        return 0.6
    return 0.5 if not word.common and (acting or beside) and len(word.low) > 2 else 0.0


def _surnamed(following: _Word | None) -> bool:
    return following is not None and following.capital and following.low not in cues.FUNCTION and not following.common


def _told(
    text: str, words: list[_Word], start: int, last: int, confidence: float, sure: frozenset[str]
) -> tuple[Mention, int]:
    """The mention from word `start` on: the name at `last`, with the surname that follows it."""
    end = last
    while end + 1 < len(words) and end - last < 2 and _is_surname(text, words, end):
        end += 1
    said = words[start : end + 1]
    parts = [w.low for w in said]
    if parts[0] in cues.DROPPED and len(parts) > 1:
        parts = parts[1:]
    kind = _kind(words[start], words[last], end > last, text)
    used = end - start + 1
    return Mention(said[0].start, said[-1].end, kind, " ".join(parts), confidence), used


def _is_surname(text: str, words: list[_Word], at: int) -> bool:
    word, then = words[at], words[at + 1]
    if word.owns or then.taken or text[word.end : then.start] not in (" ", "-") or then.low in cues.FUNCTION or then.low in cues.NEVER:
        return False
    if then.capital:
        return word.capital and not (then.shouted and len(then.low) > 1 and not word.shouted) and not (then.common and cues.ACTS.match(" " + then.low + " ") is not None)
    rare = not then.common and not then.known and len(then.low) >= 4 and not then.capital
    return rare and not word.capital and word.known and not word.doubtful


def _kind(first: _Word, word: _Word, surnamed: bool, text: str) -> MentionKind:
    if first is not word:
        return "person" if first.low in cues.FORMAL else "nickname"
    if word.nick or (not word.known and not surnamed and not word.shouted):
        return "nickname"
    return "person"


def _initials(text: str, taken: Sequence[tuple[int, int]]) -> _Found:
    """People who sign with one letter: `"same place x G"`, "saved as J"."""
    for match in cues.INITIAL.finditer(text):
        start, end = match.span("initial")
        if not any(s < end and start < e for s, e in taken):
            yield Mention(start, end, "nickname", match["initial"].lower(), 0.6)
