"""The API does what its own description says: valid input is answered as described, other input is
refused, and nothing ever breaks.
"""

import json
import typing
from collections.abc import Iterator
from typing import Annotated, Any
from uuid import uuid4

import msgspec
import pytest
import schemathesis
from hypothesis import HealthCheck, Phase, settings
from schemathesis.checks import load_all_checks
from schemathesis.core.parameters import ParameterLocation
from schemathesis.generation.feedback import NO_FEEDBACK
from schemathesis.pytest._test_builder import build_operation_test
from schemathesis.specs.openapi.checks import ignored_auth, positive_data_acceptance

from tests.fuzz import SEED, TIMES
from tests.usecases.fronts import WHO
from tests.web.api.examples import EVERY, prepared, told
from web.api.app import DOCUMENT, OPERATIONS
from web.api.examples import EXAMPLES
from web.api.operation import Operation
from web.api.schema import PREFIX

#: Each field's bounds and what lies beyond them are examples that are written down; `make changed`
#: draws others too.
SOME = settings(
    max_examples=6,
    derandomize=True,
    database=None,
    phases=[Phase.explicit] if TIMES == 1 else [Phase.explicit, Phase.generate],
    suppress_health_check=list(HealthCheck),
)
CALLER = {"X-Continuum-User": WHO}
UNREAD = {f"urn:continuum:{kind}" for kind in ("invalid", "unreadable", "not-json")}
#: The domain may refuse what fits the description; a label is never wrong, because it is not
#: checked.
NOT_SO = [positive_data_acceptance, ignored_auth]
#: Places in a list come out of an answer; an invented one is refused before the rest is checked.
SEALED = {"cursor", "after"}
#: The ids of the store that is open, by those that the examples have in their place.
IDS: dict[str, str] = {}
OPEN: list[Any] = []
BY_PLACE = {(PREFIX + one.path, one.method.lower()): one for one in OPERATIONS}
SUBJECT_OF = {one.name: name for name, subject in EVERY.items() for one, _ in told(subject)}


async def answering(scope: Any, receive: Any, send: Any) -> None:
    """The app of the store that is open, at this machine's address: the description is read before
    there is any."""
    others = [(name, value) for name, value in scope.get("headers", ()) if name != b"host"]
    here = [*others, (b"host", b"127.0.0.1")]
    await OPEN[-1](scope | {"headers": here}, receive, send)


#: No token is drawn: a call with a wrong one is refused (401) before the rest of it is read.
api = schemathesis.openapi.from_dict(
    DOCUMENT | {"security": []}, config=schemathesis.Config(seed=SEED)
)
api.app = answering
load_all_checks()
#: What does not fit may be too long before it is anything else.
REJECTION = api.config.checks.negative_data_rejection
REJECTION.expected_statuses = [*REJECTION.expected_statuses, "413"]


def focused(case: Any, one: Operation) -> None:
    """Let only that part of a case be wrong which it is about. Schemathesis gives the others wrong
    values too, and the first of them would be refused: of an address with no item, a body is never
    read."""
    example = EXAMPLES[one.name]
    about = case.meta.phase.data.parameter_location
    if about is not ParameterLocation.PATH:
        case.path_parameters = {part: IDS.get(one, one) for part, one in example.path.items()}
    if about is not ParameterLocation.HEADER:
        case.headers = {"Idempotency-Key": str(uuid4())} if one.keyed else {}
    if case.query:  # null says in an address, too, that it is not sent
        drawn = {name: value for name, value in case.query.items() if value not in (None, "null")}
        for name in SEALED - {case.meta.phase.data.parameter}:
            drawn.pop(name, None)
        case.query = drawn
    if one.declared and isinstance(case.body, dict):
        case.body = dict(_strictly(one, case.body))


def _strictly(one: Operation, body: dict[str, Any]) -> Iterator[tuple[str, Any]]:
    """Return a body without the liberties that a declared command takes beside its description
    (docs/api.md): null or a blank text is a field that is not sent, one text is several."""
    fields = {field.name: field for field in msgspec.structs.fields(one.given)} if one.given else {}
    for name, value in body.items():
        blank = value is None or (isinstance(value, str) and not value.strip())
        if blank and name in fields and not fields[name].required:
            continue
        several = name in fields and typing.get_origin(_bare(fields[name].type)) is tuple
        yield name, [value] if several and isinstance(value, str) else value


