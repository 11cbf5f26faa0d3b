"""One family: what the charity did with them and how it sees them, and, for those who hold them,
the child's health and placements."""

from typing import Annotated, Any, get_args
from uuid import UUID

from fastapi import APIRouter, Form
from fastapi.responses import Response

from commands import child as child_facts
from commands import compartment, odd, support, ways
from domain.compartment import Compartment, PlacementKind
from domain.support import About, Channel, ContactKind, ContactMade, NoteKind, NoteWritten, With
from domain.values import FactOrOpinion, Refused
from projections import cases, compartments, outcomes, people
from projections import support as view
from web import casework, labels, proposing
from web.asking import day, moment, said
from web.visit import Looking, NotThere, Sending, Visit

router = APIRouter()
Words = Annotated[str, Form(max_length=500_000)]
Short = Annotated[str, Form(max_length=20_000)]
CommandId = Annotated[UUID, Form()]
#: Contacts and notes shown at once, the newest.
MOST = 50


def _plain(codes: tuple[str, ...]) -> dict[str, str]:
    """Codes as they are read."""
    return {code: code.replace("-", " ").capitalize() for code in codes}


CHOICES: dict[str, Any] = {
    "contacts": _plain(get_args(ContactKind)),
    "channels": _plain(get_args(Channel)),
    "whom": _plain(get_args(With)),
    "about": _plain(get_args(About)),
    "notes": _plain(get_args(NoteKind)),
    "opinions": {"fact": "Fact", "opinion": "Opinion", "not-known": "Not known"},
    "placements": _plain(get_args(PlacementKind)),
}


def _case(visit: Visit, case: UUID) -> cases.Case:
    visit.kind_of(case, "case")
    with visit.reading() as db:
        found = cases.get(db, visit.reader, case)
    if found is None:
        raise NotThere("case")
    return found


@router.get("/cases/{case}")
def family(visit: Looking, case: UUID) -> Response:
    """The family's page."""
    return _page(visit, case)


def _page(visit: Visit, case: UUID, way: ways.Checked | None = None) -> Response:
    row = _case(visit, case)
    with visit.reading() as db:
        child = people.entities(db, visit.reader, [row.child]).get(row.child)
        notes = view.notes(db, visit.reader, case)[-MOST:]
        made = view.contacts(db, visit.reader, case)[-MOST:]
        health = compartments.health(db, visit.reader, case)[-MOST:]
        placed = compartments.placements(db, visit.reader, case)[-MOST:]
        holders = {
            which: compartments.holders(db, visit.reader, case, which)
            for which in get_args(Compartment)
        }
        followed = outcomes.of_case(db, visit.reader, case)
        whose = [one.person for one in followed if one.person]
        names = people.entities(db, visit.reader, whose)
        doubts = odd.said(db, visit.reader, [one.item for one in followed])
        waits = proposing.of_case(db, visit, case)
        offered = casework.workers(db, visit) if visit.may("allocate") else []
    return visit.page(
        "family.html",
        row=row,
        child=child,
        contacts=list(reversed(made)),
        facts=[one for one in reversed(notes) if one.opinion != "opinion"],
        opinions=[one for one in reversed(notes) if one.opinion == "opinion"],
        health=health,
        placements=placed,
        holders=holders,
        way=way,
        told=child_facts.known(visit.desk, row.child)
        if visit.may("rate") or visit.may("work")
        else None,
        waits=waits,
        proposed=labels.PROPOSED,
        proposed_as=proposing.CHOICES,
        today=visit.now.date(),
        choices=CHOICES,
        offered=offered,
        followed=followed,
        odd=doubts,
        names=names,
    )


@router.post("/cases/{case}/check")
def check(visit: Sending, case: UUID, to: Short = "") -> Response:
    """May a message, letter or call there reach somebody who harms the child?"""
    return _page(visit, case, _checked(visit, to))


def _checked(visit: Visit, to: str) -> ways.Checked:
    channel = support.channel(visit.desk, to.strip())
    if channel is None:
        return ways.unknown()
    with visit.reading() as db:
        return ways.check(db, visit.reader, channel)


