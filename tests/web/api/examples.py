"""Write the examples in the API's description from the test inputs of the operations: `python -m
tests.web.api.examples`."""

from collections.abc import Iterator, Mapping
from contextlib import closing, contextmanager
from hashlib import sha256
from pathlib import Path
from typing import Any

import msgspec
import pytest
from starlette.testclient import TestClient

import web.api
from tests.commands.office import opened
from tests.usecases.fronts import WHO, Story, Subject, filled
from tests.usecases.stories import SUBJECTS
from tests.web.api.conftest import client_of
from tests.web.api.stories import ASKED_AND_BY_HAND
from web.api import declared
from web.api.app import OPERATIONS
from web.api.examples import Example
from web.api.operation import Operation
from web.server.rate_limit import CallAllowance

FILE = Path(web.api.__file__).with_name("examples.json")
EVERY: Mapping[str, Subject] = {**SUBJECTS, "asked and by hand": ASKED_AND_BY_HAND}
_DECLARED = {operation.asks: operation for operation in declared.OPERATIONS}
_BY_ID = {operation.name: operation for operation in OPERATIONS}
#: Names of test values that are only the end of an id; a program may send this end instead of the
#: whole id.
_ENDS = {"ending"}


def literal(name: str) -> str:
    """Return the invented id that the examples use for a test item. It is the same in each run, and
    no store contains it."""
    digits = sha256(name.encode()).hexdigest()[:12]
    return digits if name in _ENDS else f"018f4a3e-7d3c-7b1a-9c52-{digits}"


class _Literals(dict[str, str]):
    def __missing__(self, name: str) -> str:
        return literal(name)


def told(subject: Subject) -> Iterator[tuple[Operation, Story]]:
    """Yield the test inputs of this subject in their order, each with the API's operation that it
    calls."""
    for name, story in subject.stories.items():
        yield _BY_ID[name] if subject is ASKED_AND_BY_HAND else _DECLARED[name], story


def example(one: Operation, story: Story) -> Example:
    """Return the request that these test inputs make to this operation, as an example."""
    given: dict[str, Any] = filled(story.told, _Literals())
    content = given.pop("content", None)
    path = {part: given.pop(part) for part in one.parts}
    if one.asked is not None:
        return Example(path, given, content if isinstance(content, str) else None)
    return Example(path, {}, None if one.bodiless else given)


def examples() -> dict[str, Example]:
    """Return the example of each operation, by the operation's id."""
    found = (each for subject in EVERY.values() for each in told(subject))
    return {one.name: example(one, story) for one, story in found}


@contextmanager
def prepared(subject: Subject, home: Path) -> Iterator[tuple[TestClient, dict[str, str]]]:
    """Yield a client of a new store with the test items of this subject, and the items' real ids by
    the ids in the examples. The client has no rate limit, and the store takes part in the
    exchange between forces."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("CONTINUUM_EXCHANGE_FORCE", "aldmere")
        tokens = "installation.system.System._tokens"
        patch.setattr(tokens, lambda _, things, bulk: (1, [b"t" * 32 for _ in things]))
        office = opened(home)
        with closing(office.system):
            ids = {literal(name): real for name, real in subject.stage(office).items()}
            client = client_of(office, WHO)
            app: Any = client.app
            app.state.house.meter.spend = lambda name, take: CallAllowance(allowed=True, left=1)
            yield client, ids


def text() -> bytes:
    """Return the content of the file with the examples."""
    content = msgspec.json.encode(dict(sorted(examples().items())))
    return msgspec.json.format(content, indent=1) + b"\n"


if __name__ == "__main__":
    FILE.write_bytes(text())
