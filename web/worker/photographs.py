"""The pages with which a worker adds a photograph of a paper log. It is stored encrypted, and few
people may see it."""

from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, File, Form, UploadFile
from fastapi.responses import JSONResponse, Response

from commands.information import photograph
from domain.kernel.values import Refused
from ingest.words import photograph as reading
from web.site.request_context import Looking, Sending

router = APIRouter()


@router.post("/photographs")
def lay(
    visit: Sending,
    item: Annotated[UUID, Form()],
    command_id: Annotated[UUID, Form()],
    file: Annotated[UploadFile | None, File()] = None,
    paper: Annotated[bool, Form()] = False,
    shows_nobody: Annotated[bool, Form()] = False,
) -> Response:
    """Receive a photograph from the receipt or, with an answer in JSON, from the outbox of a
    phone.
    """
    content = file.file.read(photograph.LARGEST + 1) if file else b""
    if not content:
        raise Refused("this photograph is empty: choose another", field="file")
    receipt = photograph.take(
        visit.desk,
        visit.reader,
        visit.system.originals,
        str(item),
        reading.read(content),
        paper=paper,
        shows_writer=not shows_nobody,
        command_id=command_id,
    )
    if visit.request.headers.get("accept", "").startswith("application/json"):
        return JSONResponse({"id": str(receipt.id)}, status_code=201)
    return visit.go(
        f"/receipt/{item}#paper", "The photograph is saved, encrypted, with this log entry."
    )


@router.get("/photographs/{item}/{number}")
def show(visit: Looking, item: UUID, number: int) -> Response:
    """Return one of the photographs attached to this entry, without the camera's metadata."""
    visit.require_kind(item, "observation")
    with visit.reading() as db:
        parts = photograph.read(visit.desk, db, visit.reader, visit.system.originals, item, number)
        content = b"".join(parts)
    visit.consulted(str(item).encode())
    return Response(content, media_type="image/jpeg")
