"""Screens to release a sanitised report, and for the originator's consent."""

from typing import Annotated, Literal
from uuid import UUID

from fastapi import APIRouter, Form
from fastapi.responses import Response

from commands.intelligence import release as release_commands
from commands.people_and_teams.confirming import describe_confirmers
from domain.intelligence.release import Finding
from web.made.tab_pages import Values
from web.site.field_parsing import format_typed
from web.site.request_context import Sending, Visit

router = APIRouter()
Words = Annotated[str, Form(max_length=20_000)]
CommandId = Annotated[UUID, Form()]


@router.post("/items/{item}/release")
def release(
    visit: Sending,
    item: UUID,
    command_id: CommandId,
    to: Words = "",
    purpose: Words = "",
    conditions_met: Words = "",
    urgent: Words = "",
    reason: Words = "",
) -> Response:
    """Release a sanitised report. The released copy reveals neither the source nor the time. If the
    program marks words that may reveal the source, another officer has to confirm."""
    visit.require_kind(item, "report")
    receipt = release_commands.disseminate(
        visit.desk,
        visit.reader,
        item,
        to.strip(),
        purpose.strip(),
        urgent=format_typed(urgent),
        conditions_met=format_typed(conditions_met),
        reason=format_typed(reason),
        command_id=command_id,
    )
    if receipt.proposed:
        text = "Release proposed. The release waits for another officer."
        confirms = describe_confirmers(visit.desk, receipt) or ""
        return visit.go(f"/items/{item}#release", f"{text} {confirms}".strip())
    when = (
        "" if format_typed(urgent) else " The copy is sent at the end of this quarter of an hour."
    )
    return visit.go(f"/items/{item}", f"Release to {to.strip()} recorded.{when}")


@router.post("/items/{item}/release/decide")
def decide(
    visit: Sending,
    item: UUID,
    command_id: CommandId,
    answer: Annotated[Literal["confirm", "refuse"], Form()],
    reason: Words = "",
) -> Response:
    """Confirm or refuse a release as another officer, or withdraw your own proposal."""
    visit.require_kind(item, "report")
    if answer == "confirm":
        release_commands.confirm(visit.desk, visit.reader, item, command_id=command_id)
        return visit.go(f"/items/{item}", "Confirmed: the report is released.")
    release_commands.refuse(visit.desk, visit.reader, item, reason, command_id=command_id)
    return visit.go(f"/items/{item}", "Release refused: the report was not released.")


@router.post("/items/{item}/release/review")
def review(
    visit: Sending,
    item: UUID,
    command_id: CommandId,
    finding: Annotated[Finding, Form()],
    words: Words = "",
) -> Response:
    """Record the review of a release by another officer. The release was urgent, and so was not
    confirmed before."""
    visit.require_kind(item)
    release_commands.review(visit.desk, visit.reader, item, finding, words, command_id=command_id)
    return visit.go(f"/items/{item}", "Release reviewed.")


def waiting(visit: Visit) -> Values:
    """Return the proposed releases that wait for the decision of another officer."""
    return {"rows": release_commands.list_waiting(visit.desk, visit.reader)}
