"""The command for court results, and for no further action, which two people decide."""

from typing import Annotated
from uuid import UUID

import typer

from commands.justice import arrest_to_result, inconsistencies
from commands.kernel import entity
from console.engine import proposing
from console.engine.options import At, BecauseOf, Case, CommandId, Note
from console.engine.parsing import DAY, BadInput, parse_uuid
from console.engine.proposing import Confirm, Refuse, decided
from console.engine.session import CommandSession, note
from domain.justice import arrest_to_result as arrest_to_result_domain
from domain.kernel.codes import ResultKind
from projections.intelligence import waiting_for_second

outcome_app = typer.Typer(no_args_is_help=True)


def register(app: typer.Typer) -> None:
    """Add this module's commands to the command line."""
    app.add_typer(outcome_app, name="outcome")


@outcome_app.command("result")
def result(
    context: typer.Context,
    kind: Annotated[
        ResultKind,
        typer.Argument(help="The result."),
    ],
    who: Annotated[str | None, typer.Option(help="The person.")] = None,
    months: Annotated[int | None, typer.Option(help="The sentence; unknown is not zero.")] = None,
    suspended: Annotated[
        bool, typer.Option("--suspended", help="The sentence is suspended.")
    ] = False,
    review_due: Annotated[
        str | None, typer.Option(metavar=DAY, help="When it is reviewed.")
    ] = None,
    rationale: Annotated[str | None, typer.Option(help="Why.")] = None,
    parents_view: Annotated[str | None, typer.Option(help="The parents' view.")] = None,
    childs_view: Annotated[
        str | None, typer.Option(help="The child's view, or why the child was not asked.")
    ] = None,
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
    """Record a court result or no further action. The result "no further action" is first
    proposed; another person confirms it with the same kind and case, and --confirm."""
    session: CommandSession = context.obj
    if confirm or refuse:
        about = session.case(case)
        if about is None and who:
            about, _ = entity.find(session.desk, session.reader, who)
        _no_action(session, kind, about, confirm, refuse, reason, command_id)
        return
    made = arrest_to_result_domain.ResultRecorded(
        kind=kind,
        happened=session.when(at),
        sentence_months=months,
        suspended=suspended,
        review_due=session.day(review_due) if review_due else None,
        rationale=rationale,
        parents_view=parents_view,
        childs_view=childs_view,
        decided_by=tuple(decided_by or ()),
        note=text,
    )
    receipt = arrest_to_result.record(
        session.desk,
        session.reader,
        made,
        because_of=session.causes(because_of),
        named=arrest_to_result.OutcomeSubject(person=who, case=case),
        command_id=parse_uuid(command_id),
    )
    subject_option = f"--case {case}" if case else f"--who {who}"
    proposing.receipt(session, receipt, f"Result {kind}", f"outcome result {kind} {subject_option}")
    if beside := inconsistencies.describe(session.desk, session.reader, receipt.id):
        note(beside)


def _no_action(
    session: CommandSession,
    kind: str,
    about: UUID | None,
    confirm: bool,
    refuse: bool,
    reason: str | None,
    command_id: str | None,
) -> None:
    if about is None:
        raise BadInput(
            "say whom the decision is about: name the case (--case) or the person (--who)"
        )
    with session.reading() as db:
        rows = waiting_for_second.of(db, session.reader, about)
    waits = [row.choice for row in rows if row.what == "no-further-action"]
    if waits and waits != [kind]:
        raise BadInput(
            f"the proposal that waits for a second person is {waits[0]}, not {kind}: give "
            f"{waits[0]}"
        )
    decided(
        session,
        "no-further-action",
        about,
        confirm=confirm,
        refuse=refuse,
        reason=reason,
        command_id=command_id,
    )
