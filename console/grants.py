"""Looking further than one's role, for a time: glass, authority, entry."""

from typing import Annotated, Any, Literal
from uuid import UUID

import typer

from console.entries import BadInput, parse_uuid
from console.options import CommandId, Reason
from console.session import Session, short, stamp, table

glass_app = typer.Typer(help="Break the glass of one case for an hour.", no_args_is_help=True)
authority_app = typer.Typer(
    help="An auditor's or a disclosure officer's authority for one case.", no_args_is_help=True
)
entry_app = typer.Typer(
    help="Who told us one thing: for a threat to life, by two people.", no_args_is_help=True
)
Ref = Annotated[str, typer.Argument(metavar="CASE", help="The case: number, reference or id.")]
One = Annotated[str, typer.Argument(metavar="ID", help="From the list: an id or its last eight.")]
Judged = Annotated[
    Literal["justified", "not-justified"], typer.Argument(help="What you think of it.")
]


def register(app: typer.Typer) -> None:
    """Add this module's commands."""
    app.add_typer(glass_app, name="glass")
    app.add_typer(authority_app, name="authority")
    app.add_typer(entry_app, name="entry")


def _one(session: Session, text: str, *kinds: Any) -> UUID:
    from commands import grant

    with session.reading() as db:
        found = grant.find(db, session.reader, text, session.now(), kinds)
    if found is None:
        raise BadInput(f"there is no such grant {text!r}: the list names them")
    return found


def _list(session: Session, *kinds: Any) -> None:
    from commands import grant

    with session.reading() as db:
        rows = grant.listed(db, session.reader, session.now())
    rows = [row for row in rows if row.kind in kinds]
    session.answer(rows, opened_lines(rows, "Nothing is open, and no review is owed."))


def opened_lines(rows: list[Any], empty: str) -> list[str]:
    """What was opened, for a person."""
    return table(
        ("id", "since", "what", "of", "who", "until", "state", "review due", "why"),
        [
            (
                short(row.id),
                stamp(row.since),
                row.kind,
                short(row.item),
                " and ".join(row.who),
                stamp(row.until),
                row.state,
                (stamp(row.due) + (" OVERDUE" if row.overdue else "")) if row.due else "-",
                row.reason,
            )
            for row in rows
        ],
        empty,
    )


# --- glass --------------------------------------------------------------------------------------


@glass_app.command("break")
def glass_break(
    context: typer.Context, case: Ref, reason: Reason, command_id: CommandId = None
) -> None:
    """See one case that is not yours, for an hour. Whose it is learns of it, and somebody else
    reviews it within a day."""
    from commands import grant

    session: Session = context.obj
    receipt = grant.break_glass(
        session.desk, session.reader, case, reason, command_id=parse_uuid(command_id)
    )
    session.receipt(receipt, "Open for an hour", "Close it when you have seen enough: glass close")


@glass_app.command("close")
def glass_close(context: typer.Context, one: One, command_id: CommandId = None) -> None:
    """You have seen what you opened it for."""
    from commands import grant

    session: Session = context.obj
    found = _one(session, one, "glass")
    receipt = grant.close_glass(
        session.desk, session.reader, found, command_id=parse_uuid(command_id)
    )
    session.receipt(receipt, "Closed")


@glass_app.command("review")
def glass_review(
    context: typer.Context, one: One, judged: Judged, reason: Reason, command_id: CommandId = None
) -> None:
    """Say what you think of it; whoever looked does not review."""
    _review(context.obj, _one(context.obj, one, "glass"), judged, reason, command_id)


@glass_app.command("list")
def glass_list(context: typer.Context) -> None:
    """What is open, and what waits for its review."""
    _list(context.obj, "glass")


def _review(session: Session, one: UUID, judged: Any, reason: str, command_id: str | None) -> None:
    from commands import grant

    receipt = grant.review(
        session.desk, session.reader, one, judged, reason, command_id=parse_uuid(command_id)
    )
    session.receipt(receipt, f"Reviewed ({judged})")


# --- authorities --------------------------------------------------------------------------------


