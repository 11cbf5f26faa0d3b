"""Operations on photographs of paper logs, which are attached to log entries."""

from typing import Annotated
from uuid import UUID

import msgspec
from fastapi.responses import Response
from msgspec import Meta

from commands.information import photograph
from commands.kernel.unit_of_work import Receipt
from ingest.words import photograph as reading
from web.api.call import ApiCall
from web.api.operation import get, post


class Taken(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """What is sent with a photograph: its log entry, the statement that it shows only paper, and
    whether a name or handwriting on it identifies the writer."""

    item: UUID
    paper: bool
    shows_writer: bool = True


class Which(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """The number of the requested photograph, from 1."""

    number: Annotated[int, Meta(ge=1, le=1_000)] = 1


@post("/photographs", "log-photo", takes="application/octet-stream")
def lay(call: ApiCall, asked: Taken, content: bytes) -> Receipt:
    """Attach a photograph of a paper log (JPEG, PNG or WebP) to a log entry, encrypted. Photograph
    paper only. If a screen shows sexual images of a child, do not photograph or forward them: keep
    the device safe and ring the police.
    """
    return photograph.take(
        call.desk,
        call.reader,
        call.system.originals,
        str(asked.item),
        reading.read(content),
        paper=asked.paper,
        shows_writer=asked.shows_writer,
        command_id=call.command_id,
    )


@get("/observations/{item}/photograph", "log-photo", gives="application/octet-stream")
def shown(call: ApiCall, item: UUID, asked: Which) -> Response:
    """Return a photograph of a paper log as it is shown: a JPEG without the camera's metadata."""
    call.require_kind(item, "observation")
    with call.reading() as db:
        parts = photograph.read(
            call.desk, db, call.reader, call.system.originals, item, asked.number
        )
        content = b"".join(parts)
    call.consulted(str(item).encode())
    return Response(content, media_type="application/octet-stream")
