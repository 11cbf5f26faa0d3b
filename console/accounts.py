"""Who may use the record: accounts with their roles, teams and families."""

from typing import TYPE_CHECKING, Annotated, Any

import typer

from console.entries import BadInput, parse_uuid
from console.options import CommandId
from console.session import Session, short, table
from console.teams import keeps_accounts

if TYPE_CHECKING:
    from domain.values import Reader, Role
    from projections.accounts import Account
    from projections.schema import Db

user_app = typer.Typer(help="Accounts, for administrators.", no_args_is_help=True)
role_app = typer.Typer(help="What somebody may do.", no_args_is_help=True)
member_app = typer.Typer(help="Which teams somebody works for.", no_args_is_help=True)
Name = Annotated[str, typer.Argument(metavar="NAME", help="Whose account.")]


def register(app: typer.Typer) -> None:
    """Add this module's commands."""
    user_app.add_typer(role_app, name="role")
    user_app.add_typer(member_app, name="team")
    app.add_typer(user_app, name="user")


def _role(text: str) -> "Role":
    from domain.values import ROLES

    for role in ROLES:
        if role == text:
            return role
    raise BadInput(f"{text!r} is no role: {', '.join(ROLES)}")


@user_app.command("add")
def add(
    context: typer.Context,
    name: Name,
    role: Annotated[list[str] | None, typer.Option(help="A role; repeatable.")] = None,
    service: Annotated[
        bool, typer.Option("--service", help="A program's, for the API: it gets keys (user key).")
    ] = False,
    command_id: CommandId = None,
) -> None:
    """Give somebody an account, in a --team (repeatable; the first is where they record) and under
    a --controller; the first account closes the store to everybody without one."""
    from commands import account

    session: Session = context.obj
    teams, controller = session.teams, session.controller
    session.teams, session.controller = (), None  # they are the newcomer's, not of who adds them
    receipt = account.add(
        session.desk,
        session.reader,
        name,
        roles=[_role(one) for one in role or ()],
        teams=list(dict.fromkeys(teams)),
        controller=controller,
        service=service,
        can_prove=session.open().can_prove,
        command_id=parse_uuid(command_id),
    )
    session.receipt(receipt, f"{name} has an account")


@user_app.command("list")
def listed(context: typer.Context) -> None:
    """Every account, those of who left included."""
    from projections import accounts

    session: Session = context.obj
    keeps_accounts(session)
    with session.reading() as db:
        found = [_within(db, session.reader, one) for one in accounts.listed(db)]
    rows = [
        (one.user, _state(one), ", ".join(one.roles), ", ".join(one.teams), len(one.cases))
        for one in found
    ]
    session.tell(
        [_told(one) for one in found],
        table(("name", "state", "roles", "teams", "families"), rows, "Nobody has an account."),
    )


@user_app.command("show")
def show(context: typer.Context, name: Name) -> None:
    """One account: anybody's for who keeps them, one's own for everybody."""
    from projections import accounts

    session: Session = context.obj
    if name != session.reader.name:
        keeps_accounts(session)
    with session.reading() as db:
        found = accounts.account(db, name)
        if found is None:
            raise BadInput(f"there is no user {name}")
        found = _within(db, session.reader, found)
    session.answer(
        found,
        [
            f"{found.user}: {_state(found)}",
            f"Roles: {', '.join(found.roles) or '-'}",
            f"Teams: {', '.join(found.teams) or '-'}",
            f"Families: {', '.join(map(short, found.cases)) or '-'}",
        ],
    )


def _state(one: "Account") -> str:
    state = "left" if one.left else "locked" if one.locked else "active"
    return f"{state}, a program" if one.service else state


def _within(db: "Db", reader: "Reader", one: "Account") -> "Account":
    """The account with those families and children that the reader sees; with all of them for who
    keeps the accounts: another team's would tell how many it has."""
    from dataclasses import replace

    from access import scope
    from access.decide import decide

    if decide(reader, "manage-accounts").allowed:
        return one
    seen = scope.seen(db, reader, {*one.cases, *one.children})
    return replace(
        one,
        cases=tuple(case for case in one.cases if case in seen),
        children=tuple(child for child in one.children if child in seen),
    )


def _told(one: "Account") -> dict[str, Any]:
    """An account without its families, which a list needs only to count."""
    return {
        "user": one.user,
        "state": _state(one),
        "controller": one.controller,
        "roles": one.roles,
        "teams": one.teams,
        "families": len(one.cases),
    }
