"""The fields of use cases and questions, for every front: labels, input forms, and validation.

The file is long because every front reads fields by these functions.
"""

import re
import types
from collections.abc import Callable, Iterator, Mapping, Sequence
from datetime import date, datetime
from functools import cache, cached_property
from typing import (
    TYPE_CHECKING,
    Annotated,
    Any,
    Literal,
    Union,
    get_args,
    get_origin,
    get_type_hints,
)

import msgspec
from msgspec import NODEFAULT, Meta, Struct

from commands.kernel import item_references
from domain.forms.typed import NO_YEAR, YEARS, NotUnderstood
from domain.kernel.decoding import convert
from domain.kernel.fields import codes_in
from domain.kernel.values import Refused
from projections.composed import finding
from usecases.kernel.usecase import Ask, Bare, FieldErrors, Ref, UseCase, UseCaseText

if TYPE_CHECKING:
    from commands.kernel.unit_of_work import Desk
    from domain.data_protection.access_log import SearchTouched
    from domain.kernel.values import Reader

#: The kind of input of a field: `tick` is a check box, `maybe` offers yes, no and not known.
Form = Literal["text", "choice", "tick", "maybe", "moment", "day", "number", "texts"]
#: The input values of a `maybe` field.
MAYBE = {"yes": True, "no": False, "": None}
#: Separators between several values in one text field.
_APART = re.compile(r"[,;\n]")


class TimeParsers(Struct, frozen=True):
    """The functions that parse a typed time and a typed day. Both raise Refused."""

    moment: Callable[[str, Bare], datetime]
    day: Callable[[str], date]


class Field(Struct, frozen=True):
    """A field of a use case or a question, in which a user enters a value: `type` is the Python
    type of the value, and `codes` are the options in the order in which they are offered. `ref` is
    set if the field names an item; `bare` says how a field for a time reads a day without a time.
    """

    name: str
    type: Any
    form: Form
    ask: Ask
    required: bool
    default: Any
    codes: tuple[str, ...] = ()
    ref: Ref | None = None
    bare: Bare | None = None

    @property
    def label(self) -> str:
        return self.ask.label

    @property
    def option(self) -> str:
        """Return the name of the field's option at the command line."""
        return self.ask.option or f"--{self.name.replace('_', '-')}"

    @property
    def by_place(self) -> bool:
        """Return whether the field is a positional argument at the command line."""
        named = self.ask.option is not None or self.ask.piped
        return self.ask.placed or (self.required and not named)


class Declaration(Struct, frozen=True, dict=True):
    """A use case under one of its names, with its fields. The fields are read only when they are
    needed, because there are a hundred use cases and a command line needs one."""

    use: type[UseCase]
    named: UseCaseText

    @cached_property
    def fields(self) -> tuple[Field, ...]:
        """Return the fields that a user enters, in the order of the form."""
        return tuple(field for field in fields_of(self.use) if field.name not in self.named.fixed)

    @property
    def about(self) -> Field | None:
        """Return the field that names the subject of the use case, an item; None if the use case
        has no such subject."""
        return self.fields[0] if self.named.about else None

    @property
    def sentence(self) -> str:
        """Return the help text: its first sentence is the command's line in a list."""
        return " ".join((self.named.help or self.use.__doc__ or "").split())

    def where(self, use: UseCase, refused: Refused) -> Field | None:
        """Return the field to which a refusal applies. Return None if the refusal applies to the
        whole command, or to a field that the form does not show.
        """
        return next((field for field in self.fields if field.name == refused.field), None) or next(
            (field for field in self.fields if refused.named in _texts(getattr(use, field.name))),
            None,
        )

    def success_message(self, use: UseCase) -> str:
        """Return the message after the use case has succeeded."""
        values = ((field.name, getattr(use, field.name)) for field in self.fields)
        return self.named.success_message.format(
            **{name: "" if v is None else v for name, v in values}
        )


def _texts(value: object) -> tuple[object, ...]:
    """Return the texts in the value of a field: the elements of a tuple, or the single text."""
    return value if isinstance(value, tuple) else (value,) if isinstance(value, str) else ()


def names_of(use: type[UseCase]) -> tuple[Declaration, ...]:
    """Return each name under which this use case is declared."""
    named = use.named if isinstance(use.named, tuple) else (use.named,)
    return tuple(Declaration(use, text) for text in named)


@cache
def fields_of(kind: type[msgspec.Struct]) -> tuple[Field, ...]:
    """Return the fields of a use case, or of a question, in their order."""
    hints = get_type_hints(kind, include_extras=True)
    return tuple(
        _field(field.name, hints[field.name], field.default)
        for field in msgspec.structs.fields(kind)
    )


def _field(name: str, kind: object, default: object) -> Field:
    parts = list(_parts(kind))
    inner = next(part for part in parts if not isinstance(part, Ask | Ref | Bare | Meta))
    asks = [part for part in parts if isinstance(part, Ask)]
    if not asks:
        raise TypeError(f"{name} has no label: declare it with Ask")
    refs = [part for part in parts if isinstance(part, Ref)]
    bare = [part for part in parts if isinstance(part, Bare)]
    required = default is NODEFAULT
    return Field(
        name,
        kind,
        _form(inner, optional=type(None) in parts),
        asks[0],
        required,
        None if required else default,
        codes_in(inner),
        refs[0] if refs else None,
        bare[0] if bare else None,
    )


def _parts(kind: object) -> Iterator[Any]:
    """Yield the annotations and the types of which the type of a field consists, the outermost
    annotation first."""
    if get_origin(kind) is Annotated:
        inner, *about = get_args(kind)
        yield from reversed(about)
        yield from _parts(inner)
    elif get_origin(kind) in (Union, types.UnionType):
        for argument in sorted(get_args(kind), key=lambda each: each is type(None)):
            yield from _parts(argument)
    else:
        yield kind


