"""The proofs of an item and its whole trail, to save and to check without this server."""

from time import sleep
from typing import Annotated
from uuid import UUID

import msgspec
from fastapi import APIRouter, Form
from fastapi.responses import Response

from commands.data_protection import proof_pack
from domain.kernel.envelope import Unprovable
from installation.auditing import open_office
from web.site.request_context import Sending

router = APIRouter()
#: Seconds for which a page waits for the signer, who signs every few seconds.
WAIT = 15.0


@router.post("/pack/{item}")
def pack(
    visit: Sending, item: UUID, recipient: Annotated[str, Form(max_length=500)] = ""
) -> Response:
    """Return the archive, which contains no log entry's words. Who made it, and for whom, is
    recorded.
    """
    visit.require_kind(item)
    visit.prove()
    visit.provable(item)
    waiting = proof_pack.SignerPatience(WAIT, sleep)
    with open_office(visit.system.settings, None) as office:
        made = proof_pack.make(
            visit.desk, visit.reader, office, item, waiting, recipient=recipient.strip() or None
        )
    if not made.finished:
        raise Unprovable("the signer has not signed this pack yet: try again in a moment")
    visit.consulted(msgspec.json.encode(made.trail))
    name = f'attachment; filename="proofs-{str(item)[-8:]}.zip"'
    return Response(
        made.content, media_type="application/zip", headers={"Content-Disposition": name}
    )
