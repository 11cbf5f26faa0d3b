"""The normal forms of plates, phones and accounts that releases before 26 November 2026 stored, for
searches in older stores.

If the present form of a text matches nothing, the earlier form is tried. A match is accepted only
if the recorded text has, by today's rules, the same form as the searched text.
"""

import re
from typing import Literal

from domain.forms.handles import PLATFORMS, handle_name
from domain.forms.patterns import lazy_regex
from domain.forms.plates import plate_partial
from domain.forms.words import fold

_HANDLE = lazy_regex(r"[a-z0-9._\-]+")


def earlier(kind: Literal["vehicle", "phone", "handle"], text: str, form: str) -> tuple[str, ...]:
    """Return the other normal forms under which an earlier release (before 26 November 2026) may
    have stored the item that this text names. For example, such a release stored an account name
    without its platform.
    """
    texts = [text.strip(), form]
    if kind == "handle":
        platform = form.partition(":")[0] if ":" in form else ""
        others = [other for other, name in PLATFORMS.items() if platform and name == platform]
        texts = [text.strip(), handle_name(form), platform, *others]
    older_form = {"vehicle": _plate, "phone": _phone, "handle": _handle}[kind]
    older_forms = [older_form(fold(text)) for text in texts]
    return tuple(dict.fromkeys(older for older in older_forms if older))


def _handle(folded: str) -> str:
    match = _HANDLE.match(folded.strip().lstrip("@"))
    return match.group().strip(".-") if match else ""


def _plate(folded: str) -> str:
    normal = re.sub(r"[^A-Z0-9]", "", folded.upper())
    mixed = any(c.isdigit() for c in normal) and any(c.isalpha() for c in normal)
    if mixed and 2 <= len(normal) <= 8:
        return normal
    return plate_partial(folded) or folded


def _phone(folded: str) -> str:
    import phonenumbers

    digits = folded.replace("o", "0") if re.fullmatch(r"[\do+() .-]+", folded) else folded
    digits = re.sub(r"^\s*00", "+", digits)
    if sum(c.isdigit() for c in digits) < 10:
        return folded
    try:
        number = phonenumbers.parse(digits, "GB")
    except phonenumbers.NumberParseException:
        return folded
    if not phonenumbers.is_possible_number(number):
        return folded
    return phonenumbers.format_number(number, phonenumbers.PhoneNumberFormat.E164)
