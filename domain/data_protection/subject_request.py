"""A person's request for the data about them: how the request is received, extended, decided item
by item, and answered.

Part 3 (DPA 2018 s.45) applies to records of the police, and UK GDPR (art.15) to records of other
controllers. The answer identifies no source and gives no other person's data.

The file is long because it is one aggregate.
"""

from calendar import monthrange
from datetime import date, datetime, timedelta
from typing import Annotated, ClassVar, Literal
from uuid import UUID

from msgspec import Struct, field
from msgspec.structs import replace

from domain.forms.intervals import LONDON
from domain.kernel.codes import AskedBack
from domain.kernel.envelope import Event, Meaning, Stored
from domain.kernel.fields import (
    CODE,
    IDENTIFYING,
    NAMED,
    NOT_CHECKED,
    NOT_REACHED,
    OWNER,
    SAID,
    WRITTEN,
)
from domain.kernel.values import Refused

Decision = Literal["give", "redact", "withhold"]
Exemption = Literal[
    "prejudice",
    "inquiry",
    "public-security",
    "others-rights",
    "source",
    "child-abuse",
    "serious-harm",
    "privilege",
]
#: The exemptions on which an item may be withheld from a data subject or redacted. Check each
#: before you rely on it [verify].
EXEMPTIONS: dict[Exemption, str] = {
    "prejudice": "it would prejudice preventing, detecting or prosecuting crime (s.45(4)(b); "
    "sch.2 para.2)",
    "inquiry": "it would obstruct an inquiry, investigation or procedure (s.45(4)(a))",
    "public-security": "it would harm public security (s.45(4)(c))",
    "others-rights": "it is about another person (s.45(4)(e); sch.2 para.16)",
    "source": "it would reveal who gave the information (s.45(4)(e); sch.2 para.16)",
    "child-abuse": "it is child abuse data that would not serve the child (sch.3 para.21)",
    "serious-harm": "it could cause serious harm to a person (sch.3 para.5)",
    "privilege": "it is subject to legal professional privilege (sch.2 para.19)",
}
#: Months in which an access request has to be answered, and months by which this time can be
#: extended (UK GDPR art.12(3); Data Protection Act 2018 s.54).
MONTHS, FURTHER = 1, 2


class AccessRequested(Event, frozen=True):
    """A data subject's request for access was received. `due` is one month later."""

    stored: ClassVar = Stored("request.received", "access", "subject", ("requester",))
    meaning: ClassVar = Meaning(("disclose",), commands=("request.receive",))
    subject: Annotated[UUID, NAMED, OWNER]
    received: datetime
    due: datetime
    requester: Annotated[str, IDENTIFYING]


class RequestExtended(Event, frozen=True):
    """The deadline of an access request was extended, and the subject was informed why (UK GDPR
    art.12(3)).
    """

    stored: ClassVar = Stored("request.extended", "access", "subject", ("reason",))
    meaning: ClassVar = Meaning(("disclose",), commands=("request.extend",))
    due: datetime
    reason: Annotated[str, WRITTEN]


class SubjectAsked(Event, frozen=True):
    """The subject was asked for proof of identity or a clarification; the deadline stops until they
    answer. `on` is the day of the question.
    """

    stored: ClassVar = Stored("request.subject_asked", "access", "subject", ("words",))
    meaning: ClassVar = Meaning(("disclose",), commands=("request.ask_subject",))
    what: AskedBack
    words: Annotated[str, WRITTEN]
    on: date


class SubjectAnswered(Event, frozen=True):
    """The data subject answered a question about their request, on the day `on`. `due` is the new
    due date of the request; None while a further question is open.
    """

    stored: ClassVar = Stored("request.subject_answered", "access", "subject", ("words",))
    meaning: ClassVar = Meaning(("disclose",), commands=("request.hear_subject",))
    what: AskedBack
    on: date
    due: datetime | None = None
    words: Annotated[str | None, SAID] = None


class RequestPartAsked(Event, frozen=True):
    """Another team was asked to decide on its records about the subject, by the due date of the
    request, because the answering officer does not see these records.
    """

    stored: ClassVar = Stored("request.part_asked", "access", "none")
    meaning: ClassVar = Meaning(("disclose",), commands=("request.ask_parts",))
    team: Annotated[str, CODE]


