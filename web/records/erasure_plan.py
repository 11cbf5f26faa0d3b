"""The plan of an erasure: which items it would change, the texts that the user replaces, and the
form that proposes the erasure. The plan for a single item is on the page of its retention
review, beside the alternatives to an erasure.

The file is long because the preview and the proposal share their state.
"""

from collections.abc import Collection, Iterator, Sequence
from datetime import datetime
from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Form
from fastapi.responses import Response

from access.who_may import scope
from commands.erasure import erasure
from commands.erasure.erasure_plan import Plan
from commands.kernel import entity
from commands.kernel.display_names import kind_name
from commands.kernel.event_contents import texts
from commands.people_and_teams.confirming import describe_confirmers
from domain import forms
from domain.data_protection.erasure import Basis, Redaction
from domain.kernel.values import Denied, Hidden, Refused
from projections import all_views
from projections.information import queue
from projections.intelligence import people
from projections.kernel.database import Db
from questions.data_protection.erasure_names import named_items
from web.records import record_page
from web.records.erasing import MOST, NAMED, PAGE, counts, linked, ordered
from web.records.record_page import RecordPage, Tone, record
from web.site import form_again, labels
from web.site.field_parsing import resolve_item as item_of
from web.site.naming import display_names
from web.site.object_acts import Acts
from web.site.paging import paged
from web.site.rendering import words as shown_words
from web.site.request_context import Looking, NotThere, Sending, Visit, typed

router = APIRouter()
Text = Annotated[str, Form(max_length=500_000)]
#: The choices for a text that names other people besides the subject.
CHOICES = {
    "": "Not decided yet",
    "write": "Replace the text with the new text",
    "destroy": "Erase the whole text",
    "another": "Keep the text: it names another person",
}
#: The alternatives to erasing an item, by the last part of the address of their form.
INSTEAD = {
    "hold": "Place a legal hold",
    "restrict": "Restrict the item: no ordinary use until the restriction is lifted",
}


@router.get("/erasures/new")
def look(visit: Looking, of: str = "") -> Response:
    """Show the plan of an erasure; nothing is written. For a single item, redirect to its retention
    review."""
    subjects = _subjects(visit, of)
    if isinstance(subjects, Response):
        return subjects
    if len(subjects) == 1:
        return visit.go(f"/records/retention/{subjects[0]}")
    return record_page.show(visit, _plan(visit, subjects, _written(visit)))


@router.post("/erasures/new")
def look_again(
    visit: Sending, of: Text = "", page: Annotated[int, Form()] = 1, basis: Text = ""
) -> Response:
    """Show the plan with the replacement texts that the user typed. They are in the page only and
    are not stored."""
    return _planned(visit, of, page, basis)


def _planned(visit: Visit, of: str, page: int = 1, basis: str = "", status: int = 200) -> Response:
    subjects = _subjects(visit, of)
    if isinstance(subjects, Response):
        return subjects
    found_page = _plan(visit, subjects, _written(visit), page, basis)
    return record_page.show(visit, found_page, status)


def _subjects(visit: Visit, of: str) -> list[UUID] | Response:
    """Return the items that the typed lines name. If a line is ambiguous, return the page that asks
    which item is meant."""
    if not visit.may_ever("erase"):
        raise NotThere("page")
    lines = [line.strip() for line in of.splitlines() if line.strip()]
    if not lines:
        raise Refused("name the subject: a name, an id or a case's number")
    subjects = []
    for line in lines:
        try:
            subjects.append(subject(visit, line))
        except (Refused, Hidden) as unclear:
            return _unclear(visit, of, line, unclear)
    return subjects


@record(router, "/records/retention/{which}")
def review(visit: Visit, which: UUID, page: int) -> RecordPage:
    """Show what an erasure of one item would change, and the alternatives to it: a hold or a
    restriction."""
    if not visit.may_ever("erase"):
        raise NotThere("page")
    try:
        item = subject(visit, str(which))
    except (Refused, Hidden) as unclear:
        raise NotThere("item") from unclear
    try:
        return _plan(visit, [item], (), page)
    except Hidden as hidden:
        raise NotThere("item") from hidden


