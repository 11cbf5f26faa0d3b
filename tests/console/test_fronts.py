"""One rule, three fronts: what is told at the command line, on a screen or by a program is read,
timed and answered alike."""

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
    """One store behind its command line, its screens and its API."""

    office: Office
    line: Line
    screen: Somebody
    program: Program

    def record(self, front: str, words: str, **told: str) -> str:
        """Tell these words; the answer, for a person to read."""
        if front == "line":
            options = [part for name, value in told.items() for part in (f"--{name}", value)]
            return self.typed("record", *options, text=words).out
        if front == "screen":
            return str(self.screen.send("/record", words=words, **told).text)
        answer = self.program.post("/observations", words=words, **told)
        assert answer.status_code == 201, answer.text
        return str(answer.text)

    def typed(self, *command: str, text: str = "") -> Said:
        """At the command line, at the same time."""
        told = self.office.system.clock.told
        assert told
        return self.line("--clock", told.isoformat(), *command, text=text)

    def waiting(self) -> list[Any]:
        """The queue."""
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


@FRONTS
def test_violence_now_is_proposed_as_urgent(fronts: Fronts, front: str) -> None:
    answer = fronts.record(front, "He hit her and she is bleeding")
    if front == "program":
        assert '"urgent":true' in answer
        assert '"urgency_signs":["violence","injury"]' in answer
    else:
        assert "Proposed as urgent: violence, an injury." in answer
    (waits,) = fronts.waiting()
    assert (waits["urgent"], waits["raised"]) == (True, False)
    assert waits["due"].startswith("2011-03-18T10:00:00")


@FRONTS
def test_a_correction_that_tells_of_danger_is_proposed_as_urgent(
    fronts: Fronts, front: str
) -> None:
    item = str(fronts.office.words("He came round about nine"))
    words = "he came round and he has hit her"
    if front == "line":
        fronts.typed("correct", item, text=words)
    elif front == "screen":
        fronts.screen.send(f"/receipt/{item}/correct", words=words)
    else:
        fronts.program.post(f"/observations/{item}/corrections", words=words)
    (waits,) = fronts.waiting()
    assert waits["urgent"]
    assert "violence" in waits["proposed"]
