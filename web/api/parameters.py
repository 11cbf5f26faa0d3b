"""Returns the parameters of each operation in the form of the API's description (OpenAPI)."""

from typing import Any

import msgspec

from web.api.call import LONGEST_PERSON, LONGEST_WHY
from web.api.examples import Example
from web.api.operation import Operation

_SCHEMA = "#/components/schemas/{name}"
_UUID = "^[0-9a-fA-F]{8}(-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12}$"
WHY = {
    "name": "X-Continuum-Why",
    "in": "header",
    "description": "Purpose of access, recorded with the items shown to you (DPA 2018 s.62).",
    "schema": {"type": "string", "maxLength": LONGEST_WHY},
}
PERSON = {
    "name": "X-Continuum-For",
    "in": "header",
    "description": "The person for whom a program asks, recorded with shown items (DPA 2018 s.62).",
    "schema": {"type": "string", "maxLength": LONGEST_PERSON},
}
KEY = {
    "name": "Idempotency-Key",
    "in": "header",
    "required": True,
    "description": "A new UUID for each command; the same UUID if the command is sent again.",
    # There is no `format: uuid`, because generated clients would then send an object, but a header
    # is text.
    "schema": {"type": "string", "pattern": _UUID},
    "example": "018f4a3e-7d3c-7b1a-9c52-5e0b6c1d2f30",
}


def parameters(operation: Operation, example: Example) -> list[dict[str, Any]]:
    """Return the parameters of an operation, each with its value in the example."""
    return [
        *_of_address(operation, example),
        *_of_query(operation, example),
        *([WHY] if operation.method == "GET" else []),
        PERSON,
        *([KEY] if operation.keyed else []),
    ]


def _of_address(operation: Operation, example: Example) -> list[dict[str, Any]]:
    uuid = {"type": "string", "format": "uuid"}
    return [
        {"name": part, "in": "path", "required": True, "schema": uuid}
        | _example(part, example.path)
        for part in operation.parts
    ]


def _of_query(operation: Operation, example: Example) -> list[dict[str, Any]]:
    """Return the fields of the operation's query, each as a parameter."""
    if operation.asked is None:
        return []
    _, parts = msgspec.json.schema_components([operation.asked], ref_template=_SCHEMA)
    shape = parts[operation.asked.__name__]
    return [
        {
            "name": name,
            "in": "query",
            **({"required": True} if name in shape.get("required", ()) else {}),
            "schema": _plain(schema),
            **_example(name, example.query),
        }
        for name, schema in shape["properties"].items()
    ]


def _example(name: str, values: dict[str, Any]) -> dict[str, Any]:
    return {"example": values[name]} if name in values else {}


def _plain(schema: dict[str, Any]) -> dict[str, Any]:
    """Return the schema of a parameter without "null" and without the default value. A parameter
    that is left out of a request counts as null anyway."""
    alternatives = [kind for kind in schema.get("anyOf", ()) if kind != {"type": "null"}]
    if len(alternatives) != 1:
        return schema
    rest: dict[str, Any] = {
        key: value for key, value in schema.items() if key not in ("anyOf", "default")
    }
    return {**rest, **alternatives[0]}
