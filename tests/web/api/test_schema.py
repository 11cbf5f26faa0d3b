"""The API as its own description says: whatever fits it is answered as told, whatever does not is
refused, and nothing ever breaks."""

import json
import re
from collections.abc import Iterator
from typing import Any

import pytest
import schemathesis
from hypothesis import HealthCheck, Phase, settings
from schemathesis.checks import load_all_checks
from schemathesis.generation.feedback import NO_FEEDBACK
from schemathesis.pytest._test_builder import build_operation_test
from schemathesis.specs.openapi.checks import ignored_auth, positive_data_acceptance

from tests.commands.office import opened
from tests.fuzz import SEED, TIMES
from tests.web.api.conftest import Program, client_of
from web.api.app import DOCUMENT
from web.meter import Spent

#: Each field's bounds and what lies beyond them are examples that are written down; `make changed`
#: draws others too.
SOME = settings(
    max_examples=6,
    derandomize=True,
    database=None,
    phases=[Phase.explicit] if TIMES == 1 else [Phase.explicit, Phase.generate],
    suppress_health_check=list(HealthCheck),
)
CALLER = {"X-Continuum-User": "rms.north"}
UNREAD = {f"urn:continuum:{kind}" for kind in ("invalid", "unreadable", "not-json")}
#: The domain may refuse what fits the description; a label, which nobody checks, is never wrong.
NOT_SO = [positive_data_acceptance, ignored_auth]
KNOWN: dict[str, str] = {}
EVEN_ID = re.compile(r"[0-9a-fA-F]{8}(-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{11}[02468aceACE]")
OPEN: list[Any] = []


async def answering(scope: Any, receive: Any, send: Any) -> None:
    """The app of the store that is open: the description is read before there is any."""
    await OPEN[-1](scope, receive, send)


api = schemathesis.openapi.from_dict(DOCUMENT, config=schemathesis.Config(seed=SEED))
api.app = answering
load_all_checks()
#: What does not fit may be too long before it is anything else.
REJECTION = api.config.checks.negative_data_rejection
REJECTION.expected_statuses = [*REJECTION.expected_statuses, "413"]


@api.hook
def map_path_parameters(context: Any, path_parameters: dict[str, Any] | None) -> Any:
    """Every other id is one that there is: an id drawn at random names nothing. What is no id
    stays none."""
    told = path_parameters or {}
    return {
        name: KNOWN[name] if name in KNOWN and EVEN_ID.fullmatch(str(value)) else value
        for name, value in told.items()
    }


def _as_sent(told: Any) -> Any:
    """As a program sends it. JSON Schema has no short way to say that a NUL is no text anywhere
    (domain/told_json.py), and calls 3.0 a whole number."""
    if isinstance(told, str):
        return told.replace("\0", "0")  # as long as it was
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


@pytest.fixture(scope="module", autouse=True)
def store(tmp_path_factory: pytest.TempPathFactory) -> Iterator[None]:
    """A store with something in it."""
    office = opened(tmp_path_factory.mktemp("api") / "store")
    program = Program(office, client_of(office))
    told = program.post("/people", nickname="Baz", categories=["suspect"], grounds="told")
    KNOWN.update(item=program.words(), who=told.json()["id"])
    made: Any = program.client.app
    made.state.house.meter.spend = lambda name, take: Spent(allowed=True, left=1)
    OPEN.append(made)
    yield
    KNOWN.clear()
    OPEN.clear()
    office.system.close()


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
    """The kind of each field of an operation, where it stands, and whether it must be told."""
    for each in told.get("parameters", ()):
        one = DOCUMENT["components"]["parameters"].get(each.get("$ref", "")[24:], each)
        yield one["in"], one.get("required"), _kinds(one["schema"])
    for kind, body in told.get("requestBody", {}).get("content", {}).items():
        schema = body["schema"]
        schema = DOCUMENT["components"]["schemas"].get(schema.get("$ref", "")[21:], schema)
        for name, one in schema.get("properties", {"": schema}).items():
            yield kind, name in schema.get("required", ()), _kinds(one)


def _operations() -> Iterator[Any]:
    """Those that bring a field of a new kind: one code reads them all, and tests/usecases tells
    each of them through the API. `make changed` tries them all."""
    met: set[str] = set()
    for path, methods in DOCUMENT["paths"].items():
        for method, told in methods.items():
            kinds = {json.dumps(one, sort_keys=True) for one in _fields(told)}
            if TIMES > 1 or not kinds <= met:
                yield pytest.param(path, method, id=f"{method} {path}")
            met |= kinds


@pytest.mark.parametrize(("path", "method"), list(_operations()))
def test_it_keeps_its_word(path: str, method: str) -> None:
    """What is tried is drawn here and not by `api.parametrize`, which draws for all operations
    where tests are collected: that takes longer than to try it, in each process of a run."""

    @SOME
    def keeps_its_word(case: Any) -> None:
        case.call_and_validate(
            headers=CALLER,
            additional_checks=[what_fits_is_read],
            excluded_checks=NOT_SO,
        )

    build_operation_test(
        config=api.config,
        operation=api[path][method],
        test_func=keeps_its_word,
        given_kwargs={},
        feedback=NO_FEEDBACK,
    )()
