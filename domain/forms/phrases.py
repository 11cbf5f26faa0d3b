"""Groups neighbouring words of time in a text that together give one day, hour or both."""

import re
from typing import NamedTuple

from domain.forms import time_words as tw
from domain.forms.patterns import join_lines, lazy_regex


class Atom(NamedTuple):
    """The smallest piece of a written time ("tuesday", "9pm"), in lower case, with its place in the
    text.
    """

    kind: str
    start: int
    end: int
    words: str
    match: re.Match[str]


_SAT = lazy_regex(
    join_lines(
        r"""
    (?:in|on|at|with|w|outside|there|down|next to|by|waiting|up|beside|behind|inside|off
    |opposite|under|for|talking|watching|like|alone|together|round|out|back|near|across|here|and
    |smoking|drinking|eating|his|her)\b
    """
    ),
    re.IGNORECASE,
)
_SITTER = lazy_regex(
    join_lines(
        r"""
        \b(?:he|she|they|was|were|just|who|been|is|all|i|we|lads?|them|bloke|men|girls?|always
        |still|car|van|the|in the)\s$
        """
    ),
    re.IGNORECASE,
)


def phrases(text: str) -> list[list[Atom]]:
    """Return groups of neighbouring time words in a text; each group gives one time. A group has at
    most one hour and at most one part of a day ("evening"); if it names the day more than once,
    these words do not contradict each other.
    """
    phrases_found: list[list[Atom]] = []
    for atom in _atoms(text):
        if phrases_found and _joins(text, phrases_found[-1], atom):
            phrases_found[-1].append(atom)
        elif atom.kind != "part" or _stands_alone(atom) or _before_day(text, atom):
            phrases_found.append([atom])
    return [
        p for p in phrases_found if not all(a.kind == "part" and not _stands_alone(a) for a in p)
    ]


def _stands_alone(atom: Atom) -> bool:
    if atom.words.startswith("that "):
        return False
    return re.search(r"hours|time", atom.words) is not None


def _before_day(text: str, atom: Atom) -> bool:
    """Return whether a word for a part of a day, such as "evening", is followed by the day to which
    it belongs, as in "late evening on Tuesday".
    """
    return re.match(r"\s?(?:on |of |last |, )", text[atom.end : atom.end + 6]) is not None


def _joins(text: str, phrase: list[Atom], atom: Atom) -> bool:
    if tw.JOINT.fullmatch(text, phrase[-1].end, atom.start) is None:
        return False
    kinds = {a.kind for a in phrase}
    if atom.kind in tw.CLOCKS:
        return not kinds & tw.CLOCKS and "undated" not in kinds
    if atom.kind == "part":
        return "part" not in kinds and "halfday" not in kinds and "undated" not in kinds
    if atom.kind in tw.DAYS:
        days = kinds & tw.DAYS
        dated = {"slashed", "daymonth", "monthday", "ordinal", "week", "iso"}
        return not days or (days == {"weekday"} and atom.kind in dated)
    return False


def bounds(text: str, phrase: list[Atom]) -> tuple[int, int]:
    """Return the start and end in a text of a written time, including "just before" and "or so"."""
    start, end = phrase[0].start, phrase[-1].end
    if lead := tw.LEAD.search(text[max(0, start - 24) : start]):
        start = max(0, start - 24) + lead.start()
    if tail := tw.LOOSE_TAIL.match(text, end):
        end = tail.end()
    return start, end


def _atoms(text: str) -> list[Atom]:
    atoms = []
    for match in tw.atom().finditer(text):
        kind = next(k for k in tw.KINDS if match[k] is not None)
        if not _is_verb(text, kind, match):
            atoms.append(Atom(kind, match.start(), match.end(), match.group().lower(), match))
    return atoms


def _is_verb(text: str, kind: str, match: re.Match[str]) -> bool:
    """Return whether a word such as "sat", "sun" or "mar" does not mean a day or a month in this
    text: "he sat in the car", "out in the sun".
    """
    words = match.group().lower()
    if kind != "weekday" or words not in ("sat", "sun", "wed", "mon", "fri"):
        return False
    before = text[max(0, match.start() - 12) : match.start()]
    after = text[match.end() : match.end() + 12].lstrip()
    if _SITTER.search(before):
        return True
    return (
        words == "sat"
        and match.start() > 0
        and match.group() == "sat"
        and _SAT.match(after) is not None
    )
