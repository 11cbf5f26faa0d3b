"""Network commands that draw a map or follow links: ego, path, export."""

import shlex
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, Literal

import typer

from console.engine.options import ConditionsMet, Purpose, Recipient, asking
from console.engine.parsing import BadInput, hand_over, require_room
from console.engine.session import CommandSession, note, short
from domain.kernel.codes import Layer

if TYPE_CHECKING:
    from network.export.export import Withheld
    from projections.intelligence.links import LinkFilter

network_app = typer.Typer(no_args_is_help=True)
Who = Annotated[
    str, typer.Argument(metavar="WHO", help="A person, plate, phone or place: an id or a name.")
]


def register(app: typer.Typer) -> None:
    """Add this module's commands to the command line."""
    app.add_typer(network_app, name="network")


def _find(session: CommandSession, who: str) -> Any:
    return session.entity(who)[0]


@network_app.command("ego")
@asking
def ego(
    context: typer.Context,
    who: Who,
    hops: Annotated[int, typer.Option(help="How many links away.", min=1, max=6)] = 1,
    also: Annotated[
        list[str] | None, typer.Option(help="One of the items shown, to expand one link further.")
    ] = None,
    layer: Layer = "all",
    *,
    question: "LinkFilter",
) -> None:
    """Show all links of one person or item."""
    from network.picture import picture_data, terminal_map
    from network.query import view

    session: CommandSession = context.obj
    center, further = _find(session, who), [_find(session, name) for name in also or ()]
    with session.reading() as db:
        picture = view.ego(
            db, session.reader, center, hops, link_filter=question, layer=layer, also=further
        )
    session.answer(picture_data.document(picture), terminal_map.lines(picture))


@network_app.command("path")
@asking
def path(
    context: typer.Context,
    a: Annotated[str, typer.Argument(metavar="A", help="One end.")],
    b: Annotated[str, typer.Argument(metavar="B", help="The other end.")],
    layer: Layer = "all",
    *,
    question: "LinkFilter",
) -> None:
    """Show the shortest path between two. It shows the evidence of each step."""
    from network.picture import picture_data, terminal_map
    from network.query import paths

    session: CommandSession = context.obj
    one, other = _find(session, a), _find(session, b)
    with session.reading() as db:
        found_path = paths.path(db, session.reader, one, other, link_filter=question, layer=layer)
    if found_path is None:
        session.answer(
            {"nodes": [], "links": []},
            ["No path on the selected links (try --min-grade any)."],
        )
        return
    session.answer(picture_data.path_document(found_path), terminal_map.path_lines(found_path))


@network_app.command("export")
@asking
def export(
    context: typer.Context,
    form: Annotated[
        Literal["graphml", "gexf", "csv", "xlsx", "i2", "anx", "ftm", "pole", "svg", "png", "pdf"],
        typer.Option("--format", help="The format, for the program that reads it."),
    ],
    around: Annotated[
        str | None, typer.Option(help="An ego network around this item; default: the whole layer.")
    ] = None,
    hops: Annotated[int, typer.Option(help="With --around.", min=1, max=6)] = 2,
    out: Annotated[
        str | None, typer.Option(help="The file to write; default: standard output.")
    ] = None,
    recipient: Recipient = None,
    purpose: Purpose = None,
    layer: Layer = "all",
    conditions_met: ConditionsMet = None,
    *,
    question: "LinkFilter",
) -> None:
    """Export a map as a picture or a data file. Children appear as "Child n". Every export is
    recorded."""
    from network.export import record_export
    from network.query import view

    session: CommandSession = context.obj
    if out is not None:
        require_room(Path(out))
    made = record_export.handed_over(
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
        details = {"file": out, "format": form, "sha256": made.sha256, "bytes": len(made.content)}
        session.print_message(
            details | {"ties": made.ties, "withheld": made.withheld, "not_shown": made.not_shown},
            [f"Written: {out} ({len(made.content)} bytes, SHA-256 {made.sha256})"],
        )
    notes = [*(() if made.ties else ("It contains no link",)), *made.not_shown]
    if notes:
        note(f"{'; '.join(notes)}.")
    for line in _withheld(made.withheld, recipient):
        note(line)


def _withheld(links: "Sequence[Withheld]", recipient: str | None) -> Iterator[str]:
    """Yield lines about the links that an export leaves out: each link, the reason, and how to
    request consent."""
    from network.export.export import CONSENTS

    if not links:
        return
    many = "1 link is" if len(links) == 1 else f"{len(links)} links are"
    yield f"{many} left out until the originator consents."
    for link in links:
        yield f"  {link.says}: {CONSENTS[link.consent]}"
    use = shlex.quote(f"a map for {recipient}")
    for ask in dict.fromkeys(link.ask for link in links if link.consent != "asked"):
        if ask:
            yield f"To ask: continuum consent ask {short(ask)} --for {use}"
        else:
            yield "For the others, ask the team that owns them."


def _to_stdout(content: bytes) -> None:
    import sys

    if sys.stdout.isatty():
        raise BadInput("a picture or a file cannot be shown in a terminal: give --out FILE")
    sys.stdout.buffer.write(content)
