"""Commands for a subject's own requests: access-request, and request show, decide, answer …"""

from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Literal
from uuid import UUID

import typer

from commands.data_protection import subject_request
from console.engine import question_tables
from console.engine.options import CommandId
from console.engine.parsing import WHEN, BadInput, parse_uuid, piped_text
from console.engine.session import CommandSession, short, stamp
from console.records.disclosing import handed_over
from domain.data_protection import subject_request as subject_request_domain
from projections.data_protection import requests
from usecases.data_protection import disclosing

if TYPE_CHECKING:
    from commands.data_protection.subject_search import Held
    from projections.data_protection.requests import RequestRow

request_app = typer.Typer(no_args_is_help=True)
Which = Annotated[
    str, typer.Argument(metavar="ID", help="The request: its full id or the last eight characters.")
]


def register(app: typer.Typer) -> None:
    """Add this module's commands to the command line."""
    app.command()(access_request)
    app.add_typer(request_app, name="request")


def access_request(
    context: typer.Context,
    subject: Annotated[
        str | None, typer.Argument(metavar="[SUBJECT]", help="The subject who asks; or: list.")
    ] = None,
    requester: Annotated[
        str | None, typer.Option("--by", help="Who asks, and how you checked their identity.")
    ] = None,
    received: Annotated[
        str | None, typer.Option(metavar=WHEN, help="When it was received (default: now).")
    ] = None,
    command_id: CommandId = None,
) -> None:
    """Open a subject's request for access to data. The answer is due in a month. Without a subject,
    it lists the open requests."""
    session: CommandSession = context.obj
    if subject is None or subject == "list":
        _list(session)
        return
    if requester is None:
        raise BadInput("give --by: who makes the request, and how you checked their identity")
    receipt = subject_request.receive(
        session.desk,
        session.reader,
        session.entity(subject)[0],
        requester,
        session.when(received) or session.now(),
        command_id=parse_uuid(command_id),
    )
    due = subject_request.read_request(session.desk, receipt.id).due
    session.receipt(
        receipt,
        "Request",
        f"Due: {stamp(due)}",
        f"Next: continuum request show {short(receipt.id)}",
    )


def _rows(session: CommandSession) -> "list[RequestRow]":
    with session.open().reading_with_access_log() as db:
        return requests.list_requests(db, session.reader)


def _list(session: CommandSession) -> None:
    """Print the list of open access requests."""
    answer = disclosing.ListRequests(every=True).told(session.desk, session.reader, session.now())
    (rows,) = answer.tables
    session.answer(rows, question_tables.answer_lines(disclosing.ListRequests.tables(), answer))


def _find(session: CommandSession, text: str) -> "RequestRow":
    wanted = text.strip().lower().replace("-", "")
    rows = [row for row in _rows(session) if wanted and row.id.hex.endswith(wanted)]
    if len(rows) != 1:
        raise BadInput(
            f"{text!r} does not name exactly one subject access request that your team answers: "
            "give the whole id"
        )
    return rows[0]


def _which(session: CommandSession, text: str) -> UUID:
    """Return the access request that a text names, among the requests that the reader answers or
    takes part in. A request for which the reader's team has given its data can only be named by its
    whole id.
    """
    wanted = text.strip().lower().replace("-", "")
    with session.open().reading_with_access_log() as db:
        known_items = [row.id for row in requests.list_requests(db, session.reader)]
        known_items += [row.id for row in requests.parts(db, session.reader, session.now())]
    found_items = {
        request_id for request_id in known_items if wanted and request_id.hex.endswith(wanted)
    }
    if not found_items and len(wanted) == 32:
        return parse_uuid(wanted)
    if len(found_items) != 1:
        raise BadInput(
            f"{text!r} does not name exactly one subject access request of which your team "
            "answers a part: give the whole id"
        )
    return found_items.pop()


def _held(session: CommandSession, request: UUID) -> "list[Held]":
    with session.reading() as db:
        return subject_request.list_records(session.desk, db, session.reader, request)


