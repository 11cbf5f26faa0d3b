"""Commands that follow a record: show, trail, replay, views.

The file is long because the auditor's commands share their options.
"""

from collections.abc import Sequence
from datetime import datetime
from typing import TYPE_CHECKING, Annotated, Any

import typer

from access.who_may import decide
from console.engine.parsing import WHEN, BadInput
from console.engine.question_tables import lines as listed_lines
from console.engine.session import CommandSession, Making, happened, note_older_views, short, stamp
from console.engine.table import table
from console.police.triage import queue_lines
from projections import all_views
from projections.data_protection import erasures
from projections.kernel import runner
from projections.kernel import trail as trail_view
from questions.kernel import item as item_questions
from questions.kernel import known

if TYPE_CHECKING:
    from projections.due import DueItem
    from questions.kernel.item import Step

views_app = typer.Typer(no_args_is_help=True)


def register(app: typer.Typer) -> None:
    """Add this module's commands to the command line."""
    for command in (show, trail, replay):
        app.command()(command)
    app.add_typer(views_app, name="views")


def _step_values(step: "Step") -> dict[str, Any]:
    """Return those values of a step in an item's history that this reader may see."""
    return {"erased": True, **step.says} if step.fact.erased else step.says


def _value_lines(key: str, value: Any) -> list[str]:
    """Return the lines for one value of a fact; several values are listed below each other."""
    if not isinstance(value, (list, tuple)):
        return [f"      {key}: {_worded(value)}"]
    return [f"      {key}:", *(f"        {_worded(member)}" for member in value)]


def _worded(value: Any) -> str:
    if isinstance(value, dict):
        return ", ".join(
            f"{key} {_worded(member)}" for key, member in value.items() if member is not None
        )
    if isinstance(value, bool):
        return "yes" if value else "no"
    try:
        moment = datetime.fromisoformat(str(value))
    except ValueError:
        return str(value)
    return happened(moment) if moment.tzinfo else str(value)


def _is_opinion(event: Any) -> bool:
    """Return whether the author marked a fact as opinion (Data Protection Act 2018, s.38(4),
    requires that fact and opinion are distinguished).
    """
    return getattr(event, "opinion", None) == "opinion"


def show(
    context: typer.Context,
    item: Annotated[str, typer.Argument(metavar="ID", help="An id, its ending, or a reference.")],
) -> None:
    """Show one item with its events, grades and links."""
    session: CommandSession = context.obj
    of = session.item(item)
    with session.reading() as db:
        found_item = item_questions.read_item(session.desk, db, session.reader, of)
    events = [
        {
            "ref": step.fact.ref,
            "event": step.name,
            "recorded": step.fact.recorded,
            "by": step.fact.by,
            "team": step.fact.team,
            "controller": step.fact.controller,
            "regime": step.fact.regime,
            "because_of": step.fact.because_of,
            **_step_values(step),
        }
        for step in found_item.steps
    ]
    data = {
        "id": found_item.item,
        "kind": found_item.kind,
        "state": found_item.state,
        "restricted": found_item.restricted,
        "events": events,
        "links": found_item.links,
        "note": found_item.closed,
    }
    restricted = "  RESTRICTED" if found_item.restricted else ""
    lines = [f"{found_item.kind} {found_item.item}  {found_item.state}{restricted}"]
    for step in found_item.steps:
        fact = step.fact
        lines.append(
            f"  {stamp(fact.recorded)}  {step.name}  by {fact.by} ({fact.team})"
            + ("  OPINION, not fact" if _is_opinion(fact.event) else "")
        )
        for key, value in _step_values(step).items():
            lines += _value_lines(key, value)
        if fact.because_of:
            lines.append(f"      because of: {', '.join(fact.because_of)}")
    for tie in found_item.links:
        lines.append(
            f"  link {short(tie.link)}: {short(tie.a)} {tie.kind} {short(tie.b)}, "
            f"{tie.stage} {tie.grade or 'ungraded'}"
            + (f" (B with one source: {_worded(tie.one_root)})" if tie.one_root else "")
        )
    session.answer(data, [*lines, found_item.closed] if found_item.closed else lines)


def trail(
    context: typer.Context,
    item: Annotated[str, typer.Argument(metavar="ID", help="A link, report, charge, log entry …")],
    back: Annotated[
        bool, typer.Option("--back", help="Back to the log entries that it came from (default).")
    ] = False,
    forward: Annotated[bool, typer.Option("--forward", help="Forward to what it led to.")] = False,
) -> None:
    """Follow an item back to the first words. It also goes forward, to what became of it."""
    session: CommandSession = context.obj
    if back and forward:
        raise BadInput("choose either --back or --forward")
    found_item = session.item(item)
    with session.reading() as db:
        item_trail = (trail_view.forward if forward else trail_view.back)(
            db, session.reader, found_item
        )
    session.desk.require_unerased([found_item, *(step.id for step in item_trail.steps)])
    session.answer(item_trail, trail_lines(item_trail))


def trail_lines(trail: Any) -> list[str]:
    """Return the printed lines of an item's audit trail."""
    lines = table(
        ("learned", "occurred", "stage", "event", "id", "by", "because of"),
        [
            (
                stamp(step.learned),
                happened(step.occurred),
                step.stage,
                f"{step.event} (opinion)" if step.opinion else step.event,
                short(step.id),
                step.by,
                ", ".join(short(cause) for cause in step.because_of),
            )
            for step in trail.steps
        ],
        "No earlier record.",
    )
    for gap in trail.gaps or ():
        lines.append(
            f"CLOSED to you: step {gap.step}, {gap.event}, {gap.stage or 'no stage'}, "
            f"{stamp(gap.learned)}"
        )
    if trail.whole:
        lines.append(f"The whole chain, with closed steps: SHA-256 {trail.whole}")
    return [*lines, trail.note] if trail.note else lines