class RequestPartAnswered(Event, frozen=True):
    """A team has decided about each of its items in an access request."""

    stored: ClassVar = Stored("request.part_answered", "access", "none")
    meaning: ClassVar = Meaning(("answer-subject",), commands=("request.answer_part",))
    team: Annotated[str, CODE]


class RequestItemDecided(Event, frozen=True):
    """A person decided whether one item is given to the data subject, redacted or withheld. `text`
    is the text that the subject gets, or None if the item is withheld.
    """

    stored: ClassVar = Stored("request.item_decided", "access", "subject", ("reason", "text"))
    meaning: ClassVar = Meaning(("disclose", "answer-subject"), commands=("request.decide",))
    item: Annotated[UUID, NAMED, OWNER]
    decision: Decision
    exemption: Exemption | None = None
    reason: Annotated[str | None, WRITTEN] = None
    text: Annotated[str | None, WRITTEN] = None


class RequestAnsweredInPart(Event, frozen=True):
    """The data subject got an answer about some items of an access request: because other teams had
    not decided by the due date, or because a decision was corrected after the whole answer.
    `disclosure` is the id of the disclosure with this answer. `items` are the items that were given
    or withheld.
    """

    stored: ClassVar = Stored("request.answered_in_part", "access", "none")
    meaning: ClassVar = Meaning(("disclose",))
    disclosure: Annotated[UUID, NOT_CHECKED, NOT_REACHED]
    items: Annotated[tuple[UUID, ...], NOT_CHECKED, NOT_REACHED]


class RequestAnswered(Event, frozen=True):
    """The answer to an access request was given; `disclosure` is the id of the disclosure with its
    text.
    """

    stored: ClassVar = Stored("request.answered", "access", "none")
    meaning: ClassVar = Meaning(("disclose",), commands=("request.answer",))
    disclosure: Annotated[UUID, NOT_CHECKED, NOT_REACHED]
    given: int
    withheld: int


class StatementAdded(Event, frozen=True):
    """A data subject's own statement was added beside data that they say are wrong or incomplete
    (DPA 2018 s.46, UK GDPR art.16). The original record stays.
    """

    stored: ClassVar = Stored("item.statement_added", "evidence", "record", ("words", "reason"))
    meaning: ClassVar = Meaning(("disclose", "correct"), commands=("item.add_statement",))
    words: Annotated[str, SAID]
    reason: Annotated[str, WRITTEN]


EVENTS = (
    AccessRequested,
    RequestExtended,
    SubjectAsked,
    SubjectAnswered,
    RequestPartAsked,
    RequestPartAnswered,
    RequestItemDecided,
    RequestAnsweredInPart,
    RequestAnswered,
    StatementAdded,
)


class Request(Struct, frozen=True):
    """The state of one data subject's request for access. `parts` has the teams that have to decide
    about their own records, each with True if it has decided. `sent` are the items about which the
    subject has had an answer.

    `asking` has each open question to the subject with its day. `uncounted` are the days on which
    the deadline was stopped.
    """

    subject: UUID | None = None
    received: datetime | None = None
    due: datetime | None = None
    answered: bool = False
    decided: dict[UUID, RequestItemDecided] = field(default_factory=dict)
    parts: dict[str, bool] = field(default_factory=dict)
    sent: frozenset[UUID] = frozenset()
    extended: bool = False
    asking: dict[AskedBack, date] = field(default_factory=dict)
    uncounted: frozenset[date] = frozenset()

    def late(self, now: datetime) -> bool:
        """Return whether the due date of the access request is past. The request is never late
        while a question to the subject is open.
        """
        return not self.asking and self.due is not None and now > self.due

    @property
    def waiting(self) -> frozenset[str]:
        """Return the teams that have not yet decided about their own items in the access
        request.
        """
        return frozenset(team for team, answered in self.parts.items() if not answered)


