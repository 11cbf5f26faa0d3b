"""The proofs of an item and of its whole trail, to take along and to check without this server."""

from hashlib import sha256
from typing import Annotated
from uuid import UUID

import msgspec
from fastapi import APIRouter, Form
from fastapi.responses import Response

from commands import governance
from projections import trail
from projections.trail import VIEW_OF_ONE as VIEW
from system import open_office
from web.rendering import iso, spoken
from web.visit import Sending

router = APIRouter()


@router.post("/pack/{item}")
def pack(
    visit: Sending, item: UUID, recipient: Annotated[str, Form(max_length=500)] = ""
) -> Response:
    """The archive, without anybody's words; that it was made is written down, and for whom."""
    visit.kind_of(item)
    visit.prove()
    with visit.reading() as db:
        back = trail.back(db, visit.reader, item)
    ids = visit.provable(*dict.fromkeys([item, *(step.id for step in back.steps)]))
    with open_office(visit.system.settings, None) as office:
        made = office.pack("evidence", item, ids, told(back), None, None, visit.now)
    visit.consulted(msgspec.json.encode(back))
    governance.export_made(
        visit.desk,
        visit.reader,
        form="pack",
        sha256=sha256(made.content).hexdigest(),
        ids=ids,
        filters={"words": "no"},
        recipient=recipient.strip() or None,
    )
    name = f'attachment; filename="proofs-{str(item)[-8:]}.zip"'
    return Response(
        made.content, media_type="application/zip", headers={"Content-Disposition": name}
    )


def told(back: trail.Trail) -> str:
    """The trail for whoever opens the archive: what happened, when, by whom, because of what."""
    lines = [VIEW, *([back.note] if back.note else [])]
    lines += [
        f"CLOSED to this reader: step {gap.step}, {spoken(gap.event)}, {iso(gap.learned)}"
        for gap in back.gaps or ()
    ]
    if back.whole:
        lines.append(f"The whole chain, closed steps included: SHA-256 {back.whole}")
    lines += [
        f"{iso(step.learned)}  {spoken(step.event)}{f' ({step.stage})' if step.stage else ''}"
        f"  {step.id}  by {step.by}" + "".join(f"\n    because of {one}" for one in step.because_of)
        for step in back.steps
    ]
    return "\n".join(lines) + "\n"
