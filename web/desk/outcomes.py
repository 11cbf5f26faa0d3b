"""The form for the result of a trial, or of a decision not to prosecute.

The screen is written by hand, because a decision of no further action is a proposal about the case
or, without a case, about the person.
"""

from datetime import datetime
from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Form
from fastapi.responses import Response

from commands.justice import arrest_to_result, inconsistencies
from commands.kernel import item_references
from domain.justice.arrest_to_result import Outcome, ResultRecorded
from domain.kernel.codes import ResultKind
from domain.kernel.values import Refused
from web.desk import second_person
from web.site.field_parsing import Unclear, moment, resolve_item
from web.site.field_parsing import format_typed as said
from web.site.request_context import Sending, Visit

router = APIRouter()
Short = Annotated[str, Form(max_length=500)]
Words = Annotated[str, Form(max_length=20_000)]
CommandId = Annotated[UUID, Form()]


def _moment(visit: Visit, text: str) -> datetime | None:
    try:
        return moment(text, today=visit.today)
    except Unclear:
        raise
    except Refused as refused:
        raise Refused(str(refused), field="happened") from None


def _case(visit: Visit, text: str) -> UUID | None:
    return resolve_item(visit, text, "case") if text.strip() else None


def _record(visit: Visit, outcome: Outcome, causes: tuple[str, ...], command_id: UUID) -> Response:
    receipt = arrest_to_result.record(
        visit.desk, visit.reader, outcome, because_of=causes, command_id=command_id
    )
    if receipt.proposed:
        where = f"/cases/{outcome.case}" if outcome.case else f"/people/{outcome.person}"
        return second_person.redirect_after(visit, receipt, where, "", "no-further-action")
    text = inconsistencies.describe(visit.desk, visit.reader, receipt.id)
    message = " ".join(filter(None, ("Result recorded, with the records that led to it.", text)))
    return visit.go(f"/trail/{receipt.id}", message)


@router.post("/people/{who}/result")
def result(
    visit: Sending,
    who: UUID,
    command_id: CommandId,
    kind: Annotated[ResultKind, Form()],
    because_of: Annotated[list[str] | None, Form()] = None,
    other: Short = "",
    happened: Annotated[str, Form()] = "",
    months: Annotated[str, Form(max_length=6)] = "",
    suspended: Annotated[bool, Form()] = False,
    rationale: Words = "",
    parents_view: Words = "",
    childs_view: Words = "",
    decided_by: Words = "",
    case: Short = "",
    note: Words = "",
) -> Response:
    """Record the result of a trial, or of a decision not to prosecute."""
    visit.require_kind(who, "person")
    if months.strip() and not months.strip().isdecimal():
        raise Refused(
            f"{months!r} is not a number of months: write a number, or leave the field "
            "empty if it is unknown",
            field="months",
        )
    outcome = ResultRecorded(
        kind=kind,
        person=who,
        case=_case(visit, case),
        happened=_moment(visit, happened),
        sentence_months=int(months) if months.strip() else None,
        suspended=suspended,
        rationale=said(rationale),
        parents_view=said(parents_view),
        childs_view=said(childs_view),
        decided_by=tuple(line.strip() for line in decided_by.splitlines() if line.strip()),
        note=said(note),
    )
    references = [*(because_of or ()), *([other] if other.strip() else [])]
    causes = item_references.causes(visit.desk, visit.reader, references, command_id)
    return _record(visit, outcome, causes, command_id)
