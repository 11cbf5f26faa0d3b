"""The present status of a person as it was recorded: bail, court, missing, allocation.

A status is never inferred: if no fact about it is recorded, the person has no status, and each page
says so.
"""

from collections.abc import Collection, Iterable, Sequence
from datetime import UTC, date, datetime, time
from typing import Literal
from uuid import UUID

from msgspec import Struct

from access.who_may.decide import decide
from commands.kernel.unit_of_work import Desk
from domain.families.referral import CaseClosed, MissingFound, MissingReported, WorkerAllocated
from domain.forms.local import day_of, format_day
from domain.intelligence.entity import CustodyStated
from domain.justice.arrest_to_result import (
    NOT_PURSUED,
    ArrestMade,
    ChargeBrought,
    ResultRecorded,
    ResultReopened,
)
from domain.justice.court import BailEnded, BailSet
from domain.kernel.envelope import Recorded
from domain.kernel.values import Reader
from projections.justice import court, outcomes
from projections.justice.outcomes import OutcomeRow
from projections.kernel.database import Db

#: The subjects of statuses, the most urgent first.
StatusKind = Literal["missing", "custody", "bail", "proceedings", "allocated"]
KINDS: tuple[StatusKind, ...] = ("missing", "custody", "bail", "proceedings", "allocated")
#: Results that end proceedings, and with them earlier bail.
ENDS = frozenset({"acquitted", "sentenced", *NOT_PURSUED})
#: Words for results; all other results are decisions of no further action.
RESULTS = {"convicted": "Convicted", "acquitted": "Acquitted", "sentenced": "Sentenced"}


class Status(Struct, frozen=True):
    """A status of a person in words: since when the status applies, who recorded it, and when it
    was recorded. `item` is the id of the record from which the status follows.
    """

    kind: StatusKind
    words: str
    since: datetime
    recorded: datetime
    by: str
    item: UUID


def status(facts: Iterable[Recorded], today: date) -> tuple[Status, ...]:
    """Return the present statuses according to these facts, at most one of each kind."""
    current: dict[tuple[StatusKind, UUID | None], Status] = {}
    known_facts = sorted(facts, key=lambda fact: (fact.recorded, fact.log, fact.seq))
    for fact in known_facts:
        _follow(current, fact, today)
    newest: dict[StatusKind, Status] = {}
    for status_row in sorted(current.values(), key=lambda one: (one.since, one.recorded)):
        newest[status_row.kind] = status_row
    result, bail = newest.get("proceedings"), newest.get("bail")
    if result and bail and result.item in _ended(known_facts) and bail.since <= result.since:
        del newest["bail"]
    return tuple(newest[kind] for kind in KINDS if kind in newest)


def _follow(
    current: dict[tuple[StatusKind, UUID | None], Status], fact: Recorded, today: date
) -> None:
    """Change a person's statuses in `current` by one recorded fact. In `current`, each bail has a
    status of its own, and so has each arrest, charge or result.
    """
    item, at = fact.stream, fact.recorded
    match fact.event:
        case ArrestMade(happened=happened):
            current["proceedings", item] = _of(fact, "proceedings", "Arrested", happened)
        case ChargeBrought(happened=happened):
            current["proceedings", item] = _of(fact, "proceedings", "Charged", happened)
        case ResultRecorded() as result:
            if result.kind != "registered-sex-offender":
                words = _result(result)
                current["proceedings", item] = _of(fact, "proceedings", words, result.happened)
        case ResultReopened():
            if before := current.get(("proceedings", item)):
                words = f"{before.words}, opened again {format_day(at)}"
                current["proceedings", item] = _of(fact, "proceedings", words, at)
        case BailSet(until=until):
            words = _until("On bail", until, today) if until else "On bail, no end date recorded"
            current["bail", item] = _of(fact, "bail", words, at)
        case CustodyStated(state="ended"):
            current.pop(("custody", None), None)
        case CustodyStated() as stated:
            words = _until(stated.state.replace("-", " ").capitalize(), stated.until, today)
            began = datetime.combine(stated.since, time(), UTC)
            current["custody", None] = _of(fact, "custody", words, began)
        case BailEnded(how="ended"):
            current.pop(("bail", item), None)
        case BailEnded():
            if before := current.get(("bail", item)):
                words = f"{before.words}, breached"
                current["bail", item] = _of(fact, "bail", words, before.since)
        case MissingReported(since=since):
            current["missing", None] = _of(fact, "missing", "Missing", since)
        case MissingFound():
            current.pop(("missing", None), None)
        case WorkerAllocated(worker=worker, allocated_for="child"):
            current["allocated", None] = _of(fact, "allocated", f"Allocated to {worker}", at)
        case CaseClosed():
            current.pop(("allocated", None), None)
            current.pop(("missing", None), None)


def _until(words: str, until: date | None, today: date) -> str:
    """Return the words of a status, with the day until which the status is valid."""
    if until is None:
        return words
    passed = ", which has passed" if until < today else ""
    return f"{words} to {until.day} {until:%b %Y}{passed}"


def _of(fact: Recorded, kind: StatusKind, words: str, since: datetime | None) -> Status:
    return Status(kind, words, since or fact.recorded, fact.recorded, fact.by, fact.stream)


def _result(result: ResultRecorded) -> str:
    words = RESULTS.get(result.kind, "No further action")
    if result.sentence_months is not None:
        words += f": {result.sentence_months} months"
    return f"{words}, suspended" if result.suspended else words


def _ended(facts: Sequence[Recorded]) -> set[UUID]:
    """Return the ids of the results, such as a conviction, that ended proceedings and were not
    reopened later."""
    results = ((fact.stream, fact.event) for fact in facts)
    ended = {
        item for item, event in results if isinstance(event, ResultRecorded) and event.kind in ENDS
    }
    return ended - {fact.stream for fact in facts if isinstance(fact.event, ResultReopened)}


def of_person(
    desk: Desk,
    db: Db,
    reader: Reader,
    members: Collection[UUID],
    followed: Sequence[OutcomeRow] | None = None,
    *,
    case: UUID | None = None,
    now: datetime,
    known_at: datetime | None = None,
) -> tuple[Status, ...]:
    """Return the statuses of the person who has the ids `members`, now or at an earlier
    moment, from the records that the reader sees. `followed` are the person's outcomes; if it is
    None, they are read. `case` is the id of the person's case if the person is a child and the
    reader may open the case.
    """
    rows = outcomes.of_people(db, reader, members) if followed is None else followed
    streams = [row.item for row in rows if row.what != "notice"]
    streams += [row.id for row in court.bails_of(db, reader, members)]
    if decide(reader, "see-outcome").allowed:
        streams += members
    if case is not None:
        streams.append(case)
    log = desk.logs["evidence"]
    facts = (fact for stream in streams for fact in log.history(stream))
    known_facts = [fact for fact in facts if known_at is None or fact.recorded <= known_at]
    return status(known_facts, day_of(known_at or now))
