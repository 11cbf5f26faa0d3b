"""The entries in a user's calendar about deadlines contain no name and no text of the record."""

from commands.families import casework
from commands.people_and_teams import calendar
from domain.people_and_teams.store_admin import CalendarTaken
from tests.access.rights import Rights
from tests.commands.office import Office


def test_a_calendar_holds_the_readers_own_dates_and_is_written_down(either: Office) -> None:
    case = either.case("Kayleigh Marlow")
    casework.allocate(either.desk, either.reader, str(case), "psw.ellis", "parents")
    team = (either.reader.team,)
    theirs = Rights(("psw",), team, (case,)).of(either.somebody("psw.ellis"))
    other = Rights(("psw",), team).of(either.somebody("psw.far"))
    content, rows = calendar.export_calendar(either.desk, theirs, either.desk.clock())
    assert {row.clock for row in rows} == {"family-silence", "charter"}
    assert content.count(b"BEGIN:VEVENT") == 2
    for said in (b"Kayleigh", b"Marlow", b"Engage", str(case).encode()):
        assert said not in content
    nothing, none = calendar.export_calendar(either.desk, other, either.desk.clock())
    assert (nothing.count(b"VEVENT"), none) == (0, [])
    first, second = either.events(CalendarTaken, "access")
    assert set(first.ids) == {row.id for row in rows}
    assert second.ids == ()
