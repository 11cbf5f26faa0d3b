"""Recording what followed: arrest, charge, notice, result."""

from uuid import UUID

from commands.desk import Desk, Prepared, Receipt, facts
from domain import justice
from domain.envelope import Submission
from domain.justice import Outcome
from domain.values import Reader


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
