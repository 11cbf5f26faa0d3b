"""An item and all that it rests on, as one archive to take along."""

from pathlib import Path
from typing import Annotated
from uuid import UUID

import typer

from console.entries import BadInput, hand_over
from console.integrity import Checkpoints, Opening, provable
from console.options import Purpose, Recipient
from console.session import Session, note
from console.trail import trail_lines


def register(app: typer.Typer) -> None:
    """Add this module's commands."""
    app.command()(pack)


def pack(
    context: typer.Context,
    item: Annotated[str, typer.Argument(metavar="ID", help="A charge, report, link, words …")],
    file: Annotated[Path, typer.Argument(help="Where the archive goes: a new file.")],
    with_words: Annotated[
        bool, typer.Option("--with-words", help="What was written goes along: personal data.")
    ] = False,
    recipient: Recipient = None,
    purpose: Purpose = None,
    checkpoints: Checkpoints = None,
) -> None:
    """The proofs of an item and of its whole trail: python -I verify.py FILE --policy POLICY."""
    from hashlib import sha256

    import msgspec

    from access import telling
    from commands import governance
    from projections import trail as view
    from system import open_office

    session: Session = context.obj
    if file.exists():
        raise BadInput(f"{file} is there already: name a new file")
    found = provable(session, item)
    log = session.open().logs["evidence"]
    with session.reading() as db:
        trail = view.back(db, session.reader, found)
        rests_on = dict.fromkeys([found, *(step.id for step in trail.steps)])
        whole = telling.provable(db, session.reader, map(log.history, rests_on))
    ids = tuple(one for one in rests_on if one in whole)
    told = "\n".join([view.VIEW_OF_ONE, *trail_lines(trail)]) + "\n"
    words = _words(session, ids) if with_words else None
    opens = Opening(session) if with_words else None
    with open_office(session.settings(), checkpoints) as office:
        made = office.pack("evidence", found, ids, told, words, opens, session.now())
    session.consulted(msgspec.json.encode(trail))
    governance.export_made(
        session.desk,
        session.reader,
        form="pack",
        sha256=sha256(made.content).hexdigest(),
        ids=ids,
        filters={"words": "yes" if with_words else "no"},
        recipient=recipient,
        purpose=purpose,
    )
    hand_over(file, made.content, new=True)
    if opens:
        opens.tell()
    for one in made.unsigned:
        note(f"{one} is not signed yet and not proven in this pack.")
    proven = len(ids) - len(made.unsigned)
    session.tell(
        {"id": found, "file": str(file), "items": proven, "unsigned": made.unsigned},
        [f"{file}: {proven} items of the trail, each with its proof"],
    )


def _words(session: Session, ids: tuple[UUID, ...]) -> str:
    """What each item says, as people read it."""
    from access import telling

    log = session.open().logs["evidence"]
    lines: list[str] = []
    for one in ids:
        lines.append(str(one))
        with session.reading() as db:
            told = telling.told(db, session.reader, log.history(one))
        for fact in told.facts:
            lines.append(f"  {fact.recorded.isoformat()}  {fact.event.stored.name}  by {fact.by}")
            lines += [f"    {key}: {value}" for key, value in told.says(fact).items()]
    if closed := telling.closed(session.reader):
        lines.append(closed)
    return "\n".join(lines) + "\n"
