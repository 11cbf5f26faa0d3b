"""What a command may be sent, made from its own description: each field that has to be told, with a
value that fits. Nothing in it is of anybody."""

from typing import Any

_ID = "018f4a3e-7d3c-7b1a-9c52-5e0b6c1d2f30"
_TEXTS = {
    "uuid": _ID,
    "date-time": "2011-03-19T23:40:00+00:00",
    "date": "2011-03-19",
    "time": "23:40:00",
}


def example(schema: dict[str, Any], parts: dict[str, Any]) -> Any:
    """A value that fits a schema, whose references stand in `parts`."""
    if reference := schema.get("$ref"):
        return example(parts[reference.rpartition("/")[2]], parts)
    for key in ("const", "default"):
        if key in schema:
            return schema[key]
    if "enum" in schema:
        return schema["enum"][0]
    if some := schema.get("anyOf"):
        return example(some[0], parts)
    match schema.get("type"):
        case "object":
            known, needed = schema.get("properties", {}), schema.get("required", ())
            return {name: example(known[name], parts) for name in needed}
        case "array":
            return [example(schema["items"], parts)] * max(schema.get("minItems", 1), 1)
        case "integer" | "number":
            return schema.get("minimum", 1)
        case "boolean":
            return True
        case "null":
            return None
    return _TEXTS.get(schema.get("format", ""), "As it was told"[: schema.get("maxLength", 99)])
