"""Who is who: a person, suggestions, search."""

from typing import Annotated

import typer

from console.session import Session, short, stamp
from console.table import table

person_app = typer.Typer(
    help="People: who they are, and as what they are recorded.", no_args_is_help=True
)
Who = Annotated[str, typer.Argument(metavar="WHO", help="An id or a name.")]


def register(app: typer.Typer) -> None:
    """Add this module's commands."""
    app.add_typer(person_app, name="person")
    app.command()(search)


@person_app.command("show")
def show(context: typer.Context, who: Who) -> None:
    """A person: names, categories, judgements, links."""
    from projections import links, outcomes, people

    session: Session = context.obj
    found, _ = session.entity(who)
    with session.reading() as db:
        leader, *twins = members = people.together(db, session.reader, found)
        known = people.entities(db, session.reader, members, as_at=session.now())
        asked = links.Asked(min_rank=None)
        ties = links.shown(db, session.reader, members, asked)
        followed = outcomes.of_people(db, session.reader, members)
    person = known[leader]
    data = {
        "id": leader,
        "label": person.label,
        "kind": person.kind,
        "names": person.names,
        "categories": sorted(person.categories),
        "under_18": person.is_child,
        "description": person.description,
        "same_as": twins,
        "links": ties,
        "outcomes": followed,
        "known_from": person.known_from,
    }
    others = [n for one in known.values() for n in one.names if n != person.label]
    lines = [
        f"{person.label}  ({leader})",
        f"  also: {', '.join(others) or '-'}",
        f"  recorded as: {', '.join(sorted(person.categories)) or '-'}"
        + ("  under 18" if person.is_child else ""),
        f"  known from: {stamp(person.known_from)}",
        f"  judged the same: {', '.join(map(short, twins)) or '-'}",
        f"  links: {len(ties)} (see: network ego {short(leader)})",
    ]
    lines += [
        f"  {row.what}: {stamp(row.happened) if row.happened else 'when is not known'} "
        f"(see: trail {short(row.item)})"
        for row in followed
    ]
    session.answer(data, lines)


def search(
    context: typer.Context,
    words: Annotated[list[str], typer.Argument(help="A name, a plate, a number's end, words.")],
    limit: Annotated[int, typer.Option(help="At most so many.")] = 20,
) -> None:
    """Find names, nicknames, misspellings, partial plates, phone endings, words."""
    from commands import finding

    session: Session = context.obj
    with session.reading() as db:
        found = finding.search(db, session.reader, " ".join(words), limit)
    rows = [(short(hit.id), hit.kind, hit.label, hit.why) for hit in found.hits]
    lines = table(("id", "kind", "what", "why"), rows, "Nothing was found.")
    session.answer(found.hits, lines, touched=found.touched)
