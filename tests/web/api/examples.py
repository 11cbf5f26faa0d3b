"""Writes the examples of the API's description, from the stories that are told of each operation:
`python -m tests.web.api.examples`."""

from collections.abc import Iterator, Mapping
from hashlib import sha256
from pathlib import Path
from typing import Any

import msgspec

import web.api
from tests.usecases.fronts import Story, Subject, filled
from tests.usecases.stories import SUBJECTS
from tests.web.api.stories import ASKED_AND_BY_HAND
from web.api import declared
from web.api.app import OPERATIONS
from web.api.examples import Example
from web.api.operation import Operation

FILE = Path(web.api.__file__).with_name("examples.json")
EVERY: Mapping[str, Subject] = {**SUBJECTS, "asked and by hand": ASKED_AND_BY_HAND}
_DECLARED = {one.asks: one for one in declared.OPERATIONS}
_BY_ID = {one.name: one for one in OPERATIONS}
#: What stands for the end of an id, which may be sent instead of it.
_ENDS = {"ending"}


def literal(name: str) -> str:
    """Return what the examples have in place of an item that a stage names: always the same id, of
    no store."""
    digits = sha256(name.encode()).hexdigest()[:12]
    return digits if name in _ENDS else f"018f4a3e-7d3c-7b1a-9c52-{digits}"


class _Literals(dict[str, str]):
    def __missing__(self, name: str) -> str:
        return literal(name)


def told(subject: Subject) -> Iterator[tuple[Operation, Story]]:
    """Return what is told of a subject, in its order."""
    for name, story in subject.stories.items():
        yield _BY_ID[name] if subject is ASKED_AND_BY_HAND else _DECLARED[name], story


def example(one: Operation, story: Story) -> Example:
    """Return what a story sends to its operation."""
    given: dict[str, Any] = filled(story.told, _Literals())
    content = given.pop("content", None)
    path = {part: given.pop(part) for part in one.parts}
    if one.asked is not None:
        return Example(path, given, content if isinstance(content, str) else None)
    return Example(path, {}, None if one.bodiless else given)


def examples() -> dict[str, Example]:
    """Return the example of each operation."""
    found = (each for subject in EVERY.values() for each in told(subject))
    return {one.name: example(one, story) for one, story in found}


def text() -> bytes:
    """Return the file of the examples."""
    content = msgspec.json.encode(dict(sorted(examples().items())))
    return msgspec.json.format(content, indent=1) + b"\n"


if __name__ == "__main__":
    FILE.write_bytes(text())
