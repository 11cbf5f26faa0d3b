"""Patterns are searched in faster ways: in small letters, or only at some positions of a text. They
find the same matches as the full pattern."""

import json
import re
from collections.abc import Iterable, Iterator
from functools import cache
from importlib import import_module
from itertools import product
from pathlib import Path

import pytest

from domain.forms import time_words
from domain.forms.patterns import WORD_START, by_letter, lazy_regex
from ingest.reading.spelling import squeezed
from tests.rotation import todays

DATA = Path(__file__).parents[2] / "data"
READING = (
    "cues",
    "drift",
    "gazetteer",
    "handles",
    "phones",
    "place_patterns",
    "plates",
    "vehicles",
)
MODULES = (
    *("domain.language.contact", "domain.language.private"),
    *(f"ingest.reading.{name}" for name in READING),
)
LONG_S = "\u017f"


@cache
def texts() -> tuple[str, ...]:
    """Return every text of the labelled sets: as written, in capitals, and with look-alike
    letters.
    """
    files = [file.read_text("utf-8") for file in sorted(DATA.glob("*.jsonl"))]
    lines = [line for file in files for line in file.split("\n") if line.strip()]
    found = [value for line in lines for value in json.loads(line).values()]
    plain = [value for value in found if isinstance(value, str) and len(value) > 12]
    # the plain texts again: in capitals, and with another form of the letter s
    capitals, alike = (
        (text.upper() for text in plain),
        (text.replace("s", LONG_S) for text in plain),
    )
    return (*plain, *capitals, *alike)


def patterns(modules: tuple[str, ...]) -> Iterator[re.Pattern[str]]:
    """Yield the patterns of these modules, including the patterns in their tables."""
    for module in modules:
        yield from _within(list(vars(import_module(module)).values()))


def _within(values: Iterable[object]) -> Iterator[re.Pattern[str]]:
    for value in values:
        if isinstance(value, tuple):
            yield from _within(value)
        elif type(value) is type(lazy_regex("a")):
            yield value


def regexes() -> Iterator[re.Pattern[str]]:
    """Yield the patterns of these modules that ignore the difference between capitals and small
    letters.
    """
    return (pattern for pattern in patterns(MODULES) if pattern.flags & re.IGNORECASE)


def test_a_search_in_small_letters_finds_what_the_pattern_matches() -> None:
    """A search in small letters finds the same matches as the full pattern, with the same words in
    each group."""
    tried = 0
    for pattern in regexes():
        exact = re.compile(pattern.pattern, pattern.flags)
        tried += 1
        for text in todays(texts()[tried % 7 :: 7]):
            mine = [(one.span(), one.groups()) for one in pattern.finditer(text)]
            assert mine == [(one.span(), one.groups()) for one in exact.finditer(text)]
            first, its = pattern.search(text), exact.search(text)
            assert (first and first.groups()) == (its and its.groups())
    assert tried > 40


@pytest.mark.parametrize(
    ("pattern", "text", "found"),
    [
        ("(?P<Name>b[A-C]+)\\b", "xBabC d", "BabC"),
        (r"\Aa\S\D", "A1b c", "A1b"),
        ("s", f"TE{LONG_S}T", LONG_S),
        ("k", "5 \u212a", "\u212a"),  # the Kelvin sign looks like a K but is another character
        (r"(?-i:[A-Z]{2}) x", "ab X CD X", "CD X"),
        (r"[^A-C]+", "aBcDe", "De"),
    ],
)
def test_letters_that_may_be_capitals(pattern: str, text: str, found: str) -> None:
    lazy = lazy_regex(pattern, re.IGNORECASE)
    match = lazy.search(text)
    assert match is not None
    assert match.group() == found
    assert match.string == text
    assert [one.span() for one in lazy.finditer(text)] == [
        one.span() for one in re.compile(pattern, re.IGNORECASE).finditer(text)
    ]
    again = lazy.match(text, match.start(), match.end())
    assert again is not None
    assert again.span() == match.span()


