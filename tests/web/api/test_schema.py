"""The API does what its description says: it answers valid input as described, refuses other input,
and no input causes an internal error.
"""

import json
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from typing import Any

import pytest

from tests.fuzz import TIMES
from tests.web.api.examples import EVERY, prepared, told
from web.api.app import OPERATIONS, document
from web.api.operation import Operation
from web.api.schema import PREFIX

BY_PLACE = {
    (PREFIX + operation.path, operation.method.lower()): operation for operation in OPERATIONS
}
SUBJECT_OF = {one.name: name for name, subject in EVERY.items() for one, _ in told(subject)}


@pytest.fixture(scope="module")
def serve(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Callable[[str], None]]:
    """Yield a function that serves a store with the test items of one subject over HTTP. All
    operations of the subject use the same store, one after another.
    """
    from tests.support.web.described_calls import IDS, OPEN

    served: list[str] = []
    with ExitStack() as stack:

        def change(name: str) -> None:
            if served == [name]:
                return
            stack.close()
            IDS.clear()
            OPEN.clear()
            home = tmp_path_factory.mktemp("api") / "store"
            client, ids = stack.enter_context(prepared(EVERY[name], home))
            IDS.update(ids)
            OPEN.append(client.app)
            served[:] = [name]

        yield change
    IDS.clear()
    OPEN.clear()


def _kinds(told: Any) -> Any:
    """Return the schema of a field without titles, descriptions and default values, so that the
    schemas of similar fields are equal."""
    if isinstance(told, dict):
        plain = {key: one for key, one in told.items() if key not in ("title", "description")}
        codes = "enum" in plain
        return {
            key: (codes and key in ("enum", "default")) or _kinds(one) for key, one in plain.items()
        }
    if isinstance(told, list):
        return [_kinds(one) for one in told]
    return isinstance(told, int) or told


def _fields(told: dict[str, Any]) -> Iterator[tuple[tuple[str, str], str]]:
    """Yield for each field of an operation its place in the request, its name and, as JSON, its
    kind. Fields of the same kind have the same JSON."""
    for each in told.get("parameters", ()):
        one = document()["components"]["parameters"].get(each.get("$ref", "")[24:], each)
        kind = one["in"], one.get("required"), _kinds(one["schema"])
        yield (one["in"], one["name"]), json.dumps(kind, sort_keys=True)
    for media, body in told.get("requestBody", {}).get("content", {}).items():
        schema = body["schema"]
        schema = document()["components"]["schemas"].get(schema.get("$ref", "")[21:], schema)
        for name, one in schema.get("properties", {"": schema}).items():
            kind = media, name in schema.get("required", ()), _kinds(one)
            yield ("body", name), json.dumps(kind, sort_keys=True)


def _operations() -> Iterator[Any]:
    """Yield a few operations that together have a field of each kind, because the same code reads
    all fields. `make changed` yields all operations."""
    fields = {
        (path, method): dict(_fields(told))
        for path, methods in document()["paths"].items()
        for method, told in methods.items()
    }
    tried = {key: set[tuple[str, str]]() for key in fields}
    if TIMES == 1:
        tried, left = {}, {kind for kinds in fields.values() for kind in kinds.values()}
        while left:
            key = max(fields, key=lambda one: len({*fields[one].values()} & left))
            first = {kind: field for field, kind in [*fields[key].items()][::-1] if kind in left}
            tried[key] = {*fields[key]} - {*first.values()}
            left -= {*first}
    for key in sorted(tried, key=lambda key: SUBJECT_OF[BY_PLACE[key].name]):
        one = BY_PLACE[key]
        yield pytest.param(one, tried[key], id=f"{one.method.lower()} {PREFIX}{one.path}")


@pytest.mark.in_turn
@pytest.mark.parametrize(("one", "tried"), list(_operations()))
def test_it_keeps_its_word(
    serve: Callable[[str], None], one: Operation, tried: set[tuple[str, str]]
) -> None:
    from tests.support.web.described_calls import assert_it_keeps_its_word

    serve(SUBJECT_OF[one.name])
    assert_it_keeps_its_word(one, tried)
