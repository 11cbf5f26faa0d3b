"""The proofs of an item and its whole trail, as a file that can be saved and checked without this
server.
"""

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
    """Return the proofs of an item as an archive, which contains no words of log entries. The user
    and the recipient are recorded.
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
