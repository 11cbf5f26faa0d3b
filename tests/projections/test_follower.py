"""One process updates the views for all processes. If it is killed or paused, another process takes
over."""

import os
import random
import signal
import threading
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from uuid import uuid4

import pytest
import sqlalchemy as sa

from access.database import reading, writing
from domain.data_protection.access_log import SearchTouched
from domain.kernel.envelope import LogUnavailable, Undecodable
from installation.following import follow
from installation.opening import open_system
from installation.system import System
from ledger.store.log import Log
from projections import all_views, due
from projections.data_protection import access_log
from projections.follower import FEWEST, STEP, ViewFollower
from projections.information import queue
from projections.intelligence import silent_hits
from projections.kernel import runner
from projections.kernel.schema import Position, View
from projections.upkeep import Upkeep
from tests.commands.office import Office, opened
from tests.forked import programs
from tests.processes import LIMIT, child, run_on, until

ROOT = Path(__file__).parents[2]
EVERY = range(len(all_views.PARTS))


@pytest.fixture(params=["sqlite", pytest.param("postgres", marks=pytest.mark.postgres)])
def followed(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Office]:
    url = request.getfixturevalue("fresh_database")() if request.param == "postgres" else None
    office = opened(tmp_path / "store", url)
    yield office
    office.system.close()


@contextmanager
def following(office: Office) -> Iterator[System]:
    """Within the block, update the views in a thread of this process."""
    ended = threading.Event()
    system = open_system(office.settings, now=office.system.clock.given_time)
    thread = threading.Thread(target=follow, args=(system, ended.wait))
    thread.start()
    try:
        until(office.system.views.followed, "somebody follows")
        yield system
    finally:
        ended.set()
        thread.join()
        system.close()


def unread_facts(office: Office) -> int:
    views = all_views.knowledge()
    heads = runner.heads(views, office.system.logs)
    with office.system.views.asking() as (db, _):
        return runner.lacking(db, views, office.system.logs, heads, runner.SkippedFacts())


def test_what_is_recorded_is_shown_without_a_question(followed: Office) -> None:
    with following(followed):
        items = [followed.words(f"number {n}") for n in range(30)]
        until(lambda: not unread_facts(followed), "the views were followed")
    with followed.system.views.asking() as (db, _):
        assert all(queue.get(db, followed.reader, item) for item in items)
    assert not followed.system.views.followed(), "the lease was given back"


