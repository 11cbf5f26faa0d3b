"""What is done about a case: its rating, who works on it, missing and found, whether they take the
support, and how it ends."""

from typing import Annotated, Any, Literal, get_args
from uuid import UUID, uuid5

from fastapi import APIRouter, Form
from fastapi.responses import Response

from commands import entity, proposal, referral
from domain.referral import AllocatedFor, Engagement, Exit, MissingFound, MissingReported
from domain.values import Refused, Threshold
from projections import cases
from projections.schema import Db
from web import labels, proposing
from web.asking import day, moment, said
from web.visit import NotThere, Sending, Visit

router = APIRouter()
Words = Annotated[str, Form(max_length=20_000)]
CommandId = Annotated[UUID, Form()]
CHOICES: dict[str, dict[str, str]] = {
    "levels": {level: labels.THRESHOLDS[level] for level in get_args(Threshold)},
    "whom": {"child": "The child", "parents": "The parents"},
    "engagement": {
        "engaged": "Yes, they take it",
        "declined": "No, they declined it",
        "not-known": "Not known",
    },
    "exits": {
        "no-longer-at-risk": "No longer at risk",
        "protected": "Protected",
        "moved-to-adult-services": "Moved to adult services",
        "other": "Something else",
    },
    "carer": {"": "Not known", "yes": "Yes", "no": "No"},
}


def workers(db: Db, visit: Visit) -> list[str]:
    """Who works on the cases that this person sees: offered where one is to be named."""
    rows = cases.listed(db, visit.reader)
    named = {one for row in rows for one in (row.worker_child, row.worker_parents) if one}
    return sorted(named)


def _command(visit: Visit, command_id: UUID) -> dict[str, Any]:
    return {"command_id": command_id, "desk": visit.desk, "reader": visit.reader}


def _back(visit: Visit, case: UUID, what: str) -> Response:
    return visit.go(f"/cases/{case}", what)


@router.post("/cases/{case}/rate")
def rate(
    visit: Sending,
    case: UUID,
    command_id: CommandId,
    level: Annotated[Threshold, Form()],
    reason: Words = "",
    override: Words = "",
    learning_disability: Annotated[bool, Form()] = False,
) -> Response:
    """Low, medium, high or unknown; whether the child is under 13 is looked up."""
    visit.kind_of(case, "case")
    receipt = referral.assess_threshold(
        case=str(case),
        level=level,
        reason=said(reason),
        override=said(override),
        learning_disability=learning_disability,
        **_command(visit, command_id),
    )
    done = f"Rated: {labels.THRESHOLDS[level].lower()}."
    return proposing.told(visit, receipt, f"/cases/{case}", done, "lower-rating")


@router.post("/cases/{case}/allocate")
def allocate(
    visit: Sending,
    case: UUID,
    command_id: CommandId,
    whom: Annotated[AllocatedFor, Form()],
    worker: Words = "",
) -> Response:
    """Give the child or the parents a worker."""
    visit.kind_of(case, "case")
    named = worker.strip()
    referral.allocate(
        case=str(case), worker=named, allocated_for=whom, **_command(visit, command_id)
    )
    return _back(visit, case, f"{named} works with the {whom}.")


@router.post("/cases/{case}/missing")
def missing(
    visit: Sending,
    case: UUID,
    command_id: CommandId,
    since: Annotated[str, Form()] = "",
    carer: Annotated[Literal["", "yes", "no"], Form()] = "",
    note: Words = "",
) -> Response:
    """The child is missing; a carer who did not report it is marked."""
    visit.kind_of(case, "case")
    told = MissingReported(moment(since), {"": None, "yes": True, "no": False}[carer], said(note))
    referral.report_missing(case=str(case), missing=told, **_command(visit, command_id))
    return _back(visit, case, "Reported missing.")


@router.post("/cases/{case}/found")
def found(
    visit: Sending,
    case: UUID,
    command_id: CommandId,
    at: Annotated[str, Form()] = "",
    where: Words = "",
    note: Words = "",
) -> Response:
    """The child is back, or was found."""
    visit.kind_of(case, "case")
    told = MissingFound(moment(at), said(where), said(note))
    referral.record_found(case=str(case), found=told, **_command(visit, command_id))
    return _back(visit, case, "Found. Where and with whom the child was is worth an entry.")


@router.post("/cases/{case}/engagement")
def engagement(
    visit: Sending,
    case: UUID,
    command_id: CommandId,
    who: Annotated[AllocatedFor, Form()],
    state: Annotated[Engagement, Form()],
    note: Words = "",
) -> Response:
    """Whether they take the support; to take it or not is no basis for sharing."""
    visit.kind_of(case, "case")
    referral.record_engagement(
        case=str(case), who=who, engagement=state, note=said(note), **_command(visit, command_id)
    )
    return _back(visit, case, "Kept.")


@router.post("/cases/{case}/exit")
def leave(
    visit: Sending,
    case: UUID,
    command_id: CommandId,
    outcome: Annotated[Exit, Form()],
    reason: Words = "",
) -> Response:
    """Propose that the child has left harm's way: silence alone never says so."""
    visit.kind_of(case, "case")
    receipt = referral.assess_exit(
        case=str(case), outcome=outcome, reason=reason, **_command(visit, command_id)
    )
    return proposing.told(visit, receipt, f"/cases/{case}", "Assessed.", "exit")


@router.post("/cases/{case}/close")
def close(visit: Sending, case: UUID, command_id: CommandId, reason: Words = "") -> Response:
    """Propose to close it: another confirms it. A new referral opens it again."""
    visit.kind_of(case, "case")
    receipt = proposal.close(case=str(case), reason=reason, **_command(visit, command_id))
    return proposing.told(visit, receipt, f"/cases/{case}", "Closed.", "close")


@router.post("/cases/{case}/child")
def describe(
    visit: Sending,
    case: UUID,
    command_id: CommandId,
    source: Words = "",
    age: Annotated[str, Form(max_length=200)] = "",
    born: Annotated[str, Form()] = "",
    as_of: Annotated[str, Form()] = "",
    learning_disability: Annotated[bool, Form()] = False,
) -> Response:
    """What was told of the child: an age or a date of birth, a learning disability."""
    visit.kind_of(case, "case")
    with visit.reading() as db:
        row = cases.get(db, visit.reader, case)
    if row is None:
        raise NotThere("case")
    on, who, asks = day(as_of), str(row.child), (visit.desk, visit.reader)
    if not (age.strip() or born or learning_disability):
        raise Refused("say what was told: an age, a date of birth, or a learning disability")
    if age.strip() or born:
        entity.record_age(
            *asks,
            who,
            None,
            day(born),
            said(age),
            as_of=on,
            source=said(source),
            command_id=command_id,
        )
    if learning_disability:
        one = uuid5(command_id, "learning-disability")
        entity.record_learning_disability(*asks, who, True, source, as_of=on, command_id=one)
    return _back(visit, case, "Kept.")
