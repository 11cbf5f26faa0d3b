"""The normal forms that releases before 26 November 2026 stored, to look up things in older stores.

If the present form of a text matches nothing, the earlier form is tried. A match is accepted only
if the recorded text has, by today's rules, the same form as the searched text.
"""

import re
from typing import Literal

from domain.forms.handles import PLATFORMS, handle_name
from domain.forms.patterns import lazy_regex
from domain.forms.places import place
from domain.forms.plates import plate_partial
from domain.forms.words import fold

_HANDLE = lazy_regex(r"[a-z0-9._\-]+")


def earlier(
    kind: Literal["vehicle", "phone", "handle", "place", "person"], text: str, form: str
) -> tuple[str, ...]:
    """Return the other normal forms under which an earlier release (before 26 November 2026) may
    have stored the item that this text names. For example, such a release stored an account name
    without its platform.
    """
    text = text.strip()
    match kind:
        case "vehicle":
            ways = [_plate(text), _plate(form)]
        case "phone":
            ways = [_phone(text), _phone(form)]
        case "handle":
            platform = form.partition(":")[0] if ":" in form else ""
            others = [
                other
                for other, platform_of_name in PLATFORMS.items()
                if platform and platform_of_name == platform
            ]
            ways = [
                _handle(platform_of_name)
                for platform_of_name in (text, handle_name(form), platform, *others)
            ]
        case _:
            ways = [place(text)] if kind == "place" else []
    return tuple(dict.fromkeys(way for way in ways if way))


def _handle(text: str) -> str:
    match = _HANDLE.match(fold(text).strip().lstrip("@"))
    return match.group().strip(".-") if match else ""


def _plate(text: str) -> str:
    normal = re.sub(r"[^A-Z0-9]", "", fold(text).upper())
    mixed = any(c.isdigit() for c in normal) and any(c.isalpha() for c in normal)
    if mixed and 2 <= len(normal) <= 8:
        return normal
    return plate_partial(text) or fold(text)


def _phone(text: str) -> str:
    import phonenumbers

    folded = fold(text)
    if re.fullmatch(r"[\do+() .-]+", folded):
        folded = folded.replace("o", "0")
    folded = re.sub(r"^\s*00", "+", folded)
    if sum(c.isdigit() for c in folded) < 10:
        return fold(text)
    try:
        number = phonenumbers.parse(folded, "GB")
    except phonenumbers.NumberParseException:
        return fold(text)
    if not phonenumbers.is_possible_number(number):
        return fold(text)
    return phonenumbers.format_number(number, phonenumbers.PhoneNumberFormat.E164)
