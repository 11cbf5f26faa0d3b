"""The API's description is valid, and each example in it works when it is sent."""

import json
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from urllib.parse import urlencode
from uuid import uuid4

import jsonschema_rs
import pytest
from msgspec.structs import replace
from starlette.testclient import TestClient

from tests.rotation import todays
from tests.web.api.examples import EVERY, FILE, prepared, text, told
from web.api.app import OPERATIONS, distinct, document

#: The description of the API in the form in which a program reads it.
READ: dict[str, Any] = json.loads(json.dumps(document()))
#: A pattern of a reference to a schema.
SCHEMA = re.compile(r'"#/components/schemas/([^"]+)"')
BY_ID = {
    one["operationId"]: (method, path, one)
    for path, methods in READ["paths"].items()
    for method, one in methods.items()
}


def resolved(part: dict[str, Any]) -> dict[str, Any]:
    """Return the part of the API's description to which the reference `part` leads, or `part`
    itself if it is no reference."""
    found: Any = READ if "$ref" in part else part
    for name in part.get("$ref", "").split("/")[1:]:
        found = found[name]
    return dict(found)


def parameters(one: dict[str, Any]) -> Iterator[dict[str, Any]]:
    """Yield the parameters of an operation, with references resolved."""
    return map(resolved, one["parameters"])


def sent(client: TestClient, name: str, ids: dict[str, str], content: bytes) -> Any:
    """Send the example of the operation `name` with these ids; return the API's answer. `content`
    is the body, if the operation's body is not JSON."""
    method, path, one = BY_ID[name]
    shown = [parameter for parameter in parameters(one) if "example" in parameter]
    headers = {each["name"]: str(uuid4()) for each in shown if each["in"] == "header"}
    parts = {each["name"]: each["example"] for each in shown if each["in"] == "path"}
    query = {each["name"]: each["example"] for each in shown if each["in"] == "query"}
    plain = {key: json.dumps(v) if isinstance(v, bool) else v for key, v in query.items()}
    address = f"{path.format(**parts)}?{urlencode(plain, doseq=True)}"
    for kind, body in one.get("requestBody", {}).get("content", {}).items():
        headers["Content-Type"] = kind
        if "example" in body:
            given = body["example"]
            content = (given if isinstance(given, str) else json.dumps(given)).encode()
    for example_id, real in ids.items():
        address = address.replace(example_id, real)
        content = content.replace(example_id.encode(), real.encode())
    return client.request(method, address, headers=headers, content=content)


@pytest.mark.in_turn
@pytest.mark.parametrize("name", EVERY)
def test_each_example_works(name: str, tmp_path: Path) -> None:
    """Each example works as it is in the description. Only its ids are replaced by those of a store
    with the same items.
    """
    subject = EVERY[name]
    with prepared(subject, tmp_path / "store") as (client, ids):
        for one, story in told(subject):
            content = story.told.get("content")
            answer = sent(client, one.name, ids, content if isinstance(content, bytes) else b"")
            assert answer.status_code == one.status, (one.name, answer.text)


def test_each_operation_has_an_example_and_its_file_is_made_from_the_stories() -> None:
    """Each operation has an example, and the file of examples is up to date. After a change, run
    `python -m tests.web.api.examples`."""
    assert FILE.read_bytes() == text(), "run python -m tests.web.api.examples"
    in_stories = {one.name for subject in EVERY.values() for one, _ in told(subject)}
    lacking = sorted(BY_ID.keys() - in_stories)
    assert not lacking, (
        f"no example of {', '.join(lacking)}: write a Story for its command in a file of "
        "tests/usecases/stories/, and run python -m tests.web.api.examples"
    )
    assert in_stories <= BY_ID.keys()
    for name, (_, _, one) in BY_ID.items():
        needed = [parameter for parameter in parameters(one) if parameter.get("required")]
        assert all("example" in each for each in needed), name
        bodies = one.get("requestBody", {}).get("content", {})
        assert all("example" in each for each in bodies.values()) or name == "lay", name


def test_each_example_fits_its_schema() -> None:
    registry = jsonschema_rs.Registry([("urn:api", READ)])

    def fits(schema: dict[str, Any], value: Any) -> bool:
        here = {"$ref": f"urn:api{schema['$ref']}"} if "$ref" in schema else schema
        return jsonschema_rs.is_valid(here, value, registry=registry)

    for name, (_, _, one) in BY_ID.items():
        bodies = one.get("requestBody", {}).get("content", {})
        for each in (*parameters(one), *bodies.values()):
            if "example" in each:
                assert fits(each["schema"], each["example"]), (name, each)


def schemas_of(part: Any) -> dict[str, Any]:
    """Return by name all schemas that a part of the API's description uses, directly or through
    other schemas."""
    every, found, waiting = READ["components"]["schemas"], dict[str, Any](), [part]
    while waiting:
        names = {*SCHEMA.findall(json.dumps(waiting.pop()))} - {*found}
        found |= {name: every[name] for name in names}
        waiting += [every[name] for name in names]
    return found


def test_the_description_is_valid() -> None:
    """The API's description is valid. Each run validates a third of the addresses, with the schemas
    to which they lead; all addresses together lead to all schemas."""
    # this import takes a seventh of the time of collecting the tests, so it is inside the test
    from openapi_spec_validator import OpenAPIV31SpecValidator

    components = READ["components"]
    others = {kind: part for kind, part in components.items() if kind != "schemas"}
    assert schemas_of([READ["paths"], others]) == components["schemas"]
    paths = dict(todays(READ["paths"].items()))
    parts = components | {"schemas": schemas_of([paths, others])}
    described = READ | {"paths": paths, "components": parts}
    assert not [error.message for error in OpenAPIV31SpecValidator(described).iter_errors()]


def test_no_schema_is_a_fixed_row_of_values() -> None:
    """The API's description has no list of values in a fixed order, because generators of clients
    refuse `prefixItems`. Each row has named fields instead."""

    def rows(schema: Any, place: str) -> Iterator[str]:
        if isinstance(schema, dict):
            if "prefixItems" in schema:
                yield place
            for key, value in schema.items():
                yield from rows(value, f"{place}/{key}")

    assert list(rows(READ["components"]["schemas"], "")) == []


def test_no_two_operations_have_one_id_or_one_address() -> None:
    one, other, *_ = OPERATIONS
    for same in (replace(other, name=one.name), replace(other, path=one.path, method=one.method)):
        with pytest.raises(ValueError, match="two operations have the same key"):
            distinct((one, same))
    assert len(BY_ID) == len(OPERATIONS)


def test_what_recurs_is_written_once() -> None:
    """Parts that several operations share are written once in the description. (Otherwise half of
    the description would be the same answers.)"""
    assert len(json.dumps(document(), separators=(",", ":"))) < 2_300 * len(OPERATIONS)
