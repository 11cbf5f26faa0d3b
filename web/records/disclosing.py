"""Screens on which items are disclosed beyond the team, with the purpose, the recipients and a
check of the text; and on which disclosures are recalled."""

from collections.abc import Sequence
from contextlib import suppress
from typing import Annotated, Any
from uuid import UUID

import msgspec
from fastapi import APIRouter, Form
from fastapi.responses import Response

from commands.data_protection import disclosure
from commands.data_protection.disclosure import DisclosedItem, DisclosureDocument
from domain.data_protection.disclosure import ANSWERING, BASES, Basis, at_once
from domain.kernel.values import Refused
from web.site.field_parsing import format_typed, moment, resolve_item
from web.site.naming import display_names
from web.site.request_context import Looking, Sending, Visit

router = APIRouter()
#: The lawful bases that this form offers. The bases for the answer to an access request are left
#: out, because a request is answered on its own page.
OFFERED: dict[str, str] = {code: text for code, text in BASES.items() if code not in ANSWERING}
Text = Annotated[str, Form(max_length=20_000)]


@router.get("/disclose")
def ask(visit: Looking, of: str = "") -> Response:
    """Show the form that asks for the items, the purpose, the basis and the recipients."""
    found_items = list[UUID]()
    for text in of.split():
        with suppress(Refused):
            found_items.append(resolve_item(visit, text))
    return _form(visit, found_items, hidden=len(of.split()) - len(found_items))


def _form(
    visit: Visit,
    items: Sequence[UUID],
    shared: Sequence[DisclosedItem] | None = None,
    hidden: int = 0,
) -> Response:
    """Return the disclosure form with the names of these items. With `shared`, it also shows the
    full text that would be disclosed. `hidden` is the number of items that the reader may not
    see."""
    # the preview itself has no address, so the address of the form with these items is used
    visit.signed.page = f"/disclose?of={'+'.join(map(str, items))}"
    with visit.reading() as db:
        named = display_names(db, visit, items)
    return visit.page(
        "records/disclose.html",
        given=visit.given,
        named=named,
        bases=OFFERED,
        shared=shared,
        hidden=hidden,
    )


@router.post("/disclose")
def share(
    visit: Sending,
    command_id: Annotated[UUID, Form()],
    basis: Annotated[str, Form()],
    items: Annotated[list[str], Form(max_length=500)] = [],  # noqa: B006 (FastAPI copies the default value)
    purpose: Text = "",
    recipients: Text = "",
    checked: Text = "",
    conditions_met: Text = "",
    urgent: Text = "",
    needed: Annotated[str, Form()] = "",
    sure: Annotated[bool, Form()] = False,
) -> Response:
    """Show the exact text that would be disclosed. Once the user has confirmed it, disclose it and
    record the disclosure."""
    legal = _basis(basis)
    texts = [text for typed in items for text in typed.splitlines() if text.strip()]
    ids = list(dict.fromkeys(resolve_item(visit, text) for text in texts))
    if not ids:
        raise Refused("name the items to disclose", field="items")
    found_items = [
        s for item_id in ids for s in disclosure.gather(visit.desk, visit.reader, item_id, legal)
    ]
    if not sure:
        return _form(visit, ids, found_items)
    if not at_once(legal, urgent):
        visit.prove()
    _, document = disclosure.disclose(
        visit.desk,
        visit.reader,
        found_items,
        basis=legal,
        purpose=purpose,
        recipients=[line.strip() for line in recipients.splitlines() if line.strip()],
        checked=checked,
        conditions_met=format_typed(conditions_met),
        urgent=format_typed(urgent),
        needed=moment(needed, today=visit.today),
        command_id=command_id,
    )
    return handed_over(visit, document, found_items)


def _basis(text: str) -> Basis:
    if text not in OFFERED:
        words = f"{text!r} is not a lawful basis. Choose one of: {', '.join(OFFERED)}"
        raise Refused(words, field="basis")
    return text  # type: ignore[return-value]


def handed_over(
    visit: Visit,
    document: DisclosureDocument,
    shared: list[DisclosedItem] | None = None,
) -> Response:
    """Show the released document. It is shown only once, because only its hash is stored."""
    exact: Any = msgspec.json.format(msgspec.json.encode(document.content, order="sorted"))
    ids = [item.id for item in shared or ()]
    with visit.reading() as db:
        named = display_names(db, visit, ids)
    return visit.page(
        "records/handed_over.html", document=document, exact=exact.decode(), ids=ids, named=named
    )
