"""Screens of an erasure: its plan, the proposal, a second person's decision, the certificate.

A person reads the whole plan, writes replacements for texts that name others, and proposes it;
another person approves exactly that.

Long because the routes of one screen share their state.
"""

from collections.abc import Collection
from datetime import datetime
from typing import Annotated, get_args
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
from domain.data_protection import erasure_told
from domain.data_protection.erasure import Basis, Fate, Planned, Redaction
from domain.kernel.values import Denied, Hidden, Refused
from projections import all_views
from projections.data_protection import erasures
from projections.information import queue
from projections.intelligence import people
from projections.kernel.database import Db
from questions.data_protection.certificate import certified
from questions.data_protection.erasure_names import OPEN, NamedItem, named_items
from usecases.kernel.certificate import ShowCertificate
from web.made import tab_pages
from web.made.tab_pages import Values
from web.site import form_again, labels
from web.site.field_parsing import resolve_item as item_of
from web.site.naming import display_names
from web.site.paging import paged
from web.site.request_context import Looking, NotThere, Sending, Visit, typed

router = APIRouter()
PAGE = 60
#: Most subjects, and texts that may name one, on a page.
MOST = 40
#: The heading of an erasure names at most so many subjects.
NAMED = 3
Text = Annotated[str, Form(max_length=500_000)]
#: Choices for a text that names the subject and others.
CHOICES = {
    "": "Not decided yet",
    "write": "Replace it with these words",
    "destroy": "Erase the whole text",
    "another": "Keep it: it names another person",
}
#: Kinds with a page of their own under /items.
SHOWN = frozenset(
    {"observation", "report", "link", "person", "case", "exhibit", "statement"}
    | {"vehicle", "phone", "place", "handle", "incident", "recorded-interview"}
    | {"arrest", "charge", "notice", "result"}
)


@tab_pages.tab(router, "/rights/erasures", "records/erasures.html", before="/erasures")
def listing(visit: Looking, page: int = 1) -> Values:
    """Show the form for a plan, and the erasures: open ones first, then the newest."""
    with visit.reading() as db:
        rows = erasures.list_erasures(db, visit.reader)
    rows.sort(key=lambda row: (row.state not in ("proposed", "approved"), -row.seq))
    some, turns = paged(rows, page, PAGE)
    with visit.reading() as db:
        subjects = _subjects_of(visit, db, some)
    return dict(rows=some, subjects=subjects, **turns)


def _subjects_of(
    visit: Visit, db: Db, rows: Collection[erasures.ErasureRow]
) -> dict[UUID, list[NamedItem]]:
    """Return the first subjects of the open erasures among these, named for this reader."""
    found: dict[UUID, list[NamedItem]] = {}
    for row in [row for row in rows if row.state in OPEN][:MOST]:
        done = erasure.progress(visit.desk, row.erasure)
        items = [item for item in done.items if item.id in done.subjects[:NAMED]]
        names = named_items(visit.desk, db, visit.reader, items, done)
        found[row.erasure] = list(names.values())
    return found


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


# --- the plan ------------------------------------------------------------------------------------


@router.get("/erasures/new")
def look(visit: Looking, of: str = "") -> Response:
    """Show the plan of an erasure; nothing is written."""
    return _plan(visit, of)


@router.post("/erasures/new")
def look_again(
    visit: Sending, of: Text = "", page: Annotated[int, Form()] = 1, basis: Text = ""
) -> Response:
    """Show the plan with the replacements that were typed; they are only in the page."""
    return _plan(visit, of, page, basis)


def _plan(visit: Visit, of: str, page: int = 1, basis: str = "", status: int = 200) -> Response:
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
    written = _written(visit)
    plan = erasure.plan(visit.desk, visit.reader, subjects, written)
    return _shown(visit, plan, written, page, basis, status)