def evolve(state: Request, event: Event) -> Request:
    match event:
        case AccessRequested():
            return Request(event.subject, event.received, event.due)
        case RequestExtended():
            return replace(state, due=event.due, extended=True)
        case SubjectAsked():
            return replace(state, asking=state.asking | {event.what: event.on})
        case SubjectAnswered():
            since = state.asking.get(event.what, event.on)
            left = {
                question: day for question, day in state.asking.items() if question != event.what
            }
            days = state.uncounted | _days(since, event.on)
            return replace(state, asking=left, uncounted=days, due=event.due or state.due)
        case RequestPartAsked():
            return replace(state, parts=state.parts | {event.team: False})
        case RequestPartAnswered():
            return replace(state, parts=state.parts | {event.team: True})
        case RequestAnsweredInPart():
            return replace(state, sent=state.sent | frozenset(event.items))
        case RequestItemDecided():
            decided = state.decided | {event.item: event}
            return replace(state, decided=decided, sent=state.sent - {event.item})
        case RequestAnswered():
            return replace(state, answered=True, sent=frozenset(state.decided))
    return state


def months_after(start: datetime, months: int) -> datetime:
    """Return the date this many months later with the same day of the month; if that month is too
    short, its last day.
    """
    year, month = divmod(start.month - 1 + months, 12)
    year, month = start.year + year, month + 1
    return start.replace(year=year, month=month, day=min(start.day, monthrange(year, month)[1]))


def _days(first: date, last: date) -> frozenset[date]:
    """Return the set of days from the first to the last, both included."""
    return frozenset(first + timedelta(days=offset) for offset in range((last - first).days + 1))


def _due(state: Request, *, extended: bool, uncounted: frozenset[date]) -> datetime:
    """Return when an access request is due: one month after receipt, or three if extended, plus the
    days on which the deadline was stopped.
    """
    assert state.received  # noqa: S101 (it stands)
    months = MONTHS + FURTHER if extended else MONTHS
    return months_after(state.received, months) + timedelta(days=len(uncounted))


def receive(state: Request, subject: UUID, requester: str, received: datetime) -> tuple[Event, ...]:
    if state.subject is not None:
        raise Refused("this subject access request is recorded already")
    if not requester.strip():
        raise Refused(
            "say who makes the request, and how you checked their identity", field="requester"
        )
    return (AccessRequested(subject, received, months_after(received, MONTHS), requester),)


def require_open(state: Request) -> Request:
    if state.subject is None:
        raise Refused("there is no subject access request with this id")
    if state.answered:
        raise Refused("this request was answered already")
    return state


def extend(state: Request, reason: str, now: datetime) -> tuple[Event, ...]:
    """Extend the deadline of an access request by two months, once, with the reason given to the
    subject before the first month is over (DPA 2018 s.54(3B), UK GDPR art.12A). Raises Refused if
    the deadline is past.
    """
    require_open(state)
    if state.extended:
        raise Refused("the time to answer this request was extended already")
    if not reason.strip():
        raise Refused("give the reason of the extension, which the subject reads", field="reason")
    if state.late(now):
        raise Refused(
            "the due date is past, and the time can only be extended before it: answer the request"
        )
    return (RequestExtended(_due(state, extended=True, uncounted=state.uncounted), reason),)


def ask_subject(
    state: Request, what: AskedBack, words: str, on: date | None, now: datetime
) -> tuple[Event, ...]:
    """Record a question to the data subject, about identity or meaning; the deadline stops until
    they answer. Ask only for what is reasonably needed (DPA 2018 s.52(4), s.54(3C)).

    Raises Refused if the question has no text, if the same question is still open, and if its day
    is before the receipt of the request or in the future.
    """
    require_open(state)
    if not words.strip():
        raise Refused("write the question that you put to the subject", field="words")
    if what in state.asking:
        raise Refused(
            f"the subject was asked for {what} already: the time to answer is paused "
            "until they reply"
        )
    return (SubjectAsked(what, words, _within(state, on, now)),)


def subject_answered(
    state: Request, what: AskedBack, words: str | None, on: date | None, now: datetime
) -> tuple[Event, ...]:
    """Record the data subject's answer to a question. The days from the question to the answer,
    both included, are not counted towards the deadline (DPA 2018 s.54(3C)(b)). A request for proof
    of identity is treated like any other question. The law allows more time for it: the month
    begins with the answer (s.54(3)(b)).

    Raises Refused if no such question is open, and if the day of the answer is before the question
    or in the future.
    """
    require_open(state)
    since = state.asking.get(what)
    if since is None:
        raise Refused(
            f"the subject was not asked for {what}, so there is no answer to record",
            field="what",
        )
    day = _within(state, on, now)
    if day < since:
        raise Refused(
            f"the subject was asked on {since:%d %B %Y}: the answer cannot be earlier than that",
            field="on",
        )
    if state.asking.keys() - {what}:
        return (SubjectAnswered(what, day, None, words),)
    uncounted = state.uncounted | _days(since, day)
    due = _due(state, extended=state.extended, uncounted=uncounted)
    return (SubjectAnswered(what, day, due, words),)


