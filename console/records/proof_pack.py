"""The command that writes the proofs of an item and its whole trail as one archive."""

import time
from pathlib import Path
from typing import Annotated

import typer

from commands.data_protection import proof_pack
from console.engine.options import Purpose, Recipient
from console.engine.parsing import BadInput, hand_over, require_room
from console.engine.session import CommandSession, note
from console.records.integrity import Checkpoints, RecordOpener, provable
from installation import auditing


def register(app: typer.Typer) -> None:
    """Add this module's commands to the command line."""
    app.command()(pack)


def pack(
    context: typer.Context,
    item: Annotated[
        str | None, typer.Argument(metavar="[ID]", help="A charge, report, link, log entry …")
    ] = None,
    file: Annotated[
        Path | None, typer.Argument(metavar="[FILE]", help="The new file for the archive.")
    ] = None,
    with_words: Annotated[
        bool, typer.Option("--with-words", help="Include the words: personal data.")
    ] = False,
    recipient: Recipient = None,
    purpose: Purpose = None,
    wait: Annotated[
        float, typer.Option(help="Seconds to wait for the signer.", min=0, max=600)
    ] = 15.0,
    finish: Annotated[
        Path | None,
        typer.Option(help="Complete a pack made before the signer had signed its list."),
    ] = None,
    checkpoints: Checkpoints = None,
) -> None:
    """Write the proofs of an item and its whole trail. They are checked offline: python -I
    verify.py FILE --policy POLICY."""
    import msgspec

    session: CommandSession = context.obj
    if finish is not None and item is None:
        _finish(session, finish, checkpoints)
        return
    if item is None or file is None or finish is not None:
        raise BadInput("give either an ID and a new FILE, or --finish FILE")
    require_room(file, new=True)
    found_item = provable(session, item)
    opens = RecordOpener(session) if with_words else None
    waiting = proof_pack.SignerPatience(wait, time.sleep)
    with auditing.open_office(session.settings(), checkpoints) as office:
        made = proof_pack.make(
            session.desk,
            session.reader,
            office,
            found_item,
            waiting,
            opens=opens,
            recipient=recipient,
            purpose=purpose,
        )
    session.consulted(msgspec.json.encode(made.trail))
    hand_over(file, made.content, new=True)
    if opens:
        opens.print_withheld()
    if not made.finished:
        note(
            "The signer has not signed this pack yet, and no verifier accepts it: once it has, "
            f"continuum pack --finish {file}"
        )
    session.print_message(
        {"id": found_item, "file": str(file), "items": len(made.items), "finished": made.finished},
        [f"{file}: {len(made.items)} items, each with its proof and its sources"],
    )


def _finish(session: CommandSession, file: Path, checkpoints: Path | None) -> None:
    """Complete an archive of proofs: add the proof that its list of contents (the manifest) was
    recorded in the access log. The archive can be read without this proof, too."""
    try:
        content = file.read_bytes()
    except OSError as error:
        raise BadInput(f"{file} cannot be read: {error.strerror}") from None
    with auditing.open_office(session.settings(), checkpoints) as office:
        finished = office.finish_pack(content)
    beside = file.with_name(file.name + ".new")
    beside.write_bytes(finished)
    beside.replace(file)
    session.print_message({"file": str(file), "finished": True}, [f"{file}: the pack is complete"])
