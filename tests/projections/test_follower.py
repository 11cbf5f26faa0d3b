"""One process follows the views for all: where it is killed or paused, another takes its place."""

import os
import random
import signal
import threading
import time
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path
from typing import Any

import pytest

from projections import all_views, queue, runner
from projections.follower import Follower
from system import System, open_system
from tests.commands.office import Office, opened
from tests.forked import programs
from tests.processes import child, until

ROOT = Path(__file__).parents[2]


@pytest.fixture(params=["sqlite", pytest.param("postgres", marks=pytest.mark.postgres)])
def followed(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Office]:
    url = request.getfixturevalue("fresh_database")() if request.param == "postgres" else None
    office = opened(tmp_path / "store", url)
    yield office
    office.system.close()


@contextmanager
def following(office: Office) -> Iterator[System]:
    """Somebody who follows in a thread of this process."""
    ended = threading.Event()
    system = open_system(office.settings, now=office.system.clock.told)
    thread = threading.Thread(target=system.follow, args=(ended.wait,))
    thread.start()
    try:
        until(office.system.views.followed, "somebody follows")
        yield system
    finally:
        ended.set()
        thread.join()
        system.close()


def lacking(office: Office) -> int:
    views = all_views.knowledge()
    heads = runner.heads(views, office.system.logs)
    with office.system.views.asking() as (db, _):
        return runner.lacking(db, views, office.system.logs, heads, runner.Skimmed())


def test_what_is_recorded_is_shown_without_a_question(followed: Office) -> None:
    with following(followed):
        items = [followed.words(f"number {n}") for n in range(30)]
        until(lambda: not lacking(followed), "the views were followed")
    with followed.system.views.asking() as (db, _):
        assert all(queue.get(db, followed.reader, one) for one in items)
    assert not followed.system.views.followed(), "the lease was given back"


def test_of_two_one_works_and_the_other_takes_over(followed: Office) -> None:
    first, second = (Follower(followed.system.views) for _ in range(2))
    views = followed.system.views
    assert views.take_lease(first.holder, 60)
    assert not views.take_lease(second.holder, 60)
    assert views.take_lease(first.holder, 0.01), "kept by who has it"
    until(lambda: views.take_lease(second.holder, 60), "it expired")
    assert not views.take_lease(first.holder, 60)
    views.let_follow(first.holder)
    assert views.followed(), "nobody gives another's away"


def test_a_follower_that_does_nothing_holds_nobody_up(followed: Office) -> None:
    """It has the lease and is paused: a decision is complete all the same."""
    assert followed.system.views.take_lease("paused", 3600)
    item = followed.words()
    followed.assessed(item)
    with followed.system.reading() as db:
        assert queue.get(db, followed.reader, item)


def test_one_that_comes_back_writes_nothing_twice(followed: Office) -> None:
    """Paused, while another went on: its positions were moved meanwhile."""
    followed.system.keep_up()
    items = [followed.words(f"number {n}") for n in range(5)]
    other = open_system(followed.settings, now=followed.system.clock.told)
    set_aside = runner._set_aside
    paused: list[bool] = []

    def late(*told: Any) -> None:
        """Between what it read and what it writes another goes on."""
        if not paused and threading.current_thread() is slow:
            paused.append(True)
            other.keep_up()
        set_aside(*told)

    def follow() -> None:
        while followed.system.views.follow_on(3):
            pass

    slow = threading.Thread(target=follow)
    with pytest.MonkeyPatch.context() as patched:
        patched.setattr(runner, "_set_aside", late)
        slow.start()
        slow.join()
    assert paused
    assert not lacking(followed)
    with followed.system.views.asking() as (db, _):
        assert all(queue.get(db, followed.reader, one) for one in items)
    other.close()
    assert followed.system.views.compare() == []


def test_killed_again_and_again_it_leaves_the_views_as_they_would_be_made(
    followed: Office,
) -> None:
    """A process of its own, as `continuum watch`; more often in `make fuzz`."""
    seed, times = int(os.environ.get("FUZZ_SEED", "7")), 4 * int(os.environ.get("FUZZ", "1"))
    chance, settings = random.Random(seed), followed.settings
    command = [
        programs() / "continuum",
        "--store",
        settings.store,
        "--home",
        settings.home,
        "--user",
        "it.khan",
    ]
    for n in range(times):
        with ExitStack() as open_now:
            process = open_now.enter_context(child([*command, "watch"]))
            until(followed.system.views.followed, "it follows")
            for m in range(20):
                followed.words(f"number {n} of {m}")
            time.sleep(chance.random() / 5)
            process.send_signal(signal.SIGKILL)
        followed.system.views.let_follow("")  # its lease expires by itself
    with following(followed):
        until(lambda: not lacking(followed), f"the views were followed (seed {seed})")
    assert followed.system.views.compare() == []
