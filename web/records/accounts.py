"""Screens of accounts: which users have access, in which roles and teams. They show no contents of
the record.
"""

from collections.abc import Sequence
from typing import Annotated, get_args
from urllib.parse import quote
from uuid import UUID

from fastapi import APIRouter, Form
from fastapi.responses import Response

from access.signing_in.services import ServiceKey
from commands.people_and_teams import account, enrolment
from domain.kernel.codes import in_words
from domain.kernel.values import Refused, Role
from domain.people_and_teams.account import (
    user_stream,
)
from projections.people_and_teams import accounts
from projections.people_and_teams.accounts import Account
from web.records import record_page
from web.records.record_page import Button, RecordPage, Tone, record, steps_of
from web.site.field_parsing import moment
from web.site.object_acts import Acts
from web.site.request_context import NotThere, Sending, Visit

router = APIRouter()
#: The words for each role of an account.
ROLES: dict[str, str] = {role: in_words(role) for role in get_args(Role)}
#: The largest number of keys that a program has at once: the present key, and the key that replaces
#: it.
MOST_KEYS = 2
CommandId = Annotated[UUID, Form()]
Text = Annotated[str, Form(max_length=2000)]


def _keys(visit: Visit) -> dict[str, list[ServiceKey]]:
    """Return the API keys of each program's account."""
    service_keys: dict[str, list[ServiceKey]] = {}
    for key in visit.system.credentials.services.list_keys():
        service_keys.setdefault(key.user, []).append(key)
    return service_keys


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
    """Add an account. From the first added account on, the store is closed to people without an
    account.
    """
    account.add(
        visit.desk,
        visit.reader,
        user.strip(),
        roles=[role] if role else [],
        teams=list(dict.fromkeys(name.strip() for name in team.split(",") if name.strip())),
        controller=controller.strip() or None,
        service=service,
        can_prove=visit.system.can_prove,
        command_id=command_id,
    )
    next_step = "make its key" if service else "make a code for its password"
    message = f"Account added. Next: {next_step}."
    if role and visit.desk.trial():
        message += " This is a trial store: on a live store a second person confirms the role."
    elif role:
        message += " A manager of its team or a DCI confirms its role, under To decide."
    return visit.go(_at(user.strip()), message)


def _account(visit: Visit, name: str) -> Account:
    with visit.reading() as db:
        found_account = accounts.account(db, name)
    if found_account is None:
        raise NotThere("account")
    return found_account


def _at(name: str) -> str:
    return f"/records/accounts/{quote(name, safe='')}"


@record(router, "/records/accounts/{which}", before="/accounts/{which}")
def show(visit: Visit, which: str, page: int) -> RecordPage:
    """Show the page of the account with the name `which`."""
    return _read(visit, which)


def _shown_once(
    visit: Visit, name: str, *, code: str | None = None, key: str | None = None
) -> Response:
    """Return the page of an account with its new code or key. No other page shows the code or
    key."""
    return record_page.show(visit, _read(visit, name, code, key))


def _read(visit: Visit, name: str, code: str | None = None, key: str | None = None) -> RecordPage:
    user_account = _account(visit, name)
    credentials = visit.system.credentials
    with visit.reading() as db:
        teams = [row.team for row in accounts.teams(db)]
    keys = _keys(visit).get(name, [])
    enrolled = credentials.enrolled(name)
    passkeys = len(credentials.passkeys.list_devices(name))
    sessions = len(credentials.sessions.list_sessions(name))
    facts = {"Families": str(len(user_account.cases))}
    if user_account.service:
        facts |= {"Type": "a program of another system: it never signs in"}
    else:
        many = f"{passkeys} {'passkey' if passkeys == 1 else 'passkeys'}"
        times = f"{sessions} {'time' if sessions == 1 else 'times'} now"
        facts |= {"Password": f"{'set' if enrolled else 'not set yet'}; {many}", "Signed in": times}
    at, buttons = _at(name), []
    if not user_account.left and not user_account.service:
        title = "Make a new password code" if enrolled else "Make a password code"
        buttons.append(Button(title, action=f"{at}/enrol"))
    status: tuple[str, Tone] = ("Active", "green")
    if user_account.left or user_account.locked:
        status = ("Left", "blue") if user_account.left else ("Locked", "orange")
    return RecordPage(
        user_account.user,
        *status,
        ("/list/user-list", "All accounts"),
        _acts(
            visit,
            user_account,
            [team for team in teams if team not in user_account.teams],
            len(keys),
        ),
        facts,
        steps=steps_of(
            visit.desk.logs["access"].history(user_stream(name)), STEPS, role=_role, team=_team
        ),
        buttons=buttons,
        part="records/account.html",
        values={
            "one": user_account,
            "code": code,
            "key": key,
            "keys": keys,
            "at": at,
            "words_for": ROLES,
        },
    )


