"""The worker at the door: the entry form, with and without a signal, and its receipt."""

from collections.abc import Sequence
from datetime import timedelta
from pathlib import Path
from typing import Annotated, Any
from uuid import UUID

from fastapi import APIRouter, Form, Request
from fastapi.responses import FileResponse, JSONResponse, Response

from commands import entity, observation, rota
from domain import forms
from domain.envelope import Recorded
from domain.forms.local import spoken
from domain.observation import (
    MentionConfirmed,
    ObservationCorrected,
    ObservationFlagged,
    ObservationRead,
    ObservationRecorded,
    ObservationRefiled,
    ObservationWithdrawn,
)
from domain.values import EntityKind, Mention, MentionKind, Refused
from ingest import telling
from ingest.reading import platform_beside
from projections import cases, people, queue
from projections.schema import Db
from web.entry import NO_REASON
from web.visit import Looking, NotThere, Sending, Visit, page

router = APIRouter()
STATIC = Path(__file__).parent / "static"
#: As what a mention is confirmed with one tap; a time names nothing, and no more does a postcode.
CONFIRMED_AS: dict[MentionKind, EntityKind] = {
    "person": "person",
    "nickname": "person",
    "phone": "phone",
    "vrm": "vehicle",
    "vrm_partial": "vehicle",
    "place": "place",
    "handle": "handle",
}


@router.get("/record")
def form(visit: Looking, case: str = "") -> Response:
    """One box, and four questions that nobody has to answer."""
    return visit.page("record.html", given={"case": case}, families=_families(visit))


def _families(visit: Visit) -> list[tuple[int, str]]:
    """The families that this person works with, to be tapped instead of typed."""
    with visit.reading() as db:
        rows = cases.worked_by(db, visit.reader, visit.reader.name)
        known = people.entities(db, visit.reader, [row.child for row in rows])
    return [(row.number, known[row.child].label) for row in rows if row.child in known]


@router.get("/offline")
def shell(request: Request) -> Response:
    """The entry form for a phone without a signal: nothing in it is anybody's."""
    return page(request, "record.html", signed=None, given={}, families=[], offline=True)


@router.get("/sw.js")
def service_worker() -> Response:
    """Stands at the root, because it serves every page while there is no signal."""
    return FileResponse(
        STATIC / "js" / "sw.js",
        media_type="text/javascript",
        headers={"Cache-Control": "no-cache"},
    )


@router.get("/manifest.webmanifest")
def manifest() -> Response:
    """What a phone needs to put this on its home screen."""
    icons = [
        {"src": f"/static/icon-{size}.png", "sizes": f"{size}x{size}", "type": "image/png"}
        for size in (192, 512)
    ]
    return JSONResponse(
        {
            "name": "Continuum",
            "short_name": "Continuum",
            "start_url": "/record",
            "scope": "/",
            "display": "standalone",
            "background_color": "#12181f",
            "theme_color": "#12181f",
            "icons": icons,
        },
        media_type="application/manifest+json",
    )


@router.get("/receipt/{item}")
def receipt(visit: Looking, item: UUID) -> Response:
    """Who has it; what was read in it, to be confirmed by a tap; its corrections."""
    history, told = _told(visit, item)
    with visit.reading() as db:
        case = _filed(visit, db, told, history)
    confirmed = {
        (fact.event.mention.start, fact.event.mention.end)
        for fact in history
        if isinstance(fact.event, MentionConfirmed) and fact.event.mention
    }
    mentions = [
        _shown(told.words, mention, confirmed)
        for fact in history
        if isinstance(fact.event, ObservationRead)
        for mention in fact.event.mentions
    ]
    return visit.page(
        "receipt.html",
        item=item,
        fact=history[0],
        told=told,
        **_state(visit, item, history),
        mentions=mentions,
        either=_either(history, told),
        corrections=[fact for fact in history if isinstance(fact.event, ObservationCorrected)],
        case=case,
        families=dict(_families(visit)),
        no_reason=NO_REASON,
        kept=visit.system.receipt_of(item, history[0].ref),
    )


@router.get("/receipt/{item}/state")
def state(visit: Looking, item: UUID) -> Response:
    """That part of the receipt which changes by itself: an open one asks for it."""
    history, _ = _told(visit, item)
    return visit.part("receipt_state.html", **_state(visit, item, history))


def _told(visit: Visit, item: UUID) -> tuple[Sequence[Recorded], ObservationRecorded]:
    """All that is recorded of these words, and what was told first. Raises NotThere."""
    visit.kind_of(item, "observation")
    history = visit.desk.logs["evidence"].history(item)
    told = history[0].event
    if not isinstance(told, ObservationRecorded):
        raise NotThere("observation")
    return history, told


