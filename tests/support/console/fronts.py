"""One store with its command line, its screens and its API."""

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from tests.commands.office import Office, opened
from tests.console.conftest import Line, Said
from tests.web.api.conftest import Program, client_of
from tests.web.conftest import House, Somebody
from web.app import make_app


@dataclass
class Fronts:
    """One store that a test uses by its command line, its screens and its API."""

    office: Office
    line: Line
    screen: Somebody
    program: Program

    def record(self, front: str, words: str, **told: Any) -> str:
        """Record an entry with these words at a front. Return the front's answer as a person reads
        it."""
        if front == "line":
            options = [part for name, value in told.items() for part in (f"--{name}", value)]
            return self.typed("record", *options, text=words).out
        if front == "screen":
            return str(self.screen.send("/record", words=words, **told).text)
        answer = self.program.post("/observations", words=words, **told)
        assert answer.status_code == 201, answer.text
        return str(answer.text)

    def typed(self, *command: str, text: str = "") -> Said:
        """Run a command line with the same clock as the screens and the API."""
        told = self.office.system.clock.given_time
        assert told
        return self.line("--clock", told.isoformat(), *command, text=text)

    def waiting(self) -> list[Any]:
        """Return the rows of the assessment queue."""
        answer = self.program.get("/queue")
        assert answer.status_code == 200, answer.text
        rows: list[Any] = answer.json()["rows"]
        return rows


@pytest.fixture
def fronts(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Fronts]:
    monkeypatch.chdir(tmp_path)
    office = opened(tmp_path / "store")
    house = House(office, make_app(office.system))
    line = Line(str(tmp_path / "store"), tmp_path / "store")
    yield Fronts(office, line, house.somebody("ds.hart"), Program(office, client_of(office)))
    line.close()
    office.system.close()


FRONTS = pytest.mark.parametrize("front", ["line", "screen", "program"])
