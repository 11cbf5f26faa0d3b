"""What followed: arrest, charge, notice, result."""

from typing import TYPE_CHECKING, Annotated, Any, Literal
from uuid import UUID

import typer

from console import proposing
from console.entries import BadInput, parse_day, parse_uuid
from console.options import At, BecauseOf, Case, CommandId, Note
from console.proposing import Confirm, Refuse, decided
from console.session import Session, short, stamp, table

if TYPE_CHECKING:
    from commands.justice import Named
    from domain.justice import ArrestMade, ChargeBrought

outcome_app = typer.Typer(
    help="What followed: arrest, charge, notice, result.", no_args_is_help=True
)


def register(app: typer.Typer) -> None:
    """Add this module's commands."""
    app.add_typer(outcome_app, name="outcome")
    app.command()(flags)


def flags(context: typer.Context) -> None:
    """What was recorded and does not fit: a notice that the law does not carry, a sentence without
    a conviction, one mark twice. Each is kept as told."""
    from commands import odd

    session: Session = context.obj
    with session.reading() as db:
        found = odd.listed(db, session.reader)
    rows = [
        (short(one.id), stamp(one.recorded), one.what, one.words, one.by, short(one.case))
        for one in found
    ]
    head = ("id", "recorded", "what", "what does not fit", "by", "case")
    session.answer(found, table(head, rows, "Nothing that was recorded does not fit."))


def _save(
    context: typer.Context,
    outcome: Any,
    named: "Named",
    refs: list[str] | None,
    command_id: str | None,
    what: str,
) -> None:
    from commands import justice

    session: Session = context.obj
    receipt = justice.record(
        session.desk,
        session.reader,
        outcome,
        because_of=session.causes(refs),
        named=named,
        command_id=parse_uuid(command_id),
    )
    told = f"--case {named.case}" if named.case else f"--who {named.person}"
    proposing.receipt(session, receipt, what, f"outcome {what.lower()} {told}")
    session.say_what_is_odd(receipt.id)


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
    from commands.justice import Named
    from commands.reference import UNNAMED

    session: Session = context.obj
    happened = session.when(at)
    outcome = made(UNNAMED, None, happened, offence, text)
    _save(context, outcome, Named(person=who, case=case), because_of, command_id, what)


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
    care: Annotated[
        Literal[
            "care-order",
            "interim-care-order",
            "emergency-protection-order",
            "police-protection",
            "accommodated",
            "none",
        ]
        | None,
        typer.Option(help="Under what the child is in care; s.49 needs an order."),
    ] = None,
    issue: Annotated[
        bool, typer.Option("--issue", help="It is issued with this: refused where unlawful.")
    ] = False,
    at: At = None,
    case: Case = None,
    text: Note = None,
    because_of: BecauseOf = None,
    command_id: CommandId = None,
) -> None:
    """A child abduction warning notice; it ends on the child's 16th (s.49: 18th) birthday. One that
    was served is kept, and what the law does not carry in it is told."""
    from commands import justice
    from commands.justice import Named
    from commands.reference import UNNAMED
    from domain.justice import NoticeServed

    session: Session = context.obj
    made = NoticeServed(
        UNNAMED,
        UNNAMED,
        basis,
        None,
        session.when(at),
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
        named=Named(who, child, case),
        care=care,
        issue=issue,
        command_id=parse_uuid(command_id),
    )
    session.receipt(receipt, "Notice")
    session.say_what_is_odd(receipt.id)


@outcome_app.command("result")
def result(
    context: typer.Context,
    kind: Annotated[
        Literal[
            "convicted",
            "acquitted",
            "sentenced",
            "nfa-insufficient-evidence",
            "nfa-no-account",
            "nfa-no-suspect",
            "nfa-not-in-public-interest",
            "nfa-out-of-time",
            "nfa-other-agency",
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
    confirm: Confirm = False,
    refuse: Refuse = False,
    reason: Annotated[str | None, typer.Option(help="With --refuse: why.")] = None,
    because_of: BecauseOf = None,
    command_id: CommandId = None,
) -> None:
    """What a court, or a decision not to prosecute, came to. No further action is proposed for a
    case, and another confirms it: with the same kind and case and --confirm."""
    from commands import entity
    from commands.justice import Named
    from domain.justice import ResultRecorded

    session: Session = context.obj
    if confirm or refuse:
        about = session.case(case)
        if about is None and who:
            about, _ = entity.find(session.desk, session.reader, who)
        _no_action(session, kind, about, confirm, refuse, reason, command_id)
        return
    made = ResultRecorded(
        kind=kind,
        happened=session.when(at),
        sentence_months=months,
        suspended=suspended,
        review_due=parse_day(review_due),
        rationale=rationale,
        parents_view=parents_view,
        childs_view=childs_view,
        decided_by=tuple(decided_by or ()),
        note=text,
    )
    named = Named(person=who, case=case)
    _save(context, made, named, because_of, command_id, f"Result {kind}")


def _no_action(
    session: Session,
    kind: str,
    about: UUID | None,
    confirm: bool,
    refuse: bool,
    reason: str | None,
    command_id: str | None,
) -> None:
    from projections import proposals

    if about is None:
        raise BadInput("say on which case (--case), or about whom (--who)")
    with session.reading() as db:
        rows = proposals.of(db, session.reader, about)
    waits = [row.choice for row in rows if row.what == "no-further-action"]
    if waits and waits != [kind]:
        raise BadInput(f"what waits there is {waits[0]}, not {kind}")
    decided(
        session,
        "no-further-action",
        about,
        confirm=confirm,
        refuse=refuse,
        reason=reason,
        command_id=command_id,
    )
