"""A user gets their own deadlines as a calendar file from the screen, the command line and the
API.
"""

from pathlib import Path

from domain.people_and_teams.store_admin import CalendarTaken
from tests.console.conftest import Line
from tests.web.client import Client
from tests.web.conftest import House


def test_what_is_due_is_taken_along_from_every_front(house: House, tmp_path: Path) -> None:
    office = house.office
    office.words("He was at the gate")
    page = house.somebody("ds.hale").send("/today/deadlines/calendar")
    assert page.headers["content-type"].startswith("text/calendar")
    assert page.text.count("BEGIN:VEVENT") == 1
    headers = {"X-Continuum-User": "ds.hale"}
    program = Client(house.app, headers=headers)
    answer = program.post("/api/v1/due/calendar", json={})
    assert answer.status_code == 200, answer.text
    assert "SUMMARY:Due: words waiting" in answer.text
    line = Line(office.settings.store, office.settings.home or tmp_path)
    file = tmp_path / "due.ics"
    clock = office.desk.clock().isoformat()
    said = line("due", "--ics", str(file), "--user", "ds.hale", "--clock", clock)
    line.close()
    assert said.code == 0, said
    assert b"SUMMARY:Due: words waiting" in file.read_bytes()
    assert b"gate" not in file.read_bytes()
    assert len(office.events(CalendarTaken, "access")) == 3