def _shown(
    visit: Visit,
    plan: Plan,
    written: Collection[Redaction],
    page: int,
    basis: str,
    status: int = 200,
) -> Response:
    some, turns = paged(_ordered(plan.items), page, PAGE)
    kinds = {item.id: item.kind for item in plan.items}
    asked = {(one.id, one.item): (one.kind, one.why) for one in plan.needed}
    asked |= {(one.id, one.item): (kinds.get(one.id, "text"), "") for one in written}
    with visit.reading() as db:
        ends = [end for one in plan.regraded for end in (one.a, one.b)]
        others = [*plan.perhaps[:MOST], *(one.id for one in plan.stays), *(one for one, _ in asked)]
        named = display_names(db, visit, [*plan.subjects, *others, *ends])
        names = named_items(visit.desk, db, visit.reader, some)
        stands = _texts(db, visit, list(asked))
    return visit.page(
        "records/erasure_new.html",
        status=status,
        plan=plan,
        counts=_counts(plan.items),
        items=some,
        named=named,
        names=names,
        shown=_linked(visit, some),
        exported=_exported(visit, plan.exports),
        kind_name=kind_name,
        asked=asked,
        stands=stands,
        written={(one.id, one.item): one for one in written},
        choices=CHOICES,
        basis=basis,
        views=len(all_views.VIEWS),
        most=MOST,
        **turns,
    )


def _exported(visit: Visit, exports: Collection[UUID]) -> list[datetime]:
    """Return when each of these exports was made, the newest first."""
    logs = visit.desk.logs.values()
    made = [fact.recorded for one in exports for log in logs for fact in log.history(one)[:1]]
    return sorted(made, reverse=True)


def _unclear(visit: Visit, of: str, line: str, why: Exception) -> Response:
    """Ask which one is meant if a name fits none or several."""
    with visit.reading() as db:
        group = people.clusters(db, visit.reader)
        found = {
            group.get(one, one)
            for one in people.find_by_exact_name(db, visit.reader, forms.name(line))
        }
        known = people.entities(db, visit.reader, found)
    return visit.page(
        "records/erasure_which.html",
        status=422,
        of=of,
        line=line,
        why=str(why),
        found=[known[one] for one in sorted(known)],
    )


def subject(visit: Visit, text: str) -> UUID:
    """Return an item that the reader sees, a source or a file by its whole id, or the only person
    of a name. Raises Refused."""
    try:
        return item_of(visit, text)
    except Refused:
        found = erasure.subject(visit.desk, visit.reader, text)
        return found or entity.find(visit.desk, visit.reader, text)[0]


def _written(visit: Visit) -> list[Redaction]:
    """Return the decisions about texts, from the page's fields `do-ID-ITEM`."""
    found = []
    for name, do in visit.given.items():
        kind, _, place = name.partition("-")
        if kind != "do" or do not in CHOICES or not do:
            continue
        one, _, number = place.partition(".")
        words = visit.given.get(f"words-{place}", "").replace("\r\n", "\n")
        found.append(
            Redaction(
                _id(one),
                int(number) if number.isdecimal() else None,
                words if do == "write" else None,
                another=do == "another",
            )
        )
    return found


def _id(text: str) -> UUID:
    try:
        return UUID(text)
    except ValueError as error:
        raise Refused("this page was changed while it was sent: open it again") from error


def _ordered(items: Collection[Planned]) -> list[Planned]:
    """Return the items, those that are erased first."""
    fates = get_args(Fate)
    return sorted(items, key=lambda one: (fates.index(one.fate), one.kind, one.id))


def _counts(items: Collection[Planned]) -> list[tuple[str, int]]:
    found = [(fate, sum(item.fate == fate for item in items)) for fate in get_args(Fate)]
    return [(fate, number) for fate, number in found if number]


def _linked(visit: Visit, items: Collection[Planned]) -> set[UUID]:
    """Return the items that have a page which this reader may open."""
    with visit.reading() as db:
        return scope.visible_items(db, visit.reader, [one.id for one in items if one.kind in SHOWN])


