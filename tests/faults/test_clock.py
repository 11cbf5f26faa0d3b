"""If the clock goes back, new records are still accepted, recorded times never go back, and one
message reports the clock.
"""

import sqlite3
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from itertools import pairwise
from pathlib import Path

import psycopg
import pytest

from commands.information import observation
from domain.people_and_teams.recovery import ClockStepped
from installation.opening import open_system
from installation.settings import Settings
from installation.system import System

HOUR = timedelta(hours=1)
#: A time far after the machine's own clock: the test moves the log ahead, because a test cannot set
#: a server's clock back.
LATER = datetime(2100, 1, 1, tzinfo=UTC)


@pytest.fixture(params=["sqlite", pytest.param("postgres", marks=pytest.mark.postgres)])
def live(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[System]:
    """Yield a live store; tests run once with each database."""
    url = None
    if request.param == "postgres":
        fresh: Callable[[], str] = request.getfixturevalue("fresh_database")
        url = fresh()
    store = Settings(
        store=url or str(tmp_path / "store"), home=tmp_path / "store", user="psw.ellis"
    )
    system = open_system(store, create=True)
    yield system
    system.close()


def ahead(system: System) -> None:
    """Move the log's last record to a time that the clock will reach only much later."""
    reached = int(LATER.timestamp() * 1_000_000)
    statement = f"UPDATE evidence_head SET recorded = {reached}"
    if "://" in system.settings.store:
        with psycopg.connect(system.settings.store, autocommit=True) as server:
            server.execute(f"SET search_path = evidence; {statement}".encode())
        return
    with sqlite3.connect(Path(system.settings.store) / "log.db") as db:
        db.execute(statement)
    db.close()


def words(system: System, number: int = 1) -> None:
    for n in range(number):
        observation.record(system.desk, system.reader, words=f"A silver Corsa again, {n}.")


def steps(system: System) -> list[ClockStepped]:
    log = system.logs["evidence"]
    facts = log.read(0, log.last())
    assert all(one.recorded < other.recorded for one, other in pairwise(facts))
    return [fact.event for fact in facts if isinstance(fact.event, ClockStepped)]


def test_a_clock_that_is_right_is_no_step(live: System) -> None:
    words(live, 3)
    assert steps(live) == []


@pytest.mark.usually_on("sqlite")
def test_a_step_is_recorded_once_and_the_words_are_kept(live: System) -> None:
    ahead(live)
    words(live, 3)
    (step,) = steps(live)
    assert step.reached - LATER < timedelta(seconds=1)
    assert step.back > 365 * 24 * HOUR
    assert live.views.compare() == []


def test_each_step_is_reported(tmp_path: Path) -> None:
    live = open_system(Settings(store=str(tmp_path), user="psw.ellis"), create=True)
    tomorrow = datetime.now(UTC) + 24 * HOUR
    live.clock.given_time = tomorrow
    words(live)
    for back, found in ((HOUR, 1), (HOUR / 2, 1), (2 * HOUR, 2), (-HOUR, 2), (3 * HOUR, 3)):
        live.clock.given_time = tomorrow - back
        words(live, 2)
        assert len(steps(live)) == found, back
    assert [step.told for step in steps(live)] == [tomorrow - n * HOUR for n in (1, 2, 3)]
    live.close()


def test_less_than_a_second_is_no_step(tmp_path: Path) -> None:
    live = open_system(Settings(store=str(tmp_path), user="psw.ellis"), create=True)
    tomorrow = datetime.now(UTC) + 24 * HOUR
    live.clock.given_time = tomorrow
    words(live)
    live.clock.given_time = tomorrow - timedelta(milliseconds=900)
    words(live)
    assert steps(live) == []
    live.close()
