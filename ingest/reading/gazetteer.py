"""Find the names of towns in a text: in "lives in Chester" it is a place, although Chester is also
a given name.

If a name may also be a person's or an everyday word, the words before it decide. The list is from
GeoNames (towns.txt has its licence); a police force adds its own places with the setting
`places_file`.
"""

import re
from collections.abc import Collection, Iterator
from functools import lru_cache
from itertools import pairwise
from pathlib import Path

from domain.forms import name, nicknames, place
from domain.forms.patterns import join_lines, lazy_regex
from domain.kernel.values import Mention, Refused
from ingest.reading import cues
from ingest.reading.common import is_common
from ingest.reading.given import load_given_names

_TOWNS = Path(__file__).with_name("towns.txt")
_MOST = 100_000
_WORD = lazy_regex(r"[^\W\d_]+(?:['’][^\W\d_]+)*")
_GAPS = (" ", "-")
#: Words for living in, coming from or going to a place: the next word is the name of a place,
#: whatever else it may mean.
_SURELY = lazy_regex(
    join_lines(
        r"""
        \b(?=\w)(?:(?:liv(?:e|es|ed|ing)|stay(?:s|ed|ing)?|based|born|brought up|grew up|works?
        |worked|working|moved|moving|(?:a )?(?:flat|house|gaff|hotel|caravan|party|job|bedsit|club
        |pub)|family|cousins?|relatives|was|is|are|were|been|hes|shes|he's|she's|theyre)
        (?: (?:over|down|up|out|back))? in|mov(?:e|es|ed|ing) (?:back )?to
        |(?:is|are|was|were|hes|shes|he's|she's|theyre|they're|comes?|came|lads?|blokes?|men|man
        |girls?|people|families|driver|train|bus|coach|taxi) from
        |(?:train|bus|coach|taxi|drive|drove|lift|trip|travel(?:led|s)?|goes|going|went|gone
        |(?:took|take|taken|taking|drove|drives?|driven|brought|sent) (?:her|him|them|me|us|it))
        (?: (?:over|down|up|out|back|all the way))? to
        |outskirts of|middle of|centre of|part of|side of)\s$
        """
    ),
    re.IGNORECASE,
)
#: A pattern of words after which a place or a person may follow.
_MAYBE = lazy_regex(
    r"\b(?=\w)(?:in|to|from|near|nr|at|around|round|outside|towards|toward|via|between|through|over|of)\s$",
    re.IGNORECASE,
)
_WITHIN = lazy_regex(r"\b(?:in|near|nr|towards|toward|via|through|outside)\s$", re.IGNORECASE)
_STATION = lazy_regex(r"\s(?:town|city|train|bus|railway|coach|centre|station|tickets?|lads|way)\b")
_TITLED = lazy_regex(
    r"(?:\b(?:mr|mrs|miss|ms|dr|pc|dc|ds|sgt|called|named|aka|uncle|auntie|aunty|our)|[A-Z](?:[\w'’]+|\.)?)\s$"
)
_CAPITAL_NEXT = lazy_regex(r"[ -][A-Z]")
_LOOK_BACK = 40


class Gazetteer:
    """A list of names of places, which are matched word by word."""

    def __init__(self, names: Collection[str]) -> None:
        by_first: dict[str, set[tuple[str, ...]]] = {}
        for full_name in names:
            if words := tuple(name(full_name).split()):
                by_first.setdefault(words[0], set()).add(words)
        self._names = {
            first: sorted(of_it, key=len, reverse=True) for first, of_it in by_first.items()
        }

    def find_names(self, text: str) -> Iterator[tuple[int, int, tuple[str, ...]]]:
        """Yield every place name in a text, at each word the longest: its span and its words."""
        words = [(m.start(), m.end(), name(m.group())) for m in _WORD.finditer(text)]
        at = 0
        while at < len(words):
            names = self._names.get(words[at][2], ())
            matched_words = names and next(
                (name_words for name_words in names if _matches_at(text, words, at, name_words)),
                None,
            )
            if matched_words:
                yield words[at][0], words[at + len(matched_words) - 1][1], matched_words
            at += len(matched_words) if matched_words else 1


def _matches_at(
    text: str, words: list[tuple[int, int, str]], at: int, name_words: tuple[str, ...]
) -> bool:
    here = words[at : at + len(name_words)]
    if tuple(word for _, _, word in here) != name_words:
        return False
    return all(text[previous[1] : then[0]] in _GAPS for previous, then in pairwise(here))


@lru_cache(maxsize=8)
def towns(own: frozenset[str] = frozenset()) -> Gazetteer:
    """Return the towns of the country and the police force's own places."""
    return Gazetteer(own.union(_names_in(_TOWNS)))


def of_file(file: Path) -> frozenset[str]:
    """Return the places in a text file with one place in each line, or in the first column of a CSV
    file. Raises Refused if the file cannot be read or is too long.
    """
    try:
        own = _names_in(file)
    except (OSError, UnicodeDecodeError) as why:
        raise Refused(f"the list of places {file.name} cannot be read: {why}") from why
    if len(own) > _MOST:
        raise Refused(
            f"the list of places {file.name} has more than {_MOST:,} lines: shorten the list"
        )
    return frozenset(own)


def _names_in(file: Path) -> list[str]:
    lines = file.read_text("utf-8-sig").splitlines()
    names = (line.partition(",")[0].strip(' "') for line in lines if not line.startswith("#"))
    return [town for town in names if town]


def located(text: str, gazetteer: Gazetteer) -> Iterator[Mention]:
    """Yield the towns that a text names as places."""
    for start, end, name_words in gazetteer.find_names(text):
        sure = _confidence(text, start, end, name_words)
        if sure:
            yield Mention(start, end, "place", place(text[start:end]) or None, sure)


def _confidence(text: str, start: int, end: int, name_words: tuple[str, ...]) -> float:
    before = text[max(0, start - _LOOK_BACK) : start]
    capital = text[start].isupper()
    if _CAPITAL_NEXT.match(text, end) and not _STATION.match(text.lower(), end):
        return 0.0  # "Chester Brown" is a person and "Chester Road" a street
    if text[end : end + 1] in ("'", "’", "@", "_"):
        return 0.0
    word = " ".join(name_words)
    named = word in load_given_names() or word in nicknames()
    everyday = len(name_words) == 1 and is_common(word)
    surely = _SURELY.search(before) is not None
    if cues.COMPANION.search(before):
        return 0.0
    if surely and (capital or not everyday or _lives(before)):
        return 0.85 if capital else 0.7
    if named or everyday:
        return 0.6 if capital and _WITHIN.search(before) else 0.0
    if _MAYBE.search(before):
        return 0.7 if capital else 0.55
    if not capital or _TITLED.search(before) or cues.ACTS.match(text, end):
        return 0.5 if _STATION.match(text, end) and len(word) > 3 else 0.0
    return 0.5


def _lives(before: str) -> bool:
    return (
        re.search(r"\b(?:liv(?:e|es|ed|ing)|moved) (?:in|to)\s$", before, re.IGNORECASE) is not None
    )
