"""The API's own description (OpenAPI 3.1), made from the functions of the operations."""

from collections.abc import Sequence
from typing import Any

import msgspec
from fastapi.responses import Response

from web.api.examples import EXAMPLES, NO_EXAMPLE
from web.api.operation import Operation
from web.api.parameters import parameters
from web.api.published import PUBLISHED
from web.api.sharing import SharedPart, share
from web.api.times import timed

PREFIX = "/api/v1"
_REF = "#/components/schemas/{name}"
#: Error answers that any operation may give, with their descriptions.
PROBLEMS = {
    400: "The request cannot be read, or has no `Idempotency-Key`",
    401: "No account has this token",
    403: "The caller's role does not permit the operation",
    404: "The item does not exist, or the caller has no access to it",
    409: "The `Idempotency-Key` was used for another command, or the item was changed first",
    413: "The request is too long",
    415: "The content type is not accepted",
    422: "The request can be read but not carried out: `detail` gives the reason",
    429: "Too many calls in a short time",
    500: "The record was changed after it was written, or the program has a fault",
    503: "The store does not answer. The command was carried out once or not at all: send it again",
}
PROBLEM = {
    "type": "object",
    "description": "Description of the problem (RFC 9457).",
    "required": ["type", "title", "status", "detail"],
    "properties": {
        "type": {"type": "string", "description": "urn:continuum: followed by the kind of problem"},
        "title": {"type": "string"},
        "status": {"type": "integer"},
        "detail": {"type": "string"},
        "errors": {
            "type": "object",
            "description": "The error of each faulty field",
            "additionalProperties": {"type": "string"},
        },
    },
}
ABOUT = (
    "The same commands and queries as on the screens and the command line. Every command carries "
    "an `Idempotency-Key`, a new UUID: sent again with the same body it gives the first answer and "
    "is done once; with another body it is refused (409). An item that you may not see looks like "
    "an item that does not exist. All access is recorded first (DPA 2018 s.62)."
)


def document(operations: Sequence[Operation]) -> dict[str, Any]:
    """Return the whole description of the API, with these operations."""
    kinds = [
        kind
        for operation in operations
        for kind in (operation.given, operation.answer)
        if _described(kind)
    ]
    kind_schemas, shapes = msgspec.json.schema_components(kinds, ref_template=_REF)
    timed(kinds, shapes)
    named_schemas, parts = _plainly_named(kind_schemas, shapes)
    named = dict(zip(map(repr, kinds), named_schemas, strict=True))
    paths: dict[str, Any] = {}
    for operation in operations:
        paths.setdefault(PREFIX + operation.path, {})[operation.method.lower()] = (
            _describe_operation(operation, named)
        )
    shared = _shared(paths)
    return {
        "openapi": "3.1.0",
        "info": {"title": "Continuum", "version": "1", "description": ABOUT},
        "servers": [{"url": "/"}],
        "security": [{"service": []}, {"bearer": []}, {"label": []}],
        "tags": [{"name": tag} for tag in sorted({_tag(operation) for operation in operations})],
        "paths": paths,
        "components": {
            "schemas": parts | {"Problem": PROBLEM},
            **shared,
            "securitySchemes": {
                "service": {
                    "type": "http",
                    "scheme": "bearer",
                    "description": "A program's own key, made by an administrator for at "
                    "most a year. With it a program cannot do what needs a "
                    "second factor, such as an export.",
                },
                "bearer": {
                    "type": "http",
                    "scheme": "bearer",
                    "description": "The token of a person who signed in (`continuum login`). "
                    "It expires after 15 minutes without a request.",
                },
                "label": {
                    "type": "apiKey",
                    "in": "header",
                    "name": "X-Continuum-User",
                    "description": "A name that is not checked. Accepted while a store has no "
                    "accounts, and on synthetic stores.",
                },
            },
        },
    }


def _shared(paths: dict[str, Any]) -> dict[str, Any]:
    """Move parameters and answers that several operations have in common to one place, with
    references to them in the operations; return the moved parts."""
    # operations are sorted by address, so that names do not depend on the modules of the use cases
    operations = [method for _, methods in sorted(paths.items()) for method in methods.values()]
    parameters: dict[str, Any] = {}
    share(
        (
            SharedPart(operation["parameters"], place, parameter["name"])
            for operation in operations
            for place, parameter in enumerate(operation["parameters"])
        ),
        parameters,
        "#/components/parameters/{name}",
    )
    answers: dict[str, Any] = {}
    share(
        (
            SharedPart(
                operation["responses"], status, status if int(status) >= 400 else _called(answer)
            )
            for operation in operations
            for status, answer in operation["responses"].items()
        ),
        answers,
        "#/components/responses/{name}",
    )
    return {"parameters": parameters, "responses": answers}