def _state(visit: Visit, item: UUID, history: Sequence[Recorded]) -> dict[str, Any]:
    """Who has it, or that nobody has read it yet."""
    with visit.reading() as db:
        row = queue.get(db, visit.reader, item)
    urgent = row is not None and (row.urgent or bool(row.proposed and not row.lowered))
    return {
        "taken_by": row.taken_by if row else None,
        "urgent": urgent,
        "on_call": _called(visit, row, urgent=urgent),
        "unread": telling.UNREAD,
        "proposal": telling.proposal(row.proposed) if row and not row.urgent and urgent else "",
        "withdrawn": next((f for f in history if isinstance(f.event, ObservationWithdrawn)), None),
    }


def _called(visit: Visit, row: queue.QueueRow | None, *, urgent: bool) -> str | None:
    """Who is called for these words, while they are urgent and nobody has taken them."""
    if row is None or not urgent or row.taken_by or not row.waiting:
        return None
    return rota.said(rota.on_call(visit.desk, row.team, row.urgent_since or row.recorded))


def _filed(
    visit: Visit, db: Db, told: ObservationRecorded, history: Sequence[Recorded]
) -> cases.Case | None:
    """Under which case the words are filed by now, where this person sees it."""
    moved = [fact.event.case for fact in history if isinstance(fact.event, ObservationRefiled)]
    case = moved[-1] if moved else told.case
    return cases.get(db, visit.reader, case) if case else None


def _either(history: Sequence[Recorded], told: ObservationRecorded) -> tuple[str, ...]:
    """The two moments, one of which is meant, where it happened in an hour in which the clocks were
    changed; nothing once somebody has said more of it."""
    unclear = any(
        isinstance(fact.event, ObservationFlagged)
        and (fact.event.code, fact.event.field) == ("clocks-changed", "when")
        for fact in history
    )
    mended = any(isinstance(fact.event, ObservationCorrected) for fact in history)
    start = told.happened.start if told.happened else None
    if not unclear or mended or start is None:
        return ()
    return spoken(start), spoken(start + timedelta(hours=1))


def _shown(words: str, mention: Mention, confirmed: set[tuple[int, int]]) -> dict[str, Any]:
    return {
        "start": mention.start,
        "end": mention.end,
        "text": words[mention.start : mention.end],
        "kind": mention.kind,
        "normalised": mention.normalised,
        "confirmed": (mention.start, mention.end) in confirmed,
        "can": mention.kind in CONFIRMED_AS,
    }


@router.post("/receipt/{item}/confirm")
def confirm(
    visit: Sending,
    item: UUID,
    start: Annotated[int, Form()],
    end: Annotated[int, Form()],
    command_id: Annotated[UUID, Form()],
) -> Response:
    """Yes, these words name this person or thing; who is new is recorded by what they are
    called."""
    visit.kind_of(item, "observation")
    mention, words = _mention(visit, item, start, end)
    kind = CONFIRMED_AS.get(mention.kind)
    if kind is None:
        raise Refused("a time or a postcode is confirmed by nothing: correct it if it is wrong")
    who = words if kind == "person" else f"{kind}:{words}"
    if kind == "handle" and (platform := _platform(visit, item, mention)):
        who = f"{kind}:{platform}:{words}"
    if kind == "person":
        who = _person(visit, item, words)
    observation.confirm(visit.desk, visit.reader, item, who, words, command_id=command_id)
    return visit.go(f"/receipt/{item}#read")


def _mention(visit: Visit, item: UUID, start: int, end: int) -> tuple[Mention, str]:
    history = visit.desk.logs["evidence"].history(item)
    words = next(f.event.words for f in history if isinstance(f.event, ObservationRecorded))
    for fact in history:
        if isinstance(fact.event, ObservationRead):
            for mention in fact.event.mentions:
                if (mention.start, mention.end) == (start, end):
                    return mention, words[start:end]
    raise Refused("nothing was read at that place in the words")


def _platform(visit: Visit, item: UUID, mention: Mention) -> str | None:
    """The platform that the words beside a handle name."""
    history = visit.desk.logs["evidence"].history(item)
    words = next(f.event.words for f in history if isinstance(f.event, ObservationRecorded))
    return platform_beside(words, mention.start, mention.end)


def _person(visit: Visit, item: UUID, called: str) -> str:
    """Who is meant: the one person of that name, or a new one who is only called so."""
    with visit.reading() as db:
        named = people.named(db, visit.reader, forms.name(called))
        groups = people.clusters(db, visit.reader)
    leaders = sorted({groups.get(one, one) for one in named})
    if len(leaders) == 1:
        return str(leaders[0])
    made = entity.record_person(
        visit.desk, visit.reader, name=called, known=False, because_of=(str(item),)
    )
    return str(made.id)
