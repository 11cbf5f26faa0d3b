"""Screens of erasures: the list, a second person's decision, the certificate. A person proposes the
plan (`web.records.erasure_plan`); another person approves exactly that plan.

The file is long because the routes of one screen share their state.
"""

from collections.abc import Collection, Iterator
from datetime import datetime
from typing import get_args
from urllib.parse import quote
from uuid import UUID

from fastapi import APIRouter
from fastapi.responses import Response
from markupsafe import Markup

from access.who_may import scope
from commands.erasure import erasure
from domain.data_protection import erasure_told
from domain.data_protection.erasure import Fate, Planned
from domain.forms.local import format_day, format_moment
from projections.data_protection import erasures
from projections.kernel.database import Db
from questions.data_protection.certificate import certified
from questions.data_protection.erasure_names import OPEN, NamedItem, named_items
from usecases.kernel.certificate import ShowCertificate
from web.made import tab_pages
from web.made.tab_pages import Values
from web.records.record_page import Button, RecordPage, Step, Tone, record
from web.site import labels
from web.site.object_acts import Acts
from web.site.paging import paged
from web.site.rendering import clip
from web.site.request_context import Looking, NotThere, Sending, Visit

router = APIRouter()
PAGE = 60
#: The largest number of subjects, and of texts that may name a subject, on a page.
MOST = 40
#: The largest number of subjects that the heading of an erasure names.
NAMED = 3
#: The words and the colour for each state of an erasure before its certificate.
STATES: dict[str, tuple[str, Tone]] = {
    "proposed": ("Waits for a second person", "orange"),
    "approved": ("Approved, not finished", "orange"),
    "cleared": ("Keys destroyed", "orange"),
    "refused": ("Refused", "blue"),
    "certified": ("Certified", "green"),
}
#: Lines of a certificate that are left out, because the page's status band and timeline show them
#: already.
IN_BAND = ("Erasure", "Outcome", "Proposed", "Approved", "Certified")
#: Kinds of items that have a page of their own under /items.
SHOWN = frozenset(
    {"observation", "report", "link", "person", "case", "exhibit", "statement"}
    | {"vehicle", "phone", "place", "handle", "incident", "recorded-interview"}
    | {"arrest", "charge", "notice", "result"}
)


@tab_pages.tab(router, "/rights/erasures", "records/erasures.html", before="/erasures")
def listing(visit: Looking, page: int = 1) -> Values:
    """Show the form that plans an erasure, and all erasures: the open ones first, and newer
    erasures before older ones.
    """
    with visit.reading() as db:
        rows = erasures.list_erasures(db, visit.reader)
    rows.sort(key=lambda row: (row.state not in ("proposed", "approved"), -row.seq))
    page_rows, turns = paged(rows, page, PAGE)
    with visit.reading() as db:
        subjects = _subjects_of(visit, db, page_rows)
    return dict(rows=page_rows, subjects=subjects, **turns)


def _subjects_of(
    visit: Visit, db: Db, rows: Collection[erasures.ErasureRow]
) -> dict[UUID, list[NamedItem]]:
    """Return for each open erasure in `rows` the first items that it would erase, with names that
    this reader may see."""
    found_items: dict[UUID, list[NamedItem]] = {}
    for row in [row for row in rows if row.state in OPEN][:MOST]:
        progress = erasure.progress(visit.desk, row.erasure)
        items = [item for item in progress.items if item.id in progress.subjects[:NAMED]]
        names = named_items(visit.desk, db, visit.reader, items, progress)
        found_items[row.erasure] = list(names.values())
    return found_items


def to_approve(visit: Visit, db: Db) -> list[tuple[erasures.ErasureRow, list[NamedItem]]]:
    """Return the erasures that wait for this reader's approval, each with its first subjects."""
    if not visit.may_ever("approve-erasure"):
        return []
    own = visit.reader.name.casefold()
    rows = [
        row
        for row in erasures.list_erasures(db, visit.reader)
        if row.state == "proposed" and row.proposed_by.casefold() != own
    ]
    subjects = _subjects_of(visit, db, rows)
    return [(row, subjects[row.erasure]) for row in rows if row.erasure in subjects]


