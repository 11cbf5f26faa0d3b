"""Exports the reader's own due items as a calendar file, recorded before it is handed over."""

from datetime import datetime

from commands.kernel.submission import Prepared
from commands.kernel.unit_of_work import Desk, facts
from commands.people_and_teams import due
from domain.kernel import calendar_file
from domain.kernel.calendar_file import CalendarEntry
from domain.kernel.envelope import Submission
from domain.kernel.values import Reader
from domain.people_and_teams.store_admin import CalendarTaken
from projections.due import DueFilter, DueItem


def export_calendar(desk: Desk, reader: Reader, now: datetime) -> tuple[bytes, list[DueItem]]:
    """Return a calendar file with the reader's due items, and the items in it. Raises
    LogUnavailable.
    """
    rows = due.list_due(desk, reader, now, DueFilter(mine=True))
    content = calendar_file.calendar_of(
        (CalendarEntry(row.id, row.clock, row.due) for row in rows), now
    )
    stream, command_id = desk.new_id(), desk.new_random_id()
    event = CalendarTaken(tuple(row.id for row in rows))
    body = desk.digest("calendar.take", [str(command_id)])
    submission = Submission(command_id, body, facts(reader, stream, 0, (event,)))
    desk.save([Prepared(stream, {"access": submission}, reader)])
    return content, rows
