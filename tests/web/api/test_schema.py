"""The API as its own description says: whatever fits it is answered as told, whatever does not is
refused, and nothing ever breaks."""

import re
from collections.abc import Iterator
from typing import Any

import pytest
import schemathesis
from hypothesis import HealthCheck, Phase, settings
from schemathesis.specs.openapi.checks import ignored_auth, positive_data_acceptance

from tests.commands.office import opened
from tests.web.api.conftest import Program, client_of
from web.api.app import DOCUMENT

LITTLE = settings(
    max_examples=6,
    derandomize=True,
    database=None,
    phases=[Phase.explicit, Phase.generate],
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


api = schemathesis.openapi.from_dict(DOCUMENT)
api.app = answering


@api.hook
def map_path_parameters(context: Any, path_parameters: dict[str, Any] | None) -> Any:
    """Every other id is one that there is: an id drawn at random names nothing. What is no id
    stays none."""
    told = path_parameters or {}
    return {
        name: KNOWN[name] if name in KNOWN and EVEN_ID.fullmatch(str(value)) else value
        for name, value in told.items()
    }


def _without_nul(told: Any) -> Any:
    if isinstance(told, str):
        return told.replace("\0", "0")  # as long as it was
    if isinstance(told, list):
        return [_without_nul(one) for one in told]
    if isinstance(told, dict):
        return {_without_nul(name): _without_nul(one) for name, one in told.items()}
    return told


@api.hook
def map_body(context: Any, body: Any) -> Any:
    """A NUL is no text anywhere (domain/told_json.py): JSON Schema has no short way to say so."""
    return _without_nul(body)


@api.hook
def map_query(context: Any, query: Any) -> Any:
    """As for a body."""
    return _without_nul(query)


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
    made.state.house.meter.spend = lambda name: True
    OPEN.append(made)
    yield
    KNOWN.clear()
    OPEN.clear()
    office.system.close()


@api.parametrize()
@LITTLE
def test_it_keeps_its_word(case: Any) -> None:
    case.call_and_validate(
        headers=CALLER,
        additional_checks=[what_fits_is_read],
        excluded_checks=NOT_SO,
    )