def ordered(items: Collection[Planned]) -> list[Planned]:
    """Return the items in the plan of an erasure in the order in which the page lists them: the
    items that will be erased come first."""
    fates = get_args(Fate)
    return sorted(items, key=lambda one: (fates.index(one.fate), one.kind, one.id))


def counts(items: Collection[Planned]) -> list[tuple[str, int]]:
    fate_counts = [(fate, sum(item.fate == fate for item in items)) for fate in get_args(Fate)]
    return [(fate, number) for fate, number in fate_counts if number]


def linked(visit: Visit, items: Collection[Planned]) -> set[UUID]:
    """Return which of the planned `items` have a page that this reader may open."""
    with visit.reading() as db:
        return scope.visible_items(
            db, visit.reader, [item.id for item in items if item.kind in SHOWN]
        )


def _row(visit: Visit, which: UUID) -> erasures.ErasureRow:
    with visit.reading() as db:
        rows = [row for row in erasures.list_erasures(db, visit.reader) if row.erasure == which]
    if not rows:
        raise NotThere("erasure")
    return rows[0]


@record(router, "/records/erasures/{which}", before="/erasures/{which}")
def show(visit: Visit, which: UUID, page: int) -> RecordPage:
    """Show one erasure: its items, the people who decided about it, and its certificate."""
    row = _row(visit, which)
    progress = erasure.progress(visit.desk, which)
    page_items, turns = paged(ordered(progress.items), page, PAGE)
    first = progress.subjects[:NAMED]
    subjects = [item for item in progress.items if item.id in first]
    with visit.reading() as db:
        names = named_items(visit.desk, db, visit.reader, [*subjects, *page_items], progress)
    facts = certified(visit.desk, which)
    called = ", ".join(names[item.id].name for item in subjects)
    if more := row.subjects - len(subjects):
        called += f" and {more} more"
    mine = progress.proposed_by.casefold() == visit.reader.name.casefold()
    status, tone = STATES["cleared" if progress.cleared else progress.state]
    if progress.state == "certified":
        status = erasure_told.CERTIFIED[progress.outcome]
        tone = "orange" if progress.outcome == "only restricted" else "green"
    return RecordPage(
        f"Erasure of {called}"
        if progress.state in OPEN
        else f"Erasure proposed on {format_day(row.proposed)}",
        status,
        tone,
        ("/rights/erasures", "All erasures"),
        Acts(visit.reader, f"/records/erasures/{which}"),
        {
            "Subject": clip(called, 300),
            **(
                {fact.what: clip(fact.said, 600) for fact in facts if fact.what not in IN_BAND}
                or {"Basis": labels.ERASED_ON[progress.basis]}
            ),
        },
        list(_why(visit, progress, mine=mine)),
        _steps(row),
        _buttons(visit, progress, mine=mine),
        "records/erasure.html",
        prints=progress.certificate is not None,
        values=dict(
            row=row,
            counts=counts(progress.items),
            items=page_items,
            names=names,
            shown=linked(visit, page_items),
            certificate=bool(facts) and any(map(visit.may_ever, ShowCertificate.named.printed)),
            **turns,
        ),
    )


def _why(visit: Visit, done: erasure.Progress, *, mine: bool) -> Iterator[str]:
    """Yield sentences about the state of an erasure: which data are erased or restricted, which
    person acts next, and which data a legal hold keeps."""
    match done.state:
        case "certified":
            if done.outcome != "only restricted":
                yield "The items below are erased permanently, from every view."
            if done.outcome != "erased":
                yield "Restricted items stay restricted, and the restriction can be lifted."
        case "refused":
            yield "Nothing was changed."
        case "approved" if done.cleared:
            yield f"{_keys_destroyed(done.cleared)} No page shows the erased items."
            making = visit.system.views.progress()
            far = f": {making.percent} %" if making else ""
            yield f"The lists are being made again{far}. Then the erasure is certified."
        case "approved":
            yield "The erasure was interrupted: finish it. Completed steps are not repeated."
        case _ if mine:
            yield "You proposed this erasure, so another person approves or refuses it."
            yield "Nothing is changed yet."
        case _:
            proposer = clip(done.proposed_by, 40)
            yield Markup("{} proposes it. Nothing is changed unless you approve it.").format(
                proposer
            )
    if done.held_back:
        yield f"Kept by a legal hold: {erasure_told.describe_held_back(len(done.held_back))}."