@pytest.fixture(params=[False, True], ids=["one text", "many texts"])
def many(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> None:
    """Run each test twice: with patterns that are compiled for a single text, and with patterns
    that are compiled for many texts."""
    monkeypatch.setattr(type(lazy_regex("a")), "many", request.param)


@pytest.mark.usefixtures("many")
def test_capitals_count_in_a_part_of_a_pattern() -> None:
    pattern, text = r"at (\d)(?-i:(?! [A-Z]))", "AT 9 Mill Lane, At 8 mills, at 7 Mill Lane at 6"
    mine, exact = (
        lazy_regex(pattern, re.IGNORECASE, rough=r"at (\d)"),
        re.compile(pattern, re.IGNORECASE),
    )
    for way in (text, text.lower(), f"{text} {LONG_S}"):
        found = [(one.span(), one[1]) for one in exact.finditer(way)]
        assert [(one.span(), one[1]) for one in mine.finditer(way)] == found
        first = mine.search(way)
        assert first is not None
        assert (first.span(), first[1]) == found[0]
        assert (mine.match(way) is None) == (exact.match(way) is None)


@pytest.mark.parametrize(
    ("pattern", "joined"),
    [
        ("hit|hurt|slap|harm", "h(?:it|urt|arm)|slap"),
        ("x(?:hit|hits?|[hs]|has)", "x(?:h(?:i(?:t(?:|s?)))|[hs]|has)"),
        ("ab?|ac|a+|ad|a{2}", "a(?:b?|c)|a+|ad|a{2}"),
        ("ab|Ac|ad", "ab|Ac|ad"),
        ("(ab)|ac|(ad)", "(ab)|ac|(ad)"),
        (r"a|b\||[a|(]|b\)|ba", r"a|b\||[a|(]|b(?:\)|a)"),
        ("(?<=to |in |ta )|(?>a|b|ac)", "(?<=t(?:o |a )|in )|(?>a(?:|c)|b)"),
        ("(?-i:ab|ac)|(?!ab|a)", "(?-i:a(?:b|c))|(?!a(?:b|))"),
        ("ab||a", "ab||a"),
    ],
)
def test_alternatives_with_the_same_first_letter_are_joined(pattern: str, joined: str) -> None:
    assert by_letter(pattern) == joined


def test_patterns_whose_alternatives_are_joined_match_the_same() -> None:
    tried = changed = 0
    for pattern in patterns(("ingest.reading.urgency", "ingest.reading.meanings", *MODULES)):
        if pattern.flags & re.VERBOSE:
            continue
        joined = by_letter(pattern.pattern)
        exact, mine = (re.compile(text, pattern.flags) for text in (pattern.pattern, joined))
        tried += 1
        changed += joined != pattern.pattern
        for text in todays(texts()[tried % 11 :: 11]):
            for way in (text, squeezed(text)):
                assert [(one.span(), one.groups()) for one in mine.finditer(way)] == [
                    (one.span(), one.groups()) for one in exact.finditer(way)
                ], way
    assert tried > 100
    assert changed > 60


def test_a_pattern_that_begins_with_a_word_misses_no_match() -> None:
    """A pattern that is tried only at the start of a word finds every match that a trial at every
    position of the text would find."""
    tried = 0
    for pattern in patterns(("ingest.reading.urgency", "ingest.reading.meanings", *MODULES)):
        if WORD_START not in pattern.pattern:
            continue
        every = re.compile(pattern.pattern.replace(WORD_START, r"\b"), pattern.flags)
        tried += 1
        for text in todays(texts()[tried % 5 :: 5]):
            for way in (text, squeezed(text)):
                assert [one.span() for one in pattern.finditer(way)] == [
                    one.span() for one in every.finditer(way)
                ], way
    assert tried > 20


@pytest.mark.usefixtures("many")
def test_times_are_found_at_every_place_at_which_one_can_begin() -> None:
    """The search for times finds every time. It looks only at letters with which a time can begin,
    and misses none by this."""
    atom = time_words.atom.__wrapped__()
    every = re.compile(atom.pattern.removeprefix(time_words.BEGINNING), re.IGNORECASE)
    spoken = [*time_words.HOURS, *time_words.MONTHS, *time_words.FEASTS, *time_words.WEEKDAYS]
    spoken += ["the 3rd", "y'day", "2moro", "half past ten", "qtr to 6", "@ 9", "throat 2047hrs"]
    pairs = (" ".join(pair) for pair in product(("at", "late", "in", "x", "3"), spoken))
    for text in (*todays(texts()), *spoken, *pairs):
        assert [one.span() for one in atom.finditer(text)] == [
            one.span() for one in every.finditer(text)
        ], text
