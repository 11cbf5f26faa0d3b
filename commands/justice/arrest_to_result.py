"""Commands that record arrests, charges, warning notices and results (outcomes)."""

from collections.abc import Sequence
from datetime import datetime
from typing import Unpack
from uuid import UUID

import msgspec

from access.who_may.event_rules import require_for_event
from commands.kernel import proposing
from commands.kernel.entity import find as find_entity
from commands.kernel.item_references import UNNAMED, resolve_case
from commands.kernel.submission import Prepared
from commands.kernel.unit_of_work import Command, Desk, Receipt, facts
from domain.justice import arrest_to_result
from domain.justice.arrest_to_result import (
    ArrestMade,
    ChargeBrought,
    NoticeServed,
    Outcome,
    ResultRecorded,
    notice_ends,
)
from domain.kernel.codes import Against, CareStatus
from domain.kernel.envelope import Submission
from domain.kernel.values import Reader, Refused, TakesTwo
from projections.composed import odd
from projections.intelligence import people

AGAINST: dict[Against, type[ArrestMade | ChargeBrought]] = {
    "arrest": ArrestMade,
    "charge": ChargeBrought,
}


class OutcomeSubject(msgspec.Struct, frozen=True):
    """The people and the case of an arrest, charge, notice or result, as the user typed their
    names. The names are looked up only when the command is recorded, so that a repeated command has
    the same input even if records were merged or renamed in the meantime.
    """

    person: str | None = None
    child: str | None = None
    case: str | None = None


def record(
    desk: Desk,
    reader: Reader,
    outcome: Outcome,
    *,
    because_of: Sequence[str] = (),
    named: OutcomeSubject | None = None,
    command_id: UUID | None = None,
) -> Receipt:
    """Record an arrest, a charge, a notice or a result, with its causes. A result of no further
    action is only proposed, because a second person has to confirm it.

    A fact that contradicts another record is recorded nevertheless;
    `commands.justice.inconsistencies` reports it. Raises Refused if
    `domain.justice.arrest_to_result.record` does.
    """
    return _record(desk, reader, outcome, because_of, named, command_id)


def record_against(
    desk: Desk,
    reader: Reader,
    outcome_kind: Against,
    named: OutcomeSubject,
    *,
    happened: datetime | None = None,
    offence: str | None = None,
    note: str | None = None,
    **command: Unpack[Command],
) -> Receipt:
    """Record an arrest or a charge of a person."""
    outcome = AGAINST[outcome_kind](UNNAMED, None, happened, offence, note)
    return record(desk, reader, outcome, named=named, **command)


def serve_notice(
    desk: Desk,
    reader: Reader,
    notice: NoticeServed,
    *,
    because_of: Sequence[str] = (),
    named: OutcomeSubject | None = None,
    care: CareStatus | None = None,
    issue: bool = False,
    command_id: UUID | None = None,
) -> Receipt:
    """Record that a child abduction warning notice was served. `care` is the child's care status.

    The last day of the notice, if missing, is taken from the child's date of birth; whether the
    recipient is under 18 is taken from their record. With `issue`, the notice is still to be
    issued, and is refused if it has no basis in law; a notice that was already served is always
    recorded.
    """
    return _record(desk, reader, notice, because_of, named, command_id, care, issue=issue)


def _record(
    desk: Desk,
    reader: Reader,
    event: Outcome,
    because_of: Sequence[str],
    named: OutcomeSubject | None,
    command_id: UUID | None,
    care: CareStatus | None = None,
    *,
    issue: bool = False,
) -> Receipt:
    """Record an arrest, a charge, a notice or a result, or propose it if two people have to decide.
    A repeated command is recognised by the hash of the fields as entered, because look-ups may have
    other results the second time.
    """
    command_id = command_id or desk.new_random_id()
    because_of = tuple(because_of)
    further = [one for one in (named, care, issue) if one]
    body = [type(event).__name__, event, because_of, *further]
    if again := desk.repeated(
        command_id,
        "justice.record",
        body,
        former=lambda: [type(event).__name__, _with_ids(desk, reader, event, named), because_of],
    ):
        return again
    outcome = _with_ids(desk, reader, event, named)
    if isinstance(outcome, NoticeServed):
        outcome = _completed_notice(desk, reader, outcome)
        if issue:
            with desk.deciding() as db:
                served = outcome.happened or desk.clock()
                unlawful = odd.of_notice(db, reader, outcome, care, served)
            arrest_to_result.refuse_unlawful(unlawful, outcome.basis)
    digest = desk.digest("justice.record", body)
    try:
        events = arrest_to_result.record(outcome, because_of, care)
    except TakesTwo:
        return _propose(desk, reader, outcome, because_of, command_id, digest)
    stream = desk.new_id()
    made = facts(reader, stream, 0, events, because_of)
    submission = Submission(command_id, digest, made)
    return desk.save([Prepared(stream, {"evidence": submission}, reader)])[0]


def _with_ids(
    desk: Desk, reader: Reader, outcome: Outcome, named: OutcomeSubject | None
) -> Outcome:
    """Return the arrest, charge, notice or result with the ids of the named people and case. Raises
    Refused if a name is not recorded.
    """
    if named is None:
        return outcome
    found_items: dict[str, UUID] = {}
    for field, text in (("person", "who"), ("child", "child")):
        if who := getattr(named, field):
            found_items[field], kind = find_entity(desk, reader, who)
            if kind != "person":
                raise Refused(f"{who!r} is a {kind}, not a person: name a person", field=text)
    if named.case:
        found_items["case"] = resolve_case(desk, reader, named.case)
    return msgspec.structs.replace(outcome, **found_items)


def _completed_notice(desk: Desk, reader: Reader, notice: NoticeServed) -> NoticeServed:
    now: datetime = desk.clock()
    with desk.deciding() as db:
        same = people.all_merged_ids(db, reader, notice.person)
        entities = people.entities(db, reader, [*same, notice.child], as_at=notice.happened or now)
    expires, young = notice.expires, notice.recipient_under_18
    if expires is None and notice.child in entities and (born := entities[notice.child].born):
        expires = notice_ends(born, notice.basis)
    if young is None:  # the child's age may be recorded in any of the merged records
        young = any(entities[item].is_child for item in same if item in entities) or None
    return msgspec.structs.replace(notice, expires=expires, recipient_under_18=young)


def _propose(
    desk: Desk,
    reader: Reader,
    outcome: Outcome,
    because_of: Sequence[str],
    command_id: UUID,
    digest: bytes,
) -> Receipt:
    """Propose no further action against a suspect to a second person. The proposal is recorded in
    the stream of the case or, if no case is named, of the suspect.
    """
    assert isinstance(outcome, ResultRecorded)  # noqa: S101 (nothing else takes two)
    item = outcome.case or outcome.person
    assert item  # noqa: S101 (the domain refuses one without)
    require_for_event(reader, "justice.result_recorded")
    # the code of the result is enough as a reason
    reason = outcome.rationale or outcome.note or outcome.kind
    made = proposing.made_by(reader, "no-further-action", item, reason, result=outcome)
    return proposing.propose(
        desk, reader, item, made, lambda told: Submission(command_id, digest, told), because_of
    )
