"""The assessor's commands: queue, triage, brief."""

from collections.abc import Sequence
from contextlib import suppress
from typing import Annotated, Any, Literal

import typer

from commands.information import observation
from commands.people_and_teams import store_admin
from console.engine.options import CommandId
from console.engine.parsing import WHEN, BadInput, parse_uuid
from console.engine.session import CommandSession, note, short, stamp
from console.engine.table import table
from domain.kernel import envelope
from projections.information import queue as queue_view
from projections.intelligence import brief as brief_view
from projections.intelligence import silent_hits
from projections.kernel import queries
from questions.intelligence import brief as brief_questions

Outcome = Literal["assess", "refer", "safeguard", "more-needed", "no-value"]
#: The number of rows of the queue that are printed for a person, and the largest value of --limit.
SHOWN, MOST_ASKED = 50, 1_000_000


def register(app: typer.Typer) -> None:
    """Add this module's commands to the command line."""
    for command in (queue, triage, brief):
        app.command()(command)


def clocks(session: CommandSession) -> Any:
    """Return the time limits for log entries that this store uses."""
    policy = session.desk.policy
    return queue_view.Clocks(policy.urgent, policy.other, policy.on_call)


def _whose(row: Any) -> str:
    return f"no worker: ring {row.goes_to}" if row.goes_to else "no worker"


def _state(row: Any) -> str:
    flags = []
    if row.urgent:
        flags.append("URGENT" if row.raised else "URGENT (proposed)")
    if row.overdue:
        flags.append("OVERDUE")
    if row.restricted:
        flags.append("RESTRICTED")
    return " ".join(flags) or "-"


def queue(
    context: typer.Context,
    overdue: Annotated[bool, typer.Option("--overdue", help="Only overdue entries.")] = False,
    limit: Annotated[
        int | None,
        typer.Option(help="How many at most; default 50, all with --json.", min=1, max=MOST_ASKED),
    ] = None,
    after: Annotated[
        str | None, typer.Option(metavar="ID", help="Continue after this item.")
    ] = None,
) -> None:
    """List unassessed log entries, most urgent first."""
    session: CommandSession = context.obj
    now, waits = session.now(), clocks(session)
    behind = session.item(after, "observation") if after else None
    most = limit or (None if session.json else SHOWN)
    left = 0
    with (
        suppress(envelope.LogUnavailable),
        session.open().reading_with_access_log(silent_hits.VIEW) as db,
    ):
        if owed := silent_hits.count(db, session.reader, now, overdue_only=True):
            searches = f"{queries.figure(owed)} {'search' if owed == 1 else 'searches'}"
            wait = "waits" if owed == 1 else "wait"
            note(f"{searches} matched your records and {wait} for a decision: continuum hits")
    with session.reading() as db:
        place = queue_view.place(db, session.reader, behind) if behind else None
        if behind and place is None:
            raise BadInput(f"{after} is not in the part of the queue that you can see")
        rows, last = queue_view.page(
            db, session.reader, now, waits, overdue_only=overdue, after=place, limit=most
        )
        if last:
            left = queue_view.count_after(
                db, session.reader, now, waits, last, overdue_only=overdue
            )
    session.answer(rows, queue_lines(rows))
    if left:
        again = f"continuum queue{' --overdue' if overdue else ''} --after {short(rows[-1].id)}"
        note(
            f"{queries.figure(left)} more {'waits' if left == 1 else 'wait'}: {again}, or --limit N"
        )


def queue_lines(rows: Sequence[Any]) -> list[str]:
    """Return the lines of a table with the queue."""
    return table(
        ("id", "told", "age", "due", "state", "taken by", "words"),
        [
            (
                short(row.id),
                stamp(row.told),
                f"{row.age_hours:.0f} h",
                stamp(row.due),
                _state(row),
                row.taken_by or _whose(row),
                _clip(_entry_text(row)),
            )
            for row in rows
        ],
        "No log entry to assess.",
    )


def _entry_text(row: Any) -> str:
    """Return an entry's words, after the name of the person who proposes to withdraw it."""
    proposed = f"[{row.withdrawal} proposes to withdraw it] " if row.withdrawal else ""
    return f"{proposed}{row.words}"


