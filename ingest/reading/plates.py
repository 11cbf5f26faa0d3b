"""Find registration marks in text, whole and partial.

The shape alone is ambiguous ("in 10 min" looks like a plate), so the words around it ("plate", "reg
ends", "something") decide. The file is long because each way of saying a plate has its pattern
here.
"""

import re
from collections.abc import Iterator

from domain.forms import plate, plate_partial
from domain.forms.patterns import join_lines, lazy_regex, words
from domain.forms.spoken import FIGURE, LETTERS, spelt_characters
from domain.kernel.values import Mention
from ingest.reading.common import is_common

_PLATE_CUE = join_lines(
    r"""
    (?:(?:number|num|no|private|part|partial|half(?: the| of the)?|old style|old) ?plates?
    |plates?|reg(?:istration|gie|o|s)?(?: (?:no|num|number|plate))?|vr[mn]|index(?: number)?
    |number ?plate)
    """
)
_FILLER = join_lines(
    r"""
    (?:is|was|are|were|:|-|=|no|num|number|def|defo|definitely|deffo|poss|possibly|maybe|think
    |i think|something like|like|its|it's|said|got|had|has|he got|she got|they got|they|only got
    |from|on it|looked like|reads?|says|just|of it|as|the|first|last|with|in|a|an|for|this|that
    |on|bit|letters?|part|half|digits?|numbers?|three|two|four|2|3|4|ends?|ended|ending
    |finish(?:es|ed|ing)?|starts?|started|starting|begins?|began|beginning|contains?|includ(?:es
    |ing)|caught|saw|wrote|down|noted|took|sumthing|about|all i got|mostly)
    """
)
_CUED_PLATE = lazy_regex(
    join_lines(
        rf"""
        \b(?P<cue>{_PLATE_CUE})(?:[ ,:;=\"'“(-]{{1,3}}{_FILLER}(?![A-Za-z0-9])){{0,7}}
        [ ,:;=\"'“(-]{{1,3}}(?P<plate>[A-Za-z0-9?*]{{1,7}}(?:[ -][A-Za-z0-9?*]{{1,4}}){{0,2}})
        """
    ),
    re.IGNORECASE,
)
_PLATE_BEFORE = lazy_regex(
    join_lines(
        r"""
        (?P<plate>\b[A-Z0-9?*]{2,7}(?: [A-Z0-9?*]{1,4})?)(?: (?:on|is|was|as|in)){0,2}(?: (?:the
        |its|his))? (?:number ?)?(?:plate|reg|registration)\b
        """
    )
)
_CURRENT = lazy_regex(
    join_lines(
        r"""
        (?<![A-Za-z0-9?*])(?:[A-Za-z]{2}\d{2}[ -]?[A-Za-z]{3}|[A-Z]{2} \d{2} ?[A-Z]{3}
        |[A-Z]{2}\d[ ]\d[A-Z]{3})(?![A-Za-z0-9?*])
        """
    )
)
_OLDER = lazy_regex(
    join_lines(
        r"""
        (?<![A-Za-z0-9?*])(?:[A-Z]\d{1,3} ?[A-Z]{3}|[A-Z]{3} ?\d{1,3}[A-Z]
        |[A-Z]{1,2}[IZ][A-Z]? ?\d{3,4}|[a-z]\d{2,3} ?[a-z]{3}
        |[a-z]{3} ?\d{2,3}[a-z])(?![A-Za-z0-9])
        """
    )
)
_MASKED = lazy_regex(
    join_lines(
        r"""
        (?<![A-Za-z0-9?*])(?=[A-Z0-9?* _-]{0,9}[?*_])(?=[A-Z?*_ -]{0,8}\d
        |[?*_]{1,2}\d)[A-Z0-9?*_]{1,7}(?:[ -][A-Z0-9?*_]{1,4}){0,2}(?![A-Za-z0-9])
        """
    )
)
_GAPPED = lazy_regex(r"(?<![A-Za-z0-9])(?:[_?*] ?){1,4}\d{2} ?[A-Z]{3}\b")
_CAUGHT_END = lazy_regex(
    join_lines(
        r"""
        \b(?i:ends?|ended|ending|finish(?:es|ed|ing)?|last (?:3|three)(?: letters)?)(?i: (?:in
        |with|was|were|is))? (?P<plate>[A-Z]{3})\b
        """
    )
)
_NAMED = rf"(?:{'|'.join(LETTERS)})"
_SAID = rf"(?:{_NAMED}|{FIGURE}|\d{{1,3}}|(?-i:[A-Z]{{2,3}})|[A-Z])(?![A-Za-z0-9])"
#: A registration mark with each letter and digit separate, or written as a word.
_SPELT = lazy_regex(rf"(?<![A-Za-z0-9'’]){_SAID}(?:[ ,.-]{{1,2}}{_SAID}){{2,6}}", re.IGNORECASE)
#: A registration mark in the present format in which a letter replaces a digit, or a digit a
#: letter: "PK9S ABX".
_SLIPPED = lazy_regex(
    r"(?<![A-Za-z0-9])[A-Z0-9]{2}(?=[A-Z]?\d)[0-9OISBZ]{2}[ -]?(?=[A-Z0-9]{0,2}[A-Z])[A-Z0-9]{3}"
    r"(?![A-Za-z0-9])"
)
_THREE_LETTERS = lazy_regex(
    r"(?<![A-Za-z0-9@/.?*_-])(?P<letters>[A-Z]{3})\d{2}(?![A-Za-z0-9:/%?*-]|\.\d)"
)
_JUST_GOT = lazy_regex(
    join_lines(
        r"""
        (?:\b(?:only|just|all (?:i|we|she|he))(?: could)? (?:got|get|caught|saw|see|remembers?)
        (?: was| is| the)?|\bfirst (?:bit|part|half|few|two|three|letters?)(?: was| were| is)?)
        [ :]{1,2}(?P<plate>(?-i:[A-Z]{1,3}\d{1,2}))(?![A-Za-z0-9])
        """
    ),
    re.IGNORECASE,
)
_AREA_AGE = lazy_regex(
    r"(?<![A-Za-z0-9@/.])[A-Za-z]{2} ?\d{2}(?![A-Za-z0-9:/%]|\.\d|(?: ?[ap]m\b))"
)
_NEAR_PLATE = lazy_regex(r"\b(?:plate|reg|regist\w{0,8}|car|van|vr[mn]|index)\b", re.IGNORECASE)
_LOOKS = lazy_regex(
    r"(?:something|summat|sumthing|sumat|then|and|maybe|old|dunno|\?|\.\.)", re.IGNORECASE
)
_UNIT_WORD = words(
    """
    no yr at in to by on or so is it of we he me my up am pm us go if be do an as id ps tv ok mr
    ms rd st uk
    """
)
#: Words such as "something" for letters that a person forgot, with the last letters of the mark
#: after them: "VN91 something T".
_LAST_KNOWN = lazy_regex(
    r"(?: (?:something|somethin|summat|summit|sumthing|sumat|dunno)){1,2} (?P<last>[A-Z]{1,2})"
    r"(?![A-Za-z0-9'’])"
)
_HALF = lazy_regex(r"[A-Z]{2}\d{2}")
#: If these words precede two letters and two digits, those are the district of a postcode: "lives
#: in BB12".
_DISTRICT_OF = lazy_regex(
    r"\b(?:(?:liv(?:es?|ed|ing)|stay(?:s|ed|ing)?|mov(?:ed|ing)|house|flat|address|area)"
    r"(?: \w{1,8})? (?:in|to|at|around|near|is)"
    r"|(?:driv(?:es?|ing)|drove|walk(?:s|ed|ing)?|hang(?:s|ing)?|cruis(?:es?|ing))"
    r" (?:a?round|about))\s$",
    re.IGNORECASE,
)
_CUE_DISTANCE = 30
_LEAD = 24
_ENDING = lazy_regex(r"end|last|finish")
_LAST_OF = lazy_regex(
    r"\b(?:last|final) (?:bit|few|part|three|two|four|[2-4])[a-z ]{0,14}(?:of|on)"
    r" (?:the |its |it's )?$"
)
_MOST_CHARACTERS = 7
_PIECE = lazy_regex(r"[A-Za-z]+-ray\b|[A-Za-z]+|\d+")
_GROUP = lazy_regex(r"[A-Za-z0-9?*]+")
_AT_END = lazy_regex(r"\b(?P<plate>[A-Z]{3}) (?:(?:is|was|were) )?(?:at|on|for) the end\b")
_PRIVATE = lazy_regex(r"(?<![A-Za-z0-9])[A-Z]\d{1,2}[A-Z] ?[A-Z]{3}(?![A-Za-z0-9])")
_PARTLY = lazy_regex(r"end|last|start|beg[ia]n|first|part|half|finish|contain|bit|letters?|digits?")


