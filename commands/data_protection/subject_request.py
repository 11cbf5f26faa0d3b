"""Access requests of a data subject: the subject's records are searched, people decide about each
record, and the request is answered.

The answering officer decides about the records that they see; each other team decides about its own
records. Until the answer is sent, the officer sees only how many teams still have to decide. With
the answer, the officer sees the items that those teams disclose.

The file is long because a request has many steps.
"""

from contextlib import suppress
from datetime import datetime
from typing import Any, Unpack
from uuid import UUID, uuid5

from access.who_may import scope
from access.who_may.decide import decide as allowed
from access.who_may.event_rules import require_command
from commands.data_protection import disclosure
from commands.data_protection.disclosure import DisclosedItem, DisclosureDocument
from commands.data_protection.subject_search import Held, Search
from commands.kernel import item_references
from commands.kernel.declared import OnNamed, with_time
from commands.kernel.unit_of_work import Command, Desk, Receipt, act, earlier_receipt
from domain.data_protection import subject_request
from domain.data_protection.subject_request import Request, RequestItemDecided
from domain.forms.intervals import LONDON
from domain.kernel.values import Handling, Reader, Refused
from projections.data_protection import requests
from projections.kernel.database import Db

ANSWERS = UUID("c7f5b0de-2f2d-5a53-8e07-93d8a1f0b6c4")
NONE = "there is no request with this id"


def receive(
    desk: Desk,
    reader: Reader,
    subject: UUID,
    requester: str,
    received: datetime,
    *,
    command_id: UUID | None = None,
) -> Receipt:
    """Open an access request, which has to be answered within one month. Each team that has records
    of the subject outside the reader's view has to decide about them.
    """
    command_id = command_id or desk.new_random_id()
    receipt = _act(
        desk,
        reader,
        "request.receive",
        uuid5(ANSWERS, str(command_id)),
        lambda s: subject_request.receive(s, subject, requester, received),
        [str(subject), requester, received],
        command_id,
    )
    with desk.deciding() as db:
        _ask(Search(desk, db, reader, subject), receipt.id)
    return receipt


def _ask(search: Search, request: UUID) -> Request:
    """Give each other team with undecided records of the subject the task to decide about them.
    Return the state of the access request afterwards.
    """
    desk, reader = search.desk, search.reader
    state = read_request(desk, request)
    if not reader.closed or state.answered or state.subject is None:
        return state
    elsewhere = search.elsewhere().items()
    teams = frozenset(team for item, team in elsewhere if item not in state.decided)
    if teams - state.waiting:
        _act(
            desk,
            reader,
            "request.ask_parts",
            request,
            lambda s: subject_request.ask_parts(s, teams),
            sorted(teams),
            None,
        )
    return read_request(desk, request)


def _resolve_request(desk: Desk, reader: Reader, text: str) -> UUID:
    """Return the access request whose id is or ends with `text`, among the requests that the reader
    answers. Raises Hidden if there is no such request.
    """
    with desk.looked() as db:
        ids = [row.id for row in requests.list_requests(db, reader)]
    return item_references.ending(text, ids, "request")


#: Extend the deadline of an access request by two months, once.
extend = OnNamed(
    "request.extend",
    _resolve_request,
    Request(),
    subject_request.evolve,
    with_time(subject_request.extend),
    log="access",
)
#: Record a question to the data subject. The time limit for the answer stops until the subject
#: replies.
ask_subject = OnNamed(
    "request.ask_subject",
    _resolve_request,
    Request(),
    subject_request.evolve,
    with_time(subject_request.ask_subject),
    log="access",
)
#: Record the data subject's reply to a question. The time limit for the answer to the request runs
#: again.
hear_subject = OnNamed(
    "request.hear_subject",
    _resolve_request,
    Request(),
    subject_request.evolve,
    with_time(subject_request.subject_answered),
    log="access",
)


