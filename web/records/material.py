"""The disclosure officer's screens: a case's items, the decisions about them, the schedules."""

from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Form
from fastapi.responses import Response

from domain.justice.unused_material import Form as ScheduleForm
from projections.families import cases
from projections.intelligence import people
from projections.justice import unused_material as view
from questions.justice import unused
from usecases.justice.unused_material import ListMaterial
from web.made import listing, tab_pages
from web.made.tab_pages import Values
from web.site.paging import paged
from web.site.request_context import Looking, NotThere, Sending, Visit

router = APIRouter()
PAGE = 20
#: Kinds that may be shared.
SHARED = ("observation", "report", "exhibit", "statement", "recorded-interview")
FORMS = {"MG6C": "MG6C: not sensitive", "MG6D": "MG6D: sensitive"}


@tab_pages.tab(router, "/rights/schedules", "records/material_cases.html", before="/material")
def choose(visit: Looking, page: int = 1) -> Values:
    """Ask for the case."""
    with visit.reading() as db:
        rows = cases.list_cases(db, visit.reader, cases.CaseFilter(every=True))
        some, turns = paged(rows, page, PAGE)
        known = people.entities(db, visit.reader, [row.child for row in some])
    with visit.reading_with_access_log() as db:
        decided = {row.case: len(view.reviews(db, visit.reader, row.case)) for row in some}
    return dict(
        rows=some,
        known=known,
        decided=decided,
        **turns,
    )


def _case(visit: Visit, case: UUID) -> cases.Case:
    visit.require_kind(case, "case")
    with visit.reading() as db:
        found = cases.get(db, visit.reader, case)
    if found is None:
        raise NotThere("case")
    return found


@router.get("/material/{case}")
def items(visit: Looking, case: UUID, page: int = 1) -> Response:
    """Show all items filed in the case, with the decisions about them."""
    row = _case(visit, case)
    listed = listing.template_values(visit, ListMaterial, page, case=str(case))
    ids = [one.row for table in listed["tables"] for one in table.rows]
    shared = [one.item for one in ids if one.kind in SHARED]
    return visit.page("records/material.html", row=row, forms=FORMS, shared=shared, **listed)


@router.post("/material/{case}/schedule")
def schedule(
    visit: Sending,
    case: UUID,
    form: Annotated[ScheduleForm, Form()],
    trial: Annotated[str, Form(max_length=200)] = "",
) -> Response:
    """Make the disclosure schedule, or its continuation; if nothing was added, the same schedule
    again."""
    row = _case(visit, case)
    with visit.reading_with_access_log() as db:
        made = unused.schedule(visit.desk, db, visit.reader, case, trial, form)
    return visit.page("records/schedule.html", row=row, made=made, title=FORMS[form])
