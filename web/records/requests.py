"""Screens of people's requests for their own data: the deadlines, the items with a decision about
each, and the answer. If another team answers a request, a team decides here about its own items."""

from collections.abc import Iterator
from typing import Annotated, Literal, get_args
from uuid import UUID

from fastapi import APIRouter, Form
from fastapi.responses import Response
from markupsafe import Markup

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
from domain.kernel.codes import AskedBack
from projections.data_protection import requests
from projections.intelligence import people
from web.made.tab_pages import Values
from web.records.disclosing import handed_over
from web.records.record_page import Button, RecordPage, Tone, record, steps_of
from web.site.field_parsing import format_typed, moment
from web.site.naming import display_names
from web.site.object_acts import Acts
from web.site.paging import paged
from web.site.rendering import clip, day, stamp
from web.site.request_context import NotThere, Sending, Visit

router = APIRouter()
PAGE = 20
DECISIONS = {argument: argument.capitalize() for argument in get_args(Decision)}
#: Words for the reason why a record belongs to the subject (`WHYS`), and for the law under which a
#: record is held (`LAWS`).
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
    """Record a subject's request; the answer is due in a month."""
    who, _ = entity.find(visit.desk, visit.reader, subject.strip())
    receipt = subject_request.receive(
        visit.desk,
        visit.reader,
        who,
        requester,
        moment(received, today=visit.today) or visit.now,
        command_id=command_id,
    )
    return visit.go(f"/records/requests/{receipt.id}", "The access request is open.")


def _row(visit: Visit, which: UUID) -> requests.RequestRow:
    with visit.reading_with_access_log() as db:
        rows = [row for row in requests.list_requests(db, visit.reader) if row.id == which]
    if not rows:
        raise NotThere("request")
    return rows[0]


def _part(visit: Visit, which: UUID) -> requests.PartOpen | None:
    """Return the part of an access request about which the reader's team has to decide, if another
    team answers the request. Return None if the reader's own team answers it. Raises NotThere
    for readers of other teams."""
    with visit.reading_with_access_log() as db:
        if any(row.id == which for row in requests.list_requests(db, visit.reader)):
            return None
        rows = [row for row in requests.parts(db, visit.reader, visit.now) if row.id == which]
    if not rows or not visit.may_ever("answer-subject"):
        raise NotThere("request")
    return rows[0]


@record(router, "/records/requests/{which}", before="/requests/{which}")
def show(visit: Visit, which: UUID, page: int) -> RecordPage:
    """Show the items that are held about the subject of a request, each with a proposed decision.
    If another team answers the request, show only the items of the reader's own team."""
    part = _part(visit, which)
    row = None if part else _row(visit, which)
    with visit.reading() as db:
        records = subject_request.list_records(visit.desk, db, visit.reader, which)
        entities = people.entities(db, visit.reader, [row.subject]) if row else {}
        page_records, turns = paged(records, page, PAGE)
        named = display_names(db, visit, [page_record.item for page_record in page_records])
    state = subject_request.read_request(visit.desk, which)
    left = sum(page_record.item not in state.decided for page_record in records)
    values: Values = dict(
        may_decide=part is not None or (row is not None and not row.answered),
        which=which,
        rows=page_records,
        named=named,
        kind_name=kind_name,
        whys=WHYS,
        laws=LAWS,
        decided=state.decided,
        decisions=DECISIONS,
        exemptions={"": "none"} | EXEMPTIONS,
        **turns,
    )
    if row is None:
        assert part is not None  # noqa: S101 (if there is no request, there is a part of one)
        return _part_page(visit, part, left, values)
    subject = entities.get(row.subject)
    return _page(visit, row, subject.label if subject else "", left, values)


def _part_page(visit: Visit, part: requests.PartOpen, left: int, values: Values) -> RecordPage:
    """Return the page on which a team decides about its own items, for an access request that
    another team answers."""
    acts = Acts(visit.reader, f"/records/requests/{part.id}")
    if not left:
        acts.add("request complete", request=part.id)
    status = "Clock stopped" if part.stopped else "Overdue" if part.overdue else "Open"
    return RecordPage(
        "Your team's part of an access request",
        status,
        "orange" if part.overdue else "blue",
        ("/list/request-parts", "All access requests of your team"),
        acts,
        {"Due": "" if part.stopped else stamp(part.due), "To decide": str(left)},
        [
            Markup(
                "A person requested the data that are held about them. This page lists the items "
                "of {}. Another team answers the person."
            ).format(clip(part.team, 40))
        ],
        part="records/request.html",
        values=values,
    )


