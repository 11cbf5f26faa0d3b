"""Two programs that organisations other than a police force run: the key service, and the hub of
the exchange.

Each program gets its settings on its command line. The address of the hub's database may instead be
in an environment variable, because it may contain a password, and other users of the machine can
see the command line.
"""

import json
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Annotated, Any

import msgspec
import typer
from typer.core import TyperGroup

from domain.forms.typed import parse_day
from domain.kernel.values import Refused
from exchange.keyservice import A_DAY, KeyService, Use

Directory = Annotated[Path, typer.Argument(help="The service's own directory.")]
Force = Annotated[str, typer.Argument(help="The force's name in the exchange, such as aldmere.")]
Database = Annotated[
    str,
    typer.Option("--database", envvar="CONTINUUM_HUB_DATABASE", help="postgresql://…"),
]
#: Seconds until the hub looks for offers even without a notification; seconds between two checks
#: for expired offers.
LOOK, SWEEP = 5.0, 3600.0


class Commands(TyperGroup):
    """The group of a program's commands. If a command raises Refused, its message is printed
    without a traceback."""

    def invoke(self, ctx: Any) -> Any:
        try:
            return super().invoke(ctx)
        except (Refused, OSError) as error:
            sys.stderr.write(f"{ctx.info_name}: {error}\n")
            raise typer.Exit(2) from None


_PLAIN: dict[str, Any] = {
    "cls": Commands,
    "no_args_is_help": True,
    "pretty_exceptions_enable": False,
    "rich_markup_mode": None,
}
keyservice = typer.Typer(
    name="continuum-keyservice",
    help="Keep the key by which forces find each other. It learns nothing of what they offer.",
    **_PLAIN,
)
hub = typer.Typer(
    name="continuum-hub",
    help="Let forces meet: match blind tokens, and tell both owners.",
    **_PLAIN,
)


def _say(text: str) -> None:
    sys.stdout.write(text + "\n")
    sys.stdout.flush()


def _log(use: Use) -> None:
    _say(msgspec.json.encode(use).decode())


def _service(directory: Path) -> KeyService:
    """Return the key service whose keys are in this directory. Raises Refused if there is none."""
    service = _new(directory)
    if not service.epochs():
        raise Refused(f"{directory} contains no key: make a key service with init")
    return service


def _new(directory: Path) -> KeyService:
    return KeyService(directory, lambda: datetime.now(UTC), _log)


# --- the key service ----------------------------------------------------------------------------


@keyservice.command("init")
def make_service(directory: Directory) -> None:
    """Make the directory of the key service, with its first key."""
    _new(directory).set_up()
    show_keys(directory)


@keyservice.command("keys")
def show_keys(directory: Directory) -> None:
    """Show the number of the key in use, and the public key of every key, for forces to pin."""
    _say(msgspec.json.encode(_service(directory).keys()).decode())


@keyservice.command("register")
def register(
    directory: Directory,
    force: Force,
    a_day: Annotated[int, typer.Option(help="Tokens that it may have in a day.")] = A_DAY,
) -> None:
    """Register a force, or give it another secret, which is shown this once and not stored."""
    _say(_service(directory).register(force, a_day))


def _day(text: str) -> date:
    """Return the day that a typed text means."""
    try:
        return parse_day(text)
    except ValueError as error:
        raise typer.BadParameter(str(error)) from error


@keyservice.command("bulk")
def allow_bulk(
    directory: Directory,
    force: Force,
    tokens: Annotated[int, typer.Argument(help="How many tokens.")],
    until: Annotated[date, typer.Argument(parser=_day, metavar="DAY", help="Until which day.")],
) -> None:
    """Give a force many tokens until a day, to renew its offers."""
    _service(directory).allow_bulk(force, tokens, until)


@keyservice.command("rotate")
def rotate(directory: Directory) -> None:
    """Make the next key. The one before answers until it is retired."""
    _service(directory).rotate()
    show_keys(directory)


@keyservice.command("retire")
def retire(directory: Directory, key: Annotated[int, typer.Argument(help="Its number.")]) -> None:
    """Delete a key that is no longer in use."""
    _service(directory).retire(key)


