"""The operation that returns deadlines as a calendar file."""

from fastapi.responses import Response

from commands.people_and_teams import calendar
from web.api.call import ApiCall
from web.api.operation import post


@post("/due/calendar", "due", gives="text/calendar", repeatable=False)
def take_calendar(call: ApiCall) -> Response:
    """Return the caller's own deadlines as a calendar file, without names or words. The export is
    recorded.
    """
    content, rows = calendar.export_calendar(call.desk, call.reader, call.now)
    call.consulted("\n".join(str(row.item) for row in rows).encode())
    headers = {"Content-Disposition": 'attachment; filename="due.ics"'}
    return Response(content, media_type="text/calendar", headers=headers)
