"""Long patterns and tables written over several lines, to be readable."""

import re

_BREAK = re.compile(r"\n\s*")


def join_lines(pattern: str) -> str:
    """Return one pattern from several lines, without line breaks and indents."""
    return _BREAK.sub("", pattern)


def words(table: str) -> frozenset[str]:
    """Return the words of a text, split at spaces and line ends."""
    return frozenset(table.split())
