"""Recording what followed: arrest, charge, notice, result."""

from uuid import UUID

import msgspec

from commands.desk import Desk, Prepared, Receipt, facts
from domain import justice
from domain.envelope import Submission
from domain.justice import NoticeServed, Outcome, notice_ends
from domain.values import Reader
from projections import people


def record(
    desk: Desk,
    reader: Reader,
    outcome: Outcome,
    *,
    because_of: tuple[str, ...],
    command_id: UUID | None = None,
) -> Receipt:
    """Record an outcome with what led to it; see `domain.justice.record` for what is refused."""
    command_id = command_id or desk.new_random_id()
    body = [type(outcome).__name__, outcome, because_of]
    if again := desk.repeated(command_id, "justice.record", body):
        return again
    stream = desk.new_id()
    made = facts(reader, stream, 0, justice.record(outcome, because_of), because_of)
    submission = Submission(command_id, desk.digest("justice.record", body), made)
    return desk.save([Prepared(stream, {"evidence": submission}, reader)])[0]


def serve_notice(
    desk: Desk,
    reader: Reader,
    notice: NoticeServed,
    *,
    because_of: tuple[str, ...],
    command_id: UUID | None = None,
) -> Receipt:
    """Record a child abduction warning notice. What it does not say itself is looked up: its last
    day from the child's birth, and whether the recipient is under 18."""
    with desk.reading() as db:
        ends = [notice.person, notice.child]
        known = people.entities(db, reader, ends, as_at=desk.clock())
    if notice.expires is None and notice.child in known and (born := known[notice.child].born):
        notice = msgspec.structs.replace(notice, expires=notice_ends(born, notice.basis))
    if notice.recipient_under_18 is None and notice.person in known:
        young = known[notice.person].is_child or None
        notice = msgspec.structs.replace(notice, recipient_under_18=young)
    return record(desk, reader, notice, because_of=because_of, command_id=command_id)
