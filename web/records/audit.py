"""The auditor's screens: the trail of an item in both directions, verification, and proofs."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

import msgspec
from fastapi import APIRouter
from fastapi.responses import Response

from domain.kernel.envelope import LogName
from domain.kernel.values import ENTITY_KINDS
from installation.auditing import open_office
from projections.information import continuum
from projections.intelligence import links
from questions.kernel.item import at_the_ends
from usecases.kernel.trail import ShowLanes
from usecases.kernel.trail_lanes import LANES, traced
from web.site.field_parsing import resolve_item
from web.site.page_in_parts import Progress, page_in_parts
from web.site.request_context import Looking, Visit

router = APIRouter()
#: Number of steps of the trail that are shown at first in each direction.
MOST = 12


@router.get("/trail")
def ask(visit: Looking, of: str = "") -> Response:
    """Show the form that asks for an item whose trail to show. If `of` names an item, redirect to
    its trail."""
    wanted = of.strip()
    if wanted:
        return visit.go(f"/trail/{resolve_item(visit, wanted)}")
    with visit.reading() as db:
        counts = continuum.counts(db, visit.reader)
    return visit.page("records/audit.html", counts=counts)


@router.get("/trail/{item}")
def both_ways(visit: Looking, item: UUID) -> Response:
    """Show the trail of an item: back to the first log entries, and forward to everything that
    followed from it.
    """
    kind = visit.require_kind(item)
    with visit.reading() as db:
        found_item = traced(visit.desk, db, visit.reader, item)
        tie = links.versions(db, visit.reader, item)[-1:] if kind == "link" else []
        names = at_the_ends(db, visit.reader, tie)
    return visit.page(
        "records/trail.html",
        item=item,
        kind=kind,
        entity=kind in ENTITY_KINDS,
        named=found_item.said.get(item) if kind != "observation" and not tie else None,
        most=MOST,
        at=found_item.recorded,
        traced=found_item,
        laid=found_item.laid,
        lanes=LANES,
        tie=tie[0] if tie else None,
        names=names,
        prints=any(map(visit.may_ever, ShowLanes.named.printed)),
    )


@router.get("/verify")
def verify(visit: Looking, run: bool = False) -> Response:
    """Show whether the records are unchanged and complete, since when they are signed, what the
    user should do next, and what the check cannot prove. The beginning of the page is sent before
    the check begins."""
    values: dict[str, Any] = {"run": False, "reports": (), "spans": {}, "most": MOST}
    if not run:
        return visit.page("verify.html", **values)

    def check(progress: Progress) -> dict[str, object]:
        with open_office(visit.system.settings, None) as office:
            reports = office.verify(
                (),
                None,
                (),
                (),
                audited=lambda one: progress(f"{one.log.capitalize()}, records read: {one.size:,}"),
            )
        return {"run": True, "reports": reports, "spans": _signed_spans(visit, reports)}

    waiting = "Reading every record and comparing it with the signed checkpoints"
    return page_in_parts(visit, "verify.html", waiting, check, **values)


def _signed_spans(visit: Visit, reports: Sequence[Any]) -> dict[LogName, tuple[datetime, datetime]]:
    """Return the times of the first and last signed record of each log that has no fault."""
    span_by_log = {}
    for report in reports:
        if report.signed and not report.findings and not report.gone:
            log = visit.system.logs[report.log]
            ends = [*log.read(0, 1), *log.read(report.signed - 1, 1)]
            if len(ends) > 1:
                span_by_log[report.log] = ends[0].recorded, ends[1].recorded
    return span_by_log


@router.get("/proof/{item}")
def proof(visit: Looking, item: UUID) -> Response:
    """Return a proof of an item's events without the words, which can be checked offline."""
    visit.require_kind(item)
    visit.provable(item)
    with open_office(visit.system.settings, None) as office:
        proof_of_item = office.prove("evidence", item)
    visit.consulted(str(item).encode())
    return Response(
        msgspec.json.format(msgspec.json.encode(proof_of_item), indent=2),
        media_type="application/json",
        headers={"Content-Disposition": f'attachment; filename="proof-{str(item)[-8:]}.json"'},
    )
