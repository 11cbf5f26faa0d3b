"""Join long patterns and tables that are written on several lines, and compile patterns when they
are first used.
"""

import re
from collections.abc import Callable
from typing import Any, cast

_BREAK = re.compile(r"\n\s*")


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
        compiled = re.compile(self._prepare(self._unprepared), self._wanted)
        for method in ("search", "match", "fullmatch", "finditer", "findall", "sub", "split"):
            setattr(self, method, getattr(compiled, method))
        return getattr(compiled, name)


def lazy_regex(text: str, flags: int = 0, prepare: Callable[[str], str] = str) -> re.Pattern[str]:
    """Return a regular expression that is compiled when it is first used, from the prepared text:
    to compile all of them took a fifth of the time of recording a log entry.
    """
    return cast("re.Pattern[str]", _LazyPattern(text, flags, prepare))