def _texts(
    db: Db, visit: Visit, places: Collection[tuple[UUID, int | None]]
) -> dict[tuple[UUID, int | None], str]:
    """Return the present texts that this reader may see."""
    seen = scope.visible_items(db, visit.reader, [one for one, _ in places])
    words = {row.observation: row.words for row in queue.of(db, visit.reader, seen)}
    found = {}
    for one, item in places:
        if one in words:
            found[one, item] = words[one]
        elif one in seen:
            said = [
                text
                for fact in visit.desk.logs["evidence"].history(one)
                if not fact.erased
                for number, text in texts(fact.event)
                if number == item
            ]
            found[one, item] = said[-1] if item is not None and said else "\n".join(said)
    return found


# --- two people decide ---------------------------------------------------------------------------


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
        return _plan(visit, of, basis=basis, status=422)
    except Denied:
        raise
    except Refused as refused:  # the plan that was previewed has no address
        errors = form_again.errors_of(refused, visit.given)
        with form_again.given_back("/erasures", typed(visit.request), errors):
            return _plan(visit, of, basis=basis, status=422)
    told = "Proposed. Nothing is erased before another person approves it."
    told = f"{told} {describe_confirmers(visit.desk, receipt) or ''}".strip()
    return visit.go(f"/erasures/{receipt.id}", told)


def _row(visit: Visit, which: UUID) -> erasures.ErasureRow:
    with visit.reading() as db:
        found = [row for row in erasures.list_erasures(db, visit.reader) if row.erasure == which]
    if not found:
        raise NotThere("erasure")
    return found[0]


@router.get("/erasures/{which}")
def show(visit: Looking, which: UUID, page: int = 1) -> Response:
    """Show one erasure: its items, its deciders, and its certificate."""
    row = _row(visit, which)
    done = erasure.progress(visit.desk, which)
    some, turns = paged(_ordered(done.items), page, PAGE)
    first = done.subjects[:NAMED]
    subjects = [item for item in done.items if item.id in first]
    with visit.reading() as db:
        names = named_items(visit.desk, db, visit.reader, [*subjects, *some], done)
    return visit.page(
        "records/erasure.html",
        row=row,
        done=done,
        counts=_counts(done.items),
        subjects=[names[item.id] for item in subjects],
        items=some,
        names=names,
        shown=_linked(visit, some),
        kept=erasure_told.describe_held_back(len(done.held_back)),
        certified=erasure_told.CERTIFIED[done.outcome],
        facts=certified(visit.desk, which),
        prints=any(map(visit.may_ever, ShowCertificate.named.printed)),
        mine=done.proposed_by.casefold() == visit.reader.name.casefold(),
        **turns,
    )


@router.post("/erasures/{which}/approve")
def approve(visit: Sending, which: UUID) -> Response:
    """Approve as a second person; the erasure is carried out at once."""
    _row(visit, which)
    visit.prove()
    done = erasure.approve(visit.desk, visit.reader, which, visit.system)
    return visit.go(f"/erasures/{which}", f"{erasure_told.CERTIFIED[done.outcome]}.")


@router.post("/erasures/{which}/refuse")
def refuse(visit: Sending, which: UUID) -> Response:
    """Refuse as a second person; nothing changes."""
    _row(visit, which)
    visit.prove()
    erasure.refuse(visit.desk, visit.reader, which)
    return visit.go(f"/erasures/{which}", "Refused. Nothing was changed.")


@router.post("/erasures/{which}/finish")
def finish(visit: Sending, which: UUID) -> Response:
    """Finish an approved erasure that was interrupted."""
    _row(visit, which)
    visit.prove()
    done = erasure.carry_out(visit.desk, visit.reader, which, visit.system)
    return visit.go(f"/erasures/{which}", f"{erasure_told.CERTIFIED[done.outcome]}.")


@router.get("/erasures/{which}/certificate")
def certificate(visit: Looking, which: UUID) -> Response:
    """Return the certificate as a file: what was done, by whom, without any of the erased
    contents."""
    _row(visit, which)
    told = certified(visit.desk, which)
    if not told:
        raise NotThere("certificate")
    text = "".join(f"{one}\n" for one in told)
    visit.consulted(text.encode())
    name = f'attachment; filename="certificate-{str(which)[-8:]}.txt"'
    return Response(
        text, media_type="text/plain; charset=utf-8", headers={"Content-Disposition": name}
    )