@authority_app.command("give")
def authority_give(
    context: typer.Context,
    user: Annotated[str, typer.Argument(metavar="USER", help="Who may look.")],
    case: Ref,
    given_for: Annotated[
        Literal["audit", "disclosure"],
        typer.Option("--for", help="audit: the first words; disclosure: all of it."),
    ],
    until: Annotated[str, typer.Option(help="When it ends, at most 92 days from now.")],
    reason: Reason,
    command_id: CommandId = None,
) -> None:
    """Let somebody see one case for a time; what is for disclosure waits for a second person."""
    from commands import grant

    session: Session = context.obj
    found = session.item(case, "case")
    receipt = grant.give_authority(
        session.desk,
        session.reader,
        user,
        found,
        given_for,
        session.time(until, last=True),
        reason,
        command_id=parse_uuid(command_id),
    )
    waits = "It waits for a second person: authority approve"
    session.receipt(receipt, f"Given to {user}", *([waits] if given_for == "disclosure" else []))


@authority_app.command("approve")
def authority_approve(context: typer.Context, one: One, command_id: CommandId = None) -> None:
    """The second person approves it."""
    from commands import grant

    session: Session = context.obj
    found = _one(session, one, "audit", "disclosure")
    receipt = grant.approve_authority(
        session.desk, session.reader, found, command_id=parse_uuid(command_id)
    )
    session.receipt(receipt, "Approved")


@authority_app.command("end")
def authority_end(context: typer.Context, one: One, command_id: CommandId = None) -> None:
    """It ends now."""
    from commands import grant

    session: Session = context.obj
    found = _one(session, one, "audit", "disclosure")
    receipt = grant.end_authority(
        session.desk, session.reader, found, command_id=parse_uuid(command_id)
    )
    session.receipt(receipt, "Ended")


@authority_app.command("list")
def authority_list(context: typer.Context) -> None:
    """Which authorities stand or wait."""
    _list(context.obj, "audit", "disclosure")


# --- one entry of the source register -----------------------------------------------------------


@entry_app.command("ask")
def entry_ask(
    context: typer.Context,
    item: Annotated[str, typer.Argument(metavar="ID", help="The words: an observation.")],
    reason: Reason,
    command_id: CommandId = None,
) -> None:
    """Ask who told this, for a threat to life. Nobody sees it until a second person joins."""
    from commands import grant

    session: Session = context.obj
    receipt = grant.ask_entry(
        session.desk,
        session.reader,
        session.item(item, "observation"),
        reason,
        command_id=parse_uuid(command_id),
    )
    session.receipt(
        receipt,
        "Asked",
        "A second person joins with: entry join ID",
        "If nobody has within ten minutes, an inspector opens it with: entry alone ID",
    )


@entry_app.command("join")
def entry_join(context: typer.Context, one: One, command_id: CommandId = None) -> None:
    """Join as the second person: both see who told it, for an hour; the handler is alerted."""
    from commands import grant

    session: Session = context.obj
    found = _one(session, one, "entry")
    receipt = grant.join_entry(
        session.desk, session.reader, found, command_id=parse_uuid(command_id)
    )
    session.receipt(receipt, "Open to two people for an hour")


@entry_app.command("alone")
def entry_alone(context: typer.Context, one: One, command_id: CommandId = None) -> None:
    """For a threat to life, where nobody joined within ten minutes: an inspector sees it alone. The
    handler is alerted, and it is reviewed within a day."""
    from commands import grant

    session: Session = context.obj
    found = _one(session, one, "entry")
    receipt = grant.open_alone(
        session.desk, session.reader, found, command_id=parse_uuid(command_id)
    )
    session.receipt(receipt, "Open to you alone for an hour; a review is owed within a day")


@entry_app.command("review")
def entry_review(
    context: typer.Context, one: One, judged: Judged, reason: Reason, command_id: CommandId = None
) -> None:
    """The register's handler says what they think of it."""
    _review(context.obj, _one(context.obj, one, "entry"), judged, reason, command_id)


@entry_app.command("list")
def entry_list(context: typer.Context) -> None:
    """What is asked, open, or waits for its review."""
    _list(context.obj, "entry")