def due_in_words(desk: Desk, request: UUID) -> str:
    """Return a sentence with the present due date of an access request."""
    state = read_request(desk, request)
    if state.asking:
        open_questions = " and ".join(sorted(state.asking))
        return f"The clock stands still until they answer: {open_questions}."
    return f"It is due on {state.due.astimezone(LONDON):%d %B %Y}." if state.due else ""


def decide(
    desk: Desk,
    reader: Reader,
    request: UUID,
    decided: RequestItemDecided,
    *,
    command_id: UUID | None = None,
) -> Receipt:
    """Record a decision about one item of an access request. The decider is the answering officer,
    or a member of another team that was asked to decide about its own records.
    """
    if not answers(desk, reader, request):
        with desk.deciding() as db:
            theirs = list_records(desk, db, reader, request)
        if decided.item not in {record.item for record in theirs}:
            raise Refused(f"the subject access request has no item {decided.item}")
    return _act(
        desk,
        reader,
        "request.decide",
        request,
        lambda s: subject_request.decide_item(s, decided),
        decided,
        command_id,
    )


def list_records(desk: Desk, db: Db, reader: Reader, request: UUID) -> list[Held]:
    """Return the records about a data subject that the reader decides about. For the answering
    officer, these are all records that the officer sees. For a team from which the officer needs
    decisions, these are the team's own records, including records already sent, because they may
    need correction. Raises Refused if the reader is neither this officer nor in such a team.
    """
    state = read_request(desk, request)
    assert state.subject  # noqa: S101 (there is such a request)
    search = Search(desk, db, reader, state.subject)
    if answers(desk, reader, request):
        return search.own()
    if not allowed(reader, "answer-subject").allowed:
        raise Refused(NONE, field="request")
    theirs = search.decidable_records(reader.teams)
    if state.answered or not state.waiting & reader.teams:
        theirs = [record for record in theirs if record.item in state.sent]
        if not theirs:
            raise Refused(NONE, field="request")
    return theirs


def answer_part(desk: Desk, reader: Reader, text: str, **command: Unpack[Command]) -> Receipt:
    """Record that the reader's team has decided about all its records for an access request. Raises
    Refused if a decision is missing, or if the team was not asked.
    """
    name = "request.answer_part"

    def found() -> UUID:
        return _resolve_part(desk, reader, text)

    if again := earlier_receipt(desk, name, text, [], found, log="access", **command):
        return again
    require_command(reader, name)
    request = found()
    state = read_request(desk, request)
    waiting_teams = state.waiting & reader.teams
    if not waiting_teams or state.answered or state.subject is None:
        raise Refused(NONE, field="request")
    team = min(waiting_teams)
    with desk.deciding() as db:
        items = Search(desk, db, reader, state.subject).all_records_of([team])
    return act(
        desk,
        reader,
        name,
        request,
        Request(),
        subject_request.evolve,
        lambda s: subject_request.answer_part(s, team, items),
        [],
        log="access",
        target=text,
        **command,
    )


def _resolve_part(desk: Desk, reader: Reader, text: str) -> UUID:
    """Return the id of the access request that `text` names. A whole id is returned without a
    check; the end of an id is looked up among the requests that need decisions of the reader's team
    about its records. Raises Refused if no request, or more than one, fits.
    """
    with suppress(ValueError):
        return UUID(text.strip())
    wanted = text.strip().lower().replace("-", "")
    with desk.looked() as db:
        rows = requests.parts(db, reader, desk.clock())
    found_items = {row.id for row in rows if wanted and row.id.hex.endswith(wanted)}
    if len(found_items) != 1:
        raise Refused(NONE, field="request")
    return found_items.pop()


def answers(desk: Desk, reader: Reader, request: UUID) -> bool:
    """Return whether the reader may answer this access request."""
    subject = read_request(desk, request).subject
    if subject is None or not allowed(reader, "disclose").allowed:
        return False
    with desk.deciding() as db:
        return scope.is_item_visible(db, reader, subject)


