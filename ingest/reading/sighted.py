"""The words of a text, each with the signs that it may be a name."""

from collections.abc import Sequence
from functools import cache, lru_cache
from typing import NamedTuple

import msgspec

from domain.forms import name, nicknames
from domain.forms.patterns import lazy_regex
from ingest.reading import cues
from ingest.reading.common import is_common, is_listed
from ingest.reading.given import DOUBTFUL, load_given_names

_WORD = lazy_regex(r"(?<![\d_])[^\W\d_]+(?:['’`][^\W\d_]+)*(?:-[^\W\d_]+)*")
_POSSESSIVE = lazy_regex(r"['’`](?i:s)?$")
_SENTENCE_START = lazy_regex(r"[.!?:\n\"“”]\s?$|[-–]\s$|^\s*$")
LONGEST_NAME = 20


class Word(msgspec.Struct, frozen=True):
    """A word of a text: its position, the word in small letters without a possessive ending
    (`low`), and signs that it is a name.

    `capital` is false throughout a text in which capitals mean nothing. A word is `first` if it
    begins a sentence, and `opens` if it follows another mention. It is `known` if it is a given,
    short or confirmed name, and `doubtful` if it is also an ordinary word. It `owns` if it had a
    possessive ending, and is `taken` if it belongs to a mention of another kind.
    """

    start: int
    end: int
    low: str
    capital: bool
    shouted: bool
    first: bool
    opens: bool
    known: bool
    doubtful: bool
    nick: bool
    common: bool
    owns: bool
    taken: bool

    @property
    def is_certain(self) -> bool:
        return self.known and not self.doubtful

    @property
    def strange(self) -> bool:
        """Return whether the word is neither an English word nor a listed name."""
        return not self.common and not self.known and self.low not in cues.FUNCTION


@cache
def _nicks() -> frozenset[str]:
    return nicknames() | cues.NICKNAMES


@cache
def _names() -> frozenset[str]:
    return load_given_names() | _nicks()


class _Form(NamedTuple):
    """What the letters of one word show about whether the word is a name. The fields mean the same
    as in `Word`; `end` is the length of the word without a possessive ending ('s)."""

    low: str
    end: int
    shouted: bool
    known: bool
    doubtful: bool
    nick: bool
    common: bool
    owns: bool


def sighted(text: str, taken: Sequence[tuple[int, int]], sure: frozenset[str]) -> list[Word]:
    """Return the words of `text` with the signs that each may be a name. `taken` are the spans of
    other mentions, `sure` the confirmed names."""
    spans = [match.span() for match in _WORD.finditer(text)]
    cased = _has_meaningful_capitals(text, spans)
    claims = iter(sorted(taken))
    claim = next(claims, None)
    words: list[Word] = []
    opens = False
    for start, stop in spans:
        while claim is not None and claim[1] <= start:
            claim = next(claims, None)
        word = text[start:stop]
        form = _form(word, sure)
        end = start + form.end
        first = not words or _SENTENCE_START.search(text[max(0, start - 3) : start]) is not None
        is_taken = claim is not None and claim[0] < end
        words.append(
            Word(
                start=start,
                end=end,
                low=form.low,
                capital=cased and word[0].isupper(),
                shouted=form.shouted,
                first=first,
                opens=opens,
                known=form.known,
                doubtful=form.doubtful,
                nick=form.nick,
                common=form.common,
                owns=form.owns,
                taken=is_taken,
            )
        )
        opens = is_taken
    return words


@lru_cache(maxsize=8192)
def _form(text: str, sure: frozenset[str]) -> _Form:
    low, owns = _bare(text[: 2 * LONGEST_NAME], sure)
    mark = _POSSESSIVE.search(text)
    named = low in _names()
    return _Form(
        low=low,
        end=mark.start() if mark else len(text),
        shouted=len(text) > 1 and text.isupper(),
        known=len(low) > 1 and (named or low in sure),
        doubtful=low not in sure and (low in DOUBTFUL or (named and is_listed(low))),
        nick=low in _nicks() and low not in load_given_names(),
        common=is_common(low),
        owns=owns,
    )


def _has_meaningful_capitals(text: str, spans: list[tuple[int, int]]) -> bool:
    """Return whether capitals mean anything in a text. They do not if it is ALL CAPITALS or
    Capitalised Throughout."""
    capitals = sum(text[start].isupper() for start, _ in spans)
    small = any(c.islower() for c in text)
    return small and (len(spans) < 8 or capitals <= 0.8 * len(spans))


def _bare(text: str, sure: frozenset[str]) -> tuple[str, bool]:
    """Return a word in small letters without its possessive ending, and whether it had such an
    ending: "Ellie's", "Ellies" and "Bazs" have one. If two letters of a given name are exchanged,
    they are put in order."""
    if _POSSESSIVE.search(text):
        return name(_POSSESSIVE.sub("", text)), True
    low = name(text)
    if low in sure or low in _names() or is_common(low):
        return low, False
    stem = low.removesuffix("s")
    if stem != low and (stem in sure or (stem in _names() and stem not in DOUBTFUL)):
        return stem, True
    return _unswapped(low), False


def _unswapped(low: str) -> str:
    """Return the given name that a word becomes if two neighbouring letters are exchanged
    ("kayliegh"); otherwise the word itself."""
    if 5 <= len(low) <= LONGEST_NAME:
        for at in range(1, len(low) - 1):
            swapped = low[:at] + low[at + 1] + low[at] + low[at + 2 :]
            if swapped in load_given_names():
                return swapped
    return low
