"""Photographs of paper logs, beside the words that were told from them."""

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
    """Beside which words it lies; that it shows paper and nothing else; whether a name or a hand on
    it tells who keeps the log."""

    item: UUID
    paper: bool
    shows_writer: bool = True


class Which(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Which one, from 1."""

    number: Annotated[int, Meta(ge=1, le=1_000)] = 1


@post("/photographs", "log-photo", takes="application/octet-stream")
def lay(call: ApiCall, asked: Taken, content: bytes) -> Receipt:
    """Lay a photograph of a paper log (JPEG, PNG or WebP) beside the words, sealed. Paper only.
    Sexual images of a child on a screen: do not photograph or forward them. Keep the device safe
    and ring the police."""
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
    """A photograph of a paper log as it is shown: a JPEG without what the camera wrote into it."""
    call.kind_of(item, "observation")
    with call.reading() as db:
        parts = photograph.read(
            call.desk, db, call.reader, call.system.originals, item, asked.number
        )
        content = b"".join(parts)
    call.consulted(str(item).encode())
    return Response(content, media_type="application/octet-stream")
