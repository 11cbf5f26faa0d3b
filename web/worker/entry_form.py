"""The worker's entry form, which also works without a network connection, and the receipt.

The file is long because the routes of one form share their state.
"""

from collections.abc import Sequence
from datetime import timedelta
from functools import reduce
from importlib.resources import files
from pathlib import Path
from typing import Annotated, Any, Literal
from uuid import UUID, uuid5

from fastapi import APIRouter, Form, Request
from fastapi.responses import FileResponse, JSONResponse, Response

from access.who_may import scope
from commands.information import observation, photograph
from commands.kernel.clock import clock_differs
from commands.people_and_teams import rota
from domain import forms
from domain.forms.local import format_moment
from domain.information.observation import (
    ObservationCorrected,
    ObservationFlagged,
    ObservationMoved,
    ObservationRecorded,
    ObservationRedacted,
    ObservationWithdrawn,
)
from domain.kernel.envelope import Recorded
from domain.kernel.values import Mention
from domain.people_and_teams import two_person
from domain.people_and_teams.two_person import ProposalMade
from ingest import reading
from ingest.reading import sentences
from ingest.reading.open_points import BEFORE_ASKING, open_questions
from ingest.words import record_words
from projections.families import cases
from projections.information import queue
from projections.intelligence import people
from projections.kernel.database import Db
from web.desk import mention_chips
from web.site.request_context import Looking, NotThere, Sending, Visit, page
from web.worker import add_mention
from web.worker.entry import NO_REASON
from web.worker.my_entries import families_of

router = APIRouter()
SERVICE_WORKER = Path(str(files("web"))) / "static" / "js" / "sw.js"


def blank(visit: Visit, case: str = "") -> dict[str, Any]:
    """Return the values of an empty entry form. If a worker has only one family and sees it, the
    family is preselected.
    """
    families = families_of(visit)
    only = str(families[0][0]) if len(families) == 1 else ""
    return {"given": {"case": case or only}, "families": families}


@router.get("/record")
def form(visit: Looking, case: str = "") -> Response:
    """Show the entry form: one box for the words, and four optional questions."""
    return visit.page("worker/record.html", **blank(visit, case))


@router.get("/offline")
def shell(request: Request) -> Response:
    """Return the empty entry form, which a phone stores for use without a signal. It contains no
    personal data."""
    return page(request, "worker/record.html", signed=None, given={}, families=[], offline=True)


@router.get("/sw.js")
def service_worker() -> Response:
    """Return the script of the service worker, which answers requests while there is no signal. Its
    address is at the root because it has to serve every page."""
    return FileResponse(
        SERVICE_WORKER,
        media_type="text/javascript",
        headers={"Cache-Control": "no-cache"},
    )


@router.get("/manifest.webmanifest")
def manifest() -> Response:
    """Return the web app manifest, with which a phone can show the program as an app on its home
    screen.
    """
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
    """Show the receipt of an entry: the worker who has taken the entry, its mentions to confirm,
    and its corrections.
    """
    history, event = _records_of(visit, item)
    with visit.reading() as db:
        case = _filed(visit, db, event, history)
        photographs = photograph.list_attached(db, visit.reader, history)
        may_add = _may_add(db, visit, item, history)
    state, words = _state(visit, item, history), mention_chips.words_of(history)
    return visit.page(
        "worker/receipt.html",
        fact=history[0],
        uncertain=clock_differs(visit.desk.logs["evidence"], history[0]),
        told=event,
        words=words,
        **state,
        photographs=photographs,
        closed_photograph=photograph.CLOSED,
        may_photograph=may_add,
        **_reading(item, words, history, may_mark=may_add),
        either=_either(history, event),
        corrections=[fact for fact in history if isinstance(fact.event, ObservationCorrected)],
        case=case,
        families=dict(families_of(visit)),
        no_reason=NO_REASON,
        before_asking=BEFORE_ASKING,
        still_open=open_questions(
            words,
            mention_chips.mentions(history),
            when=event.happened is not None,
            how_known=bool(event.how_known or event.how_known_words),
        )
        if may_add
        else (),
        read_signs=[sign for sign in reading.noticed(words) if sign not in event.noticed],
        kept=visit.system.receipt_for(item, history[0].ref),
    )


@router.get("/receipt/{item}/state")
def state(visit: Looking, item: UUID) -> Response:
    """Return the part of an entry's receipt that is updated automatically while the page is
    open.
    """
    history, _ = _records_of(visit, item)
    return visit.part("worker/receipt_state.html", **_state(visit, item, history))