def _require_officer(desk: Desk, reader: Reader, request: UUID) -> None:
    if allowed(reader, "disclose").allowed and not answers(desk, reader, request):
        # the right to disclose is not checked here, but later, when the command is recorded
        raise Refused(NONE, field="request")


def read_request(desk: Desk, request: UUID) -> Request:
    """Return the state of an access request. Raises Refused if there is no such request."""
    state, _ = desk.fold(request, Request(), subject_request.evolve, "access")
    if state.subject is None:
        raise Refused(NONE, field="request")
    return state


def answer(
    desk: Desk, db: Db, reader: Reader, request: UUID, requester: str
) -> tuple[Receipt, DisclosureDocument]:
    """Release the answer to an access request, once every item has a decision and all teams
    involved have finished theirs. After the due date, decided items are released at once, and the
    other items by a later call. If the whole answer was released before, this call releases
    corrections.
    """
    _require_officer(desk, reader, request)
    subject = read_request(desk, request).subject
    assert subject  # noqa: S101 (it stands)
    # all results below come from one search, so that the log is read only once
    search = Search(desk, db, reader, subject)
    state = _ask(search, request)
    if state.answered:  # decisions can still be corrected after the answer
        items = frozenset(scope.visible_items(db, reader, state.decided.keys()))
    else:
        items = frozenset(record.item for record in search.own())
    version = desk.logs["access"].history(request)[-1].version
    late = state.late(desk.clock())
    subject_request.answer(state, items, request, late=late)
    receipt, document = disclosure.disclose(
        desk,
        reader,
        _items_to_release(state, items),
        basis="subject-access",
        purpose="the answer to the subject's own request",
        recipients=[requester],
        checked="each item was decided about by a person",
        command_id=uuid5(ANSWERS, f"{request}/disclosed/{version}"),
    )
    _act(
        desk,
        reader,
        "request.answer",
        request,
        lambda s: subject_request.answer(s, items, receipt.id, late=late),
        [str(receipt.id)],
        uuid5(ANSWERS, f"{request}/answered/{version}"),
    )
    return receipt, document


def _items_to_release(state: Request, own: frozenset[UUID]) -> list[DisclosedItem]:
    """Return the items that this call to `answer` releases. An item that the officer does not see
    is listed under the subject's id, so that its own id stays hidden.
    """
    assert state.subject  # noqa: S101 (it stands)
    fresh = [event for item, event in state.decided.items() if item not in state.sent]
    shared = [
        DisclosedItem(
            event.item if event.item in own else state.subject,
            "held about you",
            event.text or "",
            None,
            Handling("P"),
        )
        for event in fresh
        if event.decision != "withhold"
    ]
    nothing = "We hold no information about you that we can give you."
    return shared or [DisclosedItem(state.subject, "answer", nothing, None, Handling("P"))]


def requests_that_gave(desk: Desk, reader: Reader, db: Db, item: UUID) -> list[UUID]:
    """Return the access requests in whose answers the subject received this item, at least in part.
    If the item is corrected later, the subject has to be informed.
    """
    found_items = []
    for request in requests.having(db, reader, item):
        state = read_request(desk, request)
        if item in state.sent and state.decided[item].decision != "withhold":
            found_items.append(request)
    return found_items


def add_statement(
    desk: Desk,
    reader: Reader,
    item: UUID,
    words: str,
    reason: str,
    *,
    command_id: UUID | None = None,
) -> Receipt:
    """Add the data subject's own statement to an item; the original record remains."""
    return act(
        desk,
        reader,
        "item.add_statement",
        item,
        False,
        lambda known, event: True,
        lambda known: subject_request.add_statement(known, words, reason),
        [words, reason],
        command_id=command_id,
    )


def _act(
    desk: Desk,
    reader: Reader,
    name: str,
    request: UUID,
    decide: Any,
    body: Any,
    command_id: UUID | None,
) -> Receipt:
    return act(
        desk,
        reader,
        name,
        request,
        Request(),
        subject_request.evolve,
        decide,
        body,
        command_id=command_id,
        log="access",
    )
