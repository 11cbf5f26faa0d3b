"""What the linters say of a professional's words: offers on standard error, stored nowhere."""

from typing import TYPE_CHECKING, Annotated, Any

import typer

from console.engine.parsing import piped_text
from console.engine.session import CommandSession
from console.engine.table import table

if TYPE_CHECKING:
    from uuid import UUID

    from ingest.words.hints import Hint


def register(app: typer.Typer) -> None:
    """Add this module's commands."""
    app.command()(lint)


def lint(
    context: typer.Context,
    text: Annotated[str | None, typer.Argument(help="The text; else standard input.")] = None,
    item: Annotated[
        str | None, typer.Option("--of", help="The observation or report it is drawn from.")
    ] = None,
) -> None:
    """Check a text before it is released. Shows what hints at the source and what blames a child.
    Nothing is stored."""
    session: CommandSession = context.obj
    text = text if text is not None else piped_text("Text")
    found = session.item(item, "observation", "report") if item else None
    marks = hints(session, text, found)
    blaming = language(text)
    rows = [(one["kind"], one["words"], one["households"], one["why"]) for one in marks]
    none = "No hint of who told us was seen."
    lines = in_text(text, marks) + table(("hint", "words", "households", "why"), rows, none)
    lines += said(blaming)
    session.answer({"of": found, "marks": marks, "language": blaming}, lines)


def language(text: str | None, *, verbatim: bool = False) -> list[dict[str, Any]]:
    """What blames in a professional's words, with what to write instead."""
    import msgspec

    from domain.language import look

    return [msgspec.to_builtins(one) for one in look(text or "", verbatim=verbatim)]


def said(found: list[dict[str, Any]]) -> list[str]:
    """The language linter's findings for a person."""
    return [
        f"{one['words']!r}: kept, these are somebody's own words"
        if one["quoted"]
        else f"{one['words']!r}: {one['why']}. Instead: {'; or: '.join(one['instead'])}"
        for one in found
    ]


def hints(session: CommandSession, text: str, item: "UUID | None") -> list[dict[str, Any]]:
    """The sanitisation linter's marks, with the first words and the family of an item."""
    import msgspec

    from ingest.words import hints as linter

    drawn = _observations(session, item)
    with session.reading() as db:
        raw, family = linter.drawn_from(db, session.reader, drawn)
        marks: list[Hint] = linter.hints(
            db, session.reader, text, written_at=session.now(), raw=raw, family=family
        )
    return [msgspec.to_builtins(one) for one in marks]


def in_text(text: str, marks: list[dict[str, object]]) -> list[str]:
    """The text with its marks in it, for the terminal; nothing where nothing is marked."""
    from domain.kernel.decoding import convert
    from ingest.words import hints as linter

    found = convert(marks, list[linter.Hint])
    return linter.in_text(text, found).splitlines() if found else []


def _observations(session: CommandSession, item: "UUID | None") -> "list[UUID]":
    from domain.intelligence.intelligence_report import ItemGraded

    if item is None:
        return []
    facts = session.open().logs["evidence"].history(item)
    drawn = [fact.event.observation for fact in facts if isinstance(fact.event, ItemGraded)]
    return list(dict.fromkeys(drawn)) or [item]
