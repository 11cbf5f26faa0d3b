"""Telephone numbers as POLE wants them: E.164, country and type, never invented.

POSSIBLE numbers are taken, not only VALID ones: the drama ranges that synthetic data use
are not allocated (Ofcom), and a number somebody was told may be one digit off.
"""

import re
from functools import lru_cache
from typing import Literal

import msgspec

from domain.forms.words import fold

Type = Literal["mobile", "landline", "freephone", "premium", "other"]

_LEAST_DIGITS = 10  # shorter strings are dates, house numbers and sums of money
_LEAST_ENDING = 3
_ZEROES = re.compile(r"[\do+() .-]+")  # people write the letter for the figure
_DRAMA = re.compile(r"\+44(?:7700900\d{3}|1632960\d{3}|\d{3}4960\d{3}|2079460\d{3})")


class Phone(msgspec.Struct, frozen=True):
    """A number as told, as compared (`e164`, "+447700900123"), its country (ISO code) and type.

    `flags` holds "drama-range" for the numbers Ofcom keeps for fiction.
    """

    raw: str
    e164: str
    country: str
    type: Type
    flags: tuple[str, ...] = ()


def phone(text: str) -> Phone | None:
    """Read a whole number, British unless it says otherwise; None if it is too short or long."""
    return _read(text)


@lru_cache(maxsize=4096)
def _read(text: str) -> Phone | None:
    import phonenumbers  # its tables cost a tenth of a second: only for who reads numbers

    told = fold(text)
    if _ZEROES.fullmatch(told):
        told = told.replace("o", "0")
    told = re.sub(r"^\s*00", "+", told)
    if sum(c.isdigit() for c in told) < _LEAST_DIGITS:
        return None
    try:
        number = phonenumbers.parse(told, "GB")
    except phonenumbers.NumberParseException:
        return None
    if not phonenumbers.is_possible_number(number):
        return None
    e164 = phonenumbers.format_number(number, phonenumbers.PhoneNumberFormat.E164)
    country = phonenumbers.region_code_for_country_code(number.country_code or 44)
    flags = ("drama-range",) if _DRAMA.fullmatch(e164) else ()
    return Phone(text, e164, country, _type(e164, phonenumbers.number_type(number)), flags)


def _type(e164: str, official: int) -> Type:
    """The type by the numbering plan; by the first digits where the plan knows nothing."""
    by_plan: dict[int, Type] = {0: "landline", 1: "mobile", 3: "freephone", 4: "premium"}
    if official in by_plan:
        return by_plan[official]
    if e164.startswith("+447"):
        return "mobile"
    return "landline" if e164.startswith(("+441", "+442")) else "other"


def phone_ending(text: str) -> str | None:
    """The last digits somebody caught ("ends 0900 654" is "0900654"); None under three."""
    digits = "".join(c for c in fold(text) if c in "0123456789")
    return digits if len(digits) >= _LEAST_ENDING else None
