"""The sergeant's questions: ego, path, groups, key people, hotspots, children at risk, export."""

from typing import TYPE_CHECKING, Annotated, Any, Literal, get_args

import typer

from console.session import BadInput, Session, note, parse_end, short, table

if TYPE_CHECKING:
    from projections.links import Asked

network_app = typer.Typer(help="Who is tied to whom, on what evidence.", no_args_is_help=True)
Layer = Literal["all", "offender-offender", "offender-victim", "victim-victim"]
Who = Annotated[str, typer.Argument(metavar="WHO", help="An id, a name, a plate, a phone.")]
AsAt = Annotated[str | None, typer.Option("--as-at", help="As it was in the world.")]
AsKnown = Annotated[str | None, typer.Option("--as-known", help="As we knew it.")]
MinGrade = Annotated[
    str | None, typer.Option("--min-grade", help="At least 2C …, or any (ungraded too).")
]
Stages = Annotated[
    list[str] | None,
    typer.Option("--stage", help="information, intelligence, evidence; repeatable."),
]
Kinds = Annotated[list[str] | None, typer.Option("--kind", help="Only this kind; repeatable.")]


def register(app: typer.Typer) -> None:
    """Add this module's commands."""
    app.add_typer(network_app, name="network")


def asked(
    as_at: str | None, as_known: str | None, min_grade: str | None, stages: Any, kinds: Any
) -> "Asked":
    """Which links are asked for. By default graded ones only; E is graded and adds no strength."""
    from domain.values import STAGES, Grade, LinkKind  # noqa: PLC0415
    from projections.links import Asked, rank  # noqa: PLC0415

    for stage in stages or ():
        if stage not in STAGES:
            raise BadInput(f"{stage!r} is no stage: {', '.join(STAGES)}")
    for kind in kinds or ():
        if kind not in get_args(LinkKind):
            raise BadInput(f"{kind!r} is no kind of link: {', '.join(get_args(LinkKind))}")
    lowest = Asked().min_rank
    if min_grade == "any" or (min_grade is None and stages and "information" in stages):
        lowest = None
    elif min_grade:
        lowest = rank(Grade.parse(min_grade))
    return Asked(
        as_at=parse_end(as_at) if as_at else None,
        as_known=parse_end(as_known) if as_known else None,
        min_rank=lowest,
        stages=frozenset(stages) if stages else None,
        kinds=frozenset(kinds) if kinds else None,
    )


def _find(session: Session, who: str) -> Any:
    from commands import entity  # noqa: PLC0415

    return entity.find(session.desk, session.reader, who)[0]


@network_app.command("ego")
def ego(
    context: typer.Context,
    who: Who,
    hops: Annotated[int, typer.Option(help="How many links away.", min=1, max=6)] = 1,
    layer: Layer = "all",
    as_at: AsAt = None,
    as_known: AsKnown = None,
    min_grade: MinGrade = None,
    stage: Stages = None,
    kind: Kinds = None,
) -> None:
    """Everybody and everything around one person or thing."""
    from network import document, text, view  # noqa: PLC0415

    session: Session = context.obj
    question = asked(as_at, as_known, min_grade, stage, kind)
    found = _find(session, who)
    with session.reading() as db:
        picture = view.ego(db, session.reader, found, hops, asked=question, layer=layer)
    session.answer(document.document(picture), text.lines(picture))


@network_app.command("path")
def path(
    context: typer.Context,
    a: Annotated[str, typer.Argument(metavar="A", help="One end.")],
    b: Annotated[str, typer.Argument(metavar="B", help="The other end.")],
    layer: Layer = "all",
    as_at: AsAt = None,
    as_known: AsKnown = None,
    min_grade: MinGrade = None,
    stage: Stages = None,
    kind: Kinds = None,
) -> None:
    """The shortest way between two, with the evidence of each step."""
    from network import document, paths, text  # noqa: PLC0415

    session: Session = context.obj
    question = asked(as_at, as_known, min_grade, stage, kind)
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