def _bare(kind: Any) -> Any:
    return _bare(typing.get_args(kind)[0]) if typing.get_origin(kind) is Annotated else kind


def _as_sent(told: Any) -> Any:
    """As a program sends it. JSON Schema has no short way to say that a NUL is no text anywhere
    (domain/kernel/strict_json.py), and calls 3.0 a whole number."""
    if isinstance(told, str):
        return IDS.get(told, told.replace("\0", "0"))  # as long as it was
    if isinstance(told, float) and told.is_integer():
        return int(told)
    if isinstance(told, list):
        return [_as_sent(one) for one in told]
    if isinstance(told, dict):
        return {_as_sent(name): _as_sent(one) for name, one in told.items()}
    return told


@api.hook
def map_body(context: Any, body: Any) -> Any:
    return _as_sent(body)


@api.hook
def map_query(context: Any, query: Any) -> Any:
    return _as_sent(query)


def what_fits_is_read(context: Any, response: Any, case: Any) -> None:
    """What fits the description may be refused by the domain, but never as unreadable."""
    if case.meta.generation.mode.is_positive and response.status_code in (400, 415, 422):
        assert response.json()["type"] not in UNREAD, response.text


@pytest.fixture(scope="module")
def store(request: Any, tmp_path_factory: pytest.TempPathFactory) -> Iterator[None]:
    """A store that has what a subject is about; it serves all operations of that subject."""
    home = tmp_path_factory.mktemp("api") / "store"
    with prepared(EVERY[request.param], home) as (client, ids):
        IDS.update(ids)
        OPEN.append(client.app)
        yield
        IDS.clear()
        OPEN.clear()


def _kinds(told: Any) -> Any:
    """What matters of a field's schema: neither its words, nor which codes it knows, nor how much
    it takes."""
    if isinstance(told, dict):
        plain = {key: one for key, one in told.items() if key not in ("title", "description")}
        codes = "enum" in plain
        return {
            key: (codes and key in ("enum", "default")) or _kinds(one) for key, one in plain.items()
        }
    if isinstance(told, list):
        return [_kinds(one) for one in told]
    return isinstance(told, int) or told


def _fields(told: dict[str, Any]) -> Iterator[Any]:
    """The kind of each field of an operation, its place, and whether it is required."""
    for each in told.get("parameters", ()):
        one = DOCUMENT["components"]["parameters"].get(each.get("$ref", "")[24:], each)
        yield one["in"], one.get("required"), _kinds(one["schema"])
    for kind, body in told.get("requestBody", {}).get("content", {}).items():
        schema = body["schema"]
        schema = DOCUMENT["components"]["schemas"].get(schema.get("$ref", "")[21:], schema)
        for name, one in schema.get("properties", {"": schema}).items():
            yield kind, name in schema.get("required", ()), _kinds(one)


def _operations() -> Iterator[Any]:
    """The operations that have a field of each kind between them: one code reads all, and each
    example is sent by `test_examples.py`. `make changed` tries all operations."""
    kinds = {
        (path, method): {json.dumps(one, sort_keys=True) for one in _fields(told)}
        for path, methods in DOCUMENT["paths"].items()
        for method, told in methods.items()
    }
    tried = list(kinds)
    if TIMES == 1:
        tried, left = [], set[str]().union(*kinds.values())
        while left:
            tried.append(max(kinds, key=lambda one: len(kinds[one] & left)))
            left -= kinds[tried[-1]]
    for path, method in tried:
        one = BY_PLACE[path, method]
        yield pytest.param(SUBJECT_OF[one.name], one, id=f"{method} {path}")


@pytest.mark.parametrize(("store", "one"), list(_operations()), indirect=["store"])
def test_it_keeps_its_word(store: None, one: Operation) -> None:
    """What is tried is drawn here and not by `api.parametrize`, which draws for all operations
    where tests are collected: that takes longer than to try it, in each process of a run."""

    @SOME
    def keeps_its_word(case: Any) -> None:
        focused(case, one)
        case.call_and_validate(
            headers=CALLER,
            additional_checks=[what_fits_is_read],
            excluded_checks=NOT_SO,
        )

    build_operation_test(
        config=api.config,
        operation=api[PREFIX + one.path][one.method],
        test_func=keeps_its_word,
        given_kwargs={},
        feedback=NO_FEEDBACK,
    )()
