"""A function that writes the input of a use case or question as a command line."""

from collections.abc import Iterable, Mapping
from typing import Any

from usecases.kernel.fields import Field


def typed(fields: Iterable[Field], given: Mapping[str, Any]) -> tuple[list[str], str]:
    """Return the command line's arguments for these values of these fields, and the text for
    standard input."""
    words: list[str] = []
    text = ""
    for field in fields:
        value = given.get(field.name)
        if field.ask.piped:
            text = str(value or "")
        elif field.by_place:
            words += [] if value is None else value if isinstance(value, list) else [str(value)]
        else:
            words += _option(field, value)
    return words, text


def _option(field: Field, value: Any) -> list[str]:
    if value is None or (field.form == "tick" and not value):
        return []
    if field.form == "tick":
        return [field.option]
    if field.form == "maybe":
        yes, _, no = field.option.partition("/")
        return [yes if value else no or f"--no-{yes.removeprefix('--')}"]
    values = value if isinstance(value, list) else [value]
    return [part for each in values for part in (field.option, str(each))]
