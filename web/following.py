"""What follows from words: evidence and its continuity, arrest, charge, notice, result."""

from typing import Annotated, Literal, get_args
from uuid import UUID

from fastapi import APIRouter, Form
from fastapi.responses import Response

from commands import evidence, justice, odd
from commands.desk import Receipt
from commands.justice import Named
from commands.reference import UNNAMED
from domain.codes import CareStatus, EvidenceKind, NoticeBasis
from domain.evidence import EvidenceGathered, EvidenceTransferred
from domain.justice import (
    ArrestMade,
    ChargeBrought,
    NoticeServed,
    Outcome,
    ResultKind,
    ResultRecorded,
)
from domain.values import Refused
from web import labels, proposing
from web.asking import day, moment, one, said
from web.visit import Sending, Visit

router = APIRouter()
Short = Annotated[str, Form(max_length=500)]
Words = Annotated[str, Form(max_length=20_000)]
CommandId = Annotated[UUID, Form()]
EVIDENCE = get_args(EvidenceKind)
Against = Literal["arrest", "charge"]
#: What is said where nobody knows what led to an outcome: never assumed.
NONE_KNOWN = "none-known"
CHOICES = {
    "evidence": {
        "exhibit": "An exhibit",
        "statement": "A statement",
        "recorded-interview": "A recorded interview",
    },
    "speaks": {
        "undermined": "Something speaks against it",
        "excluded": "A court or the prosecution will not use it",
        "withdrawn": "Whoever gathered it takes it back",
    },
    "against": {what: labels.FOLLOWED[what] for what in get_args(Against)},
    "results": {kind: labels.FOLLOWED[kind] for kind in get_args(ResultKind)},
    "bases": {
        "s2-caa-1984": "Child Abduction Act 1984, section 2: until 16",
        "s49-ca-1989": "Children Act 1989, section 49: a child in care, until 18",
    },
    "care": {
        "": "Not told",
        "care-order": "A care order (section 31)",
        "interim-care-order": "An interim care order (section 38)",
        "emergency-protection-order": "An emergency protection order (section 44)",
        "police-protection": "Police protection (section 46)",
        "accommodated": "Accommodated (section 20), which is no order",
        "none": "None",
    },
}


def _case(visit: Visit, text: str) -> UUID | None:
    return one(visit, text, "case") if text.strip() else None


def _causes(visit: Visit, ticked: list[str] | None, other: str) -> tuple[str, ...]:
    """What led to it, as a person told it. Raises Refused for what is neither an item nor said to
    be unknown: causes stand in the clear, where no words may stray."""
    refs = [*(ticked or ()), *([other] if other.strip() else [])]
    return tuple(dict.fromkeys(ref if ref == NONE_KNOWN else str(one(visit, ref)) for ref in refs))


# --- evidence -----------------------------------------------------------------------------------


@router.post("/items/{item}/evidence")
def gather(
    visit: Sending,
    item: UUID,
    command_id: CommandId,
    kind: Annotated[EvidenceKind, Form()],
    mark: Short = "",
    description: Words = "",
    produced_by: Short = "",
    location: Short = "",
    gathered: Annotated[str, Form()] = "",
    sha256: Annotated[str, Form(max_length=100)] = "",
    case: Short = "",
) -> Response:
    """A new item that points to the words that led to it."""
    visit.kind_of(item, "observation")
    made = EvidenceGathered(
        kind=kind,
        mark=mark.strip(),
        observations=(item,),
        case=_case(visit, case),
        gathered=moment(gathered),
        sha256=said(sha256),
        description=said(description),
        produced_by=said(produced_by),
        location=said(location),
    )
    receipt = evidence.gather(
        visit.desk, visit.reader, made, command_id=command_id, because_of=(str(item),)
    )
    with visit.reading() as db:
        found = odd.of(db, visit.reader, [receipt.id])
    doubts = [f"Kept as told, and it does not fit: {one.words}." for one in found]
    what = " ".join(["Gathered. Say next who is tied to whom by it.", *doubts])
    return visit.go(f"/items/{receipt.id}", what)


@router.post("/items/{item}/transfer")
def transfer(
    visit: Sending,
    item: UUID,
    command_id: CommandId,
    receiver: Short = "",
    giver: Short = "",
    place: Short = "",
    transferred: Annotated[str, Form()] = "",
) -> Response:
    """Continuity: from one hand to another."""
    visit.kind_of(item, *EVIDENCE)
    move = EvidenceTransferred(moment(transferred), said(giver), said(receiver), said(place))
    evidence.transfer(visit.desk, visit.reader, item, move, command_id=command_id)
    return visit.go(f"/items/{item}", "Handed over.")


