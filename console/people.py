"""Who is who: person, same, different, unsure, split, suggestions, search."""

from typing import Annotated, Any, Literal, get_args

import typer

from console.entries import BadInput, parse_day, parse_uuid
from console.options import BecauseOf, CommandId, Reason
from console.session import Session, short, stamp, table

person_app = typer.Typer(help="People: add, show, alias, name, class, age.", no_args_is_help=True)
One = Annotated[str, typer.Argument(metavar="A", help="An id or a name.")]
Other = Annotated[str, typer.Argument(metavar="B", help="An id or a name.")]
Who = Annotated[str, typer.Argument(metavar="WHO", help="An id or a name.")]


def register(app: typer.Typer) -> None:
    """Add this module's commands."""
    app.add_typer(person_app, name="person")
    for command in (same, different, unsure, split, suggestions, search):
        app.command()(command)


def _category(text: str) -> Any:
    from domain.values import PoleCategory

    if text not in get_args(PoleCategory):
        raise BadInput(f"{text!r} is no category: {', '.join(get_args(PoleCategory))}")
    return text


@person_app.command("add")
def add(
    context: typer.Context,
    name: Annotated[str | None, typer.Option(help="The name, if it is known.")] = None,
    nickname: Annotated[list[str] | None, typer.Option(help="What they are called.")] = None,
    description: Annotated[str | None, typer.Option(help="What they look like.")] = None,
    category: Annotated[list[str] | None, typer.Option(help="suspect, victim, …")] = None,
    grounds: Annotated[str | None, typer.Option(help="Why in this category.")] = None,
    born: Annotated[str | None, typer.Option(help="Date of birth, 1996-05-04.")] = None,
    under_18: Annotated[
        bool | None, typer.Option("--under-18/--adult", help="If no date of birth is known.")
    ] = None,
    gender: Annotated[str | None, typer.Option(help="As told.")] = None,
    because_of: BecauseOf = None,
    command_id: CommandId = None,
) -> None:
    """Record a person. Without a name it is a person not known yet; none is invented."""
    from commands import entity

    session: Session = context.obj
    nicknames = list(nickname or [])
    called = name or (nicknames.pop(0) if nicknames else None)
    receipt = entity.record_person(
        session.desk,
        session.reader,
        name=called,
        description=description,
        known=bool(name),
        under_18=under_18,
        born=parse_day(born),
        gender=gender,
        categories=tuple((_category(one), grounds or "") for one in category or []),
        aliases=tuple(("nickname", one) for one in nicknames),
        because_of=session.causes(because_of),
        command_id=parse_uuid(command_id),
    )
    session.receipt(receipt, called or description or "Person")


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


@person_app.command("alias")
def alias(
    context: typer.Context,
    who: Who,
    name: Annotated[str, typer.Argument(metavar="NAME", help="The other name.")],
    kind: Annotated[
        Literal["name", "nickname", "former-name", "misspelling"], typer.Option(help="What it is.")
    ] = "nickname",
    because_of: BecauseOf = None,
    command_id: CommandId = None,
) -> None:
    """Add another name."""
    from commands import entity

    session: Session = context.obj
    receipt = entity.add_alias(
        session.desk,
        session.reader,
        who,
        kind,
        name,
        because_of=session.causes(because_of),
        command_id=parse_uuid(command_id),
    )
    session.receipt(receipt, f"Also {name}")


@person_app.command("name")
def name(
    context: typer.Context,
    who: Who,
    real: Annotated[str, typer.Argument(metavar="NAME", help="The name found out.")],
    because_of: BecauseOf = None,
    command_id: CommandId = None,
) -> None:
    """A person not known until now has a name; their links keep their ids."""
    from commands import entity

    session: Session = context.obj
    receipt = entity.name_person(
        session.desk,
        session.reader,
        who,
        real,
        because_of=session.causes(because_of),
        command_id=parse_uuid(command_id),
    )
    session.receipt(receipt, f"Named {real}")