def _keys_destroyed(at: datetime) -> str:
    """Return the sentence that says when an erasure destroyed the keys."""
    return f"Keys destroyed: {format_moment(at)}."


def _steps(row: erasures.ErasureRow) -> list[Step]:
    """Return the steps of an erasure, the latest first: who proposed it, decided about it and
    certified it.
    """
    steps = [Step(row.proposed, "Proposed", row.proposed_by)]
    if row.decided:
        decided = "Refused" if row.state == "refused" else "Approved"
        steps.append(Step(row.decided, decided, row.decided_by or ""))
    if row.certified:
        steps.append(Step(row.certified, "Certified", row.decided_by or ""))
    return steps[::-1]


def _buttons(visit: Visit, done: erasure.Progress, *, mine: bool) -> list[Button]:
    """Return the buttons for the next step of an erasure: to decide as the second person, to finish
    an interrupted erasure, or to open the certificate."""
    at, buttons = f"/records/erasures/{done.id}", []
    if done.certificate:
        buttons.append(Button("Download the certificate", f"{at}/certificate", kind=""))
    if done.state == "proposed" and not mine:
        if visit.may_ever("approve-erasure"):
            buttons.append(Button("Approve the erasure", action=f"{at}/approve", kind="warning"))
        buttons.append(Button("Refuse the erasure", action=f"{at}/refuse"))
    if done.cleared:
        buttons.append(Button("Check again", at))
    elif done.state == "approved":
        buttons.append(Button("Finish the erasure", action=f"{at}/finish", kind="warning"))
    previews = done.state in ("proposed", "refused") and visit.may_ever("erase")
    if previews and len(done.subjects) == 1:
        now = f"/records/retention/{done.subjects[0]}"
        buttons.append(Button("Preview the erasure as of now", now))
    return buttons


@router.post("/records/erasures/{which}/approve")
def approve(visit: Sending, which: UUID) -> Response:
    """Approve an erasure as a second person; the erasure is carried out at once."""
    _row(visit, which)
    visit.prove()
    progress = erasure.approve(visit.desk, visit.reader, which, visit.system)
    return visit.go(f"/records/erasures/{which}", _result(progress))


@router.post("/records/erasures/{which}/refuse")
def refuse(visit: Sending, which: UUID) -> Response:
    """Refuse an erasure as a second person; nothing changes."""
    _row(visit, which)
    visit.prove()
    erasure.refuse(visit.desk, visit.reader, which)
    return visit.go(f"/records/erasures/{which}", "Erasure refused. Nothing was changed.")


@router.post("/records/erasures/{which}/finish")
def finish(visit: Sending, which: UUID) -> Response:
    """Finish an approved erasure that was interrupted."""
    _row(visit, which)
    visit.prove()
    progress = erasure.carry_out(visit.desk, visit.reader, which, visit.system)
    return visit.go(f"/records/erasures/{which}", _result(progress))


def _result(done: erasure.Progress) -> str:
    """Return the message after an approval: the result, or what is done so far and what follows."""
    if done.cleared:
        return f"{_keys_destroyed(done.cleared)} The lists are being rebuilt."
    return f"{erasure_told.CERTIFIED[done.outcome]}."


@router.get("/erasures/{which}/certificate")
def former_certificate(visit: Looking, which: str) -> Response:
    """Redirect a former address to the certificate."""
    return visit.lead(f"/records/erasures/{quote(which, safe='')}/certificate")


@router.get("/records/erasures/{which}/certificate")
def certificate(visit: Looking, which: UUID) -> Response:
    """Return the certificate of an erasure as a file. The certificate says which data were erased
    and by whom, and repeats none of the erased contents.
    """
    _row(visit, which)
    lines = certified(visit.desk, which)
    if not lines:
        raise NotThere("certificate")
    text = "".join(f"{line}\n" for line in lines)
    visit.consulted(text.encode())
    name = f'attachment; filename="certificate-{str(which)[-8:]}.txt"'
    return Response(
        text, media_type="text/plain; charset=utf-8", headers={"Content-Disposition": name}
    )
