"""Commands that check a professional's text. They print suggestions on standard error and store
nothing.
"""

from typing import TYPE_CHECKING, Annotated, Any

import typer

from console.engine.parsing import piped_text
from console.engine.session import CommandSession
from console.engine.table import table
from domain.intelligence import intelligence_report
from domain.kernel import decoding
from ingest.words import hints as word_hints

if TYPE_CHECKING:
    from uuid import UUID

    from ingest.words.hints import Hint


def register(app: typer.Typer) -> None:
    """Add this module's commands to the command line."""
    app.command()(lint)


def lint(
    context: typer.Context,
    text: Annotated[
        str | None, typer.Argument(help="The text. Without it, standard input is read.")
    ] = None,
    item: Annotated[
        str | None, typer.Option("--of", help="The log entry or report that it is drawn from.")
    ] = None,
) -> None:
    """Check a text before it is released. Shows what hints at the source and what blames a child.
    Nothing is stored."""
    session: CommandSession = context.obj
    text = text if text is not None else piped_text("Text")
    item_id = session.item(item, "observation", "report") if item else None
    marks = hints(session, text, item_id)
    blaming = language(text)
    rows = [(mark["kind"], mark["words"], mark["households"], mark["why"]) for mark in marks]
    none = "No hint at a source was found."
    lines = in_text(text, marks) + table(("hint", "words", "households", "why"), rows, none)
    lines += describe_findings(blaming)
    session.answer({"of": item_id, "marks": marks, "language": blaming}, lines)


def language(text: str | None, *, verbatim: bool = False) -> list[dict[str, Any]]:
    """Return the blaming expressions in a professional's text, each with a better expression."""
    import msgspec

    from domain.language import find_blame

    return [msgspec.to_builtins(finding) for finding in find_blame(text or "", verbatim=verbatim)]


def describe_findings(findings: list[dict[str, Any]]) -> list[str]:
    """Return a line for each blaming expression in a text."""
    return [
        f"{finding['words']!r}: left as it is, because it is a quotation"
        if finding["quoted"]
        else f"{finding['words']!r}: {finding['why']}. Instead: {'; or: '.join(finding['instead'])}"
        for finding in findings
    ]


def hints(session: CommandSession, text: str, item: "UUID | None") -> list[dict[str, Any]]:
    """Return the hints at the source in a sanitised text, compared with the original words and the
    family of an item.
    """
    import msgspec

    drawn = _observations(session, item)
    with session.reading() as db:
        raw, family = word_hints.read_drawn_from(db, session.reader, drawn)
        marks: list[Hint] = word_hints.hints(
            db, session.reader, text, written_at=session.now(), raw=raw, family=family
        )
    return [msgspec.to_builtins(mark) for mark in marks]


def in_text(text: str, marks: list[dict[str, object]]) -> list[str]:
    """Return the lines of a text with its hints at the source marked, for the terminal; [] if there
    are none.
    """
    hints_in_text = decoding.convert(marks, list[word_hints.Hint])
    return word_hints.in_text(text, hints_in_text).splitlines() if hints_in_text else []


def _observations(session: CommandSession, item: "UUID | None") -> "list[UUID]":
    if item is None:
        return []
    facts = session.open().logs["evidence"].history(item)
    drawn = [
        fact.event.observation
        for fact in facts
        if isinstance(fact.event, intelligence_report.ItemGraded)
    ]
    return list(dict.fromkeys(drawn)) or [item]
