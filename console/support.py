"""The charity's own record: contacts and notes; and whether a family may be reached this way."""

from typing import Annotated, Any, Literal

import typer

from console.entries import parse_day, parse_uuid, piped_text
from console.options import BecauseOf, CommandId
from console.session import Session, note, short, stamp, table

support_app = typer.Typer(help="Support: contacts and notes of a family.", no_args_is_help=True)
contact_app = typer.Typer(help="Ways to reach a family.", no_args_is_help=True)
Ref = Annotated[str, typer.Argument(metavar="CASE", help="The case: number, reference or id.")]
ContactKind = Literal[
    "emotional-support",
    "grooming-education",
    "advocacy",
    "information-gathering",
    "court-support",
    "liaison",
    "group-work",
    "training",
    "aftercare",
]
Channel = Literal["visit", "phone", "text", "email", "letter", "meeting", "court", "group"]
With = Literal["parent", "parents", "carer", "child", "sibling", "family", "professional"]
About = Literal["parent", "parents", "carer", "child", "sibling", "family"]


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


@support_app.command("contact")
def contact(
    context: typer.Context,
    case: Ref,
    kind: Annotated[ContactKind, typer.Option(help="What it was for.")],
    channel: Annotated[Channel, typer.Option("--by", help="How.")] = "visit",
    whom: Annotated[With, typer.Option("--with", help="With whom.")] = "parent",
    to: Annotated[
        str | None, typer.Option("--to", help="Where it goes: phone:, handle: or place:…")
    ] = None,
    done: Annotated[
        bool, typer.Option("--done", help="It was made or sent already: kept, safe or not.")
    ] = False,
    at: Annotated[str | None, typer.Option(help="When (default: now).")] = None,
    minutes: Annotated[int | None, typer.Option(help="How long.")] = None,
    text: Annotated[str | None, typer.Option("--note", help="A note.")] = None,
    because_of: BecauseOf = None,
    command_id: CommandId = None,
) -> None:
    """Record a contact with a family. With --to, one that is not safe is refused before it is
    made; what was sent already (--done) is kept, and an alert is raised."""
    from commands import support
    from domain.support import ContactMade

    session: Session = context.obj
    found = session.item(case, "case")
    made = ContactMade(found, kind, channel, whom, session.when(at), minutes, text)
    receipt = support.make_contact(
        session.desk,
        session.reader,
        made,
        to=to,
        done=done,
        because_of=session.causes(because_of),
        command_id=parse_uuid(command_id),
    )
    session.receipt(receipt, f"Contact ({kind})")
    if warned := support.warning(session.desk, session.reader, receipt.id):
        note(warned)


@support_app.command("note")
def support_note(
    context: typer.Context,
    case: Ref,
    kind: Annotated[
        Literal["note", "attitude", "view", "fear"], typer.Option(help="What it is.")
    ] = "note",
    about: Annotated[About, typer.Option(help="About, or of, whom.")] = "family",
    opinion: Annotated[
        Literal["fact", "opinion", "not-known"], typer.Option(help="Fact or opinion.")
    ] = "not-known",
    holder: Annotated[str | None, typer.Option("--of", help="Whose opinion it is.")] = None,
    basis: Annotated[str | None, typer.Option(help="What the opinion rests on.")] = None,
    review: Annotated[str | None, typer.Option(help="When it is looked at again.")] = None,
    because_of: BecauseOf = None,
    command_id: CommandId = None,
) -> None:
    """Write a note (standard input): an opinion with whose it is, its basis and its review."""
    from commands import support
    from domain.support import NoteWritten

    session: Session = context.obj
    text = piped_text("The note")
    found = session.item(case, "case")
    written = NoteWritten(found, about, kind, opinion, text, holder, basis, parse_day(review))
    receipt = support.write_note(
        session.desk,
        session.reader,
        written,
        because_of=session.causes(because_of),
        command_id=parse_uuid(command_id),
    )
    session.receipt(receipt, f"Support {kind}")


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
