"""The demo's stories, told once on each database, and a way to ask about them."""

import json
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from cli import captured
from console import demo
from demo.story import Telling, stories

#: The day on which the first trial of scenario 3 ended.
FIRST_TRIAL = "2011-06-10"


@dataclass
class Told:
    """A store to which the stories were told."""

    store: demo.Store
    telling: Telling
    home: Path
    at_first_trial: dict[str, str] = field(default_factory=dict)
    rated_low: str = ""

    @property
    def end(self) -> str:
        return (self.telling.steps[-1].at + timedelta(hours=1)).isoformat()

    def id(self, label: str) -> str:
        """The id behind a label of a story: s01.CHARGE."""
        return self.telling.id_of(label)

    def ask(self, *command: str, clock: str | None = None) -> Any:
        """A command's JSON, asked after the last step."""
        answer = self.store.command(["--clock", clock or self.end, "--json", *command])
        assert answer.code == 0, answer.err
        return json.loads(answer.out)

    def refused(self, *command: str) -> str:
        """What is said to a command that is not done."""
        answer = self.store.command(["--clock", self.end, "--json", *command])
        assert answer.code == 2, answer.out
        return answer.err

    def events(self, item: str) -> list[dict[str, Any]]:
        """What was recorded of an item: its label, or its id or reference."""
        return list(self.ask("show", self.id(item) if "." in item else item)["events"])

    def event(self, item: str, name: str) -> dict[str, Any]:
        """The last event of that name."""
        return next(e for e in reversed(self.events(item)) if e["event"] == name)

    def case(self, reference: str) -> dict[str, Any]:
        """The case's row."""
        return next(
            row
            for row in self.ask("cases", "--all")
            if reference in (row["reference"], row["case"])
        )

    def trail(self, label: str, *direction: str) -> dict[str, set[str]]:
        """The ids on a trail, each with its events."""
        found: dict[str, set[str]] = {}
        for step in self.ask("trail", self.id(label), *direction)["steps"]:
            found.setdefault(step["id"], set()).add(step["event"])
        return found


def map_then(store: demo.Store, clock: str) -> dict[str, str]:
    """The map around scenario 3's first man as known on the day of the first trial."""
    asked = ["--as-known", FIRST_TRIAL, "--as-at", FIRST_TRIAL]
    return {
        form: store.command(["--clock", clock, *form.split(), "ego", "Darren Pike", *asked]).out
        for form in ("network", "--json network")
    }


@pytest.fixture(scope="session")
def told_on_sqlite(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Told]:
    """The whole telling, to a store on files."""
    home = tmp_path_factory.mktemp("told")
    yield from whole(demo.Store(str(home / "store"), None, captured), home)


@pytest.fixture(scope="session")
def told_on_postgres(
    fresh_database: Callable[[], str], tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Told]:
    """The whole telling, to PostgreSQL."""
    home = tmp_path_factory.mktemp("told")
    yield from whole(demo.Store(fresh_database(), str(home / "store"), captured), home)


def whole(store: demo.Store, home: Path) -> Iterator[Told]:
    """Tell all; the telling stops at the first trial of scenario 3 to keep what was known then, and
    goes on as an interrupted one does."""
    steps = stories()
    begun = [step for step in steps if f"{step.at:%Y-%m-%d}" <= FIRST_TRIAL]
    demo.tell(store, begun)
    clock = f"{begun[-1].at:%Y-%m-%dT%H:%M:30}"
    then = map_then(store, clock)
    low = store.command(["--clock", clock, "threshold", "ENG-102", "low", "--reason", "no contact"])
    assert low.code == 2
    yield Told(store, demo.tell(store, steps), home / "store", then, low.err)
    store.kept.close()


@pytest.fixture(params=["sqlite", pytest.param("postgres", marks=pytest.mark.postgres)])
def told(request: pytest.FixtureRequest) -> Told:
    """The whole telling on each database, made once however the tests are ordered."""
    made: Told = request.getfixturevalue(f"told_on_{request.param}")
    return made
