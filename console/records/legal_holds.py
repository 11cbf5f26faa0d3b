"""Commands for legal holds: place them, and prove that no item under a hold was destroyed."""

from typing import TYPE_CHECKING, Annotated, Literal

import typer

from commands.erasure import legal_hold
from console.engine.options import CommandId, Reason
from console.engine.parsing import WHEN, BadInput, parse_uuid
from console.engine.session import CommandSession
from console.records.retention import subject
from domain.data_protection import legal_hold as legal_hold_domain
from questions.data_protection import hold_proof

if TYPE_CHECKING:
    from domain.data_protection.legal_hold import Query

hold_app = typer.Typer(no_args_is_help=True)
Ground = Literal["inquiry", "appeal", "cpia", "other"]
Which = Annotated[str, typer.Argument(metavar="HOLD", help="A hold, or the item under it.")]
Order = Annotated[str | None, typer.Option("--order", help="The reference of the order.")]


def register(app: typer.Typer) -> None:
    """Add this module's commands to the command line."""
    app.add_typer(hold_app, name="hold")


@hold_app.command("place")
def place(
    context: typer.Context,
    reason: Reason,
    item: Annotated[
        str | None,
        typer.Argument(metavar="[REF]", help="An item: its id, a case's number, or a name."),
    ] = None,
    ground: Annotated[Ground, typer.Option(help="Why it must be retained.")] = "inquiry",
    category: Annotated[
        str | None, typer.Option(help="Or a category of material: words, reports, exhibits …")
    ] = None,
    since: Annotated[
        str | None, typer.Option("--from", metavar=WHEN, help="Or a period: from then on.")
    ] = None,
    until: Annotated[str | None, typer.Option("--to", metavar=WHEN, help="And up to then.")] = None,
    team: Annotated[str | None, typer.Option("--of-team", help="Or all of a team.")] = None,
    everything: Annotated[
        bool, typer.Option("--everything", help="Or the whole store; a second person confirms it.")
    ] = False,
    order: Order = None,
    review: Annotated[
        str | None,
        typer.Option(metavar=WHEN, help="When it is reviewed; else in half a year."),
    ] = None,
    command_id: CommandId = None,
) -> None:
    """Place a legal hold at once. Nothing in its reach is destroyed while it applies. A hold on a
    case covers all that is filed in it, caused by it or rests on it; a hold on a person covers all
    that names them."""
    session: CommandSession = context.obj
    again = session.when(review, last=True)
    query = _query(session, item, category, since, until, team, everything)
    hold_receipt = legal_hold.place(
        session.desk,
        session.reader,
        query,
        ground,
        reason,
        reference=order,
        review=again,
        command_id=parse_uuid(command_id),
    )
    lines = [f"Held ({ground}): {hold_receipt.id}"]
    if query.kind == "store":
        lines += [
            "It applies now. A second person confirms it within 72 hours:",
            f"  continuum --user SECOND-PERSON hold confirm {hold_receipt.id}",
        ]
    items = {"id": query.item or hold_receipt.id, "hold": hold_receipt.id}
    session.print_message(
        {**items, "ref": hold_receipt.ref, "recorded": hold_receipt.recorded}, lines
    )


def _query(
    session: CommandSession,
    item: str | None,
    category: str | None,
    since: str | None,
    until: str | None,
    team: str | None,
    everything: bool,
) -> "Query":
    if sum((bool(item), bool(category), bool(since or until), bool(team), everything)) != 1:
        raise BadInput(
            "give exactly one of these: an item (REF), --category, --from and --to, --of-team, "
            "--everything"
        )
    if item:
        return legal_hold.items_under_hold(session.desk, subject(session, item))
    if category:
        matching = [name for name in legal_hold_domain.CATEGORIES if name == category]
        if not matching:
            raise BadInput(
                f"there is no retention category {category!r}. "
                f"Categories: {', '.join(legal_hold_domain.CATEGORIES)}"
            )
        return legal_hold_domain.Query("category", category=matching[0])
    if team:
        return legal_hold_domain.Query("team", team=team)
    if everything:
        return legal_hold_domain.Query("store")
    return legal_hold_domain.Query(
        "period", since=session.when(since), until=session.when(until, last=True)
    )


@hold_app.command("prove")
def prove(context: typer.Context, which: Which) -> None:
    """Show what a legal hold covers. It also proves that no item under it lost a key since it was
    placed."""
    session: CommandSession = context.obj
    system = session.open()
    hold = legal_hold.resolve_hold(session.desk, session.reader, which)
    proof = hold_proof.prove(session.desk, session.reader, hold, system, session.now())
    session.answer(proof, hold_proof.in_words(proof))
    if not proof.whole:
        raise typer.Exit(4)
