"""Screens of accounts: who has access, in which roles and teams, without contents of the record."""

from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Form
from fastapi.responses import Response

from access.signing_in.services import ServiceKey
from commands.people_and_teams import account, enrolment
from domain.kernel.values import Refused, Role
from projections.people_and_teams import accounts
from projections.people_and_teams.accounts import Account
from web.site.field_parsing import moment
from web.site.request_context import Looking, NotThere, Sending, Visit

router = APIRouter()
CommandId = Annotated[UUID, Form()]
Text = Annotated[str, Form(max_length=2000)]


def _keys(visit: Visit) -> dict[str, list[ServiceKey]]:
    """Return the keys of each program's account."""
    found: dict[str, list[ServiceKey]] = {}
    for key in visit.system.credentials.services.list_keys():
        found.setdefault(key.user, []).append(key)
    return found


@router.post("/accounts")
def add(
    visit: Sending,
    command_id: CommandId,
    user: Text = "",
    role: Annotated[Role | None, Form()] = None,
    team: Text = "",
    controller: Text = "",
    service: Annotated[bool, Form()] = False,
) -> Response:
    """Add an account; the first one closes the store to people without one."""
    account.add(
        visit.desk,
        visit.reader,
        user.strip(),
        roles=[role] if role else [],
        teams=list(dict.fromkeys(one.strip() for one in team.split(",") if one.strip())),
        controller=controller.strip() or None,
        service=service,
        can_prove=visit.system.can_prove,
        command_id=command_id,
    )
    given = "make its key" if service else "give its code"
    told = f"Account added. Next: {given}."
    if role and visit.desk.trial():
        told += " This is a trial store: on a live one a second person confirms the role."
    elif role:
        told += " Its role waits for a manager of its team or a DCI, under Access to confirm."
    return visit.go(f"/accounts/{user.strip()}", told)


def _account(visit: Visit, name: str) -> Account:
    with visit.reading() as db:
        found = accounts.account(db, name)
    if found is None:
        raise NotThere("account")
    return found


@router.get("/accounts/{name}")
def show(visit: Looking, name: str) -> Response:
    """Show one account."""
    return _page(visit, name)


def _page(visit: Visit, name: str, code: str | None = None, key: str | None = None) -> Response:
    found = _account(visit, name)
    credentials = visit.system.credentials
    with visit.reading() as db:
        teams = [row.team for row in accounts.teams(db)]
    return visit.page(
        "records/account.html",
        one=found,
        code=code,
        key=key,
        keys=_keys(visit).get(name, []),
        enrolled=credentials.enrolled(name),
        sessions=len(credentials.sessions.list_sessions(name)),
        passkeys=len(credentials.passkeys.list_devices(name)),
        offered=[row for row in teams if row not in found.teams],
    )


@router.post("/accounts/{name}/enrol")
def enrol(visit: Sending, name: str, command_id: CommandId) -> Response:
    """Show a code with which the person can set their password. It is shown once; with it, anybody
    can sign in as them."""
    visit.prove()
    _account(visit, name)
    enrolled = visit.system.signs_in(name)
    if not enrolment.recover(
        visit.desk, visit.reader, name, enrolled=enrolled, command_id=command_id
    ):
        told = (
            "Proposed: another administrator confirms it within a day, by asking for the same. If "
            "they see more than their own families, a manager or a DCI does, at Access to confirm."
        )
        return visit.go(f"/accounts/{name}", told)
    return _page(visit, name, visit.system.credentials.invite(name))


@router.post("/accounts/{name}/key")
def make_key(visit: Sending, name: str, command_id: CommandId, until: Text = "") -> Response:
    """Show a key with which a program calls the API, until a day; it is shown once."""
    visit.prove()
    _account(visit, name)
    ends = moment(until, today=visit.today)
    if ends is None:
        raise Refused("choose the day on which the key ends, within a year")
    key = enrolment.make_key(visit.desk, visit.reader, name, ends, command_id=command_id)
    if key is None:
        told = "Proposed: a manager or a DCI confirms it within a day, under Access to confirm."
        return visit.go(f"/accounts/{name}", told)
    return _page(visit, name, key=visit.system.credentials.services.make(name, key, ends))


@router.post("/accounts/{name}/key/end")
def end_key(
    visit: Sending, name: str, command_id: CommandId, key: Annotated[UUID, Form()]
) -> Response:
    """End a key."""
    _account(visit, name)
    enrolment.end_key(visit.desk, visit.reader, name, key, command_id=command_id)
    visit.system.credentials.services.end(key)
    return visit.go(f"/accounts/{name}", "The key no longer works.")
