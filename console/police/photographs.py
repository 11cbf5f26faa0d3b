"""The command that attaches a photograph of a paper log to a log entry, and stores it encrypted."""

from pathlib import Path
from typing import Annotated

import typer

from commands.data_protection import exporting
from commands.information import photograph
from commands.kernel import item_references
from console.engine.options import BecauseOf, CommandId, Purpose, Recipient
from console.engine.parsing import BadInput, hand_over, parse_uuid, require_room
from console.engine.session import CommandSession
from ingest.words import photograph as photograph_reading


def register(app: typer.Typer) -> None:
    """Add this module's command to the command line."""
    app.command("log-photo")(log_photo)


def log_photo(
    context: typer.Context,
    item: Annotated[
        str,
        typer.Argument(
            metavar="ID", help="The log entry: its full id or the last eight characters."
        ),
    ],
    file: Annotated[
        Path | None, typer.Argument(metavar="[FILE]", help="The photograph: JPEG, PNG or WebP.")
    ] = None,
    paper: Annotated[
        bool, typer.Option("--paper", help="It shows paper and nothing else.")
    ] = False,
    shows_nobody: Annotated[
        bool,
        typer.Option("--shows-nobody", help="The paper does not show who wrote the log."),
    ] = False,
    out: Annotated[Path | None, typer.Option("--out", help="Save it to this new file.")] = None,
    number: Annotated[int, typer.Option(help="Which photograph to save.", min=1)] = 1,
    as_it_came: Annotated[
        bool, typer.Option("--as-it-came", help="Include what the camera wrote into it.")
    ] = False,
    recipient: Recipient = None,
    purpose: Purpose = None,
    because_of: BecauseOf = None,
    command_id: CommandId = None,
) -> None:
    """Attach a photograph of a paper log. It is encrypted, and may be removed on record. Photograph
    paper only. If a screen shows sexual images of a child, do not photograph or forward them: keep
    the device safe and ring the police."""
    session: CommandSession = context.obj
    if (file is None) == (out is None):
        raise BadInput("give the photograph's FILE to attach it, or --out FILE to save it")
    if file is None:
        _take_out(session, item, out or Path(), number, as_it_came, recipient, purpose)
        return
    try:
        with file.open("rb") as came:
            content = came.read(photograph.LARGEST + 1)
    except OSError as error:
        raise BadInput(f"{file} cannot be read: {error.strerror}") from error
    system, command = session.open(), parse_uuid(command_id)
    receipt = photograph.take(
        system.desk,
        session.reader,
        system.originals,
        item,
        photograph_reading.read(content),
        paper=paper,
        shows_writer=not shows_nobody,
        command_id=command,
        because_of=item_references.causes(system.desk, session.reader, because_of or (), command),
    )
    session.print_message(
        {"id": receipt.id, "ref": receipt.ref, "recorded": receipt.recorded},
        ["The photograph is attached and encrypted. Delete it from the camera."],
    )


def _take_out(
    session: CommandSession,
    named: str,
    out: Path,
    number: int,
    as_it_came: bool,
    recipient: str | None,
    purpose: str | None,
) -> None:
    from hashlib import sha256

    require_room(out, new=True)
    system = session.open()
    item = item_references.about(system.desk, session.reader, named, "observation")
    with session.reading() as db:
        parts = photograph.read(
            system.desk, db, session.reader, system.originals, item, number, as_it_came=as_it_came
        )
        content = b"".join(parts)
    session.consulted(str(item).encode())
    exporting.record_export(
        system.desk,
        session.reader,
        form="log-photo",
        sha256=sha256(content).hexdigest(),
        ids=[item],
        filters={"number": str(number)},
        recipient=recipient,
        purpose=purpose,
    )
    hand_over(out, content, new=True)
    session.print_message(
        {"file": str(out), "bytes": len(content)}, [f"{out}: {len(content)} bytes"]
    )
