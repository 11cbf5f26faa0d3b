"""The command that corrects data that a subject says are wrong, and lists the
recipients to inform.
"""

from typing import Annotated, Any

import typer

from commands.data_protection import subject_request
from commands.information import observation
from console.engine.options import CommandId, Reason
from console.engine.parsing import TAKES_WORDS, needed_text, parse_uuid, refuse_typed_words
from console.engine.session import CommandSession, short
from projections.data_protection import disclosures
from projections.kernel import item_ids


def register(app: typer.Typer) -> None:
    """Add this module's command to the command line."""
    app.command(context_settings=TAKES_WORDS)(rectify)


def rectify(
    context: typer.Context,
    item: Annotated[str, typer.Argument(metavar="REF", help="What is wrong or incomplete.")],
    reason: Reason,
    command_id: CommandId = None,
) -> None:
    """Correct what a subject says is wrong. It reads the text from standard input: a correction of
    a log entry, a statement beside any other item. It lists the recipients to inform."""
    session: CommandSession = context.obj
    refuse_typed_words(context)
    words = needed_text(context, "What is correct, or has to be added?")
    found_item = session.item(item)
    with session.reading() as db:
        kind = item_ids.resolve(db, session.reader, str(found_item))[0].kind
    write = observation.correct if kind == "observation" else subject_request.add_statement
    receipt = write(
        session.desk, session.reader, found_item, words, reason, command_id=parse_uuid(command_id)
    )
    with session.open().reading_with_access_log() as db:
        shared = disclosures.of_items(db, session.reader, [found_item])
        items = subject_request.requests_that_gave(session.desk, session.reader, db, found_item)
    to_tell: list[dict[str, Any]] = [
        {"disclosure": row.id, "recipients": row.recipients} for row in shared
    ]
    to_tell += [
        {"request": request_id, "recipients": ["the person who asked"]} for request_id in items
    ]
    data = {"id": receipt.id, "ref": receipt.ref, "recorded": receipt.recorded, "to_tell": to_tell}
    session.print_message(
        data,
        [
            f"{'Corrected' if kind == 'observation' else 'Statement added'}: {receipt.id}",
            *(f"To inform: {', '.join(r.recipients)} (disclosure {short(r.id)})" for r in shared),
            *(
                (
                    "To inform: the person who asked. Decide now what they are given: "
                    f"continuum request decide {request_id} {short(found_item)} redact --text"
                )
                for request_id in items
            ),
        ],
    )