@router.post("/items/{item}/status")
def status(
    visit: Sending,
    item: UUID,
    command_id: CommandId,
    becomes: Annotated[Literal["excluded", "undermined", "withdrawn"], Form()],
    reason: Words = "",
) -> Response:
    """It shows and counts as that from now on; nothing is taken away."""
    visit.kind_of(item, *EVIDENCE)
    evidence.change_status(visit.desk, visit.reader, item, becomes, reason, command_id=command_id)
    return visit.go(f"/items/{item}", f"It is {becomes} from now on.")


# --- what a court or the police did ---------------------------------------------------------------


def _record(visit: Visit, outcome: Outcome, causes: tuple[str, ...], command_id: UUID) -> Response:
    receipt = justice.record(
        visit.desk, visit.reader, outcome, because_of=causes, command_id=command_id
    )
    if receipt.proposed:
        where = f"/cases/{outcome.case}" if outcome.case else f"/people/{outcome.person}"
        return proposing.told(visit, receipt, where, "", "no-further-action")
    return _to_trail(visit, receipt)


def _to_trail(visit: Visit, receipt: Receipt) -> Response:
    with visit.reading() as db:
        found = odd.of(db, visit.reader, [receipt.id])
    said = [f"Kept as told, and it does not fit: {one.words}." for one in found]
    return visit.go(f"/trail/{receipt.id}", " ".join(["Recorded. This is what led to it.", *said]))


@router.post("/people/{who}/against")
def against(
    visit: Sending,
    who: UUID,
    command_id: CommandId,
    kind: Annotated[Against, Form()],
    because_of: Annotated[list[str] | None, Form()] = None,
    other: Short = "",
    offence: Words = "",
    happened: Annotated[str, Form()] = "",
    case: Short = "",
    note: Words = "",
) -> Response:
    """An arrest or a charge, and what led to it."""
    visit.kind_of(who, "person")
    made = ArrestMade if kind == "arrest" else ChargeBrought
    outcome = made(who, _case(visit, case), moment(happened), said(offence), said(note))
    return _record(visit, outcome, _causes(visit, because_of, other), command_id)


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
    """What a court, or a decision not to prosecute, came to."""
    visit.kind_of(who, "person")
    if months.strip() and not months.strip().isdecimal():
        raise Refused(f"{months!r} is no number of months; where it is not known, leave it empty")
    outcome = ResultRecorded(
        kind=kind,
        person=who,
        case=_case(visit, case),
        happened=moment(happened),
        sentence_months=int(months) if months.strip() else None,
        suspended=suspended,
        rationale=said(rationale),
        parents_view=said(parents_view),
        childs_view=said(childs_view),
        decided_by=tuple(line.strip() for line in decided_by.splitlines() if line.strip()),
        note=said(note),
    )
    return _record(visit, outcome, _causes(visit, because_of, other), command_id)


@router.post("/people/{who}/notice")
def notice(
    visit: Sending,
    who: UUID,
    command_id: CommandId,
    basis: Annotated[NoticeBasis, Form()],
    child: Short = "",
    because_of: Annotated[list[str] | None, Form()] = None,
    other: Short = "",
    happened: Annotated[str, Form()] = "",
    expires: Annotated[str, Form()] = "",
    rationale: Words = "",
    care: Annotated[CareStatus | Literal[""], Form()] = "",
    issue: Annotated[bool, Form()] = False,
    case: Short = "",
) -> Response:
    """A child abduction warning notice; without a last day it ends on the child's birthday that
    its law names, where that is known."""
    visit.kind_of(who, "person")
    if not child.strip():
        raise Refused("say which child it protects: an id or a name")
    made = NoticeServed(
        who,
        UNNAMED,
        basis,
        _case(visit, case),
        moment(happened),
        day(expires),
        rationale=said(rationale),
    )
    receipt = justice.serve_notice(
        visit.desk,
        visit.reader,
        made,
        because_of=_causes(visit, because_of, other),
        named=Named(child=child.strip()),
        care=care or None,
        issue=issue,
        command_id=command_id,
    )
    return _to_trail(visit, receipt)