def replay(
    context: typer.Context,
    item: Annotated[str | None, typer.Argument(metavar="[ID]", help="With --step.")] = None,
    until: Annotated[
        str | None, typer.Option(metavar=WHEN, help="The state of knowledge at this time.")
    ] = None,
    position: Annotated[str | None, typer.Option(help="LOG:N, as evidence:120.")] = None,
    step: Annotated[bool, typer.Option("--step", help="An item's own story.")] = False,
) -> None:
    """Show the state of knowledge at a moment. It shows the hash of that state, too."""
    session: CommandSession = context.obj
    if item or step:
        if not item:
            raise BadInput("--step shows the story of one item: also give the item's id")
        _story(session, item)
        return
    then, place = session.when(until, last=True), _place(position)
    decide.require(session.reader, "replay")
    with session.reading() as db:
        done_erasures = erasures.list_erasures(db, session.reader, carried_out=True)
    with session.open().views.reading_at(then, place) as db:
        view_state = known.read_state(session.desk, db, session.reader, then or session.now())
    data = {
        "until": then,
        "position": view_state.position,
        "positions": view_state.positions,
        "hash": view_state.hash,
        "erasures": done_erasures,
        "counts": view_state.counts,
        "links": view_state.links,
        "queue": view_state.queue,
        "due": view_state.due,
    }
    lines = [
        f"As known at {stamp(then) if then else 'now'} (evidence: {view_state.position} facts)",
        f"  hash: {view_state.hash}",
        "  " + ", ".join(f"{name}: {number}" for name, number in view_state.counts.items()),
        *(
            f"  without what was erased since: {row.erasure} ({row.basis}, {stamp(row.decided)})"
            for row in done_erasures
        ),
        "",
        *queue_lines(view_state.queue),
        "",
        *due_lines(view_state.due),
    ]
    session.answer(data, lines)


def due_lines(items: "Sequence[DueItem]") -> list[str]:
    """Return the lines of a table with the items that were due."""
    from projections.due import DueItem

    columns = tuple(column for column in DueItem.columns if column.name != "about")
    return listed_lines(items, columns, "No items were due.")


def _place(position: str | None) -> Any:
    if position is None:
        return None
    log, _, number = position.partition(":")
    if log not in ("evidence", "sources", "product", "access") or not number.isdecimal():
        raise BadInput(f"{position!r} is not a position: write one like evidence:120")
    return log, int(number)


def _story(session: CommandSession, item: str) -> None:
    of = session.item(item)
    with session.reading() as db:
        found_item = item_questions.read_item(session.desk, db, session.reader, of)
    steps = [
        {
            "step": step.number,
            "ref": step.fact.ref,
            "event": step.name,
            "recorded": step.fact.recorded,
            "by": step.fact.by,
            "stage": step.stage,
            **_step_values(step),
        }
        for step in found_item.steps
    ]
    lines = table(
        ("step", "recorded", "event", "stage", "by"),
        [(s["step"], stamp(s["recorded"]), s["event"], s["stage"], s["by"]) for s in steps],
        "Nothing is recorded about it.",
    )
    data = {"id": found_item.item, "steps": steps, "note": found_item.closed}
    session.answer(data, [*lines, found_item.closed] if found_item.closed else lines)


# --- views --------------------------------------------------------------------------------------


@views_app.command("status")
def status(context: typer.Context) -> None:
    """Show the position of each view, and failed records."""
    session: CommandSession = context.obj
    decide.require_any(session.reader, "run-store", "verify", "replay")
    system = session.open()
    with system.reading_with_access_log() as db:
        reached = runner.positions(db)
        aside = runner.set_aside(db)
    last = {log: system.logs[log].last() for _, log in reached}  # type: ignore[index]
    views = [
        {"view": view, "log": log, "position": at, "last": last[log], "behind": last[log] - at}
        for (view, log), at in sorted(reached.items())
    ]
    lines = table(
        ("view", "log", "position", "of", "behind"),
        [(v["view"], v["log"], v["position"], v["last"], v["behind"]) for v in views],
        "The views have processed no records yet.",
    )
    lines += [f"SET ASIDE: {a.view} could not apply {a.log}:{a.seq} ({a.reason})" for a in aside]
    making, picture = system.views.progress(), system.views.picture()
    lines += [f"Being rebuilt: {making.percent} %"] if making else []
    lines += [note_older_views(picture)] if picture else []
    making_state = {"making": making, "picture": picture}
    session.print_message({"views": views, "set_aside": aside, **making_state}, lines)


@views_app.command("rebuild")
def rebuild(context: typer.Context) -> None:
    """Rebuild the views from the log."""
    session: CommandSession = context.obj
    decide.require(session.reader, "run-store")
    session.open().views.rebuild(Making())
    with session.reading() as db:
        aside = runner.set_aside(db)
    session.print_message(
        {"rebuilt": len(all_views.VIEWS), "set_aside": aside},
        [f"{len(all_views.VIEWS)} views rebuilt.", *(f"SET ASIDE: {a}" for a in aside)],
    )
    if aside:
        raise typer.Exit(4)


@views_app.command("compare")
def compare(context: typer.Context) -> None:
    """Prove that the views match the log."""
    session: CommandSession = context.obj
    decide.require_any(session.reader, "verify", "run-store")
    differences = session.open().views.compare()
    session.print_message(
        {"equal": not differences, "differences": differences},
        differences or ["The views match the log."],
    )
    if differences:
        raise typer.Exit(4)
