"""What followed: arrest, charge, notice, result."""

from typing import TYPE_CHECKING, Annotated, Any, Literal

import typer

from console.entries import BadInput, parse_day, parse_time, parse_uuid
from console.options import At, BecauseOf, Case, CommandId, Note
from console.session import Session

if TYPE_CHECKING:
    from domain.justice import ArrestMade, ChargeBrought

outcome_app = typer.Typer(
    help="What followed: arrest, charge, notice, result.", no_args_is_help=True
)


def register(app: typer.Typer) -> None:
    """Add this module's commands."""
    app.add_typer(outcome_app, name="outcome")


def _person(session: Session, who: str) -> Any:
    from commands import entity

    found, kind = entity.find(session.desk, session.reader, who)
    if kind != "person":
        raise BadInput(f"{who!r} is a {kind}, not a person")
    return found


def _save(
    context: typer.Context, outcome: Any, refs: list[str] | None, command_id: str | None, what: str
) -> None:
    from commands import justice

    session: Session = context.obj
    receipt = justice.record(
        session.desk,
        session.reader,
        outcome,
        because_of=session.causes(refs),
        command_id=parse_uuid(command_id),
    )
    session.receipt(receipt, what)


Who = Annotated[str, typer.Argument(metavar="WHO", help="The person: an id or a name.")]
Offence = Annotated[str | None, typer.Option(help="Of what.")]


def _against(
    context: typer.Context,
    made: "type[ArrestMade | ChargeBrought]",
    what: str,
    who: str,
    offence: str | None,
    at: str | None,
    case: str | None,
    text: str | None,
    because_of: list[str] | None,
    command_id: str | None,
) -> None:
    session: Session = context.obj
    happened = parse_time(at) if at else None
    outcome = made(_person(session, who), session.case(case), happened, offence, text)
    _save(context, outcome, because_of, command_id, what)


@outcome_app.command("arrest")
def arrest(
    context: typer.Context,
    who: Who,
    offence: Offence = None,
    at: At = None,
    case: Case = None,
    text: Note = None,
    because_of: BecauseOf = None,
    command_id: CommandId = None,
) -> None:
    """An arrest, and what led to it."""
    from domain.justice import ArrestMade

    _against(context, ArrestMade, "Arrest", who, offence, at, case, text, because_of, command_id)


@outcome_app.command("charge")
def charge(
    context: typer.Context,
    who: Who,
    offence: Offence = None,
    at: At = None,
    case: Case = None,
    text: Note = None,
    because_of: BecauseOf = None,
    command_id: CommandId = None,
) -> None:
    """A charge, and what led to it."""
    from domain.justice import ChargeBrought

    _against(context, ChargeBrought, "Charge", who, offence, at, case, text, because_of, command_id)


@outcome_app.command("notice")
def notice(
    context: typer.Context,
    who: Who,
    child: Annotated[str, typer.Option(help="The child it protects.")],
    basis: Annotated[
        Literal["s2-caa-1984", "s49-ca-1989"], typer.Option(help="The law.")
    ] = "s2-caa-1984",
    expires: Annotated[str | None, typer.Option(help="Its last day.")] = None,
    under_18: Annotated[
        bool | None, typer.Option("--recipient-under-18/--recipient-adult", help="Age.")
    ] = None,
    rationale: Annotated[str | None, typer.Option(help="A supervisor's.")] = None,
    at: At = None,
    case: Case = None,
    text: Note = None,
    because_of: BecauseOf = None,
    command_id: CommandId = None,
) -> None:
    """A child abduction warning notice; it ends on the child's 16th (s.49: 18th) birthday."""
    from commands import justice
    from domain.justice import NoticeServed

    session: Session = context.obj
    made = NoticeServed(
        _person(session, who),
        _person(session, child),
        basis,
        session.case(case),
        parse_time(at) if at else None,
        parse_day(expires),
        under_18,
        rationale,
        text,
    )
    receipt = justice.serve_notice(
        session.desk,
        session.reader,
        made,
        because_of=session.causes(because_of),
        command_id=parse_uuid(command_id),
    )
    session.receipt(receipt, "Notice")


@outcome_app.command("result")
def result(
    context: typer.Context,
    kind: Annotated[
        Literal[
            "convicted",
            "acquitted",
            "sentenced",
            "nfa-insufficient-evidence",
            "nfa-other",
            "not-prosecuted-best-interests",
            "registered-sex-offender",
        ],
        typer.Argument(help="What it came to."),
    ],
    who: Annotated[str | None, typer.Option(help="The person.")] = None,
    months: Annotated[int | None, typer.Option(help="The sentence; unknown is not zero.")] = None,
    suspended: Annotated[bool, typer.Option("--suspended", help="A suspended sentence.")] = False,
    review_due: Annotated[str | None, typer.Option(help="When it is to be reviewed.")] = None,
    rationale: Annotated[str | None, typer.Option(help="Why.")] = None,
    parents_view: Annotated[str | None, typer.Option(help="The parents' view.")] = None,
    childs_view: Annotated[str | None, typer.Option(help="The child's, or why not.")] = None,
    decided_by: Annotated[list[str] | None, typer.Option(help="Who decided; repeatable.")] = None,
    at: At = None,
    case: Case = None,
    text: Note = None,
    because_of: BecauseOf = None,
    command_id: CommandId = None,
) -> None:
    """What a court, or a decision not to prosecute, came to."""
    from domain.justice import ResultRecorded

    session: Session = context.obj
    made = ResultRecorded(
        kind=kind,
        person=_person(session, who) if who else None,
        case=session.case(case),
        happened=parse_time(at) if at else None,
        sentence_months=months,
        suspended=suspended,
        review_due=parse_day(review_due),
        rationale=rationale,
        parents_view=parents_view,
        childs_view=childs_view,
        decided_by=tuple(decided_by or ()),
        note=text,
    )
    _save(context, made, because_of, command_id, f"Result {kind}")
