"""What waits for a second person before somebody gets in: roles, teams and new sign-ins."""

from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Form
from fastapi.responses import Response

from commands.people_and_teams import admission, role_proposal
from domain import forms
from projections.people_and_teams.waiting_rights import SIGN_IN
from web.site.visit import Looking, Sending, Visit

router = APIRouter()


@router.get("/waiting-access")
def waiting(visit: Looking) -> Response:
    """What waits, each with what this person may do about it."""
    return _page(visit)


def _page(visit: Visit, code: str | None = None, whose: str = "") -> Response:
    rows = role_proposal.waiting(visit.desk, visit.reader)
    own = {row.by for row in rows if forms.same_person(row.by, visit.reader.name)}
    return visit.page(
        "records/waiting_access.html",
        waits=rows,
        own=own,
        sign_in=SIGN_IN,
        confirms=visit.may("confirm-access"),
        code=code,
        whose=whose,
    )


@router.post("/waiting-access/{name}/code")
def confirm_sign_in(visit: Sending, name: str, command_id: Annotated[UUID, Form()]) -> Response:
    """The code for a new sign-in that an administrator proposed; it is shown this once, to the
    second person, who hands it over."""
    visit.prove()
    enrolled = visit.system.signs_in(name)
    if not admission.recover(
        visit.desk, visit.reader, name, enrolled=enrolled, command_id=command_id
    ):
        return visit.go("/waiting-access", "Proposed: somebody else confirms it within a day.")
    return _page(visit, visit.system.credentials.invite(name), name)
