"""Screens of subjects' requests: deadlines, the items one by one, the answer; and a team's
decisions about its part of another's request."""

from typing import Annotated, Literal, get_args
from uuid import UUID

from fastapi import APIRouter, Form
from fastapi.responses import Response

from commands.data_protection import subject_request
from commands.data_protection.subject_search import CASE
from commands.kernel import entity
from commands.kernel.display_names import kind_name
from domain.data_protection.subject_request import (
    EXEMPTIONS,
    Decision,
    Exemption,
    RequestItemDecided,
)
from projections.data_protection import requests
from projections.intelligence import people
from web.records.disclosing import handed_over
from web.site.field_parsing import format_typed, moment
from web.site.naming import display_names
from web.site.paging import paged
from web.site.request_context import Looking, NotThere, Sending, Visit

router = APIRouter()
PAGE = 20
DECISIONS = {one: one.capitalize() for one in get_args(Decision)}
#: Why a record is the subject's, and the law under which it is held.
WHYS = {"an id": "about them", "a name": "names them", CASE: "in their case"}
LAWS = {"uk-gdpr": "UK GDPR", "part-3": "DPA 2018, part 3"}
Text = Annotated[str, Form(max_length=20_000)]


@router.post("/requests")
def receive(
    visit: Sending,
    command_id: Annotated[UUID, Form()],
    subject: Text = "",
    requester: Text = "",
    received: Annotated[str, Form()] = "",
) -> Response:
    """Record a request; its answer is due in a month."""
    who, _ = entity.find(visit.desk, visit.reader, subject.strip())
    receipt = subject_request.receive(
        visit.desk,
        visit.reader,
        who,
        requester,
        moment(received, today=visit.today) or visit.now,
        command_id=command_id,
    )
    return visit.go(f"/requests/{receipt.id}", "The request is open.")


def _row(visit: Visit, which: UUID) -> requests.RequestRow:
    with visit.reading_with_access_log() as db:
        found = [row for row in requests.list_requests(db, visit.reader) if row.id == which]
    if not found:
        raise NotThere("request")
    return found[0]


def _part(visit: Visit, which: UUID) -> requests.PartOpen | None:
    """Return the part of this request that the reader's team has to decide, if another team answers
    it. Raises NotThere for a reader of neither team."""
    with visit.reading_with_access_log() as db:
        if any(row.id == which for row in requests.list_requests(db, visit.reader)):
            return None
        found = [row for row in requests.parts(db, visit.reader, visit.now) if row.id == which]
    if not found or not visit.may_ever("answer-subject"):
        raise NotThere("request")
    return found[0]


@router.get("/requests/{which}")
def show(visit: Looking, which: UUID, page: int = 1) -> Response:
    """Show everything held about the subject, with proposals: a person decides each. Of another
    team's request show what the reader's own team holds."""
    part = _part(visit, which)
    row = None if part else _row(visit, which)
    with visit.reading() as db:
        held = subject_request.list_records(visit.desk, db, visit.reader, which)
        known = people.entities(db, visit.reader, [row.subject]) if row else {}
        some, turns = paged(held, page, PAGE)
        named = display_names(db, visit, [one.item for one in some])
    state = subject_request.read_request(visit.desk, which)
    return visit.page(
        "records/request.html",
        row=row,
        part=part,
        which=which,
        subject=known.get(row.subject) if row else None,
        rows=some,
        named=named,
        kind_name=kind_name,
        whys=WHYS,
        laws=LAWS,
        decided=state.decided,
        left=sum(one.item not in state.decided for one in held),
        decisions=DECISIONS,
        exemptions={"": "none"} | EXEMPTIONS,
        **turns,
    )


@router.post("/requests/{which}/decide")
def decide(
    visit: Sending,
    which: UUID,
    command_id: Annotated[UUID, Form()],
    item: Annotated[UUID, Form()],
    decision: Annotated[Decision, Form()],
    exemption: Annotated[Literal[""] | Exemption, Form()] = "",
    reason: Text = "",
    text: Annotated[str, Form(max_length=500_000)] = "",
) -> Response:
    """Give, redact or withhold one item; the source is never given."""
    _part(visit, which)
    decided = RequestItemDecided(
        item,
        decision,
        exemption or None,
        format_typed(reason),
        None if decision == "withhold" else text.replace("\r\n", "\n"),
    )
    subject_request.decide(visit.desk, visit.reader, which, decided, command_id=command_id)
    return visit.go(f"/requests/{which}#item-{item}", "Decided.")


@router.post("/requests/{which}/answer")
def answer(visit: Sending, which: UUID) -> Response:
    """Release the answer once every item has a decision; it is recorded as a disclosure."""
    row = _row(visit, which)
    visit.prove()
    with visit.reading() as db:
        _, document = subject_request.answer(visit.desk, db, visit.reader, which, row.requester)
    return handed_over(visit, document)
