"""Screens to share items beyond the team, with purpose, recipients and check; and to recall
them."""

from typing import Annotated, Any
from uuid import UUID

import msgspec
from fastapi import APIRouter, Form
from fastapi.responses import Response

from commands.data_protection import disclosure
from commands.data_protection.disclosure import DisclosedItem, DisclosureDocument
from domain.data_protection.disclosure import ANSWERING, BASES, Basis, at_once
from domain.kernel.values import Refused
from projections.data_protection import disclosures
from web.site.field_parsing import format_typed, moment, resolve_item
from web.site.paging import paged
from web.site.request_context import Looking, Sending, Visit

router = APIRouter()
PAGE = 20
#: A request is answered from its own page.
OFFERED: dict[str, str] = {code: text for code, text in BASES.items() if code not in ANSWERING}
Text = Annotated[str, Form(max_length=20_000)]


@router.get("/disclosures")
def listing(visit: Looking, of: str = "", page: int = 1) -> Response:
    """Show what was shared, with whom, and the recipients who still have to be informed of an
    error."""
    item = resolve_item(visit, of) if of.strip() else None
    with visit.looked() as db:
        rows = (
            disclosures.of_items(db, visit.reader, [item])
            if item
            else disclosures.list_disclosures(db, visit.reader)
        )
        hours = disclosures.hours_to_share(db, visit.reader)
    some, turns = paged(rows, page, PAGE)
    return visit.page(
        "records/disclosures.html",
        rows=some,
        of=of,
        hours=hours,
        bases=BASES,
        **turns,
    )


@router.get("/disclose")
def ask(visit: Looking, of: str = "") -> Response:
    """Ask for the items, the purpose, the basis and the recipients."""
    given = {"items": "\n".join(of.split())}
    return visit.page("records/disclose.html", given=given, bases=OFFERED, shared=None)


@router.post("/disclose")
def share(
    visit: Sending,
    command_id: Annotated[UUID, Form()],
    basis: Annotated[str, Form()],
    items: Text = "",
    purpose: Text = "",
    recipients: Text = "",
    checked: Text = "",
    conditions_met: Text = "",
    urgent: Text = "",
    needed: Annotated[str, Form()] = "",
    sure: Annotated[bool, Form()] = False,
) -> Response:
    """Show first what would be shared, word by word; once confirmed, share and record it."""
    legal = _basis(basis)
    ids = [resolve_item(visit, each) for each in items.split()]
    if not ids:
        raise Refused("name the items to disclose: an id for each")
    found = [s for each in ids for s in disclosure.gather(visit.desk, visit.reader, each, legal)]
    if not sure:
        given = {**visit.given, "items": "\n".join(str(each) for each in ids)}
        return visit.page("records/disclose.html", given=given, bases=OFFERED, shared=found)
    if not at_once(legal, urgent):
        visit.prove()
    receipt, document = disclosure.disclose(
        visit.desk,
        visit.reader,
        found,
        basis=legal,
        purpose=purpose,
        recipients=[each.strip() for each in recipients.splitlines() if each.strip()],
        checked=checked,
        conditions_met=format_typed(conditions_met),
        urgent=format_typed(urgent),
        needed=moment(needed, today=visit.today),
        command_id=command_id,
    )
    return handed_over(visit, receipt.id, document, found)


def _basis(text: str) -> Basis:
    if text not in OFFERED:
        raise Refused(f"{text!r} is not a lawful basis. Choose one of: {', '.join(OFFERED)}")
    return text  # type: ignore[return-value]


def handed_over(
    visit: Visit,
    made: UUID,
    document: DisclosureDocument,
    shared: list[DisclosedItem] | None = None,
) -> Response:
    """Show the released document, once: only its hash is stored."""
    exact: Any = msgspec.json.format(msgspec.json.encode(document.content, order="sorted"))
    ids = [one.id for one in shared or ()]
    return visit.page(
        "records/handed_over.html", made=made, document=document, exact=exact.decode(), ids=ids
    )
