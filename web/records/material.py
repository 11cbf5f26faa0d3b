"""The disclosure officer's screens: a case's items with the decisions about them, and the
schedules.
"""

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
from web.records.record_page import RecordPage, Step, record
from web.site.object_acts import Acts
from web.site.paging import paged
from web.site.rendering import clip
from web.site.request_context import Looking, NotThere, Sending, Visit

router = APIRouter()
PAGE = 20
#: Kinds of items that may be shared with other organisations.
SHARED = ("observation", "report", "exhibit", "statement", "recorded-interview")
FORMS = {"MG6C": "MG6C: material that is not sensitive", "MG6D": "MG6D: sensitive material"}


@tab_pages.tab(router, "/rights/schedules", "records/material_cases.html", before="/material")
def choose(visit: Looking, page: int = 1) -> Values:
    """Show the cases, one of which the disclosure officer chooses."""
    with visit.reading() as db:
        rows = cases.list_cases(db, visit.reader, cases.CaseFilter(every=True))
        page_rows, turns = paged(rows, page, PAGE)
        entities = people.entities(db, visit.reader, [row.child for row in page_rows])
    with visit.reading_with_access_log() as db:
        decided = {row.case: len(view.reviews(db, visit.reader, row.case)) for row in page_rows}
    return dict(
        rows=page_rows,
        known=entities,
        decided=decided,
        **turns,
    )


def _case(visit: Visit, case: UUID) -> cases.Case:
    visit.require_kind(case, "case")
    with visit.reading() as db:
        found_case = cases.get(db, visit.reader, case)
    if found_case is None:
        raise NotThere("case")
    return found_case


@record(router, "/records/material/{which}", before="/material/{which}")
def items(visit: Visit, which: UUID, page: int) -> RecordPage:
    """Show all items filed in the case, with the decisions about them."""
    row = _case(visit, which)
    listed = listing.template_values(visit, ListMaterial, page, case=str(which))
    ids = [one.row for table in listed["tables"] for one in table.rows]
    shared = "+".join(str(item.item) for item in ids if item.kind in SHARED)
    with visit.reading_with_access_log() as db:
        material = unused.list_material(db, visit.reader, which)
        made = view.all_schedules(db, visit.reader, which)
    undecided = sum(item.waits for item in material)
    acts = Acts(visit.reader, f"/records/material/{which}")
    acts.own("schedule", "Make a schedule")
    bundle = f"/list/material-bundle?case={row.number}"
    acts.page_of("Read and print the bundle for the prosecutor", bundle)
    acts.add("material reveal", case=which)
    acts.page_of(
        "Show the disclosure officer's report (MG6E)", f"/list/material-report?case={which}"
    )
    if shared:
        acts.page_of("Disclose items", f"/disclose?of={shared}")
    trials = dict.fromkeys(one.trial for one in made)
    return RecordPage(
        f"Material of case {row.number}",
        f"{undecided} not decided" if undecided else "All decided",
        "orange" if undecided else "green",
        ("/rights/schedules", "The material of all cases"),
        acts,
        {
            "Decided": f"{len(material) - undecided} of {len(material)}; "
            "the others are on no schedule"
            if undecided
            else "",
            "Trials": clip(", ".join(trials)) if trials else "",
            "Team": clip(row.team, 30),
        },
        steps=[Step(one.at, f"{one.form} for trial {one.trial}", one.by) for one in made[::-1]],
        part="site/rows.html",
        wide=True,
        values=dict(row=row, forms=FORMS, **listed),
    )


@router.post("/records/material/{case}/schedule")
def schedule(
    visit: Sending,
    case: UUID,
    form: Annotated[ScheduleForm, Form()],
    trial: Annotated[str, Form(max_length=200)] = "",
) -> Response:
    """Make a disclosure schedule, or its continuation. If no item was added since, return the same
    schedule again.
    """
    row = _case(visit, case)
    with visit.reading_with_access_log() as db:
        made = unused.schedule(visit.desk, db, visit.reader, case, trial, form)
    return visit.page("records/schedule.html", row=row, made=made, title=FORMS[form])
