"""The sergeant's questions: ego, path, groups, key people, hotspots, children at risk, export.

Over 300 lines: seven commands, each with its options and its table in full.
"""

import shlex
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, Literal

import typer

from console.entries import hand_over
from console.options import ConditionsMet, Layer, Purpose, Recipient, asking
from console.session import Session, note, short, table

if TYPE_CHECKING:
    from network.export import Withheld
    from projections.links import Asked

network_app = typer.Typer(help="Who is tied to whom, on what evidence.", no_args_is_help=True)
Who = Annotated[str, typer.Argument(metavar="WHO", help="An id, a name, a plate, a phone.")]


def register(app: typer.Typer) -> None:
    """Add this module's commands."""
    app.add_typer(network_app, name="network")


def _find(session: Session, who: str) -> Any:
    return session.entity(who)[0]


@network_app.command("ego")
@asking
def ego(
    context: typer.Context,
    who: Who,
    hops: Annotated[int, typer.Option(help="How many links away.", min=1, max=6)] = 1,
    also: Annotated[
        list[str] | None, typer.Option(help="One of those shown, to go one link further from.")
    ] = None,
    layer: Layer = "all",
    *,
    question: "Asked",
) -> None:
    """Everybody and everything around one person or thing."""
    from network import document, text, view

    session: Session = context.obj
    found, further = _find(session, who), [_find(session, one) for one in also or ()]
    with session.reading() as db:
        picture = view.ego(
            db, session.reader, found, hops, asked=question, layer=layer, also=further
        )
    session.answer(document.document(picture), text.lines(picture))


@network_app.command("path")
@asking
def path(
    context: typer.Context,
    a: Annotated[str, typer.Argument(metavar="A", help="One end.")],
    b: Annotated[str, typer.Argument(metavar="B", help="The other end.")],
    layer: Layer = "all",
    *,
    question: "Asked",
) -> None:
    """The shortest way between two, with the evidence of each step."""
    from network import document, paths, text

    session: Session = context.obj
    one, other = _find(session, a), _find(session, b)
    with session.reading() as db:
        found = paths.path(db, session.reader, one, other, asked=question, layer=layer)
    if found is None:
        session.answer(
            {"nodes": [], "links": []},
            ["No way between them on the links asked for (try --min-grade any)."],
        )
        return
    session.answer(document.path_document(found), text.path_lines(found))


@network_app.command("groups")
@asking
def groups(
    context: typer.Context,
    layer: Layer = "all",
    *,
    question: "Asked",
) -> None:
    """People tied to each other; two are a network, identified or not."""
    from network import document
    from network import groups as view

    session: Session = context.obj
    with session.reading() as db:
        found = view.groups(db, session.reader, asked=question, layer=layer)
    seen = found.picture
    rows = [
        (
            number,
            len(group.people),
            group.offenders,
            group.victims,
            group.ties,
            group.grade,
            _some([seen.entity(one).label for one in group.people]),
        )
        for number, group in enumerate(found.groups, start=1)
    ]
    head = ("", "people", "suspected", "victims", "ties", "best", "who")
    session.answer(
        document.document(seen) | {"groups": found.groups},
        [*table(head, rows, "No two people are tied on the links asked for."), *_left(seen)],
    )


def _some(names: list[str], most: int = 6) -> str:
    more = f" and {len(names) - most} more" if len(names) > most else ""
    return ", ".join(names[:most]) + more


def _left(found: Any) -> list[str]:
    """What an answer does not show, in so many words."""
    lines = [f"{found.ungraded} ungraded not shown"]
    if found.weaker:
        lines.append(f"{found.weaker} below the minimum grade not shown")
    return lines


@network_app.command("key-people")
@asking
def key_people(
    context: typer.Context,
    by: Annotated[
        Literal["degree", "betweenness", "closeness", "eigenvector", "fragmentation"],
        typer.Option(help="Which measure orders them."),
    ] = "degree",
    limit: Annotated[int, typer.Option(help="At most so many.", min=1)] = 20,
    layer: Layer = "offender-offender",
    weighted: Annotated[bool, typer.Option("--weighted", help="Count the ties' weights.")] = False,
    *,
    question: "Asked",
) -> None:
    """Who is how central: a lead for somebody to look at, never a finding."""
    from network import measures

    session: Session = context.obj
    with session.reading() as db:
        found = measures.key_people(
            db, session.reader, asked=question, by=by, limit=limit, layer=layer, weighted=weighted
        )
    head = ("who", "id", "ties", "degree", "between", "close", "eigen", "fragments")
    rows = [
        (
            row.label,
            short(row.id),
            row.ties,
            *(
                _figure(value)
                for value in (
                    row.degree,
                    row.betweenness,
                    row.closeness,
                    row.eigenvector,
                    row.fragmentation,
                )
            ),
        )
        for row in found.rows
    ]
    cleared = [f"{found.cleared} eliminated or acquitted left out"] if found.cleared else []
    lines = [*table(head, rows, "No two people of this layer are tied."), *cleared, *_left(found)]
    session.answer(found.rows, [*lines, measures.CAUTION])


