"""Make texts from the record safe to display: without control characters, and without characters
that change the direction of writing."""

import unicodedata

#: Unicode's bidirectional controls (UAX 9): they can make a text look different from what it is.
BIDI = frozenset("\u061c\u200e\u200f\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069")


def single_line(text: str, limit: int | None = None) -> str:
    """Return the text on one line, without control characters, at most `limit` characters.

    A character that cannot be shown becomes a visible mark (U+FFFD), so that two labels that differ
    only in such a character do not look the same.
    """
    shown = text if text.isprintable() else "".join(_shown(character) for character in text)
    shown = " ".join(shown.split())
    if limit is not None and len(shown) > limit:
        return shown[: limit - 1].rstrip() + "…"
    return shown


def lines(text: str) -> str:
    """Return the text with each of its lines made safe to display by `single_line`."""
    return "\n".join(single_line(line) for line in text.split("\n"))


def _shown(character: str) -> str:
    if character in "\t\n\r":
        return " "
    unsafe = character in BIDI or unicodedata.category(character) in {"Cc", "Cs", "Co", "Cn"}
    return "\ufffd" if unsafe or character in "\u2028\u2029" else character
