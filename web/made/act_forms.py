"""The search box (Ctrl K) offers screens and actions; each action has a page with its form."""

from contextlib import suppress
from functools import cache
from typing import Any
from uuid import UUID

import msgspec
from fastapi import APIRouter
from fastapi.responses import Response

from commands.kernel import display_names as names
from domain.kernel.values import Denied
from projections.families import cases
from projections.kernel import item_ids
from projections.kernel.database import Db
from usecases.kernel.fields import Declaration, Field
from usecases.kernel.registry import USE_CASES
from web.made.declared import use_of
from web.site import forms
from web.site.places import places_of
from web.site.request_context import Looking, NotThere, Visit, safe_path

router = APIRouter()
#: Kinds of items that users can choose by name; None stands for a field that accepts every kind.
BY_NAME = ("case", "person", None)
#: The command for emergency access to a case; the reader does not see this case yet, so its id is
#: filled in without a check.
UNSEEN = "glass break"
#: The largest number of families that a form offers to choose from.
OFFERED = 200


class PageEntry(msgspec.Struct, frozen=True):
    """A screen that the search box offers."""

    label: str
    side: str
    href: str


class ActEntry(msgspec.Struct, frozen=True):
    """An action in the search box. `also` are further words by which the search finds the action.
    `of` is the kind of item that the action is about: "any" for every kind, or None if users cannot
    choose the item by name."""

    label: str
    also: str
    href: str
    of: str | None


class Palette(msgspec.Struct, frozen=True):
    """The screens and actions that the search box offers before the user searches the records."""

    pages: tuple[PageEntry, ...]
    acts: tuple[ActEntry, ...]


@router.get("/palette")
def palette(visit: Looking) -> Response:
    """Return the screens and actions that this reader may use, for the search box."""
    places = places_of(visit.reader)
    pages = [
        PageEntry(room.title, room.says or place.title, room.path)
        for place in places
        for room in place.rooms
    ]
    acts = [
        ActEntry(use.named.title, f"{use.named.send} {use.named.command}", _href(use), _kind(use))
        for use in USE_CASES.values()
        if use.named.slug in _by_name() and forms.may_ever(visit.reader, use)
    ]
    return visit.data(Palette(tuple(pages), tuple(acts)))


@router.get("/do/{name}")
def show(visit: Looking, name: str, of: str = "", back: str = "") -> Response:
    """Show the form of an action, about the item `of` if it is given. Raises NotThere if the reader
    may not use the action or see the item."""
    use = use_of(visit, name)
    if not forms.may_ever(visit.reader, use):
        raise NotThere("page")
    values, offers = dict[str, Any](), dict[str, Any]()
    about: str | None = None
    with visit.reading() as db:
        field = _picked(use)
        if of and use.named.command == UNSEEN:
            values["case"] = of
        elif field and of:
            item = _item_for(db, visit, field, of)
            if item:
                values[field.name] = str(item)
                about = names.visible_names_with_children(db, visit.reader, [item]).get(item)
        for act_field in use.fields:
            if act_field.ref and act_field.ref.kind == "case" and act_field.name not in values:
                offers[act_field.name] = _families(db, visit)
    return visit.page(
        "site/act.html",
        form=forms.PageForm(use, values, offers, told=frozenset(values)),
        about=about,
        back=safe_path(back) if back else f"/items/{of}" if about else "/",
    )


@cache
def _by_name() -> frozenset[str]:
    """Return the names of the actions that can be started from the search box: those whose required
    items can all be chosen by name."""
    return frozenset(
        use.named.slug
        for use in USE_CASES.values()
        if use.named.about in (None, "case", "person", "item")
        and all(
            field.ref.kind in BY_NAME and field.name != "which"
            for field in use.fields
            if field.ref and field.required
        )
    )


def _picked(use: Declaration) -> Field | None:
    """Return the field that is filled with the item that the user chose: the first required field
    for a case, a person or any item. If the action accepts every kind of item as its subject, the
    field for the subject is never filled."""
    basis = use.about.name if use.about and use.named.about == "item" else None
    return next(
        (
            field
            for field in use.fields
            if field.ref and field.required and field.ref.kind in BY_NAME and field.name != basis
        ),
        None,
    )


def _kind(use: Declaration) -> str | None:
    field = _picked(use)
    return (field.ref.kind or "any") if field and field.ref else None


def _href(use: Declaration) -> str:
    return f"/do/{use.named.slug}"


def _item_for(db: Db, visit: Visit, field: Field, of: str) -> UUID | None:
    """Return the item to put into a field. If the field is for a case and the item is a child, this
    is the child's case. Return None if the item is of a kind that the field does not accept.
    Raises NotThere for a hidden item."""
    rows = item_ids.resolve(db, visit.reader, of)
    if len(rows) != 1:
        raise NotThere("item")
    (row,) = rows
    kind = field.ref.kind if field.ref else None
    if kind == "case" and row.kind == "person":
        return cases.of_child(db, visit.reader, row.id)
    return row.id if kind in (None, row.kind) else None


def _families(db: Db, visit: Visit) -> dict[str, str]:
    """Return the open cases that the reader may see, by number, with their children's names; the
    reader's own cases first."""
    with suppress(Denied):
        own = cases.worked_by(db, visit.reader, visit.reader.name)
        rows, _ = cases.page(db, visit.reader, cases.CaseFilter(), 0, OFFERED)
        ids = [*dict.fromkeys(row.case for row in (*own, *rows))][:OFFERED]
        families = names.families(db, visit.reader, ids)
        return {str(families[item].number): families[item].said for item in ids if item in families}
    return {}