def _acts(visit: Visit, account: Account, offered: Sequence[str], keys: int) -> Acts:
    """Return the actions that an administrator may take on an account in use. `offered` are the
    teams to which the account can be added."""
    acts, user = Acts(visit.reader, _at(account.user)), {"user": account.user}
    if account.left:
        return acts
    for role in account.roles:
        acts.add("user role take", told=user | {"role": role}, row=f"role {role}", of=ROLES[role])
    acts.add("user role give", told=user)
    acts.add("user team join", told=user, offers={"team": offered})
    for team in account.teams:
        acts.add("user team leave", told=user | {"team": team}, row=f"team {team}", of=team)
    acts.add("user assign", told=user)
    acts.add("user unassign", told=user)
    if account.service:
        if not account.locked and keys < MOST_KEYS:
            acts.own("key", "Make a key")
    else:
        acts.add("user reach", told=user)
        acts.add("user unreach", told=user)
    acts.add("user unlock" if account.locked else "user lock", told=user)
    acts.add("user leave")
    return acts


#: The words for each step in the history of an account. They do not say which families were
#: assigned to it.
STEPS = {
    "user.added": "Account added",
    "user.role_given": "Role given: {role:role}",
    "user.role_taken": "Role removed: {role:role}",
    "user.role_lent": "Role lent until {until:moment}: {role:role}",
    "user.team_joined": "Joined the team {team}",
    "user.team_left": "Left the team {team}",
    "user.right_proposed": "Proposed: {role:role}{team:team}",
    "user.right_refused": "Refused: {role:role}{team:team}",
    "user.invited": "Password code made",
    "user.recovery_proposed": "New password code proposed",
    "user.key_proposed": "Key proposed",
    "user.key_made": "Key made, valid until {until:day}",
    "user.key_ended": "Key ended",
    "user.locked": "Locked: {reason}",
    "user.unlocked": "Unlocked",
    "user.left": "Left",
}


def _role(role: Role | None) -> str:
    return ROLES[role] if role else ""


def _team(team: str | None) -> str:
    return f"the team {team}" if team else ""


@router.post("/records/accounts/{name}/enrol")
def enrol(visit: Sending, name: str, command_id: CommandId) -> Response:
    """Show a new code with which the user `name` can set a password. The code is shown only once,
    because anybody could sign in with it. If a second person has to agree, the code is only
    proposed."""
    visit.prove()
    _account(visit, name)
    enrolled = visit.system.signs_in(name)
    if not enrolment.recover(
        visit.desk, visit.reader, name, enrolled=enrolled, command_id=command_id
    ):
        text = (
            "The new password code is proposed. Another administrator confirms the code within a "
            "day by making it, too. For a user who sees more than their own families, a manager "
            "or a DCI confirms the code, under To decide."
        )
        return visit.go(_at(name), text)
    return _shown_once(visit, name, code=visit.system.credentials.invite(name))


@router.post("/records/accounts/{name}/key")
def make_key(visit: Sending, name: str, command_id: CommandId, until: Text = "") -> Response:
    """Show a new key with which a program can call the API until a day. The key is shown only once.
    If a second person has to agree, the key is only proposed."""
    visit.prove()
    _account(visit, name)
    ends = moment(until, today=visit.today)
    if ends is None:
        raise Refused("choose the day on which the key ends, within a year")
    key = enrolment.make_key(visit.desk, visit.reader, name, ends, command_id=command_id)
    if key is None:
        text = "Key proposed: a manager or a DCI confirms the key within a day, under To decide."
        return visit.go(_at(name), text)
    made = visit.system.credentials.services.make(name, key, ends)
    return _shown_once(visit, name, key=made)


@router.post("/records/accounts/{name}/key/end")
def end_key(
    visit: Sending, name: str, command_id: CommandId, key: Annotated[UUID, Form()]
) -> Response:
    """End an API key of a program."""
    _account(visit, name)
    enrolment.end_key(visit.desk, visit.reader, name, key, command_id=command_id)
    visit.system.credentials.services.end(key)
    return visit.go(_at(name), "The program's key no longer works.")
