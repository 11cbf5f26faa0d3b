"""Commands to sign in at the command line, and to sign out. Passwords and codes are typed at a
prompt, never as arguments, because a shell stores arguments.
"""

import sys
from getpass import getpass
from platform import node
from time import sleep
from typing import TYPE_CHECKING, Annotated

import typer

from commands.people_and_teams import enrolment
from console.engine import tokens
from console.engine.parsing import BadInput
from console.engine.session import CommandSession, note, stamp
from domain.kernel import values

if TYPE_CHECKING:
    from access.signing_in.credentials import Credentials
    from access.signing_in.oidc import Provider
    from installation.system import System

#: The line about roles on a store that is open to users without an account.
ONE_ACCOUNT = (
    "none yet: only the administrator has an account, and anybody may do anything until "
    "another account is added (continuum user add)"
)
Name = Annotated[str | None, typer.Argument(metavar="[NAME]", help="Your account.")]


def register(app: typer.Typer) -> None:
    """Add this module's commands to the command line."""
    for command in (login, logout, whoami):
        app.command()(command)


def login(
    context: typer.Context,
    name: Name = None,
    enrol: Annotated[
        bool, typer.Option("--enrol", help="Sign in with the code that an administrator gave you.")
    ] = False,
    password: Annotated[
        bool, typer.Option("--password", help="Sign in with a password of this installation.")
    ] = False,
    again: Annotated[
        bool, typer.Option("--again", help="Sign in again before an act that needs it.")
    ] = False,
) -> None:
    """Sign in. You sign in at the force's identity provider, or with your password and six digits.
    Only you can read your token."""
    session: CommandSession = context.obj
    system = session.open()
    token_store = tokens.tokens(system)
    if again:
        if name or enrol:
            raise BadInput(
                "--again is for the person who is signed in: leave out the name and --enrol"
            )
        token_store.write(_renewed_token(system, token_store.read()))
        session.print_message({"proved": True}, ["Signed in again. This counts for five minutes."])
        return
    if enrol:
        who = name or session.user or answer_to("Name: ")
        _enrol(system.credentials, who)
    elif system.provider and not password:
        who = _provider_account(system.provider)
        if not enrolment.may_sign_in(system.desk, who):
            raise values.Denied(
                f"the identity provider says that you are {who}, but there is no account of "
                "that name here"
            )
    else:
        who = name or session.user or answer_to("Name: ")
        words = answer_to("Password: ", hidden=True)
        system.credentials.check(who, words, answer_to("Six digits: "))
    token_store.write(system.credentials.sessions.open(who, "command", node()))
    session.print_message({"user": who}, [f"Signed in as {who}."])
    if waiting := sum(1 for _ in token_store.outbox_files()):
        note(f"{waiting} entries are not sent yet: continuum record --from-outbox")


def _renewed_token(system: "System", token: str | None) -> str:
    """Return the user's token after the second factor was given again."""
    sessions = system.credentials.sessions
    if token is None or (session := sessions.check(token)) is None:
        raise values.SignInFirst
    if system.provider is None or system.credentials.enrolled(session.user):
        return system.credentials.prove(token, answer_to("Six digits: "))
    if _provider_account(system.provider, again=True) != session.user:
        raise values.Denied(
            f"the identity provider signed in another person than {session.user}: sign in as "
            f"{session.user}"
        )
    if (fresh := sessions.proved(token)) is None:
        raise values.SignInFirst
    return fresh


def _provider_account(provider: "Provider", *, again: bool = False) -> str:
    """Return the account name of a user who signs in at the identity provider, on any device. Print
    the provider's address and a code, and wait for the sign-in. Raises Denied if the sign-in takes
    too long."""
    device = provider.begin_device()
    note(f"Open {device.whole or device.address} and sign in; the code is {device.code}")
    waited = 0.0
    while not isinstance(token_or_wait := provider.poll(device, again=again), str):
        waited += max(token_or_wait, 0.1)
        if waited > device.lasts.total_seconds():
            raise values.Denied("the sign-in took too long: start again with continuum login")
        sleep(token_or_wait)
    return token_or_wait


def _enrol(credentials: "Credentials", who: str) -> None:
    code = answer_to("Enrolment code: ")
    app = credentials.begin(who, code)
    note(f"Put this into an authenticator app: {app.secret}")
    note(f"or, as an address: {app.address}")
    words = answer_to("A new password (three random words): ", hidden=True)
    if answer_to("The same password again: ", hidden=True) != words:
        raise BadInput("the two passwords differ: nothing was set, and the code is still valid")
    credentials.redeem(who, code, words, answer_to("Six digits, which the app shows now: "))


def answer_to(question: str, *, hidden: bool = False) -> str:
    """Return the user's answer to a question from the keyboard, or the next line of standard
    input."""
    if sys.stdin.isatty():
        if hidden:
            return getpass(question, stream=sys.stderr)
        sys.stderr.write(question)
        sys.stderr.flush()
    line = sys.stdin.readline()
    if not line:
        raise BadInput(f"there was no answer to this question: {question.strip(' :')}")
    return line.rstrip("\r\n") if hidden else line.strip()


def logout(context: typer.Context) -> None:
    """Sign out and end your token."""
    session: CommandSession = context.obj
    system = session.open()
    token_store = tokens.tokens(system)
    system.credentials.sessions.close(token_store.read())
    token_store.forget()
    session.print_message({"user": None}, ["Signed out."])


def whoami(context: typer.Context) -> None:
    """Show who you are and what you may do now."""
    session: CommandSession = context.obj
    system, reader = session.open(), session.reader
    found_session = (
        system.credentials.sessions.check(tokens.tokens(system).read()) if system.vouched else None
    )
    proved = "by its token" if found_session else "not checked" if not reader.closed else "as given"
    roles = ", ".join(sorted(reader.roles)) or "-"
    lines = [
        f"{reader.name} ({proved})",
        f"Roles: {roles if reader.closed else ONE_ACCOUNT}",
        f"Teams: {', '.join(sorted(reader.teams)) or reader.team}",
    ]
    if found_session:
        lines.append(f"Signed in since {stamp(found_session.opened)}")
    session.print_message(
        {
            "user": reader.name,
            "closed": reader.closed,
            "proved": found_session is not None,
            "fresh": bool(found_session and found_session.fresh),
            "roles": sorted(reader.roles),
            "teams": sorted(reader.teams),
            "team": reader.team,
            "controller": reader.controller,
        },
        lines,
    )