@person_app.command("class")
def classify(
    context: typer.Context,
    who: Who,
    category: Annotated[str, typer.Argument(help="suspect, victim, eliminated, …")],
    grounds: Annotated[str, typer.Option(help="Reasonable, objective grounds.")],
    end: Annotated[bool, typer.Option("--end", help="No longer in this category.")] = False,
    because_of: BecauseOf = None,
    command_id: CommandId = None,
) -> None:
    """Put a person into a data-subject category, or out of it; several may stand together."""
    from commands import entity

    session: Session = context.obj
    change = entity.end_classification if end else entity.classify
    receipt = change(
        session.desk,
        session.reader,
        who,
        _category(category),
        grounds,
        because_of=session.causes(because_of),
        command_id=parse_uuid(command_id),
    )
    session.receipt(receipt, f"{'No longer' if end else 'Recorded as'} {category}")


@person_app.command("age")
def age(
    context: typer.Context,
    who: Who,
    born: Annotated[str | None, typer.Option(help="Date of birth, 1996-05-04.")] = None,
    under_18: Annotated[bool | None, typer.Option("--under-18/--adult", help="As known.")] = None,
    words: Annotated[str | None, typer.Option(help="As told: 11, 14y8m, 14.8 months.")] = None,
    as_of: Annotated[
        str | None, typer.Option("--as-of", help="The day on which that was so; else today.")
    ] = None,
    source: Annotated[str | None, typer.Option(help="Who says so.")] = None,
    command_id: CommandId = None,
) -> None:
    """Record an age as it is known; an age in words counts on from its day."""
    from commands import entity

    session: Session = context.obj
    receipt = entity.record_age(
        session.desk,
        session.reader,
        who,
        under_18,
        parse_day(born),
        words,
        as_of=parse_day(as_of),
        source=source,
        command_id=parse_uuid(command_id),
    )
    session.receipt(receipt, "Age recorded")


@person_app.command("learning-disability")
def learning_disability(
    context: typer.Context,
    who: Who,
    source: Annotated[str, typer.Option(help="Who says so.")],
    none: Annotated[
        bool, typer.Option("--none", help="There is none, they say; what was told before stays.")
    ] = False,
    as_of: Annotated[str | None, typer.Option("--as-of", help="The day; else today.")] = None,
    command_id: CommandId = None,
) -> None:
    """Record that somebody has a learning disability: such a child is never rated low."""
    from commands import entity

    session: Session = context.obj
    receipt = entity.record_learning_disability(
        session.desk,
        session.reader,
        who,
        not none,
        source,
        as_of=parse_day(as_of),
        command_id=parse_uuid(command_id),
    )
    session.receipt(receipt, "Learning disability recorded")


def _judge(
    context: typer.Context, a: str, b: str, judgement: Any, reason: str, command_id: str | None
) -> None:
    from commands import identity

    session: Session = context.obj
    receipt = identity.judge(
        session.desk, session.reader, a, b, judgement, reason, command_id=parse_uuid(command_id)
    )
    session.receipt(receipt, f"Judged {judgement}")


def same(
    context: typer.Context, a: One, b: Other, reason: Reason, command_id: CommandId = None
) -> None:
    """Judge two entities the same; it can be taken back."""
    _judge(context, a, b, "same", reason, command_id)


def different(
    context: typer.Context, a: One, b: Other, reason: Reason, command_id: CommandId = None
) -> None:
    """Judge two entities different."""
    _judge(context, a, b, "different", reason, command_id)


def unsure(
    context: typer.Context, a: One, b: Other, reason: Reason, command_id: CommandId = None
) -> None:
    """Say that nobody can tell yet."""
    _judge(context, a, b, "unsure", reason, command_id)


def split(context: typer.Context, a: One, reason: Reason, command_id: CommandId = None) -> None:
    """Take back every "same" of this entity."""
    from commands import identity

    session: Session = context.obj
    receipt, count = identity.split(
        session.desk, session.reader, a, reason, command_id=parse_uuid(command_id)
    )
    session.receipt(receipt, f"Taken back: {count}, the first in")


def suggestions(
    context: typer.Context,
    limit: Annotated[int, typer.Option(help="At most so many.")] = 20,
) -> None:
    """Pairs that may be the same, with the reasons; nothing is merged by machine."""
    from network import suggestions as view

    session: Session = context.obj
    with session.reading() as db:
        found = view.suggestions(db, session.reader, limit=limit)
    rows = [
        (short(s.a), s.label_a, short(s.b), s.label_b, f"{s.score:.2f}", "; ".join(s.reasons))
        for s in found
    ]
    session.answer(found, table(("A", "", "B", "", "score", "why"), rows, "Nothing to suggest."))


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
