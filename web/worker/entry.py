"""Receives one entry from a form or a phone's outbox, and answers at once.

The client's own UUID is the command id, so that an entry that is sent twice, by two tabs or after a
lost answer, is recorded once.
"""

from datetime import UTC, datetime
from typing import Annotated, Any, Literal
from uuid import UUID

from fastapi import APIRouter, Request
from fastapi.responses import JSONResponse, Response
from pydantic import BaseModel, BeforeValidator, Field, ValidationError
from starlette.concurrency import run_in_threadpool

from domain.forms.local import moments
from domain.kernel.codes import Noticed
from domain.kernel.strict_json import read_json
from domain.kernel.values import HowKnown, Refused
from ingest.words import record_words
from installation.settings import plainly
from web.site.request_context import Sending, Visit

router = APIRouter()
#: The reason that is recorded for an urgent entry without a reason.
NO_REASON = "marked urgent; no reason was given"


def _nothing(value: object) -> Any:
    """Return None for a text that is empty or has only blanks; return any other value unchanged."""
    return None if isinstance(value, str) and not value.strip() else value


def _in_utc(value: datetime | None) -> datetime | None:
    if value is None:
        return None
    if value.tzinfo is not None:
        return value
    try:
        # an uncertain time is never refused; the earliest possible time gives the safer deadline
        return moments(value)[0]
    except OverflowError:
        return value.replace(tzinfo=UTC)


Said = Annotated[Annotated[str, Field(max_length=20_000)] | None, BeforeValidator(_nothing)]


class Entry(BaseModel):
    """A worker's entry. Only the words are required; `told` is when the worker heard the words."""

    words: Annotated[str, Field(max_length=record_words.LONGEST)] = ""
    how_known: Annotated[HowKnown | None, BeforeValidator(_nothing)] = None
    heard_from: Said = None
    relation: Said = None
    when: Said = None
    case: Said = None
    urgent: Annotated[bool, BeforeValidator(lambda value: value or False)] = False
    urgent_reason: Said = None
    told: Annotated[datetime | None, BeforeValidator(_nothing)] = None
    form: Literal["verbatim", "paraphrase", "own-observation"] = "verbatim"
    noticed: tuple[Noticed, ...] = ()
    command_id: UUID


def record_entry(visit: Visit, entry: Entry) -> record_words.RecordedWords:
    """Record the entry. Raises CommandReused, LogUnavailable, and Refused for an entry without
    words.

    In a synthetic store with a set clock, the phone's time is ignored.
    """
    reason = (entry.urgent_reason or NO_REASON) if entry.urgent else None
    moment = None if visit.system.clock.given_time else _in_utc(entry.told)
    return record_words.record_entry(
        visit.desk,
        visit.reader,
        entry.words,
        visit.now,
        case=entry.case,
        when=entry.when,
        told=moment,
        how_known=entry.how_known,
        urgent_reason=reason,
        command_id=visit.desk.own_command(entry.command_id, visit.reader.name),
        form=entry.form,
        heard_from=entry.heard_from,
        relation=entry.relation,
        noticed=entry.noticed,
    )


@router.post("/record")
async def record(request: Request, visit: Sending) -> Response:
    """Receive an entry: from the form, or (JSON) from the outbox of a phone."""
    if request.headers.get("content-type", "").startswith("application/json"):
        entry = _read(read_json(await request.body()))
        recorded = await run_in_threadpool(record_entry, visit, entry)
        return JSONResponse(
            {"id": str(recorded.receipt.id), "url": f"/receipt/{recorded.receipt.id}"},
            status_code=201,
        )
    form = await request.form()
    fields = {**form, "noticed": form.getlist("noticed")}
    try:
        recorded = await run_in_threadpool(record_entry, visit, _read(fields))
    except Refused as refused:
        return visit.page("worker/record.html", status=422, given=fields, error=str(refused))
    return visit.go(f"/receipt/{recorded.receipt.id}")


def _read(given: object) -> Entry:
    """Return the entry whose fields a form or an outbox sent. Raises Refused, which names each
    wrong field."""
    try:
        return Entry.model_validate(given)
    except ValidationError as error:
        faults = "; ".join(
            f"{'.'.join(map(str, fault['loc']))} {plainly(fault)}" for fault in error.errors()
        )
        raise Refused(f"this entry cannot be read ({faults})") from error
