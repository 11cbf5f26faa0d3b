"""An access request about a person whom the receiving officer does not see in the records. The
request is recorded in the requester's words, and an officer who may search all teams searches for
the subject. The request ends when subjects are attached to it, or with the answer that there are no
data.

The month for the answer runs from receipt, as for any request (DPA 2018 s.54, UK GDPR art.12(3)).
For each attached subject a request with the same due date is opened
(`domain.data_protection.subject_request`).
"""

from datetime import datetime
from typing import Annotated, ClassVar
from uuid import UUID

from msgspec import Struct, field
from msgspec.structs import replace

from domain.kernel.deadline_effects import Begins, Ends
from domain.kernel.envelope import Event, Meaning, Stored
from domain.kernel.fields import IDENTIFYING, MENTION, NAMED, NOT_CHECKED, OWNER, SAID
from domain.kernel.values import Refused

#: The sentence in the letter to the requester. It is the same if there is no record and if no
#: record may be given, so the letter does not reveal which.
NIL_ANSWER = "We hold no information about you that we can give you."


class RequestNoted(Event, frozen=True):
    """A request about a person whom the officer does not see was received: the requester and their
    contact details, and the subject, in the requester's words. `due` is one month later.
    """

    stored: ClassVar = Stored("request.noted", "access", "subject", ("requester", "words"))
    meaning: ClassVar = Meaning(
        ("disclose", "find-subject"),
        commands=("request.note",),
        deadlines=(Begins("access-request-search", by="anyone", due="due", since="received"),),
    )
    received: datetime
    due: datetime
    requester: Annotated[str, IDENTIFYING]
    words: Annotated[str, SAID]


class RequestSubjectFound(Event, frozen=True):
    """An officer who may search everything identified the subject of an access request. `request`
    is the request that was opened about this subject, with the due date of the first request.
    """

    stored: ClassVar = Stored("request.subject_found", "access", "none")
    meaning: ClassVar = Meaning(("find-subject",), commands=("request.find",))
    subject: Annotated[UUID, NAMED, OWNER]
    request: Annotated[UUID, NOT_CHECKED, MENTION]


class RequestNilAnswered(Event, frozen=True):
    """A person who may search everything found no record about the subject, so the answer is that
    there are no data. `searched` says what they searched for, and where.
    """

    stored: ClassVar = Stored("request.nil_answered", "access", "subject", ("searched",))
    meaning: ClassVar = Meaning(
        ("find-subject",),
        commands=("request.answer_nil",),
        deadlines=(Ends("access-request-search"),),
    )
    searched: Annotated[str, IDENTIFYING]


EVENTS = (RequestNoted, RequestSubjectFound, RequestNilAnswered)


class Intake(Struct, frozen=True):
    """The state of one access request that was received without an identified subject. `identified`
    has the subjects that were identified later, each with the id of the request about them.
    """

    received: datetime | None = None
    identified: dict[UUID, UUID] = field(default_factory=dict)
    nil: bool = False


def evolve(state: Intake, event: Event) -> Intake:
    match event:
        case RequestNoted():
            return Intake(event.received)
        case RequestSubjectFound():
            return replace(state, identified=state.identified | {event.subject: event.request})
        case RequestNilAnswered():
            return replace(state, nil=True)
    return state


def note(made: RequestNoted, now: datetime) -> tuple[Event, ...]:
    """Return the event that records the receipt of an access request about a person whom the
    officer does not see. Raises Refused if the requester or the subject is missing, and for a time
    in the future.
    """
    if not made.requester.strip():
        raise Refused("say who makes the request, and how you can reach them", field="requester")
    if not made.words.strip():
        raise Refused("say about whom the request is, in the requester's words", field="words")
    if made.received > now:
        raise Refused(
            "the request has a time in the future: give the time at which it came", field="received"
        )
    return (made,)


def find(state: Intake, subject: UUID, request: UUID) -> tuple[Event, ...]:
    """Attach an identified subject to an access request; `request` is the id of the request that
    was opened about this subject. Raises Refused if the subject is already attached, and if the nil
    answer (that there are no data) was already given.
    """
    _require_open(state)
    if subject in state.identified:
        raise Refused("this subject was attached to the request already", field="subject")
    return (RequestSubjectFound(subject, request),)


def answer_nil(state: Intake, searched: str) -> tuple[Event, ...]:
    """Record the nil answer to an access request: a search of the whole record found nothing.
    Raises Refused if `searched` (what the officer searched for) is missing, and if a subject was
    attached.
    """
    _require_open(state)
    if state.identified:
        raise Refused(
            "a data subject was found for this request: answer the request about them",
            field="request",
        )
    if not searched.strip():
        raise Refused(
            "say what you searched for: the names, spellings and numbers", field="searched"
        )
    return (RequestNilAnswered(searched),)


def _require_open(state: Intake) -> None:
    if state.received is None:
        raise Refused("there is no request with this id")
    if state.nil:
        raise Refused("a nil answer was recorded already: record a new request", field="request")
