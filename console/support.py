"""The charity's own record: contacts and notes; and whether a family may be reached this way."""

from typing import Annotated, Any

import typer

from console.session import Session, short, stamp, table

support_app = typer.Typer(help="Support: contacts and notes of a family.", no_args_is_help=True)
contact_app = typer.Typer(help="Ways to reach a family.", no_args_is_help=True)
Ref = Annotated[str, typer.Argument(metavar="CASE", help="The case: number, reference or id.")]


def register(app: typer.Typer) -> None:
    """Add this module's commands."""
    app.add_typer(support_app, name="support")
    app.add_typer(contact_app, name="contact")


def checked(session: Session, channel: str) -> Any:
    """Whether a family may be reached there; what nobody has recorded is shared with nobody."""
    from commands import support, ways

    found = support.channel(session.desk, channel)
    if found is None:
        return ways.unknown()
    with session.reading() as db:
        return ways.check(db, session.reader, found)


@contact_app.command("check")
def contact_check(
    context: typer.Context,
    channel: Annotated[
        str, typer.Argument(metavar="CHANNEL", help="phone:NUMBER, handle:NAME, place:ADDRESS.")
    ],
) -> None:
    """Whether a message, letter or call there might reach somebody who harms the child."""
    session: Session = context.obj
    found = checked(session, channel)
    session.answer(found, [f"{found.verdict}: {found.why}"])


@support_app.command("list")
def support_list(context: typer.Context, case: Ref) -> None:
    """What the charity did with a family and wrote about it, opinions apart from facts."""
    from projections import support

    session: Session = context.obj
    found = session.item(case, "case")
    with session.reading() as db:
        contacts = support.contacts(db, session.reader, found)
        notes = support.notes(db, session.reader, found)
    facts = [row for row in notes if row.opinion != "opinion"]
    opinions = [row for row in notes if row.opinion == "opinion"]
    lines = table(
        ("when", "what", "how", "with", "min", "note", "id"),
        [
            (
                stamp(row.happened),
                row.kind,
                row.channel,
                row.whom,
                row.minutes,
                row.words,
                short(row.id),
            )
            for row in contacts
        ],
        "No contact is recorded.",
    )
    lines += ["", "Notes"]
    lines += [f"  {stamp(r.recorded)}  {r.kind}, {r.opinion}: {r.words}" for r in facts]
    lines += ["", "Opinions (not facts)"]
    lines += [
        f"  {stamp(r.recorded)}  {r.kind} of {r.holder}, about the {r.about}: {r.words} "
        f"[basis: {r.basis}; written by {r.by}; review {r.review}]"
        for r in opinions
    ]
    data = {"contacts": contacts, "notes": facts, "opinions": opinions}
    session.answer(data, lines)
