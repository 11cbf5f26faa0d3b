"""A copy of a store with the demo's stories. A test run records the stories once, which takes
twenty seconds, and then copies the store."""

import json
import os
import shutil
from pathlib import Path

import pytest

from cli import captured
from console.running import demo
from console.running.demo_store import DemoStore
from demo.story import Telling, stories
from tests.made import once

#: The day on which the first trial of scenario 3 ended.
FIRST_TRIAL = "2011-06-10"


def run_of(places: pytest.TempPathFactory) -> Path:
    """Return the directory that all processes of a test run share."""
    own = places.getbasetemp()
    return own.parent if "PYTEST_XDIST_WORKER" in os.environ else own


def plain(run: Path) -> Path:
    """Record all stories, once in a test run. Return a directory with the store in `store`, and
    with the other results of `whole` in `then.json`."""
    return once(run, "stories", _record_stories)


def _record_stories(home: Path) -> None:
    store = DemoStore(str(home / "store"), None, captured)
    _, *rest = whole(store)
    (home / "then.json").write_text(json.dumps(rest), "utf-8")
    store.kept.close()


def again(run: Path, home: Path) -> tuple[DemoStore, Telling, dict[str, str], str]:
    """Copy the store with all stories into `home`; return the copy and the three results of
    `whole`."""
    shutil.copytree(plain(run), home, dirs_exist_ok=True)
    store = DemoStore(str(home / "store"), None, captured)
    then, low = json.loads((home / "then.json").read_text("utf-8"))
    return store, demo.tell(store, stories()), then, low


def whole(store: DemoStore) -> tuple[Telling, dict[str, str], str]:
    """Record all stories, and pause in scenario 3 at the first trial. Return the recording, the map
    as it was at this moment, and the program's message about a missing reason."""
    steps = stories()
    begun = [step for step in steps if f"{step.at:%Y-%m-%d}" <= FIRST_TRIAL]
    demo.tell(store, begun)
    clock = f"{begun[-1].at:%Y-%m-%dT%H:%M:30}"
    then = map_then(store, clock)
    low = store.command(["--clock", clock, "threshold", "ENG-102", "low", "--reason", "no contact"])
    assert low.code == 2
    return demo.tell(store, steps), then, low.err


def map_then(store: DemoStore, clock: str) -> dict[str, str]:
    """Return the map around the first suspect of scenario 3, as known on the day of the first
    trial, in each format.
    """
    asked = ["--as-known", FIRST_TRIAL, "--as-at", FIRST_TRIAL]
    return {
        form: store.command(["--clock", clock, *form.split(), "ego", "Darren Pike", *asked]).out
        for form in ("network", "--json network")
    }
