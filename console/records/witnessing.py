"""Commands of a witness, an organisation that signs the checkpoints of another organisation's logs.
The witness's signature confirms that all readers see the same log."""

import sys
from pathlib import Path
from typing import Annotated

import typer

from console.engine.parsing import BadInput
from console.engine.session import CommandSession, note
from console.records.integrity import Passphrase
from console.running.serve import OWN, listening_on
from installation import auditing
from web.server import witness_server

witness_app = typer.Typer(no_args_is_help=True)
State = Annotated[Path, typer.Option("--state", help="The witness's own directory.")]


def register(app: typer.Typer) -> None:
    """Add this module's commands to the command line."""
    app.add_typer(witness_app, name="witness")


@witness_app.command()
def init(
    state: State,
    name: Annotated[str, typer.Option(help="The name under which you sign: council.example/1")],
    passphrase_file: Passphrase = None,
) -> None:
    """Make a witness and its key. It also prints the verifier key that goes into policies."""
    sys.stdout.write(auditing.open_witness(state, passphrase_file).init(name) + "\n")


@witness_app.command()
def sign(
    context: typer.Context,
    checkpoint: Annotated[Path, typer.Argument(help="The checkpoint that a signer published.")],
    state: State,
    policy: Annotated[Path, typer.Option(help="The origins and keys that you pinned.")],
    grown: Annotated[
        Path | None,
        typer.Option("--proof", help="The proof that it continues the last one you signed."),
    ] = None,
    passphrase_file: Passphrase = None,
) -> None:
    """Sign a checkpoint that continues the last one. Any other checkpoint is refused."""
    session: CommandSession = context.obj
    second = int(session.wall_clock().timestamp())
    witness = auditing.open_witness(state, passphrase_file)
    sys.stdout.write(witness.sign_files(checkpoint, policy, grown, second))


@witness_app.command()
def serve(
    context: typer.Context,
    state: State,
    policy: Annotated[
        list[Path], typer.Option(help="The origins and keys that you pinned; repeatable.")
    ],
    host: Annotated[str, typer.Option(help="The address to listen on.")] = "127.0.0.1",
    port: Annotated[int, typer.Option(help="The port to listen on.", min=1, max=65535)] = 8010,
    behind_https: Annotated[
        bool, typer.Option("--behind-https", help="A proxy on this machine handles https.")
    ] = False,
    passphrase_file: Passphrase = None,
) -> None:
    """Answer signers over HTTP (C2SP tlog-witness). Ctrl-C ends it."""
    if host not in OWN and not behind_https:
        raise BadInput(
            f"other machines could read what is sent to {host}: put an https proxy before it, "
            "and confirm that "
            "with --behind-https"
        )
    session: CommandSession = context.obj
    witness = auditing.open_witness(state, passphrase_file)
    answers = auditing.witness_answers(
        witness, policy, lambda: int(session.wall_clock().timestamp())
    )
    listening = listening_on(host, port)
    shown = f"[{host}]" if ":" in host else host
    note(f"{witness.name()} witnesses on http://{shown}:{port} (Ctrl-C ends it)")
    witness_server.serve_witness(answers, listening)
