"""Screens of alerts, and of children who may be at risk through a suspect."""

from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Form
from fastapi.responses import Response

from access.who_may.decide import decide
from commands.families import protection
from commands.kernel import entity
from domain.families.protection import Considered
from domain.kernel.values import Refused
from network.people import alerts as alert_view
from network.people import risk
from projections.families import cases
from projections.families import protection as decided_view
from projections.intelligence import people
from web.made.tab_pages import Values, tab
from web.site.paging import paged
from web.site.request_context import Looking, NotThere, Sending, Visit

router = APIRouter()
PAGE = 25


@tab(router, "/today/alerts", "desk/alerts.html", before="/alerts")
def alerts(visit: Looking, every: bool = False, page: int = 1) -> Values:
    """Show the alerts, for example that a suspect was near a child's placement, or that a victim or
    a parent was arrested."""
    with visit.reading() as db:
        found_alerts = alert_view.list_alerts(db, visit.reader, include_all=every)
        rows, turns = paged(found_alerts, page, PAGE)
        numbers = {row.case: cases.get(db, visit.reader, row.case) for row in rows}
    found_numbers = {case: row.number for case, row in numbers.items() if row}
    return {"rows": rows, "numbers": found_numbers, "every": every, **turns}


@tab(router, "/cases/at-risk", "desk/risk.html", before="/risk")
def at_risk(visit: Looking, of: str = "") -> Values:
    """Show children possibly at risk through a suspect. The page never links these children to each
    other."""
    wanted = of.strip()
    if not wanted and not decide(visit.reader, "see-network").allowed:
        with visit.reading() as db:
            children = risk.children_at_risk(db, visit.reader)
        return {"of": "", "found": children, "decided": {}, "suspect": None}
    if not wanted:
        return {"of": "", "found": None}
    try:
        with visit.reading() as db:
            suspect, _ = entity.resolve_entity(visit.desk, db, visit.reader, wanted)
    except Refused as refused:
        return {"status": 422, "of": wanted, "found": None, "error": str(refused)}
    children, lead = _children(visit, suspect)
    with visit.reading() as db:
        decided = decided_view.considered(db, visit.reader, lead)
        known_entity = people.entities(db, visit.reader, [lead]).get(lead)
    return {
        "of": known_entity.label
        if known_entity and wanted in map(str, (lead, suspect))
        else wanted,
        "found": children,
        "decided": decided,
        "suspect": lead,
        "known": known_entity,
    }


def _children(visit: Visit, suspect: UUID) -> tuple[risk.AtRiskThrough, UUID]:
    """Return the children who may be at risk through a suspect, and the leading id of the suspect:
    the id under which several records of one person are shown."""
    with visit.reading() as db:
        children = risk.children_at_risk(db, visit.reader, suspect)
    return children, (children.rows[0].suspect if children.rows else None) or suspect


@router.post("/cases/at-risk/{suspect}/{child}")
def consider(
    visit: Sending,
    suspect: UUID,
    child: UUID,
    command_id: Annotated[UUID, Form()],
    decision: Annotated[Considered, Form()],
    reason: Annotated[str, Form(max_length=20_000)] = "",
) -> Response:
    """Record the user's decision about a child who may be at risk through a suspect: a referral, or
    a reason against it. The links that connect the child with the suspect are recorded as the
    causes."""
    visit.require_kind(suspect, "person")
    children, lead = _children(visit, suspect)
    rows = [row for row in children.rows if row.id == child]
    if not rows:
        raise NotThere("child")
    links = dict.fromkeys(str(link) for why in rows[0].reasons for link in why.links)
    protection.consider(
        visit.desk,
        visit.reader,
        lead,
        child,
        decision,
        reason,
        because_of=tuple(links),
        command_id=command_id,
    )
    return visit.go(f"/cases/at-risk?of={lead}", "Decision recorded with its reason.")
