"""Shows a refused form again on the page from which it was sent, with the typed values and with
each error beside its field.

A hidden field of a form names its page. The page is made by its own route as always; the template
macros that draw the fields get the typed values from this module.
"""

import re
from collections.abc import Collection, Iterator, Mapping
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass
from dataclasses import field as dataclass_field

from markupsafe import Markup

from domain.kernel.values import Refused

#: Fields of commands that have another name on a page. The key is the name in the command, the
#: value the name on the page.
_NAMES = {"reference": "order", "until": "review"}
#: The name of the hidden field with the address of the form's page.
PAGE = "from_page"
#: Fields whose values are never shown again: those of the sign-in forms, and the hidden fields of
#: every form.
SECRET = frozenset({"csrf", "password", "digits", "code", "again", "old", "unsent", PAGE})


_QUOTED = re.compile(r"'[^']*'|\"[^\"]*\"")


@dataclass
class FormAgain:
    """A refused form: its address, its values, and the errors by field ("" for an error about no
    field). `sent` has all pairs of a field's name and value, for fields with several values.
    `here` says whether the fields that a template now draws belong to this form; `drawn` are the
    errors that are already on the page, each with its field's id."""

    action: str
    values: Mapping[str, str]
    errors: Mapping[str, str]
    sent: Collection[tuple[str, str]] = ()
    here: bool = False
    drawn: list[tuple[str, str]] = dataclass_field(default_factory=list)


AGAIN: ContextVar[FormAgain | None] = ContextVar("form_again", default=None)


@contextmanager
def given_back(
    action: str, sent: Collection[tuple[str, str]], errors: Mapping[str, str]
) -> Iterator[FormAgain]:
    """Within the block, pages show this refused form again: the form with the address `action`,
    with the values `sent` and with its `errors`."""
    values = {name: text for name, text in sent if name not in SECRET}
    again = FormAgain(action, values, errors, sent)
    token = AGAIN.set(again)
    try:
        yield again
    finally:
        AGAIN.reset(token)


def errors_of(error: Exception, values: Mapping[str, str]) -> dict[str, str]:
    """Return the message of an error by the form field that it is about: the field that a refusal
    names, or else the only field whose value it quotes. If neither exists, the name of the field is
    empty."""
    words = str(error)
    if not isinstance(error, Refused):
        return {"": words}
    field = _NAMES.get(error.field or "", error.field or "")
    if field in values:
        return {field: words}
    quoted = set(_QUOTED.findall(words))
    field_names = [name for name, value in values.items() if {repr(value), f'"{value}"'} & quoted]
    return {field_names[0] if len(field_names) == 1 else "": words}


def begin(action: str, of: object = None) -> Markup:
    """Begin a form: the fields that the template draws next belong to the form with this address,
    about this item. If this is the refused form, return the HTML of its error that is about no
    field, otherwise an empty text. Templates call this function."""
    again = AGAIN.get()
    if again is None:
        return Markup()
    again.here = action == again.action and of in (None, again.values.get("item"))
    words = again.errors.get("") if again.here else None
    if not words:
        return Markup()
    again.drawn.append(("", _sentence(words)))
    hidden = Markup('<span class="govuk-visually-hidden">Error:</span>')
    template = Markup('<p class="govuk-error-message" role="alert">{} {}</p>')
    return template.format(hidden, _sentence(words))


def end() -> Markup:
    """Say that a form has no further fields. Templates call this after the form's last field."""
    if again := AGAIN.get():
        again.here = False
    return Markup()


def is_open(action: str) -> bool:
    """Return whether the form with this address was refused. If so, it is shown unfolded."""
    again = AGAIN.get()
    return again is not None and action == again.action


def value(name: str, given: object) -> object:
    """Return the text that was typed into a field, or the given value if the form was
    not refused.
    """
    again = AGAIN.get()
    return again.values.get(name, "") if again and again.here else given


def ticked(name: str, value: object) -> bool:
    """Return whether the refused form had the box with this name and this value ticked. Several
    boxes may have the same name."""
    again = AGAIN.get()
    return again is not None and again.here and (name, str(value)) in again.sent


def error(name: str, at: str = "") -> str:
    """Return the error of a field; "" if the field has none. If the page has several such fields,
    `at` is the end of this field's id."""
    again = AGAIN.get()
    words = again.errors.get(name, "") if again and again.here else ""
    if again and words:
        again.drawn.append((name + at, _sentence(words)))
    return _sentence(words)


def drawn() -> list[tuple[str, str]]:
    """Return the errors that the page shows so far, each with the id of its field. The id is "" for
    an error about no field."""
    again = AGAIN.get()
    return again.drawn if again else []


def _sentence(words: str) -> str:
    return words[:1].upper() + words[1:]
