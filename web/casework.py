"""What is known of the child of a case, and who may be given it."""

from typing import Annotated
from uuid import UUID, uuid5

from fastapi import APIRouter, Form
from fastapi.responses import Response

from commands import entity
from domain.values import Refused
from projections import cases
from projections.schema import Db
from web.asking import day, said
from web.visit import NotThere, Sending, Visit

router = APIRouter()
Words = Annotated[str, Form(max_length=20_000)]
CommandId = Annotated[UUID, Form()]


def workers(db: Db, visit: Visit) -> list[str]:
    """Who works on the cases that this person sees: offered where one is to be named."""
    rows = cases.listed(db, visit.reader)
    named = {one for row in rows for one in (row.worker_child, row.worker_parents) if one}
    return sorted(named)


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
    return visit.go(f"/cases/{case}", "Kept.")
