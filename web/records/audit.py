"""The auditor: the trail both ways, knowledge as it stood, what verifies, and proofs to carry."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

import msgspec
from fastapi import APIRouter
from fastapi.responses import Response

from access.who_may.decide import require
from commands.people_and_teams import due
from domain.forms import local
from domain.forms.typed import names_day
from installation.auditing import open_office
from projections import due as due_view
from projections.due import Asked, Due
from projections.information import continuum, queue
from projections.intelligence import links
from projections.kernel import fingerprint, runner
from projections.kernel.database import Db
from questions.item import at_the_ends
from usecases.kernel.lanes import LANES, traced
from usecases.kernel.trail import ShowLanes
from web.site.asking import day_shown, one
from web.site.asking import moment as moment_of
from web.site.visit import Looking, Visit

router = APIRouter()


@router.get("/trail")
def ask(visit: Looking, of: str = "") -> Response:
    """Which item?"""
    wanted = of.strip()
    if wanted:
        return visit.go(f"/trail/{one(visit, wanted)}")
    with visit.reading() as db:
        counts = continuum.counts(db, visit.reader)
        stays = continuum.dwell(db, visit.reader)
    return visit.page("records/audit.html", counts=counts, stays=stays)


@router.get("/trail/{item}")
def both_ways(visit: Looking, item: UUID) -> Response:
    """Back to the first words, and forward to what became of them."""
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
        prints=any(map(visit.may, ShowLanes.asked_as.printed)),
    )


@router.get("/replay")
def replay(visit: Looking, until: str = "") -> Response:
    """What was known at a moment: rebuilt from the log, with a hash over every row. It is the
    auditor's to ask: hash and position move with what others record."""
    require(visit.reader, "replay")
    span = _span(visit)
    moment, day = moment_of(until, today=visit.today), names_day(until)
    return visit.page(
        "records/replay.html",
        span=span,
        stops=[stop.astimezone(local.LONDON).isoformat() for stop in span],
        asked=moment.astimezone(local.LONDON).isoformat()
        if moment and not day
        else day_shown(until, visit.today),
        day=day,
        until=moment,
        state=known_at(visit, moment) if moment else None,
    )


def _span(visit: Visit) -> list[datetime]:
    """Sixty stops from the first thing told (the store's own making is older) to the last, each
    at the end of its minute."""
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
    """The next whole minute: what stands in a field says no seconds."""
    whole = at.replace(second=0, microsecond=0)
    return whole if whole == at else whole + timedelta(minutes=1)


@dataclass(frozen=True)
class Known:
    """What was known at a moment: how far the evidence log had come, a hash over every row of the
    views, how much stood at each stage, and the first of what waited and of what was due."""

    position: int
    hash: str
    counts: dict[str, int]
    links: int
    waiting: int
    overdue: int
    queue: tuple[queue.Waiting, ...]
    due: tuple[Due, ...]


def known_at(visit: Visit, until: datetime | None) -> Known:
    """The state of knowledge at a moment; None: now."""
    with visit.system.views.as_known(until, None) as db:
        reached = {log: at for (_, log), at in runner.positions(db).items()}
        waiting = queue.queue(db, visit.reader, until or visit.now, visit.clocks)
        return Known(
            reached.get("evidence", 0),
            fingerprint.of(db),
            continuum.counts(db, visit.reader),
            len(links.links(db, visit.reader, links.Asked(min_rank=None))),
            len(waiting),
            sum(item.overdue for item in waiting),
            tuple(waiting[:20]),
            tuple(_due_then(visit, db, until or visit.now)),
        )


def _due_then(visit: Visit, db: Db, then: datetime) -> list[Due]:
    """The first of what was due then."""
    return due_view.page(db, visit.reader, then, due.by_policy(visit.desk, Asked()), most=20)


@router.get("/verify")
def verify(visit: Looking, run: bool = False) -> Response:
    """Is what is there as it was written, and is nothing gone? In plain words, with its limits."""
    reports = []
    if run:
        with open_office(visit.system.settings, None) as office:
            reports = office.verify((), None, (), ())
    return visit.page("verify.html", run=run, reports=reports)


@router.get("/proof/{item}")
def proof(visit: Looking, item: UUID) -> Response:
    """A proof that anybody checks offline, without the words."""
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
