"""Screens of open proposals, which wait for a second person: to close a case, record an exit, lower
a rating, take no further action, or place a hold."""

from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Form
from fastapi.responses import Response

from commands.kernel.unit_of_work import Receipt
from commands.people_and_teams import two_person
from commands.people_and_teams.confirming import describe_confirmers
from domain.kernel.acts import Act
from domain.kernel.codes import What
from projections.families import cases
from web.made.tab_pages import Values
from web.site import labels
from web.site.naming import display_names
from web.site.paging import paged
from web.site.request_context import Sending, Visit

router = APIRouter()
PAGE = 25
#: Rights to countersign; a reader needs at least one of them.
ACTS: tuple[Act, ...] = ("confirm", "oversee", "outcome", "erase", "approve-erasure")
#: Labels of the values that a proposal may propose.
CHOICES: dict[What, dict[str, str]] = {
    "close": {},
    "exit": {
        "no-longer-at-risk": "no longer at risk",
        "protected": "protected",
        "moved-to-adult-services": "moved to adult services",
        "other": "something else",
    },
    "lower-rating": {code: text.lower() for code, text in labels.THRESHOLDS.items()},
    "lower-urgency": {},
    "no-further-action": {
        "nfa-insufficient-evidence": "not enough evidence",
        "nfa-other": "other reasons",
        "not-prosecuted-best-interests": "not in the child's interest to prosecute",
    },
    "lift-hold": {code: text.lower() for code, text in labels.HOLDS.items()},
    "withdraw-words": {
        "recorded-in-error": "another family's, or recorded in error",
        "parent-wishes": "the parent wishes the withdrawal",
    },
    "end-category": {},
    "clear-person": {"eliminated": "eliminated", "acquitted": "acquitted"},
    "retract-link": {},
    "withdraw-report": {},
    "withdraw-exhibit": {},
    "judge-identity": {"same": "the same", "different": "different", "unsure": "not sure"},
}


def waiting(visit: Visit, page: int) -> Values:
    """Return the values for the page of open proposals: each with whether the reader may confirm
    it."""
    rows, turns = paged(two_person.list_waiting(visit.desk, visit.reader), page, PAGE)
    with visit.reading() as db:
        rows_and_rights = [(row, two_person.may_confirm(db, visit.reader, row)) for row in rows]
        found_cases = {row.item: cases.get(db, visit.reader, row.item) for row in rows}
        named = display_names(db, visit, [row.item for row in rows if not found_cases[row.item]])
    return {
        "rows": rows_and_rights,
        "numbers": {item: case.number for item, case in found_cases.items() if case},
        "named": named,
        "proposed": labels.PROPOSED,
        "proposed_as": CHOICES,
        **turns,
    }


def redirect_after(visit: Visit, receipt: Receipt, where: str, done: str, action: What) -> Response:
    """Redirect to the page `where` after a command. That page shows the message `done`. If the
    command only made a proposal, the message says instead who can confirm the proposal."""
    if receipt.proposed:
        called = labels.PROPOSED[action].lower()
        message = f"Proposed: {called}. The proposal waits for a second person."
        done = f"{message} {describe_confirmers(visit.desk, receipt) or ''}".strip()
    return visit.go(where, done)


def _back(visit: Visit, item: UUID, action: What, done: str) -> Response:
    return visit.go("/today/to-decide", f"{done}: {labels.PROPOSED[action].lower()}.")


@router.post("/today/to-decide/{item}/{what}/confirm")
def confirm(
    visit: Sending,
    item: UUID,
    what: What,
    command_id: Annotated[UUID, Form()],
    reason: Annotated[str, Form(max_length=20_000)] = "",
) -> Response:
    """Confirm a proposal, in the user's own name."""
    two_person.confirm(
        visit.desk, visit.reader, item, what, reason=reason or None, command_id=command_id
    )
    return _back(visit, item, what, "Proposal confirmed")


@router.post("/today/to-decide/{item}/{what}/refuse")
def refuse(
    visit: Sending,
    item: UUID,
    what: What,
    command_id: Annotated[UUID, Form()],
    reason: Annotated[str, Form(max_length=20_000)] = "",
) -> Response:
    """Refuse a proposal, or withdraw the user's own."""
    two_person.refuse(visit.desk, visit.reader, item, what, reason, command_id=command_id)
    return _back(visit, item, what, "Proposal refused, nothing changed")
