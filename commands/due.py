"""Answering what is due: done, or again on another day; an audit agrees or sends words back."""

from datetime import datetime
from uuid import UUID

from access.scope import HIDDEN
from commands.desk import Desk, Prepared, Receipt, facts
from domain import due, hold, observation, release
from domain.due import Answer
from domain.envelope import Fact, Submission
from domain.hold import Hold
from domain.observation import Audit, Observation, ObservationTriaged
from domain.release import Release
from domain.values import Hidden, Reader, Refused
from projections import due as view
from projections.due import AUDIT, CONFIRMATION, HOLD, INTERVIEW, PLAN, REVIEW, WITHHELD, DueRow


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
        raise Hidden(HIDDEN.format(what="thing due", name=str(one)))
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
    if row.clock == CONFIRMATION:
        raise Refused(f"it is answered by confirming the hold: hold confirm {row.item}")
    if row.clock == INTERVIEW:
        raise Refused(f"it is answered by recording the interview: missing interview {row.item}")
    if row.clock == WITHHELD:
        raise Refused(f"it is answered by weighing it: missing weighed {row.item}")
    if row.clock == PLAN:
        raise Refused(f"it is answered by writing the plan anew: missing plan {row.item}")
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


def _decider(desk: Desk, item: UUID) -> str:
    """Who decided last that these words have no value."""
    history = desk.logs["evidence"].history(item)
    return [fact.by for fact in history if isinstance(fact.event, ObservationTriaged)][-1]
