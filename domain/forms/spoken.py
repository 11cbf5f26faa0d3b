"""Reads digits and letters that people spell out in words: "oh seven seven double nine", "papa kilo
nine five".

Other modules decide whether the resulting characters are a number, a plate or neither. Source of
the letters: the spelling alphabet of ICAO and NATO, with usual misspellings.
"""

from types import MappingProxyType

from domain.forms.patterns import lazy_regex

FIGURES = MappingProxyType(
    {
        "zero": "0", "nought": "0", "naught": "0", "oh": "0", "o": "0", "one": "1", "two": "2",
        "three": "3", "four": "4", "five": "5", "six": "6", "seven": "7", "eight": "8",
        "nine": "9", "niner": "9",
    }
)  # fmt: skip
"""Digits by spoken word."""
LETTERS = MappingProxyType(
    {
        "alpha": "a", "alfa": "a", "bravo": "b", "charlie": "c", "delta": "d", "echo": "e",
        "foxtrot": "f", "golf": "g", "hotel": "h", "india": "i", "juliet": "j", "juliett": "j",
        "kilo": "k", "lima": "l", "mike": "m", "november": "n", "oscar": "o", "papa": "p",
        "quebec": "q", "romeo": "r", "sierra": "s", "tango": "t", "uniform": "u", "victor": "v",
        "whiskey": "w", "whisky": "w", "x-ray": "x", "xray": "x", "yankee": "y", "zulu": "z",
    }
)  # fmt: skip
"""Letters by spoken code word."""

_MANY = MappingProxyType({"double": 2, "dbl": 2, "triple": 3, "treble": 3})
FIGURE = rf"(?:{'|'.join(sorted(FIGURES, key=len, reverse=True))})"
MANY = rf"(?:{'|'.join(_MANY)})"
_REPEATED = lazy_regex(rf"(?<![a-z])({MANY})[ -]?({FIGURE}(?![a-z])|\d|[a-z](?![a-z]))")
_WORD = lazy_regex(rf"(?<![a-z])({FIGURE})(?![a-z])")
_PIECE = lazy_regex(r"[a-z]+-ray\b|[a-z]+|\d+|[?*]+")
_LONGEST_PIECE = 4


def in_figures(text: str) -> str:
    """Return words with each spoken digit as a figure: "900 one double 2" is "900 1 22"."""
    repeated = _REPEATED.sub(lambda m: FIGURES.get(m[2], m[2]) * _MANY[m[1]], text)
    return _WORD.sub(lambda m: FIGURES[m[1]], repeated)


def spelt_characters(text: str) -> str | None:
    """Return the characters that these words spell out: "p k nine five a b x" is "pk95abx". Return
    None if one of the words is none of these: a digit, a letter, a word for a digit or a letter, a
    short group of letters and digits.
    """
    repeated = _REPEATED.sub(lambda m: FIGURES.get(m[2], m[2]) * _MANY[m[1]], text)
    pieces = _PIECE.findall(repeated)
    characters = [LETTERS.get(piece) or _figure(piece) for piece in pieces]
    spoken = any(
        len(piece) > len(character) for piece, character in zip(pieces, characters, strict=True)
    )
    if not spoken or any(len(character) > _LONGEST_PIECE for character in characters):
        return None
    return "".join(characters)


def _figure(piece: str) -> str:
    """Return the digit that a word such as "seven" or "oh" means; any other word is returned
    unchanged. A single "o" is not changed either, because only the shape of a plate shows whether
    it means zero.
    """
    return piece if piece == "o" else FIGURES.get(piece, piece)
