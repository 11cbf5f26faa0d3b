"""UK postcodes by the grammar of BS 7666, with the pseudo-postcodes ZZ99 of the ONS."""

import re

from domain.forms.patterns import lazy_regex
from domain.forms.words import fold

_OUTWARD = (
    r"(?:[A-PR-UWYZ](?:\d{1,2}|[A-HK-Y]\d{1,2}|\d[A-HJKPSTUW]|[A-HK-Y]\d[ABEHMNPRVWXY])"
    r"|ZZ99)"
)
_INWARD = r"\d[ABD-HJLNP-UW-Z]{2}"
_WHOLE = lazy_regex(rf"({_OUTWARD})({_INWARD})|(GIR)(0AA)|(BFPO)(\d{{1,4}})")
_PART = lazy_regex(rf"({_OUTWARD})(\d?)")


def postcode(text: str) -> str | None:
    """Return a UK postcode in its form for comparison: "zz991qb" is "ZZ99 1QB".

    A district or sector alone ("ZZ99", "ZZ99 1") is not changed, and never completed, because the
    data standard POLE (people, objects, locations, events) allows no made-up postcode. Return None
    for any other text.
    """
    written_code = re.sub(r"[^A-Z0-9]", "", fold(text).upper())
    if whole := _WHOLE.fullmatch(written_code):
        return " ".join(part for part in whole.groups() if part)
    if part := _PART.fullmatch(written_code):
        return " ".join(piece for piece in part.groups() if piece)
    return None
