"""Long patterns and tables written over several lines, for the person who reads them."""

import re

_BREAK = re.compile(r"\n\s*")


def joined(pattern: str) -> str:
    """One pattern out of several lines: line breaks and the indents after them drop out."""
    return _BREAK.sub("", pattern)


def words(table: str) -> frozenset[str]:
    """The words of a table that is written as running text."""
    return frozenset(table.split())