@keyservice.command("log")
def show_log(
    directory: Directory,
    after: Annotated[str, typer.Option(help="A time, as it stands in the log.")] = "",
) -> None:
    """Show the requests: force, time, purpose and number."""
    for use in _service(directory).uses(after):
        _log(use)


@keyservice.command("serve")
def serve(
    directory: Directory,
    port: Annotated[int, typer.Option(help="On this machine; a proxy speaks TLS.")] = 8444,
) -> None:
    """Answer requests for tokens, until Ctrl-C."""
    # imported here, because the other commands need no server
    import uvicorn

    from access.connections import Connection
    from exchange.serving import application

    app = application(_service(directory))
    uvicorn.run(
        app,
        http=Connection,
        host="127.0.0.1",
        port=port,
        log_level="warning",
        access_log=False,
        lifespan="off",
    )


# --- the hub ------------------------------------------------------------------------------------


@contextmanager
def _database(address: str) -> Iterator[Any]:
    import psycopg

    from access.transport import read_address

    read_address(address, "the address of the hub's database")
    try:
        with psycopg.connect(address, autocommit=True) as connection:
            yield connection
    except psycopg.Error as error:
        message = error.diag.message_primary or str(error).partition("\n")[0]
        raise Refused(f"the hub's database refuses this: {message}") from None


@hub.command("init")
def make_hub(database: Database) -> None:
    """Make the hub's tables, or update them to this release."""
    from exchange import national

    with _database(database) as connection:
        national.set_up(connection)


@hub.command("add")
def add_force(
    database: Database,
    force: Force,
    follow: Annotated[
        str | None, typer.Option(help="The force's database, from which the hub subscribes.")
    ] = None,
) -> None:
    """Add a force. Without --follow its offers come in files (take)."""
    from exchange import national

    with _database(database) as connection:
        national.add_force(connection, force)
        if follow:
            national.follow(connection, force, follow, f"hub_{force}", make_slot=True)


@hub.command("follow")
def follow(
    database: Database,
    force: Force,
    address: Annotated[str, typer.Argument(help="The force's database.")],
) -> None:
    """Subscribe to a force. Repeat this command after the force's replication slot was cut off, or
    if the force's database moved to another site. Rows that the hub already has change nothing.
    """
    from exchange import national

    with _database(database) as connection:
        national.follow(connection, force, address, f"hub_{force}", make_slot=True)


@hub.command("take")
def take(database: Database, force: Force, file: typer.FileText) -> None:
    """Read in a file that a force wrote with `continuum exchange send`, and match its offers."""
    from exchange import handover, national

    with _database(database) as connection:
        national.deliver(connection, force, handover.read_rows(file, force))
        national.match_all(connection)


@hub.command("give")
def give(database: Database, force: Force, file: typer.FileTextWrite) -> None:
    """Write a force's messages, for `continuum exchange take`; `delete_delivered` deletes them
    here."""
    from exchange import handover, national

    with _database(database) as connection:
        handover.write_messages(file, force, national.list_messages(connection, force))


@hub.command("taken")
def delete_delivered(database: Database, force: Force, file: typer.FileText) -> None:
    """Delete the messages that a force received in a file and has recorded."""
    from exchange import handover, national

    numbers = [status.id for status in handover.read_messages(file, force)]
    with _database(database) as connection:
        national.forget(connection, force, numbers)


@hub.command("run")
def run(database: Database) -> None:
    """Match arriving offers until Ctrl-C, and end expired ones. Several of these may run at
    once."""
    from exchange import national

    with _database(database) as connection:
        national.listen(connection)
        swept = float("-inf")
        while True:
            national.match_all(connection)
            if time.monotonic() - swept > SWEEP:
                national.expire(connection)
                swept = time.monotonic()
            for _ in connection.notifies(timeout=LOOK, stop_after=1):
                break


@hub.command("check")
def check(database: Database) -> None:
    """Show for each force whether it is connected, how much is waiting, and the keys of its
    offers."""
    from exchange import national

    with _database(database) as connection:
        linked_forces = national.list_links(connection)
    _say(json.dumps(linked_forces, default=str))
    for sentence in national.describe_unmatched(linked_forces):
        sys.stderr.write(sentence + "\n")