@request_app.command("show")
def show(context: typer.Context, which: Which) -> None:
    """Show what is held about a subject. For each item it makes a proposal; a person decides."""
    session: CommandSession = context.obj
    request = _which(session, which)
    state = subject_request.read_request(session.desk, request)
    data, lines = [], [f"Request {request}. {subject_request.due_in_words(session.desk, request)}"]
    answers = subject_request.answers(session.desk, session.reader, request)
    if answers and state.waiting:
        lines.append(f"Other teams that still have to answer: {len(state.waiting)}")
    for held_item in _held(session, request):
        decision_made = state.decided.get(held_item.item)
        data.append(
            {
                "item": held_item.item,
                "what": held_item.what,
                "regime": held_item.regime,
                "controller": held_item.controller,
                "found_by": held_item.why,
                "text": held_item.text,
                "proposed": held_item.proposed,
                "exemption": held_item.exemption,
                "decided": decision_made.decision if decision_made else None,
            }
        )
        why = (
            f" ({subject_request_domain.EXEMPTIONS[held_item.exemption]})"
            if held_item.exemption
            else ""
        )
        lines += [
            "",
            (
                f"{short(held_item.item)}  {held_item.what}, {held_item.controller}, "
                f"{held_item.regime}, by "
                f"{held_item.why}"
            ),
            (
                f"  proposed: {held_item.proposed}{why}; decided: "
                f"{decision_made.decision if decision_made else 'not yet'}"
            ),
            *(f"    {line}" for line in held_item.text.splitlines()),
        ]
    request_fields = {"id": request, "due": state.due, "items": data}
    session.answer(request_fields | ({"waiting": len(state.waiting)} if answers else {}), lines)


@request_app.command("decide")
def decide(
    context: typer.Context,
    which: Which,
    item: Annotated[str, typer.Argument(metavar="ITEM", help="The item, from request show.")],
    decision: Annotated[
        Literal["give", "redact", "withhold"],
        typer.Argument(help="redact: as proposed, or the text on standard input (--text)."),
    ],
    exemption: Annotated[str | None, typer.Option(help="source, others-rights, …")] = None,
    reason: Annotated[str | None, typer.Option(help="Why.")] = None,
    text: Annotated[
        bool, typer.Option("--text", help="The text to give comes on standard input.")
    ] = False,
    command_id: CommandId = None,
) -> None:
    """Decide about one item of a subject's request. The source is never given."""
    if exemption is not None and exemption not in subject_request_domain.EXEMPTIONS:
        raise BadInput(
            f"{exemption!r} is not an exemption. "
            f"Exemptions: {', '.join(subject_request_domain.EXEMPTIONS)}"
        )
    session: CommandSession = context.obj
    request = _which(session, which)
    wanted = item.strip().lower().replace("-", "")
    matching = [h for h in _held(session, request) if wanted and h.item.hex.endswith(wanted)]
    if len(matching) != 1:
        raise BadInput(
            f"{item!r} does not name exactly one item of this subject access request: list its "
            "items with request show"
        )
    given_text = None
    if decision != "withhold":
        given_text = piped_text("Which text do you give?") if text else matching[0].text
    decided = subject_request_domain.RequestItemDecided(
        matching[0].item,
        decision,
        exemption,
        reason,
        given_text,
    )
    receipt = subject_request.decide(
        session.desk, session.reader, request, decided, command_id=parse_uuid(command_id)
    )
    session.receipt(receipt, f"Decided to {decision}: request")


@request_app.command("answer")
def answer(
    context: typer.Context,
    which: Which,
    out: Annotated[Path | None, typer.Option(help="The file for the document.")] = None,
) -> None:
    """Send the answer to a subject's request. Send it once every item has a decision and other
    teams have answered; from the due date on, with what there is. It is recorded as a
    disclosure."""
    session: CommandSession = context.obj
    row = _find(session, which)
    with session.reading() as db:
        receipt, document = subject_request.answer(
            session.desk, db, session.reader, row.id, row.requester
        )
    handed_over(session, [row.subject], receipt, document, out)
