"""What is opened for a time: a case by breaking glass, by an authority, an entry of the source
register by two people; and the review that somebody else owes."""

from collections.abc import Callable
from typing import Annotated, Any
from uuid import UUID

from fastapi import APIRouter, Form
from fastapi.responses import Response

from commands import grant
from domain.grant import AuthorityFor, Judged
from domain.values import Refused
from projections import accounts, cases
from web.asking import moment, one
from web.visit import Looking, NotThere, Sending, Visit

router = APIRouter()
CommandId = Annotated[UUID, Form()]
Text = Annotated[str, Form(max_length=20_000)]
KINDS: tuple[accounts.GrantKind, ...] = ("glass", "audit", "disclosure", "entry")
#: Grants shown at once; what is owed comes first.
MOST = 100


@router.get("/glass")
def opened(visit: Looking) -> Response:
    """What is open, what waits for a second person, and which reviews are owed."""
    with visit.reading() as db:
        rows = grant.listed(db, visit.reader, visit.now)
        found = {row.item: cases.get(db, visit.reader, row.item) for row in rows[:MOST]}
    rows.sort(key=lambda row: (row.due is None, row.due or row.since))
    return visit.page(
        "glass.html",
        rows=rows[:MOST],
        numbers={item: case.number for item, case in found.items() if case},
        total=len(rows),
    )


def _grant(visit: Visit, which: UUID) -> UUID:
    with visit.reading() as db:
        found = grant.find(db, visit.reader, which.hex, visit.now, KINDS)
    if found is None:
        raise NotThere("grant")
    return found


@router.post("/glass")
def break_glass(
    visit: Sending, command_id: CommandId, case: Text = "", reason: Text = ""
) -> Response:
    """See one case that is not mine, for an hour: whose it is learns of it at once."""
    visit.prove()
    grant.break_glass(visit.desk, visit.reader, case.strip(), reason, command_id=command_id)
    return visit.go("/glass", "It is open for an hour. Whose it is has been told.")


@router.post("/glass/ask")
def ask_entry(
    visit: Sending, command_id: CommandId, item: Text = "", reason: Text = ""
) -> Response:
    """For a threat to life: who told this? Nobody sees it before a second person joins."""
    visit.prove()
    found = one(visit, item, "observation")
    receipt = grant.ask_entry(visit.desk, visit.reader, found, reason, command_id=command_id)
    return visit.go("/glass", f"A second person joins with the number {receipt.id.hex[-8:]}.")


@router.post("/glass/join")
def join(visit: Sending, command_id: CommandId, which: Text = "") -> Response:
    """The second person: both see the entry for an hour, and its handler is alerted."""
    visit.prove()
    with visit.reading() as db:
        found = grant.find(db, visit.reader, which, visit.now, ["entry"])
    if found is None:
        raise Refused(f"nothing of that number waits for a second person: {which.strip()!r}")
    grant.join_entry(visit.desk, visit.reader, found, command_id=command_id)
    return visit.go("/glass", "Open to the two of you for an hour.")


@router.post("/glass/{which}/alone")
def alone(visit: Sending, which: UUID, command_id: CommandId) -> Response:
    """Nobody joined within ten minutes: an inspector sees it alone, and a review is owed."""
    visit.prove()
    told = "Open to you alone for an hour. Its handler has been told; a review is owed in a day."
    return _step(visit, which, grant.open_alone, told, command_id)


@router.post("/glass/authority")
def give(
    visit: Sending,
    command_id: CommandId,
    given_for: Annotated[AuthorityFor, Form()],
    user: Text = "",
    case: Text = "",
    until: Annotated[str, Form()] = "",
    reason: Text = "",
) -> Response:
    """Let an auditor, or a disclosure officer, see one case for a time."""
    visit.prove()
    found, end = one(visit, case, "case"), moment(until)
    if end is None:
        raise Refused("say until when")
    grant.give_authority(
        visit.desk,
        visit.reader,
        user.strip(),
        found,
        given_for,
        end,
        reason,
        command_id=command_id,
    )
    waits = " It waits for a second person." if given_for == "disclosure" else ""
    return visit.go("/glass", f"Given.{waits}")


@router.post("/glass/{which}/review")
def review(
    visit: Sending,
    which: UUID,
    command_id: CommandId,
    judged: Annotated[Judged, Form()],
    reason: Text = "",
) -> Response:
    """What somebody thinks of it who did not look."""
    found = _grant(visit, which)
    grant.review(visit.desk, visit.reader, found, judged, reason, command_id=command_id)
    return visit.go("/glass", "Reviewed.")


def _step(
    visit: Visit, which: UUID, step: Callable[..., Any], told: str, command: UUID
) -> Response:
    step(visit.desk, visit.reader, _grant(visit, which), command_id=command)
    return visit.go("/glass", told)


@router.post("/glass/{which}/close")
def close(visit: Sending, which: UUID, command_id: CommandId) -> Response:
    """I have seen what I opened it for."""
    return _step(visit, which, grant.close_glass, "Closed.", command_id)


@router.post("/glass/{which}/approve")
def approve(visit: Sending, which: UUID, command_id: CommandId) -> Response:
    """The second person approves that sensitive material is looked at."""
    visit.prove()
    return _step(visit, which, grant.approve_authority, "Approved.", command_id)


@router.post("/glass/{which}/end")
def end(visit: Sending, which: UUID, command_id: CommandId) -> Response:
    """An authority ends before its time."""
    return _step(visit, which, grant.end_authority, "Ended.", command_id)
