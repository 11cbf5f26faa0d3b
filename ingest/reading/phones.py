"""Find phone numbers and postcodes in text: whole numbers are recognised by their shape, parts by
the words around them.
"""

import re
from collections.abc import Iterator

from domain.forms import phone, postcode
from domain.forms.patterns import join_lines, lazy_regex
from domain.forms.spoken import FIGURE, MANY, in_figures
from domain.kernel.values import Mention

_PHONE = lazy_regex(
    join_lines(
        r"""
    (?<![\w+])00 ?(?=[1-9])(?!44)(?:\d[ ().-]?){9,14}\d(?![\d\w])
    |(?<![\w+])(?:(?:\+|00) ?44[ ().-]{0,2}(?:\(0\) ?)?
    |\(?[0oO])(?:[ ().-]{0,2}[\doO]){9,10}(?![\d\w])|(?<![\w+])44 ?0?[1-9](?:[ .-]?\d){9}(?![\d\w])
    |(?<![\w+])\+(?:\d[ ().-]?){9,14}\d(?!\d)
    |(?<![\w+])7\d{3} ?\d{3} ?\d{3}(?![\d\w])
    """
    )
)
_FIGURES = rf"(?>{MANY}[ -]?(?:{FIGURE}|[\doO])|{FIGURE}(?![a-z])|[\doO]+(?={MANY}|(?![a-np-z])))"
_ONE = lazy_regex(_FIGURES, re.IGNORECASE)
_SPOKEN = lazy_regex(
    rf"(?<![\w+])(?:\+|(?={FIGURE}|0|44)){_FIGURES}(?:[ ,.()-]{{0,3}}{_FIGURES}){{1,16}}(?!\w)",
    re.IGNORECASE,
)
_PHONE_PART = lazy_regex(
    join_lines(
        r"""
    \b(?:(?:end(?:s|ing|ed)?|finish(?:es|ing|ed)|start(?:s|ing|ed)?|begin(?:s|ning)?|last (?:bit
    |few|three|four|3|4|part|digits?|numbers?))(?: (?:in|with|is|was|are|were|digits?|numbers?
    |of|its|it)){0,3}|\b(?:number|num|phone|mobile|mob|no)\.?(?: is| was
    |:)?)[ :-]{0,3}(?P<digits>\d(?:[ -]?\d){2,8})(?![\d]|[ -]\d|[a-z]|[:.]\d)
    """
    ),
    re.IGNORECASE,
)
_PHONE_MASKED = lazy_regex(
    join_lines(
        r"""
        (?<![\w+])(?:\+44 ?|0)\d{2,4}(?: ?[\dxX?*#_]){2,7}(?:\.{2,}|…)?(?![\w])
        |(?<![\w+])07\d{2,7}(?: ?\d{1,4})? ?(?:\.{2,4}|…|something|summat)
        """
    )
)
_POSTCODE = lazy_regex(r"\b[A-Z]{1,2}\d[A-Z\d]? ?\d(?!ND\b|nd\b)[A-Z]{2}\b", re.IGNORECASE)
_DISTRICT = lazy_regex(r"\bZZ ?99(?: ?\d(?![\d:.]|\w))?(?![A-Za-z0-9])", re.IGNORECASE)
_CUED_DISTRICT = lazy_regex(
    join_lines(
        r"""
        \bpost ?code(?: is| was| starts?| begins?| area|:| with| like| something
        | in){0,3} (?P<code>[A-Z]{1,2}\d{1,2}[A-Z]?(?: ?\d)?)\b
        """
    ),
    re.IGNORECASE,
)


def phones(text: str) -> Iterator[Mention]:
    for match in _PHONE.finditer(text):
        if read := phone(match.group()):
            yield Mention(match.start(), match.end(), "phone", read.e164, 0.95)
    yield from _spoken(text)
    for match in _PHONE_MASKED.finditer(text):
        if phone(match.group()) is None and sum(c.isdigit() for c in match.group()) >= 4:
            yield Mention(match.start(), match.end(), "phone", None, 0.6)
    for match in _PHONE_PART.finditer(text):
        cue = match.group()[: match.start("digits") - match.start()].lower()
        digits = sum(c.isdigit() for c in match["digits"])
        if digits >= 5 or (digits >= 3 and re.match(r"end|fin|last|start|beg", cue)):
            yield Mention(match.start("digits"), match.end("digits"), "phone", None, 0.6)


def _spoken(text: str) -> Iterator[Mention]:
    """Yield whole phone numbers of which some digits are written as words: "07700 900 1 double
    2"."""
    for match in _SPOKEN.finditer(text):
        pieces = [piece.span() for piece in _ONE.finditer(text, *match.span())]
        after = match.start()
        for at, (start, _) in enumerate(pieces):
            if start < after:
                continue
            ends = [end for _, end in pieces[at + 1 :]]
            if mention := _longest(text, match.start() if at == 0 else start, ends):
                yield mention
                after = mention.end


def _longest(text: str, start: int, ends: list[int]) -> Mention | None:
    """Return the longest whole phone number that begins at `start` and finishes at one of `ends`,
    even if another digit follows it.
    """
    for end in reversed(ends):
        written_number = text[start:end]
        figures = re.sub(r"\D", "", in_figures(written_number.lower()))
        if not figures.startswith(("0", "44")) or not any(c.isalpha() for c in written_number):
            return None
        read = phone(written_number)
        if read and read.country:
            return Mention(start, end, "phone", read.e164, 0.85)
    return None


def postcodes(text: str) -> Iterator[Mention]:
    for match in _POSTCODE.finditer(text):
        if (code := postcode(match.group())) and not re.search(
            r"\d(?:st|nd|rd|th|am|pm)$", match.group(), re.IGNORECASE
        ):
            yield Mention(*match.span(), "postcode", code, 0.9)
    for match in _DISTRICT.finditer(text):
        yield Mention(*match.span(), "postcode", postcode(match.group()), 0.8)
    for match in _CUED_DISTRICT.finditer(text):
        if code := postcode(match["code"]):
            yield Mention(match.start("code"), match.end("code"), "postcode", code, 0.7)
