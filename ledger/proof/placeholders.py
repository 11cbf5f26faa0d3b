"""Placeholders for fields whose key was destroyed: values of the right type, without meaning.

History can always be loaded, also after an erasure. So that no reader needs a special case, an
erased field has the value "[erased]", None if allowed, an empty collection, or the first of its
codes. `Recorded.erased` says that these values are placeholders.
"""

from typing import Any, cast

import msgspec
from msgspec import inspect

WORDS = "[erased]"

_PLAIN: tuple[tuple[type[inspect.Type], Any], ...] = (
    (inspect.StrType, WORDS),
    (inspect.BoolType, False),
    (inspect.IntType, 0),
    (inspect.FloatType, 0.0),
    (inspect.BytesType, ""),
    (inspect.DateTimeType, "1970-01-01T00:00:00Z"),
    (inspect.DateType, "1970-01-01"),
    (inspect.TimeType, "00:00:00"),
    (inspect.UUIDType, "00000000-0000-0000-0000-000000000000"),
    (inspect.DictType, {}),
    (inspect.VarTupleType, []),
    (inspect.ListType, []),
    (inspect.SetType, []),
    (inspect.FrozenSetType, []),
    (inspect.AnyType, None),
    (inspect.NoneType, None),
)


def substitute(event: type[msgspec.Struct], sealed: tuple[str, ...]) -> bytes:
    """Return placeholders for the encrypted fields of an event class, as JSON members without
    braces.

    Raises TypeError if there is no placeholder for the type of a field.
    """
    about = cast(inspect.StructType, inspect.type_info(event))
    fields = {
        field.encode_name: value_of(field.type) for field in about.fields if field.name in sealed
    }
    return msgspec.json.encode(fields)[1:-1]


def value_of(kind: inspect.Type) -> Any:
    """Return a meaningless JSON value of a type."""
    for plain_type, value in _PLAIN:
        if isinstance(kind, plain_type):
            return value
    match kind:
        case inspect.UnionType() if kind.includes_none:
            return None
        case inspect.UnionType():
            return value_of(kind.types[0])
        case inspect.LiteralType():
            return kind.values[0]
        case inspect.EnumType():
            return next(iter(kind.cls)).value
        case inspect.TupleType():
            return [value_of(item_type) for item_type in kind.item_types]
        case inspect.StructType():
            return {
                field.encode_name: value_of(field.type) for field in kind.fields if field.required
            }
    raise TypeError(f"{type(kind).__name__} has no placeholder: add one before the field is sealed")
