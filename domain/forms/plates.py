"""UK vehicle registration marks, whole and partial.

An unusual plate is flagged and never refused: a parent may have misheard it, and a plate that was
never issued may still be on a car. Sources: DVLA INF104 (current, prefix, suffix and dateless
formats and their letters). Q, diplomatic and military marks are [verify]: their formats were read
from secondary sources only, and a force can correct them.
"""

import re
from functools import lru_cache
from typing import Literal

import msgspec

from domain.forms.patterns import lazy_regex
from domain.forms.spoken import spelt_characters
from domain.forms.words import fold

Pattern = Literal[
    "current",
    "prefix",
    "suffix",
    "northern-ireland",
    "q",
    "diplomatic",
    "military",
    "dateless",
    "irregular",
]

_SHAPES: tuple[tuple[Pattern, re.Pattern[str]], ...] = (
    ("current", lazy_regex(r"[A-Z]{2}\d{2}[A-Z]{3}")),
    ("q", lazy_regex(r"Q[1-9]\d{0,2}[A-Z]{3}")),
    ("prefix", lazy_regex(r"[A-Z][1-9]\d{0,2}[A-Z]{3}")),
    ("suffix", lazy_regex(r"[A-Z]{3}[1-9]\d{0,2}[A-Z]")),
    ("northern-ireland", lazy_regex(r"(?=[A-Z]{0,2}[IZ])[A-Z]{3}[1-9]\d{0,3}")),
    ("diplomatic", lazy_regex(r"\d{3}[DX]\d{3}")),
    ("military", lazy_regex(r"\d{2}[A-Z]{2}\d{2}")),
    ("dateless", lazy_regex(r"[A-Z]{1,3}[1-9]\d{0,3}|[1-9]\d{0,3}[A-Z]{1,3}")),
)
_CONFUSABLE = str.maketrans("OISBZ", "01582")
#: The number of shapes at the beginning of `_SHAPES` that are long enough to be recognised in a
#: plate that is spelt out letter by letter.
_SPELT = 4
_BEGINNING = lazy_regex(r"[A-Z]{2}\d{1,2}[A-Z]{0,3}")
_UNKNOWN = lazy_regex(r"[?*_.…]+|\bSOMETHING\b|\bSUMMAT\b|\bXX+\b")
_PARTLY = lazy_regex(
    r"[?*_…]|\.{2,}|\b(?:END(?:S|ED|ING)?|LAST|FINISH(?:ES|ED|ING)?|START(?:S|ED|ING)?|BEGINS?)\b"
)
_FOREIGN = lazy_regex(r"[^\W\dA-Z_]|[^\W\D0-9]")
_ENDS = lazy_regex(r"(?<!\*)\b(?:END(?:S|ED|ING)?|LAST|FINISH(?:ES|ED|ING)?)\b(?!\*)")
_LONGEST = 7


class Plate(msgspec.Struct, frozen=True):
    """A registration as written (`raw`), as compared (`normal`, "AB12CDE"), and its oddities.

    Flags: "never-issued" (an age identifier or letter that no plate has had yet), "letter-not-used"
    (a letter that the format leaves out), "irregular" (fits no format).
    """

    raw: str
    normal: str
    pattern: Pattern
    flags: tuple[str, ...]
    confusables: str


def confusables(normal: str) -> str:
    """Return the plate with one character in place of each pair of look-alike characters: O and 0,
    I and 1, S and 5, B and 8, 2 and Z."""
    return normal.translate(_CONFUSABLE)