def plates(text: str) -> Iterator[Mention]:
    """Yield the plates in a text: whole plates by their shape, then parts with marks for missing
    letters, then words near "reg".
    """
    yield from _whole(text)
    yield from _letter_by_letter(text)
    for match in _MASKED.finditer(text):
        if re.search(r"[A-Z]", match.group()):
            yield from _part(match.span(), match.group(), 0.8)
    yield from _cued(text)
    yield from _before_cue(text)
    for match in _GAPPED.finditer(text):
        yield from _part(match.span(), match.group(), 0.7)
    for match in _CAUGHT_END.finditer(text):
        yield from _part(match.span("plate"), f"ends {match['plate']}", 0.6)
    for match in _AT_END.finditer(text):
        if not is_common(match["plate"].lower()):
            yield from _part(match.span("plate"), f"ends {match['plate']}", 0.6)
    for match in _PRIVATE.finditer(text):
        if _NEAR_PLATE.search(text, max(0, match.start() - 2 * _CUE_DISTANCE), match.start()):
            yield Mention(*match.span(), "vrm", re.sub(" ", "", match.group()), 0.6)
    yield from _area_and_age(text)
    for match in _THREE_LETTERS.finditer(text):
        if not is_common(match["letters"].lower()):
            yield from _part(match.span(), match.group(), 0.6)
    for match in _JUST_GOT.finditer(text):
        yield from _part(match.span("plate"), match["plate"], 0.6)


