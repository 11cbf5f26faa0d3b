"""The API's own description (OpenAPI 3.1), made from the functions that answer."""

from collections.abc import Sequence
from typing import Any

import msgspec
from fastapi.responses import Response

from web.api.call import LONGEST_PERSON, LONGEST_WHY
from web.api.examples import example
from web.api.operation import Operation
from web.api.times import timed

PREFIX = "/api/v1"
_UUID = "^[0-9a-fA-F]{8}(-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12}$"
_REF = "#/components/schemas/{name}"
#: Which answers every use case may give instead of its own, and what they say.
PROBLEMS = {
    400: "It cannot be read, or there is no command id",
    401: "Nobody is known by this token",
    403: "Not for this role",
    404: "There is no such thing, or none that the caller can see",
    409: "The command id was used for something else, or somebody else was first",
    413: "Too long",
    415: "Not the type that is taken",
    422: "It can be read and cannot be done: `detail` says why",
    429: "Too many calls",
    500: "The record is not what was written, or a fault of the program",
    503: "The store does not answer; nothing was done, or it was done once: send it again",
}
PROBLEM = {
    "type": "object",
    "description": "What went wrong, in words (RFC 9457).",
    "required": ["type", "title", "status", "detail"],
    "properties": {
        "type": {"type": "string", "description": "urn:continuum: and the kind of problem"},
        "title": {"type": "string"},
        "status": {"type": "integer"},
        "detail": {"type": "string"},
        "errors": {
            "type": "object",
            "description": "What cannot be, field by field",
            "additionalProperties": {"type": "string"},
        },
    },
}
ABOUT = (
    "The same commands and queries as on the screens and the command line. Every command carries "
    "an `Idempotency-Key`, a new UUID: sent again with the same body it gives the first answer and "
    "is done once; with another body it is refused (409). What one may not see looks like what "
    "does not exist. Everything that is shown is written down first (s.62)."
)


def document(operations: Sequence[Operation]) -> dict[str, Any]:
    """The whole description."""
    kinds = [kind for one in operations for kind in (one.given, one.answer) if _described(kind)]
    found, shapes = msgspec.json.schema_components(kinds, ref_template=_REF)
    timed(kinds, shapes)
    told, parts = _plainly_named(found, shapes)
    named = dict(zip(map(repr, kinds), told, strict=True))
    paths: dict[str, Any] = {}
    for one in operations:
        paths.setdefault(PREFIX + one.path, {})[one.method.lower()] = _told(one, named, parts)
    return {
        "openapi": "3.1.0",
        "info": {"title": "Continuum", "version": "1", "description": ABOUT},
        "servers": [{"url": "/"}],
        "security": [{"service": []}, {"bearer": []}, {"label": []}],
        "tags": [{"name": one} for one in sorted({_tag(one) for one in operations})],
        "paths": paths,
        "components": {
            "schemas": parts | {"Problem": PROBLEM},
            "securitySchemes": {
                "service": {
                    "type": "http",
                    "scheme": "bearer",
                    "description": "A program's own key, made by an administrator for at most a "
                    "year. It does nothing that asks for a second factor, such as an export.",
                },
                "bearer": {
                    "type": "http",
                    "scheme": "bearer",
                    "description": "The token of somebody who signed in (`continuum login`): it "
                    "ends after a quarter of an hour without work.",
                },
                "label": {
                    "type": "apiKey",
                    "in": "header",
                    "name": "X-Continuum-User",
                    "description": "A name that nobody checks: while a store has no accounts, and "
                    "on synthetic stores.",
                },
            },
        },
    }


def _plainly_named(
    told: Sequence[dict[str, Any]], parts: dict[str, Any]
) -> tuple[Any, dict[str, Any]]:
    """The same, with one plain name for each part: of two classes of one name the library says the
    whole path, which is nobody's business and no name in another program's language. Programs that
    make a client call the codes of a field by its part and its name: no part is called so."""
    codes = {f"{part}{_camel(name)}" for part, one in parts.items() for name in _fields_of(one)}
    names: dict[str, str] = {name: f"{name}Told" for name in parts if name in codes}
    taken = {*parts, *codes}
    for name in (one for one in parts if "." in one):
        *path, kind = name.split(".")
        # `projections.court.StepRow` as `CourtStepRow`, unless another one is called so
        longer = ("".join(map(_camel, path[at:])) + kind for at in reversed(range(len(path))))
        names[name] = next(one for one in longer if one not in taken)
        taken.add(names[name])

    def renamed(one: Any) -> Any:
        if isinstance(one, dict):
            found = {key: renamed(value) for key, value in one.items()}
            name = found.get("$ref", "").rpartition("/")[2] if "$ref" in found else ""
            return found | ({"$ref": _REF.format(name=names[name])} if name in names else {})
        return [renamed(each) for each in one] if isinstance(one, list) else one

    called = {
        names.get(name, name): renamed(one) | ({"title": names[name]} if name in names else {})
        for name, one in parts.items()
    }
    return [renamed(one) for one in told], called


