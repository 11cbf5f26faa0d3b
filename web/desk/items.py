"""Screens of one item: its history step by step, the items that are based on it, and the actions
that the reader may do on it."""

from uuid import UUID

from fastapi import APIRouter
from fastapi.responses import Response
from msgspec import structs

from access.who_may import scope
from commands.information import photograph
from domain.forms.local import format_day
from domain.intelligence.meeting import BoardKept, Decided, ItemAdded
from domain.kernel.envelope import Recorded
from domain.kernel.values import ENTITY_KINDS
from questions.kernel import item as whole
from questions.kernel.item import Item
from web.desk import act_pages, item_acts
from web.site import labels
from web.site.known_at import NOT_YET, AskedDay, asked_day
from web.site.object_acts import Acts
from web.site.request_context import Looking, NotThere, Visit

router = APIRouter()
#: Kinds of items that are shown on the page of their meeting, if the reader may see the meeting.
AT_MEETINGS = ("decision", "board", "agenda-item")


@router.get("/items/{item}")
def show(visit: Looking, item: UUID, known: str = "", was: str = "") -> Response:
    """Show one item, as it is now or as it was at the end of a day. People and meetings have pages
    of their own.
    """
    kind = visit.require_kind(item)
    if kind in ENTITY_KINDS:
        return visit.go(f"/people/{item}")
    if kind == "meeting":
        return visit.go(f"/meetings/{item}")
    with visit.reading() as db:
        if kind in AT_MEETINGS:
            meeting = _meeting(visit.desk.logs["evidence"].history(item))
            if scope.is_item_visible(db, visit.reader, meeting):
                return visit.go(f"/meetings/{meeting}")
        day = asked_day(visit, known, was)
        arguments = (visit.desk, db, visit.reader, item)
        before = whole.shown_at(*arguments, day.at) if day.at else None
        if day.at and before is None:
            day = AskedDay(None, day.typed, NOT_YET)
        found_item = before or whole.read_item(*arguments)
    return visit.page(
        "desk/item.html",
        status=422 if day.fault else 200,
        known_on=day.at,
        asked=day.typed,
        fault=day.fault,
        **structs.asdict(found_item),
        label=_label(found_item),
        acts=item_acts.acts(visit, found_item),
        closed_photograph=photograph.CLOSED,
    )


def _label(item: Item) -> str:
    """Return an item's title: for a link its two ends, for other items their kind and day."""
    if item.kind == "link" and item.links:
        tie = item.links[0]
        ends = [item.names[end].label for end in (tie.a, tie.b) if end in item.names]
        if len(ends) == 2:
            return f"{ends[0]} {labels.LINKS[tie.kind][0]} {ends[1]}"
    kinds = {"observation": "Log entry", "report": "Intelligence report"}
    kind = kinds.get(item.kind, item.kind.replace("-", " ").capitalize())
    return f"{kind}, {format_day(item.at)}"


def _acts_of(visit: Visit, item: UUID) -> tuple[Acts, Item]:
    """Return the actions that this reader may do on an item, and the item itself. Raises
    NotThere."""
    if visit.require_kind(item) in ENTITY_KINDS:
        raise NotThere("page")
    with visit.reading() as db:
        found_item = whole.read_item(visit.desk, db, visit.reader, item)
    return item_acts.acts(visit, found_item), found_item


@router.get("/items/{item}/do/{act}")
def act_form(visit: Looking, item: UUID, act: str, row: str = "") -> Response:
    acts, found_item = _acts_of(visit, item)
    return act_pages.form(visit, acts, _label(found_item), act, row, one=found_item)


def _meeting(history: list[Recorded]) -> UUID:
    """Return the id of the meeting to which a decision, a board of suspects or an agenda item
    belongs."""
    first = history[0].event
    assert isinstance(first, Decided | BoardKept | ItemAdded)  # noqa: S101 (the item is of one of these three kinds)
    return first.meeting


@router.get("/refer/{item}")
def refer_form(visit: Looking, item: UUID) -> Response:
    """Redirect to the form that records a referral based on this entry."""
    return visit.go(f"/items/{item}/do/refer")