def test_what_a_search_made_due_is_followed_at_once_and_who_looked_later(
    followed: Office, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("projections.follower.LOOKED", 3600)
    # the escalator asks for all due items, and the answer would also update the views of the access
    # log
    monkeypatch.setattr("notifying.escalator.Escalator.run", lambda *_: None)

    def read(view: View) -> int:
        with reading(followed.system.views.engine) as db:
            return runner.positions(db).get((view.name, "access"), 0)

    # an update takes several steps, so the position of one view does not show that the update has
    # ended
    ended = threading.Event()
    look = ViewFollower._look

    def look_and_say(follower: ViewFollower) -> bool:
        more = look(follower)
        if not more and 0 in follower.parts:
            ended.set()
        return more

    monkeypatch.setattr(ViewFollower, "_look", look_and_say)
    with following(followed):
        assert ended.wait(LIMIT), "who looked was followed once"
        before = read(access_log.VIEW)
        met = SearchTouched(uuid4(), uuid4(), "Engage", ("psw.ellis",))
        followed.system.consulted("search", [], "a name", [met])
        last = followed.system.logs["access"].last()
        until(lambda: read(silent_hits.VIEW) >= last, "who searched is known")
        until(lambda: read(due.LOOKED_VIEW) >= last, "what was searched is due")
        assert read(access_log.VIEW) == before < last


def test_who_looked_holds_up_nothing_that_a_search_made_due(
    followed: Office, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("projections.follower.MOST", FEWEST)
    system = followed.system
    for _ in range(3 * FEWEST):
        system.consulted("search", [], "a name", [])

    def at(view: View) -> int:
        with reading(system.views.engine) as db:
            return runner.positions(db).get((view.name, "access"), 0)

    def search() -> int:
        met = SearchTouched(uuid4(), uuid4(), "Engage", ("psw.ellis",))
        system.consulted("search", [], "a name", [met])
        return system.logs["access"].last()

    def look_on(views: Upkeep, size: int) -> bool:
        assert at(silent_hits.VIEW) >= searched[-1], (
            "the last search is read before a step of who looked"
        )
        searched.append(search())
        return step(views, size)

    step, searched = Upkeep.look_on, [search()]
    monkeypatch.setattr(Upkeep, "look_on", look_on)
    ViewFollower(system.views, size=FEWEST)._follow(lambda seconds: False)
    assert len(searched) > 2, "in steps"
    assert at(access_log.VIEW) >= searched[-2]


def test_a_step_reads_those_logs_alone_that_hold_something_new(
    followed: Office, monkeypatch: pytest.MonkeyPatch
) -> None:
    follower, asked = ViewFollower(followed.system.views), list[str]()
    follower._follow(lambda seconds: False)
    read = Log.read

    def counted(log: Log, *told: Any) -> Any:
        asked.append(log.name)
        return read(log, *told)

    monkeypatch.setattr(Log, "read", counted)
    item = followed.words("Baz was in Mill Lane")
    follower._follow(lambda seconds: False)
    assert asked == ["evidence"]
    with followed.system.views.asking() as (db, _):
        assert queue.get(db, followed.reader, item)


@dataclass
class Times:
    """A clock that the test moves, and the processor time that a follower has used. `works` adds to
    both, `waits` only moves the clock."""

    now: float = 0.0
    worked: float = 0.0

    def works(self, seconds: float) -> None:
        self.now += seconds
        self.worked += seconds

    def waits(self, seconds: float) -> None:
        """Move the test's clock forward by this time; the product calls this in place of
        waiting."""
        self.now += seconds

    def follower(self, office: Office, size: int = 100) -> ViewFollower:
        views = office.system.views
        return ViewFollower(views, size=size, clock=lambda: self.now, worked=lambda: self.worked)


@pytest.fixture
def on_files(tmp_path: Path) -> Iterator[Office]:
    office = opened(tmp_path / "store")
    yield office
    office.system.close()


@pytest.mark.parametrize(
    ("spend", "then"), [(Times.waits, (800, 1000, 1000)), (Times.works, (200, 100, 50))]
)
def test_a_step_grows_smaller_by_its_work_and_not_by_waiting_for_its_turn(
    on_files: Office,
    monkeypatch: pytest.MonkeyPatch,
    spend: Callable[[Times, float], None],
    then: tuple[int, ...],
) -> None:
    """A follower (the process that updates the views) makes its steps smaller by the processor time
    that a step used, not by the time that it waited for a busy processor. Smaller steps would
    not help there."""
    times, sizes = Times(), list[int]()

    def follow_on(views: Upkeep, size: int, parts: frozenset[int]) -> bool:
        sizes.append(size)
        spend(times, 2 * STEP)
        return len(sizes) < 4

    monkeypatch.setattr(Upkeep, "follow_on", follow_on)
    times.follower(on_files, 400)._follow(lambda seconds: False)
    assert sizes == [400, *then]


@pytest.mark.parametrize(
    ("spend", "seconds", "waited", "rest"),
    [
        (Times.works, 0.02, 0, 0.02),
        (Times.works, 0.2, 0, STEP),
        (Times.works, 0.2, 0.02, STEP - 0.02),
        (Times.works, 0.2, 0.06, 0),
        (Times.waits, 0.2, 0, 0),
    ],
)
def test_one_that_has_read_everything_rests_by_its_work(
    on_files: Office,
    monkeypatch: pytest.MonkeyPatch,
    spend: Callable[[Times, float], None],
    seconds: float,
    waited: float,
    rest: float,
) -> None:
    """After a follower (the process that updates the views) has read everything, it pauses before
    the next step, and the pause depends on the work. So one step reads all facts that were
    recorded meanwhile. A fact after a long pause is read at once."""
    times, done = Times(), list[str | float]()

    def follow_on(views: Upkeep, size: int, parts: frozenset[int]) -> bool:
        done.append("reads")
        spend(times, seconds)
        return False

    def wait(views: Upkeep, seconds: float) -> bool:
        done.append("waits")
        times.waits(waited)
        return bool(waited)

    def ended(seconds: float) -> bool:
        if done[-1:] == ["waits"]:
            done.append(seconds)
            times.waits(seconds)
        return len(done) >= 6

    monkeypatch.setattr(Upkeep, "follow_on", follow_on)
    monkeypatch.setattr(Upkeep, "wait", wait)
    times.follower(on_files).run(ended)
    assert done == ["reads", "waits", pytest.approx(rest)] * 2


@pytest.mark.parametrize("trouble", [LogUnavailable(), Undecodable("access", 1, "damaged")])
def test_trouble_with_who_looked_holds_up_nothing_that_is_known(
    followed: Office, monkeypatch: pytest.MonkeyPatch, trouble: Exception
) -> None:
    asked = 0

    def look_on(views: Upkeep, size: int) -> bool:
        nonlocal asked
        asked += 1
        raise trouble

    monkeypatch.setattr(Upkeep, "look_on", look_on)
    monkeypatch.setattr("projections.follower.LOOKED", 3600)
    with following(followed):
        until(lambda: bool(asked), "who looked was followed, and could not be")
        item = followed.words("Baz was in Mill Lane")
        until(lambda: not unread_facts(followed), "the views were followed")
    with followed.system.views.asking() as (db, _):
        assert queue.get(db, followed.reader, item)
    assert asked == 1, "it is tried again after some time"


def test_of_two_on_files_one_works_and_the_other_takes_over(tmp_path: Path) -> None:
    followed = opened(tmp_path / "store")
    first, second = (ViewFollower(followed.system.views) for _ in range(2))
    views = followed.system.views
    assert views.take_parts(first.holder, 60)
    assert not views.take_parts(second.holder, 60)
    assert views.take_parts(first.holder, 0.01), "kept by the person who has it"
    until(lambda: bool(views.take_parts(second.holder, 60)), "it expired")
    assert not views.take_parts(first.holder, 60)
    views.let_follow(first.holder)
    assert views.followed(), "nobody gives another's away"
    followed.system.close()


@pytest.fixture
def on_server(tmp_path: Path, fresh_database: Callable[[], str]) -> Iterator[Office]:
    office = opened(tmp_path / "store", fresh_database())
    yield office
    office.system.close()


@pytest.mark.postgres
def test_on_a_server_they_share_the_views(on_server: Office) -> None:
    views = on_server.system.views
    shares = {one: views.take_parts(one, 60) for one in ("first",)}
    assert shares["first"] == {*EVERY}, "one alone follows all"
    # a process with too many parts of the views gives up some parts, which another process then
    # takes over
    for _ in range(2):
        shares |= {one: views.take_parts(one, 60) for one in ("first", "second", "third")}
    assert sorted(map(len, shares.values())) == [2, 3, 3]
    assert sorted(part for share in shares.values() for part in share) == [*EVERY]
    assert views.take_parts("first", 60) == shares["first"], "nothing moves without need"
    views.let_follow("second")
    for _ in range(2):
        shares = {one: views.take_parts(one, 60) for one in ("first", "third")}
    assert sorted(map(len, shares.values())) == [4, 4]
    views.take_parts("third", 0.01)
    until(lambda: views.take_parts("first", 60) == {*EVERY}, "its lease has expired")


@pytest.mark.postgres
def test_several_on_a_server_are_killed_and_nothing_is_lost_or_doubled(on_server: Office) -> None:
    """Several followers (processes that update the views) on a server are killed, and no fact is
    lost or doubled. The processes are real, as `continuum watch` starts them.
    """
    settings, views = on_server.settings, on_server.system.views
    command = [
        programs() / "continuum",
        *("--store", settings.store, "--home", settings.home, "--user", "it.khan", "watch"),
    ]
    with ExitStack() as all_of_them:
        workers = [all_of_them.enter_context(child(command)) for _ in range(3)]
        until(views.followed, "somebody follows")
        until(lambda: _holders(on_server) == 3, "three share the views")
        for n, one in enumerate(workers):
            for m in range(10):
                on_server.words(f"number {n} of {m}")
            one.send_signal(signal.SIGKILL)
    with following(on_server):
        until(lambda: not unread_facts(on_server), "the views were followed")
    assert views.compare() == []


def _holders(office: Office) -> int:
    with reading(office.system.views.engine) as db:
        found = "SELECT count(DISTINCT holder) FROM views.parts WHERE until > clock_timestamp()"
        return int(db.exec_driver_sql(found).scalar() or 0)


@pytest.mark.postgres
def test_who_waits_on_a_server_is_woken_by_what_is_recorded(on_server: Office) -> None:
    views = on_server.system.views
    assert not views.wait(0), "nothing was recorded; it listens from now on"
    on_server.words()
    assert views.wait(LIMIT)


def test_a_follower_that_does_nothing_holds_nobody_up(followed: Office) -> None:
    """A follower (the process that updates the views for all processes) delays no user if it is
    paused while it has the lease: a decision still reads complete data.
    """
    assert followed.system.views.take_parts("paused", 3600)
    item = followed.words()
    followed.assessed(item)
    with followed.system.reading() as db:
        assert queue.get(db, followed.reader, item)


@pytest.mark.postgres
@pytest.mark.parametrize(("short", "complete"), [("PATIENCE", False), ("IDLE", True)])
def test_one_that_hangs_while_it_writes_is_not_waited_for_on_and_on(
    on_server: Office, monkeypatch: pytest.MonkeyPatch, short: str, complete: bool
) -> None:
    """If the follower (the process that updates the views) hangs while it writes, other processes
    wait only a limited time and then report that the views are behind. After a while the server
    ends the hanging session."""
    on_server.system.keep_up()
    on_server.words()
    monkeypatch.setattr(runner, short, 1)
    hangs, other = (
        open_system(on_server.settings, now=on_server.system.clock.given_time) for _ in "ab"
    )
    with (
        suppress(sa.exc.DBAPIError),  # the server has ended this session
        hangs.views._current.using() as now,
        writing(now.engine) as db,
    ):
        db.execute(sa.select(Position.table).with_for_update())
        assert other.views.keep_up(all_views.knowledge()) == complete
    hangs.close()
    other.close()


def test_one_that_comes_back_writes_nothing_twice(followed: Office) -> None:
    """A follower (the process that updates the views) that was paused while another continued
    writes nothing twice."""
    followed.system.keep_up()
    items = [followed.words(f"number {n}") for n in range(5)]
    other = open_system(followed.settings, now=followed.system.clock.given_time)
    set_aside = runner._set_aside
    paused: list[bool] = []

    def late(*told: Any) -> None:
        """Let another process update the views after this process has read and before it writes."""
        if not paused and threading.current_thread() is slow:
            paused.append(True)
            other.keep_up()
        set_aside(*told)

    def follow() -> None:
        while followed.system.views.follow_on(3, EVERY):
            pass

    slow = threading.Thread(target=follow)
    with pytest.MonkeyPatch.context() as patched:
        patched.setattr(runner, "_set_aside", late)
        slow.start()
        slow.join()
    assert paused
    assert not unread_facts(followed)
    with followed.system.views.asking() as (db, _):
        assert all(queue.get(db, followed.reader, item) for item in items)
    other.close()
    assert followed.system.views.compare() == []


def test_killed_again_and_again_it_leaves_the_views_as_they_would_be_made(
    followed: Office,
) -> None:
    """However often a follower (the process that updates the views) is killed, the views are in the
    end as a rebuild would make them."""
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
            run_on(chance.random() / 5)
            process.send_signal(signal.SIGKILL)
        # without this call, the lease of the killed process would still have to expire
        followed.system.views.let_follow("")
    with following(followed):
        until(lambda: not unread_facts(followed), f"the views were followed (seed {seed})")
    assert followed.system.views.compare() == []
