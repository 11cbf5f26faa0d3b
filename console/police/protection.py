"""Commands for alerts, and for children to consider because of a suspect."""

from typing import Annotated, Any, Literal
from uuid import UUID

import typer

from commands.families import protection as protection_commands
from commands.kernel import entity
from commands.people_and_teams import grant, rota
from console.engine.options import CommandId
from console.engine.parsing import BadInput, parse_uuid
from console.engine.question_tables import lines as listed_lines
from console.engine.session import CommandSession, short, stamp
from console.engine.table import table
from network.people import alerts as network_alerts
from projections.families import protection

Number = Annotated[int | None, typer.Option(help="Which of the listed alerts.", min=1)]


def register(app: typer.Typer) -> None:
    """Add this module's commands to the command line."""
    for command in (alerts, consider):
        app.command()(command)


def alerts(
    context: typer.Context,
    answer: Annotated[
        str | None, typer.Option(metavar="ID", help="Answer the alert. Use: alert answer.")
    ] = None,
    done: Annotated[
        Literal["acted", "no-action"], typer.Option(help="With --answer: what was decided.")
    ] = "acted",
    reason: Annotated[str | None, typer.Option(help="With --answer: why.")] = None,
    every: Annotated[bool, typer.Option("--all", help="Include answered alerts.")] = False,
    command_id: CommandId = None,
) -> None:
    """List all that is urgent and has no owner yet. It shows urgent log entries that no worker has
    taken, with who is on call; a suspect near a placement or in a child's home; the arrest of a
    victim or a parent; and emergency access, until it is reviewed."""
    session: CommandSession = context.obj
    if answer:
        receipt = network_alerts.answer(
            session.desk,
            session.reader,
            answer,
            done,
            reason or "",
            command_id=parse_uuid(command_id),
        )
        session.receipt(receipt, f"Answered ({done})")
        return
    with session.reading() as db:
        rows = network_alerts.list_alerts(db, session.reader, include_all=every)
        opened = grant.list_unreviewed(db, session.reader, session.now())
        untaken = rota.list_untaken(session.desk, session.reader, db)
        called = rota.on_call_in(session.desk, db, session.reader.team)
    lines = listed_lines(rows, network_alerts.Alert.columns, "No open alert.")
    if any(row.holders or row.unheld for row in rows):
        lines.append(
            "Ask a worker with access, or the person on call. "
            "For access at once: emergency-access open"
        )
    if opened:
        lines += ["", *listed_lines(opened, grant.OpenedAccess.columns, "")]
    if untaken:
        lines += ["", f"Urgent, not taken by a worker ({len(untaken)})"]
        lines += [
            f"  {short(entry.id)}  since {stamp(entry.since)}  "
            f"{rota.describe_on_call(entry.on_call)}"
            for entry in untaken
        ]
    lines += ["", rota.describe_for_page(called)]
    session.answer([*untaken, *rows, *opened], lines)


def consider(
    context: typer.Context,
    suspect: Annotated[str, typer.Argument(metavar="SUSPECT", help="An id or a name.")],
    refer: Annotated[
        str | None,
        typer.Option(metavar="CHILD", help="Refer this child: its number in the list, or its id."),
    ] = None,
    known: Annotated[
        str | None,
        typer.Option(metavar="CHILD", help="This child is known already: no new referral."),
    ] = None,
    not_now: Annotated[
        str | None, typer.Option(metavar="CHILD", help="No referral of this child for now.")
    ] = None,
    reason: Annotated[str | None, typer.Option(help="Why.")] = None,
    command_id: CommandId = None,
) -> None:
    """List children possibly at risk from a suspect. Refer each of them, or say why not. They are
    never linked to each other."""
    from network.people import risk

    session: CommandSession = context.obj
    with session.reading() as db:
        who, _ = entity.resolve_entity(session.desk, db, session.reader, suspect)
        at_risk = risk.children_at_risk(db, session.reader, who)
        lead = (at_risk.rows[0].suspect if at_risk.rows else None) or who
        decided = protection.considered(db, session.reader, lead)
    chosen = [(refer, "referred"), (known, "known-already"), (not_now, "not-now")]
    decisions_made = [(child, decision) for child, decision in chosen if child]
    if len(decisions_made) > 1:
        raise BadInput(
            "this command decides about one child: give only one of --refer, --known and --not-now"
        )
    if decisions_made:
        _decide(session, at_risk.rows, *decisions_made[0], reason or "", command_id)
        return
    rows = [
        {
            "number": number,
            "id": row.id,
            "label": row.label,
            "is_child": row.is_child,
            "reasons": row.reasons,
            "decision": decided[row.id].decision if row.id in decided else None,
            "decided_by": decided[row.id].by if row.id in decided else None,
        }
        for number, row in enumerate(at_risk.rows, start=1)
    ]
    table_rows = [
        (
            row["number"],
            row["label"],
            "; ".join(_why(reason_row) for reason_row in at_risk.rows[index].reasons),
            row["decision"],
        )
        for index, row in enumerate(rows)
    ]
    lines = table(("", "who", "why", "decided"), table_rows, "No child is linked to this suspect.")
    if at_risk.ungraded:
        lines.append(f"{at_risk.ungraded} ungraded not shown.")
    session.answer(rows, lines)


def _why(reason: Any) -> str:
    way = f" through {reason.via_label}" if reason.via_label else ""
    return f"{', '.join(reason.kinds)}{way} ({reason.grade or 'ungraded'})"


def _decide(
    session: CommandSession,
    rows: Any,
    child: str,
    decision: Any,
    reason: str,
    command_id: str | None,
) -> None:
    wanted = child.strip().lower().replace("-", "")
    fits = [
        row
        for number, row in enumerate(rows, start=1)
        if str(number) == wanted or (len(wanted) >= 6 and row.id.hex.endswith(wanted))
    ]
    if len(fits) != 1:
        raise BadInput(
            f"{child!r} is not in the list of children at risk: give a child's number in the "
            "list, or the child's id"
        )
    (row,) = fits
    links: list[UUID] = [link for reason_row in row.reasons for link in reason_row.links]
    receipt = protection_commands.consider(
        session.desk,
        session.reader,
        row.suspect,
        row.id,
        decision,
        reason,
        because_of=tuple(str(item) for item in dict.fromkeys(links)),
        command_id=parse_uuid(command_id),
    )
    session.receipt(receipt, f"Considered ({decision})")
