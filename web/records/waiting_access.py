"""The list of proposed access rights on the page of open decisions. A second person confirms roles,
teams and new sign-ins there."""

from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Form
from fastapi.responses import Response

from commands.people_and_teams import enrolment, role_proposal
from domain import forms
from domain.kernel.values import Refused
from projections.people_and_teams.waiting_rights import KEY, SIGN_IN
from web.made.tab_pages import Part, Values, show
from web.site.field_parsing import moment
from web.site.request_context import Sending, Visit

router = APIRouter()
#: The address of the page of open decisions, which includes the list of proposed access rights.
HERE = "/today/to-decide"


def values(
    visit: Visit, code: str | None = None, whose: str = "", key: str | None = None
) -> Values:
    """Return the values for the template that lists the proposed access rights with the actions
    that this reader may take. A new password code or key for a program, if there is one, is among
    the values; it is shown only once."""
    rows = role_proposal.list_waiting(visit.desk, visit.reader)
    own = {row.by for row in rows if forms.same_person(row.by, visit.reader.name)}
    return {
        "waits": rows,
        "own": own,
        "sign_in": SIGN_IN,
        "key_waits": KEY,
        "key": key,
        "confirms": visit.may_ever("confirm-access"),
        "code": code,
        "whose": whose,
    }


def part(values: Values) -> Part:
    """Return the list of proposed access rights as a part of the page of open decisions, from the
    values `values`."""
    return Part("user-waiting", "Access to confirm", values)


def _shown(visit: Visit, values: Values) -> Response:
    """Return the page of open decisions with only the list of proposed access rights. The other
    lists are left out because the new code or key is shown only once."""
    return show(visit, HERE, {"parts": [part(values)]})


@router.post("/today/to-decide/access/{name}/code")
def confirm_sign_in(visit: Sending, name: str, command_id: Annotated[UUID, Form()]) -> Response:
    """Confirm a new sign-in that an administrator proposed, and show its code once to the second
    person, who hands it over.
    """
    visit.prove()
    enrolled = visit.system.signs_in(name)
    if not enrolment.recover(
        visit.desk, visit.reader, name, enrolled=enrolled, command_id=command_id
    ):
        return visit.go(HERE, "Proposed: another person confirms it within a day.")
    return _shown(visit, values(visit, visit.system.credentials.invite(name), name))


@router.post("/today/to-decide/access/{name}/key")
def confirm_key(
    visit: Sending,
    name: str,
    command_id: Annotated[UUID, Form()],
    until: Annotated[str, Form()] = "",
) -> Response:
    """Confirm a program's key that an administrator proposed, and show it once to the second
    person, who hands it over.
    """
    visit.prove()
    ends = moment(until, today=visit.today)
    if ends is None:
        raise Refused("choose the day on which the key ends, within a year")
    key = enrolment.make_key(visit.desk, visit.reader, name, ends, command_id=command_id)
    if key is None:
        return visit.go(HERE, "Proposed: another person confirms it within a day.")
    made = visit.system.credentials.services.make(name, key, ends)
    return _shown(visit, values(visit, whose=name, key=made))