def _records_of(visit: Visit, item: UUID) -> tuple[Sequence[Recorded], ObservationRecorded]:
    """Return all records of this entry, and the first of them. Raises NotThere."""
    visit.require_kind(item, "observation")
    history = visit.desk.logs["evidence"].history(item)
    event = history[0].event
    if not isinstance(event, ObservationRecorded):
        raise NotThere("observation")
    return history, event


def _is_erased(history: Sequence[Recorded]) -> bool:
    """Return whether the text of the entry was erased without a replacement."""
    facts = (f for f in history if isinstance(f.event, ObservationRecorded | ObservationRedacted))
    return all(fact.erased for fact in facts)


def _state(visit: Visit, item: UUID, history: Sequence[Recorded]) -> dict[str, Any]:
    """Return the state of an entry for its receipt: the worker who has taken it, whether it is
    urgent, who is on call, and whether it was withdrawn."""
    with visit.reading() as db:
        row = queue.get(db, visit.reader, item)
    urgent = row is not None and (row.urgent or bool(row.proposed and not row.lowered))
    return {
        "taken_by": row.taken_by if row else None,
        "urgent": urgent,
        "on_call": _called(visit, row, urgent=urgent),
        "unread": record_words.UNREAD,
        "proposal": sentences.proposal(row.proposed) if row and not row.urgent and urgent else "",
        "withdrawn": _withdrawn(history),
        "withdrawing": _withdrawing(history),
    }


def _called(visit: Visit, row: queue.QueueRow | None, *, urgent: bool) -> str | None:
    """Return the person on call for an urgent entry that no assessor has taken; otherwise None."""
    if row is None or not urgent or row.taken_by or not row.waiting:
        return None
    return rota.describe_on_call(
        rota.find_on_call(visit.desk, row.team, row.urgent_since or row.recorded)
    )


def _filed(
    visit: Visit, db: Db, event: ObservationRecorded, history: Sequence[Recorded]
) -> cases.Case | None:
    """Return the case in which the entry is filed now. Return None if it is in none, or if this
    reader may not see the case."""
    moved = [fact.event.case for fact in history if isinstance(fact.event, ObservationMoved)]
    case = moved[-1] if moved else event.case
    return cases.get(db, visit.reader, case) if case else None


def _either(history: Sequence[Recorded], event: ObservationRecorded) -> tuple[str, ...]:
    """Return the two moments that an entry's time may mean, because it is in the hour that occurs
    twice when the clocks change. Return an empty tuple if the time is clear, or was corrected."""
    unclear = any(
        isinstance(fact.event, ObservationFlagged)
        and (fact.event.code, fact.event.field) == ("clocks-changed", "when")
        for fact in history
    )
    mended = any(isinstance(fact.event, ObservationCorrected) for fact in history)
    start = event.happened.start if event.happened else None
    if not unclear or mended or start is None:
        return ()
    return format_moment(start), format_moment(start + timedelta(hours=1))


def _read(words: str, history: Sequence[Recorded]) -> list[dict[str, Any]]:
    """Return the mentions in the words of an entry, each with whether a person confirmed it or
    judged it wrong."""
    state = mention_chips.read_of(history)
    return [
        {
            "start": mention.start,
            "end": mention.end,
            "text": words[mention.start : mention.end],
            "kind": mention.kind,
            "normalised": mention.normalised,
            "confirmed": (mention.start, mention.end) in state.right,
            "misread": (mention.start, mention.end) in state.misread,
            "can": mention.kind in mention_chips.CONFIRMED_AS,
        }
        for mention in mention_chips.mentions(history)
    ]


def _reading(
    item: UUID, words: str, history: Sequence[Recorded], *, may_mark: bool
) -> dict[str, Any]:
    """Return the values for the part of the receipt with the entry's mentions and with the words
    that can be marked."""
    mentions = _read(words, history)
    spans = [(mention["start"], mention["end"]) for mention in mentions]
    pieces = add_mention.pieces(words, spans) if may_mark else []
    return {"item": item, "mentions": mentions, "pieces": pieces, "markable": add_mention.KINDS}


def _may_add(db: Db, visit: Visit, item: UUID, history: Sequence[Recorded]) -> bool:
    """Return whether this reader may add to the entry. No reader may add to a withdrawn or erased
    entry."""
    reached = scope.reached(db, visit.reader, "correct", [item])
    return bool(reached) and not _withdrawn(history) and not _is_erased(history)


