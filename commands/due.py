"""Answering what is due: done, or again on another day; an audit agrees or sends words back."""

from collections.abc import Collection
from dataclasses import replace
from datetime import datetime
from uuid import UUID

from access.decide import decide
from access.scope import not_there
from commands import ways
from commands.called import with_children
from commands.desk import Desk, Prepared, Receipt, facts
from domain import due, hold, observation, release
from domain.due import CLOCKS, CONTACTING, NOT_THERE, Answer
from domain.envelope import Fact, Submission
from domain.hold import Hold
from domain.observation import Audit, Observation, ObservationTriaged
from domain.release import Release
from domain.values import Denied, Reader, Refused
from projections import cases
from projections import due as view
from projections.due import Asked, Due
from projections.due.rows import AUDIT, HOLD, REVIEW, SILENCE, URGENT, WORDS, DueRow
from projections.schema import COUNTED, Db


def listed(desk: Desk, reader: Reader, now: datetime, asked: Asked) -> list[Due]:
    """All that is due and asked for, soonest first. Raises LogUnavailable."""
    return page(desk, reader, now, asked, most=None)[0]


def page(
    desk: Desk,
    reader: Reader,
    now: datetime,
    asked: Asked,
    *,
    skip: int = 0,
    most: int | None,
) -> tuple[list[Due], int]:
    """So many of what is due behind so many others, soonest first, each called by its name; and how
    many there are, exact as far as one further than is shown, and up to `COUNTED`. Raises
    LogUnavailable."""
    asked = by_policy(desk, asked)
    with desk.looked() as db:
        rows = view.page(db, reader, now, asked, skip=skip, most=most)
        total = len(rows)
        if most is not None:
            every, past = view.tally(db, reader, now, asked, most=max(COUNTED, skip + most))
            total = past if asked.past else every
        return _told(db, reader, rows), total


def _told(db: Db, reader: Reader, rows: list[Due]) -> list[Due]:
    """The rows, each called by its name. A worker is not prompted to contact a silent family that a
    suspect may hear, whether that was known when they were contacted last or came out since."""
    prompting = {row.item for row in rows if row.clock == SILENCE or row.clock in CONTACTING}
    unsafe = unsafe_among(db, reader, prompting)
    names = with_children(db, reader, {row.item for row in rows})

    def told(row: Due) -> Due:
        if row.item not in unsafe:
            return row
        if row.clock == SILENCE:
            return view.unsafe(row)
        return replace(row, what=f"{row.what}; {NOT_THERE}") if row.clock in CONTACTING else row

    return [replace(told(row), about=names.get(row.item)) for row in rows]


def unsafe_among(db: Db, reader: Reader, families: Collection[UUID]) -> set[UUID]:
    """Those of these families whom a suspect may hear or read."""
    found = cases.of(db, reader, families)
    return ways.unsafe(db, reader, {row.case: row.child for row in found})


def went_past(
    desk: Desk, db: Db, reader: Reader, since: datetime | None, now: datetime, most: int | None
) -> tuple[list[Due], int]:
    """What went past after a moment (None: ever) and is not answered, the oldest first, so many of
    it; and how much there is, as `counted` says it."""
    asked = by_policy(desk, Asked(past=True, past_since=since))
    rows = view.page(db, reader, now, asked, most=most)
    total = len(rows) if most is None else view.tally(db, reader, now, asked)[1]
    return _told(db, reader, rows), total


def by_policy(desk: Desk, asked: Asked) -> Asked:
    """The same, words by the time that the force gives them."""
    return replace(asked, after={URGENT: desk.policy.urgent, WORDS: desk.policy.other})