def _figure(value: float | None) -> str:
    return "-" if value is None else f"{value:.3f}"


@network_app.command("hotspots")
@asking
def hotspots(
    context: typer.Context,
    limit: Annotated[int, typer.Option(help="At most so many.", min=1)] = 20,
    *,
    question: "Asked",
) -> None:
    """Places and vehicles that several suspects or victims share, or where missing children were
    found; never a home."""
    from network import hotspots as view

    session: Session = context.obj
    with session.reading() as db:
        found = view.hotspots(db, session.reader, asked=question, limit=limit)
    head = ("what", "kind", "id", "people", "suspected", "victims", "found", "links", "best", "")
    rows = [
        (
            row.label,
            row.kind,
            short(row.id),
            row.people,
            row.offenders,
            row.victims,
            row.found or "",
            row.links,
            row.grade,
            "hub" if row.hub else "",
        )
        for row in found.rows
    ]
    more = [f"{found.more} more not shown (--limit)"] if found.more else []
    lines = [*table(head, rows, "No place or vehicle is shared."), *more, *_left(found)]
    session.answer(found.rows, lines)


@network_app.command("victims")
@asking
def victims(
    context: typer.Context,
    who: Annotated[
        str | None, typer.Argument(metavar="[SUSPECT]", help="One suspect; without, any.")
    ] = None,
    *,
    question: "Asked",
) -> None:
    """Children possibly at risk through a suspect: referrals to consider."""
    from network import risk

    session: Session = context.obj
    found_who = _find(session, who) if who else None
    with session.reading() as db:
        found = risk.children_at_risk(db, session.reader, found_who, asked=question)
    rows = [
        (
            row.label,
            short(row.id),
            row.suspect_label,
            "; ".join(_why(reason) for reason in row.reasons),
        )
        for row in found.rows
    ]
    lines = table(
        ("to consider", "id", "through", "because of"), rows, "Nobody is to be considered."
    )
    lines += [f"Not followed: {hub.label}, tied to {hub.links}" for hub in found.hubs]
    session.answer(found.rows, [*lines, *_left(found)])


def _why(reason: Any) -> str:
    kinds = " / ".join(reason.kinds)
    grade = reason.grade or "ungraded"
    return f"{kinds} via {reason.via_label} ({grade})" if reason.via_label else f"{kinds} ({grade})"


@network_app.command("export")
@asking
def export(
    context: typer.Context,
    form: Annotated[
        Literal["graphml", "gexf", "csv", "i2", "ftm", "svg", "png", "pdf"],
        typer.Option("--format", help="For which program."),
    ],
    around: Annotated[
        str | None, typer.Option(help="An ego network; without, the whole layer.")
    ] = None,
    hops: Annotated[int, typer.Option(help="With --around.", min=1, max=6)] = 2,
    out: Annotated[str | None, typer.Option(help="A file; without, standard output.")] = None,
    recipient: Recipient = None,
    purpose: Purpose = None,
    layer: Layer = "all",
    conditions_met: ConditionsMet = None,
    *,
    question: "Asked",
) -> None:
    """A picture or a file for another program; children as "Child n"; every export is recorded."""
    from network import handover, view

    session: Session = context.obj
    made = handover.handed_over(
        session.desk,
        session.reader,
        form,
        question,
        part=view.Extent(_find(session, around) if around else None, hops),
        layer=layer,
        recipient=recipient,
        purpose=purpose,
        now=session.now(),
        synthetic=session.open().synthetic,
        consulted=lambda ids: session.consulted("\n".join(map(str, ids)).encode()),
        conditions_met=conditions_met,
    )
    if out is None:
        _to_stdout(made.content)
    else:
        hand_over(Path(out), made.content)
        told = {"file": out, "format": form, "sha256": made.sha256, "bytes": len(made.content)}
        session.tell(
            told | {"withheld": made.withheld},
            [f"Written: {out} ({len(made.content)} bytes, SHA-256 {made.sha256})"],
        )
    for line in _withheld(made.withheld, recipient):
        note(line)


def _withheld(links: "Sequence[Withheld]", recipient: str | None) -> Iterator[str]:
    """What is not in an export, why, and how to ask for it."""
    from network.export import CONSENTS

    if not links:
        return
    many = "1 link is" if len(links) == 1 else f"{len(links)} links are"
    yield f"{many} not in it: their originators have to be asked before anybody else has them."
    for one in links:
        yield f"  {one.says}: {CONSENTS[one.consent]}"
    use = shlex.quote(f"a map for {recipient}")
    for ask in dict.fromkeys(one.ask for one in links if one.consent != "asked"):
        if ask:
            yield f"To ask: continuum consent ask {short(ask)} --for {use}"
        else:
            yield "For the others, ask the team that holds them."


def _to_stdout(content: bytes) -> None:
    import sys

    if sys.stdout.isatty():
        note("A picture or a file would spoil the screen: give --out FILE.")
        raise typer.Exit(2)
    sys.stdout.buffer.write(content)
