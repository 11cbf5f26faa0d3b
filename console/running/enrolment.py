"""Commands for credentials: codes with which people set their passwords, and API keys for programs.
Each code or key is shown once."""

from typing import Annotated

import typer

from access.who_may import decide
from commands.people_and_teams import enrolment
from console.engine.options import CommandId
from console.engine.parsing import WHEN, BadInput, group_of, parse_uuid
from console.engine.session import CommandSession, short, stamp
from console.engine.table import table
from console.running.accounts import Name, user_app

key_app = typer.Typer(no_args_is_help=True)
user_app.add_typer(key_app, name="key")


def register(app: typer.Typer) -> None:
    """Add the commands for credentials to the group of commands for accounts."""
    if group_of(app, "user") is None:
        app.add_typer(user_app, name="user")


@user_app.command("enrol")
def enrol(context: typer.Context, name: Name, command_id: CommandId = None) -> None:
    """Make a code with which a person enrols. They set their password with it, once, within seven
    days. Hand it over in person: with it, anybody can sign in as them. For a person who can sign in
    already, another administrator, a manager or a DCI has to ask for the same; for a person who
    sees more than their own families, a manager or a DCI."""
    session: CommandSession = context.obj
    system = session.open()
    # the first person may be enrolled by a user with the store's keys on this machine
    first = system.requires_sign_in and not system.credentials.anybody()
    reader = system.label if first else session.reader
    enrolled = system.signs_in(name)
    command = parse_uuid(command_id)
    if not enrolment.recover(session.desk, reader, name, enrolled=enrolled, command_id=command):
        session.print_message(
            {"user": name, "code": None},
            [
                (
                    "Proposed: the code is a way to sign in, so a second person confirms it within "
                    "a day:"
                ),
                f"continuum --user SECOND-PERSON user enrol {name}",
                "It has to be a manager or a DCI if they see more than their own families.",
                "Until the code is used, their sessions continue and their phone can record.",
            ],
        )
        return
    code = system.credentials.invite(name)
    session.print_message(
        {"user": name, "code": code},
        [f"{name} enrols with: continuum login {name} --enrol", f"and this code: {code}"],
    )


@key_app.command("make")
def make(
    context: typer.Context,
    name: Name,
    until: Annotated[str, typer.Option(metavar=WHEN, help="Its last day, within a year.")],
    command_id: CommandId = None,
) -> None:
    """Make an API key for a program. Store it where only that program reads it: with it, anybody
    can call as the program. On a live store an administrator proposes it, and a manager or a DCI
    asks for the same and gets the key. To change over, make a second key, use it, then end the
    first."""
    session: CommandSession = context.obj
    ends = session.time(until, last=True)
    key = enrolment.make_key(
        session.desk, session.reader, name, ends, command_id=parse_uuid(command_id)
    )
    if key is None:
        session.print_message(
            {"user": name, "id": None, "key": None, "until": ends},
            [
                (
                    "Proposed: a manager of its team or a DCI confirms it within a day, and gets "
                    "the key:"
                ),
                f"continuum --user SECOND-PERSON user key make {name} --until {until}",
            ],
        )
        return
    secret = session.open().credentials.services.make(name, key, ends)
    session.print_message(
        {"user": name, "id": key, "key": secret, "until": ends},
        [
            f"{name} calls the API with Authorization: Bearer {secret}",
            f"until {stamp(ends)}; it is shown this once. Its id: {short(key)}",
        ],
    )


@key_app.command("list")
def list_keys(context: typer.Context) -> None:
    """List API keys, with their expiry and last use."""
    session: CommandSession = context.obj
    decide.require_any(session.reader, "manage-accounts", "allocate")
    service_keys = session.open().credentials.services.list_keys()
    rows = [
        (short(key.id), key.user, stamp(key.made), stamp(key.until), stamp(key.used))
        for key in service_keys
    ]
    head = ("id", "program", "made", "until", "last used")
    session.print_message(service_keys, table(head, rows, "There are no API keys."))


@key_app.command("end")
def end(
    context: typer.Context,
    name: Name,
    key: Annotated[str, typer.Argument(metavar="KEY", help="Its id, or the id's ending.")],
    command_id: CommandId = None,
) -> None:
    """End an API key, from the next call on."""
    session: CommandSession = context.obj
    decide.require_any(session.reader, "manage-accounts", "allocate")
    wanted = key.strip().lower().replace("-", "")
    services = session.open().credentials.services
    found_items = [
        service_key.id
        for service_key in services.list_keys()
        if service_key.user == name and service_key.id.hex.endswith(wanted)
    ]
    if len(found_items) != 1 or not wanted:
        raise BadInput(f"{name} has no key {key!r}: see user key list")
    (item,) = found_items
    receipt = enrolment.end_key(
        session.desk, session.reader, name, item, command_id=parse_uuid(command_id)
    )
    services.end(item)
    session.receipt(receipt, f"{name}'s key is ended")
