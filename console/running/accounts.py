"""Commands for accounts with their roles, teams and families."""

from typing import TYPE_CHECKING, Annotated

import typer

from access.who_may import decide
from commands.people_and_teams import account
from console.engine.options import CommandId
from console.engine.parsing import BadInput, parse_uuid
from console.engine.session import CommandSession, note, short
from domain.kernel import values
from projections.people_and_teams import accounts

if TYPE_CHECKING:
    from domain.kernel.values import Role

user_app = typer.Typer(no_args_is_help=True)
role_app = typer.Typer(no_args_is_help=True)
member_app = typer.Typer(no_args_is_help=True)
user_app.add_typer(role_app, name="role")
user_app.add_typer(member_app, name="team")
Name = Annotated[str, typer.Argument(metavar="NAME", help="Whose account.")]


def register(app: typer.Typer) -> None:
    """Add this module's commands to the command line."""
    app.add_typer(user_app, name="user")


def _role(text: str) -> "Role":
    for role in values.ROLES:
        if role == text:
            return role
    raise BadInput(f"{text!r} is not a role. Roles: {', '.join(values.ROLES)}")


@user_app.command("add")
def add(
    context: typer.Context,
    name: Name,
    role: Annotated[list[str] | None, typer.Option(help="A role; repeatable.")] = None,
    service: Annotated[
        bool,
        typer.Option(
            "--service", help="For a program that calls the API: it gets keys (user key)."
        ),
    ] = False,
    command_id: CommandId = None,
) -> None:
    """Add an account. Give a --team (repeatable; the first is where they record) and a
    --controller. With the first further account the store closes to people without one. On a live
    store a second person confirms each role: a manager of the team or a DCI."""
    session: CommandSession = context.obj
    teams, controller = session.teams, session.controller
    # the options --team and --controller belong to the new account, not to the user
    session.teams, session.controller = (), None
    receipt = account.add(
        session.desk,
        session.reader,
        name,
        roles=[_role(role_name) for role_name in role or ()],
        teams=list(dict.fromkeys(teams)),
        controller=controller,
        service=service,
        can_prove=session.open().can_prove,
        command_id=parse_uuid(command_id),
    )
    session.receipt(receipt, f"{name} has an account")
    if role and session.desk.trial():
        note("This is a trial store: on a live one a second person confirms each role.")
    for role_name in role or () if not session.desk.trial() else ():
        note(
            f"The role {role_name} has to be confirmed by a manager of the team or a DCI: "
            f"continuum user role confirm {name} {role_name}. Until then {name} can record, and "
            "nothing "
            "else."
        )


@user_app.command("show")
def show(context: typer.Context, name: Name) -> None:
    """Show one account. Administrators see any account; other people see their own."""
    session: CommandSession = context.obj
    if name != session.reader.name:
        decide.require_any(session.reader, "manage-accounts", "allocate")
    with session.reading() as db:
        account = accounts.account(db, name)
        if account is None:
            raise BadInput(f"there is no account {name}")
        (account,) = accounts.within(db, session.reader, [account])
    session.answer(
        account,
        [
            f"{account.user}: {account.state}",
            f"Roles: {', '.join(account.roles) or '-'}",
            f"Teams: {', '.join(account.teams) or '-'}",
            f"Families: {', '.join(map(short, account.cases)) or '-'}",
        ],
    )
