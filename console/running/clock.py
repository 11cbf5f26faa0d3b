"""Commands that correct the times of new records after a clock fault: one person states that the
clock is right again, and another confirms this.
"""

from typing import Annotated

import typer

from commands.kernel import right_time
from console.engine.options import CommandId
from console.engine.parsing import parse_uuid
from console.engine.session import CommandSession, note

clock_app = typer.Typer(no_args_is_help=True)
Reason = Annotated[str, typer.Option("--reason", help="How you know.")]


def register(app: typer.Typer) -> None:
    """Add this module's commands to the command line."""
    app.add_typer(clock_app, name="clock")


@clock_app.command("propose")
def propose(context: typer.Context, reason: Reason, command_id: CommandId = None) -> None:
    """Propose that the clock is right now. Use it after a wrong clock was set, or after the store
    rested for long; compare the clock with another one first."""
    session: CommandSession = context.obj
    session.duty("verify")
    system = session.open()
    receipt = right_time.propose(
        session.desk, system.logs, session.reader, reason, command_id=parse_uuid(command_id)
    )
    now = f"{system.logs['evidence'].now():%Y-%m-%d %H:%M} UTC"
    session.receipt(
        receipt,
        f"Proposed; a second person has to confirm it (the clock is right: {now})",
        "They confirm it with: continuum --user SECOND-PERSON clock confirm",
    )


@clock_app.command("refuse")
def refuse(context: typer.Context, reason: Reason, command_id: CommandId = None) -> None:
    """Refuse or cancel a proposal that the clock is right."""
    session: CommandSession = context.obj
    receipt = right_time.refuse(
        session.desk, session.reader, reason, command_id=parse_uuid(command_id)
    )
    session.receipt(receipt, "Refused: set the clock first")


@clock_app.command("confirm")
def confirm(context: typer.Context) -> None:
    """Confirm that the clock is right. Another person proposed it. Deadlines of records with a
    wrong date then run from the right time."""
    session: CommandSession = context.obj
    system = session.open()
    dated = right_time.wrongly_dated(system.logs)
    receipt = right_time.confirm(session.desk, system.logs, session.reader)
    session.desk.clock_said = None
    session.receipt(
        receipt,
        "Confirmed: the clock is right",
        *(
            f"{interval.log}: records {interval.first} to {interval.last} were dated wrong"
            for interval in dated
        ),
    )
    system.views.rebuild()
    note("The views were rebuilt: deadlines run from the right time.")