@router.post("/cases/{case}/contact")
def contact(
    visit: Sending,
    case: UUID,
    command_id: CommandId,
    kind: Annotated[ContactKind, Form()],
    channel: Annotated[Channel, Form()] = "visit",
    whom: Annotated[With, Form()] = "parent",
    to: Short = "",
    done: Annotated[bool, Form()] = False,
    happened: Annotated[str, Form()] = "",
    minutes: Annotated[str, Form(max_length=6)] = "",
    words: Words = "",
) -> Response:
    """A contact; one by a way that is not safe is refused before it is made, and kept with an alert
    where it was made already."""
    _case(visit, case)
    if minutes.strip() and not minutes.strip().isdecimal():
        raise Refused(f"{minutes!r} is no number of minutes")
    lasted = int(minutes) if minutes.strip() else None
    made = ContactMade(case, kind, channel, whom, moment(happened), lasted, said(words))
    receipt = support.make_contact(
        visit.desk, visit.reader, made, to=said(to), done=done, command_id=command_id
    )
    warned = support.warning(visit.desk, visit.reader, receipt.id)
    what = " ".join(filter(None, ("The contact is recorded.", warned)))
    return visit.go(f"/cases/{case}#contacts", what)


@router.post("/cases/{case}/note")
def note(
    visit: Sending,
    case: UUID,
    command_id: CommandId,
    kind: Annotated[NoteKind, Form()] = "note",
    about: Annotated[About, Form()] = "family",
    opinion: Annotated[FactOrOpinion, Form()] = "not-known",
    words: Words = "",
    holder: Short = "",
    basis: Short = "",
    review: Annotated[str, Form()] = "",
) -> Response:
    """A note; an attitude is an opinion, and an opinion says whose, on what basis, until when."""
    _case(visit, case)
    sort: FactOrOpinion = "opinion" if kind == "attitude" else opinion
    written = NoteWritten(case, about, kind, sort, words, said(holder), said(basis), day(review))
    support.write_note(visit.desk, visit.reader, written, command_id=command_id)
    return visit.go(f"/cases/{case}#notes", "The note is kept.")


@router.post("/cases/{case}/health")
def health(
    visit: Sending,
    case: UUID,
    command_id: CommandId,
    category: Short = "",
    words: Words = "",
    happened: Annotated[str, Form()] = "",
) -> Response:
    """What must be known of a child's health, for those who hold it."""
    _case(visit, case)
    compartment.note_health(
        visit.desk, visit.reader, case, category, words, day(happened), command_id=command_id
    )
    return visit.go(f"/cases/{case}#health", "Noted, for those who hold it.")


@router.post("/cases/{case}/placement")
def placement(
    visit: Sending,
    case: UUID,
    command_id: CommandId,
    category: Annotated[PlacementKind, Form()],
    address: Short = "",
    since: Annotated[str, Form()] = "",
    words: Words = "",
) -> Response:
    """Where the child is placed; the address is seen by holders alone."""
    _case(visit, case)
    compartment.place(
        visit.desk,
        visit.reader,
        case,
        category,
        address,
        day(since),
        said(words),
        command_id=command_id,
    )
    return visit.go(f"/cases/{case}#placement", "Kept; holders alone see the address.")


@router.post("/cases/{case}/placement/end")
def end_placement(
    visit: Sending,
    case: UUID,
    command_id: CommandId,
    until: Annotated[str, Form()] = "",
    words: Words = "",
) -> Response:
    """The child no longer lives there."""
    _case(visit, case)
    compartment.end_placement(
        visit.desk, visit.reader, case, day(until), said(words), command_id=command_id
    )
    return visit.go(f"/cases/{case}#placement", "The placement has ended.")


@router.post("/cases/{case}/holders")
def hold(
    visit: Sending,
    case: UUID,
    command_id: CommandId,
    which: Annotated[Compartment, Form()],
    worker: Short = "",
    reason: Short = "",
    close: Annotated[bool, Form()] = False,
) -> Response:
    """Let another worker hold a compartment, or take it from them; only a holder can."""
    _case(visit, case)
    change = compartment.close_to if close else compartment.open_to
    change(visit.desk, visit.reader, case, which, worker.strip(), reason, command_id=command_id)
    return visit.go(f"/cases/{case}#{which}", "Changed.")
