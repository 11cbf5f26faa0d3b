"""The process that updates the views beside `serve` ends when the server tells it to end."""

import multiprocessing
import signal
from multiprocessing.process import BaseProcess
from pathlib import Path

import pytest
import sqlalchemy as sa

from commands.information import observation
from ingest.words import read_ahead
from installation.opening import open_system
from installation.settings import Settings
from installation.system import System
from projections import all_views
from projections.kernel import runner
from projections.upkeep import Upkeep
from tests.processes import LIMIT, until
from web import follower


def settings_of(place: Path) -> Settings:
    settings = Settings(store=str(place / "store"), home=place / "store")
    open_system(settings, create=True, synthetic=True).close()
    return settings


def end_follower(settings: Settings) -> BaseProcess:
    """Start the process that updates the views, wait until it works, and tell it to end; return
    it."""
    with follower.following(settings, synthetic=True):
        until((Path(settings.store) / "works").exists, "it does not begin")
        (one,) = multiprocessing.active_children()
    return one


def _passes_over(settings: Settings, synthetic: bool) -> None:
    """Run the process that updates the views, with a stand-in for the update itself. The stand-in
    waits, and turns the signal to end into an error of the database."""

    def follow_on(self: Upkeep, size: int, parts: object) -> bool:
        (Path(settings.store) / "works").touch()
        try:
            signal.pause()
        finally:
            raise sa.exc.OperationalError("SELECT", None, OSError("the connection is closed"))

    Upkeep.follow_on = follow_on  # type: ignore[method-assign]
    follower._follow(settings, synthetic)


def _does_not_end(settings: Settings, synthetic: bool) -> None:
    signal.signal(signal.SIGTERM, signal.SIG_IGN)
    (Path(settings.store) / "works").touch()
    while True:
        signal.pause()


def test_it_ends_where_exceptions_are_passed_over(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(follower, "_follow", _passes_over)
    monkeypatch.setattr(follower, "PARTING", LIMIT)
    assert end_follower(settings_of(tmp_path)).exitcode == 0


def test_what_does_not_end_is_killed(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(follower, "_follow", _does_not_end)
    monkeypatch.setattr(follower, "PARTING", 0.1)
    assert end_follower(settings_of(tmp_path)).exitcode == -signal.SIGKILL


def test_the_one_beside_a_large_import_updates_the_views_and_ends_with_it(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(read_ahead, "LARGE", 3)
    monkeypatch.setattr(read_ahead, "processors", lambda: 2)
    monkeypatch.setattr(follower, "PARTING", LIMIT)
    settings = settings_of(tmp_path)
    system = open_system(settings)
    with follower.following_an_import(system) as follow:
        follow(2)
        assert multiprocessing.active_children() == [], "it is not large yet"
        follow(3)
        follow(4)
        (one,) = multiprocessing.active_children()
        until(system.views.followed, "it does not begin")
        observation.record(system.desk, system.reader, words="He was there again")
        until(lambda: _read(system) == system.logs["evidence"].last(), "it does not read the fact")
    assert one.exitcode == 0
    assert not system.views.followed()
    system.close()


def test_beside_a_process_that_follows_an_import_starts_none(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(read_ahead, "processors", lambda: 2)
    monkeypatch.setattr(Upkeep, "followed", lambda views: True)
    system = open_system(settings_of(tmp_path))
    with follower.following_an_import(system) as follow:
        follow(read_ahead.LARGE)
        assert multiprocessing.active_children() == []
    system.close()


def _read(system: System) -> int:
    """Return the position in the evidence log up to which all views have read it."""
    with system.views.engine.connect() as db:
        known = runner.positions(db)
    views = [view for view in all_views.knowledge() if "evidence" in view.logs]
    return min(known.get((view.name, "evidence"), 0) for view in views)
