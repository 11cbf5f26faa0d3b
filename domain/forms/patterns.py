"""Join long patterns and tables that are written on several lines, and compile patterns when they
are first used.
"""

import re
from collections.abc import Callable, Iterator
from functools import cached_property
from sys import maxsize
from typing import Any, cast

_BREAK = re.compile(r"\n\s*")
#: Matches the beginning of a word. A plain \b also matches at the end of a word, where a search
#: would try each alternative in vain.
WORD_START = r"\b(?=\w)"


def join_lines(pattern: str) -> str:
    """Return one regular expression from several lines, without line breaks and indents."""
    return _BREAK.sub("", pattern)


def words(table: str) -> frozenset[str]:
    """Return the set of words in a text, split at spaces and line ends."""
    return frozenset(table.split())


class _LazyPattern:
    """A regular expression that is compiled when it is first used."""

    #: True if many texts will be searched; `expect_many_texts` sets it.
    many = False

    def __init__(self, text: str, flags: int, prepare: Callable[[str], str], rough: str) -> None:
        self._unprepared, self._wanted, self._prepare = text, flags, prepare
        self._rough = rough

    def __getattr__(self, name: str) -> Any:
        # copy and pickle ask for special methods, for which the pattern need not be compiled
        if name.startswith("__"):
            raise AttributeError(name)
        compiled_member = getattr(self._compiled, name)
        setattr(self, name, compiled_member)
        return compiled_member

    @cached_property
    def _compiled(self) -> "re.Pattern[str] | _AnyCase":
        text, flags = self._prepare(self._unprepared), self._wanted
        arranged = by_letter if self.many and not flags & re.VERBOSE else str
        if flags & re.IGNORECASE and not _OWN_FLAGS.search(text):
            return _AnyCase(text, flags, arranged)
        if self._rough and self.many:
            return _AnyCase(text, flags, arranged, self._rough)
        return re.compile(arranged(text), flags)


#: Start of a group that sets its own flags, so that capitals may differ from small letters in the
#: group.
_OWN_FLAGS = re.compile(r"\(\?[a-z]*-?[a-z]+[:)]")
#: Matches a capital in a pattern (group 1). It also matches an escape or the name of a group,
#: without group 1; these two stay unchanged.
_CAPITAL = re.compile(r"\\.|\(\?P[<=]\w+|([A-Z])")


class _AnyCase:
    """A regular expression for which small letters and capitals are the same. It searches an ASCII
    text in small letters, which is several times as fast, and repeats each match on the original
    text.

    If capitals matter in a part of the pattern, `rough` is the pattern without that part. `rough`
    has to match wherever the whole pattern matches.
    """

    def __init__(
        self, text: str, flags: int, arranged: Callable[[str], str], rough: str = ""
    ) -> None:
        self._text, self._flags, self._is_rough = text, flags, bool(rough)
        small = _CAPITAL.sub(
            lambda match: match[1].lower() if match[1] else match[0], rough or text
        )
        self._small = re.compile(arranged(small), flags & ~re.IGNORECASE)

    @cached_property
    def _exact(self) -> re.Pattern[str]:
        return re.compile(self._text, self._flags)

    def __getattr__(self, name: str) -> Any:
        return getattr(self._exact, name)

    def search(self, text: str, start: int = 0, end: int = maxsize) -> re.Match[str] | None:
        if not text.isascii():
            return self._exact.search(text, start, end)
        small = text.lower()
        if small == text and not self._is_rough:
            return self._small.search(small, start, end)
        return next(self._made(text, small, start, end), None)

    def match(self, text: str, start: int = 0, end: int = maxsize) -> re.Match[str] | None:
        if not text.isascii():
            return self._exact.match(text, start, end)
        small = text.lower()
        small_match = self._small.match(small, start, end)
        is_exact = small == text and not self._is_rough
        return small_match if not small_match or is_exact else self._exact.match(text, start, end)

    def finditer(self, text: str, start: int = 0, end: int = maxsize) -> Iterator[re.Match[str]]:
        if not text.isascii():
            return self._exact.finditer(text, start, end)
        small = text.lower()
        if small == text and not self._is_rough:
            return self._small.finditer(small, start, end)
        return self._made(text, small, start, end)

    def _made(self, text: str, small: str, start: int, end: int) -> Iterator[re.Match[str]]:
        while small_match := self._small.search(small, start, end):
            exact = self._exact.match(text, small_match.start(), end)
            if exact:
                yield exact
            start = max(exact.end() if exact else 0, small_match.start() + 1)


#: The parts of a regular expression: an escape, a set of characters, the beginning or end of a
#: group, the mark between two alternatives, or a character.
_PART = re.compile(r"(?s)\\.|\[\^?\]?(?:\\.|[^\]\\])*\]|\((?:\?(?:P<\w+>|<?[=!]|[a-z-]*[:>]))?|.")
_REPEATS = ("?", "*", "+", "{")
_CAPTURES = re.compile(r"\((?!\?)|\(\?P<")


def by_letter(pattern: str) -> str:
    """Return a regular expression with the same matches in which alternatives that begin with the
    same letter are joined: "hit|hurt|slap" becomes "h(?:it|urt)|slap". A search with a long list of
    alternatives then takes a third less time.
    """
    parts = iter(_PART.findall(pattern))
    return _joined(parts)


def _joined(parts: Iterator[str]) -> str:
    """Return the alternatives of a group in a regular expression, read up to the group's closing
    bracket; alternatives with the same first letter are joined.
    """
    groups: list[list[str]] = [[]]
    for part in parts:
        if part == ")":
            break
        if part == "|":
            groups.append([])
        else:
            groups[-1].append(f"{part}{_joined(parts)})" if part[0] == "(" else part)
    return _by_first_letter(groups)


def _by_first_letter(alternatives: list[list[str]]) -> str:
    whole = ["".join(alternative) for alternative in alternatives]
    groups = (part for alternative in alternatives for part in alternative if part[0] == "(")
    if len(whole) == 1 or any(map(_CAPTURES.search, groups)):
        return "|".join(whole)
    # alternatives whose first letter is not certain stay at their place in the order
    runs: list[dict[str, list[list[str]]]] = [{}]
    for alternative in alternatives:
        letter = _first_letter(alternative)
        if not letter or letter.swapcase() in runs[-1]:
            runs.append({})
        runs[-1].setdefault(letter, []).append(alternative[1:] if letter else alternative)
        if not letter:
            runs.append({})
    return "|".join(
        letter + (f"(?:{_by_first_letter(rests)})" if len(rests) > 1 else "".join(rests[0]))
        for run in runs
        for letter, rests in run.items()
    )


def _first_letter(parts: list[str]) -> str:
    """Return the letter with which each match of one alternative of a regular expression begins; ""
    if that is not certain.
    """
    first, then = (*parts, "", "")[:2]
    certain = len(first) == 1 and first.isascii() and first.isalpha() and then not in _REPEATS
    return first if certain else ""


def lazy_regex(
    text: str, flags: int = 0, prepare: Callable[[str], str] = str, rough: str = ""
) -> re.Pattern[str]:
    """Return a regular expression that is compiled when it is first used, because compiling all
    expressions at the start would make short commands slow. The function `prepare` changes the text
    of the pattern before it is compiled. `rough` is a simpler pattern, which the docstring of
    `_AnyCase` explains.
    """
    return cast("re.Pattern[str]", _LazyPattern(text, flags, prepare, rough))


def expect_many_texts() -> None:
    """Compile regular expressions from now on so that they suit a search of many texts: the
    compilation takes about 50 % longer, and each search takes about 17 % less time.
    """
    _LazyPattern.many = True
