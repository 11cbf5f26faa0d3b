"""Read telephone numbers as people write them, and return their international form (E.164), country
and type, without inventing missing parts.

A number is British if it has the country's code or is written as British numbers are. A number that
is neither British nor marked as foreign is stored as its digits, without a country.

A number only has to be possible; it need not be allocated to a customer. The numbers for drama
(Ofcom), which synthetic data use, are not allocated, and a reported number may have one wrong
digit.
"""

import unicodedata
from functools import lru_cache
from typing import Literal

import msgspec

from domain.forms.patterns import lazy_regex
from domain.forms.spoken import in_figures
from domain.forms.words import fold, squash

Type = Literal["mobile", "landline", "freephone", "premium", "other"]

_LEAST_DIGITS = 10  # shorter strings of digits are dates, house numbers and sums of money
_LEAST_ENDING = 3
_MOST_DIGITS = 15
_BETWEEN = lazy_regex(r"[\s()+.,/\\–—-]+")
_RUN = lazy_regex(r"[+(]{0,2}\d(?:[\s().,/–-]{0,3}\d){9,}")
_WRITTEN = lazy_regex(r"\+?\d+")
#: Patterns that show a number's country: a country code, or the way in which British numbers are
#: written.
_SAYS_WHERE = (
    (lazy_regex(r"(?:\+|00)440?(?=[1-9])"), "+44"),
    (lazy_regex(r"\+(?=[1-9])"), "+"),
    (lazy_regex(r"00(?=[1-9])"), "+"),
    (lazy_regex(r"440?(?=[1-9]\d{9}$)"), "+44"),
    (lazy_regex(r"0(?=[1-9]\d{8,9}$)"), "+44"),
    (lazy_regex(r"(?=7[1-9]\d{8}$)"), "+44"),
)
#: The zero that is dialled only within the country: "+44 (0)7700".
_TRUNK = lazy_regex(r"^(\W*(?:\+|00)\s?\d{1,3}[\s.-]?)\(0\)")
_ZEROES = lazy_regex(r"[\do+() .,-]+")  # people write the letter O for the digit zero
_DRAMA = lazy_regex(r"\+44(?:7700900\d{3}|1632960\d{3}|\d{3}4960\d{3}|2079460\d{3})")


class Phone(msgspec.Struct, frozen=True):
    """A telephone number as written (`raw`), in its normal form for comparison (`e164`,
    "+447700900123"), with its country (ISO code) and type.

    `flags` holds "drama-range" for the numbers that Ofcom reserves for fiction, and "odd" for a
    number that is in no numbering plan; an odd number has its digits as written in `e164`, and no
    country.
    """

    raw: str
    e164: str
    country: str
    type: Type
    flags: tuple[str, ...] = ()


def number(text: str) -> str:
    """Return the normal form of the telephone number in a text. If the text holds no valid number,
    return its digits; if it has no digits, return its letters in small letters, without spaces and
    punctuation.
    """
    if found_phone := phone(text):
        return found_phone.e164
    figures = _figures(text)
    return (
        figures if _WRITTEN.fullmatch(figures) and any(map(str.isdigit, figures)) else squash(text)
    )


@lru_cache(maxsize=4096)
def phone(text: str) -> Phone | None:
    """Return the telephone number that a text holds; None if it is too short or too long."""
    import phonenumbers  # imported here, because its tables take a tenth of a second to load

    figures = _figures(text)
    if not _WRITTEN.fullmatch(figures):
        return None
    if not _LEAST_DIGITS <= sum(map(str.isdigit, figures)) <= _MOST_DIGITS:
        return None
    ways = (way.sub(code, figures, 1) for way, code in _SAYS_WHERE if way.match(figures))
    written_way = next(ways, None)
    try:
        read = phonenumbers.parse(written_way or "", None)
    except phonenumbers.NumberParseException:
        read = None
    if read is None or not phonenumbers.is_possible_number(read):
        return Phone(text, figures, "", "other", ("odd",))
    e164 = phonenumbers.format_number(read, phonenumbers.PhoneNumberFormat.E164)
    country = phonenumbers.region_code_for_country_code(read.country_code or 0)
    flags = ("drama-range",) if _DRAMA.fullmatch(e164) else ()
    return Phone(text, e164, country, _type(e164, phonenumbers.number_type(read)), flags)


def _figures(text: str) -> str:
    """Return the digits of a telephone number, after a "+" if the text has one: "(01632) 960 445"
    is "01632960445".
    """
    figures = in_figures(fold(text))
    figures = _TRUNK.sub(r"\1", figures)
    if _ZEROES.fullmatch(figures):
        figures = figures.replace("o", "0")
    runs = _RUN.findall(figures)
    # words next to a number are not part of the number: "mum's new 07700 900123"
    if len(runs) == 1:
        figures = runs[0]
    plus = "+" if figures.lstrip(" (").startswith("+") else ""
    bare = _BETWEEN.sub("", figures)
    return plus + "".join(str(unicodedata.digit(c, c)) for c in bare)


def _type(e164: str, official: int) -> Type:
    """Return the type of a telephone number as the numbering plan gives it; if the number is not in
    the plan, as the number's first digits suggest.
    """
    by_plan: dict[int, Type] = {0: "landline", 1: "mobile", 3: "freephone", 4: "premium"}
    if official in by_plan:
        return by_plan[official]
    if e164.startswith("+447"):
        return "mobile"
    return "landline" if e164.startswith(("+441", "+442")) else "other"


def phone_ending(text: str) -> str | None:
    """Return the last digits of a telephone number of which only the end was noted ("ends 0900 654"
    is "0900654"); None for fewer than three digits.
    """
    digits = "".join(c for c in fold(text) if c in "0123456789")
    return digits if len(digits) >= _LEAST_ENDING else None