def _plan(
    visit: Visit,
    subjects: Sequence[UUID],
    written: Collection[Redaction],
    page: int = 1,
    basis: str = "",
) -> RecordPage:
    """Return the page that shows the plan of an erasure before the erasure is proposed."""
    plan = erasure.plan(visit.desk, visit.reader, subjects, written)
    page_items, turns = paged(ordered(plan.items), page, PAGE)
    kinds = {item.id: item.kind for item in plan.items}
    needed_by_place = {(one.id, one.item): (one.kind, one.why) for one in plan.needed}
    needed_by_place |= {
        (redaction.id, redaction.item): (kinds.get(redaction.id, "text"), "")
        for redaction in written
    }
    with visit.reading() as db:
        ends = [end for one in plan.regraded for end in (one.a, one.b)]
        others = [
            *plan.perhaps[:MOST],
            *(stay.id for stay in plan.stays),
            *(item for item, _ in needed_by_place),
        ]
        named = display_names(db, visit, [*plan.subjects, *others, *ends])
        names = named_items(visit.desk, db, visit.reader, page_items)
        present = _texts(db, visit, list(needed_by_place))
    called = [named.get(item, kind_name("record")) for item in plan.subjects[:NAMED]]
    more = len(plan.subjects) - len(called)
    status, tone = _outlook(plan)
    return RecordPage(
        f"Erasure of {', '.join(called)}{f' and {more} more' if more else ''}: preview",
        status,
        tone,
        ("/rights/retention", "All retention reviews"),
        _instead(visit, plan.subjects),
        {},
        list(_outlook_why(plan)),
        part="records/erasure_new.html",
        values=dict(
            plan=plan,
            counts=counts(plan.items),
            items=page_items,
            named=named,
            names=names,
            shown=linked(visit, page_items),
            exported=_exported(visit, plan.exports),
            kind_name=kind_name,
            asked=needed_by_place,
            present=present,
            written={(redaction.id, redaction.item): redaction for redaction in written},
            choices=CHOICES,
            basis=basis,
            views=len(all_views.VIEWS),
            most=MOST,
            **turns,
        ),
    )


def _instead(visit: Visit, subjects: Sequence[UUID]) -> Acts:
    """Return the actions that keep or restrict an item in place of an erasure. For several items
    there are none."""
    acts = Acts(visit.reader, f"/records/retention/{subjects[0]}")
    if len(subjects) == 1:
        for key, title in INSTEAD.items():
            acts.own(key, title)
        for name in ("restriction request", "restriction refuse"):
            acts.add(name, item=subjects[0])
    return acts


def _outlook(plan: Plan) -> tuple[str, Tone]:
    if plan.refused:
        return "Erasure not possible", "red"
    if plan.needed:
        return "Texts wait for your redaction", "orange"
    return "Erasure not proposed yet", "blue"


def _outlook_why(plan: Plan) -> Iterator[str]:
    """Yield sentences about what prevents the erasure, about texts that the user must decide about
    first, and about items that a legal hold protects."""
    yield "This preview changes nothing."
    yield from map(shown_words, plan.refused)
    if many := len(plan.needed):
        yield (
            f"Texts that name the subject and also have other facts: {many}. Decide about each "
            "text below; then you can propose the erasure."
        )
    if many := len(plan.held):
        verb = "it is" if many == 1 else "they are"
        yield (
            f"Legal hold: it reaches {many} of these, so {verb} kept and restricted, not destroyed."
        )


def _exported(visit: Visit, exports: Collection[UUID]) -> list[datetime]:
    """Return the times at which these exports were made, the newest first."""
    logs = visit.desk.logs.values()
    made = [fact.recorded for export in exports for log in logs for fact in log.history(export)[:1]]
    return sorted(made, reverse=True)