def _part(span: tuple[int, int], words: str, confidence: float) -> Iterator[Mention]:
    if part := plate_partial(words):
        yield Mention(*span, "vrm_partial", part, confidence)


def _near_cue(text: str, at: int) -> bool:
    return _NEAR_PLATE.search(text, max(0, at - _CUE_DISTANCE), at) is not None


def _whole(text: str) -> Iterator[Mention]:
    for match in _CURRENT.finditer(text):
        plate_text = match.group()
        spoken = (
            " " in plate_text and not plate_text.isupper() and is_common(plate_text[-3:].lower())
        )
        if not spoken and (read := plate(plate_text)):
            yield Mention(*match.span(), "vrm", read.normal, 0.95)
    for match in _OLDER.finditer(text):
        plate_text = match.group()
        cued = _near_cue(text, match.start())
        motorway = re.match(r"[Mm]\d\b", plate_text) is not None
        if motorway or is_common(re.sub(r"[^a-z]", "", plate_text.lower())):
            continue
        if (cued or plate_text.isupper()) and (read := plate(plate_text)):
            yield Mention(*match.span(), "vrm", read.normal, 0.9 if cued else 0.7)


def _letter_by_letter(text: str) -> Iterator[Mention]:
    """Yield the registration marks that are spelt letter by letter; and whole marks in which one
    letter was confused with a digit, or one digit with a letter.
    """
    for match in _SPELT.finditer(text):
        pieces = [piece.span() for piece in _PIECE.finditer(text, *match.span())]
        for first in range(len(pieces)):
            if mention := _longest(text, pieces[first:]) or _part_in_code_words(
                text, pieces[first:]
            ):
                yield mention
                break
    for match in _SLIPPED.finditer(text):
        plate_text = match.group()
        if (read := plate(plate_text)) and read.pattern == "irregular":
            yield Mention(*match.span(), "vrm", read.normal, 0.7)


def _longest(text: str, pieces: list[tuple[int, int]]) -> Mention | None:
    """Return the longest registration mark that begins at the first of these pieces of the text;
    None if no registration mark begins there. `pieces` has the start and end of each piece.
    """
    start = pieces[0][0]
    for _, end in reversed(pieces[2:]):
        read = plate(text[start:end])
        if read and read.pattern == "current":
            return Mention(start, end, "vrm", read.normal, 0.8)
    return None


def _part_in_code_words(text: str, pieces: list[tuple[int, int]]) -> Mention | None:
    """Return the first half of a registration mark whose two letters are given as code words."""
    if len(pieces) < 3 or not all(text[a:b].lower() in LETTERS for a, b in pieces[:2]):
        return None
    start = pieces[0][0]
    for _, end in pieces[2:4]:
        characters = (spelt_characters(text[start:end].lower()) or "").upper()
        if _HALF.fullmatch(characters) and (part := plate_partial(characters)):
            return Mention(start, end, "vrm_partial", part, 0.6)
    return None


