"""Restrictions and review: what is out of ordinary use, or due for a decision."""

from typing import Annotated, Any
from uuid import UUID

import typer

from console.entries import parse_uuid
from console.options import CommandId, Reason
from console.session import Session, note, short, stamp, table

retention_app = typer.Typer(help="Review, retention, disposal (MoPI).", no_args_is_help=False)
Item = Annotated[
    str, typer.Argument(metavar="REF", help="An item: its id, a case's number, or a name.")
]


def register(app: typer.Typer) -> None:
    """Add this module's commands."""
    for command in (restrict, unrestrict):
        app.command()(command)
    app.add_typer(retention_app, name="retention")


def subject(session: Session, text: str) -> UUID:
    """An item that a view knows, or a source or a file by its whole id. Raises Hidden."""
    from commands import erasure
    from domain.values import Hidden

    try:
        return session.item(text)
    except Hidden:
        if found := erasure.subject(session.desk, session.reader, text):
            return found
        raise


def restrict(
    context: typer.Context, item: Item, reason: Reason, command_id: CommandId = None
) -> None:
    """Take an item, with all that is its own, out of ordinary use; it can be put back."""
    from commands import erasure, retention

    session: Session = context.obj
    one = subject(session, item)
    changed = retention.restrict(
        session.desk,
        session.reader,
        erasure.own_items(session.desk, one),
        reason,
        command_id=parse_uuid(command_id),
    )
    session.tell(
        {"id": one, "restricted": changed},
        [f"Restricted: {one}", f"  {len(changed)} items in all; show still tells of each."],
    )


def unrestrict(
    context: typer.Context, item: Item, reason: Reason, command_id: CommandId = None
) -> None:
    """Put an item, with all that is its own, back into ordinary use."""
    from commands import erasure, retention

    session: Session = context.obj
    one = subject(session, item)
    changed = retention.unrestrict(
        session.desk,
        session.reader,
        erasure.own_items(session.desk, one),
        reason,
        command_id=parse_uuid(command_id),
    )
    session.tell({"id": one, "lifted": changed}, [f"In use again: {one} ({len(changed)} items)"])


@retention_app.callback(invoke_without_command=True)
def retained(
    context: typer.Context,
    due: Annotated[
        str | None, typer.Option("--due", help="Due by this time; else what is due now.")
    ] = None,
    everything: Annotated[bool, typer.Option("--all", help="Also what is due later.")] = False,
) -> None:
    """What is due for review, since when and why; and the holds and restrictions that stand."""
    from commands import erasure
    from projections import retention

    if context.invoked_subcommand:
        return
    session: Session = context.obj
    now = session.now()
    by = None if everything else session.when(due, last=True) or now
    rules = session.desk.policy.retention
    with session.reading() as db:
        found = retention.due(db, session.reader, rules, now, by=by)
        holds = retention.holds(db, session.reader)
        restrictions = retention.restrictions(db, session.reader)
    waiting = erasure.unfinished(session.desk)
    lines = table(
        ("id", "kind", "group", "due", "since", "why", "held"),
        [
            (
                short(one.id),
                one.kind,
                one.group,
                stamp(one.due)[:10],
                stamp(one.since)[:10],
                one.why,
                ", ".join(one.held),
            )
            for one in found
        ],
        "Nothing is due for review.",
    )
    if holds:
        lines += ["", "Legal holds", *(f"  {line}" for line in map(hold_line, holds))]
    if restrictions:
        lines += ["", "Restricted", *(f"  {_line(one)}" for one in restrictions)]
    data = {"due": found, "holds": holds, "restrictions": restrictions, "unfinished": waiting}
    session.answer(data, lines)
    if waiting:
        note("An approved erasure is not finished: run continuum erase --resume")


def hold_line(row: Any) -> str:
    """A hold in one line: what it is about, its order, and what is still to be done."""
    told = [f"{short(row.hold)}  {about(row)} ({row.ground})", f"since {stamp(row.since)[:10]}"]
    told.append(f"by {row.by}" + (f" for {row.team}" if row.team else ""))
    if row.reference:
        told.append(f"order {row.reference}")
    if row.review:
        told.append(f"review by {stamp(row.review)[:10]}")
    if row.confirm_by and row.confirmed_by is None:
        told.append(f"A SECOND PERSON CONFIRMS IT by {stamp(row.confirm_by)}")
    return "  ".join(told)


def about(row: Any) -> str:
    """What a hold is about, in words; an item by the end of its id."""
    match row.kind:
        case "store":
            return "the whole store"
        case "team":
            return f"all of team {row.of_team}"
        case "category":
            return f"all {row.category.replace('-', ' ')}"
        case "period":
            ends = (stamp(one)[:10] if one else "…" for one in (row.starts, row.ends))
            return "the period " + " to ".join(ends)
    return f"{row.kind} {short(row.item)}"


def _line(row: Any) -> str:
    return f"{short(row.item)}  since {stamp(row.since)[:10]}  by {row.by}"
