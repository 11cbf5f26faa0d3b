"""If no process has sent notifications about overdue items for some time, receipts and screens say
so in one line."""

import sqlite3
from pathlib import Path

import pytest

from commands.people_and_teams import silence
from tests.commands.office import Office
from tests.console.conftest import Line, line
from tests.web.conftest import House, house

__all__ = ["house", "line"]
SAID = "Nothing is being escalated"


def silent(office: Office, minutes: int) -> None:
    """Make it look as if the process that notifies people last worked this many minutes ago."""
    views = office.system.views
    assert views.lead("somebody", 60)
    views.beat("somebody")
    with sqlite3.connect(Path(office.settings.store) / "views.follower") as db:
        db.execute("UPDATE escalator SET beat = beat - ?", (60 * minutes,))
    db.close()


def test_a_receipt_at_the_command_line_says_it(line: Line) -> None:
    at = ("--clock", "2011-01-05T12:00")
    told = line(*at, "record", "--urgent", "he is here", text="He is here.")
    assert SAID not in told.out, "a story that nobody carries on"
    system = line.kept.system
    assert system
    office = Office(system, system.settings)
    silent(office, 4)
    assert SAID not in line(*at, "record", text="She bought a dress.").out
    silent(office, 16)
    told = line(*at, "record", text="She bought a dress.")
    assert f"{SAID} since 11:4" in told.out
    assert "ask your administrator to start `continuum watch`" in told.out
    assert SAID in line(*at, "--json", "record", text="A coat.").json["not_escalated"]


def test_each_screen_says_it_and_the_one_after_saving(house: House) -> None:
    worker = house.somebody()
    assert SAID not in worker.send("/record", words="He is here.", urgent="true").text
    silent(house.office, 4)
    assert SAID not in worker.get("/mine").text
    silent(house.office, 6)
    assert f"{SAID} since " in worker.get("/mine").text
    assert f"{SAID} since " in worker.send("/record", words="She bought a dress.").text
    house.office.system.views.beat("somebody")
    assert SAID not in worker.get("/mine").text


def test_where_nobody_ever_did_it_is_said_once_something_urgent_waits(
    house: House, monkeypatch: pytest.MonkeyPatch
) -> None:
    system = house.office.system
    assert system.unwatched(urgent=True) is None
    monkeypatch.setattr(system, "synthetic", False)
    assert system.unwatched(urgent=False) is None
    said = system.unwatched(urgent=True)
    assert said == f"{SAID}: ask your administrator to start `continuum watch`"
    assert silence.silence_warning(system.clock(), None, urgent=True) == said
