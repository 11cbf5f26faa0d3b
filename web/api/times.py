"""Marks every time in the API's description as a time. The library does this only for times with a
zone, and a client that is generated from the description would read other times as plain text."""

from collections.abc import Iterator, Sequence
from typing import Any

from msgspec import inspect

_FIELDS = (inspect.StructType, inspect.DataclassType)


def timed(kinds: Sequence[Any], parts: dict[str, Any]) -> None:
    """Mark the times in the schemas `parts` as times in RFC 3339 with a zone. `kinds` are the types
    whose classes have fields with times."""
    for cls in _classes(inspect.multi_type_info(kinds)):
        part = parts.get(cls.cls.__name__) or parts.get(f"{cls.cls.__module__}.{cls.cls.__name__}")
        fields: dict[str, Any] = (part or {}).get("properties", {})
        for field in cls.fields:
            _mark_time(field.type, fields.get(field.encode_name, {}))


def _mark_time(kind: inspect.Type, schema: dict[str, Any]) -> None:
    match kind:
        case inspect.Metadata():
            _mark_time(kind.type, schema)
        case inspect.DateTimeType() if schema.get("type") == "string":
            schema["format"] = "date-time"
        case inspect.UnionType():
            if any(isinstance(_bare(type_), inspect.DateTimeType) for type_ in kind.types):
                for alternative in schema.get("anyOf", ()):
                    if alternative.get("type") == "string":
                        alternative.setdefault("format", "date-time")
        case inspect.ListType() | inspect.VarTupleType():
            _mark_time(kind.item_type, schema.get("items", {}))
        case inspect.DictType():
            _mark_time(kind.value_type, schema.get("additionalProperties") or {})


def _bare(kind: inspect.Type) -> inspect.Type:
    return _bare(kind.type) if isinstance(kind, inspect.Metadata) else kind


def _classes(kinds: Sequence[inspect.Type]) -> Iterator[Any]:
    """Yield the classes that these types contain, each once."""
    seen: set[object] = set()
    left = list(kinds)
    while left:
        kind = left.pop()
        if isinstance(kind, _FIELDS):
            if kind.cls in seen:
                continue
            seen.add(kind.cls)
            # the alias of a generic class, such as `Page[Row]`, is no class and has no fields of
            # its own
            if isinstance(kind.cls, type):
                yield kind
        for name in ("type", "item_type", "key_type", "value_type"):
            left += (
                [inner_kind]
                if isinstance(inner_kind := getattr(kind, name, None), inspect.Type)
                else []
            )
        left += [*getattr(kind, "types", ()), *getattr(kind, "item_types", ())]
        left += [field.type for field in getattr(kind, "fields", ())]