def _unclear(visit: Visit, of: str, line: str, why: Exception) -> Response:
    """Return the page that asks which item is meant, because a typed line names no item or
    several."""
    with visit.reading() as db:
        group = people.clusters(db, visit.reader)
        found_items = {
            group.get(item, item)
            for item in people.find_by_exact_name(db, visit.reader, forms.name(line))
        }
        entities = people.entities(db, visit.reader, found_items)
    return visit.page(
        "records/erasure_which.html",
        status=422,
        of=of,
        line=line,
        why=str(why),
        found=[entities[item] for item in sorted(entities)],
    )


def subject(visit: Visit, text: str) -> UUID:
    """Return the id of the item that the text names: an item that the reader sees, a source or a
    file given by its whole id, or the only person with this name. Raises Refused."""
    try:
        return item_of(visit, text)
    except Refused:
        found_item = erasure.subject(visit.desk, visit.reader, text)
        return found_item or entity.find(visit.desk, visit.reader, text)[0]


def _written(visit: Visit) -> list[Redaction]:
    """Return the user's decisions about texts, from the form's fields with names like
    `do-ID-ITEM`."""
    redactions = []
    for name, do in visit.given.items():
        kind, _, place = name.partition("-")
        if kind != "do" or do not in CHOICES or not do:
            continue
        item_text, _, number = place.partition(".")
        words = visit.given.get(f"words-{place}", "").replace("\r\n", "\n")
        redactions.append(
            Redaction(
                _id(item_text),
                int(number) if number.isdecimal() else None,
                words if do == "write" else None,
                another=do == "another",
            )
        )
    return redactions


def _id(text: str) -> UUID:
    try:
        return UUID(text)
    except ValueError as error:
        raise Refused("the form was changed while it was sent: open the page again") from error


def _texts(
    db: Db, visit: Visit, places: Collection[tuple[UUID, int | None]]
) -> dict[tuple[UUID, int | None], str]:
    """Return the present texts of those items in `places` that this reader may see. A place, the
    key of a text, is the item's id and the number of the text in the item; None stands for all its
    texts."""
    seen = scope.visible_items(db, visit.reader, [item_id for item_id, _ in places])
    words = {row.observation: row.words for row in queue.of(db, visit.reader, seen)}
    text_by_place = {}
    for item_id, item in places:
        if item_id in words:
            text_by_place[item_id, item] = words[item_id]
        elif item_id in seen:
            item_texts = [
                text
                for fact in visit.desk.logs["evidence"].history(item_id)
                if not fact.erased
                for number, text in texts(fact.event)
                if number == item
            ]
            text_by_place[item_id, item] = (
                item_texts[-1] if item is not None and item_texts else "\n".join(item_texts)
            )
    return text_by_place


@router.post("/erasures")
def propose(
    visit: Sending, command_id: Annotated[UUID, Form()], of: Text = "", basis: Text = ""
) -> Response:
    """Propose the plan; nothing changes before a second person approves."""
    try:
        if basis not in labels.ERASED_ON:
            raise Refused("choose the lawful basis of the erasure", field="basis")
        visit.prove()
        legal: Basis = next(code for code in labels.ERASED_ON if code == basis)
        receipt, _ = erasure.propose(
            visit.desk,
            visit.reader,
            [subject(visit, line) for line in of.splitlines() if line.strip()],
            legal,
            _written(visit),
            command_id=command_id,
        )
    except erasure.TextsNeeded:
        return _planned(visit, of, basis=basis, status=422)
    except Denied:
        raise
    # the previewed plan has no address of its own, so the page of the plan is shown again with the
    # error
    except Refused as refused:
        errors = form_again.errors_of(refused, visit.given)
        with form_again.given_back("/erasures", typed(visit.request), errors):
            return _planned(visit, of, basis=basis, status=422)
    message = "Erasure proposed. Nothing is erased before another person approves it."
    message = f"{message} {describe_confirmers(visit.desk, receipt) or ''}".strip()
    return visit.go(f"/records/erasures/{receipt.id}", message)
