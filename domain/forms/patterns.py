"""Join long patterns and tables that are written on several lines."""

import re

_BREAK = re.compile(r"\n\s*")


def join_lines(pattern: str) -> str:
    """Return one regular expression from several lines, without line breaks and indents."""
    return _BREAK.sub("", pattern)


def words(table: str) -> frozenset[str]:
    """Return the set of words in a text, split at spaces and line ends."""
    return frozenset(table.split())
