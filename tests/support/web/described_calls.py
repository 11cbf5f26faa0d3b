"""Calls of an operation of the API that match its description, and calls that do not.

Schemathesis needs a second to read the whole description, so a test imports this module only where
it makes its calls.
"""

import typing
from collections.abc import Collection, Iterator
from typing import Annotated, Any
from uuid import uuid4

import msgspec
import schemathesis
from hypothesis import HealthCheck, Phase, settings
from schemathesis.checks import load_all_checks
from schemathesis.core.parameters import ParameterLocation
from schemathesis.generation.feedback import NO_FEEDBACK
from schemathesis.pytest._test_builder import build_operation_test
from schemathesis.specs.openapi.checks import ignored_auth, positive_data_acceptance

from tests.fuzz import SEED, TIMES
from tests.usecases.fronts import WHO
from web.api.app import document
from web.api.examples import EXAMPLES
from web.api.operation import Operation
from web.api.schema import PREFIX

#: Settings for Schemathesis: the limits of each field, and values beyond the limits, are fixed
#: examples; `make changed` also draws random examples.
SOME = settings(
    max_examples=6,
    derandomize=True,
    database=None,
    phases=[Phase.explicit] if TIMES == 1 else [Phase.explicit, Phase.generate],
    suppress_health_check=list(HealthCheck),
)
CALLER = {"X-Continuum-User": WHO}
UNREAD = {f"urn:continuum:{kind}" for kind in ("invalid", "unreadable", "not-json")}
#: Checks of Schemathesis that do not apply: the domain may refuse a call that matches the
#: description, and names of users are not validated.
NOT_SO = [positive_data_acceptance, ignored_auth]
#: Fields for a position in a list, whose value must come from an earlier answer; an invented value
#: is refused before the other fields are checked.
SEALED = {"cursor", "after"}
#: For each example id in the description, the id of an item in the open store.
IDS: dict[str, str] = {}
OPEN: list[Any] = []


async def answering(scope: Any, receive: Any, send: Any) -> None:
    """Answer requests with the store that is open at that moment. (The description is read before
    any store is open.)"""
    others = [(name, value) for name, value in scope.get("headers", ()) if name != b"host"]
    here = [*others, (b"host", b"127.0.0.1")]
    await OPEN[-1](scope | {"headers": here}, receive, send)


#: The operations of the API, called without tokens, because a call with a wrong token is refused
#: (401) before its other parts are read.
api = schemathesis.openapi.from_dict(
    document() | {"security": []}, config=schemathesis.Config(seed=SEED)
)
api.app = answering
load_all_checks()
#: The check that a value which does not match the description is refused, whether for its length or
#: for another reason.
REJECTION = api.config.checks.negative_data_rejection
REJECTION.expected_statuses = [*REJECTION.expected_statuses, "413"]


def focused(case: Any, one: Operation) -> None:
    """Make every part of a call valid except the part that this test is about. Otherwise the
    product would refuse another invalid part first and never read this one."""
    example = EXAMPLES[one.name]
    about = case.meta.phase.data.parameter_location
    if about is not ParameterLocation.PATH:
        case.path_parameters = {part: IDS.get(one, one) for part, one in example.path.items()}
    if about is not ParameterLocation.HEADER:
        case.headers = {"Idempotency-Key": str(uuid4())} if one.keyed else {}
    if case.query:  # a query value of null is sent like a missing parameter
        drawn = {name: value for name, value in case.query.items() if value not in (None, "null")}
        for name in SEALED - {case.meta.phase.data.parameter}:
            drawn.pop(name, None)
        case.query = drawn
    if one.declared and isinstance(case.body, dict):
        case.body = dict(_strictly(one, case.body))


def _strictly(one: Operation, body: dict[str, Any]) -> Iterator[tuple[str, Any]]:
    """Yield the fields of a body. Left out is input that a command accepts although its description
    does not (docs/api.md): null or blank text for a missing field, and one text for a list."""
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
    """Return a value as a program would send it: without NUL characters, and with whole numbers
    such as 3.0 written as 3."""
    if isinstance(told, str):
        # the replacement has one character too, so the text keeps its length
        return IDS.get(told, told.replace("\0", "0"))
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
    """Check that a value that matches the description is never refused as unreadable; the domain
    may refuse it for another reason.
    """
    if case.meta.generation.mode.is_positive and response.status_code in (400, 415, 422):
        assert response.json()["type"] not in UNREAD, response.text


def wrong_field(case: Any) -> tuple[str, str] | None:
    """Return the place and the name of the wrong field of a call, if exactly one field is wrong."""
    data = case.meta.phase.data
    about = getattr(data, "parameter_location", None)
    if about is None or not case.meta.generation.mode.is_negative:
        return None
    if about is not ParameterLocation.BODY:
        return about.value, data.parameter
    _, *place = (data.location or "").split("/")
    return ("body", place[1]) if place[:1] == ["properties"] else None


def assert_it_keeps_its_word(one: Operation, tried: Collection[tuple[str, str]]) -> None:
    """Make calls of an operation, and check that the answers agree with its description. Calls with
    a wrong field that an earlier call had are left out.

    The calls are drawn here, because `api.parametrize` would draw the calls of all operations in
    each test process.
    """

    @SOME
    def keeps_its_word(case: Any) -> None:
        if wrong_field(case) in tried:
            return
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
