"""The process that updates the views beside `serve` ends on request."""

import multiprocessing
import signal
from multiprocessing.process import BaseProcess
from pathlib import Path

import pytest
import sqlalchemy as sa

from installation.opening import open_system
from installation.settings import Settings
from projections.upkeep import Upkeep
from tests.processes import LIMIT, until
from web import follower


def settings_of(place: Path) -> Settings:
    settings = Settings(store=str(place / "store"), home=place / "store")
    open_system(settings, create=True, synthetic=True).close()
    return settings


def told_to_end(settings: Settings) -> BaseProcess:
    """Start the process, and tell it to end once it is at work."""
    with follower.following(settings, synthetic=True):
        until((Path(settings.store) / "works").exists, "it does not begin")
        (one,) = multiprocessing.active_children()
    return one


def _passes_over(settings: Settings, synthetic: bool) -> None:
    """Let the process treat every exception as trouble of the database."""

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
    assert told_to_end(settings_of(tmp_path)).exitcode == 0


def test_what_does_not_end_is_killed(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(follower, "_follow", _does_not_end)
    monkeypatch.setattr(follower, "PARTING", 0.1)
    assert told_to_end(settings_of(tmp_path)).exitcode == -signal.SIGKILL