def answer(
    desk: Desk,
    reader: Reader,
    one: UUID,
    said: Answer,
    reason: str,
    *,
    until: datetime | None = None,
    command_id: UUID | None = None,
) -> Receipt:
    """Answer what is due under this id. An audited "no value" is agreed with, or should have been
    assessed: then the words wait in the queue again; what was shared at once was right (what was
    wrong is said where it was shared: `commands.release.review`). The receipt is that of the words,
    or of the answer.

    Raises Hidden where nothing of that id is due, Refused for an answer that its clock does not
    take, and where whoever decided would audit their own decision.
    """
    command_id = command_id or desk.new_random_id()
    body = [one, said, reason, until]
    if again := desk.repeated(command_id, "due.answer", body):
        return again
    with desk.deciding() as db:
        row = view.get(db, reader, one)
    if row is None:
        raise not_there("thing due", str(one))
    stream, made = _decided(desk, reader, row, said, reason, until)
    submission = Submission(command_id, desk.digest("due.answer", body), made)
    return desk.save([Prepared(stream, {"evidence": submission}, reader)])[0]


def _decided(
    desk: Desk,
    reader: Reader,
    row: DueRow,
    said: Answer,
    reason: str,
    until: datetime | None,
) -> tuple[UUID, tuple[Fact, ...]]:
    if row.clock == AUDIT:
        state, version = desk.fold(row.item, Observation(), observation.evolve)
        answers: dict[str, Audit] = {"agree": "agree", "assess": "assess"}
        audited = observation.audit(
            state, answers.get(said), reason, by=reader.name, decider=_decider(desk, row.item)
        )
        return row.item, facts(reader, row.item, version, audited)
    if row.clock == REVIEW:
        if said != "done":
            raise Refused("it is looked at within its day: done, with what was found")
        shared, version = desk.fold(row.item, Release(), release.evolve)
        reviewed = release.review(shared, reader.name, "right", reason)
        return row.item, facts(reader, row.item, version, reviewed)
    _may(reader, row, said)
    if row.clock == HOLD:
        held, version = desk.fold(row.item, Hold(), hold.evolve)
        if held.query:  # today's, and none that an earlier release recorded beside its item
            if said != "again" or until is None:
                raise Refused("a hold that stands comes again: say when, or propose to lift it")
            events = hold.review(held, until, reason, reference=None, now=desk.clock())
            return row.item, facts(reader, row.item, version, events)
    log = desk.logs["evidence"]
    events = due.answer(row.item, row.clock, said, reason, until, desk.clock())
    return row.id, facts(reader, row.id, len(log.history(row.id)), events)


def answers(reader: Reader, one: DueRow | Due) -> tuple[Answer, ...]:
    """What this reader may answer here; nothing where another command ends it."""
    if one.clock == AUDIT:
        return ("agree", "assess") if decide(reader, "triage").allowed else ()
    if one.clock == REVIEW:
        return ("done",) if decide(reader, "disseminate").allowed else ()
    either: tuple[Answer, ...] = ("done", "again")
    return tuple(said for said in either if _against(reader, one, said) is None)


def _may(reader: Reader, row: DueRow, said: Answer) -> None:
    """Raises Refused for what another command ends, for a date that nobody puts off, and for who
    has neither to answer it nor may put it off."""
    if against := _against(reader, row, said):
        raise against


def _against(reader: Reader, one: DueRow | Due, said: Answer) -> Refused | None:
    rule = CLOCKS[one.clock]
    if rule.done_by and (said != "again" or not rule.extends):
        return Refused(f"it is answered by {rule.done_by.format(item=one.item)}")
    if said == "again" and not rule.extends:
        return Refused(f"nobody puts this off: {rule.says}")
    theirs = rule.extends if said == "again" else (rule.role, *rule.chain, *rule.extends)
    if not reader.closed or reader.roles & set(theirs):
        return None
    if said != "again" and one.owner == reader.name:
        return None
    what = "put off" if said == "again" else "answered"
    return Denied(f"this is {what} by: {', '.join(theirs)}")


def _decider(desk: Desk, item: UUID) -> str:
    """Who decided last that these words have no value."""
    history = desk.logs["evidence"].history(item)
    return [fact.by for fact in history if isinstance(fact.event, ObservationTriaged)][-1]
