"""Options that many commands share, and the eight options that select links of the network."""

import inspect
from collections.abc import Callable
from functools import wraps
from typing import TYPE_CHECKING, Annotated, Any, Literal

import typer

from console.engine.parsing import WHEN, BadInput
from domain.kernel import values
from projections.intelligence import links

if TYPE_CHECKING:
    from console.engine.session import CommandSession
    from domain.kernel.values import LinkKind, Stage
    from projections.intelligence.links import LinkFilter

BecauseOf = Annotated[
    list[str] | None, typer.Option("--because-of", help="The cause: an id, or none-known.")
]
CommandId = Annotated[
    str | None,
    typer.Option("--command-id", help="A UUID. A repeated command with the same one records once."),
]
Reason = Annotated[str, typer.Option("--reason", help="Why.")]
ConditionsMet = Annotated[
    str | None,
    typer.Option("--conditions-met", help="Handling code C: how its conditions are met."),
]
Recipient = Annotated[
    str | None,
    typer.Option("--for", help="Who gets it. Default: the person who gives the command."),
]
Purpose = Annotated[str | None, typer.Option("--purpose", help="What it is for.")]
Opinion = Literal["fact", "opinion", "not-known"]
Case = Annotated[str | None, typer.Option(help="The case.")]
At = Annotated[str | None, typer.Option(metavar=WHEN, help="When it happened.")]
Note = Annotated[str | None, typer.Option("--note", help="A note.")]


def link_kind(text: str) -> "LinkKind":
    """Return the kind of link that a text names. Raises BadInput, which lists all kinds."""
    for kind in values.LINK_KINDS:
        if kind == text:
            return kind
    raise BadInput(f"{text!r} is not a kind of link. Kinds: {', '.join(values.LINK_KINDS)}")


def _stage(text: str) -> "Stage":
    for stage in values.STAGES:
        if stage == text:
            return stage
    raise BadInput(f"{text!r} is not a stage. Stages: {', '.join(values.STAGES)}")


def make_filter(
    session: "CommandSession",
    as_at: Annotated[
        str | None, typer.Option("--as-at", metavar=WHEN, help="Links as of this time.")
    ] = None,
    since: Annotated[
        str | None,
        typer.Option(
            "--from", metavar=WHEN, help="Links that were active from then on, to a time."
        ),
    ] = None,
    until: Annotated[
        str | None, typer.Option("--to", metavar=WHEN, help="Links that were active until then.")
    ] = None,
    as_known: Annotated[
        str | None, typer.Option("--as-known", metavar=WHEN, help="Known as at this time.")
    ] = None,
    min_grade: Annotated[
        str | None,
        typer.Option("--min-grade", help="Minimum grade, such as 2C, or any (ungraded too)."),
    ] = None,
    stage: Annotated[
        list[str] | None,
        typer.Option("--stage", help="information, intelligence or evidence; repeatable."),
    ] = None,
    kind: Annotated[
        list[str] | None, typer.Option("--kind", help="Only this kind; repeatable.")
    ] = None,
) -> "LinkFilter":
    """Return the filter for the options of network commands: dates, grade, stage and kind. By
    default it selects graded links, including links with the lowest source grade E."""
    try:
        lowest = links.least(min_grade, stage or ())
    except ValueError as error:
        raise BadInput(str(error)) from error
    return links.LinkFilter(
        as_at=session.when(as_at, last=True),
        since=session.when(since),
        until=session.when(until, last=True),
        as_known=session.when(as_known, last=True),
        min_rank=lowest,
        stages=frozenset(map(_stage, stage)) if stage else None,
        kinds=frozenset(map(link_kind, kind)) if kind else None,
    )


def asking(command: Callable[..., None]) -> Callable[..., None]:
    """Return the given network command with the options of `make_filter` in place of its parameter
    `question`. A call of the command makes a filter from these options and passes it as `question`.
    """
    own = inspect.signature(command)
    further = dict(list(inspect.signature(make_filter).parameters.items())[1:])

    @wraps(command)
    def wrapped(**given: Any) -> None:
        values = {name: given.pop(name) for name in further}
        question = make_filter(given["context"].obj, **values)
        command(**given, question=question)

    own_parameters = [parameter for name, parameter in own.parameters.items() if name != "question"]
    wrapped.__signature__ = own.replace(parameters=[*own_parameters, *further.values()])  # type: ignore[attr-defined]
    wrapped.__annotations__ = {
        parameter.name: parameter.annotation for parameter in (*own_parameters, *further.values())
    }
    return wrapped
