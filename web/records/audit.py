"""The auditor's screens: the trail both ways, former states of knowledge, verification, and
proofs."""

from datetime import datetime, timedelta
from uuid import UUID

import msgspec
from fastapi import APIRouter
from fastapi.responses import Response

from access.who_may.decide import require
from domain.forms import local
from domain.forms.typed import names_day
from installation.auditing import open_office
from projections.information import continuum
from projections.intelligence import links
from questions.kernel import known
from questions.kernel.item import at_the_ends
from usecases.kernel.trail import ShowLanes
from usecases.kernel.trail_lanes import LANES, traced
from web.site.field_parsing import format_typed_day, resolve_item
from web.site.field_parsing import moment as moment_of
from web.site.request_context import Looking, Visit

router = APIRouter()
#: Most items of the queue and deadlines that are shown.
MOST = 20


@router.get("/trail")
def ask(visit: Looking, of: str = "") -> Response:
    """Ask for an item."""
    wanted = of.strip()
    if wanted:
        return visit.go(f"/trail/{resolve_item(visit, wanted)}")
    with visit.reading() as db:
        counts = continuum.counts(db, visit.reader)
        stays = continuum.dwell(db, visit.reader)
    return visit.page("records/audit.html", counts=counts, stays=stays)


@router.get("/trail/{item}")
def both_ways(visit: Looking, item: UUID) -> Response:
    """Show the trail back to the first words, and forward to what followed."""
    kind = visit.kind_of(item)
    with visit.reading() as db:
        found = traced(visit.desk, db, visit.reader, item)
        tie = links.versions(db, visit.reader, item)[-1:] if kind == "link" else []
        names = at_the_ends(db, visit.reader, tie)
    return visit.page(
        "records/trail.html",
        item=item,
        kind=kind,
        at=found.recorded,
        traced=found,
        laid=found.laid,
        lanes=LANES,
        tie=tie[0] if tie else None,
        names=names,
        prints=any(map(visit.may, ShowLanes.named.printed)),
    )


@router.get("/replay")
def replay(visit: Looking, until: str = "") -> Response:
    """Show the state of knowledge at a moment, rebuilt from the log, with a hash over every row. It
    is for auditors, because hash and position change with other teams' records."""
    require(visit.reader, "replay")
    span = _span(visit)
    moment, day = moment_of(until, today=visit.today), names_day(until)
    state = None
    if moment:
        with visit.system.views.as_known(moment, None) as db:
            state = known.read_state(visit.desk, db, visit.reader, moment, most=MOST)
    return visit.page(
        "records/replay.html",
        span=span,
        stops=[stop.astimezone(local.LONDON).isoformat() for stop in span],
        asked=moment.astimezone(local.LONDON).isoformat()
        if moment and not day
        else format_typed_day(until, visit.today),
        day=day,
        until=moment,
        state=state,
        first=state.queue[:MOST] if state else (),
    )


def _span(visit: Visit) -> list[datetime]:
    """Return sixty moments from the first recorded fact (the store's creation is older) to the
    last, each at the end of its minute."""
    log = visit.system.logs["evidence"]
    first, last = log.read(1, 1), log.read(log.last() - 1, 1)
    if not first or not last:
        return []
    at, end = _minute(first[0].recorded), _minute(last[0].recorded)
    step = max((end - at) / 60, timedelta(hours=1))
    stops = []
    while at < end:
        stops.append(_minute(at))
        at += step
    return [*stops, end]


def _minute(at: datetime) -> datetime:
    """Return the next whole minute, because fields show no seconds."""
    whole = at.replace(second=0, microsecond=0)
    return whole if whole == at else whole + timedelta(minutes=1)


@router.get("/verify")
def verify(visit: Looking, run: bool = False) -> Response:
    """Show whether the record is as it was written and complete, in plain words, with the limits of
    the check."""
    reports = []
    if run:
        with open_office(visit.system.settings, None) as office:
            reports = office.verify((), None, (), ())
    return visit.page("verify.html", run=run, reports=reports)


@router.get("/proof/{item}")
def proof(visit: Looking, item: UUID) -> Response:
    """Return a proof without the words, which can be checked offline."""
    visit.kind_of(item)
    visit.provable(item)
    with open_office(visit.system.settings, None) as office:
        told = office.prove("evidence", item)
    visit.consulted(str(item).encode())
    return Response(
        msgspec.json.format(msgspec.json.encode(told), indent=2),
        media_type="application/json",
        headers={"Content-Disposition": f'attachment; filename="proof-{str(item)[-8:]}.json"'},
    )
