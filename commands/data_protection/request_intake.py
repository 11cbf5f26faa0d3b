"""Access requests that are recorded before their subject is identified. The user who receives such
a request records it; a person who may search all records then finds the subject.

The user who received the request must not learn whether there are records of the subject:
the program's answers and response times for this user are the same in both cases.
"""

from datetime import datetime
from typing import Unpack
from uuid import UUID, uuid5

from access.who_may import scope
from access.who_may.event_rules import require_command
from commands.data_protection.subject_request import ANSWERS
from commands.data_protection.subject_search import Search
from commands.kernel import entity, item_references
from commands.kernel.declared import OnNamed, ignoring_desk
from commands.kernel.unit_of_work import Command, Desk, Receipt, act, earlier_receipt, facts
from domain.data_protection import request_intake
from domain.data_protection.request_intake import Intake, RequestNoted
from domain.data_protection.subject_request import (
    MONTHS,
    AccessRequested,
    RequestPartAsked,
    months_after,
)
from domain.kernel.envelope import Fact
from domain.kernel.values import Reader
from projections.data_protection import request_intakes


def note(
    desk: Desk,
    reader: Reader,
    requester: str,
    words: str,
    *,
    received: datetime | None = None,
    command_id: UUID | None = None,
) -> Receipt:
    """Record an access request in the requester's words; its month runs from receipt. Raises
    Refused if `domain.data_protection.request_intake.note` does.
    """
    command_id = command_id or desk.new_random_id()
    now = desk.clock()
    came = received or now
    made = RequestNoted(came, months_after(came, MONTHS), requester, words)
    return act(
        desk,
        reader,
        "request.note",
        uuid5(ANSWERS, f"{command_id}/noted"),
        Intake(),
        request_intake.evolve,
        lambda state: request_intake.note(made, now),
        [requester, words, received],
        command_id=command_id,
        log="access",
    )


def find(
    desk: Desk, reader: Reader, text: str, subject: str, **command: Unpack[Command]
) -> Receipt:
    """Record that a search has identified the person whom an access request is about. `text` is the
    request's id or the end of the id. A new request about the person is opened, with the receipt
    date of the first request, and each team with records of the person has to decide about them.
    Raises Hidden, and Refused if `domain.data_protection.request_intake.find` does.
    """
    name, body = "request.find", [subject]
    if again := earlier_receipt(
        desk, name, text, body, lambda: _resolve_intake(desk, reader, text), log="access", **command
    ):
        return again
    require_command(reader, name)
    intake = _resolve_intake(desk, reader, text)
    who, _ = entity.find(desk, reader, subject)
    request = uuid5(intake, str(who))
    with desk.deciding() as db:
        teams = Search(desk, db, scope.unlimited(reader), who).teams()

    def opened(state: Intake) -> tuple[Fact, ...]:
        noted = _noted(desk, intake)
        part_events = (RequestPartAsked(team) for team in sorted(teams))
        events = AccessRequested(who, noted.received, noted.due, noted.requester), *part_events
        # Only disclosure officers may open access requests. The reader is not one of them, so the
        # program opens the request with unlimited rights.
        return facts(scope.unlimited(reader), request, 0, events)

    return act(
        desk,
        reader,
        name,
        intake,
        Intake(),
        request_intake.evolve,
        lambda state: request_intake.find(state, who, request),
        body,
        log="access",
        target=text,
        beside=opened,
        **command,
    )


def _resolve_intake(desk: Desk, reader: Reader, text: str) -> UUID:
    """Return the access request whose id is or ends with `text`, among the requests whose subject
    the reader may search for. Raises Hidden if there is no such request.
    """
    with desk.looked() as db:
        ids = [row.id for row in request_intakes.to_search(db, reader)]
    return item_references.ending(text, ids, "request")


#: Answer an access request with the statement that no record about the subject exists.
answer_nil = OnNamed(
    "request.answer_nil",
    _resolve_intake,
    Intake(),
    request_intake.evolve,
    ignoring_desk(request_intake.answer_nil),
    log="access",
)


def _noted(desk: Desk, intake: UUID) -> RequestNoted:
    """Return the event that records an access request as it was received."""
    event = desk.logs["access"].history(intake)[0].event
    assert isinstance(event, RequestNoted)  # noqa: S101 (the stream begins with it)
    return event
