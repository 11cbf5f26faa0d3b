"""The papers of a meeting: one button records its minutes and makes a copy for each attendee."""

import io
import re
import zipfile
from uuid import UUID, uuid5

from fastapi import APIRouter
from fastapi.responses import Response

from access.who_may.decide import require
from domain.kernel.values import Refused
from projections.intelligence import meetings
from questions.intelligence import for_decision
from usecases.intelligence.meetings import HoldMeeting, ListMinutes, ShowPeople
from usecases.kernel.numbered_copy import printed_for_each
from usecases.kernel.usecase import perform
from web.site.request_context import NotThere, Sending, typed

router = APIRouter()


@router.post("/meetings/{meeting}/papers")
def papers(visit: Sending, meeting: UUID) -> Response:
    """Record the attendees, and the people about whom the meeting decided, unless both are already
    recorded. Return a numbered copy of the minutes for each attendee, with only the facts that both
    the attendee and the reader may see."""
    visit.asks = "meeting minutes"
    require(visit.reader, "export")
    visit.prove()
    with visit.desk.deciding() as db:
        row = meetings.get(db, visit.reader, meeting)
        saved = for_decision.read_saved(db, [visit.reader], meeting)
    if row is None:
        raise NotThere("meeting")
    sent = ",".join(text for name, text in typed(visit.request) if name == "came").split(",")
    came = tuple(dict.fromkeys(name.strip() for name in sent if name.strip())) or row.came
    if not came:
        raise Refused("choose who attended the meeting", field="came")
    command = visit.desk.own_command(UUID(visit.given["command_id"]), visit.reader.name)
    if not row.held:
        hold = HoldMeeting(str(meeting), came, visit.given.get("others") or None)
        perform(hold, visit.desk, visit.reader, command)
    if not saved and visit.may_ever("see-network"):
        shown = ShowPeople(str(meeting), came)
        perform(shown, visit.desk, visit.reader, uuid5(command, "people"))
    minutes = ListMinutes(str(meeting))
    made = printed_for_each(
        minutes,
        lambda readers: minutes.shared_paper(visit.desk, readers, visit.now),
        *(visit.desk, visit.reader, visit.now),
        lambda ids: visit.consulted("\n".join(map(str, ids)).encode()),
        came,
        synthetic=visit.system.synthetic,
    )
    name = f"minutes-{row.starts:%Y-%m-%d}"
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w") as archive:
        for who, content in made.items():
            archive.writestr(f"{name}-{re.sub(r'[^A-Za-z0-9.-]', '_', who)}.pdf", content)
    headers = {"Content-Disposition": f'attachment; filename="{name}.zip"'}
    return Response(packed.getvalue(), media_type="application/zip", headers=headers)
