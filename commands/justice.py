"""Recording what followed: arrest, charge, notice, result."""

from collections.abc import Callable
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
    return _record(desk, reader, outcome, lambda: outcome, because_of, command_id)


def serve_notice(
    desk: Desk,
    reader: Reader,
    notice: NoticeServed,
    *,
    because_of: tuple[str, ...],
    command_id: UUID | None = None,
) -> Receipt:
    """As `record`, a child abduction warning notice. What it does not say itself is looked up: its
    last day from the child's birth, and whether the recipient is under 18."""
    return _record(
        desk, reader, notice, lambda: _whole(desk, reader, notice), because_of, command_id
    )


def _whole(desk: Desk, reader: Reader, notice: NoticeServed) -> NoticeServed:
    with desk.reading() as db:
        ends = [notice.person, notice.child]
        known = people.entities(db, reader, ends, as_at=desk.clock())
    expires, young = notice.expires, notice.recipient_under_18
    if expires is None and notice.child in known and (born := known[notice.child].born):
        expires = notice_ends(born, notice.basis)
    if young is None and notice.person in known:
        young = known[notice.person].is_child or None
    return msgspec.structs.replace(notice, expires=expires, recipient_under_18=young)


def _record(
    desk: Desk,
    reader: Reader,
    told: Outcome,
    whole: Callable[[], Outcome],
    because_of: tuple[str, ...],
    command_id: UUID | None,
) -> Receipt:
    """What was told says whether the command is the same again; what is looked up may differ."""
    command_id = command_id or desk.new_random_id()
    body = [type(told).__name__, told, because_of]
    if again := desk.repeated(command_id, "justice.record", body):
        return again
    stream = desk.new_id()
    made = facts(reader, stream, 0, justice.record(whole(), because_of), because_of)
    submission = Submission(command_id, desk.digest("justice.record", body), made)
    return desk.save([Prepared(stream, {"evidence": submission}, reader)])[0]