def _called(answer: dict[str, Any]) -> str:
    """Return a short name for an answer: the name of the class to which its schema refers or,
    without a reference, its content type."""
    ((kind, content),) = answer["content"].items()
    reference = content["schema"].get("$ref", kind)
    return str(reference).rpartition("/")[2]


def _plainly_named(
    sections: Sequence[dict[str, Any]], parts: dict[str, Any]
) -> tuple[Any, dict[str, Any]]:
    """Return the API's description with a plain name for each of its shared schemas, and the
    renamed schemas.

    If classes have the same name, the library names their schemas by module path, which is no valid
    name in other languages. For a field with codes, generators of clients join the schema's name
    and the field's name; a schema that already has such a joined name is renamed, too.
    """
    codes = {f"{part}{_camel(name)}" for part, one in parts.items() for name in _fields_of(one)}
    names: dict[str, str] = {name: f"{name}Told" for name in parts if name in codes}
    names |= {name: PUBLISHED[name] for name in parts if name in PUBLISHED}
    taken = {*parts, *codes, *names.values()} - PUBLISHED.keys()
    for name in (part for part in parts if "." in part and part not in names):
        *path, kind = name.split(".")
        # `projections.justice.court.StepRow` becomes `CourtStepRow`, unless another part has that
        # name already
        longer = ("".join(map(_camel, path[at:])) + kind for at in reversed(range(len(path))))
        names[name] = next(one for one in longer if one not in taken)
        taken.add(names[name])

    def renamed(node: Any) -> Any:
        if isinstance(node, dict):
            renamed_node = {key: renamed(value) for key, value in node.items()}
            name = renamed_node.get("$ref", "").rpartition("/")[2] if "$ref" in renamed_node else ""
            return renamed_node | ({"$ref": _REF.format(name=names[name])} if name in names else {})
        return [renamed(part) for part in node] if isinstance(node, list) else node

    called = {names.get(name, name): renamed(one) for name, one in parts.items()}
    for one in called.values():
        one.pop("title", None)  # the title would only repeat the schema's name
    return [renamed(section) for section in sections], called


def _camel(name: str) -> str:
    return "".join(part.title() for part in name.split("_"))


def _fields_of(part: dict[str, Any]) -> list[str]:
    """Return the names of the fields of a schema whose values are codes."""
    return [name for name, field in part.get("properties", {}).items() if "enum" in field]


def _described(kind: Any) -> bool:
    return kind is not None and kind is not Response


def _tag(operation: Operation) -> str:
    """Return the subject of an operation: the first word of its address."""
    return operation.path.split("/")[1]


def _describe_operation(operation: Operation, named: dict[str, Any]) -> dict[str, Any]:
    example = EXAMPLES.get(operation.name, NO_EXAMPLE)
    summary = (
        operation.summary.partition(".")[0] if ". " in operation.summary else operation.summary
    )
    more = {} if summary == operation.description else {"description": operation.description}
    description: dict[str, Any] = {
        "operationId": operation.name,
        "tags": [_tag(operation)],
        "summary": summary,
        **more,
        "parameters": parameters(operation, example),
        "responses": {
            str(operation.status): {
                "description": "Done",
                "content": {operation.gives: _answer(operation, named)},
            },
            **{str(status): _problem(PROBLEMS[status]) for status in _refusals(operation)},
        },
    }
    if not operation.bodiless:
        body = (
            named[repr(operation.given)]
            if operation.given
            else {"type": "string", "format": "binary"}
        )
        shown = {} if example.body is None else {"example": example.body}
        description["requestBody"] = {
            "required": True,
            "content": {operation.takes: {"schema": body} | shown},
        }
    return description


def _answer(operation: Operation, named: dict[str, Any]) -> dict[str, Any]:
    if operation.answer is Response:
        return {"schema": {"type": "string", "format": "binary"}}
    return {"schema": named[repr(operation.answer)]}


def _refusals(operation: Operation) -> list[int]:
    """Return the error statuses that an operation may answer with. For example, a query never
    answers that it conflicts with another command."""
    never = (
        (409, 413, 415) if operation.method == "GET" else (413, 415) if operation.bodiless else ()
    )
    return [status for status in PROBLEMS if status not in never]


def _problem(words: str) -> dict[str, Any]:
    schema = {"$ref": _REF.format(name="Problem")}
    return {"description": words, "content": {"application/problem+json": {"schema": schema}}}
