"""A child's case: referrals, thresholds, workers, missing episodes, closing."""

from typing import TYPE_CHECKING, Annotated, Literal, get_args

import typer

from console.entries import BadInput, parse_day, parse_uuid
from console.options import BecauseOf, CommandId
from console.proposing import Confirm, MaybeReason, Refuse, decided, needed, receipt
from console.session import Session, short, stamp, table

if TYPE_CHECKING:
    from domain.proposal import What

Level = Literal["low", "medium", "high", "unknown"]
Ref = Annotated[str, typer.Argument(metavar="REF", help="The case: number, reference or id.")]


def register(app: typer.Typer) -> None:
    """Add this module's commands."""
    for command in (refer, threshold, allocate, missing, engagement, flag, leave, close, cases):
        app.command(name="exit" if command is leave else None)(command)


def refer(
    context: typer.Context,
    child: Annotated[str, typer.Option(help="The child's case or person; else a new name.")],
    items: Annotated[
        list[str] | None, typer.Argument(metavar="[ID]…", help="The snippets that cause it.")
    ] = None,
    concern: Annotated[str | None, typer.Option(help="The concern in words.")] = None,
    age: Annotated[str | None, typer.Option(help="The child's age as told: 11, 14y8m.")] = None,
    born: Annotated[str | None, typer.Option(help="Date of birth, 1996-05-04.")] = None,
    learning_disability: Annotated[
        bool, typer.Option("--learning-disability", help="The child has one.")
    ] = False,
    command_id: CommandId = None,
) -> None:
    """Refer a child because of what was told."""
    from commands import referral

    session: Session = context.obj
    causes = [session.item(item) for item in items or []]
    given = referral.refer(
        session.desk,
        session.reader,
        causes,
        child,
        concern=concern,
        age_words=age,
        born=parse_day(born),
        learning_disability=learning_disability,
        command_id=parse_uuid(command_id),
    )
    session.receipt(given, "Referred to case")


def threshold(
    context: typer.Context,
    case: Ref,
    level: Annotated[Level | None, typer.Argument(help="The rating.")] = None,
    definition: Annotated[str | None, typer.Option(help="Version of the threshold's text.")] = None,
    reason: MaybeReason = None,
    override: Annotated[
        str | None, typer.Option(help="A supervisor's reason for low, where the rule forbids it.")
    ] = None,
    learning_disability: Annotated[
        bool, typer.Option("--learning-disability", help="The child has one: it is kept.")
    ] = False,
    confirm: Confirm = False,
    refuse: Refuse = False,
    because_of: BecauseOf = None,
    command_id: CommandId = None,
) -> None:
    """Rate a case low, medium, high or unknown. A lower rating is proposed, and another confirms
    it; a child who is or may be under 13, or has a learning disability, is not low."""
    from commands import referral

    session: Session = context.obj
    if _decided(session, "lower-rating", case, confirm, refuse, reason, command_id):
        return
    if level is None:
        raise BadInput("say how the case is rated: low, medium, high or unknown")
    given = referral.assess_threshold(
        session.desk,
        session.reader,
        case,
        level,
        definition=definition,
        reason=reason,
        override=override,
        learning_disability=learning_disability,
        because_of=session.causes(because_of),
        command_id=parse_uuid(command_id),
    )
    receipt(session, given, f"Rated {level}: case", f"threshold {case}")


def allocate(
    context: typer.Context,
    case: Ref,
    worker: Annotated[str, typer.Argument(help="Who takes it.")],
    whom: Annotated[Literal["child", "parents"], typer.Option("--for", help="For whom.")],
    command_id: CommandId = None,
) -> None:
    """Give the child or the parents a worker."""
    from commands import referral

    session: Session = context.obj
    given = referral.allocate(
        session.desk, session.reader, case, worker, whom, command_id=parse_uuid(command_id)
    )
    session.receipt(given, f"{worker} is the worker for the {whom}: case")


def missing(
    context: typer.Context,
    what: Annotated[Literal["reported", "found"], typer.Argument(help="Which of the two.")],
    case: Ref,
    at: Annotated[str | None, typer.Option(help="Missing since, or found at.")] = None,
    where: Annotated[str | None, typer.Option(help="Where the child was found.")] = None,
    carer_reported: Annotated[
        bool | None, typer.Option(help="Did the carer at the time report it?")
    ] = None,
    text: Annotated[str | None, typer.Option("--note", help="A note.")] = None,
    because_of: BecauseOf = None,
    command_id: CommandId = None,
) -> None:
    """Report a child missing, or found."""
    from commands import referral
    from domain.referral import MissingFound, MissingReported

    session: Session = context.obj
    when = session.when(at)
    common = {"because_of": session.causes(because_of), "command_id": parse_uuid(command_id)}
    if what == "reported":
        given = referral.report_missing(
            session.desk,
            session.reader,
            case,
            MissingReported(when, carer_reported, text),
            **common,
        )
    else:
        given = referral.record_found(
            session.desk, session.reader, case, MissingFound(when, where, text), **common
        )
    session.receipt(given, f"Missing, {what}: case")


