"""Fixtures: the demo's stories, recorded once on each database, and functions to query them."""

import json
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from cli import captured
from console.running.demo_store import DemoStore
from demo.story import Telling
from tests.told import again, run_of, whole


@dataclass
class Told:
    """A store with the recorded stories."""

    store: DemoStore
    telling: Telling
    home: Path
    at_first_trial: dict[str, str] = field(default_factory=dict)
    rated_low: str = ""

    @property
    def end(self) -> str:
        return (self.telling.steps[-1].at + timedelta(hours=1)).isoformat()

    def id(self, label: str) -> str:
        """Return the id behind a label of a story: s01.CHARGE."""
        return self.telling.id_of(label)

    def ask(self, *command: str, clock: str | None = None) -> Any:
        """Return a command's JSON, after the last step."""
        answer = self.store.command(["--clock", clock or self.end, "--json", *command])
        assert answer.code == 0, answer.err
        return json.loads(answer.out)

    def refused(self, *command: str) -> str:
        """Return the message of a command that is refused."""
        answer = self.store.command(["--clock", self.end, "--json", *command])
        assert answer.code == 2, answer.out
        return answer.err

    def events(self, item: str) -> list[dict[str, Any]]:
        """Return the recorded events of an item, named by its label, id or reference."""
        return list(self.ask("show", self.id(item) if "." in item else item)["events"])

    def event(self, item: str, name: str) -> dict[str, Any]:
        """Return the last event of that name."""
        return next(e for e in reversed(self.events(item)) if e["event"] == name)

    def case(self, reference: str) -> dict[str, Any]:
        """Return the case's row."""
        return next(
            row
            for row in self.ask("cases", "--all")
            if reference in (row["reference"], row["case"])
        )

    def trail(self, label: str, *direction: str) -> dict[str, set[str]]:
        """Return the ids on a trail, each with its events."""
        found: dict[str, set[str]] = {}
        for step in self.ask("trail", self.id(label), *direction)["steps"]:
            found.setdefault(step["id"], set()).add(step["event"])
        return found


@pytest.fixture(scope="session")
def told_on_sqlite(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Told]:
    """Yield all stories run on files."""
    home = tmp_path_factory.mktemp("told")
    store, telling, then, low = again(run_of(tmp_path_factory), home)
    yield Told(store, telling, home / "store", then, low)
    store.kept.close()


@pytest.fixture(scope="session")
def told_on_postgres(
    fresh_database: Callable[[], str], tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Told]:
    """Yield all stories run on PostgreSQL."""
    home = tmp_path_factory.mktemp("told")
    store = DemoStore(fresh_database(), str(home / "store"), captured)
    telling, then, low = whole(store)
    yield Told(store, telling, home / "store", then, low)
    store.kept.close()


#: On a server usually one story is recorded (test_whole.py), because all fifteen take a minute.
ON_A_SERVER = (pytest.mark.postgres, pytest.mark.usually_on("sqlite"))


@pytest.fixture(params=["sqlite", pytest.param("postgres", marks=ON_A_SERVER)])
def told(request: pytest.FixtureRequest) -> Told:
    """Yield all stories on each database; they are recorded once, in any order of the tests."""
    made: Told = request.getfixturevalue(f"told_on_{request.param}")
    return made