def _clip(text: str, width: int = 60) -> str:
    line = " ".join(text.split())
    return line if len(line) <= width else line[: width - 1] + "\N{HORIZONTAL ELLIPSIS}"


def triage(
    context: typer.Context,
    item: Annotated[str | None, typer.Argument(metavar="[ID]", help="The log entry.")] = None,
    outcome: Annotated[Outcome | None, typer.Option(help="The decision.")] = None,
    reason: Annotated[str | None, typer.Option(help="Why.")] = None,
    following: Annotated[
        bool,
        typer.Option("--next", help="The most urgent entry. Without --outcome it is only shown."),
    ] = False,
    looked: Annotated[
        bool,
        typer.Option("--looked", help="I have looked at possible corroboration (said-before)."),
    ] = False,
    command_id: CommandId = None,
) -> None:
    """Decide what happens with a log entry. It takes one item at a time."""
    session: CommandSession = context.obj
    if following:
        with session.reading() as db:
            waiting, _ = queue_view.page(
                db, session.reader, session.now(), clocks(session), undecided=True, limit=1
            )
        if not waiting:
            session.print_message(None, ["No log entry needs a decision."])
            return
        if outcome is None:
            first = waiting[0]
            lines = [
                *queue_lines([first]),
                "",
                first.words,
                "",
                f"Decide: continuum triage {short(first.id)} --outcome … --reason …",
            ]
            session.answer(first, lines)
            return
        item = str(waiting[0].id)
    if item is None or outcome is None or not reason:
        raise BadInput("triage needs an id (or --next), --outcome and --reason")
    receipt = observation.triage(
        session.desk,
        session.reader,
        session.item(item, "observation"),
        outcome,
        reason,
        looked=looked,
        command_id=parse_uuid(command_id),
    )
    session.receipt(receipt, f"Decided: {outcome}")


def brief(
    context: typer.Context,
    since: Annotated[
        str, typer.Option(metavar=WHEN, help="last (the last brief held) or a time.")
    ] = "last",
    hold: Annotated[
        bool, typer.Option("--hold", help="Record that the team looked at it.")
    ] = False,
    limit: Annotated[
        int | None,
        typer.Option(
            help="How many at most in each part; default 200, all with --json.",
            min=1,
            max=MOST_ASKED,
        ),
    ] = None,
) -> None:
    """Show the weekly brief. It lists new, changed, undecided and overdue items, the oldest first
    in each part."""
    import msgspec

    session: CommandSession = context.obj
    now = session.now()
    most = limit or (None if session.json else brief_view.SHOWN)
    # the brief covers the log up to this position, and the next brief begins here
    with session.desk.deciding() as db:
        start = (
            brief_view.read_last_held(db, session.reader)
            if since == "last"
            else session.time(since)
        )
        item = brief_questions.by_item(session.desk, db, session.reader, start, now, most)
    brief_item, past, late, others = item.brief, item.past, item.late, item.others
    lines = [f"Since {stamp(start) if start else 'the beginning'}:"]
    for title, rows, more in item.parts:
        lines += ["", f"{title} ({queries.figure(len(rows) + more)})"]
        lines += [
            f"  {stamp(row.recorded)}  {row.kind:<20} {short(row.id)}  {row.what}" for row in rows
        ]
        if more:
            later = "" if title == "Undecided" else "in the next brief, or with "
            lines.append(f"  and {queries.figure(more)} more: {later}--limit N")
    lines += ["", f"Possible corroboration ({len(others)})"]
    lines += [f"  {stamp(match.since)}  {short(match.item)}  {match.what}" for match in others]
    lines += ["", f"Overdue ({queries.figure(late)})"]
    lines += [
        f"  {stamp(row.due)}  {short(row.item)}  {row.what}, {row.whose}: {row.about or '-'}"
        for row in past
    ]
    if late > len(past):
        lines.append(f"  {len(past)} of {queries.figure(late)} are shown: due --past")
    session.answer(msgspec.to_builtins(brief_item) | {"past": past, "others": others}, lines)
    if hold:
        store_admin.hold_brief(session.desk, session.reader, brief_item.until)
        if brief_item.until < now:
            note(f"Held up to {stamp(brief_item.until)}: later records come in the next brief.")