def engagement(
    context: typer.Context,
    case: Ref,
    who: Annotated[Literal["child", "parents"], typer.Argument(help="Who.")],
    state: Annotated[Literal["engaged", "declined", "not-known"], typer.Argument(help="How.")],
    text: Annotated[str | None, typer.Option("--note", help="A note.")] = None,
    command_id: CommandId = None,
) -> None:
    """Who engages with support; consent to support is not the basis for sharing."""
    from commands import referral

    session: Session = context.obj
    given = referral.record_engagement(
        session.desk, session.reader, case, who, state, text, command_id=parse_uuid(command_id)
    )
    session.receipt(given, f"{who}: {state}; case")


def flag(
    context: typer.Context,
    case: Ref,
    code: Annotated[str, typer.Argument(help="order-unclear, outcome-of-one-of-several, …")],
    about: Annotated[str, typer.Option(help="What the flag is about: placement, exit, …")],
    words: Annotated[str | None, typer.Option(help="What was told, as it was told.")] = None,
    command_id: CommandId = None,
) -> None:
    """Mark what is odd in what was told about a case; nothing told is mended."""
    from commands import referral
    from domain.values import QualityCode

    if code not in get_args(QualityCode):
        raise BadInput(f"{code!r} is no flag: {', '.join(get_args(QualityCode))}")
    session: Session = context.obj
    given = referral.flag(
        session.desk,
        session.reader,
        case,
        code,  # type: ignore[arg-type]
        about,
        words,
        command_id=parse_uuid(command_id),
    )
    session.receipt(given, f"Flagged {code}: case")


def leave(
    context: typer.Context,
    case: Ref,
    outcome: Annotated[
        Literal["no-longer-at-risk", "protected", "moved-to-adult-services", "other"] | None,
        typer.Option(help="What was assessed."),
    ] = None,
    reason: MaybeReason = None,
    confirm: Confirm = False,
    refuse: Refuse = False,
    because_of: BecauseOf = None,
    command_id: CommandId = None,
) -> None:
    """Propose that a child has left harm's way; a supervisor or DCI confirms it. Silence alone
    never says so."""
    from commands import referral

    session: Session = context.obj
    if _decided(session, "exit", case, confirm, refuse, reason, command_id):
        return
    if outcome is None:
        raise BadInput("say what was assessed: --outcome")
    given = referral.assess_exit(
        session.desk,
        session.reader,
        case,
        outcome,
        needed(reason),
        because_of=session.causes(because_of),
        command_id=parse_uuid(command_id),
    )
    receipt(session, given, f"Assessed as {outcome}: case", f"exit {case}")


def close(
    context: typer.Context,
    case: Ref,
    reason: MaybeReason = None,
    confirm: Confirm = False,
    refuse: Refuse = False,
    command_id: CommandId = None,
) -> None:
    """Close a case: one proposes it, another confirms it. With a suspect, an alert, unassessed
    words or the child's absence still open it takes a supervisor's or DCI's reason."""
    from commands import proposal

    session: Session = context.obj
    if _decided(session, "close", case, confirm, refuse, reason, command_id):
        return
    given = proposal.close(
        session.desk, session.reader, case, needed(reason), command_id=parse_uuid(command_id)
    )
    receipt(session, given, "Closing: case", f"close {case}")


def _decided(
    session: Session,
    what: "What",
    case: str,
    confirm: bool,
    refuse: bool,
    reason: str | None,
    command_id: str | None,
) -> bool:
    if not (confirm or refuse):
        return False
    one = session.case(case)
    assert one  # noqa: S101 (a case was named)
    return decided(
        session, what, one, confirm=confirm, refuse=refuse, reason=reason, command_id=command_id
    )


def cases(
    context: typer.Context,
    every: Annotated[bool, typer.Option("--all", help="Closed ones too.")] = False,
    unallocated: Annotated[
        bool, typer.Option("--unallocated", help="Only those that nobody works on.")
    ] = False,
) -> None:
    """The cases, with their rating and workers."""
    from commands import colleague
    from projections import cases as view

    session: Session = context.obj
    with session.reading() as db:
        rows = (
            colleague.unallocated(db, session.reader)
            if unallocated
            else view.listed(db, session.reader, open_only=not every)
        )
    lines = table(
        (
            "no.",
            "reference",
            "team",
            "rating",
            "child's worker",
            "parents' worker",
            "missing",
            "opened",
            "id",
        ),
        [
            (
                row.number,
                row.reference,
                row.team,
                row.threshold,
                row.worker_child,
                row.worker_parents,
                "MISSING" if row.missing else None,
                stamp(row.opened),
                short(row.case),
            )
            for row in rows
        ],
        "No such case is open.",
    )
    session.answer(rows, lines)