def _withdrawn(history: Sequence[Recorded]) -> Recorded | None:
    return next((fact for fact in history if isinstance(fact.event, ObservationWithdrawn)), None)


def _withdrawing(history: Sequence[Recorded]) -> ProposalMade | None:
    """Return the open proposal to withdraw the entry."""
    waits = reduce(
        two_person.evolve, (fact.event for fact in history), two_person.PendingProposals()
    )
    return waits.proposals.get("withdraw-words")


def unconfirmed(db: Db, visit: Visit, item: UUID) -> dict[str, Any]:
    """Return the values that show an entry's unconfirmed mentions; an empty dict if there are none,
    or if this reader may not confirm them."""
    history = visit.desk.logs["evidence"].history(item)
    if not _may_add(db, visit, item, history):
        return {}
    reading = _reading(item, mention_chips.words_of(history), history, may_mark=True)
    read = reading["mentions"]
    waits = [
        mention
        for mention in read
        if mention["can"] and not (mention["confirmed"] or mention["misread"])
    ]
    return reading if waits else {}


@router.post("/receipt/{item}/misread")
def misread(
    visit: Sending,
    item: UUID,
    span: Annotated[str, Form(max_length=200)],
    command_id: Annotated[UUID, Form()],
) -> Response:
    """Record that a mention at the place `span` of an entry is wrong, because the words name
    nothing. Show the receipt again; a script gets only the part with the mentions."""
    history, _ = _records_of(visit, item)
    mention = mention_chips.at(history, span)
    words = mention_chips.words_of(history)[mention.start : mention.end]
    observation.misread(visit.desk, visit.reader, item, words, command_id=command_id)
    return _reading_again(visit, item)


def _reading_again(visit: Visit, item: UUID) -> Response:
    if "hx-request" not in visit.request.headers:
        return visit.go(f"/receipt/{item}#read")
    history, _ = _records_of(visit, item)
    words = mention_chips.words_of(history)
    return visit.part("worker/receipt_read.html", **_reading(item, words, history, may_mark=True))


@router.post("/receipt/{item}/confirm")
def confirm(
    visit: Sending,
    item: UUID,
    span: Annotated[list[str], Form(max_length=200)],
    command_id: Annotated[UUID, Form()],
) -> Response:
    """Confirm mentions of people and things in a log entry; `span` are the places of the mentions
    in the text. A person who is not on record is recorded under the mentioned name. If a script
    sent the request, only the part of the page with the mentions is returned."""
    history, _ = _records_of(visit, item)
    words = mention_chips.words_of(history)
    for mention_span in span:
        _confirm(
            visit,
            item,
            words,
            mention_chips.at(history, mention_span),
            uuid5(command_id, mention_span),
        )
    return _reading_again(visit, item)


@router.post("/receipt/{item}/mark")
def mark(
    visit: Sending,
    item: UUID,
    kind: Annotated[Literal["person", "vrm", "phone", "place"], Form()],
    command_id: Annotated[UUID, Form()],
    at: Annotated[list[str] | None, Form(max_length=200)] = None,
) -> Response:
    """Mark words of an entry as a mention of a person or thing, which the program did not
    recognise. Show the receipt again; a script gets only the part with the mentions."""
    history, _ = _records_of(visit, item)
    words = mention_chips.words_of(history)
    _confirm(visit, item, words, add_mention.mention(words, at or (), kind), command_id)
    return _reading_again(visit, item)


def _confirm(visit: Visit, item: UUID, words: str, mention: Mention, command_id: UUID) -> None:
    called, who = words[mention.start : mention.end], mention_chips.reference(words, mention)
    if mention_chips.CONFIRMED_AS[mention.kind] == "person":
        who = _person(visit, item, called, command_id)
    observation.confirm(visit.desk, visit.reader, item, who, called, command_id=command_id)


def _person(visit: Visit, item: UUID, called: str, command_id: UUID) -> str:
    """Return the id of the only recorded person with this name. If there is none, or several,
    record a new person with this name and return its id."""
    with visit.reading() as db:
        named = people.find_by_exact_name(db, visit.reader, forms.name(called))
        groups = people.clusters(db, visit.reader)
    leaders = sorted({groups.get(person, person) for person in named})
    if len(leaders) == 1:
        return str(leaders[0])
    return mention_chips.somebody_new(visit, item, called, command_id)
