"""The command that shares information beyond the team."""

import sys
from pathlib import Path
from typing import Annotated, Any
from uuid import UUID

import typer

from commands.data_protection import disclosure
from console.engine.options import BecauseOf, CommandId, ConditionsMet
from console.engine.parsing import WHEN, BadInput, hand_over, parse_uuid
from console.engine.session import CommandSession
from domain.data_protection import disclosure as disclosure_domain


def register(app: typer.Typer) -> None:
    """Add this module's commands to the command line."""
    app.command()(disclose)


def disclose(
    context: typer.Context,
    items: Annotated[list[str], typer.Argument(metavar="ID…", help="What is shared.")],
    purpose: Annotated[str | None, typer.Option(help="For what purpose.")] = None,
    basis: Annotated[str | None, typer.Option(help="safeguarding, law-enforcement, …")] = None,
    to: Annotated[list[str] | None, typer.Option("--to", help="Who receives it.")] = None,
    checked: Annotated[
        str | None, typer.Option(help="What you checked: accurate, complete, up to date (s.38).")
    ] = None,
    conditions_met: ConditionsMet = None,
    urgent: Annotated[
        str | None, typer.Option(help="Why it cannot wait for consent or conditions.")
    ] = None,
    needed: Annotated[str | None, typer.Option(metavar=WHEN, help="When the need arose.")] = None,
    out: Annotated[Path | None, typer.Option(help="The file for the document.")] = None,
    because_of: BecauseOf = None,
    command_id: CommandId = None,
) -> None:
    """Disclose information, on record. It takes the purpose, lawful basis, recipients, handling and
    a quality check. At a terminal you are asked for any that are missing."""
    session: CommandSession = context.obj
    since = session.when(needed)
    legal = _basis(basis or _ask("On which lawful basis do you disclose?", ", ".join(_bases())))
    found_items = [session.item(item) for item in items]
    shared = [
        s
        for item in found_items
        for s in disclosure.gather(session.desk, session.reader, item, legal)
    ]
    if not disclosure_domain.at_once(legal, urgent):
        session.prove_again()
    receipt, document = disclosure.disclose(
        session.desk,
        session.reader,
        shared,
        basis=legal,
        purpose=purpose or _ask("For which purpose do you disclose?"),
        recipients=to or [_ask("Who receives the disclosure?")],
        checked=checked or _ask("What did you check: accurate, complete, up to date?"),
        conditions_met=conditions_met,
        urgent=urgent,
        needed=since,
        command_id=parse_uuid(command_id),
        because_of=session.causes(because_of),
    )
    handed_over(session, found_items, receipt, document, out)


def handed_over(
    session: CommandSession, items: list[UUID], receipt: Any, document: Any, out: Path | None
) -> None:
    """Write the document of a disclosure to a file, or print it, with the receipt."""
    import msgspec

    if out:
        hand_over(out, msgspec.json.format(msgspec.json.encode(document.content), indent=2))
    content = document.content
    data = {
        "id": receipt.id,
        "ref": receipt.ref,
        "recorded": receipt.recorded,
        "items": items,
        "sha256": document.sha256,
        "document": content,
    }
    lines = [
        f"Shared: {receipt.id}, SHA-256 {document.sha256}",
        f"{content['marking']}  handling {content['handling']}",
        f"To {', '.join(content['recipients'])}: {content['purpose']}",
        *(f"Condition: {entry}" for entry in content["conditions"]),
        *(
            f"{entry['number']}. {entry['what']} {entry['grade'] or 'ungraded'}: {entry['text']}"
            + (f" ({'; '.join(entry['notes'])})" if entry["notes"] else "")
            for entry in content["items"]
        ),
    ]
    session.answer(data, lines)


def _ask(question: str, choices: str | None = None) -> str:
    if not sys.stdin.isatty():
        raise BadInput(f"{question} Give it as an option (see --help)")
    sys.stderr.write(f"{question} {f'({choices}) ' if choices else ''}")
    sys.stderr.flush()
    return sys.stdin.readline().strip()


def _bases() -> tuple[str, ...]:
    return tuple(
        basis for basis in disclosure_domain.BASES if basis not in disclosure_domain.ANSWERING
    )


def _basis(text: str) -> Any:
    if text not in _bases():
        raise BadInput(f"{text!r} is not a lawful basis. Give one of: {', '.join(_bases())}")
    return text