@lru_cache(maxsize=2048)
def plate(text: str) -> Plate | None:
    """Return the registration mark that a text consists of: 2–8 characters, with at least one
    letter and one digit. Return None if a part of the mark is missing, if the text has letters of
    another alphabet, and for any other text.
    """
    words = fold(text).upper()
    if _PARTLY.search(words) or _FOREIGN.search(words):
        return None
    normal = re.sub(r"[^A-Z0-9]", "", _plate_in_words(words) or words)
    mixed = any(c.isdigit() for c in normal) and any(c.isalpha() for c in normal)
    if not mixed or not 2 <= len(normal) <= _LONGEST + 1:
        return None
    shapes = (pattern for pattern, shape in _SHAPES if shape.fullmatch(normal))
    pattern: Pattern = next(shapes, "irregular")
    return Plate(text, normal, pattern, _flags(normal, pattern), confusables(normal))


def _plate_in_words(words: str) -> str | None:
    """Return the plate that a person spelt out in words. Return None if the words spell no plate,
    for example "one day".
    """
    text = (spelt_characters(words.lower()) or "").upper()
    return text if any(shape.fullmatch(text) for _, shape in _SHAPES[:_SPELT]) else None


def _spoken_part(words: str) -> str | None:
    text = (spelt_characters(words.lower()) or "").upper()
    return text if _BEGINNING.fullmatch(text) else None


def _flags(normal: str, pattern: Pattern) -> tuple[str, ...]:
    match pattern:
        case "irregular":
            return ("irregular",)
        case "current":
            age = int(normal[2:4])
            borne = 2 <= age <= 29 or 51 <= age <= 79
            odd = set(normal[:2]) & set("IQZ") or set(normal[4:]) & set("IQ")
        case "prefix":
            borne = normal[0] not in "IOQUZ"
            odd = set(normal[-3:]) & set("IQ")
        case "suffix":
            borne = normal[-1] not in "IOQUZ"
            odd = set(normal[:3]) & set("IQZ")
        case _:
            return ()
    never = () if borne else ("never-issued",)
    return (*never, "letter-not-used") if odd else never


def plate_partial(text: str) -> str | None:
    """Return part of a plate in its form for comparison, with `*` for missing characters: "PK95
    something" is "PK95***".

    "ends LXV" is "****LXV"; "NV97 ?KL" is "NV97*KL"; "started BD7" is "BD7*", because the age
    identifier itself is incomplete. Return None for fewer than two characters.
    """
    words = fold(text).upper()
    if _FOREIGN.search(words):
        return None
    words = _spoken_part(words) or words
    at_end = _ENDS.search(words) is not None
    words = _ENDS.sub(" ", words)
    words = re.sub(
        r"(?<!\*)\b(?:REG|PLATE|NUMBER|START(?:S|ED|ING)?|BEGINS?|WITH|IN|LETTERS)\b(?!\*)",
        " ",
        words,
    )
    written_plate = re.sub(r"[^A-Z0-9*]", "", _UNKNOWN.sub(lambda m: _stars(m.group()), words))
    legible = written_plate.replace("*", "")
    if len(legible) < 2 or len(written_plate.strip("*")) > _LONGEST + 1:
        return None
    if "*" in written_plate.strip("*"):
        return written_plate.strip("*") if len(written_plate) > _LONGEST else written_plate
    if at_end or written_plate.startswith("*"):
        return legible.rjust(_LONGEST, "*") if len(legible) < _LONGEST else f"*{legible}"
    return legible.ljust(_LONGEST, "*") if re.match(r"[A-Z]{2}\d{2}", legible) else legible + "*"


def _stars(mark: str) -> str:
    return "*" * len(mark) if mark[0] in "?*_." else "*"


def plate_matches(partial: str, full: str) -> bool:
    """Return whether the complete plate `full` can be the plate of which a witness saw a part.

    In the partly seen plate, a star between characters means one character; a star at either end
    means any number of characters, because the witness did not count them. If look-alike
    characters, such as O and 0, are to match, convert both plates with `confusables` first.
    """
    core = partial.strip("*")
    before = ".*" if partial.startswith("*") else ""
    after = ".*" if partial.endswith("*") else ""
    wanted = before + re.escape(core).replace(r"\*", ".") + after
    return re.fullmatch(wanted, full) is not None
