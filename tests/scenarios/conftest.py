"""Fixtures: the demo's stories, recorded once on each database, and functions that query them."""

import json
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import timedelta
from functools import cached_property
from pathlib import Path
from typing import Any

import pytest

from cli import captured
from console.running import tour
from console.running.demo_store import DemoStore
from demo.story import Telling
from tests.told import again, run_of, whole


@dataclass
class Told:
    """A store with the demo's recorded stories."""

    store: DemoStore
    telling: Telling
    home: Path
    at_first_trial: dict[str, str] = field(default_factory=dict)
    rated_low: str = ""

    @cached_property
    def tour(self) -> tuple[dict[str, Any], list[str]]:
        """Return the data and the lines of the demo's tour, which is made once for all tests."""
        return tour.walk(self.store, self.telling)

    @property
    def end(self) -> str:
        return (self.telling.steps[-1].at + timedelta(hours=1)).isoformat()

    def id(self, label: str) -> str:
        """Return the id of the item with a label in a story, such as s01.CHARGE."""
        return self.telling.id_of(label)

    def ask(self, *command: str, clock: str | None = None) -> Any:
        """Run a command after the last step of the stories; return its JSON output."""
        answer = self.store.command(["--clock", clock or self.end, "--json", *command])
        assert answer.code == 0, answer.err
        return json.loads(answer.out)

    def refused(self, *command: str) -> str:
        """Run a command that must be refused; return its message."""
        answer = self.store.command(["--clock", self.end, "--json", *command])
        assert answer.code == 2, answer.out
        return answer.err

    def events(self, item: str) -> list[dict[str, Any]]:
        """Return the recorded events of an item; the item is named by its label, its id or its
        reference.
        """
        return list(self.ask("show", self.id(item) if "." in item else item)["events"])

    def event(self, item: str, name: str) -> dict[str, Any]:
        """Return the last event of an item with the stored name `name`."""
        return next(e for e in reversed(self.events(item)) if e["event"] == name)

    def case(self, reference: str) -> dict[str, Any]:
        """Return the row of the case with this reference."""
        return next(
            row
            for row in self.ask("cases", "--all")
            if reference in (row["reference"], row["case"])
        )

    def trail(self, label: str, *direction: str) -> dict[str, set[str]]:
        """Return the ids of all items on the trail of the item with this label, each with the names
        of its events on the trail.
        """
        found: dict[str, set[str]] = {}
        for step in self.ask("trail", self.id(label), *direction)["steps"]:
            found.setdefault(step["id"], set()).add(step["event"])
        return found


@pytest.fixture(scope="session")
def told_on_sqlite(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Told]:
    """Yield a store on files with all stories recorded."""
    home = tmp_path_factory.mktemp("told")
    store, telling, then, low = again(run_of(tmp_path_factory), home)
    yield Told(store, telling, home / "store", then, low)
    store.kept.close()


@pytest.fixture(scope="session")
def told_on_postgres(
    fresh_database: Callable[[], str], tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Told]:
    """Yield a store on PostgreSQL with all stories recorded."""
    home = tmp_path_factory.mktemp("told")
    store = DemoStore(fresh_database(), str(home / "store"), captured)
    telling, then, low = whole(store)
    yield Told(store, telling, home / "store", then, low)
    store.kept.close()


#: Marks of tests on a server, where usually only one story is recorded (test_whole.py), because all
#: fifteen take a minute.
ON_A_SERVER = (pytest.mark.postgres, pytest.mark.usually_on("sqlite"))


@pytest.fixture(params=["sqlite", pytest.param("postgres", marks=ON_A_SERVER)])
def told(request: pytest.FixtureRequest) -> Told:
    """Return the store with all stories; the tests run once with each database."""
    made: Told = request.getfixturevalue(f"told_on_{request.param}")
    return made