def _camel(name: str) -> str:
    return "".join(part.title() for part in name.split("_"))


def _fields_of(one: dict[str, Any]) -> list[str]:
    """The fields of a part that take codes."""
    return [name for name, field in one.get("properties", {}).items() if "enum" in field]


def _described(kind: Any) -> bool:
    return kind is not None and kind is not Response


def _tag(one: Operation) -> str:
    """What an operation is about: the first word of its address."""
    return one.path.split("/")[1]


def _told(one: Operation, named: dict[str, Any], parts: dict[str, Any]) -> dict[str, Any]:
    told: dict[str, Any] = {
        "operationId": one.name,
        "tags": [_tag(one)],
        "summary": one.summary.partition(".")[0] if ". " in one.summary else one.summary,
        "description": one.description,
        "parameters": [*_parts(one), *_query(one), *_headers(one)],
        "responses": {
            str(one.status): {"description": "Done", "content": {one.gives: _answer(one, named)}},
            **{str(status): _problem(words) for status, words in PROBLEMS.items()},
        },
    }
    if not one.bodiless:
        body = named[repr(one.given)] if one.given else {"type": "string", "format": "binary"}
        content = {"schema": body} | ({"example": example(body, parts)} if one.given else {})
        told["requestBody"] = {"required": True, "content": {one.takes: content}}
    return told


def _answer(one: Operation, named: dict[str, Any]) -> dict[str, Any]:
    if one.answer is Response:
        return {"schema": {"type": "string", "format": "binary"}}
    return {"schema": named[repr(one.answer)]}


def _problem(words: str) -> dict[str, Any]:
    schema = {"$ref": _REF.format(name="Problem")}
    return {"description": words, "content": {"application/problem+json": {"schema": schema}}}


def _parts(one: Operation) -> list[dict[str, Any]]:
    uuid = {"type": "string", "format": "uuid"}
    return [{"name": part, "in": "path", "required": True, "schema": uuid} for part in one.parts]


def _query(one: Operation) -> list[dict[str, Any]]:
    """The fields of the question, each a parameter."""
    if one.asked is None:
        return []
    _, parts = msgspec.json.schema_components([one.asked], ref_template=_REF)
    shape = parts[one.asked.__name__]
    return [
        {
            "name": name,
            "in": "query",
            "required": name in shape.get("required", ()),
            "schema": _plain(schema),
            **({"explode": True, "style": "form"} if name in one.several else {}),
        }
        for name, schema in shape["properties"].items()
    ]


def _plain(schema: dict[str, Any]) -> dict[str, Any]:
    """A parameter that is not sent is null: none says so in words."""
    some = [kind for kind in schema.get("anyOf", ()) if kind != {"type": "null"}]
    if len(some) != 1:
        return schema
    rest: dict[str, Any] = {
        key: value for key, value in schema.items() if key not in ("anyOf", "default")
    }
    return {**rest, **some[0]}


def _headers(one: Operation) -> list[dict[str, Any]]:
    why = {
        "name": "X-Continuum-Why",
        "in": "header",
        "description": "Why you ask: kept with what you are shown (s.62).",
        "schema": {"type": "string", "maxLength": LONGEST_WHY},
    }
    person = {
        "name": "X-Continuum-For",
        "in": "header",
        "description": "For whom a program asks: kept as told with what it is shown (s.62).",
        "schema": {"type": "string", "maxLength": LONGEST_PERSON},
    }
    key = {
        "name": "Idempotency-Key",
        "in": "header",
        "required": True,
        "description": "A new UUID for each command; the same one when it is sent again.",
        # no `format`: a program that takes it for one sends no text, and headers are text
        "schema": {"type": "string", "pattern": _UUID},
        "example": "018f4a3e-7d3c-7b1a-9c52-5e0b6c1d2f30",
    }
    return ([why] if one.method == "GET" else []) + [person] + ([key] if one.keyed else [])