def _form(inner: object, *, optional: bool) -> Form:
    if get_origin(inner) is Literal:
        return "choice"
    if get_origin(inner) is tuple:
        return "texts"
    if inner is bool:
        return "maybe" if optional else "tick"
    forms: dict[Any, Form] = {datetime: "moment", date: "day", int: "number", str: "text"}
    return forms[inner]


def make_use_case(
    name: Declaration, given: Mapping[str, object], reads: TimeParsers | None = None
) -> UseCase:
    """Return a use case with these input values. `reads` has the functions that parse typed times
    and days; if it is None, the values come from JSON and are only checked.

    Raises FieldErrors with all invalid fields. An error of `reads` other than Refused is not
    caught.
    """
    return name.use(**name.named.fixed, **values_of(name.fields, given, reads))


def values_of(
    fields: Sequence[Field], given: Mapping[str, object], reads: TimeParsers | None = None
) -> dict[str, Any]:
    """Return the values of these fields from the input values in `given`. Raises what
    `make_use_case` raises."""
    values, faults = dict[str, Any](), dict[str, str]()
    for field in fields:
        try:
            values[field.name] = _value(field, given.get(field.name), reads)
        except Refused as refused:
            faults[field.name] = str(refused)
    names = {field.name for field in fields}
    if reads is None:
        faults |= dict.fromkeys(given.keys() - names, "this field does not exist")
    if faults:
        raise FieldErrors(faults)
    return values


def _value(field: Field, raw: object, reads: TimeParsers | None) -> Any:
    if reads is not None:
        raw = _typed(field, raw, reads)
    elif isinstance(raw, str):
        raw = raw.strip() or None
        # Programs of earlier releases send a single value instead of a list.
        raw = [raw] if raw and field.form == "texts" else raw
    if raw is None:
        if field.required:
            raise Refused(_wanted(field))
        return field.default
    try:
        day = convert(raw, field.type, strict=reads is None)
    except msgspec.ValidationError as error:
        raise Refused(_plainly(field, raw, str(error))) from None
    if isinstance(day, date) and day.year not in YEARS:
        raise Refused(_not_a_date(raw, NO_YEAR))
    return day


def _typed(field: Field, raw: Any, reads: TimeParsers) -> Any:
    """Return an input that a user typed, in the form that its field stores; None if the input is
    empty."""
    if field.form == "texts":
        several = [raw] if isinstance(raw, str) else raw or ()
        parts = [part.strip() for text in several for part in _APART.split(text)]
        return [part for part in parts if part] or None
    if not isinstance(raw, str):
        return raw
    text = raw.strip()
    match field.form:
        case "maybe":
            return MAYBE.get(text, text)
        case "tick":
            return text == "true"
        case _ if not text:
            return None
        case "moment":
            return reads.moment(text, field.bare or Bare())
        case "day":
            return reads.day(text)
    return text


def _wanted(field: Field) -> str:
    if field.codes:
        return f"use one of {_listed(field.codes)}"
    return f"this field is empty. {field.ask.hint}".removesuffix(". ")


def _plainly(field: Field, raw: object, error: str) -> str:
    """Return a sentence that says why a value is invalid, and what to write instead."""
    if field.codes:
        wrong = (
            [code for code in raw if code not in field.codes] if isinstance(raw, list) else [raw]
        )
        return f"{wrong[0]!r} is not one of {_listed(field.codes)}" if wrong else _lowered(error)
    if field.form == "day":
        return _not_a_date(raw, "Write 1996-05-04.")
    if field.form == "number" and ", got `" in error:
        return "has to be a whole number"
    if field.form == "number":
        return _no_number(raw, error)
    if field.form == "moment":
        return _no_moment(raw)
    return _lowered(error)


#: Finds the lower or upper bound in the validator's message about a number.
_BOUND = re.compile(r"Expected `int` ([<>])= (-?\d+)")


def _no_number(raw: object, error: str) -> str:
    """Return a sentence that says why a value is not a whole number that the field takes."""
    if match := _BOUND.search(error):
        return f"has to be {match[2]} or {'more' if match[1] == '>' else 'less'}"
    return f"{raw} is not a valid number ({_lowered(error)})"


def _no_moment(raw: object) -> str:
    """Return a sentence that says why a time is invalid: it is not a time, or has no time zone."""
    try:
        datetime.fromisoformat(str(raw))
    except ValueError:
        return _not_a_date(raw, "Write 2011-06-18T23:40:00+01:00.")
    return f"{raw!r} has no time zone: write it like 2011-06-18T23:40:00+01:00"


def _not_a_date(raw: object, instead: str) -> str:
    return str(NotUnderstood("Date", str(raw), instead))


def _lowered(error: str) -> str:
    text = error.partition(" - at `")[0]
    return text[:1].lower() + text[1:]


def _listed(codes: tuple[str, ...]) -> str:
    return ", ".join(codes[:-1]) + f" or {codes[-1]}" if len(codes) > 1 else codes[0]


def find_silent_hits(
    command: msgspec.Struct, desk: "Desk", reader: "Reader"
) -> "tuple[SearchTouched, ...] | None":
    """Return the search alerts for the people named in a refused command or question, so that the
    teams whose records they match are notified. Naming a person in a form counts as a search.
    Return None if no person is named.
    """
    named = [getattr(command, field.name) for field in fields_of(type(command)) if field.ref]
    names = [
        text for text in named if isinstance(text, str) and item_references.may_be_a_name(text)
    ]
    if not names:
        return None
    with desk.asking() as db:
        return tuple(hit for name in names for hit in finding.find_silent_hits(db, reader, name))