def _cued(text: str) -> Iterator[Mention]:
    """Yield registration marks after a word such as "reg"; "ends" and "starts" mean that only a
    part is given."""
    for match in _CUED_PLATE.finditer(text):
        start = match.start("plate")
        lead = text[match.start() : start].lower()
        mark = _mark(match["plate"])
        if mark is None:
            continue
        read = plate(mark)
        span = (start, start + len(mark))
        if _HALF.fullmatch(mark) and (last := _LAST_KNOWN.match(text, span[1])):
            yield from _part((start, last.end()), _with_last(mark, last["last"]), 0.75)
        elif (
            read and not _PARTLY.search(lead) and len(read.normal) >= 5 and not set(mark) & {*"?*"}
        ):
            yield Mention(*span, "vrm", read.normal, 0.6 if read.pattern == "irregular" else 0.85)
        else:
            before = text[max(0, match.start() - _LEAD) : match.start()].lower()
            word = "ends" if _ENDING.search(lead) or _LAST_OF.search(before) else "starts"
            yield from _part(span, f"{word} {mark}", 0.75)


def _before_cue(text: str) -> Iterator[Mention]:
    """Yield registration marks before a word such as "reg": "KP94 on the plate"."""
    for match in _PLATE_BEFORE.finditer(text):
        plate_text, span = match["plate"], match.span("plate")
        if not (re.search(r"\d", plate_text) and re.search(r"[A-Z]", plate_text)):
            continue
        read = plate(plate_text)
        if read is not None and len(read.normal) >= 6:
            yield Mention(*span, "vrm", read.normal, 0.7)
        else:
            yield from _part(span, plate_text, 0.7)


def _area_and_age(text: str) -> Iterator[Mention]:
    """Yield the first half of a plate in the present format where it occurs alone:

    "PK95", or "fn 92" near a word such as "reg".
    """
    for match in _AREA_AGE.finditer(text):
        plate_text = match.group()
        cued = _near_cue(text, match.start())
        sign = cued or _LOOKS.match(text, match.end() + 1) is not None
        if not cued and _DISTRICT_OF.search(text[max(0, match.start() - _LEAD) : match.start()]):
            continue
        if plate_text[:2].lower() in _UNIT_WORD and not (cued and plate_text.isupper()):
            continue
        glued = " " not in plate_text
        if (plate_text.isupper() and (glued or sign)) or (glued and sign):
            if last := _LAST_KNOWN.match(text, match.end()):
                whole = _with_last(plate_text, last["last"])
                yield from _part((match.start(), last.end()), whole, 0.7)
            else:
                yield from _part(match.span(), plate_text, 0.7)


def _with_last(half: str, last: str) -> str:
    """Return a registration mark from its first half and its last letters; an asterisk stands for
    each missing letter between the two."""
    return half.replace(" ", "") + last.rjust(_MOST_CHARACTERS - 4, "*")


def _mark(text: str) -> str | None:
    """Return the longest beginning of `text` that can be a registration mark or a part of one; None
    if none can.

    The mark consists of groups of capitals, digits and unknown characters; a word in small letters
    belongs to it only as the last three letters ("ap99 zrt").
    """
    mark = ""
    for match in _GROUP.finditer(text):
        group = match.group()
        if not _belongs(group, bool(mark)):
            break
        mark = text[: match.end()]
        if len(re.sub(r"[ -]", "", mark)) >= _MOST_CHARACTERS:
            break
    characters = re.sub(r"[^A-Za-z0-9]", "", mark)
    ordinal = re.fullmatch(r"\d+(?:st|nd|rd|th|am|pm)?", characters.lower()) is not None
    return mark if 2 <= len(characters) <= _MOST_CHARACTERS + 1 and not ordinal else None


def _belongs(group: str, begun: bool) -> bool:
    """Return whether a group of letters and digits can continue a registration mark that has
    `begun`.
    """
    if any(c.isdigit() for c in group):
        return not (group.isdigit() and len(group) > 4)
    if not group.strip("?*"):
        return True
    if group.isupper():
        return begun or group not in ("I", "A")
    return begun and len(group) == 3 and not is_common(group.lower())
