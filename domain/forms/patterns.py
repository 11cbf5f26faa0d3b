"""Join long patterns and tables that are written on several lines, and compile patterns when they
are first used.
"""

import re
from collections.abc import Callable, Iterator
from functools import cached_property
from sys import maxsize
from typing import Any, cast

_BREAK = re.compile(r"\n\s*")
#: Pattern of the beginning of a word. A plain \b also matches at a word's end, where every
#: alternative would be tried in vain.
WORD_START = r"\b(?=\w)"


def join_lines(pattern: str) -> str:
    """Return one regular expression from several lines, without line breaks and indents."""
    return _BREAK.sub("", pattern)


def words(table: str) -> frozenset[str]:
    """Return the set of words in a text, split at spaces and line ends."""
    return frozenset(table.split())


class _LazyPattern:
    """A regular expression that is compiled when it is first used."""

    def __init__(self, text: str, flags: int, prepare: Callable[[str], str]) -> None:
        self._unprepared, self._wanted, self._prepare = text, flags, prepare

    def __getattr__(self, name: str) -> Any:
        if name.startswith("__"):  # copy and pickle request such names, which need no pattern
            raise AttributeError(name)
        found = getattr(self._compiled, name)
        setattr(self, name, found)
        return found

    @cached_property
    def _compiled(self) -> "re.Pattern[str] | _AnyCase":
        text, flags = self._prepare(self._unprepared), self._wanted
        any_case = flags & re.IGNORECASE and not _OWN_FLAGS.search(text)
        return _AnyCase(text, flags) if any_case else re.compile(text, flags)


#: Start of a group that sets its own flags, so that capitals may differ from small letters in the
#: group.
_OWN_FLAGS = re.compile(r"\(\?[a-z]*-?[a-z]+[:)]")
#: A capital in a pattern; or (with no group) an escape or a group's name, which stay unchanged.
_CAPITAL = re.compile(r"\\.|\(\?P[<=]\w+|([A-Z])")


class _AnyCase:
    """A regular expression in which small letters and capitals are equal. An ASCII text is searched
    in small letters, which is several times as fast; the match is then made with the text itself.
    """

    def __init__(self, text: str, flags: int) -> None:
        self._text, self._flags = text, flags
        small = _CAPITAL.sub(lambda match: match[1].lower() if match[1] else match[0], text)
        self._small = re.compile(small, flags & ~re.IGNORECASE)

    @cached_property
    def _exact(self) -> re.Pattern[str]:
        return re.compile(self._text, self._flags)

    def __getattr__(self, name: str) -> Any:
        return getattr(self._exact, name)

    def search(self, text: str, start: int = 0, end: int = maxsize) -> re.Match[str] | None:
        if not text.isascii():
            return self._exact.search(text, start, end)
        small = text.lower()
        match = self._small.search(small, start, end)
        return match if not match or small == text else self._exact.match(text, match.start(), end)

    def match(self, text: str, start: int = 0, end: int = maxsize) -> re.Match[str] | None:
        if not text.isascii():
            return self._exact.match(text, start, end)
        small = text.lower()
        match = self._small.match(small, start, end)
        return match if not match or small == text else self._exact.match(text, start, end)

    def finditer(self, text: str, start: int = 0, end: int = maxsize) -> Iterator[re.Match[str]]:
        if not text.isascii():
            return self._exact.finditer(text, start, end)
        small = text.lower()
        matches = self._small.finditer(small, start, end)
        if small == text:
            return matches
        made = [self._exact.match(text, match.start(), end) for match in matches]
        return iter([match for match in made if match])


def lazy_regex(text: str, flags: int = 0, prepare: Callable[[str], str] = str) -> re.Pattern[str]:
    """Return a regular expression that is compiled when it is first used, from the text that
    `prepare` returns for `text`. Compiling all expressions at the start took a fifth of the time of
    recording a log entry.
    """
    return cast("re.Pattern[str]", _LazyPattern(text, flags, prepare))
