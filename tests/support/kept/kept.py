"""A store that an earlier release made, which this program opens."""

from collections.abc import Iterator
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Any

import pytest

from tests.console.conftest import Line
from tests.kept.make import Answers
from tests.kept.stores import AFTERWARDS, RELEASES, answers, restore_dump, unpack
from tests.made import Made

BOTH = ["sqlite", pytest.param("postgres", marks=pytest.mark.postgres)]
LATER = ("--clock", AFTERWARDS)


@dataclass
class Kept:
    """A store that an earlier release made, used through the command line, and the answers that it
    gave when it was made.
    """

    line: Line
    place: Path
    told: Answers

    def ask(self, *asked: str, text: str = "") -> Any:
        return self.line(*LATER, "--json", *asked, text=text).json

    @property
    def sizes(self) -> dict[str, int]:
        assert self.line.kept.system
        return {name: log.last() for name, log in self.line.kept.system.logs.items()}


@pytest.fixture(params=RELEASES)
def release(request: pytest.FixtureRequest) -> str:
    return str(request.param)


def _brought_up(release: str, place: Path, url: str | None) -> None:
    """Unpack a store of an earlier release, and upgrade it with today's program, which also makes
    its views anew."""
    unpack(release, "postgres" if url else "sqlite", place)
    line = _line(place, url)
    if url:
        restore_dump(place / "dump.sql", url)
        # an operator does this once, as docs/upgrading.md says
        said = line(*LATER, "init", "--synthetic")
        assert said.code == 0, said
    assert line(*LATER, "stages").code == 0
    line.close()


def _line(place: Path, url: str | None) -> Line:
    return Line(url, place / "home") if url else Line(str(place / "store"), place / "store")


MADE = {one: Made(f"kept_{one.replace('.', '_')}", partial(_brought_up, one)) for one in RELEASES}


@pytest.fixture(params=BOTH)
def kept(request: pytest.FixtureRequest, release: str, tmp_path: Path) -> Iterator[Kept]:
    """Yield the store that an earlier release made, opened by this program. Tests run once with
    each database."""
    database = str(request.param)
    url = str(request.getfixturevalue("copy_url")) if database == "postgres" else None
    MADE[release].copied(tmp_path, url)
    line = _line(tmp_path, url)
    yield Kept(line, tmp_path, answers(release, database))
    line.close()


def holds(answer: Any, then: Any) -> bool:
    """Return whether `answer` still contains everything in `then`, the answer of an earlier
    release; a later release may add fields.
    """
    if isinstance(then, dict):
        return isinstance(answer, dict) and all(
            name in answer and holds(answer[name], one) for name, one in then.items()
        )
    if isinstance(then, list):
        return (
            isinstance(answer, list) and len(answer) == len(then) and all(map(holds, answer, then))
        )
    return bool(answer == then)