def _page(
    visit: Visit, row: requests.RequestRow, subject: str, left: int, values: Values
) -> RecordPage:
    """Return the page of a person's request for their own data, as the officer who answers it sees
    it."""
    late = row.late(visit.now)
    acts = Acts(visit.reader, f"/records/requests/{row.id}")
    if not row.answered:
        if not row.extended and not late:
            acts.add("request extend", request=row.id)
        if len(row.asking) < 2:
            left_to_ask = [
                argument for argument in get_args(AskedBack) if argument not in row.asking
            ]
            kind_to_ask = left_to_ask[0] if row.asking else None
            acts.add("request ask", request=row.id, kind=kind_to_ask)
        for kind in row.asking:
            acts.add("request heard", request=row.id, kind=kind, row=kind, of=kind)
    answer = f"{acts.page}/answer"
    buttons = []
    if row.right:
        buttons.append(Button("Send the corrected answer", action=answer, kind=""))
    elif not row.answered and not left and (not row.waiting or late):
        buttons.append(Button("Answer the request", action=answer, kind=""))
    status, tone = _status(row, late=late)
    return RecordPage(
        f"Access request: {subject}" if subject else "Access request",
        status,
        tone,
        ("/list/request-list", "All access requests"),
        acts,
        {
            "Received": stamp(row.received),
            "Due": "" if row.answered or row.stopped else stamp(row.due),
            "Answered": stamp(row.answered) if row.answered else "",
            "To decide": "" if row.answered else str(left),
            "Other teams still to answer": str(row.waiting or ""),
        },
        list(_why(row, left, late=late)),
        steps_of(visit.desk.logs["access"].history(row.id), STEPS),
        buttons,
        "records/request.html",
        values=values,
    )


def _status(row: requests.RequestRow, *, late: bool) -> tuple[str, Tone]:
    if row.right:
        return "Data corrected since the answer", "orange"
    if row.answered:
        return "Answered", "green"
    if row.stopped:
        return "Clock stopped", "blue"
    return ("Overdue", "orange") if late else ("Open", "blue")


def _why(row: requests.RequestRow, left: int, *, late: bool) -> Iterator[str]:
    """Yield sentences that say which person made the request, and which steps are needed before the
    answer.
    """
    yield Markup("Requested by {}, {}.").format(clip(row.requester), stamp(row.received))
    if left and not row.answered:
        many = "1 item is" if left == 1 else f"{left} items are"
        yield f"{many} not decided. The request is answered when each item has a decision."
    if row.right:
        yield (
            f"{len(row.right)} corrected since the answer: tell the person who asked the correct "
            "information."
        )
    elif row.stopped and not row.answered:
        requested = " and ".join(row.asking)
        yield Markup(
            "The subject was asked for {} on {}; the clock is stopped until the subject answers."
        ).format(requested, day(row.stopped))
    if row.waiting and not row.answered:
        many = "1 other team has" if row.waiting == 1 else f"{row.waiting} other teams have"
        if row.in_part:
            then = Markup("The first answer was sent {}.").format(stamp(row.in_part))
        elif late:
            then = Markup("The answer is due: send the decided items now, and the rest later.")
        else:
            then = Markup("The items of the other teams are sent with those of your team.")
        yield Markup("{} still to answer. {}").format(many, then)


#: The words for each step of an access request.
STEPS = {
    "request.received": "Request received",
    "request.extended": "Deadline extended to {due:day}: {reason}",
    "request.subject_asked": "Clock stopped: the subject was asked for {what}",
    "request.subject_answered": "The subject answered: {what}",
    "request.answered_in_part": "First answer sent",
    "request.answered": "Answered",
}


@router.post("/records/requests/{which}/decide")
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
    """Record the decision to give, redact or withhold one item; the source is never given."""
    _part(visit, which)
    decided = RequestItemDecided(
        item,
        decision,
        exemption or None,
        format_typed(reason),
        None if decision == "withhold" else text.replace("\r\n", "\n"),
    )
    subject_request.decide(visit.desk, visit.reader, which, decided, command_id=command_id)
    return visit.go(f"/records/requests/{which}#item-{item}", "Decided.")


@router.post("/records/requests/{which}/answer")
def answer(visit: Sending, which: UUID) -> Response:
    """Release the answer to a request once every item has a decision. The answer is recorded as a
    disclosure.
    """
    row = _row(visit, which)
    visit.prove()
    with visit.reading() as db:
        _, document = subject_request.answer(visit.desk, db, visit.reader, which, row.requester)
    return handed_over(visit, document)