def _within(state: Request, on: date | None, now: datetime) -> date:
    """Return the day on which the data subject was asked or answered: `on`, or today if `on` is
    None. Raises Refused for a day before the receipt of the request or in the future.
    """
    today = now.astimezone(LONDON).date()
    assert state.received  # noqa: S101 (it stands)
    came = state.received.astimezone(LONDON).date()
    if on is not None and not came <= on <= today:
        raise Refused(f"give a day between {came}, when the request came, and today", field="on")
    return on or today


def decide_item(state: Request, decided: RequestItemDecided) -> tuple[Event, ...]:
    """Decide whether an item is given to the data subject, redacted or withheld, or correct an
    earlier decision that was already sent. Raises Refused if the item is redacted or withheld and
    its exemption or reason is missing.
    """
    if decided.item not in state.decided:
        require_open(state)
    if decided.decision != "give" and not (decided.exemption and (decided.reason or "").strip()):
        raise Refused("give the exemption and the reason for withholding or redacting this item")
    if decided.decision != "withhold" and not (decided.text or "").strip():
        raise Refused("this item has no text that can be given to the subject")
    return (decided,)


def ask_parts(state: Request, teams: frozenset[str]) -> tuple[Event, ...]:
    """Ask each of these teams to decide about its own records for an access request. A team that
    has already answered gets a new request for its new items; a team that has not answered gets no
    second request.
    """
    require_open(state)
    return tuple(RequestPartAsked(team) for team in sorted(teams - state.waiting))


def answer_part(state: Request, team: str, items: frozenset[UUID]) -> tuple[Event, ...]:
    """Record that a team has decided on all its items in an access request. Raises Refused while an
    item of `items` has no decision, if the team does not have to decide, and if it has decided
    already.
    """
    if state.answered or team not in state.waiting:
        raise Refused("there is no subject access request with this id")
    if left := items - state.decided.keys():
        raise Refused(f"{_many(len(left), 'item')} of your team {_are(len(left))} not decided yet")
    return (RequestPartAnswered(team),)


def answer(
    state: Request, items: frozenset[UUID], disclosure: UUID, *, late: bool
) -> tuple[Event, ...]:
    """Release the answer to an access request as a disclosure. Raises Refused while an item of
    `items` has no decision, and while another team has not answered.

    On and after the due date (`late`), the decided items are sent without waiting for other teams,
    whose items are sent later. A correction after the answer is sent as a further disclosure.
    """
    if state.answered and (right := tuple(sorted(state.decided.keys() - state.sent))):
        return (RequestAnsweredInPart(disclosure, right),)
    require_open(state)
    if open_items := items - state.decided.keys():
        first = min(open_items)
        count = len(open_items)
        raise Refused(f"{_many(count, 'item')} {_are(count)} not decided yet, the first is {first}")
    fresh = tuple(sorted(state.decided.keys() - state.sent))
    if count := len(state.waiting):
        teams = f"{_many(count, 'team')} {'has' if count == 1 else 'have'} still to answer"
        if not late:
            raise Refused(
                f"{teams}. On the day when the answer is due you can send the parts that are ready"
            )
        if not fresh:
            raise Refused(f"{teams}. There is no new part to send")
        return (RequestAnsweredInPart(disclosure, fresh),)
    given_count = sum(event.decision != "withhold" for event in state.decided.values())
    return (RequestAnswered(disclosure, given_count, len(state.decided) - given_count),)


def _many(count: int, noun: str) -> str:
    return f"{count} {noun}{'' if count == 1 else 's'}"


def _are(count: int) -> str:
    return "is" if count == 1 else "are"


def add_statement(known: bool, words: str, reason: str) -> tuple[Event, ...]:
    if not known:
        raise Refused("the subject access request has no item with this id")
    if not words.strip() or not reason.strip():
        raise Refused("write the statement, and why it is added to the item")
    return (StatementAdded(words, reason),)
